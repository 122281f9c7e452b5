//! Queues: joining one, waiting in it and leaving it.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Component, Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use bevy_ecs::world::DeferredWorld;
use hypogeum_content::Id;
use hypogeum_matchmaking::{Criteria, JoinError, Matchmaker, Ticket, Why};
use hypogeum_protocol::{AccountId, ErrorCode, QueryWhy, QueueWhy, ServerMessage, SessionId};
use hypogeum_sessions::{About, Drain, Presence, Reply, SessionItem, SessionsConfig, Stage, Store};
use hypogeum_shard::ModeRule;
use hypogeum_social::Party;

use crate::catalog::ModeCatalog;

/// When to ask again on a server that begins no more matches now.
const HELD_RETRY_MS: u32 = 5_000;

/// Everyone who waits for a match.
#[derive(Resource, Debug)]
pub(crate) struct Queues {
    pub(crate) line: Matchmaker,
    /// Tickets that are for a party, as it was when it joined.
    pub(crate) parties: BTreeMap<SessionId, Party>,
    /// Those of them that no party has made, but a program on the server's machine.
    pub(crate) server_made: BTreeSet<SessionId>,
    /// Tickets of parties that have ended: their members are to be told.
    pub(crate) ended: Vec<(SessionId, Party)>,
    /// The limit of matches that run or are about to begin is reached.
    pub(crate) is_held: bool,
}

impl Queues {
    pub(crate) const fn new(line: Matchmaker) -> Self {
        Self { line, parties: BTreeMap::new(), server_made: BTreeSet::new(), ended: Vec::new(), is_held: false }
    }

    /// Ends a ticket, if there still is one. Of a party it is that of all its members.
    pub(crate) fn end(&mut self, ticket: SessionId) {
        self.line.leave(ticket);
        self.server_made.remove(&ticket);
        if let Some(party) = self.parties.remove(&ticket) {
            self.ended.push((ticket, party));
        }
    }

    /// Notes that somebody knows already that a ticket has ended: the same session may have another by the time the rest are told.
    fn note_told(&mut self, ticket: SessionId, account: AccountId) {
        for (_, party) in self.ended.iter_mut().filter(|(ended, _)| *ended == ticket) {
            party.members.retain(|member| *member != account);
        }
    }
}

/// The place in line of a session; every session has one. It goes with the session.
#[derive(Component, Clone, Copy, Debug, Default)]
#[component(on_remove = leave_line)]
pub(crate) struct InLine(pub(crate) Option<Place>);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) mode: Id<ModeRule>,
    /// The session that joined, of a party its leader's: a place in line outlives its connection.
    pub(crate) ticket: SessionId,
    pub(crate) told_tick: u64,
}

fn leave_line(mut world: DeferredWorld<'_>, context: HookContext) {
    if let Some(place) = world.get::<InLine>(context.entity).and_then(|in_line| in_line.0)
        && let Some(mut queues) = world.get_resource_mut::<Queues>()
    {
        queues.end(place.ticket);
    }
}

/// What joining and leaving a line takes.
#[derive(SystemParam)]
pub(crate) struct Lines<'w> {
    pub(crate) queues: ResMut<'w, Queues>,
    pub(crate) catalog: Res<'w, ModeCatalog>,
    draining: Res<'w, Drain>,
    pub(crate) store: ResMut<'w, Store>,
}

impl Lines<'_> {
    /// Puts a session in line for a mode.
    pub(crate) fn join(
        &mut self,
        reply: &mut Reply<'_>,
        (session, in_line): (&mut SessionItem<'_, '_>, &mut InLine),
        about: About,
        (mode, criteria): (&str, Criteria),
    ) {
        let mode = match self.open(mode) {
            Ok(mode) => mode,
            Err((code, retry_after_ms)) => return reply.refuse(session, code, about, retry_after_ms),
        };
        let rating = session.cached.profile.as_ref().map_or(0, |profile| profile.rating());
        let (account, tick) = (session.who.account, reply.tick.0);
        let ticket = Ticket { who: session.who.session, account, rating, size: 1, mode, joined_tick: tick };
        match self.queues.line.join_with(ticket, criteria) {
            Ok(()) => {
                self.store.acknowledge_reports(account, &mut session.cached);
                *session.stage = Stage::Queued;
                in_line.0 = Some(Place { mode, ticket: session.who.session, told_tick: tick });
                self.send(reply, (&session.presence, about), in_line);
            }
            Err(error) => {
                let (code, retry_after_ms) = refusal(error);
                reply.refuse(session, code, about, retry_after_ms);
            }
        }
    }

    /// The mode of a key, where anybody may join its line now; else why not, and when to ask again, in milliseconds.
    pub(crate) fn open(&self, mode: &str) -> Result<Id<ModeRule>, (ErrorCode, u32)> {
        if self.draining.is_begun() {
            return Err((ErrorCode::Draining, 0));
        }
        if self.queues.is_held {
            // Those in line keep their place, and begin as matches end.
            return Err((ErrorCode::TryLater, HELD_RETRY_MS));
        }
        self.catalog.id(mode).ok_or((ErrorCode::UnknownMode, 0))
    }

    /// Takes a session out of the line, and its party with it.
    pub(crate) fn leave(
        &mut self,
        reply: &mut Reply<'_>,
        (session, in_line): (&mut SessionItem<'_, '_>, &mut InLine),
        about: About,
    ) {
        if let Some(place) = in_line.0.take() {
            self.queues.end(place.ticket);
            self.queues.note_told(place.ticket, session.who.account);
        }
        *session.stage = Stage::Idle;
        reply.answer(&session.presence, about, &ServerMessage::Unqueued);
    }

    /// Why a session still waits, and how its query stands where it has one; `None` where it does not wait.
    pub(crate) fn why(
        &self,
        config: &SessionsConfig,
        in_line: &InLine,
        tick: u64,
    ) -> Option<(QueueWhy, Option<QueryWhy>)> {
        let found = self.queues.line.why(in_line.0?.ticket, tick)?;
        let query = found.asks.map(|asks| QueryWhy {
            ruled_out: count(found.ruled_out),
            shoulds: count(asks.shoulds),
            next_relaxed_ms: asks.next_relaxed_ticks.map(|ticks| config.ms(ticks)),
        });
        Some((self.told(config, &found), query))
    }

    fn told(&self, config: &SessionsConfig, why: &Why) -> QueueWhy {
        let left = why.usual_ticks.and_then(|usual| usual.checked_sub(why.waited_ticks));
        QueueWhy {
            mode: self.catalog.key(why.mode).to_owned(),
            waited_ms: config.ms(why.waited_ticks),
            estimate_ms: left.map(|ticks| config.ms(ticks)),
            window: why.window,
            window_start: why.growth.start,
            window_per_s: why.growth.per_s,
            window_max: why.growth.max,
            in_line: count(why.in_line),
            looked_at: count(why.looked_at),
            fitting: count(why.fitting),
            beyond_window: count(why.beyond_window),
            beyond_theirs: count(why.beyond_theirs),
            too_many: count(why.too_many),
        }
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

/// So many, as messages tell it: what is more is as many as there is room for.
pub(crate) fn count(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Why a ticket is not taken, and when to ask again, in milliseconds.
pub(crate) const fn refusal(error: JoinError) -> (ErrorCode, u32) {
    match error {
        JoinError::UnknownMode(_) => (ErrorCode::UnknownMode, 0),
        JoinError::AlreadyQueued(_) => (ErrorCode::WrongState, 0),
        JoinError::TooLarge { .. } => (ErrorCode::OutOfRange, 0),
        JoinError::Full => (ErrorCode::Unavailable, 5_000),
    }
}

/// Sends everyone in line their place, once a second each. A party does not wait for who has lost its connection.
pub(crate) fn send_positions(
    mut lines: Lines,
    mut reply: Reply,
    config: Res<SessionsConfig>,
    mut sessions: Query<(&Presence, &Stage, &mut InLine)>,
) {
    let second = config.ticks(1);
    for (presence, stage, mut in_line) in &mut sessions {
        if *stage != Stage::Queued {
            continue;
        }
        if let Some(place) = in_line.0
            && presence.connection.is_none()
            && lines.queues.parties.contains_key(&place.ticket)
        {
            lines.queues.end(place.ticket);
        }
        if let Some(place) = &mut in_line.0
            && reply.tick.0 >= place.told_tick + second
        {
            place.told_tick = reply.tick.0;
            lines.send(&mut reply, (presence, About::NOTHING), &in_line);
        }
    }
}
