//! Wanting to play, and a lobby found.

use bevy_ecs::prelude::{Query, Res, ResMut};
use hypogeum_matchmaking::{JoinError, Ticket};
use hypogeum_progression::StoreRequest;
use hypogeum_protocol::{ErrorCode, ServerMessage};
use hypogeum_shard::Seed;

use crate::SeedSource;
use crate::desk::Desk;
use crate::lobby::{Lobby, MatchIds, Member};
use crate::session::{Session, SessionItem, Stage};

/// Puts a session in line for a mode.
pub(crate) fn join(desk: &mut Desk, session: &mut SessionItem, tag: u8, mode: &str) {
    if desk.draining.is_begun() {
        return desk.refuse(session, ErrorCode::Draining, tag, 0);
    }
    let Some(mode) = desk.library.0.modes.id(mode) else {
        return desk.refuse(session, ErrorCode::UnknownMode, tag, 0);
    };
    let rating = session.kept.0.as_ref().map_or(0, |profile| profile.rating());
    let (account, joined_tick) = (session.who.account, desk.tick.0);
    let ticket = Ticket { session: session.who.session, account, rating, mode, joined_tick };
    match desk.queues.0.join(ticket) {
        Ok(()) => {
            desk.heard(account, &mut session.kept);
            *session.stage = Stage::Queued { mode, ticket: session.who.session, told_tick: desk.tick.0 };
            tell(desk, session);
        }
        Err(JoinError::UnknownMode(_)) => desk.refuse(session, ErrorCode::UnknownMode, tag, 0),
        Err(JoinError::AlreadyQueued(_)) => desk.refuse(session, ErrorCode::WrongState, tag, 0),
        Err(JoinError::Full) => desk.refuse(session, ErrorCode::Unavailable, tag, 5_000),
    }
}

/// Takes a session out of the line.
pub(crate) fn leave(desk: &mut Desk, session: &mut SessionItem) {
    if let Stage::Queued { ticket, .. } = *session.stage {
        desk.queues.0.leave(ticket);
    }
    *session.stage = Stage::Idle;
    desk.tell(&session.presence, &ServerMessage::Unqueued);
}

/// Tells a session how its queue stands.
pub(crate) fn tell(desk: &mut Desk, session: &SessionItem) {
    let Stage::Queued { mode, ticket, .. } = *session.stage else { return };
    let Some(standing) = desk.queues.0.standing(ticket, desk.tick.0) else { return };
    let message = ServerMessage::Queued {
        mode: desk.library.0.modes.key(mode).to_owned(),
        waiting: u16::try_from(standing.waiting).unwrap_or(u16::MAX),
        wanted: u16::try_from(standing.wanted).unwrap_or(u16::MAX),
        window: standing.window,
    };
    desk.tell(&session.presence, &message);
}

/// Tells everyone in line how it stands, once a second each.
pub(crate) fn tell_standing(mut desk: Desk, mut sessions: Query<Session>) {
    let second = desk.config.ticks(1);
    for mut session in &mut sessions {
        if let Stage::Queued { mode, ticket, told_tick } = *session.stage
            && desk.tick.0 >= told_tick + second
        {
            *session.stage = Stage::Queued { mode, ticket, told_tick: desk.tick.0 };
            tell(&mut desk, &session);
        }
    }
}

/// Lobbies that go become entities, and their members' stashes are asked for.
pub(crate) fn form_lobbies(
    mut desk: Desk,
    mut ids: ResMut<MatchIds>,
    seeds: Res<SeedSource>,
    mut sessions: Query<Session>,
) {
    if desk.draining.is_begun() {
        return;
    }
    for found in desk.queues.0.form(desk.tick.0) {
        let id = ids.next();
        let seed = desk.config.match_seed.map_or_else(|| seeds.draw(), Seed::numbered);
        let entity = desk.commands.spawn_empty().id();
        let mut members = Vec::new();
        for ticket in &found.members {
            let session = desk.directory.by_account.get(&ticket.account).copied();
            let Some(mut session) = session.and_then(|session| sessions.get_mut(session).ok()) else { continue };
            let stage = Stage::Loadout { lobby: entity };
            *session.stage = stage;
            desk.directory.seats.insert(ticket.account, stage);
            desk.store.ask(StoreRequest::LoadProfile { account: ticket.account, tag: id.0 });
            members.push(Member::new(ticket.account, session.who.name.clone(), ticket.rating));
        }
        desk.commands.entity(entity).insert(Lobby::new(id, found.mode, seed, members, found.filled));
    }
}
