//! Wanting to play, and a lobby found.

use bevy_ecs::prelude::{Or, Query, Res, ResMut, With};
use hypogeum_matchmaking::{JoinError, Ticket};
use hypogeum_protocol::{ErrorCode, ServerMessage};
use hypogeum_shard::Seed;
use hypogeum_store::StoreRequest;

use crate::SeedSource;
use crate::desk::Desk;
use crate::game::Match;
use crate::lobby::{Lobby, MatchIds, Member};
use crate::session::{Presence, Session, SessionItem, Stage};

/// When to ask again on a server that begins no more matches now.
const HELD_RETRY_MS: u32 = 5_000;

/// Puts a session in line for a mode.
pub(crate) fn join(desk: &mut Desk, session: &mut SessionItem, tag: u8, mode: &str) {
    if desk.draining.is_begun() {
        return desk.refuse(session, ErrorCode::Draining, tag, 0);
    }
    if desk.queues.is_held {
        // Those in line keep their place, and begin as matches end.
        return desk.refuse(session, ErrorCode::TryLater, tag, HELD_RETRY_MS);
    }
    let Some(mode) = desk.library.id(mode) else {
        return desk.refuse(session, ErrorCode::UnknownMode, tag, 0);
    };
    let rating = session.kept.0.as_ref().map_or(0, |profile| profile.rating());
    let (account, joined_tick) = (session.who.account, desk.tick.0);
    let ticket = Ticket { session: session.who.session, account, rating, mode, joined_tick };
    match desk.queues.line.join(ticket) {
        Ok(()) => {
            desk.heard(account, &mut session.kept);
            *session.stage = Stage::Queued { mode, ticket: session.who.session, told_tick: desk.tick.0 };
            tell(desk, &session.presence, *session.stage);
        }
        Err(JoinError::UnknownMode(_)) => desk.refuse(session, ErrorCode::UnknownMode, tag, 0),
        Err(JoinError::AlreadyQueued(_)) => desk.refuse(session, ErrorCode::WrongState, tag, 0),
        Err(JoinError::Full) => desk.refuse(session, ErrorCode::Unavailable, tag, 5_000),
    }
}

/// Takes a session out of the line.
pub(crate) fn leave(desk: &mut Desk, session: &mut SessionItem) {
    if let Stage::Queued { ticket, .. } = *session.stage {
        desk.queues.line.leave(ticket);
    }
    *session.stage = Stage::Idle;
    desk.tell(&session.presence, &ServerMessage::Unqueued);
}

/// Tells a session how its queue stands.
pub(crate) fn tell(desk: &mut Desk, presence: &Presence, stage: Stage) {
    let Stage::Queued { mode, ticket, .. } = stage else { return };
    let Some(position) = desk.queues.line.position(ticket, desk.tick.0) else { return };
    let message = ServerMessage::Queued {
        mode: desk.library.key(mode).to_owned(),
        waiting: u16::try_from(position.waiting).unwrap_or(u16::MAX),
        wanted: u16::try_from(position.wanted).unwrap_or(u16::MAX),
        window: position.window,
    };
    desk.tell(presence, &message);
}

/// Tells everyone in line how it stands, once a second each.
pub(crate) fn tell_positions(mut desk: Desk, mut sessions: Query<(&Presence, &mut Stage)>) {
    let second = desk.config.ticks(1);
    for (presence, mut stage) in &mut sessions {
        if let Stage::Queued { mode, ticket, told_tick } = *stage
            && desk.tick.0 >= told_tick + second
        {
            *stage = Stage::Queued { mode, ticket, told_tick: desk.tick.0 };
            tell(&mut desk, presence, *stage);
        }
    }
}

/// Lobbies that become matches in one tick: to build a match takes a millisecond or two, and thousands may queue at once.
const FORMED_PER_TICK_MAX: usize = 8;

/// Lobbies that go become entities, and their members' stashes are asked for.
pub(crate) fn form_lobbies(
    mut desk: Desk,
    mut ids: ResMut<MatchIds>,
    seeds: Res<SeedSource>,
    mut sessions: Query<Session>,
    begun: Query<(), Or<(With<Match>, With<Lobby>)>>,
) {
    if desk.draining.is_begun() {
        return;
    }
    let room = desk.config.matches_max.saturating_sub(begun.iter().len());
    desk.queues.is_held = room == 0;
    for found in desk.queues.line.form_up_to(desk.tick.0, room.min(FORMED_PER_TICK_MAX)) {
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
