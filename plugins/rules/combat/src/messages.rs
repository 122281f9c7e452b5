//! What others ask of combat, and what it tells them; each lives for the rest of its tick.

use bevy_ecs::prelude::Message;
use hypogeum_content::Id;
use hypogeum_content::def::EffectDef;
use hypogeum_protocol::NetId;

/// Take hit points off someone, whatever the armour: hazards, giving up. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct HarmRequest {
    /// Who does it; nobody where it is a hazard.
    pub source: NetId,
    /// Who loses the hit points.
    pub target: NetId,
    /// Hit points; `u32::MAX` kills.
    pub amount: u32,
}

/// Put an effect on someone. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct EffectRequest {
    /// Who does it; nobody where it is a hazard or an item.
    pub source: NetId,
    /// Who is to bear the effect.
    pub target: NetId,
    /// The effect, by its place in the content.
    pub effect: Id<EffectDef>,
}

/// Take every dispellable effect off someone. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct DispelRequest {
    /// Who is freed of effects.
    pub target: NetId,
}

/// Hit points were lost. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamageDealt {
    /// Who does it; nobody where it is a hazard.
    pub source: NetId,
    /// Who lost the hit points.
    pub target: NetId,
    /// Hit points lost, never more than there were.
    pub amount: u32,
    /// Whether it was a critical hit: half as much again.
    pub critical: bool,
}

/// Someone died. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Died {
    /// Who died.
    pub who: NetId,
    /// Who killed; nobody where it was a hazard, or giving up.
    pub by: NetId,
}

/// Hit points came back by an effect, after all harm of the step. Regained ones are not told: they come by and by.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healed {
    /// Who did it; nobody: a draught, or the place.
    pub source: NetId,
    /// Who has them.
    pub target: NetId,
    /// How many, 1 and up: no more than were missing.
    pub amount: u32,
}
