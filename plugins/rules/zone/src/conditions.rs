//! Whether what a trigger asks for holds.

use bevy_ecs::prelude::World;
use hypogeum_combat::Level;
use hypogeum_content::def::TriggerCondition;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Purpose, Rules, Tick};

use crate::doors::{carries, door_of_key};
use crate::layout::room_index;
use crate::presence::in_room;
use crate::state::{Doors, Flags};
use crate::triggers::Happenings;
use crate::zone_def;

const CHANCE: Purpose = Purpose::named("trigger chance");
/// Hours of a day.
const HOURS: u32 = 24;

/// Whether a condition holds now for who has caused what happens.
pub(crate) fn holds(world: &mut World, condition: &TriggerCondition, who: NetId) -> bool {
    match condition {
        TriggerCondition::FlagIs(flag, set) => world.resource::<Flags>().0.contains(flag) == *set,
        TriggerCondition::Carries(item) => carries(world, who, item.id()),
        TriggerCondition::DoorIs(key, state) => {
            door_of_key(world, key).and_then(|door| world.resource::<Doors>().state(door)) == Some(*state)
        }
        TriggerCondition::HourIs(first, last) => hour(world).is_some_and(|hour| is_between(hour, *first, *last)),
        TriggerCondition::LevelAtLeast(level) => level_of(world, who) >= *level,
        TriggerCondition::PlayersIn { room, at_least, at_most } => {
            let room = zone_def(world).and_then(|zone| room_index(zone, room));
            let count = room.map_or(0, |room| in_room(world, room).len());
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            count >= *at_least && at_most.is_none_or(|most| count <= most)
        }
        TriggerCondition::Chance(percent) => {
            // Each that is asked in a step has dice of its own, by its turn.
            let turn = world.resource_mut::<Happenings>().next_chance();
            let mut dice = world.resource::<Rules>().dice(*world.resource::<Tick>(), NetId(turn), CHANCE);
            dice.below(100) < *percent
        }
    }
}

/// The level of a character; 0 of what has none.
pub(crate) fn level_of(world: &World, who: NetId) -> u32 {
    let entity = world.resource::<NetIdIndex>().entity(who);
    entity.and_then(|entity| world.get::<Level>(entity)).map_or(0, |level| level.0)
}

const fn is_between(hour: u32, first: u32, last: u32) -> bool {
    if first <= last { first <= hour && hour <= last } else { first <= hour || hour <= last }
}

/// How many steps an hour of the zone's day has; none where it has no day.
fn hour_ticks(world: &World) -> Option<u32> {
    Some(world.resource::<Rules>().ticks(zone_def(world)?.hour_ms()?).max(1))
}

/// The hour of the zone's day, 0–23. A zone begins at midnight.
pub(crate) fn hour(world: &World) -> Option<u32> {
    Some(world.resource::<Tick>().0 / hour_ticks(world)? % HOURS)
}

/// The hour that begins in this step.
pub(crate) fn hour_that_begins(world: &World) -> Option<u32> {
    hour(world).filter(|_| hour_ticks(world).is_some_and(|ticks| world.resource::<Tick>().0.is_multiple_of(ticks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_go_round_midnight() {
        let held = |first, last| (0..HOURS).filter(|hour| is_between(*hour, first, last)).collect::<Vec<_>>();
        assert_eq!(held(9, 11), [9, 10, 11], "first and last count");
        assert_eq!(held(22, 1), [0, 1, 22, 23], "a night goes round");
        assert_eq!(held(7, 7), [7], "one hour is one hour");
    }
}
