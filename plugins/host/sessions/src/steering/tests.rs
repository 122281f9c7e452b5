use proptest::prelude::*;

use super::*;

const TICK_HZ: u32 = 30;

fn input(seq: u32) -> Input {
    Input { seq, ..Input::default() }
}

fn batch(seqs: core::ops::RangeInclusive<u32>) -> Vec<Input> {
    seqs.map(input).collect()
}

/// A steering, the tick it is at, and what was applied of it: the tick and the input.
#[derive(Debug, Default)]
struct TestSteering {
    steering: Steering,
    counters: Counters,
    tick: u64,
    applied: Vec<(u64, Input)>,
}

impl TestSteering {
    fn new() -> Self {
        let mut steering = Steering::default();
        steering.reset(1_000, 0);
        Self { steering, tick: 1_000, ..Self::default() }
    }

    /// One tick in which these come.
    fn tick(&mut self, batches: &[Vec<Input>]) -> Option<u32> {
        self.tick += 1;
        for batch in batches {
            self.steering.steer(batch, self.tick, &mut self.counters);
        }
        let next = self.steering.next(self.tick, TICK_HZ, &mut self.counters);
        self.applied.extend(next.map(|input| (self.tick, input)));
        next.map(|input| input.seq)
    }

    fn lag(&self) -> u32 {
        self.steering.lag_ticks()
    }
}

#[test]
fn overlapping_batches_give_each_input_once() {
    let mut test = TestSteering::new();
    let mut fed = Vec::new();
    for last in [2_u32, 3, 5, 6] {
        fed.extend(test.tick(&[batch(last.saturating_sub(3).max(1)..=last)]));
    }
    fed.extend(std::iter::from_fn(|| test.tick(&[])));
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
    let mut test = TestSteering::new();
    let mut burst = batch(1..=7);
    burst[0].ability = 3;
    test.tick(&[burst]);
    assert_eq!(test.counters.crowded_inputs, 1, "seven wait where six may");
    let (_, first) = test.applied[0];
    assert_eq!((first.seq, first.ability), (2, 3), "the press survives the input that carried it");
}

#[test]
fn six_inputs_at_once_lag_for_less_than_a_second() {
    let mut test = TestSteering::new();
    for seq in 1..=30 {
        test.tick(&[batch(seq..=seq)]);
        assert_eq!(test.lag(), 0, "input {seq} comes and is applied in the same tick");
    }
    test.tick(&[batch(31..=36)]);
    for seq in 37..=66 {
        test.tick(&[batch(seq..=seq)]);
    }
    assert_eq!(test.lag(), 0, "a second later the newest input is applied in the tick it comes");
    assert_eq!(test.counters.merged_inputs, 5, "as many were merged as were too many");
}

#[test]
fn a_gap_of_any_length_lags_for_less_than_a_second() {
    for gap in [3_u32, 9, 90] {
        let mut test = TestSteering::new();
        for seq in 1..=30 {
            test.tick(&[batch(seq..=seq)]);
        }
        (0..gap).for_each(|_| _ = test.tick(&[]));
        // What was sent meanwhile was lost; a datagram carries the newest eight.
        for now in 31 + gap..61 + gap {
            test.tick(&[batch(now.saturating_sub(7).max(31)..=now)]);
        }
        assert_eq!(test.lag(), 0, "a second after a gap of {gap} ticks");
    }
}

#[test]
fn no_press_is_lost_by_catching_up() {
    let mut test = TestSteering::new();
    test.tick(&[]);
    let mut seq = 0;
    let mut pressed = 0;
    for tick in 0..60_u32 {
        let fresh = if tick == 0 { 6 } else { 1 };
        let mut fresh_batch = batch(seq + 1..=seq + fresh);
        seq += fresh;
        // Now this slot, now that one: two different presses cannot share an input.
        for input in fresh_batch.iter_mut().filter(|input| input.seq % 3 == 0) {
            input.ability = 1 + (input.seq % 2) as u8;
            pressed += 1;
        }
        test.tick(&[fresh_batch]);
    }
    let done = test.applied.iter().filter(|(_, input)| input.ability != 0).count();
    assert_eq!(test.counters.merged_inputs, 5, "it has caught up");
    assert_eq!(done, pressed, "every press is applied, each in a tick of its own");
}

/// When each input, sent one a tick, arrives: that many ticks later.
fn delays() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(prop_oneof![6 => 0..=2_u64, 1 => 3..=6_u64], 150)
}

proptest! {
    /// Whatever the link does, and however much is sent, a tick takes one step at most and inputs stay in order.
    #[test]
    fn no_way_of_sending_is_faster(
        sent in prop::collection::vec(prop::collection::vec((1_u32..20, 1_u32..9), 0..4), 1..200),
    ) {
        let mut test = TestSteering::new();
        let mut seq = 0;
        for batches in &sent {
            let batches: Vec<Vec<Input>> = batches.iter().map(|(step, count)| {
                let first = seq + 1;
                seq += step * count;
                (first..=seq).step_by(*step as usize).map(input).collect()
            }).collect();
            test.tick(&batches);
            prop_assert!(test.steering.waiting.len() < WAITING_MAX, "five wait on at most");
        }
        prop_assert!(test.applied.is_sorted_by(|one, two| one.0 < two.0 && one.1.seq < two.1.seq),
            "one a tick at most, in order");
    }

    /// A jittery link keeps the queue its jitter needs, and gives it back once it is calm.
    #[test]
    fn a_queue_is_as_deep_as_the_jitter_and_no_deeper(delays in delays()) {
        let mut test = TestSteering::new();
        let deepest = delays.iter().copied().max().unwrap_or(0);
        let calm_from = delays.len() as u64;
        for tick in 0..calm_from + 36 {
            // A datagram repeats the newest eight, so what overtakes brings along what it overtook.
            let came = (0..=tick).filter(|sent| sent + delays.get(*sent as usize).copied().unwrap_or(0) == tick);
            let batches: Vec<_> = came.map(|sent| batch((sent as u32 + 1).saturating_sub(7).max(1)..=sent as u32 + 1)).collect();
            test.tick(&batches);
            prop_assert!(u64::from(test.lag()) <= deepest.max(1), "nothing waits longer than the latest is late");
        }
        prop_assert_eq!(test.lag(), 0, "a second after the last late one nothing waits");
    }
}
