//! How one gets about in a zone and out of it: ways, doors and gates.

use std::collections::BTreeSet;

use super::check_key;
use crate::def::{SharedEdge, WayDef, ZoneDef};
use crate::limits::{GATES_MAX, WAYS_MAX};
use crate::locate::Spot;
use crate::review::Review;

/// The narrowest way: bodies are up to a metre wide.
const WAY_CM_MIN: u32 = 120;
/// The widest way.
const WAY_CM_MAX: u32 = 10_000;

impl ZoneDef {
    /// Checks ways and gates, in the zone `at`.
    pub(super) fn check_ways(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at.field("ways"), self.ways.len(), 0..=WAYS_MAX);
        review.count(at.field("gates"), self.gates.len(), 0..=GATES_MAX);
        let (mut pairs, mut doors, mut exits) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (index, way) in self.ways.iter().take(WAYS_MAX).enumerate() {
            let at = at.field("ways").nth(index);
            self.check_pair(at.field("between"), way, &mut pairs, review);
            self.check_opening(at, way, review);
            let words = at.field("words");
            check_exit(words.nth(0), (&way.between.0, &way.words.0), &mut exits, review);
            check_exit(words.nth(1), (&way.between.1, &way.words.1), &mut exits, review);
            if let Some(door) = &way.door {
                check_key(at.field("door").field("key"), "door", &door.key, &mut doors, review);
                review.name(at.field("door").field("name"), &door.name);
            }
        }
        for (index, gate) in self.gates.iter().take(GATES_MAX).enumerate() {
            let at = at.field("gates").nth(index);
            self.known_room(at.field("room"), &gate.room, review);
            check_exit(at.field("word"), (&gate.room, &gate.word), &mut exits, review);
            // Whether they are there is known only with the other zone.
            review.word(at.field("to_zone"), &gate.to_zone);
            review.local_key(at.field("to_room"), &gate.to_room);
        }
    }

    /// The two rooms of a way: known, not the same, and a pair once, for openings lie in the middle of edges.
    fn check_pair<'z>(
        &self,
        at: Spot<'_>,
        way: &'z WayDef,
        pairs: &mut BTreeSet<(&'z str, &'z str)>,
        review: &mut Review<'_>,
    ) {
        let (first, second) = (way.between.0.as_str(), way.between.1.as_str());
        self.known_room(at.nth(0), first, review);
        self.known_room(at.nth(1), second, review);
        if first == second {
            review.fault(at, "way from a room to itself", format!("{first:?}"), "two rooms");
        } else if !pairs.insert((first.min(second), first.max(second))) {
            let found = format!("another between {first:?} and {second:?}");
            review.fault(at, "way given twice", found, "each pair of rooms once");
        }
    }

    /// The opening fits into the wall between the two rooms.
    fn check_opening(&self, at: Spot<'_>, way: &WayDef, review: &mut Review<'_>) {
        let (between, width) = (at.field("between"), at.field("width_cm"));
        let is_width = review.in_range(width, way.width_cm, i64::from(WAY_CM_MIN)..=i64::from(WAY_CM_MAX));
        let (Some(first), Some(second)) = (self.room(&way.between.0), self.room(&way.between.1)) else { return };
        if first.key == second.key || first.area.overlaps(&second.area) {
            // Said already.
            return;
        }
        let Some(edge) = first.area.shared_edge(&second.area) else {
            let found = format!("{:?} and {:?} apart", first.key, second.key);
            review.fault(between, "way between rooms that share no edge", found, "areas that touch");
            return;
        };
        let length_cm = edge.length_cm();
        if length_cm < WAY_CM_MIN {
            let expected = format!("an edge of {WAY_CM_MIN} or more");
            review.fault(between, "no room for a way", format!("an edge of {length_cm} centimetres"), expected);
        } else if is_width && !edge.fits(way.width_cm) {
            let most_cm = length_cm.saturating_sub(2 * SharedEdge::POST_CM);
            let expected = format!("at most {most_cm}, or all {length_cm} of the edge");
            review.fault(width, "way wider than its wall", way.width_cm, expected);
        }
    }
}

/// A word that leads out of a room: one that can be typed, and leads one way only.
fn check_exit<'z>(
    at: Spot<'_>,
    (room, word): (&'z str, &'z str),
    exits: &mut BTreeSet<(&'z str, &'z str)>,
    review: &mut Review<'_>,
) {
    if review.typed(at, word) && !exits.insert((room, word)) {
        let expected = format!("each word once out of {room:?}");
        review.fault(at, "word that leads two ways", format!("{word:?}"), expected);
    }
}
