//! What others ask of combat, and what it tells them; each lives for the rest of its tick.

use bevy_ecs::prelude::Message;
use hypogeum_content::Id;
use hypogeum_content::def::EffectDef;
use hypogeum_protocol::NetId;

/// Take hit points off someone, whatever the armour: hazards, giving up. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct HarmRequest {
    /// Nobody: a hazard.
    pub source: NetId,
    /// Whom.
    pub target: NetId,
    /// Hit points; `u32::MAX` kills.
    pub amount: u32,
}

/// Put an effect on someone. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct EffectRequest {
    /// Nobody: a hazard or an item.
    pub source: NetId,
    /// Whom.
    pub target: NetId,
    /// Which.
    pub effect: Id<EffectDef>,
}

/// Take every dispellable effect off someone. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct DispelRequest {
    /// Whom.
    pub target: NetId,
}

/// Hit points were lost. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamageDealt {
    /// Nobody: a hazard.
    pub source: NetId,
    /// Whom.
    pub target: NetId,
    /// Hit points lost, never more than there were.
    pub amount: u32,
    /// A critical hit.
    pub critical: bool,
}

/// Someone died. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Died {
    /// Who.
    pub who: NetId,
    /// Nobody: a hazard or giving up.
    pub by: NetId,
}
