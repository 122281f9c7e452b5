//! What the kind of a match is asked about its world.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use hypogeum_content::def::WatchRule;
use hypogeum_hosting::ask;
use hypogeum_protocol::{Grant, MatchId, ScoreRow, Seat};
use hypogeum_shard::{HostedMatch, MapBrief, MatchOverview, Shard};

/// A kind as the match of one world. Where it panics when it is asked, it is not asked again, and its match is ended
/// (`ends.rs`): what such a kind says cannot be trusted, and must not be granted.
#[derive(Debug)]
pub(crate) struct MatchRules {
    id: MatchId,
    rules: HostedMatch,
    has_failed: AtomicBool,
}

impl MatchRules {
    pub(crate) const fn new(id: MatchId, rules: HostedMatch) -> Self {
        Self { id, rules, has_failed: AtomicBool::new(false) }
    }

    /// Whether it panicked when it was asked.
    pub(crate) fn have_failed(&self) -> bool {
        self.has_failed.load(Relaxed)
    }

    fn ask<T>(&self, what: &'static str, question: impl FnOnce() -> T) -> Option<T> {
        if self.have_failed() {
            return None;
        }
        let answer = ask(self.id.into(), what, question);
        self.has_failed.store(answer.is_none(), Relaxed);
        answer
    }

    pub(crate) fn is_over(&self, shard: &Shard) -> bool {
        self.ask("is_over", || (self.rules.is_over)(shard.world())).unwrap_or(false)
    }

    pub(crate) fn grant(&self, shard: &Shard, seat: Seat) -> Option<Grant> {
        self.ask("grant", || (self.rules.grant)(shard.world(), seat)).flatten()
    }

    pub(crate) fn done_count(&self, shard: &Shard) -> u32 {
        self.ask("done_count", || (self.rules.done_count)(shard.world())).unwrap_or(0)
    }

    pub(crate) fn is_done(&self, shard: &Shard, seat: Seat) -> bool {
        self.done_tick(shard, seat).is_some()
    }

    pub(crate) fn done_tick(&self, shard: &Shard, seat: Seat) -> Option<u32> {
        self.ask("done_tick", || (self.rules.done_tick)(shard.world(), seat)).flatten()
    }

    pub(crate) fn watch(&self, shard: &Shard) -> WatchRule {
        self.ask("watch", || (self.rules.watch)(shard.world())).unwrap_or(WatchRule::Nobody)
    }

    pub(crate) fn scores(&self, shard: &Shard) -> Option<Vec<ScoreRow>> {
        self.ask("scores", || (self.rules.scores)(shard.world())).flatten()
    }

    pub(crate) fn map(&self, shard: &Shard) -> MapBrief {
        self.ask("map", || (self.rules.map)(shard.world())).unwrap_or_default()
    }

    pub(crate) fn status(&self, shard: &mut Shard) -> MatchOverview {
        self.ask("status", || (self.rules.status)(shard.world_mut())).unwrap_or_default()
    }
}
