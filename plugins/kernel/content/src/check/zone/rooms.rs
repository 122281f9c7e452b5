//! The rooms of a zone: their keys, their words and their ground.

use std::collections::BTreeSet;

use super::check_key;
use crate::def::{AreaDef, ZoneDef};
use crate::limits::{DESCRIPTION_BYTES_MAX, ROOMS_MAX};
use crate::locate::Spot;
use crate::review::Review;

/// A room's shortest side, in metres: a few people and a door.
const ROOM_SIDE_M_MIN: i64 = 3;

impl ZoneDef {
    pub(super) fn check_rooms(&self, at: Spot<'_>, side_m: Option<u32>, review: &mut Review<'_>) {
        review.count(at, self.rooms.len(), 1..=ROOMS_MAX);
        let mut keys = BTreeSet::new();
        let mut placed: Vec<(&str, AreaDef)> = Vec::new();
        for (index, room) in self.rooms.iter().take(ROOMS_MAX).enumerate() {
            let at = at.nth(index);
            check_key(at.field("key"), "room", &room.key, &mut keys, review);
            review.name(at.field("name"), &room.name);
            review.prose(at.field("description"), &room.description, DESCRIPTION_BYTES_MAX);
            let Some(side_m) = side_m else { continue };
            if !check_area(at.field("area"), room.area, side_m, review) {
                continue;
            }
            if let Some((other, _)) = placed.iter().find(|(_, other)| room.area.overlaps(other)) {
                let (found, expected) = (format!("{:?} on {other:?}", room.key), "ground of its own");
                review.fault(at.field("area"), "rooms overlap", found, expected);
            }
            placed.push((&room.key, room.area));
        }
    }
}

/// Whether an area is one, and within the zone.
fn check_area(at: Spot<'_>, area: AreaDef, side_m: u32, review: &mut Review<'_>) -> bool {
    let side_m = i64::from(side_m);
    let mut check = |(from, start): (&'static str, u32), (size, length): (&'static str, u32)| {
        review.in_range(at.field(size), length, ROOM_SIDE_M_MIN..=side_m)
            && review.in_range(at.field(from), start, 0..=side_m - i64::from(length))
    };
    check(("x", area.x), ("width", area.width)) & check(("y", area.y), ("height", area.height))
}
