//! What follows from what happens, as the zone's definition says.

use bevy_ecs::prelude::{Resource, World};
use hypogeum_combat::EffectRequest;
use hypogeum_content::Id;
use hypogeum_content::def::{DoorState, NpcDef, TriggerAction, TriggerCondition, TriggerDef, TriggerEvent, ZoneDef};
use hypogeum_items::{Place, mint_item, spawn_item};
use hypogeum_npc::spawn_npc;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Purpose, Rules, Tick};
use hypogeum_space::{Obstacles, Position, cm, turn};

use crate::deaths::move_to;
use crate::doors::{carries, door_of_key, set_door};
use crate::layout::{Layout, room_index};
use crate::rooms::enter;
use crate::state::{Doors, Flags, TriggerStates};
use crate::tell::{TRIGGER, tell, tell_room};
use crate::zone_def;

/// Most happenings that are followed in one step: what sets flags that set flags ends here.
const FOLLOWED_MAX: usize = 64;
const PLACES: Purpose = Purpose::named("trigger places");

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// Somebody has come into a room.
    Enter { who: NetId, room: u16 },
    /// Somebody has left a room.
    Exit { who: NetId, room: u16 },
    /// Somebody has pulled a lever, by its place in the definition.
    Pull { who: NetId, lever: usize },
    /// Somebody has killed an NPC.
    Kill { who: NetId, npc: Id<NpcDef> },
    /// A flag was set or cleared.
    Flag { who: NetId, flag: String },
}

/// What has happened in this step; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Happenings(pub(crate) Vec<Happening>);

impl Happening {
    const fn who(&self) -> NetId {
        match self {
            Self::Enter { who, .. }
            | Self::Exit { who, .. }
            | Self::Pull { who, .. }
            | Self::Kill { who, .. }
            | Self::Flag { who, .. } => *who,
        }
    }

    fn is(&self, event: &TriggerEvent, zone: &ZoneDef) -> bool {
        let is_room = |room: u16, key: &str| zone.rooms.get(usize::from(room)).is_some_and(|room| room.key == key);
        match (self, event) {
            (Self::Enter { room, .. }, TriggerEvent::Enter(key))
            | (Self::Exit { room, .. }, TriggerEvent::Exit(key)) => is_room(*room, key),
            (Self::Pull { lever, .. }, TriggerEvent::Pull(key)) => {
                zone.levers.get(*lever).is_some_and(|lever| lever.key == *key)
            }
            (Self::Kill { npc, .. }, TriggerEvent::Kill(def)) => *npc == def.id(),
            (Self::Flag { flag, .. }, TriggerEvent::Flag(key)) => flag == key,
            _ => false,
        }
    }
}

/// Sets off every trigger that something of this step, or the time, sets off.
pub(crate) fn follow(world: &mut World) {
    if zone_def(world).is_none_or(|zone| zone.triggers.is_empty()) {
        world.resource_mut::<Happenings>().0.clear();
        return;
    }
    set_off_timers(world);
    for _ in 0..FOLLOWED_MAX {
        let happenings = &mut world.resource_mut::<Happenings>().0;
        if happenings.is_empty() {
            return;
        }
        let happening = happenings.remove(0);
        let Some(zone) = zone_def(world) else { return };
        let met = zone.triggers.iter().enumerate().filter(|(_, trigger)| happening.is(&trigger.on, zone));
        let met: Vec<usize> = met.map(|(number, _)| number).collect();
        for number in met {
            set_off(world, number, happening.who());
        }
    }
    world.resource_mut::<Happenings>().0.clear();
}

fn set_off_timers(world: &mut World) {
    let tick = world.resource::<Tick>().0;
    let states = &world.resource::<TriggerStates>().0;
    let is_due = |due: u32| due != 0 && due <= tick;
    let due: Vec<usize> =
        states.iter().enumerate().filter(|(_, state)| is_due(state.due_tick)).map(|(number, _)| number).collect();
    for number in due {
        let every = zone_def(world).and_then(|zone| zone.triggers.get(number)).and_then(|trigger| match trigger.on {
            TriggerEvent::Every(ms) => Some(ms),
            _ => None,
        });
        let ticks = world.resource::<Rules>().ticks(every.unwrap_or(u32::MAX)).max(1);
        if let Some(state) = world.resource_mut::<TriggerStates>().0.get_mut(number) {
            state.due_tick = tick.saturating_add(ticks);
        }
        set_off(world, number, NetId::NONE);
    }
}

/// Does what a trigger does, if all holds that must.
fn set_off(world: &mut World, number: usize, who: NetId) {
    let Some(trigger) = zone_def(world).and_then(|zone| zone.triggers.get(number)) else { return };
    let is_spent = world.resource::<TriggerStates>().0.get(number).is_some_and(|state| state.is_spent);
    if is_spent || !trigger.when.iter().all(|condition| holds(world, condition, who)) {
        return;
    }
    let TriggerDef { then, once, .. } = trigger.clone();
    if once && let Some(state) = world.resource_mut::<TriggerStates>().0.get_mut(number) {
        state.is_spent = true;
    }
    for action in &then {
        act(world, action, who);
    }
}

fn holds(world: &World, condition: &TriggerCondition, who: NetId) -> bool {
    match condition {
        TriggerCondition::FlagIs(flag, set) => world.resource::<Flags>().0.contains(flag) == *set,
        TriggerCondition::Carries(item) => carries(world, who, item.id()),
        TriggerCondition::DoorIs(key, state) => {
            door_of_key(world, key).and_then(|door| world.resource::<Doors>().0.get(door)) == Some(state)
        }
    }
}

fn act(world: &mut World, action: &TriggerAction, who: NetId) {
    let room = |world: &World, key: &str| zone_def(world).and_then(|zone| room_index(zone, key));
    match action {
        TriggerAction::Open(key) => door(world, key, DoorState::Open),
        TriggerAction::Close(key) => door(world, key, DoorState::Closed),
        TriggerAction::Lock(key) => door(world, key, DoorState::Locked),
        TriggerAction::Tell(words) => tell(world, who, TRIGGER, &[("words", words.clone())]),
        TriggerAction::Announce { room: key, words } => {
            if let Some(room) = room(world, key) {
                tell_room(world, room, None, TRIGGER, &[("words", words.clone())]);
            }
        }
        TriggerAction::Spawn { npc, room: key, count } => {
            if let Some(room) = room(world, key) {
                spawn(world, npc.id(), room, *count);
            }
        }
        TriggerAction::Effect(effect) => {
            world.write_message(EffectRequest { source: NetId::NONE, target: who, effect: effect.id() });
        }
        TriggerAction::Teleport(key) => {
            if let Some(room) = room(world, key).filter(|_| crate::doors::is_character(world, who)) {
                move_to(world, who, room);
                enter(world, who, u16::try_from(room).unwrap_or(0));
            }
        }
        TriggerAction::Give(item) => give(world, who, item.id()),
        TriggerAction::SetFlag(flag, set) => {
            let flags = &mut world.resource_mut::<Flags>().0;
            let is_news = if *set { flags.insert(flag.clone()) } else { flags.remove(flag) };
            if is_news {
                world.resource_mut::<Happenings>().0.push(Happening::Flag { who, flag: flag.clone() });
            }
        }
    }
}

/// A door that somebody stands in stays open.
fn door(world: &mut World, key: &str, state: DoorState) {
    let Some(door) = door_of_key(world, key) else { return };
    let way = world.resource::<Layout>().doors.get(door).copied();
    let block = way.and_then(|way| world.resource::<Layout>().ways.get(way)).map(|way| way.block);
    let is_open = world.resource::<Doors>().0.get(door) == Some(&DoorState::Open);
    if is_open && block.is_some_and(|block| crate::doors::is_blocked(world, block)) {
        return;
    }
    set_door(world, door, state);
}

fn spawn(world: &mut World, npc: Id<NpcDef>, room: usize, count: u32) {
    let Some(place) = world.resource::<Layout>().rooms.get(room).cloned() else { return };
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    let mut dice = rules.dice(tick, NetId(u32::try_from(room).unwrap_or(0)), PLACES);
    for _ in 0..count {
        let (x, y) = turn::step(dice.bits() as u16, dice.between(0, place.spread()));
        let middle = place.middle();
        let wanted = Position { x: middle.x + x, y: middle.y + y };
        let at = if world.resource::<Obstacles>().free(wanted, cm(50)) { wanted } else { middle };
        spawn_npc(world, npc, at, dice.bits() as u16);
    }
}

/// Into the bag, or to the ground where there is no room.
fn give(world: &mut World, who: NetId, def: Id<hypogeum_content::def::ItemDef>) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    let Some(&at) = world.get::<Position>(entity) else { return };
    let has_room = world.get::<hypogeum_items::Inventory>(entity).is_some_and(|it| it.count < it.slots);
    let item = mint_item(world, def);
    spawn_item(world, item, if has_room { Place::In(who) } else { Place::Ground }, at);
}
