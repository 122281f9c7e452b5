//! What follows from what happens, as the zone's definition says.

use bevy_ecs::prelude::{Resource, World};
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, NpcDef, TriggerAction, TriggerDef, TriggerEvent, ZoneDef};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Rules, Tick};

use crate::actions::act;
use crate::conditions::{holds, hour_that_begins};
use crate::scripts::{Cause, call, call_due};
use crate::state::TriggerStates;
use crate::tell::{UNKNOWN, tell};
use crate::zone_def;

/// Most happenings that are followed in one step: what sets flags that set flags ends here.
const FOLLOWED_MAX: usize = 64;

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
    /// Somebody has typed a word that triggers know where it stands, and what came behind it.
    Command { who: NetId, room: u16, word: String, rest: String },
    /// Somebody has used an item.
    Use { who: NetId, item: Id<ItemDef> },
    /// An hour of the day begins.
    Hour(u32),
}

/// What has happened in this step; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Happenings {
    list: Vec<Happening>,
    /// How many chances were asked for.
    chances: u32,
}

impl Happenings {
    pub(crate) fn push(&mut self, happening: Happening) {
        self.list.push(happening);
    }

    /// The number of a chance in this step.
    pub(crate) const fn next_chance(&mut self) -> u32 {
        self.chances += 1;
        self.chances
    }
}

impl Happening {
    /// Who has caused it; nobody, where time has.
    pub(crate) const fn who(&self) -> NetId {
        match self {
            Self::Enter { who, .. }
            | Self::Exit { who, .. }
            | Self::Pull { who, .. }
            | Self::Kill { who, .. }
            | Self::Flag { who, .. }
            | Self::Command { who, .. }
            | Self::Use { who, .. } => *who,
            Self::Hour(_) => NetId::NONE,
        }
    }

    /// As scripts are told of it.
    fn cause(&self) -> Cause {
        let room = match self {
            Self::Enter { room, .. } | Self::Exit { room, .. } | Self::Command { room, .. } => Some(usize::from(*room)),
            _ => None,
        };
        let words = if let Self::Command { rest, .. } = self { rest.clone() } else { String::new() };
        Cause { who: self.who(), room, words }
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
            (Self::Command { room, word, .. }, TriggerEvent::Command { words, rooms }) => {
                words.contains(word) && (rooms.is_empty() || rooms.iter().any(|key| is_room(*room, key)))
            }
            (Self::Use { item, .. }, TriggerEvent::Use(def)) => *item == def.id(),
            (Self::Hour(hour), TriggerEvent::Hour(wanted)) => hour == wanted,
            _ => false,
        }
    }
}

/// Sets off every trigger that something of this step, or the time, sets off.
pub(crate) fn follow(world: &mut World) {
    if zone_def(world).is_none_or(|zone| zone.triggers.is_empty()) {
        *world.resource_mut::<Happenings>() = Happenings::default();
        return;
    }
    call_due(world);
    set_off_timers(world);
    if let Some(hour) = hour_that_begins(world) {
        world.resource_mut::<Happenings>().push(Happening::Hour(hour));
    }
    for _ in 0..FOLLOWED_MAX {
        let happenings = &mut world.resource_mut::<Happenings>().list;
        if happenings.is_empty() {
            break;
        }
        let happening = happenings.remove(0);
        let Some(zone) = zone_def(world) else { return };
        let met = zone.triggers.iter().enumerate().filter(|(_, trigger)| happening.is(&trigger.on, zone));
        let met: Vec<usize> = met.map(|(number, _)| number).collect();
        let mut has_followed = false;
        for number in met {
            has_followed |= set_off(world, number, &happening);
        }
        if let (false, Happening::Command { who, word, .. }) = (has_followed, &happening) {
            tell(world, *who, UNKNOWN, &[("word", word.as_str().into())]);
        }
    }
    *world.resource_mut::<Happenings>() = Happenings::default();
}

/// Whether a trigger knows this word where somebody stands.
pub(crate) fn knows_word(zone: &ZoneDef, room: u16, word: &str) -> bool {
    let typed = Happening::Command { who: NetId::NONE, room, word: word.to_owned(), rest: String::new() };
    zone.triggers.iter().any(|trigger| typed.is(&trigger.on, zone))
}

/// Whether a trigger follows from the use of an item.
pub(crate) fn knows_use(zone: &ZoneDef, item: Id<ItemDef>) -> bool {
    let used = Happening::Use { who: NetId::NONE, item };
    zone.triggers.iter().any(|trigger| used.is(&trigger.on, zone))
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
        // As that of an hour, nobody's.
        set_off(world, number, &Happening::Hour(u32::MAX));
    }
}

/// Does what a trigger does, if all holds that must. Returns whether it did.
fn set_off(world: &mut World, number: usize, happening: &Happening) -> bool {
    let who = happening.who();
    let Some(trigger) = zone_def(world).and_then(|zone| zone.triggers.get(number)) else { return false };
    let TriggerDef { when, then, once, .. } = trigger.clone();
    let is_spent = world.resource::<TriggerStates>().0.get(number).is_some_and(|state| state.is_spent);
    if is_spent || !when.iter().all(|condition| holds(world, condition, who)) {
        return false;
    }
    if once && let Some(state) = world.resource_mut::<TriggerStates>().0.get_mut(number) {
        state.is_spent = true;
    }
    for action in &then {
        match action {
            TriggerAction::Script(script, function) => call(world, script.id(), function, &happening.cause()),
            action => act(world, action, who),
        }
    }
    true
}
