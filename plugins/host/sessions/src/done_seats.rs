//! Who is out or dead is settled alone and at once, and free while the others play on. The end of the match settles who is
//! left, and rates everyone.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Query, Without};
use hypogeum_arena::{Scores, is_over, seats_inside};
use hypogeum_progression::{SettlementOrder, StoreFailure};
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{AccountId, MatchId, Seat, ServerMessage, SettledReport};
use hypogeum_replay::settlement;
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;

use crate::desk::Desk;
use crate::game::{Match, Progress};
use crate::recording::Recording;
use crate::session::{Session, SessionItem, Stage};
use crate::settle;

/// Seats that are done while their match goes on.
#[derive(Debug, Default)]
pub(crate) struct DoneSeats {
    /// Everyone who is done.
    noted: BTreeSet<Seat>,
    /// Those that the store was not asked for yet, with the step that ended them.
    waiting: Vec<(Seat, u32)>,
    /// What the store is asked to grant: one order at a time, and the number of its turn.
    turn: Option<u64>,
    order: Option<SettlementOrder>,
    /// Seats that were inside when it was looked last.
    inside: Option<u32>,
}

impl DoneSeats {
    /// Whether the store was asked and has not answered.
    pub(crate) const fn is_asking(&self) -> bool {
        self.turn.is_some()
    }

    /// Whether everyone who is done has what it is worth.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.turn.is_none() && self.waiting.is_empty()
    }

    /// What to ask the store for, once.
    pub(crate) const fn take_order(&mut self) -> Option<SettlementOrder> {
        self.order.take()
    }

    /// Whether a seat is done.
    pub(crate) fn contains(&self, seat: Seat) -> bool {
        self.noted.contains(&seat)
    }

    /// Notes who is done by now. Returns whether somebody is new.
    pub(crate) fn note(&mut self, shard: &Shard, is_human: impl Fn(Seat) -> bool) -> bool {
        let inside = seats_inside(shard.world());
        if self.inside.replace(inside) == Some(inside) {
            return false;
        }
        let before = self.waiting.len();
        for (seat, score) in (0..).map(Seat).zip(shard.world().resource::<Scores>().0.iter()) {
            if score.outcome.is_some() && is_human(seat) && self.noted.insert(seat) {
                self.waiting.push((seat, score.ended_tick));
            }
        }
        self.waiting.len() > before
    }

    /// Takes those whose end would survive a power failure.
    fn take_durable(&mut self, durable_tick: u32) -> Vec<Seat> {
        self.waiting.extract_if(.., |(_, ended_tick)| *ended_tick <= durable_tick).map(|(seat, _)| seat).collect()
    }
}

/// Notes who is done, and puts in line for the store whose end is on the disk.
pub(crate) fn settle_done(
    mut desk: Desk,
    mut games: Query<(&mut Match, &Shard, Option<&Recording>), Without<Crashed>>,
) {
    for (mut game, shard, recording) in &mut games {
        if game.progress != Progress::Playing || is_over(shard.world()) {
            continue;
        }
        let game = &mut *game;
        let is_human = |seat| game.humans.binary_search_by_key(&seat, |holder| holder.seat).is_ok();
        if game.done.note(shard, is_human)
            && let Some(recording) = recording
        {
            desk.journal.hurry(&recording.recorder);
        }
        if game.done.is_asking() || game.done.waiting.is_empty() {
            continue;
        }
        let seats = game.done.take_durable(recording.map_or(u32::MAX, |it| it.recorder.state().durable_tick()));
        if seats.is_empty() {
            continue;
        }
        let order = settlement(shard, game.id, game.mode_key(), seats);
        game.done.order = Some(order);
        game.done.turn = Some(desk.settlements.join(game.id));
    }
}

/// The store has granted what some seats are worth: they are told, and free.
pub(crate) fn seats_settled(
    desk: &mut Desk,
    game: Option<&mut Match>,
    sessions: &mut Query<Session>,
    match_id: MatchId,
    reports: Vec<(AccountId, SettledReport)>,
) {
    desk.settlements.answered();
    // Undone meanwhile: who is concerned hears of it when it says hello next.
    let Some(game) = game else { return };
    game.done.turn = None;
    for (account, report) in reports {
        let Some(entity) = settle::leave_seat(desk, game, account) else { continue };
        if let Some(mut session) = sessions.get_mut(entity).ok().filter(|it| settle::sits_in(&it.stage, game)) {
            tell_settled(desk, &mut session, match_id, report);
        }
    }
    hypogeum_crash::crash_point!("seat_told");
}

/// A session's match is over for it: it is told what it got, and idle.
pub(crate) fn tell_settled(desk: &mut Desk, session: &mut SessionItem, match_id: MatchId, report: SettledReport) {
    *session.stage = Stage::Idle;
    session.steering.stop();
    let told = session.presence.listening().is_some();
    if let Some(profile) = &mut session.kept.0 {
        // Whoever queues again at once has heard it, also before its profile is read anew.
        profile.untold.push((match_id, report.clone()));
    }
    desk.tell(&session.presence, &ServerMessage::Settled { match_id, report });
    match session.presence.connection {
        // Its stash and rating are others now.
        Some(_) if told => {
            let (account, tag) = (session.who.account, session.who.session.0);
            desk.store.ask(hypogeum_progression::StoreRequest::LoadProfile { account, tag });
        }
        // Connected, not greeted yet: its hello finds an ordinary session.
        Some(_) => *session.stage = Stage::Arriving,
        None => session.presence.closing = Some(CloseReason::ByServer),
    }
}

/// The store could not: it is asked again as long as that may help. What it refuses for good is left to the end of the match.
pub(crate) fn seats_not_settled(
    desk: &mut Desk,
    game: Option<&mut Match>,
    order: SettlementOrder,
    failure: &StoreFailure,
) {
    let turn = game.as_ref().and_then(|game| game.done.turn);
    let (Some(game), Some(turn)) = (game, turn) else { return desk.settlements.answered() };
    if !failure.is_passing() {
        tracing::error!(match_id = %game.id, %failure, "seats that are done could not be settled: they wait for the end");
        desk.settlements.answered();
        game.done.turn = None;
        return;
    }
    if desk.settlements.failed(turn, game.id, desk.tick.0, desk.config.tick_hz) {
        tracing::warn!(match_id = %game.id, %failure, "settlements have to wait for the store");
    }
    game.done.order = Some(order);
}
