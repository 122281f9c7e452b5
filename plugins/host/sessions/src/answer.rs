//! Messages about the session itself are answered here; what a client that has said hello sends besides goes to the crates
//! above.

use bevy_ecs::prelude::{Entity, MessageWriter, Query};
use hypogeum_protocol::{ClientMessage, ErrorCode, ServerMessage};

use crate::greet::{self, HelloContext};
use crate::messages::MessageReceived;
use crate::reply::Reply;
use crate::session::{InboundMessages, Session, Stage};

/// Takes everyone's messages, in the order they came.
pub(crate) fn answer(
    mut reply: Reply,
    mut context: HelloContext,
    mut messages: MessageWriter<MessageReceived>,
    mut boxes: Query<(Entity, &mut InboundMessages)>,
    mut sessions: Query<Session>,
) {
    for (entity, mut inbound) in &mut boxes {
        if inbound.0.is_empty() {
            continue;
        }
        let Ok(mut session) = sessions.get_mut(entity) else { continue };
        for (about, message) in inbound.0.drain(..) {
            if session.presence.closing.is_some() {
                break;
            }
            let has_said_hello = session.presence.greeted || *session.stage == Stage::Loading;
            if session.presence.ended.is_some() && !has_said_hello {
                // Its connection is gone: nobody is there to be let in.
                break;
            }
            match message {
                ClientMessage::Hello { protocol_version, client, locale } if !has_said_hello => {
                    let hello = (about, protocol_version, &*client, &*locale);
                    greet::hello(&mut reply, &mut context, (entity, &mut session), hello);
                }
                _ if !has_said_hello => reply.refuse(&mut session, ErrorCode::HelloFirst, about, 0),
                ClientMessage::Hello { .. } => reply.refuse_here(&mut session, about),
                ClientMessage::Ping { nonce } => {
                    if let Some(connection) = session.presence.connection {
                        reply.outbound.answer(connection, about, &ServerMessage::Pong { nonce });
                    }
                }
                message => {
                    messages.write(MessageReceived { session: entity, about, message });
                }
            }
        }
    }
}
