//! Maps.

use core::ops::RangeInclusive;
use std::collections::BTreeSet;

use crate::def::MapDef;
use crate::limits::{CONTAINERS_MAX, OBSTACLES_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for MapDef {
    const FOLDER: &'static str = "maps";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        // What fits on a map is known only with its side.
        if review.in_range(at.field("side_m"), self.side_m, SIDES_M) {
            self.check_obstacles(at.field("obstacles"), review);
            self.check_pois(at.field("pois"), review);
        }
        for (index, poi) in self.pois.iter_mut().enumerate() {
            let at = at.field("pois").nth(index);
            review.link(at.field("loot"), &mut poi.loot);
            for (index, (npc, _)) in poi.guards.iter_mut().enumerate() {
                review.link(at.field("guards").nth(index).nth(0), npc);
            }
        }
    }
}

/// Sides a map may have.
pub(super) const SIDES_M: RangeInclusive<i64> = 40..=2_000;

impl MapDef {
    fn side_cm(&self) -> i64 {
        i64::from(self.side_m) * 100
    }

    fn check_obstacles(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let obstacles = &self.obstacles;
        let longest = self.side_cm() / 8;
        review.range(at.field("count"), obstacles.count, 0..=i64::from(OBSTACLES_MAX));
        let are_sides = review.in_range(at.field("side_cm_max"), obstacles.side_cm_max, 50..=longest)
            & review.in_range(at.field("side_cm_min"), obstacles.side_cm_min, 50..=longest);
        if !are_sides {
            return;
        }
        review.ordered(
            (at.field("side_cm_min"), obstacles.side_cm_min),
            (at.field("side_cm_max"), obstacles.side_cm_max),
        );
        // A third of the map keeps ways between them; beyond it, placing them is guesswork.
        let covered = u128::from(obstacles.count) * u128::from(obstacles.side_cm_max).pow(2);
        let area = (self.side_cm() as u128).pow(2);
        if covered * 3 > area {
            let found = format!("{} % of the map at their largest", covered * 100 / area);
            review.fault(at.field("count"), "obstacles leave no way", found, "at most 33 %");
        }
    }

    fn check_pois(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.pois.len(), 0..=16);
        let mut kinds = BTreeSet::new();
        let (mut covered, mut containers) = (0_u128, 0_u64);
        for (index, poi) in self.pois.iter().enumerate() {
            let at = at.nth(index);
            review.word(at.field("kind"), &poi.kind);
            if !kinds.insert(poi.kind.as_str()) {
                review.fault(at.field("kind"), "kind given twice", format!("{:?}", poi.kind), "each kind once");
            }
            review.range(at.field("count"), poi.count, 1..=64);
            review.range(at.field("radius_cm"), poi.radius_cm, 100..=self.side_cm() / 4);
            review.range(at.field("containers"), poi.containers, 0..=32);
            review.count(at.field("guards"), poi.guards.len(), 0..=16);
            for (index, (_, count)) in poi.guards.iter().enumerate() {
                let at = at.field("guards").nth(index).nth(1).named("guards");
                review.range(at, *count, 1..=64);
            }
            covered += u128::from(poi.count) * (u128::from(poi.radius_cm) * 2).pow(2);
            containers += u64::from(poi.count) * u64::from(poi.containers);
        }
        let area = (self.side_cm() as u128).pow(2);
        if covered * 2 > area {
            let found = format!("{} % of the map", covered * 100 / area);
            review.fault(at, "points of interest do not fit", found, "at most 50 %");
        }
        if containers > CONTAINERS_MAX {
            review.fault(at, "too many containers", containers, format!("at most {CONTAINERS_MAX}"));
        }
    }
}
