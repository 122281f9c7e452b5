//! How many inputs are due: one a tick, and none of them long before the server wants it.
//!
//! The server applies one input a tick and keeps a few that come early. What waits there once, after a stutter of either
//! side, waits for good, and everything a player does is seen so much later. So now and then one is left out, until the
//! server is seen to run out of them.

use std::time::Duration;

/// So long must the server have had an input for each tick before one is left out.
const CALM_TICKS: u32 = 30;
/// The same after it ran out.
const CALM_AFTER_STARVING_TICKS: u32 = 300;

/// One avatar's inputs against the ticks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    since: Duration,
    sent: u64,
    left_out: u64,
    /// Tick and newest input of the last snapshot.
    seen: Option<(u32, u32)>,
    calm_since: u32,
    starved: bool,
}

impl Pace {
    /// A match begins.
    pub(crate) fn begin(now: Duration) -> Self {
        Self { since: now, ..Self::default() }
    }

    /// Inputs due now, where so many decisions are made a second: those of the ticks since the last ones. Never more than
    /// twice as many as there should be: what was missed by more is missed.
    pub(crate) fn due(&mut self, now: Duration, tick_hz: u32, input_hz: u32) -> u32 {
        let passed = u64::try_from(now.saturating_sub(self.since).as_micros()).unwrap_or(u64::MAX);
        let ticks = passed.saturating_mul(u64::from(tick_hz)).saturating_add(500_000) / 1_000_000;
        let most = 2 * u64::from(tick_hz.div_ceil(input_hz.max(1)));
        let wanted = ticks.saturating_sub(self.left_out);
        self.sent = self.sent.max(wanted.saturating_sub(most));
        if self.sent > wanted + 1 {
            return 0;
        }
        // Who decides once a tick is sometimes a little early.
        wanted.saturating_sub(self.sent).clamp(1, most) as u32
    }

    /// Notes what was sent.
    pub(crate) fn sent(&mut self, inputs: u32) {
        self.sent += u64::from(inputs);
    }

    /// Notes what the newest snapshot says was applied. Acts are numbered with the inputs, so some want goes unnoticed.
    pub(crate) fn saw(&mut self, tick: u32, input_seq: u32) {
        let Some((tick_before, seq_before)) = self.seen.replace((tick, input_seq)) else {
            self.calm_since = tick;
            return;
        };
        let (ticks, applied) = (tick.saturating_sub(tick_before), input_seq.saturating_sub(seq_before));
        if applied < ticks {
            (self.calm_since, self.starved) = (tick, true);
            return;
        }
        let calm = if self.starved { CALM_AFTER_STARVING_TICKS } else { CALM_TICKS };
        if tick.saturating_sub(self.calm_since) >= calm {
            (self.calm_since, self.starved) = (tick, false);
            self.left_out += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HZ: u32 = 30;

    /// A server that starts with so many inputs too many, and keeps four; how many wait there after so many seconds.
    fn waiting_after(seconds: u64, input_hz: u32, mut waiting: u32) -> Vec<u32> {
        let mut pace = Pace::begin(Duration::ZERO);
        let (mut seq, mut applied, mut lows) = (waiting, 0, Vec::new());
        let every = HZ / input_hz;
        let mut low = u32::MAX;
        for tick in 1..=seconds as u32 * HZ {
            let now = Duration::from_micros(u64::from(tick) * 1_000_000 / u64::from(HZ));
            if tick % every == 0 {
                let due = pace.due(now, HZ, input_hz);
                pace.sent(due);
                seq += due;
                waiting = (waiting + due).min(4);
                pace.saw(tick, applied);
            }
            if waiting > 0 {
                waiting -= 1;
                applied = seq - waiting;
            }
            low = low.min(waiting);
            if tick % HZ == 0 {
                lows.push(low);
                low = u32::MAX;
            }
        }
        lows
    }

    #[test]
    fn what_waits_too_long_is_gone_after_a_few_seconds() {
        for input_hz in [10, 15, 30] {
            let lows = waiting_after(20, input_hz, 4);
            assert!(lows.iter().skip(8).all(|low| *low <= 1), "at {input_hz} Hz there wait at least {lows:?}");
        }
    }

    #[test]
    fn a_second_has_as_many_inputs_as_ticks_however_often_one_decides() {
        for input_hz in [1, 10, 30, 60] {
            let mut pace = Pace::begin(Duration::from_secs(5));
            let mut sent = 0;
            for decision in 1..=10 * u64::from(input_hz) {
                let now = Duration::from_secs(5) + Duration::from_micros(decision * 1_000_000 / u64::from(input_hz));
                let due = pace.due(now, HZ, input_hz);
                pace.sent(due);
                sent += due;
            }
            assert!((298..=302).contains(&sent), "{sent} inputs in ten seconds at {input_hz} Hz");
        }
    }

    #[test]
    fn a_long_stutter_is_not_made_up_for() {
        let mut pace = Pace::begin(Duration::ZERO);
        assert_eq!(pace.due(Duration::from_secs(60), HZ, 10), 6, "two decisions' worth");
        pace.sent(6);
        assert_eq!(pace.due(Duration::from_millis(60_100), HZ, 10), 3, "and then as ever");
    }
}
