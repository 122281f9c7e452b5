//! Battles of creatures: `assets/battles/*.ron`. Every number of a turn.

use serde::{Deserialize, Serialize};

/// How two creatures fight. Shares are basis points: 10,000 are the whole, 250 are 2.5 %.
///
/// A blow, in this order: a base drawn from `damage_min` to `damage_max`, each as likely; × strength / `strength_divisor`; ×
/// `crit_damage_bp` with a chance of `crit_bp_per_luck` × luck; nothing with a chance of `dodge_bp_per_speed` × the other's speed; ×
/// `defended_bp` where the other defends, else × (1 − `defence_bp_per_point` × the other's defence); at least `damage_least`. The
/// product is exact, and rounded once, at the end, to the nearest whole number, halves up. Chances and the share that a
/// defence takes are at most the whole.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BattleDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// What each stat is before a type, a person or a victory changes it, from `stat_min` to `stat_max`.
    pub stat_base: u32,
    /// The least a stat can be, 1–100.
    pub stat_min: u32,
    /// The most a stat can be, `stat_min`–100.
    pub stat_max: u32,
    /// Points to give to the stats of a new creature, 0–100.
    pub points_at_creation: u32,
    /// Hit points of a creature without health, 0–10,000.
    pub hp_base: u32,
    /// Hit points for each point of health, 0–100. With `hp_base`: one at least.
    pub hp_per_health: u32,
    /// The least a blow is at first, 0–1,000.
    pub damage_min: u32,
    /// The most a blow is at first, `damage_min`–1,000.
    pub damage_max: u32,
    /// The strength with which a blow stays what it is, 1–100.
    pub strength_divisor: u32,
    /// Chance of a critical blow for each point of luck, 0–10,000.
    pub crit_bp_per_luck: u32,
    /// What a critical blow becomes, 10,000–100,000.
    pub crit_damage_bp: u32,
    /// Chance to dodge for each point of speed, 0–10,000.
    pub dodge_bp_per_speed: u32,
    /// What is left of a blow on a creature that defends, 0–10,000.
    pub defended_bp: u32,
    /// What a point of defence takes of a blow, 0–10,000.
    pub defence_bp_per_point: u32,
    /// The least that a blow takes which is not dodged, 0–1,000.
    pub damage_least: u32,
    /// How a special differs from an attack.
    pub special: SpecialDef,
    /// How often a creature can defend in a round of a tournament, 0–9.
    pub defends: u32,
    /// How often it can use its special, 0–9.
    pub specials: u32,
    /// Turns after which the creature with the larger share of its hit points wins, 1–1,000; with equal shares the first.
    pub turns_max: u32,
}

/// What a special multiplies, each 0–100,000.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDef {
    /// The blow.
    pub damage_bp: u32,
    /// The other's chance to dodge.
    pub dodge_bp: u32,
    /// The chance of a critical blow.
    pub crit_bp: u32,
    /// The share that the other's defence takes.
    pub defence_bp: u32,
}
