//! Bytes become messages; the malformed is refused.

use bevy_ecs::prelude::{Entity, Query};
use hypogeum_protocol::{ErrorCode, limits};

use crate::about::About;
use crate::encoding;
use crate::meter::Operation;
use crate::reply::Reply;
use crate::session::{Frames, Inbound, InboundMessages, Session};

/// Decodes the next frames of every session, a bounded number each.
pub(crate) fn admit(
    mut reply: Reply,
    mut boxes: Query<(Entity, &mut Frames, &mut InboundMessages)>,
    mut sessions: Query<Session>,
) {
    for (entity, mut frames, mut inbound) in &mut boxes {
        // Nothing came for most sessions in most ticks: what they steer with has a lane of its own.
        if frames.0.is_empty() && inbound.0.is_empty() {
            continue;
        }
        inbound.0.clear();
        let Ok(mut session) = sessions.get_mut(entity) else { continue };
        let count = frames.0.len().min(limits::CLIENT_MESSAGES_PER_TICK_MAX);
        for Inbound { bytes, request } in frames.0.drain(..count) {
            if session.presence.closing.is_some() {
                break;
            }
            let (tag, message) = encoding::read(&bytes);
            let about = About { tag, request };
            let Ok(message) = message else {
                reply.refuse_malformed(&mut session, about);
                continue;
            };
            if let Err(code) = message.validate() {
                reply.counters.out_of_range += 1;
                reply.refuse(&mut session, code, about, 0);
                continue;
            }
            let operation = Operation::of(&message);
            if let Err(retry_after_ms) = session.meter.take(operation, reply.tick.0) {
                reply.counters.too_soon += 1;
                // Inputs come again by themselves; telling of each dropped one would double the flood.
                if operation != Operation::Inputs {
                    reply.refuse(&mut session, ErrorCode::TooSoon, about, retry_after_ms);
                }
                continue;
            }
            inbound.0.push((about, message));
        }
    }
}
