//! Who hurts whom: stats, abilities, hits, effects and death.

mod components;
mod messages;

pub use components::{
    ABILITY_SLOTS, AbilitySlots, BaseStats, Casting, Cooldowns, Dead, DerivedStats, Effect, EquipmentBonus, Health,
    LastHurt, Level, Mana, Projectile, Regeneration, STAT_COUNT, Side, Trigger,
};
pub use messages::{DamageDealt, Died, EffectRequest, HarmRequest};
