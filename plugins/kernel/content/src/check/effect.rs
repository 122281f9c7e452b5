//! Effects, and the magnitudes they share with items.

use core::ops::RangeInclusive;

use super::dispel;
use crate::def::{EffectDef, EffectKind, Magnitude, Stacking};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for EffectDef {
    const FOLDER: &'static str = "effects";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        let is_timed = review.in_range(at.field("duration_ms"), self.duration_ms, 1..=600_000);
        match self.kind {
            EffectKind::Damage(magnitude) | EffectKind::Heal(magnitude) => {
                check_pulse(at.field("kind").nth(0), magnitude, review);
                if self.interval_ms == 0 && !at.has("interval_ms") {
                    let at = at.field("kind");
                    review.fault(at, "pulses without an interval", "no interval_ms", "the time from one to the next");
                } else if is_timed {
                    let longest = i64::from(self.duration_ms.clamp(50, 60_000));
                    review.range(at.field("interval_ms"), self.interval_ms, 50..=longest);
                }
            }
            EffectKind::Modify(_, magnitude) => check_change(at.field("kind").nth(1), magnitude, review),
        }
        dispel::check_tags(at.field("tags"), &self.tags, review);
        if let Stacking::Stack(count) = self.stacking {
            review.range(at.field("stacking").nth(0), count, 1..=99);
        }
    }
}

/// What a pulse takes or gives: always some.
fn check_pulse(at: Spot<'_>, magnitude: Magnitude, review: &mut Review<'_>) {
    match magnitude {
        Magnitude::Flat(points) => review.range(at.nth(0).named("Flat"), points, 1..=10_000),
        Magnitude::BasisPoints(share) => check_share(at, share, 1..=100, review),
    }
}

/// What a stat changes by: up or down, but not by nothing.
pub(super) fn check_change(at: Spot<'_>, magnitude: Magnitude, review: &mut Review<'_>) {
    let value = match magnitude {
        Magnitude::Flat(points) => {
            review.range(at.nth(0).named("Flat"), points, -1_000..=1_000);
            points
        }
        Magnitude::BasisPoints(share) => {
            check_share(at, share, -100..=500, review);
            share
        }
    };
    if value == 0 {
        review.fault(at.nth(0), "change by nothing", value, "any other number");
    }
}

/// A share in the unit it is written in, with a warning where another was probably meant.
fn check_share(at: Spot<'_>, share: i32, percent: RangeInclusive<i64>, review: &mut Review<'_>) {
    let value = at.nth(0);
    if at.word() == "Percent" {
        review.range(value.named("Percent"), share / 100, percent);
        return;
    }
    let least = if *percent.start() > 0 { 1 } else { percent.start() * 100 };
    review.range(value.named("BasisPoints"), share, least..=percent.end() * 100);
    if share != 0 && share.unsigned_abs() < 100 {
        let hint = format!("did you mean Percent({share})?");
        review.warn(value, "less than one per cent", format!("{share} basis points"), "100 or more", Some(hint));
    }
}
