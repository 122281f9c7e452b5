//! Hazards.

use crate::def::{HazardDef, HazardShape};
use crate::limits::DURATION_MS_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for HazardDef {
    const FOLDER: &'static str = "hazards";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.range(at.field("warning_ms"), self.warning_ms, 0..=600_000);
        review.range(at.field("duration_ms"), self.duration_ms, 0..=i64::from(DURATION_MS_MAX));
        review.range(at.field("interval_ms"), self.interval_ms, 1..=60_000);
        review.range(at.field("damage"), self.damage, 0..=10_000);
        check_shape(at.field("shape"), self.shape, review);
        if let Some(effect) = &mut self.effect {
            review.link(at.field("effect"), effect);
        } else if self.damage == 0 {
            review.fault(at.field("damage"), "hazard without harm", "no damage and no effect", "one of them");
        }
    }
}

/// Radius of an area on a map, whose side is 2 km at most.
const RADIUS_CM: core::ops::RangeInclusive<i64> = 100..=100_000;

fn check_shape(at: Spot<'_>, shape: HazardShape, review: &mut Review<'_>) {
    match shape {
        HazardShape::Storm { final_radius_cm, closes_over_ms } => {
            review.range(at.field("final_radius_cm"), final_radius_cm, 0..=100_000);
            review.range(at.field("closes_over_ms"), closes_over_ms, 1_000..=i64::from(DURATION_MS_MAX));
        }
        HazardShape::Cloud { radius_cm } => review.range(at.field("radius_cm"), radius_cm, RADIUS_CM),
        HazardShape::Mines { radius_cm, count, trigger_cm, blast_cm } => {
            review.range(at.field("radius_cm"), radius_cm, RADIUS_CM);
            review.range(at.field("count"), count, 1..=200);
            let are_distances = review.in_range(at.field("trigger_cm"), trigger_cm, 10..=2_000)
                & review.in_range(at.field("blast_cm"), blast_cm, 10..=5_000);
            if are_distances {
                // One that reaches less far than it listens would go off and hurt nobody.
                review.ordered((at.field("trigger_cm"), trigger_cm), (at.field("blast_cm"), blast_cm));
            }
        }
        HazardShape::Bombardment { radius_cm, blast_cm } => {
            review.range(at.field("radius_cm"), radius_cm, RADIUS_CM);
            review.range(at.field("blast_cm"), blast_cm, 10..=5_000);
        }
    }
}
