//! What the owner of a place does to fighters besides hurting them: those who come back from the dead, come in from
//! elsewhere as they were, learn, or stand where nobody may hurt them.

use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::prelude::{Component, World};
use hypogeum_content::Id;
use hypogeum_content::def::EffectDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIds, Rules, State, Tick};
use serde::{Deserialize, Serialize};

use crate::effects::next_pulse;
use crate::{
    AbilitySlots, Afflictions, BaseStats, Casting, Cooldowns, Dead, Downed, Effect, Health, LastHurt, Level, Mana,
    Regeneration,
};

/// Nobody hurts it and nothing harmful is put on it: it stands on safe ground.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheltered;

impl State for Sheltered {
    const NAME: &'static str = "sheltered";
}

/// An effect as somebody takes it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarriedEffect {
    /// Which effect.
    pub def: Id<EffectDef>,
    /// How many of them, 1 and up.
    pub stacks: u32,
    /// Ticks until it ends.
    pub ticks_left: u32,
}

/// Brings one who is dead back to life, with so many hit points and mana in a hundred of what is whole, at least one hit
/// point. Returns whether it was dead. Speed and stats are worked out again in the same step.
pub fn revive(world: &mut World, who: NetId, percent: u32) -> bool {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return false };
    if world.entity_mut(entity).take::<Dead>().is_none() {
        return false;
    }
    let share = |whole: u32| u32::try_from(u64::from(whole) * u64::from(percent.min(100)) / 100).unwrap_or(whole);
    if let Some(mut health) = world.get_mut::<Health>(entity) {
        health.hp = share(health.hp_max).max(1);
    }
    if let Some(mut mana) = world.get_mut::<Mana>(entity) {
        mana.mp = share(mana.mp_max);
    }
    if let Some(mut last_hurt) = world.get_mut::<LastHurt>(entity) {
        *last_hurt = LastHurt::default();
    }
    // What it had regained is gone with the life before.
    if let Some(mut regeneration) = world.get_mut::<Regeneration>(entity) {
        regeneration.untold = 0;
    }
    // The dead have no speed: it follows from the stats again.
    if let Some(mut stats) = world.get_mut::<BaseStats>(entity) {
        stats.set_changed();
    }
    true
}

/// Lets one who is downed get up, with so many hit points in a hundred of what is whole, at least one. Returns whether it was
/// downed, and is not dead.
pub fn get_up(world: &mut World, who: NetId, percent: u32) -> bool {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return false };
    if world.get::<Dead>(entity).is_some() || world.entity_mut(entity).take::<Downed>().is_none() {
        return false;
    }
    if let Some(mut health) = world.get_mut::<Health>(entity) {
        let share = u64::from(health.hp_max) * u64::from(percent.min(100)) / 100;
        health.hp = u32::try_from(share).unwrap_or(health.hp_max).max(1);
    }
    // What it cast when it went down is broken.
    if let Some(mut casting) = world.get_mut::<Casting>(entity) {
        casting.set_if_neq(Casting::default());
    }
    true
}

/// Gives one who comes in hit points and mana as it had them, at most what is whole, and at least one hit point.
pub fn set_vitals(world: &mut World, who: NetId, hp: u32, mp: u32) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    if let Some(mut health) = world.get_mut::<Health>(entity) {
        health.hp = hp.clamp(1, health.hp_max.max(1));
    }
    if let Some(mut mana) = world.get_mut::<Mana>(entity) {
        mana.mp = mp.min(mana.mp_max);
    }
}

/// Gives a fighter other abilities; those that are new to their slots are ready at once. Returns whether any are.
pub fn change_abilities(world: &mut World, who: NetId, slots: AbilitySlots) -> bool {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return false };
    let Some(before) = world.get::<AbilitySlots>(entity).copied().filter(|before| *before != slots) else {
        return false;
    };
    world.entity_mut(entity).insert(slots);
    if let Some(mut cooldowns) = world.get_mut::<Cooldowns>(entity) {
        let changed = before.0.iter().zip(&slots.0).map(|(before, now)| before != now);
        cooldowns.0.iter_mut().zip(changed).filter(|(_, changed)| *changed).for_each(|(ready_tick, _)| *ready_tick = 0);
    }
    true
}

/// Raises or lowers a level, at least to 1. Stats follow in the same step.
pub fn set_level(world: &mut World, who: NetId, level: u32) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    if let Some(mut written) = world.get_mut::<Level>(entity) {
        written.set_if_neq(Level(level.max(1)));
    }
}

/// The effects somebody bears, in the order of their names.
#[must_use]
pub fn effects_on(world: &World, who: NetId) -> Vec<CarriedEffect> {
    let (directory, tick) = (world.resource::<NetIdIndex>(), world.resource::<Tick>().0);
    let borne = world.resource::<Afflictions>().of(who).iter();
    let borne = borne.filter_map(|name| world.get::<Effect>(directory.entity(*name)?));
    let carried = |effect: &Effect| CarriedEffect {
        def: effect.def,
        stacks: effect.stacks,
        ticks_left: effect.ends_tick.saturating_sub(tick),
    };
    borne.map(carried).collect()
}

/// Ends an effect that somebody has put on itself, within the next step.
pub fn end_own_effect(world: &mut World, bearer: NetId, def: Id<EffectDef>) {
    let tick = world.resource::<Tick>().0;
    for name in world.resource::<Afflictions>().of(bearer).to_vec() {
        let Some(entity) = world.resource::<NetIdIndex>().entity(name) else { continue };
        if let Some(mut effect) = world.get_mut::<Effect>(entity)
            && effect.def == def
            && effect.source == bearer
            && effect.ends_tick > tick
        {
            effect.ends_tick = tick;
        }
    }
}

/// Puts an effect on one who comes in with it. One that is over, or that the content does not have, is left out.
pub fn put_effect(world: &mut World, who: NetId, carried: CarriedEffect) {
    let (rules, tick) = (world.resource::<Rules>().clone(), world.resource::<Tick>().0);
    let Some(def) = rules.content.effects.find(carried.def) else { return };
    if carried.ticks_left == 0 || carried.stacks == 0 {
        return;
    }
    let effect = Effect {
        def: carried.def,
        on: who,
        source: NetId::NONE,
        stacks: carried.stacks,
        ends_tick: tick.saturating_add(carried.ticks_left),
        next_pulse_tick: next_pulse(&rules, def, tick),
    };
    let name = world.resource_mut::<NetIds>().allocate();
    world.spawn((name, effect));
}
