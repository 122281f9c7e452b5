//! Inputs on their way to the shard: each once, in order, one a tick.

use std::collections::VecDeque;

use bevy_ecs::prelude::Component;
use hypogeum_protocol::{Input, limits};

use crate::board::Counters;

/// Inputs that wait to be applied: two batches of a client that sends three at a time. More is a client that runs ahead, and
/// would only ever see itself late.
const WAITING_MAX: usize = 6;
/// Inputs a tick an honest client makes at most: 60 Hz clients on a 30 Hz server, and room for a drifting clock.
const INPUTS_PER_TICK: u64 = 3;

/// How a participant steers, between its connection and its seat.
#[derive(Component, Debug, Default)]
pub(crate) struct Steering {
    waiting: VecDeque<Input>,
    /// The newest sequence ever taken in on this connection.
    newest: u32,
    newest_tick: u64,
    /// The newest act.
    pub(crate) act_seq: u32,
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
    /// Begins anew for another connection or match, whose numbers go on after what the avatar has already applied.
    pub(crate) fn reset(&mut self, tick: u64, applied_seq: u32) {
        *self = Self { newest: applied_seq, newest_tick: tick, ..Self::default() };
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
            self.waiting.push_back(*input);
            taken.fresh += 1;
        }
        while self.waiting.len() > WAITING_MAX {
            taken.crowded += 1;
            let lost = self.waiting.pop_front();
            // A press is worth more than a step: the next input inherits it.
            if let (Some(lost), Some(next)) = (lost, self.waiting.front_mut())
                && next.ability == 0
            {
                next.ability = lost.ability;
            }
        }
        taken
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
    pub(crate) fn stop(&mut self) {
        self.waiting.clear();
    }

    /// The input of this tick.
    pub(crate) fn next(&mut self) -> Option<Input> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(seq: u32) -> Input {
        Input { seq, ..Input::default() }
    }

    fn batch(seqs: core::ops::RangeInclusive<u32>) -> Vec<Input> {
        seqs.map(input).collect()
    }

    #[test]
    fn overlapping_batches_give_each_input_once() {
        let mut steering = Steering::default();
        let mut fed = Vec::new();
        for (tick, last) in (0..).zip([2_u32, 3, 5, 6]) {
            steering.take(&batch(last.saturating_sub(3).max(1)..=last), tick);
            fed.extend(steering.next().map(|input| input.seq));
        }
        fed.extend(std::iter::from_fn(|| steering.next()).map(|input| input.seq));
        assert_eq!(fed, [1, 2, 3, 4, 5, 6], "in order, none twice, none lost");
    }

    #[test]
    fn a_repeated_batch_changes_nothing() {
        let mut steering = Steering::default();
        assert_eq!(steering.take(&batch(1..=3), 0).fresh, 3, "all are new");
        assert_eq!(steering.take(&batch(1..=3), 0), Taken::default(), "none is new");
    }

    #[test]
    fn a_forged_number_does_not_lock_the_honest_out() {
        let mut steering = Steering::default();
        steering.take(&batch(1..=1), 0);
        assert_eq!(steering.take(&[input(u32::MAX)], 1).forged, 1, "far beyond the last one");
        assert_eq!(steering.take(&batch(2..=2), 1).fresh, 1, "the next honest one is taken");
    }

    #[test]
    fn a_long_silence_does_not_lock_a_client_out() {
        let mut steering = Steering::default();
        steering.take(&batch(1..=1), 0);
        // Twenty seconds of blackout at 30 ticks a second; the client went on at 60 Hz.
        assert_eq!(steering.take(&[input(1_201)], 600).fresh, 1, "it kept counting meanwhile");
    }

    #[test]
    fn a_burst_keeps_the_newest_and_every_press() {
        let mut steering = Steering::default();
        steering.take(&[Input { ability: 3, ..input(1) }], 0);
        assert_eq!(steering.take(&batch(2..=7), 0).crowded, 1, "seven wait where six may");
        let first = steering.next().expect("six wait");
        assert_eq!((first.seq, first.ability), (2, 3), "the press survives the input that carried it");
    }
}
