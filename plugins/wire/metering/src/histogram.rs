//! Many durations in little memory, by how often they occurred.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Buckets from one power of two to the next.
const PARTS: u64 = 32;
/// Powers of two beyond the first `PARTS` microseconds: the longest time told apart is two hours.
const POWERS: u64 = 28;
const BUCKETS: usize = (PARTS * (POWERS + 1)) as usize;

/// Durations from a microsecond to two hours, to within 3 %, in 7 KiB. Any thread may record and any may read; who reads
/// while others record sees some of what they record.
#[derive(Debug)]
pub struct Histogram {
    buckets: Box<[AtomicU64]>,
    max_us: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(), max_us: AtomicU64::new(0) }
    }
}

impl Clone for Histogram {
    /// A histogram of its own that has counted the same.
    fn clone(&self) -> Self {
        let copy = Self::default();
        copy.merge(self);
        copy
    }
}

impl Histogram {
    /// Counts one duration. It neither waits nor allocates.
    pub fn record(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get(bucket(us)) {
            bucket.fetch_add(1, Relaxed);
        }
        self.max_us.fetch_max(us, Relaxed);
    }

    /// The duration in microseconds that this share (0 to 1,000 thousandths) of all did not exceed, at most 3 % more than
    /// it was; 0 without any.
    #[must_use]
    pub fn at(&self, thousandths: u64) -> u64 {
        let rank = (self.count() * thousandths).div_ceil(1_000);
        let mut below = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            below += count.load(Relaxed);
            if below >= rank && below > 0 {
                return highest(index as u64).min(self.max_us());
            }
        }
        0
    }

    /// The longest duration in microseconds, exactly.
    #[must_use]
    pub fn max_us(&self) -> u64 {
        self.max_us.load(Relaxed)
    }

    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|count| count.load(Relaxed)).sum()
    }

    /// Adds all that another has counted.
    pub fn merge(&self, other: &Self) {
        for (here, there) in self.buckets.iter().zip(&other.buckets) {
            here.fetch_add(there.load(Relaxed), Relaxed);
        }
        self.max_us.fetch_max(other.max_us(), Relaxed);
    }

    /// Counts from nothing again.
    pub fn clear(&self) {
        self.buckets.iter().for_each(|count| count.store(0, Relaxed));
        self.max_us.store(0, Relaxed);
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
        let times = Histogram::default();
        assert_eq!((times.count(), times.at(500), times.max_us()), (0, 0, 0), "nothing was recorded");
        times.record(Duration::from_micros(12_345));
        for thousandths in [0, 500, 1_000] {
            assert_eq!(times.at(thousandths), 12_345, "each percentile of one is that one");
        }
        times.clear();
        assert_eq!((times.count(), times.at(500), times.max_us()), (0, 0, 0), "and it can be forgotten");
    }

    #[test]
    fn percentiles_are_right_to_within_three_percent_and_add_up() {
        let (odd, even) = (Histogram::default(), Histogram::default());
        for us in 1..=100_000 {
            if us % 2 == 0 { &even } else { &odd }.record(Duration::from_micros(us));
        }
        odd.merge(&even);
        for (thousandths, exact) in [(500, 50_000), (990, 99_000), (999, 99_900)] {
            let found = odd.at(thousandths);
            assert!((exact..=exact + exact / 32).contains(&found), "{found} for {exact}");
        }
        assert_eq!((odd.count(), odd.max_us()), (100_000, 100_000), "nothing was left out");
    }

    #[test]
    fn percentiles_are_by_rank() {
        let times = Histogram::default();
        (0..99).for_each(|_| times.record(Duration::from_micros(10)));
        times.record(Duration::from_micros(1_000));
        assert_eq!((times.at(990), times.at(1_000)), (10, 1_000), "99 of 100 are short, and one is not");
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
