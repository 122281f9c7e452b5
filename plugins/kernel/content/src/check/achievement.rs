//! Achievements.

use crate::def::AchievementDef;
use crate::limits::{ACHIEVEMENT_AT_MAX, DESCRIPTION_BYTES_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for AchievementDef {
    const FOLDER: &'static str = "achievements";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        if let Some(mode) = &mut self.mode {
            review.link(at.field("mode"), mode);
        }
        review.range(at.field("at"), self.at, 1..=ACHIEVEMENT_AT_MAX);
        super::cosmetic::check_reward(at, self.currency, self.cosmetic.as_mut(), review);
    }
}
