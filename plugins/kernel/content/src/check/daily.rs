//! Daily rewards.

use crate::def::DailyDef;
use crate::limits::DAILY_DAYS_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for DailyDef {
    const FOLDER: &'static str = "daily";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        let at = at.field("days");
        review.count(at, self.days.len(), 1..=DAILY_DAYS_MAX);
        for (index, day) in self.days.iter_mut().enumerate() {
            super::cosmetic::check_reward(at.nth(index), day.currency, day.cosmetic.as_mut(), review);
        }
    }
}
