//! What a zone looks like, by its definition.

use hypogeum_content::Content;
use hypogeum_content::def::{AreaDef, Axis, ZoneDef};
use hypogeum_space::cm;

use super::{Drawing, METRE, Sort};

/// Draws a zone.
pub(crate) fn of_zone(content: &Content, key: &str, zone: &ZoneDef) -> Drawing {
    let mut drawing =
        Drawing { title: key.to_owned(), side: metres(zone.side_m), marks: Vec::new(), notes: Vec::new() };
    for room in &zone.rooms {
        let reach = (metres(room.area.width) / 2, metres(room.area.height) / 2);
        let label = if room.is_safe { format!("{} (safe)", room.key) } else { room.key.clone() };
        drawing.add(Sort::Room, middle(&room.area), reach, label);
    }
    for way in &zone.ways {
        let Some(edge) = zone.edge_of(way) else { continue };
        let (from, to) = edge.opening_cm(way.width_cm);
        let (along, half) = (cm(from.saturating_add(to) / 2), cm(way.width_cm) / 2);
        let (at, reach) = match edge.axis {
            Axis::Vertical => ((metres(edge.at_m), along), (METRE / 4, half)),
            Axis::Horizontal => ((along, metres(edge.at_m)), (half, METRE / 4)),
        };
        match &way.door {
            Some(door) => {
                drawing.add(Sort::Door, at, reach, door.key.clone());
                let opened =
                    door.opened_by.as_ref().map_or_else(String::new, |item| format!(", opened by {}", item.key()));
                drawing.notes.push(format!("door {}: {:?} at first{opened}", door.key, door.starts));
            }
            None => drawing.add(Sort::Opening, at, reach, ""),
        }
    }
    for gate in &zone.gates {
        let Some(room) = zone.room(&gate.room) else { continue };
        drawing.add(Sort::Gate, middle(&room.area), (METRE, METRE), format!("{}: {}", gate.word, gate.to_zone));
    }
    for furniture in &zone.furniture {
        let Some(room) = zone.room(&furniture.room) else { continue };
        drawing.add(Sort::Container, beside(&room.area, 1), (METRE / 2, METRE / 2), furniture.loot.key());
    }
    for (number, spawner) in (0_i32..).zip(&zone.spawners) {
        let Some(room) = zone.room(&spawner.room) else { continue };
        let npc = &content.npcs[spawner.npc.id()];
        let sort = if npc.shop.is_some() || npc.talk.is_some() { Sort::Keeper } else { Sort::Npc };
        let label = format!("{} {}", spawner.count, spawner.npc.key());
        drawing.add(sort, beside(&room.area, -1 - number % 2), (METRE / 2, METRE / 2), label.clone());
        let again = match spawner.respawn_ms {
            0 => "never again".to_owned(),
            ms => format!("again after {} s", ms / 1_000),
        };
        drawing.notes.push(format!("{label} in {}, {again}", spawner.room));
    }
    drawing.notes.push(format!("shrine: {}", zone.shrine));
    drawing
}

fn metres(metres: u32) -> i32 {
    cm(metres.saturating_mul(100))
}

fn middle(area: &AreaDef) -> (i32, i32) {
    let half = |from: u32, length: u32| metres(from).saturating_add(metres(length) / 2);
    (half(area.x, area.width), half(area.y, area.height))
}

/// A place in a room above or below its middle, so that marks do not cover one another.
fn beside(area: &AreaDef, fifths: i32) -> (i32, i32) {
    let (x, y) = middle(area);
    (x, y.saturating_add(metres(area.height) / 5 * fifths))
}
