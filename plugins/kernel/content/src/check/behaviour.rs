//! Behaviours.

use crate::def::{BehaviourDef, Condition};
use crate::limits::DURATION_MS_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for BehaviourDef {
    const FOLDER: &'static str = "behaviours";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.range(at.field("think_every_ticks"), self.think_every_ticks, 1..=60);
        if let Some(afar) = self.afar {
            let at = at.field("afar");
            review.range(at.field("beyond_cm"), afar.beyond_cm, 1_000..=100_000);
            review.range(at.field("think_every_ticks"), afar.think_every_ticks, 2..=600);
        }
        review.count(at.field("drives"), self.drives.len(), 1..=32);
        for (index, drive) in self.drives.iter().enumerate() {
            let at = at.field("drives").nth(index);
            review.range(at.field("score"), drive.score, SCORES);
            review.count(at.field("when"), drive.when.len(), 0..=16);
            for (index, condition) in drive.when.iter().enumerate() {
                check_condition(at.field("when").nth(index), *condition, review);
            }
            review.count(at.field("add"), drive.add.len(), 0..=16);
            for (index, (condition, score)) in drive.add.iter().enumerate() {
                let at = at.field("add").nth(index);
                check_condition(at.nth(0), *condition, review);
                review.range(at.nth(1).named("score"), *score, SCORES);
            }
        }
    }
}

/// Scores of one drive; the sum of all stays far from what an `i32` holds.
const SCORES: core::ops::RangeInclusive<i64> = -100_000..=100_000;

fn check_condition(at: Spot<'_>, condition: Condition, review: &mut Review<'_>) {
    match condition {
        Condition::HpBelow(percent) => review.range(at.nth(0).named("HpBelow"), percent, 1..=100),
        Condition::HpAbove(percent) => review.range(at.nth(0).named("HpAbove"), percent, 0..=100),
        Condition::TargetWithin(cm) => review.range(at.nth(0).named("TargetWithin"), cm, 1..=200_000),
        Condition::TargetBeyond(cm) => review.range(at.nth(0).named("TargetBeyond"), cm, 0..=200_000),
        Condition::MateDownWithin(cm) => review.range(at.nth(0).named("MateDownWithin"), cm, 1..=200_000),
        Condition::HomeBeyond(cm) => review.range(at.nth(0).named("HomeBeyond"), cm, 0..=200_000),
        Condition::CarriesAtLeast(count) => review.range(at.nth(0).named("CarriesAtLeast"), count, 0..=64),
        Condition::TimeLeftBelowMs(ms) => {
            review.range(at.nth(0).named("TimeLeftBelowMs"), ms, 1..=i64::from(DURATION_MS_MAX));
        }
        Condition::HasTarget
        | Condition::NoTarget
        | Condition::BeyondLeash
        | Condition::LootInSight
        | Condition::ExitOpen
        | Condition::InHazard
        | Condition::RecentlyHurt => {}
    }
}
