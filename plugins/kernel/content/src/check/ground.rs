//! What lies on the ground.

use crate::def::GroundDef;
use crate::limits::DURATION_MS_MAX;
use crate::locate::Spot;
use crate::review::Review;

pub(super) fn check_ground(at: Spot<'_>, ground: Option<GroundDef>, review: &mut Review<'_>) {
    let Some(ground) = ground else { return };
    review.range(at.field("lifetime_ms"), ground.lifetime_ms, 1_000..=i64::from(DURATION_MS_MAX));
    review.range(at.field("things_max"), ground.things_max, 1..=4_096);
}
