//! Who is out or dead is settled alone and at once, and free while the others play on. The end of the match settles who is
//! left, and rates everyone.

use bevy_ecs::prelude::{Query, ResMut, Without};
use hypogeum_hosting::{GrantScope, HostedShard, Journal, Recording};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{Grant, Seat};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;

use crate::rules::MatchRules;
use crate::running_match::{Progress, RunningMatch};
use crate::settle::Settlements;

/// Seats that are done while their match goes on.
#[derive(Debug, Default)]
pub(crate) struct DoneSeats {
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

    /// The store has answered.
    pub(crate) const fn end_turn(&mut self) -> Option<u64> {
        self.turn.take()
    }

    /// The store could not now: it is asked for the same again.
    pub(crate) fn ask_again(&mut self, order: SettlementOrder) {
        self.order = Some(order);
    }

    /// The turn in which the store is asked.
    pub(crate) const fn turn(&self) -> Option<u64> {
        self.turn
    }

    /// Notes who is done by now, and lets them go.
    pub(crate) fn note(&mut self, shard: &Shard, rules: &MatchRules, hosted: &mut HostedShard) {
        let count = rules.done_count(shard);
        if self.count.replace(count) == Some(count) {
            return;
        }
        for at in 0..hosted.players.len() {
            let seat = hosted.players[at].seat;
            if !hosted.is_free(seat) && rules.is_done(shard, seat) {
                hosted.free(seat);
                self.fresh.push(seat);
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
    (mut journal, mut settlements): (ResMut<Journal>, ResMut<Settlements>),
    mut games: Query<(&mut RunningMatch, &mut HostedShard, &Shard, Option<&mut Recording>), Without<Crashed>>,
) {
    for (mut game, mut hosted, shard, mut recording) in &mut games {
        if game.progress != Progress::Playing || game.rules.is_over(shard) {
            continue;
        }
        let game = &mut *game;
        game.done.note(shard, &game.rules, &mut hosted);
        let fresh = std::mem::take(&mut game.done.fresh);
        if !fresh.is_empty() {
            let grants = game.grants(shard, fresh);
            if game.rules.have_failed() {
                continue;
            }
            let ended = (shard.tick().0, shard.hash());
            let record =
                recording.as_mut().map_or(0, |it| journal.grant(it, ended, GrantScope::SomeSeats, grants.clone()));
            game.done.waiting.extend(grants.into_iter().map(|grant| (record, grant)));
        }
        if game.done.is_asking() || game.done.waiting.is_empty() {
            continue;
        }
        let durable = recording.map_or(u32::MAX, |it| it.recorder.state().durable_grants());
        let grants = game.done.take_durable(durable);
        if !grants.is_empty() {
            game.done.order = Some(game.order_of(grants));
            game.done.turn = Some(settlements.0.join(game.id));
        }
    }
}
