//! Hello and welcome.

use hypogeum_progression::Profile;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ErrorCode, MatchId, ModeInfo, ServerMessage, limits};
use hypogeum_shard::{Command, CommandBody, ModeRule};
use hypogeum_store::StoreRequest;

use crate::desk::Desk;
use crate::post::ABOUT_NOTHING;
use crate::queueing;
use crate::route::Rooms;
use crate::session::{SessionItem, Stage};

/// Answers a connection's first message.
pub(crate) fn hello(
    desk: &mut Desk,
    session: &mut SessionItem,
    rooms: &mut Rooms,
    tag: u8,
    protocol_version: u16,
    client: &str,
) {
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    if !(min..=max).contains(&protocol_version) {
        desk.refuse(session, ErrorCode::VersionMismatch { min, max }, tag, 0);
        session.presence.closing = Some(CloseReason::ByServer);
        return;
    }
    tracing::debug!(session = %session.who.session, ?client, "hello");
    match *session.stage {
        Stage::InMatch { game, seat } => {
            welcome(desk, session, rooms);
            if let Ok((game, shard, inbox)) = rooms.games.get_mut(game) {
                // While its world is built again nobody knows: what is old is told apart by the world then.
                let applied_seq = shard.map_or(0, |mut shard| (game.kind.applied_input)(shard.world_mut(), seat));
                session.steering.reset(desk.tick.0, applied_seq);
                // A match that is over takes no more commands: it only waits to be settled.
                if let Some(mut inbox) = inbox {
                    inbox.0.push(Command { seat, body: CommandBody::Present(true) });
                }
                if let Some(connection) = session.presence.listening() {
                    desk.post.tell_encoded(connection, game.started_message(seat));
                    game.tell_roster(&mut desk.post, connection);
                }
                // What it has seen it has forgotten: inventory and phase are told again.
                desk.commands.entity(game.entity).queue(crate::replicate::forget(seat));
                desk.commands.entity(game.entity).queue(crate::game::tell_scores_anew());
            }
        }
        Stage::Loadout { lobby } => {
            welcome(desk, session, rooms);
            if let Ok(lobby) = rooms.lobbies.get(lobby)
                && let Some(message) = lobby.open_message(&desk.config, &desk.library, session.who.account, desk.tick.0)
            {
                desk.tell(&session.presence, &message);
            }
        }
        // Its place in line outlived the link.
        Stage::Queued { .. } => {
            welcome(desk, session, rooms);
            queueing::tell(desk, &session.presence, *session.stage);
        }
        _ if desk.store.is_crowded() => profile_failed(desk, session),
        _ => {
            *session.stage = Stage::Loading;
            // A connection that goes before its profile comes leaves nothing behind: the answer names a session that
            // is gone, and is ignored.
            let tag = session.who.session.0;
            desk.store.ask(StoreRequest::LoadProfile { account: session.who.account, tag });
        }
    }
}

/// A session's profile is here; `None` where the account is gone.
pub(crate) fn profile_arrived(desk: &mut Desk, session: &mut SessionItem, profile: Option<Box<Profile>>) {
    if *session.stage != Stage::Loading {
        return;
    }
    let Some(profile) = profile else {
        return profile_failed(desk, session);
    };
    *session.stage = Stage::Idle;
    greeted(desk, session, None);
    for (match_id, report) in profile.untold.iter().cloned() {
        desk.tell(&session.presence, &ServerMessage::Settled { match_id, report });
    }
    session.kept.0 = Some(profile);
}

/// The store could not say who this is: the client may connect again later.
pub(crate) fn profile_failed(desk: &mut Desk, session: &mut SessionItem) {
    if let Some(connection) = session.presence.connection {
        desk.post.refuse(connection, ErrorCode::Unavailable, ABOUT_NOTHING, 5_000);
    }
    session.presence.closing = Some(CloseReason::ByServer);
}

fn welcome(desk: &mut Desk, session: &mut SessionItem, rooms: &Rooms) {
    let current = match *session.stage {
        Stage::InMatch { game, .. } => rooms.games.get(game).ok().map(|(game, ..)| game.id),
        Stage::Loadout { lobby } => rooms.lobbies.get(lobby).ok().map(|lobby| lobby.id),
        _ => None,
    };
    greeted(desk, session, current);
}

fn greeted(desk: &mut Desk, session: &mut SessionItem, current_match: Option<MatchId>) {
    session.presence.greeted = true;
    let mode = |mode: &ModeRule| ModeInfo {
        name: mode.key.clone(),
        players: u16::try_from(mode.players_max).unwrap_or(u16::MAX),
        duration_s: u16::try_from(mode.duration_s).unwrap_or(u16::MAX),
    };
    let message = ServerMessage::Welcome {
        session: session.who.session,
        account: session.who.account,
        name: session.who.name.clone(),
        protocol_version: limits::PROTOCOL_VERSION,
        tick_hz: u16::try_from(desk.config.tick_hz).unwrap_or(u16::MAX),
        content_hash: desk.library.content.hash,
        modes: desk.library.modes().map(mode).collect(),
        current_match,
    };
    desk.tell(&session.presence, &message);
}
