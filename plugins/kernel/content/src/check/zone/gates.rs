//! Zones among one another, and who comes into them.

use crate::Content;
use crate::content::Sources;
use crate::def::{ArchetypeDef, ZoneDef};
use crate::review::{Definition, Review, is_key};

/// Somebody has to be somebody: a zone needs an archetype at least.
pub(in crate::check) fn check_archetypes(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let Some((_, key, _)) = content.zones.iter().next() else { return };
    if !review.keys.contains_key(ArchetypeDef::FOLDER)
        && let Some(source) = sources.get(&(ZoneDef::FOLDER, key.to_owned()))
    {
        let expected = "one at least in archetypes, for players to be";
        review.fault(source.root(), "zones without archetypes", "no archetype", expected);
    }
}

/// Gates lead into rooms that are there.
pub(in crate::check) fn check_gates(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, zone) in content.zones.iter() {
        let Some(source) = sources.get(&(ZoneDef::FOLDER, key.to_owned())) else { continue };
        for (index, gate) in zone.gates.iter().enumerate() {
            let at = source.root().field("gates").nth(index);
            if !is_key(&gate.to_zone) || !is_key(&gate.to_room) {
                // Said already.
                continue;
            }
            if gate.to_zone == key {
                let expected = "another zone; a way leads to rooms of this one";
                review.fault(at.field("to_zone"), "gate into its own zone", format!("{key:?}"), expected);
                continue;
            }
            let Some(other) = content.zones.id(&gate.to_zone).map(|id| &content.zones[id]) else {
                // A zone that is there and could not be read has errors of its own.
                let zones = review.keys.get(ZoneDef::FOLDER).into_iter().flatten().map(|(key, _)| key.as_str());
                review.known(at.field("to_zone"), "zone", &gate.to_zone, zones);
                continue;
            };
            let rooms = other.rooms.iter().map(|room| room.key.as_str());
            review.known(at.field("to_room"), "room", &gate.to_room, rooms);
        }
    }
}
