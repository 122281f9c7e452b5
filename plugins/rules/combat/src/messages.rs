//! What others ask of combat, and what it tells them; each lives for the rest of its tick.

use bevy_ecs::prelude::Message;
use hypogeum_content::def::{AbilityDef, EffectDef, HazardDef, ItemDef};
use hypogeum_content::{Content, Id};
use hypogeum_protocol::{DamageCause, GameEvent, NetId};

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

/// What a hazard takes off somebody: as a [`HarmRequest`] of nobody, and it is known which hazard it was.
#[derive(Message, Clone, Copy, Debug)]
pub(crate) struct HazardHarm {
    pub(crate) hazard: Id<HazardDef>,
    pub(crate) target: NetId,
    pub(crate) amount: u32,
}

/// What hit points are lost by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A blow or a shot.
    Ability(Id<AbilityDef>),
    /// An effect that somebody bears.
    Effect(Id<EffectDef>),
    /// A danger of the place.
    Hazard(Id<HazardDef>),
    /// Whatever asked for it by a [`HarmRequest`]: giving up, a trigger.
    Asked,
}

impl Cause {
    /// As clients are told it.
    pub(crate) const fn told(self) -> DamageCause {
        match self {
            Self::Ability(ability) => DamageCause::Ability { ability: ability.index() },
            Self::Effect(effect) => DamageCause::Effect { effect: effect.index() },
            Self::Hazard(hazard) => DamageCause::Hazard { hazard: hazard.index() },
            Self::Asked => DamageCause::Other,
        }
    }
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

/// Take effects off someone. Written up to `ShardSystems::Act`.
#[derive(Message, Clone, Copy, Debug)]
pub struct DispelRequest {
    /// Who does it; nobody where it is an item, or the place.
    pub source: NetId,
    /// Who is freed of effects.
    pub target: NetId,
    /// Of which.
    pub what: Dispel,
}

/// Which effects a dispel takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispel {
    /// Every dispellable one.
    Dispellable,
    /// Those with a tag that an ability dispels, no more than it does.
    ByAbility(Id<AbilityDef>),
    /// Those with a tag that an item dispels, no more than it does.
    ByItem(Id<ItemDef>),
}

impl Dispel {
    /// The effects it takes off by what they are, and how many at most; `None` where the content does not have what dispels.
    pub(crate) fn of(self, content: &Content) -> Option<(impl Fn(&EffectDef) -> bool, usize)> {
        let (tags, most) = match self {
            Self::Dispellable => (None, None),
            Self::ByAbility(ability) => {
                content.abilities.find(ability).map(|def| (Some(&def.dispels), def.dispels_max))?
            }
            Self::ByItem(item) => content.items.find(item).map(|def| (Some(&def.dispels), def.dispels_max))?,
        };
        let takes = move |effect: &EffectDef| match tags {
            None => effect.dispellable,
            Some(tags) => effect.tags.iter().any(|tag| tags.contains(tag)),
        };
        Some((takes, most.map_or(usize::MAX, |most| most as usize)))
    }
}

/// An effect was taken off by a dispel. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispelled {
    /// Who did it; nobody where it was an item, or the place.
    pub source: NetId,
    /// Who bore it.
    pub target: NetId,
    /// The effect, by its place in the content.
    pub effect: Id<EffectDef>,
}

/// A cast began that takes its time: it is over after so many ticks, or when who casts dies. What strikes at once is no cast.
/// Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct CastBegan {
    /// Who casts.
    pub who: NetId,
    /// What, by its place in the content.
    pub ability: Id<AbilityDef>,
    /// Ticks until it strikes, 1 and up.
    pub ticks: u32,
}

impl CastBegan {
    /// As clients are told it; more ticks than it has room for are as many as it has.
    pub(crate) fn event(self) -> GameEvent {
        let ticks = u16::try_from(self.ticks).unwrap_or(u16::MAX);
        GameEvent::CastBegan { who: self.who, ability: self.ability.index(), ticks }
    }
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
    /// What they were lost by.
    pub cause: Cause,
}

/// Someone died. Readable from `ShardSystems::Resolve` on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Died {
    /// Who died.
    pub who: NetId,
    /// Who killed; nobody where it was a hazard, or giving up.
    pub by: NetId,
}

/// Hit points came back by an effect, after all harm of the step. Regained ones are
/// no messages: they come by and by, and only clients are told of them.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healed {
    /// Who did it; nobody: a draught, or the place.
    pub source: NetId,
    /// Who has them.
    pub target: NetId,
    /// How many, 1 and up: no more than were missing.
    pub amount: u32,
}
