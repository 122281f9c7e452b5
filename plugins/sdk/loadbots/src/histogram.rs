//! Many times in little memory: a histogram whose buckets are at most 1/32 wide.

use std::time::Duration;

use serde::Serialize;

/// Buckets from one power of two to the next.
const PARTS: u64 = 32;
/// Powers of two beyond the first `PARTS` microseconds: the longest time told apart is an hour and more.
const POWERS: u64 = 28;
const BUCKETS: usize = (PARTS * (POWERS + 1)) as usize;

/// Times in microseconds.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    buckets: Box<[u64]>,
    count: u64,
    max_us: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS].into_boxed_slice(), count: 0, max_us: 0 }
    }
}

/// How times spread: each percentile is the longest time that so many percent of all did not exceed, to within 3 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many there were.
    pub count: u64,
    /// Half took at most this.
    pub p50_us: u64,
    /// 99 % took at most this.
    pub p99_us: u64,
    /// 99.9 % took at most this.
    pub p999_us: u64,
    /// The longest.
    pub max_us: u64,
}

impl Histogram {
    pub(crate) fn note(&mut self, time: Duration) {
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.count += 1;
        self.max_us = self.max_us.max(us);
        if let Some(bucket) = self.buckets.get_mut(bucket(us)) {
            *bucket += 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        self.buckets.fill(0);
        (self.count, self.max_us) = (0, 0);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (here, there) in self.buckets.iter_mut().zip(&other.buckets) {
            *here += there;
        }
        self.count += other.count;
        self.max_us = self.max_us.max(other.max_us);
    }

    pub(crate) fn spread(&self) -> Spread {
        let at = |permille| self.at(permille);
        Spread { count: self.count, p50_us: at(500), p99_us: at(990), p999_us: at(999), max_us: self.max_us }
    }

    fn at(&self, permille: u64) -> u64 {
        let rank = (self.count * permille).div_ceil(1_000);
        let mut below = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            below += count;
            if below >= rank && below > 0 {
                return highest(index as u64).min(self.max_us);
            }
        }
        0
    }
}

fn bucket(us: u64) -> usize {
    if us < PARTS {
        return us as usize;
    }
    let power = u64::from(us.ilog2() - PARTS.ilog2());
    let part = (us >> power) - PARTS;
    ((PARTS * (power + 1) + part) as usize).min(BUCKETS - 1)
}

/// The longest time of a bucket.
const fn highest(bucket: u64) -> u64 {
    if bucket < PARTS {
        return bucket;
    }
    let (power, part) = (bucket / PARTS - 1, bucket % PARTS);
    ((PARTS + part + 1) << power) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_zero_and_one_is_itself() {
        let mut times = Histogram::default();
        assert_eq!(times.spread(), Spread::default(), "nothing was noted");
        times.note(Duration::from_micros(12_345));
        let one = Spread { count: 1, p50_us: 12_345, p99_us: 12_345, p999_us: 12_345, max_us: 12_345 };
        assert_eq!(times.spread(), one, "each percentile of one is that one");
    }

    #[test]
    fn percentiles_are_right_to_within_three_percent_and_add_up() {
        let (mut odd, mut even) = (Histogram::default(), Histogram::default());
        for us in 1..=100_000 {
            if us % 2 == 0 { &mut even } else { &mut odd }.note(Duration::from_micros(us));
        }
        odd.merge(&even);
        let spread = odd.spread();
        for (found, exact) in [(spread.p50_us, 50_000), (spread.p99_us, 99_000), (spread.p999_us, 99_900)] {
            assert!((exact..=exact + exact / 32).contains(&found), "{found} for {exact}");
        }
        assert_eq!((spread.count, spread.max_us), (100_000, 100_000), "nothing was left out");
    }

    #[test]
    fn every_time_has_a_bucket_and_the_bucket_holds_it() {
        for us in (0..2_000).chain([1 << 20, (1 << 32) - 1]) {
            let index = bucket(us) as u64;
            assert!(highest(index) >= us, "{us} µs are at most {}", highest(index));
            assert!(index == 0 || highest(index - 1) < us, "and more than the bucket before holds");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1, "eternity counts as the longest");
    }
}
