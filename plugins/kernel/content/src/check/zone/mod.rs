//! Zones by themselves: numbers here, the rest by subject. What zones are to one another is in `gates.rs`.

mod gates;
mod hazards;
mod links;
mod populace;
mod rooms;
mod triggers;
mod ways;

use core::ops::RangeInclusive;
use std::collections::BTreeSet;

use super::ground::check_ground;
use crate::def::ZoneDef;
use crate::locate::Spot;
use crate::review::{Definition, Review};

pub(super) use gates::{check_archetypes, check_gates};
pub(super) use hazards::check_hazards;

/// Sides a zone may have.
const SIDES_M: RangeInclusive<i64> = 16..=1_024;
/// From a death to standing at the shrine.
const RESPAWNS_MS: RangeInclusive<i64> = 1_000..=600_000;

impl Definition for ZoneDef {
    const FOLDER: &'static str = "zones";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.word(at.field("theme"), &self.theme);
        self.check_level(at.field("level"), review);
        if let Some(tick_hz) = self.tick_hz {
            review.range(at.field("tick_hz"), tick_hz, 1..=60);
        }
        if let Some(minutes) = self.day_minutes {
            review.range(at.field("day_minutes"), minutes, 24..=1_440);
        }
        // What fits into a zone is known only with its side.
        let side_m = review.in_range(at.field("side_m"), self.side_m, SIDES_M).then_some(self.side_m);
        self.check_rooms(at.field("rooms"), side_m, review);
        self.check_ways(at, review);
        self.check_levers(at.field("levers"), review);
        self.check_spawners(at.field("spawners"), review);
        self.check_furniture(at.field("furniture"), review);
        self.check_triggers(at.field("triggers"), review);
        self.known_room(at.field("shrine"), &self.shrine, review);
        review.range(at.field("death").field("respawn_ms"), self.death.respawn_ms, RESPAWNS_MS);
        check_ground(at.field("ground"), self.ground, review);
        self.check_links(at, review);
    }
}

impl ZoneDef {
    fn check_level(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let (lowest, highest) = (at.nth(0).named("lowest level"), at.nth(1).named("highest level"));
        let are_levels =
            review.in_range(lowest, self.level.0, 1..=100) & review.in_range(highest, self.level.1, 1..=100);
        if are_levels {
            review.ordered((lowest, self.level.0), (highest, self.level.1));
        }
    }

    /// The key of a room of this zone.
    fn known_room(&self, at: Spot<'_>, key: &str, review: &mut Review<'_>) {
        review.known(at, "room", key, self.rooms.iter().map(|room| room.key.as_str()));
    }
}

/// A key that this zone gives to something: it is one, and new.
fn check_key<'k>(at: Spot<'_>, what: &str, key: &'k str, seen: &mut BTreeSet<&'k str>, review: &mut Review<'_>) {
    if review.local_key(at, key) && !seen.insert(key) {
        review.fault(at, format!("{what} given twice"), format!("{key:?}"), "each key once");
    }
}
