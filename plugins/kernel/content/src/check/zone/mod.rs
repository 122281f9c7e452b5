//! Zones: numbers and links here, the rest by subject.

mod gates;
mod links;

use crate::def::ZoneDef;
use crate::locate::Spot;
use crate::review::{Definition, Review};

pub(super) use gates::{check_archetypes, check_gates};

impl Definition for ZoneDef {
    const FOLDER: &'static str = "zones";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.word(at.field("theme"), &self.theme);
        self.check_links(at, review);
        for (index, room) in self.rooms.iter().enumerate() {
            review.local_key(at.field("rooms").nth(index).field("key"), &room.key);
        }
        for (index, gate) in self.gates.iter().enumerate() {
            review.typed(at.field("gates").nth(index).field("word"), &gate.word);
        }
    }
}
