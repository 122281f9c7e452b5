//! Phases of a fight: when they begin, what begins with them, and how all becomes as it was.

use bevy_ecs::message::{Message, Messages};
use bevy_ecs::prelude::{Commands, Component, Entity, Has, Query, Res, Without, World};
use hypogeum_combat::{AbilitySlots, Dead, EffectRequest, Health, Side, change_abilities, effects_on, end_own_effect};
use hypogeum_content::Id;
use hypogeum_content::def::{EffectDef, NpcDef, PhaseDef};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf, Purpose, Rules, State, Tick};
use hypogeum_space::turn::distance;
use hypogeum_space::{Obstacles, Position, cm};
use serde::{Deserialize, Serialize};

use crate::spawn::spot_about;
use crate::{Brain, Home, Npc, TacticState, Threat, spawn_npc};

const HELP: Purpose = Purpose::named("phase help");
/// Time between two looks whether what a phase puts on its bearer is still on it.
const RENEW_MS: u32 = 2_000;
/// How much those who come to help mind whom they are called against.
const THREAT_CALLED: u32 = 60;

/// How far the fight against an NPC with phases has got. Only `npc` changes it.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseState {
    /// 0: as it is at first; else the number of its phase, counted from 1.
    pub phase: u8,
    /// Since which tick it fights; 0: it does not.
    pub fight_since_tick: u32,
}

impl PhaseState {
    /// The phase that holds, if any.
    #[must_use]
    pub fn of(self, def: &NpcDef) -> Option<&PhaseDef> {
        def.phases.get(usize::from(self.phase).checked_sub(1)?)
    }
}

impl State for PhaseState {
    const NAME: &'static str = "phase";
}

/// Came to the help of this NPC, whose phase it was.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower(pub NetId);

impl State for Follower {
    const NAME: &'static str = "follower";
}

/// An NPC said something. Readable from `ShardSystems::Apply` on, for the rest of the tick.
#[derive(Message, Clone, Debug, PartialEq, Eq)]
pub struct Spoke {
    /// The NPC that speaks.
    pub who: NetId,
    /// What it says: `says` of its phase.
    pub words: String,
}

/// What happens to a fight.
#[derive(Clone, Copy)]
enum Turn {
    /// It begins.
    Engages,
    /// The next phase begins: its place in the list.
    Enters(usize),
    /// An effect of the phase has run out.
    Renews(Id<EffectDef>),
    /// It is over, and its bearer whole.
    Resets,
}

/// Fights come to their next phase, or are over.
pub(crate) fn advance(world: &mut World) {
    let Some(mut fights) = world.try_query::<(Entity, &NetIdOf, &PhaseState, Has<Dead>)>() else { return };
    let living = fights.iter(world).filter(|row| !row.3).map(|row| (row.1.0, row.0, *row.2));
    let mut living: Vec<(NetId, Entity, PhaseState)> = living.collect();
    if living.is_empty() {
        return;
    }
    living.sort_unstable_by_key(|row| row.0);
    let rules = world.resource::<Rules>().clone();
    for (who, entity, state) in living {
        let def = world.get::<Npc>(entity).and_then(|npc| rules.content.npcs.find(npc.def));
        if let Some(def) = def
            && let Some(turn) = turn_of(world, &rules, (who, entity, state), def)
        {
            take_turn(world, (who, entity, state), def, turn);
        }
    }
}

fn turn_of(
    world: &World,
    rules: &Rules,
    (who, entity, state): (NetId, Entity, PhaseState),
    def: &NpcDef,
) -> Option<Turn> {
    let (brain, health) = (world.get::<Brain>(entity)?, world.get::<Health>(entity)?);
    let tick = world.resource::<Tick>().0;
    if brain.target.is_some() && state.fight_since_tick == 0 {
        return Some(Turn::Engages);
    }
    if let Some(next) = def.phases.get(usize::from(state.phase)) {
        let share = u64::from(health.hp) * 100;
        let by_health = next.at_hp_percent != 0 && share <= u64::from(next.at_hp_percent) * u64::from(health.hp_max);
        let due_tick = state.fight_since_tick.saturating_add(rules.ticks(next.after_ms));
        let by_time = next.after_ms != 0 && state.fight_since_tick != 0 && tick >= due_tick;
        if by_health || by_time {
            return Some(Turn::Enters(usize::from(state.phase)));
        }
    }
    let has_begun = state != PhaseState::default();
    let is_home = world.get::<Home>(entity).zip(world.get::<Position>(entity));
    let is_home = is_home.is_none_or(|(home, at)| distance(home.at, *at) <= home.leash / 2);
    if has_begun && is_home && !brain.target.is_some() && health.hp == health.hp_max {
        return Some(Turn::Resets);
    }
    let phase = state.of(def).filter(|_| tick.is_multiple_of(rules.ticks(RENEW_MS).max(1)))?;
    let borne = effects_on(world, who);
    let lacks = |effect: &Id<EffectDef>| borne.iter().all(|borne| borne.def != *effect);
    phase.effects.iter().map(|effect| effect.id()).find(lacks).map(Turn::Renews)
}

fn take_turn(world: &mut World, (who, entity, state): (NetId, Entity, PhaseState), def: &NpcDef, turn: Turn) {
    let tick = world.resource::<Tick>().0;
    let next = match turn {
        Turn::Engages => PhaseState { fight_since_tick: tick, ..state },
        Turn::Enters(index) => PhaseState { phase: index as u8 + 1, ..state },
        Turn::Renews(effect) => {
            world.write_message(EffectRequest { source: who, target: who, effect });
            return;
        }
        Turn::Resets => PhaseState::default(),
    };
    if let Some(mut written) = world.get_mut::<PhaseState>(entity) {
        *written = next;
    }
    if next.phase == state.phase {
        return;
    }
    for effect in state.of(def).into_iter().flat_map(|phase| &phase.effects) {
        end_own_effect(world, who, effect.id());
    }
    rearm(world, (who, entity), def, next);
    let Some(phase) = next.of(def) else { return };
    for effect in &phase.effects {
        world.write_message(EffectRequest { source: who, target: who, effect: effect.id() });
    }
    if !phase.says.is_empty() {
        world.resource_mut::<Messages<Spoke>>().write(Spoke { who, words: phase.says.clone() });
    }
    call_help(world, (who, entity), phase);
}

/// Gives an NPC the abilities of its phase, those that are new to their slots ready at once.
fn rearm(world: &mut World, (who, entity): (NetId, Entity), def: &NpcDef, state: PhaseState) {
    let abilities = state.of(def).map(|phase| &phase.abilities).filter(|abilities| !abilities.is_empty());
    let abilities = abilities.unwrap_or(&def.abilities);
    let slots = AbilitySlots::from_index(0, abilities.iter().map(|ability| ability.id()));
    change_abilities(world, who, slots);
    if let Some(mut tactics) = world.get_mut::<TacticState>(entity) {
        *tactics = TacticState::default();
    }
}

/// Lets those appear who come to help with a phase. They mind at once whom their leader fights.
fn call_help(world: &mut World, (who, entity): (NetId, Entity), phase: &PhaseDef) {
    let (Some(&place), Some(&side)) = (world.get::<Position>(entity), world.get::<Side>(entity)) else { return };
    let target = world.get::<Brain>(entity).map_or(NetId::NONE, |brain| brain.target);
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    let mut dice = rules.dice(tick, who, HELP);
    for spawn in &phase.spawns {
        let radius = rules.content.npcs.find(spawn.npc.id()).map_or(0, |def| cm(def.radius_cm));
        for _ in 0..spawn.count {
            let obstacles = world.resource::<Obstacles>();
            let at = spot_about(place, cm(spawn.radius_cm), &mut dice, |spot| {
                obstacles.free(spot, radius) && obstacles.sight(place, spot)
            });
            let spawned = spawn_npc(world, spawn.npc.id(), at, dice.bits() as u16);
            let Some(spawned) = spawned.and_then(|name| world.resource::<NetIdIndex>().entity(name)) else { continue };
            let mut threat = Threat::default();
            if target.is_some() {
                threat.raise(target, THREAT_CALLED);
            }
            world.entity_mut(spawned).insert((Follower(who), side, threat));
        }
    }
}

/// Those who came to help leave when they are at peace and their leader is dead or as it was at first.
pub(crate) fn dismiss(
    directory: Res<NetIdIndex>,
    leaders: Query<&PhaseState, Without<Dead>>,
    followers: Query<(Entity, &Follower, &Brain, &Threat), Without<Dead>>,
    mut commands: Commands,
) {
    for (entity, follower, brain, threat) in &followers {
        let leader = directory.entity(follower.0).and_then(|leader| leaders.get(leader).ok());
        let is_at_peace = !brain.target.is_some() && threat.is_empty();
        if leader.is_none_or(|state| state.phase == 0) && is_at_peace {
            commands.entity(entity).despawn();
        }
    }
}

#[cfg(test)]
mod tests;
