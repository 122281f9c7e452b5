//! What is in the rooms of a zone: levers, NPCs and containers.

use std::collections::BTreeSet;

use super::check_key;
use crate::check::waves::check_waves;
use crate::def::{ZoneDef, ZoneSpawnerDef};
use crate::limits::{DURATION_MS_MAX, LEVERS_MAX, PLACED_MAX, ZONE_NPCS_MAX};
use crate::locate::Spot;
use crate::review::Review;

/// Longest time until a container is full again: a day.
const REFILL_MS_MAX: i64 = 86_400_000;

impl ZoneDef {
    pub(super) fn check_levers(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.levers.len(), 0..=LEVERS_MAX);
        let (mut keys, mut words) = (BTreeSet::new(), BTreeSet::new());
        for (index, lever) in self.levers.iter().enumerate() {
            let at = at.nth(index);
            check_key(at.field("key"), "lever", &lever.key, &mut keys, review);
            self.known_room(at.field("room"), &lever.room, review);
            review.name(at.field("name"), &lever.name);
            let word = at.field("word");
            if review.typed(word, &lever.word) && !words.insert((&lever.room, &lever.word)) {
                let expected = format!("each word once among the levers of {:?}", lever.room);
                review.fault(word, "word that pulls two levers", format!("{:?}", lever.word), expected);
            }
        }
    }

    pub(super) fn check_spawners(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.spawners.len(), 0..=PLACED_MAX);
        let mut are_counts = true;
        for (index, spawner) in self.spawners.iter().enumerate() {
            let at = at.nth(index);
            are_counts &= review.in_range(at.field("count"), spawner.count, 1..=ZONE_NPCS_MAX as i64);
            are_counts &= check_waves(at.field("waves"), spawner.waves, review);
            self.known_room(at.field("room"), &spawner.room, review);
            if spawner.respawn_ms != 0 {
                review.range(at.field("respawn_ms"), spawner.respawn_ms, 500..=i64::from(DURATION_MS_MAX));
            }
        }
        let count: u64 = self.spawners.iter().map(ZoneSpawnerDef::living_max).sum();
        if are_counts && count > ZONE_NPCS_MAX {
            review.fault(at, "too many NPCs", count, format!("at most {ZONE_NPCS_MAX}"));
        }
    }

    pub(super) fn check_furniture(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.furniture.len(), 0..=PLACED_MAX);
        for (index, container) in self.furniture.iter().enumerate() {
            let at = at.nth(index);
            self.known_room(at.field("room"), &container.room, review);
            if container.refill_ms != 0 {
                review.range(at.field("refill_ms"), container.refill_ms, 1_000..=REFILL_MS_MAX);
            }
        }
    }
}
