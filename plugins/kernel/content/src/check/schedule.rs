//! When something happens again and again.

use crate::def::Schedule;
use crate::locate::Spot;
use crate::review::Review;

pub(super) fn check_schedule(at: Spot<'_>, schedule: Schedule, review: &mut Review<'_>) {
    match schedule {
        // A time of day and a day of the week are read as nothing else.
        Schedule::Daily { .. } | Schedule::Weekly { .. } => {}
        Schedule::Monthly { day, .. } => review.range(at.field("day"), day, 1..=28),
    }
}
