//! When each place wants to be looked at again: a plain array, for reading all of it costs less than keeping it sorted.

use std::time::Duration;

const NEVER: u64 = u64::MAX;

/// The earliest time anything may be due, by place. Too early is harmless: anyone who looks finds nothing and says when
/// to look again. So what moves a time away need not be told here.
#[derive(Debug, Default)]
pub struct DueTimes {
    at_ms: Vec<u64>,
}

impl DueTimes {
    /// Wants `place` looked at by `at`, or earlier if that was wanted before.
    pub fn sooner(&mut self, place: usize, at: Duration) {
        if self.at_ms.len() <= place {
            self.at_ms.resize(place + 1, NEVER);
        }
        // Rounded up, so that what is looked at then is due.
        let at_ms = u64::try_from(at.as_nanos().div_ceil(1_000_000)).unwrap_or(NEVER);
        self.at_ms[place] = self.at_ms[place].min(at_ms);
    }

    /// The first place from `from` on that is due, which is then forgotten until [`Self::sooner`].
    pub fn take_due(&mut self, from: usize, now: Duration) -> Option<usize> {
        let now_ms = now.as_millis() as u64;
        let place = from + self.at_ms.get(from..)?.iter().position(|at_ms| *at_ms <= now_ms)?;
        self.at_ms[place] = NEVER;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_due_once_at_the_earliest_time_wanted() {
        let at = Duration::from_millis;
        let mut due = DueTimes::default();
        due.sooner(3, at(50));
        due.sooner(3, at(20));
        due.sooner(1, Duration::from_micros(20_500));
        assert_eq!(due.take_due(0, at(19)), None, "nothing is due before its time");
        assert_eq!(due.take_due(0, at(20)), Some(3), "the earlier time counts");
        assert_eq!(due.take_due(0, at(20)), None, "once taken it is forgotten");
        assert_eq!(due.take_due(0, at(21)), Some(1), "a time within a millisecond is rounded up");
        assert_eq!(due.take_due(9, at(99)), None, "beyond the last place there is nothing");
    }
}
