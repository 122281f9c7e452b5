//! Which ability an NPC with tactics uses.

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, Without};
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use hypogeum_combat::{
    AbilityIntent, AbilitySlots, Afflictions, Aid, Casting, Cooldowns, Dead, Effect, Health, Mana, Side, reach, ready,
};
use hypogeum_content::Id;
use hypogeum_content::def::{AbilityDef, EffectDef, NpcDef, TacticCondition, TacticDef};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf, Rules, State, Tick};
use hypogeum_space::turn::distance;
use hypogeum_space::{Body, Grid, METRE, Obstacles, Position, cm};
use serde::{Deserialize, Serialize};

use crate::steer::{Means, best_slot, fights};
use crate::{Brain, Npc, PhaseState};

/// Time between two looks for a friend in need.
const LOOK_MS: u32 = 300;
/// Largest half width of a body: a friend's edge is that much nearer than its middle.
const BULK: i32 = 2 * METRE;

/// What an NPC remembers that has tactics. Only `npc` changes it.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TacticState {
    /// The first tick each tactic may be followed again, in the order of its list.
    pub ready_ticks: Vec<u32>,
}

impl State for TacticState {
    const NAME: &'static str = "tactics";
}

/// All that following tactics reads and writes of an NPC.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct Tactician {
    entity: Entity,
    named: &'static NetIdOf,
    npc: &'static Npc,
    brain: &'static Brain,
    state: &'static mut TacticState,
    phase: Option<&'static PhaseState>,
    body: (&'static Position, &'static Body),
    side: &'static Side,
    health: &'static Health,
    slots: &'static AbilitySlots,
    cooldowns: &'static Cooldowns,
    mana: &'static Mana,
    casting: &'static Casting,
    intent: &'static mut AbilityIntent,
}

/// The world as tactics look at it.
#[derive(SystemParam)]
pub(crate) struct Field<'w, 's> {
    rules: Res<'w, Rules>,
    tick: Res<'w, Tick>,
    directory: Res<'w, NetIdIndex>,
    grid: Res<'w, Grid>,
    obstacles: Res<'w, Obstacles>,
    afflictions: Res<'w, Afflictions>,
    fighters: Query<'w, 's, (&'static Position, &'static Body, &'static Side, &'static Health), Without<Dead>>,
    effects: Query<'w, 's, &'static Effect>,
}

/// An enemy that it sees.
#[derive(Clone, Copy)]
struct Target {
    name: NetId,
    /// Distances from middle to middle, and from edge to edge, in subunits.
    away: i32,
    between: i32,
    health: Health,
}

/// Every NPC with tactics uses what the first of them that can be followed says, and where none can, the ability that hurts
/// most of those that none names.
pub(crate) fn follow_tactics(field: Field, mut tacticians: Query<Tactician, Without<Dead>>, mut commands: Commands) {
    for mut one in &mut tacticians {
        let Some(def) = field.rules.content.npcs.find(one.npc.def) else { continue };
        if one.brain.returning || one.casting.slot != Casting::NOTHING {
            continue;
        }
        let tactics = tactics_of(def, one.phase.copied());
        let target = field.target(&one);
        let followed = (0..tactics.len()).find_map(|index| Some((index, field.follows(&one, target, tactics, index)?)));
        if let Some((index, (slot, aid))) = followed {
            let tick = field.tick.0;
            one.state.ready_ticks.resize(tactics.len(), 0);
            one.state.ready_ticks[index] = tick.saturating_add(field.rules.ticks(tactics[index].every_ms));
            *one.intent = AbilityIntent(slot);
            if let Some(friend) = aid {
                commands.entity(one.entity).insert(Aid(friend));
            }
        } else if let Some(target) = target {
            let is_named = |id: Id<AbilityDef>| tactics.iter().any(|tactic| tactic.ability.id() == id);
            let slot = best_slot(&field.rules, &one.means(&field), target.between, |id| !is_named(id));
            if slot != 0 {
                *one.intent = AbilityIntent(slot);
            }
        }
    }
}

/// The tactics that hold for an NPC now: those of its phase, if it has any of its own.
fn tactics_of(def: &NpcDef, phase: Option<PhaseState>) -> &[TacticDef] {
    let of_phase = phase.and_then(|phase| phase.of(def)).map(|phase| &phase.tactics);
    of_phase.filter(|tactics| !tactics.is_empty()).unwrap_or(&def.tactics)
}

impl TacticianItem<'_, '_> {
    fn means<'a>(&'a self, field: &Field<'_, '_>) -> Means<'a> {
        Means {
            tick: field.tick.0,
            slots: self.slots,
            cooldowns: self.cooldowns,
            mana: self.mana,
            casting: self.casting,
        }
    }
}

impl Field<'_, '_> {
    /// Whom one fights, if it sees that one.
    fn target(&self, one: &TacticianItem<'_, '_>) -> Option<Target> {
        if !fights(one.brain.activity) || !one.brain.sees_target {
            return None;
        }
        let name = one.brain.target;
        let (there, bulk, _, health) = self.fighters.get(self.directory.entity(name)?).ok()?;
        let away = distance(*one.body.0, *there);
        let between = away.saturating_sub(one.body.1.radius).saturating_sub(bulk.radius).max(0);
        Some(Target { name, away, between, health: *health })
    }

    /// The input number of the slot that a tactic uses now, and whom it helps with it; `None` where it cannot be followed.
    fn follows(
        &self,
        one: &TacticianItem<'_, '_>,
        target: Option<Target>,
        tactics: &[TacticDef],
        index: usize,
    ) -> Option<(u8, Option<NetId>)> {
        let (tactic, tick) = (tactics.get(index)?, self.tick.0);
        if one.state.ready_ticks.get(index).is_some_and(|ready| *ready > tick) {
            return None;
        }
        let slot = one.slots.0.iter().position(|id| *id == Some(tactic.ability.id()))?;
        let is_ready = ready(&self.rules, tick, slot, one.slots, one.cooldowns, one.mana, one.casting);
        if !is_ready || !tactic.when.iter().all(|condition| self.holds(one, target, condition)) {
            return None;
        }
        let ability = self.rules.content.abilities.find(tactic.ability.id())?;
        let input = slot as u8 + 1;
        if !ability.is_help(&self.rules.content) {
            return target.filter(|target| target.between <= reach(ability.shape)).map(|_| (input, None));
        }
        match tactic.ally_hurt() {
            Some(percent) => Some((input, Some(self.friend_in_need(one, percent, reach(ability.shape))?))),
            // At peace it keeps its remedies.
            None => target.map(|_| (input, Some(one.named.0))),
        }
    }

    fn holds(&self, one: &TacticianItem<'_, '_>, target: Option<Target>, condition: &TacticCondition) -> bool {
        match condition {
            TacticCondition::HpBelow(percent) => is_below(*one.health, *percent),
            TacticCondition::HpAbove(percent) => !is_below(*one.health, *percent),
            TacticCondition::Has(effect) => self.bears(one.named.0, effect.id()),
            TacticCondition::Lacks(effect) => !self.bears(one.named.0, effect.id()),
            TacticCondition::TargetHpBelow(percent) => target.is_some_and(|it| is_below(it.health, *percent)),
            TacticCondition::TargetHpAbove(percent) => target.is_some_and(|it| !is_below(it.health, *percent)),
            TacticCondition::TargetWithin(reach) => target.is_some_and(|it| it.away <= cm(*reach)),
            TacticCondition::TargetBeyond(reach) => target.is_some_and(|it| it.away > cm(*reach)),
            TacticCondition::TargetHas(effect) => target.is_some_and(|it| self.bears(it.name, effect.id())),
            TacticCondition::TargetLacks(effect) => target.is_some_and(|it| !self.bears(it.name, effect.id())),
            // Looked for last, when all else holds.
            TacticCondition::AllyHurt(_) => true,
        }
    }

    fn bears(&self, who: NetId, def: Id<EffectDef>) -> bool {
        let borne = self.afflictions.of(who).iter().filter_map(|name| self.directory.entity(*name));
        borne.filter_map(|effect| self.effects.get(effect).ok()).any(|effect| effect.def == def)
    }

    /// The friend within reach and in sight that is worst off, below a share of its health. Looked for every now and then, on
    /// ticks that follow from the name.
    fn friend_in_need(&self, one: &TacticianItem<'_, '_>, percent: u32, reach: i32) -> Option<NetId> {
        let every = self.rules.ticks(LOOK_MS).max(1);
        if one.side.0 == 0 || !self.tick.0.wrapping_add(one.named.0.0).is_multiple_of(every) {
            return None;
        }
        let (at, body) = one.body;
        let mut worst: Option<(u64, NetId)> = None;
        self.grid.near(*at, reach.saturating_add(body.radius).saturating_add(BULK), |near| {
            let Ok((there, bulk, side, health)) = self.fighters.get(near.entity) else { return };
            let between = distance(*at, *there).saturating_sub(body.radius).saturating_sub(bulk.radius);
            let is_friend = near.id != one.named.0 && side.spares(*one.side) && health.hp > 0;
            if !is_friend || !is_below(*health, percent) || between > reach {
                return;
            }
            let left = u64::from(health.hp) * 10_000 / u64::from(health.hp_max.max(1));
            if worst.is_none_or(|worst| (left, near.id) < worst) && self.obstacles.sight(*at, *there) {
                worst = Some((left, near.id));
            }
        });
        worst.map(|worst| worst.1)
    }
}

fn is_below(health: Health, percent: u32) -> bool {
    u64::from(health.hp) * 100 < u64::from(percent) * u64::from(health.hp_max)
}

#[cfg(test)]
mod tests;
