//! Zones that do not play as they read: rooms nobody gets into, doors nothing opens, triggers that never fire.

use std::collections::BTreeSet;

use hypogeum_script::{Kind, Literal};

use super::root;
use crate::Content;
use crate::content::Sources;
use crate::def::{DoorDef, DoorState, TriggerAction, TriggerCondition, TriggerEvent, ZoneDef};
use crate::locate::Spot;
use crate::nearest::nearest;
use crate::review::Review;

pub(super) fn look(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, zone) in content.zones.iter() {
        let Some(at) = root::<ZoneDef>(sources, key) else { continue };
        let gates = content.zones.iter().flat_map(|(_, _, other)| &other.gates);
        let arrivals = gates.filter(|gate| gate.to_zone == key).map(|gate| gate.to_room.as_str());
        let scripted = Scripted::of(content, zone);
        look_at_rooms(zone, &scripted, arrivals, at.field("rooms"), review);
        look_at_doors(zone, &scripted, at.field("ways"), review);
        look_at_gates(zone, at.field("gates"), review);
        look_at_levers(zone, at.field("levers"), review);
        look_at_flags(zone, &scripted, at.field("triggers"), review);
        look_at_clocks(zone, at.field("triggers"), review);
        look_at_hazards(content, zone, at.field("triggers"), review);
    }
}

/// What the scripts of a zone name: they may do anything with it.
struct Scripted<'c> {
    rooms: BTreeSet<&'c str>,
    doors: BTreeSet<&'c str>,
    flags: BTreeSet<&'c str>,
}

impl<'c> Scripted<'c> {
    fn of(content: &'c Content, zone: &ZoneDef) -> Self {
        let scripts = actions(zone).filter_map(|action| match action {
            TriggerAction::Script(script, _) => content.scripts.find(script.id()),
            _ => None,
        });
        let literals: Vec<&Literal> = scripts.flat_map(|def| def.script.literals()).collect();
        let of_kind = |kind: Kind| {
            literals.iter().filter(|one| one.kind == Some(kind)).map(|one| one.text.as_str()).collect::<BTreeSet<_>>()
        };
        Self { rooms: of_kind(Kind::Room), doors: of_kind(Kind::Door), flags: of_kind(Kind::Flag) }
    }
}

/// Rooms that one cannot get into: neither from the shrine, nor from other zones, nor by a trigger.
fn look_at_rooms<'z>(
    zone: &'z ZoneDef,
    scripted: &Scripted<'z>,
    arrivals: impl Iterator<Item = &'z str>,
    at: Spot<'_>,
    review: &mut Review<'_>,
) {
    let teleports = actions(zone).filter_map(|action| match action {
        TriggerAction::Teleport(room) => Some(room.as_str()),
        _ => None,
    });
    let mut open: Vec<&str> =
        arrivals.chain(teleports).chain([zone.shrine.as_str()]).chain(scripted.rooms.iter().copied()).collect();
    let mut reached = BTreeSet::new();
    while let Some(room) = open.pop() {
        if !reached.insert(room) {
            continue;
        }
        for way in zone.ways.iter().filter(|way| way.door.as_ref().is_none_or(|door| can_open(zone, scripted, door))) {
            let (first, second) = (way.between.0.as_str(), way.between.1.as_str());
            if first == room {
                open.push(second);
            } else if second == room {
                open.push(first);
            }
        }
    }
    for (index, room) in zone.rooms.iter().enumerate() {
        if !reached.contains(room.key.as_str()) {
            let (found, expected) = (format!("no way into {:?}", room.key), "a way from the shrine or a gate");
            review.warn(at.nth(index), "room out of reach", found, expected, None);
        }
    }
}

/// Whether a door can come to be passed.
fn can_open(zone: &ZoneDef, scripted: &Scripted<'_>, door: &DoorDef) -> bool {
    let opens = |action: &TriggerAction| matches!(action, TriggerAction::Open(key) | TriggerAction::Close(key) if *key == door.key);
    let is_free = door.starts != DoorState::Locked || door.opened_by.is_some();
    is_free || actions(zone).any(opens) || scripted.doors.contains(door.key.as_str())
}

fn look_at_doors(zone: &ZoneDef, scripted: &Scripted<'_>, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, way) in zone.ways.iter().enumerate() {
        if let Some(door) = &way.door
            && !can_open(zone, scripted, door)
        {
            let at = at.nth(index).field("door").field("starts");
            let expected = "an item in opened_by, or a trigger that opens it";
            review.warn(at, "locked for ever", format!("nothing that opens {:?}", door.key), expected, None);
        }
    }
}

/// Gates stand at the middle of their rooms: two of them in one room stand in one another.
fn look_at_gates(zone: &ZoneDef, at: Spot<'_>, review: &mut Review<'_>) {
    let mut rooms = BTreeSet::new();
    for (index, gate) in zone.gates.iter().enumerate() {
        if !rooms.insert(&gate.room) {
            let found = format!("another in {:?}", gate.room);
            review.warn(at.nth(index).field("room"), "gates in one another", found, "one gate a room", None);
        }
    }
}

fn look_at_levers(zone: &ZoneDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, lever) in zone.levers.iter().enumerate() {
        let is_heard = |event: &TriggerEvent| matches!(event, TriggerEvent::Pull(key) if *key == lever.key);
        if !zone.triggers.iter().any(|trigger| is_heard(&trigger.on)) {
            let found = format!("no trigger on Pull({:?})", lever.key);
            review.warn(at.nth(index), "lever that does nothing", found, "a trigger on it", None);
        }
    }
}

/// Flags that are asked for, and never set.
fn look_at_flags(zone: &ZoneDef, scripted: &Scripted<'_>, at: Spot<'_>, review: &mut Review<'_>) {
    let set: BTreeSet<&str> = actions(zone)
        .filter_map(|action| match action {
            TriggerAction::SetFlag(flag, true) => Some(flag.as_str()),
            _ => None,
        })
        .chain(scripted.flags.iter().copied())
        .collect();
    let mut look = |at: Spot<'_>, flag: &str| {
        if !set.contains(flag) {
            let hint = nearest(flag, set.iter().copied()).map(|near| format!("did you mean {near:?}?"));
            let expected = "a flag that SetFlag sets";
            review.warn(at, "flag that is never set", format!("{flag:?}"), expected, hint);
        }
    };
    for (index, trigger) in zone.triggers.iter().enumerate() {
        let at = at.nth(index);
        if let TriggerEvent::Flag(flag) = &trigger.on {
            look(at.field("on").nth(0), flag);
        }
        for (index, condition) in trigger.when.iter().enumerate() {
            if let TriggerCondition::FlagIs(flag, _) = condition {
                look(at.field("when").nth(index).nth(0), flag);
            }
        }
    }
}

/// Time passes for nobody in particular: what is done to who caused it is done to nobody.
fn look_at_clocks(zone: &ZoneDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, trigger) in zone.triggers.iter().enumerate() {
        let event = match trigger.on {
            TriggerEvent::Every(_) => "Every",
            TriggerEvent::Hour(_) => "Hour",
            _ => continue,
        };
        let at = at.nth(index);
        let mut look = |at: Spot<'_>| {
            let expected = "what needs nobody, or an event that somebody causes";
            review.warn(at, format!("nobody causes {event}"), at.word(), expected, None);
        };
        for (index, condition) in trigger.when.iter().enumerate() {
            if matches!(condition, TriggerCondition::Carries(_) | TriggerCondition::LevelAtLeast(_)) {
                look(at.field("when").nth(index));
            }
        }
        for (index, action) in trigger.then.iter().enumerate() {
            if needs_somebody(action) {
                look(at.field("then").nth(index));
            }
        }
    }
}

/// On safe ground a hazard hurts nobody.
fn look_at_hazards(content: &Content, zone: &ZoneDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, trigger) in zone.triggers.iter().enumerate() {
        for (place, action) in trigger.then.iter().enumerate() {
            let TriggerAction::Hazard { hazard, room } = action else { continue };
            let is_harmful = content.hazards.find(hazard.id()).is_some_and(|def| def.damage > 0);
            if is_harmful && zone.room(room).is_some_and(|room| room.is_safe) {
                let at = at.nth(index).field("then").nth(place).field("room");
                review.warn(at, "hazard on safe ground", format!("{room:?} is safe"), "a room that is not", None);
            }
        }
    }
}

const fn needs_somebody(action: &TriggerAction) -> bool {
    matches!(
        action,
        TriggerAction::Tell(_)
            | TriggerAction::Effect(_)
            | TriggerAction::Teleport(_)
            | TriggerAction::Give(_)
            | TriggerAction::Take(_)
    )
}

fn actions(zone: &ZoneDef) -> impl Iterator<Item = &TriggerAction> {
    zone.triggers.iter().flat_map(|trigger| &trigger.then)
}
