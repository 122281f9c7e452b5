//! How long inputs take until a snapshot includes them.

use std::time::Duration;

/// Inputs under way that are remembered: two seconds at 30 Hz.
const UNDER_WAY_MAX: usize = 64;

/// The inputs a bot sent, and when; the newest.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputLag {
    /// In a ring, by how many came before.
    sent: Vec<(u32, Duration)>,
    next: usize,
    confirmed: u32,
}

impl InputLag {
    /// Notes that an input leaves.
    pub(crate) fn sent(&mut self, seq: u32, now: Duration) {
        if self.sent.len() < UNDER_WAY_MAX {
            self.sent.push((seq, now));
        } else {
            self.sent[self.next] = (seq, now);
        }
        self.next = (self.next + 1) % UNDER_WAY_MAX;
    }

    /// How long ago the newest input that a snapshot includes left; `None` where an earlier one said so already.
    pub(crate) fn confirmed(&mut self, input_seq: u32, now: Duration) -> Option<Duration> {
        if input_seq <= self.confirmed {
            return None;
        }
        self.confirmed = input_seq;
        let found = self.sent.iter().find(|sent| sent.0 == input_seq)?;
        Some(now.saturating_sub(found.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_input_counts_once_from_its_leaving_to_the_first_snapshot_with_it() {
        let ms = Duration::from_millis;
        let mut lag = InputLag::default();
        for seq in 1..=100 {
            lag.sent(seq, ms(10 * u64::from(seq)));
        }
        assert_eq!(lag.confirmed(2, ms(1_010)), None, "too long ago to be remembered");
        assert_eq!(lag.confirmed(98, ms(1_010)), Some(ms(30)), "98 left 30 ms before");
        assert_eq!(lag.confirmed(98, ms(1_040)), None, "the same snapshot's word again");
        assert_eq!(lag.confirmed(100, ms(1_040)), Some(ms(40)), "100 left 40 ms before");
    }
}
