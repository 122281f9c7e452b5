//! What lies on the ground.

use std::ops::RangeInclusive;

use crate::def::GroundDef;
use crate::limits::DURATION_MS_MAX;
use crate::locate::Spot;
use crate::review::Review;

/// How long something may lie on the ground.
pub(super) const LIFETIMES_MS: RangeInclusive<i64> = 1_000..=DURATION_MS_MAX as i64;

pub(super) fn check_ground(at: Spot<'_>, ground: Option<GroundDef>, review: &mut Review<'_>) {
    let Some(ground) = ground else { return };
    review.range(at.field("lifetime_ms"), ground.lifetime_ms, LIFETIMES_MS);
    review.range(at.field("things_max"), ground.things_max, 1..=4_096);
}
