//! Who is out or dead is settled alone and at once, and free while the others play on. The end of the match settles who is
//! left, and rates everyone.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Query, Without};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{AccountId, Grant, MatchId, Seat, ServerMessage, SettledReport};
use hypogeum_shard::host::Crashed;
use hypogeum_shard::{HostedMatch, Shard};
use hypogeum_store::StoreFailure;

use crate::desk::Desk;
use crate::game::{Holder, Match, Progress};
use crate::recording::{Recording, Worth};
use crate::session::{Session, SessionItem, Stage};
use crate::settle;

/// Seats that are done while their match goes on.
#[derive(Debug, Default)]
pub(crate) struct DoneSeats {
    /// Everyone who is done.
    noted: BTreeSet<Seat>,
    /// Those whose grant is not on its way into the log yet.
    fresh: Vec<Seat>,
    /// What the store was not asked for yet, with the number of the log's record that says so.
    waiting: Vec<(u32, Grant)>,
    /// What the store is asked to grant: one order at a time, and the number of its turn.
    turn: Option<u64>,
    order: Option<SettlementOrder>,
    /// Seats that were done when it was looked last.
    count: Option<u32>,
}

impl DoneSeats {
    /// Whether the store was asked and has not answered.
    pub(crate) const fn is_asking(&self) -> bool {
        self.turn.is_some()
    }

    /// Whether everyone who is done has what it is worth.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.turn.is_none() && self.waiting.is_empty() && self.fresh.is_empty()
    }

    /// What to ask the store for, once.
    pub(crate) const fn take_order(&mut self) -> Option<SettlementOrder> {
        self.order.take()
    }

    /// Whether a seat is done.
    pub(crate) fn contains(&self, seat: Seat) -> bool {
        self.noted.contains(&seat)
    }

    /// Notes who is done by now.
    pub(crate) fn note(&mut self, shard: &Shard, rules: &HostedMatch, humans: &[Holder]) {
        let count = (rules.done_count)(shard.world());
        if self.count.replace(count) == Some(count) {
            return;
        }
        for Holder { seat, .. } in humans {
            if !self.noted.contains(seat) && (rules.done_tick)(shard.world(), *seat).is_some() {
                self.noted.insert(*seat);
                self.fresh.push(*seat);
            }
        }
    }

    /// Takes what would survive a power failure: as many of the log's records of grants are on the disk.
    fn take_durable(&mut self, durable_grants: u32) -> Vec<Grant> {
        self.waiting.extract_if(.., |(record, _)| *record <= durable_grants).map(|(_, grant)| grant).collect()
    }
}

/// Notes who is done and what that is worth, and puts in line for the store what is on the disk.
pub(crate) fn settle_done(
    mut desk: Desk,
    mut games: Query<(&mut Match, &Shard, Option<&mut Recording>), Without<Crashed>>,
) {
    for (mut game, shard, mut recording) in &mut games {
        if game.progress != Progress::Playing || (game.rules.is_over)(shard.world()) {
            continue;
        }
        let game = &mut *game;
        game.done.note(shard, &game.rules, &game.humans);
        let fresh = std::mem::take(&mut game.done.fresh);
        if !fresh.is_empty() {
            let grants = game.grants(shard, fresh);
            let ended = (shard.tick().0, shard.hash());
            let record =
                recording.as_mut().map_or(0, |it| desk.journal.grant(it, ended, Worth::OfSome, grants.clone()));
            game.done.waiting.extend(grants.into_iter().map(|grant| (record, grant)));
        }
        if game.done.is_asking() || game.done.waiting.is_empty() {
            continue;
        }
        let durable = recording.map_or(u32::MAX, |it| it.recorder.state().durable_grants());
        let grants = game.done.take_durable(durable);
        if !grants.is_empty() {
            game.done.order = Some(game.order_of(grants));
            game.done.turn = Some(desk.settlements.join(game.id));
        }
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
            desk.store.ask(hypogeum_store::StoreRequest::LoadProfile { account, tag });
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
