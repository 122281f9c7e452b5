//! Each message to the one place that may answer it.

use bevy_ecs::prelude::{Entity, Query};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::{ClientMessage, ErrorCode, ServerMessage};
use hypogeum_shard::host::ShardInbox;
use hypogeum_shard::{CommandBody, Shard};

use crate::desk::Desk;
use crate::game::Match;
use crate::lobby::Lobby;
use crate::session::{Mail, Session, SessionItem, Stage};
use crate::{greet, lobby, playing, queueing};

/// What messages act on besides their session.
#[derive(SystemParam)]
pub(crate) struct Rooms<'w, 's> {
    pub(crate) lobbies: Query<'w, 's, &'static mut Lobby>,
    pub(crate) games: Query<'w, 's, (&'static Match, Option<&'static mut Shard>, Option<&'static mut ShardInbox>)>,
}

/// Answers everyone's messages, in the order they came.
pub(crate) fn route(
    mut desk: Desk,
    mut rooms: Rooms,
    mut boxes: Query<(Entity, &mut Mail)>,
    mut sessions: Query<Session>,
) {
    for (entity, mut mail) in &mut boxes {
        if mail.0.is_empty() {
            continue;
        }
        let Ok(mut session) = sessions.get_mut(entity) else { continue };
        for (tag, message) in mail.0.drain(..) {
            if session.presence.closing.is_some() {
                break;
            }
            answer(&mut desk, &mut session, &mut rooms, tag, message);
        }
    }
}

fn answer(desk: &mut Desk, session: &mut SessionItem, rooms: &mut Rooms, tag: u8, message: ClientMessage) {
    let greeted = session.presence.greeted || *session.stage == Stage::Loading;
    match (message, *session.stage) {
        (ClientMessage::Hello { protocol_version, client }, _) if !greeted => {
            greet::hello(desk, session, rooms, tag, protocol_version, &client);
        }
        (_, _) if !greeted => desk.refuse(session, ErrorCode::HelloFirst, tag, 0),
        (ClientMessage::Ping { nonce }, _) => {
            if let Some(connection) = session.presence.connection {
                desk.post.tell(connection, &ServerMessage::Pong { nonce });
            }
        }
        (ClientMessage::AskNames { avatars }, Stage::InMatch { game, .. }) => {
            if let (Some(connection), Ok((game, ..))) = (session.presence.listening(), rooms.games.get(game)) {
                desk.post.tell(connection, &game.named(&avatars));
            }
        }
        // Asked while the match was just being settled: nobody needs the names any more.
        (ClientMessage::AskNames { .. }, _) => desk.counters.wrong_state += 1,
        (ClientMessage::JoinQueue { mode }, Stage::Idle) => queueing::join(desk, session, tag, &mode),
        (ClientMessage::LeaveQueue, Stage::Queued { .. }) => queueing::leave(desk, session),
        (ClientMessage::ChooseLoadout { items }, Stage::Loadout { lobby }) => {
            lobby::choose(desk, session, rooms, lobby, tag, items);
        }
        (ClientMessage::Inputs { batch }, Stage::InMatch { .. }) => playing::steer(desk, session, &batch),
        // The last inputs of a match are still on their way when it ends.
        (ClientMessage::Inputs { .. }, _) => desk.counters.wrong_state += 1,
        (ClientMessage::Act { seq, act }, Stage::InMatch { game, seat }) => {
            playing::act(desk, session, rooms, (game, seat), (tag, seq), CommandBody::Act { seq, act });
        }
        (ClientMessage::Command { seq, body }, Stage::InMatch { game, seat }) => {
            playing::command(desk, session, rooms, (game, seat), (tag, seq), body);
        }
        (ClientMessage::LeaveMatch, Stage::InMatch { game, seat }) => playing::give_up(rooms, game, seat),
        _ => {
            desk.counters.wrong_state += 1;
            desk.refuse(session, ErrorCode::WrongState, tag, 0);
        }
    }
}
