//! Waves of spawners.

use crate::def::WavesDef;
use crate::limits::DURATION_MS_MAX;
use crate::locate::Spot;
use crate::review::Review;

/// Ranges. Whether they are kept: sums of numbers that are too much tell nobody anything.
pub(super) fn check_waves(at: Spot<'_>, waves: Option<WavesDef>, review: &mut Review<'_>) -> bool {
    let Some(waves) = waves else { return true };
    let is_good = review.in_range(at.field("count"), waves.count, 1..=100)
        & review.in_range(at.field("grows_by"), waves.grows_by, 0..=100);
    review.range(at.field("pause_ms"), waves.pause_ms, 500..=600_000);
    if waves.at_latest_ms != 0 {
        review.range(at.field("at_latest_ms"), waves.at_latest_ms, 1_000..=i64::from(DURATION_MS_MAX));
    }
    is_good
}
