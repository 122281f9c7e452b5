//! What makes something a fighter.

use bevy_ecs::prelude::Component;
use hypogeum_content::Id;
use hypogeum_content::def::{AbilityDef, EffectDef, Stat, Stats};
use hypogeum_protocol::NetId;
use hypogeum_shard::State;
use serde::{Deserialize, Serialize};

/// Ability slots of a fighter; inputs name them 1–8.
pub const ABILITY_SLOTS: usize = 8;

/// Experience level, 1 and up.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level(pub u32);

/// Stats before equipment and effects. Given at spawn.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseStats(pub Stats);

/// What worn equipment adds; written by `items`. Flat points first, then basis points, both by [`Stat`] as index.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquipmentBonus {
    /// Points added to each stat before shares, negative ones taken off.
    pub flat: [i32; STAT_COUNT],
    /// Shares added to each stat, in basis points: 10,000 double it.
    pub percent: [i32; STAT_COUNT],
}

/// How many [`Stat`]s there are.
pub const STAT_COUNT: usize = Stat::Damage as usize + 1;

/// Stats that count: base, equipment and effects together. Only `combat` writes them.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedStats {
    /// Scales abilities that scale with strength: melee blows, as a rule.
    pub strength: i32,
    /// Decides who dodges and who hits critically, and scales abilities that scale with it.
    pub dexterity: i32,
    /// Scales abilities that scale with intellect; the mana it gives is in [`Mana`].
    pub intellect: i32,
    /// Divides damage taken: `100 / (100 + armour)` of a hit is left. At least 0.
    pub armour: i32,
    /// Change of all damage dealt, basis points; 0 changes nothing.
    pub damage_percent: i32,
}

/// Hit points. Only `combat` changes them.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Hit points left, at most `hp_max`; 0 is dead.
    pub hp: u32,
    /// Hit points when whole, at least 1.
    pub hp_max: u32,
}

impl Health {
    /// In fifteenths, rounded up, as clients are shown it: 0 only where nothing is left.
    #[must_use]
    pub fn band(self) -> u8 {
        let band = (u64::from(self.hp) * 15).div_ceil(u64::from(self.hp_max.max(1)));
        band.min(15) as u8
    }
}

/// Mana. Only `combat` changes it.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mana {
    /// Mana left, at most `mp_max`.
    pub mp: u32,
    /// Mana when whole.
    pub mp_max: u32,
}

/// What it can do, by slot. Slot 0 (input 1) is the weapon's, written by `items`.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbilitySlots(pub [Option<Id<AbilityDef>>; ABILITY_SLOTS]);

/// The first tick each slot can be used again.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cooldowns(pub [u32; ABILITY_SLOTS]);

/// What it wants to use this tick, aimed along its heading: slot 1–8, 0 for none. Written by what steers it.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbilityIntent(pub u8);

/// An ability on its way: it strikes at `done_tick` unless the user dies. Slot 255 is nothing.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Casting {
    /// Index of the slot, [`Casting::NOTHING`] for none.
    pub slot: u8,
    /// The tick at which it strikes.
    pub done_tick: u32,
}

impl Casting {
    /// The slot of a [`Casting`] while nothing is cast.
    pub const NOTHING: u8 = u8::MAX;
}

impl Default for Casting {
    fn default() -> Self {
        Self { slot: Self::NOTHING, done_tick: 0 }
    }
}

/// For whom what it wants to use, or casts, is: a friend, or itself. Written with the intent by what steers it; combat takes it
/// off when the cast is over, or was not begun. What strikes then puts its effect on that one, within reach and in sight, and
/// hurts nobody.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aid(pub NetId);

/// Whose side it is on: equal non-zero sides are friends, and never hurt each other where their team's rule is not another
/// ([`Side::of_team`]). Participants without a team have 0: everyone for themselves.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side(pub u16);

/// When it was last hurt, and by whom; tick 0: never.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastHurt {
    /// The tick in which it was last hurt; 0: never.
    pub tick: u32,
    /// Who hurt it; nobody where it was a hazard.
    pub by: NetId,
}

/// Hit points regained each second once unhurt for five.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regeneration {
    /// Hit points a second.
    pub per_s: u32,
    /// Hit points regained that nobody has been told of: less than those of a second. Only `combat` changes it.
    pub untold: u32,
}

/// It is dead. Its owner (npc, arena) takes it away or leaves it lying; nothing hurts or heals it any more.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dead {
    /// The tick in which it died.
    pub tick: u32,
    /// By whom; nobody: a hazard or giving up.
    pub by: NetId,
}

/// One that is downed instead of dead when its hit points are gone; one that gives up dies. Given at spawn.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoesDown {
    /// Hit points it is downed with, in a hundred of what is whole, 1–100.
    pub hp_percent: u32,
}

/// It is downed: it lies where it fell, neither regains hit points nor is healed, and dies when the hit points it was
/// downed with are gone. Its owner (arena) lets it get up by [`get_up`](crate::get_up), or die.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downed {
    /// The tick in which it went down.
    pub tick: u32,
    /// By whom; nobody: a hazard. It has the kill where nobody else finishes.
    pub by: NetId,
}

/// An effect that clings to a fighter; an entity of its own. It never changes its bearer.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[component(on_insert = crate::afflictions::cling, on_discard = crate::afflictions::let_go)]
pub struct Effect {
    /// Its definition in the content.
    pub def: Id<EffectDef>,
    /// Its bearer.
    pub on: NetId,
    /// From whom; nobody: a hazard or an item.
    pub source: NetId,
    /// How many of them, 1 and up.
    pub stacks: u32,
    /// The first tick without it.
    pub ends_tick: u32,
    /// The tick of its next pulse.
    pub next_pulse_tick: u32,
}

/// A shot in flight; has a `Position` and a `Heading`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projectile {
    /// The ability it was shot with: what it does to whom it strikes.
    pub ability: Id<AbilityDef>,
    /// Who shot it, to be named in damage and deaths.
    pub source: NetId,
    /// Subunits a tick.
    pub speed: i32,
    /// Subunits left to fly.
    pub range_left: i32,
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! {
    Level => "level", BaseStats => "base_stats", EquipmentBonus => "equipment_bonus", DerivedStats => "derived_stats",
    Health => "health", Mana => "mana", AbilitySlots => "ability_slots", Cooldowns => "cooldowns", AbilityIntent => "trigger",
    Casting => "casting", Side => "side", LastHurt => "last_hurt", Regeneration => "regeneration", Dead => "dead", Aid => "aid",
    GoesDown => "goes_down", Downed => "downed", Effect => "effect", Projectile => "projectile",
}
