//! How durations spread.

use hypogeum_metering::Histogram;
use serde::Serialize;

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
    /// The longest of all.
    pub max_us: u64,
}

impl From<&Histogram> for Spread {
    fn from(times: &Histogram) -> Self {
        Self {
            count: times.count(),
            p50_us: times.at(500),
            p99_us: times.at(990),
            p999_us: times.at(999),
            max_us: times.max_us(),
        }
    }
}
