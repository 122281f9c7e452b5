//! Queues: from joining one to a lobby.

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Commands, Component, Entity, Or, Query, Res, ResMut, Resource, With};
use bevy_ecs::system::SystemParam;
use bevy_ecs::world::DeferredWorld;
use hypogeum_content::Id;
use hypogeum_hosting::{SeedSource, ShardIds};
use hypogeum_matchmaking::{JoinError, Matchmaker, Ticket};
use hypogeum_protocol::{ErrorCode, MatchId, ServerMessage, SessionId};
use hypogeum_sessions::{
    About, CurrentMatch, Drain, KeepsServer, Presence, Reply, SessionItem, SessionsConfig, Stage, Store,
};
use hypogeum_shard::{ModeRule, Seed};
use hypogeum_store::StoreRequest;

use crate::MatchesConfig;
use crate::catalog::ModeCatalog;
use crate::lobby::{Lobby, Member};
use crate::running_match::RunningMatch;
use crate::seating::Seating;

/// When to ask again on a server that begins no more matches now.
const HELD_RETRY_MS: u32 = 5_000;
/// Lobbies that become matches in one tick: to build a match takes a millisecond or two, and thousands may queue at once.
const FORMED_PER_TICK_MAX: usize = 8;

/// Everyone who waits for a match.
#[derive(Resource, Debug)]
pub(crate) struct Queues {
    pub(crate) line: Matchmaker,
    /// The limit of matches that run or are about to begin is reached.
    is_held: bool,
}

impl Queues {
    pub(crate) const fn new(line: Matchmaker) -> Self {
        Self { line, is_held: false }
    }
}

/// The place in line of a session; every session has one. It goes with the session.
#[derive(Component, Clone, Copy, Debug, Default)]
#[component(on_remove = leave_line)]
pub(crate) struct InLine(Option<Place>);

#[derive(Clone, Copy, Debug)]
struct Place {
    mode: Id<ModeRule>,
    /// The session that joined: a place in line outlives its connection.
    ticket: SessionId,
    told_tick: u64,
}

fn leave_line(mut world: DeferredWorld<'_>, context: HookContext) {
    if let Some(place) = world.get::<InLine>(context.entity).and_then(|in_line| in_line.0)
        && let Some(mut queues) = world.get_resource_mut::<Queues>()
    {
        queues.line.leave(place.ticket);
    }
}

/// What joining and leaving a line takes.
#[derive(SystemParam)]
pub(crate) struct Lines<'w> {
    queues: ResMut<'w, Queues>,
    catalog: Res<'w, ModeCatalog>,
    draining: Res<'w, Drain>,
    store: ResMut<'w, Store>,
}

impl Lines<'_> {
    /// Puts a session in line for a mode.
    pub(crate) fn join(
        &mut self,
        reply: &mut Reply<'_>,
        (session, in_line): (&mut SessionItem<'_, '_>, &mut InLine),
        about: About,
        mode: &str,
    ) {
        if self.draining.is_begun() {
            return reply.refuse(session, ErrorCode::Draining, about, 0);
        }
        if self.queues.is_held {
            // Those in line keep their place, and begin as matches end.
            return reply.refuse(session, ErrorCode::TryLater, about, HELD_RETRY_MS);
        }
        let Some(mode) = self.catalog.id(mode) else {
            return reply.refuse(session, ErrorCode::UnknownMode, about, 0);
        };
        let rating = session.cached.profile.as_ref().map_or(0, |profile| profile.rating());
        let (account, tick) = (session.who.account, reply.tick.0);
        let ticket = Ticket { who: session.who.session, account, rating, size: 1, mode, joined_tick: tick };
        match self.queues.line.join(ticket) {
            Ok(()) => {
                self.store.acknowledge_reports(account, &mut session.cached);
                *session.stage = Stage::Queued;
                in_line.0 = Some(Place { mode, ticket: session.who.session, told_tick: tick });
                self.send(reply, (&session.presence, about), in_line);
            }
            Err(JoinError::UnknownMode(_)) => reply.refuse(session, ErrorCode::UnknownMode, about, 0),
            Err(JoinError::AlreadyQueued(_)) => reply.refuse(session, ErrorCode::WrongState, about, 0),
            Err(JoinError::TooLarge { .. }) => reply.refuse(session, ErrorCode::OutOfRange, about, 0),
            Err(JoinError::Full) => reply.refuse(session, ErrorCode::Unavailable, about, 5_000),
        }
    }

    /// Takes a session out of the line.
    pub(crate) fn leave(
        &mut self,
        reply: &mut Reply<'_>,
        (session, in_line): (&mut SessionItem<'_, '_>, &mut InLine),
        about: About,
    ) {
        if let Some(place) = in_line.0.take() {
            self.queues.line.leave(place.ticket);
        }
        *session.stage = Stage::Idle;
        reply.answer(&session.presence, about, &ServerMessage::Unqueued);
    }

    /// Sends a session its place in line.
    pub(crate) fn send(&self, reply: &mut Reply<'_>, (presence, about): (&Presence, About), in_line: &InLine) {
        let Some(Place { mode, ticket, .. }) = in_line.0 else { return };
        let Some(position) = self.queues.line.position(ticket, reply.tick.0) else { return };
        let message = ServerMessage::Queued {
            mode: self.catalog.key(mode).to_owned(),
            waiting: u16::try_from(position.waiting).unwrap_or(u16::MAX),
            wanted: u16::try_from(position.wanted).unwrap_or(u16::MAX),
            window: position.window,
        };
        reply.answer(presence, about, &message);
    }
}

/// Sends everyone in line their place, once a second each.
pub(crate) fn send_positions(
    lines: Lines,
    mut reply: Reply,
    config: Res<SessionsConfig>,
    mut sessions: Query<(&Presence, &Stage, &mut InLine)>,
) {
    let second = config.ticks(1);
    for (presence, stage, mut in_line) in &mut sessions {
        if *stage != Stage::Queued {
            continue;
        }
        if let Some(place) = &mut in_line.0
            && reply.tick.0 >= place.told_tick + second
        {
            place.told_tick = reply.tick.0;
            lines.send(&mut reply, (presence, About::NOTHING), &in_line);
        }
    }
}

/// Lobbies that go become entities, and their members' stashes are asked for.
pub(crate) fn form_lobbies(
    mut seating: Seating,
    (mut queues, mut ids): (ResMut<Queues>, ResMut<ShardIds>),
    (config, seeds, draining): (Res<MatchesConfig>, Res<SeedSource>, Res<Drain>),
    (begun, mut places): (Query<(), Or<(With<RunningMatch>, With<Lobby>)>>, Query<&mut InLine>),
    mut commands: Commands,
) {
    if draining.is_begun() {
        return;
    }
    let tick = seating.reply.tick.0;
    let room = config.matches_max.saturating_sub(begun.iter().len());
    queues.is_held = room == 0;
    for found in queues.line.form_up_to(tick, room.min(FORMED_PER_TICK_MAX)) {
        let id = MatchId::from(ids.draw());
        let seed = config.match_seed.map_or_else(|| seeds.draw(), Seed::numbered);
        let lobby = commands.spawn((CurrentMatch(id), KeepsServer)).id();
        let mut members = Vec::new();
        for ticket in &found.members {
            let entity = seating.index.session_of(ticket.account);
            if let Some(member) = entity.and_then(|entity| take_place(&mut seating, &mut places, entity, lobby, ticket))
            {
                let account = ticket.account;
                let session = entity.and_then(|entity| seating.sessions.get(entity).ok());
                let character = session.and_then(|session| session.who.character);
                seating.store.ask(StoreRequest::LoadProfile { account, character, tag: id.0 });
                members.push(member);
            }
        }
        commands.entity(lobby).insert(Lobby::new(id, found.mode, seed, members, found.filled));
    }
}

/// Moves a session from its line into a lobby.
fn take_place(
    seating: &mut Seating<'_, '_>,
    places: &mut Query<'_, '_, &mut InLine>,
    session: Entity,
    lobby: Entity,
    ticket: &Ticket,
) -> Option<Member> {
    let mut item = seating.sessions.get_mut(session).ok()?;
    if let Ok(mut in_line) = places.get_mut(session) {
        in_line.0 = None;
    }
    let stage = Stage::Joining { lobby };
    *item.stage = stage;
    seating.index.keep_place(ticket.account, stage);
    Some(Member::new(ticket.account, item.who.name.clone(), ticket.rating))
}
