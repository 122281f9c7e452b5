//! Cosmetics, and what else gives some.

use crate::content::Sources;
use crate::def::{AchievementDef, CosmeticDef, CosmeticKind, DailyDef, LeaderboardDef};
use crate::limits::{BUNDLE_PARTS_MAX, COSMETIC_LEVEL_MAX, DESCRIPTION_BYTES_MAX, REWARD_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};
use crate::{Content, Link};

/// The largest colour.
const COLOUR_MAX: i64 = 0x00FF_FFFF;

impl Definition for CosmeticDef {
    const FOLDER: &'static str = "cosmetics";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        review.range(at.field("colour"), self.colour, 0..=COLOUR_MAX);
        review.range(at.field("price"), self.price, 1..=REWARD_MAX);
        review.range(at.field("level_min"), self.level_min, 0..=COSMETIC_LEVEL_MAX);
        self.check_parts(at.field("parts"), review);
    }
}

impl CosmeticDef {
    fn check_parts(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        let allowed = if self.kind == CosmeticKind::Bundle { 2..=BUNDLE_PARTS_MAX } else { 0..=0 };
        review.count(at, self.parts.len(), allowed);
        review.links(at, &mut self.parts);
        for (index, part) in self.parts.iter().enumerate() {
            if self.parts.iter().take(index).any(|other| other.key() == part.key()) {
                review.fault(at.nth(index), "one part twice", format!("{:?}", part.key()), "each part once");
            }
        }
    }
}

/// A bundle has no bundles in it: what is in it, is worn.
pub(super) fn check_bundles(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, bundle) in content.cosmetics.iter() {
        let Some(source) = sources.get(&(CosmeticDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root().field("parts");
        for (index, part) in bundle.parts.iter().enumerate() {
            let is_bundle = content.cosmetics.find(part.id()).is_some_and(|part| part.kind == CosmeticKind::Bundle);
            if is_bundle {
                review.fault(at.nth(index), "a bundle in a bundle", format!("{:?}", part.key()), "what can be worn");
            }
        }
    }
}

/// What is given is worn: a bundle would be owned, and nothing of what is in it.
pub(super) fn check_given(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, achievement) in content.achievements.iter() {
        let Some(source) = sources.get(&(AchievementDef::FOLDER, key.to_owned())) else { continue };
        check_wearable(content, source.root(), achievement.cosmetic.as_ref(), review);
    }
    for (_, key, table) in content.daily.iter() {
        let Some(source) = sources.get(&(DailyDef::FOLDER, key.to_owned())) else { continue };
        for (index, day) in table.days.iter().enumerate() {
            check_wearable(content, source.root().field("days").nth(index), day.cosmetic.as_ref(), review);
        }
    }
    for (_, key, board) in content.leaderboards.iter() {
        let Some(source) = sources.get(&(LeaderboardDef::FOLDER, key.to_owned())) else { continue };
        for (index, reward) in board.rewards.iter().enumerate() {
            check_wearable(content, source.root().field("rewards").nth(index), reward.cosmetic.as_ref(), review);
        }
    }
}

fn check_wearable(content: &Content, at: Spot<'_>, given: Option<&Link<CosmeticDef>>, review: &mut Review<'_>) {
    let Some(given) = given else { return };
    if content.cosmetics.find(given.id()).is_some_and(|given| given.kind == CosmeticKind::Bundle) {
        review.fault(at.field("cosmetic"), "a bundle is given", format!("{:?}", given.key()), "what can be worn");
    }
}

/// What somebody is rewarded with.
pub(super) fn check_reward(
    at: Spot<'_>,
    currency: u32,
    cosmetic: Option<&mut Link<CosmeticDef>>,
    review: &mut Review<'_>,
) {
    review.range(at.field("currency"), currency, 0..=REWARD_MAX);
    match cosmetic {
        Some(cosmetic) => review.link(at.field("cosmetic"), cosmetic),
        None if currency == 0 => review.fault(at, "nothing is given", "no reward", "currency or a cosmetic"),
        None => {}
    }
}
