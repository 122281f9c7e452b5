//! Who hurts whom: stats, abilities, hits, effects, hazards and death.
//!
//! A fighter is a [`FighterBundle`] (see [`fighter()`]) on a body of `hypogeum-space`. What steers it writes
//! [`AbilityIntent`] and `Heading` up to `ShardSystems::Think`; combat takes the intent back when it has acted on it.
//!
//! In: [`HarmRequest`], [`EffectRequest`] and [`DispelRequest`], written anywhere up to the end of `ShardSystems::Act`.
//! Out: [`CastBegan`], [`DamageDealt`], [`Healed`], [`Dispelled`] and [`Died`], to be read in `ShardSystems::Resolve` after
//! [`CombatSystems::Death`]; the same and dodges, effects and attacks that nothing else tells of as game events in the
//! `Outbox`. While [`CombatDisabled`] holds nobody is hurt.
//!
//! Blows are collected in `ShardSystems::Act` against the state all fighters have there, and applied together in
//! `ShardSystems::Resolve`: who strikes first within a tick makes no difference. Formulas stand where they are
//! computed: stats in `stats.rs`, hits in `hits.rs`, effects in `effects.rs`.
//!
//! One with [`GoesDown`] is [`Downed`] before it is dead, in kinds of shards with [`DownedPlugin`].
//!
//! Hazards are a plugin of their own, [`HazardsPlugin`], for kinds of shards that have some: what they do stands in `hazards/`.
//!
//! Projectiles and effects are entities of their own. A projectile's `Position` is the one position combat writes.

mod afflictions;
mod aim;
mod components;
mod death;
mod downed;
mod effects;
mod fighter;
mod harm;
mod hazards;
mod hits;
mod life;
mod messages;
mod stats;
mod strikes;
mod view;

#[cfg(test)]
mod situations;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};
use hypogeum_space::ViewApp;

pub use afflictions::Afflictions;
pub use components::{
    ABILITY_SLOTS, AbilityIntent, AbilitySlots, Aid, BaseStats, Casting, Cooldowns, Dead, DerivedStats, Downed, Effect,
    EquipmentBonus, GoesDown, Health, LastHurt, Level, Mana, Projectile, Regeneration, STAT_COUNT, Side,
};
pub use downed::DownedPlugin;
pub use fighter::{FighterBundle, fighter, reach, ready};
pub use harm::CombatDisabled;
pub use hazards::{
    Hazard, HazardEnded, HazardGround, HazardSystems, HazardsHurtAll, HazardsPlugin, Mine, hazards, show_hazard,
};
pub use life::{
    CarriedEffect, Sheltered, change_abilities, effects_on, end_own_effect, get_up, put_effect, revive, set_level,
    set_vitals,
};
pub use messages::{
    CastBegan, Cause, DamageDealt, Died, Dispel, DispelRequest, Dispelled, EffectRequest, HarmRequest, Healed,
};
pub use stats::{Modifiers, Sheet};
pub use view::{HazardView, ShotView};

/// When combat does its parts of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum CombatSystems {
    /// In `ShardSystems::Act`: hit points and mana are regained, abilities strike, shots fly, effects pulse and end.
    Strike,
    /// In `ShardSystems::Resolve`: what was collected and asked for is applied; new effects begin.
    Harm,
    /// In `ShardSystems::Resolve`, after `Harm`: those without hit points die. A system that reads [`DamageDealt`] and
    /// [`Died`] or looks for [`Dead`] orders itself after this.
    Death,
    /// In `ShardSystems::Resolve`, after `Death`: stats and speed are worked out again where their inputs changed.
    Derive,
}

/// Adds fighters, abilities, effects and death to a shard. Needs `SpacePlugin`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CombatPlugin;

impl Plugin for CombatPlugin {
    fn build(&self, app: &mut App) {
        use CombatSystems::{Death, Derive, Harm, Strike};
        register(app);
        app.show_things::<view::ShotView>();
        app.init_resource::<harm::Blows>()
            .init_resource::<Afflictions>()
            .init_resource::<stats::Relieved>()
            .add_shard_message::<HarmRequest>()
            .add_shard_message::<messages::HazardHarm>()
            .add_shard_message::<EffectRequest>()
            .add_shard_message::<DispelRequest>()
            .add_shard_message::<Dispelled>()
            .add_shard_message::<CastBegan>()
            .add_shard_message::<DamageDealt>()
            .add_shard_message::<Healed>()
            .add_shard_message::<Died>()
            .configure_sets(ShardSchedule, Strike.in_set(ShardSystems::Act))
            .configure_sets(ShardSchedule, (Harm, Death, Derive).chain().in_set(ShardSystems::Resolve))
            .add_systems(
                ShardSchedule,
                (
                    (death::regain, strikes::fly, strikes::strike, effects::pulse).chain().in_set(Strike),
                    (harm::apply_blows, effects::dispel, effects::begin_effects).chain().in_set(Harm),
                    death::declare_dead.in_set(Death),
                    stats::derive_stats.in_set(Derive),
                ),
            );
    }
}

fn register(app: &mut App) {
    app.register_resource_state::<CombatDisabled>()
        .register_state::<Level>()
        .register_state::<BaseStats>()
        .register_state::<EquipmentBonus>()
        .register_state::<DerivedStats>()
        .register_state::<Health>()
        .register_state::<Mana>()
        .register_state::<AbilitySlots>()
        .register_state::<Cooldowns>()
        .register_state::<AbilityIntent>()
        .register_state::<Casting>()
        .register_state::<Aid>()
        .register_state::<Side>()
        .register_state::<LastHurt>()
        .register_state::<Regeneration>()
        .register_state::<Dead>()
        .register_state::<Sheltered>()
        .register_state::<Effect>()
        .register_state::<Projectile>();
}
