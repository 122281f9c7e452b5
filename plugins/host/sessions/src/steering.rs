//! Inputs on their way to the shard: each once, in order, one a tick.

use std::collections::VecDeque;

use bevy_ecs::prelude::Component;
use hypogeum_protocol::{ErrorCode, Input, limits};

use crate::about::About;
use crate::backlog::Backlog;
use crate::counters::Counters;
use crate::reply::Reply;
use crate::session::SessionItem;

/// Inputs that wait to be applied: two batches of a client that sends three at a time. More is a client that runs ahead, and
/// would only ever see itself late.
pub(crate) const WAITING_MAX: usize = 6;
const _: () = assert!(WAITING_MAX >= limits::INPUTS_PER_BATCH_MAX, "a batch finds room");
/// Inputs a tick an honest client makes at most: 60 Hz clients on a 30 Hz server, and room for a drifting clock.
const INPUTS_PER_TICK: u64 = 3;

/// Tag of the message that carries inputs, as errors name it and the datagrams that stand for it.
pub(crate) const ABOUT_INPUTS: About = About::message(5);

/// Takes a batch of inputs of a session that plays.
#[inline]
pub fn steer(reply: &mut Reply, session: &mut SessionItem, batch: &[Input]) {
    if session.steering.steer(batch, reply.tick.0, &mut reply.counters).forged > 0 {
        reply.refuse(session, ErrorCode::FutureSeq, ABOUT_INPUTS, 0);
    }
}

/// An input and the host tick it came at, as far as it goes in a word: none waits for years.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    input: Input,
    since: u32,
}

impl Waiting {
    /// Whether `later` can stand for both: a press is worth more than a step, and only one finds room in an input.
    const fn merges_into(&self, later: &Self) -> bool {
        self.input.ability == 0 || later.input.ability == 0 || self.input.ability == later.input.ability
    }
}

/// How a participant steers, between its connection and its seat.
#[derive(Component, Debug, Default)]
pub struct Steering {
    waiting: VecDeque<Waiting>,
    backlog: Backlog,
    /// Ticks the newest input of [`Steering::next`] waited.
    waited_ticks: u32,
    /// The newest sequence ever taken in on this connection.
    newest: u32,
    newest_tick: u64,
    /// The newest act.
    pub act_seq: u32,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// New ones taken.
    pub(crate) fresh: usize,
    /// Beyond what any honest client reaches.
    pub(crate) forged: usize,
    /// Old ones pushed out by newer ones.
    pub(crate) crowded: usize,
}

impl Steering {
    /// Begins again for another connection or match, whose numbers go on after what the avatar has already applied.
    pub fn reset(&mut self, tick: u64, applied_seq: u32) {
        *self = Self { newest: applied_seq, newest_tick: tick, backlog: Backlog::since(tick), ..Self::default() };
    }

    /// Takes what is new of a batch whose sequences rise.
    pub(crate) fn take(&mut self, batch: &[Input], tick: u64) -> Taken {
        let mut taken = Taken::default();
        // A client goes on counting while nothing arrives, so the bound grows with the silence.
        let silence = tick.saturating_sub(self.newest_tick).saturating_mul(INPUTS_PER_TICK);
        let ahead = u64::from(limits::INPUT_SEQ_AHEAD_MAX).saturating_add(silence);
        for input in batch {
            if input.seq <= self.newest {
                continue;
            }
            if u64::from(input.seq - self.newest) > ahead {
                taken.forged += 1;
                continue;
            }
            self.newest = input.seq;
            self.newest_tick = tick;
            self.waiting.push_back(Waiting { input: *input, since: tick as u32 });
            taken.fresh += 1;
        }
        while self.waiting.len() > WAITING_MAX {
            taken.crowded += 1;
            // A press may be lost here: more are pressed than there are ticks.
            self.merge(self.mergeable().unwrap_or(0));
        }
        taken
    }

    /// The oldest input that the one after it can stand for.
    fn mergeable(&self) -> Option<usize> {
        (1..self.waiting.len()).map(|later| later - 1).find(|at| self.waiting[*at].merges_into(&self.waiting[at + 1]))
    }

    /// Drops an input; the next one inherits its press.
    fn merge(&mut self, at: usize) {
        if let (Some(lost), Some(next)) = (self.waiting.remove(at), self.waiting.get_mut(at))
            && next.input.ability == 0
        {
            next.input.ability = lost.input.ability;
        }
    }

    /// [`Steering::take`], counted.
    pub(crate) fn steer(&mut self, batch: &[Input], tick: u64, counters: &mut Counters) -> Taken {
        let taken = self.take(batch, tick);
        counters.forged_inputs += taken.forged as u64;
        counters.crowded_inputs += taken.crowded as u64;
        // Batches overlap on purpose; one with nothing new in it came late or twice.
        counters.stale_inputs += u64::from(taken.fresh == 0 && taken.forged == 0);
        taken
    }

    /// Forgets what waits: nobody steers any more.
    pub fn stop(&mut self) {
        self.waiting.clear();
    }

    /// The input of this tick. Where more have waited than the link needs, one of them is merged into the next: the avatar
    /// still takes one step, and lags one tick less.
    pub fn next(&mut self, tick: u64, tick_hz: u32, counters: &mut Counters) -> Option<Input> {
        let left = self.waiting.len().saturating_sub(1);
        if self.backlog.is_spare(left, tick, tick_hz)
            && let Some(at) = self.mergeable()
        {
            self.merge(at);
            self.backlog.shorten(tick);
            counters.merged_inputs += 1;
        }
        let next = self.waiting.pop_front()?;
        self.waited_ticks = (tick as u32).wrapping_sub(next.since);
        Some(next.input)
    }

    /// Ticks from the arrival of the input applied last to its application: how much later than it could its client is.
    #[must_use]
    pub const fn lag_ticks(&self) -> u32 {
        self.waited_ticks
    }
}

#[cfg(test)]
mod tests;
