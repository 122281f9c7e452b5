//! All that was collected this tick is applied at once, so that two fighters can fell each other in one tick.

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Has, Local, Query, Res, ResMut, Resource, Without};
use hypogeum_content::Id;
use hypogeum_content::def::{AbilityDef, EffectDef};
use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, ResourceState, Rules, Tick};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

use crate::messages::HazardHarm;
use crate::{
    Cause, DamageDealt, Dead, Dispel, DispelRequest, Downed, EffectRequest, HarmRequest, Healed, Health, LastHurt,
    Sheltered,
};

/// While it holds nobody is hurt or cursed; a [`HarmRequest`] of `u32::MAX` from nobody (giving up) still kills. The
/// owner of the match sets it.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombatDisabled(pub bool);

impl ResourceState for CombatDisabled {
    const NAME: &'static str = "truce";
}

/// Something that happens to someone's hit points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blow {
    pub(crate) source: NetId,
    pub(crate) target: NetId,
    pub(crate) cause: Cause,
    pub(crate) kind: BlowKind,
}

impl Blow {
    /// Whether those who see it are told of it: of a dodge, and of damage where its target is not spared.
    pub(crate) const fn is_told(&self, is_spared: bool) -> bool {
        match self.kind {
            BlowKind::Dodged => true,
            BlowKind::Hit { amount, .. } | BlowKind::Pulse { amount } => amount > 0 && !is_spared,
            BlowKind::Heal { amount } => amount > 0,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum BlowKind {
    Dodged,
    Hit { amount: u32, critical: bool, effect: Option<Id<EffectDef>>, dispels: Option<Id<AbilityDef>> },
    Pulse { amount: u32 },
    Heal { amount: u32 },
}

/// What was collected this tick; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Blows(pub(crate) Vec<Blow>);

/// Sorts requests by target, then by their sources' turns. A turn costs a roll, so it is drawn only where two requests
/// have the same target.
pub(crate) fn sort_by_turn<R, Rest: Ord>(
    asked: &mut [R],
    rules: &Rules,
    tick: Tick,
    key: impl Fn(&R) -> (NetId, NetId, Rest),
) {
    asked.sort_unstable_by(|one, other| {
        let ((target, source, rest), (other_target, other_source, other_rest)) = (key(one), key(other));
        target
            .cmp(&other_target)
            .then_with(|| rules.turn(tick, source).cmp(&rules.turn(tick, other_source)))
            .then_with(|| (source, rest).cmp(&(other_source, other_rest)))
    });
}

/// Applies blows in the order they were collected (strikes, shots, pulses), then what others asked for, in the order
/// of targets and of their sources' turns; heals come last.
pub(crate) fn apply_blows(
    rules: Res<Rules>,
    tick: Res<Tick>,
    combat_disabled: Res<CombatDisabled>,
    directory: Res<NetIdIndex>,
    mut blows: ResMut<Blows>,
    (mut requests, mut dangers): (MessageReader<HarmRequest>, MessageReader<HazardHarm>),
    (mut effect_requests, mut dispel_requests): (MessageWriter<EffectRequest>, MessageWriter<DispelRequest>),
    (mut dealt, mut healed): (MessageWriter<DamageDealt>, MessageWriter<Healed>),
    mut outbox: ResMut<Outbox>,
    mut fighters: Query<(&mut Health, &mut LastHurt, &Position, Has<Sheltered>, Has<Downed>), Without<Dead>>,
    mut asked: Local<Vec<(HarmRequest, Cause)>>,
) {
    asked.clear();
    asked.extend(requests.read().map(|request| (*request, Cause::Asked)));
    asked.extend(dangers.read().map(|&HazardHarm { hazard, target, amount }| {
        (HarmRequest { source: NetId::NONE, target, amount }, Cause::Hazard(hazard))
    }));
    sort_by_turn(&mut asked, &rules, *tick, |(request, cause)| {
        (request.target, request.source, (request.amount, *cause))
    });
    for &(HarmRequest { source, target, amount }, cause) in asked.iter() {
        blows.0.push(Blow { source, target, cause, kind: BlowKind::Pulse { amount } });
    }
    // Stable: the order within the two kinds stays.
    blows.0.sort_by_key(|blow| matches!(blow.kind, BlowKind::Heal { .. }));
    for Blow { source, target, cause, kind } in blows.0.drain(..) {
        let fighter = directory.entity(target).and_then(|entity| fighters.get_mut(entity).ok());
        let Some((mut health, mut last_hurt, at, sheltered, is_downed)) = fighter else { continue };
        assert!(health.hp <= health.hp_max, "{target} has no more hit points than when it is whole");
        if health.hp == 0 {
            continue;
        }
        let near = Audience::Near { x: at.x, y: at.y };
        let (amount, critical, effect, dispels) = match kind {
            BlowKind::Heal { .. } if is_downed => continue,
            BlowKind::Heal { amount } => {
                let hp = health.hp.saturating_add(amount).min(health.hp_max);
                if hp != health.hp {
                    let amount = hp - health.hp;
                    healed.write(Healed { source, target, amount });
                    outbox.tell(near, GameEvent::Healed { source, target, amount });
                    health.hp = hp;
                }
                continue;
            }
            BlowKind::Dodged => {
                outbox.tell(near, GameEvent::Dodged { source, target });
                continue;
            }
            BlowKind::Hit { amount, critical, effect, dispels } => (amount, critical, effect, dispels),
            BlowKind::Pulse { amount } => (amount, false, None, None),
        };
        let gave_up = amount == u32::MAX && !source.is_some();
        if (combat_disabled.0 || sheltered) && !gave_up {
            continue;
        }
        if let Some(effect) = effect {
            effect_requests.write(EffectRequest { source, target, effect });
        }
        if let Some(ability) = dispels {
            dispel_requests.write(DispelRequest { source, target, what: Dispel::ByAbility(ability) });
        }
        let amount = amount.min(health.hp);
        if amount > 0 {
            health.hp -= amount;
            *last_hurt = LastHurt { tick: tick.0, by: source };
            dealt.write(DamageDealt { source, target, amount, critical, cause });
            outbox.tell(near, GameEvent::Damaged { source, target, amount, critical });
            if health.hp == 0 {
                outbox.tell(Audience::Only(target), GameEvent::Defeated { who: target, cause: cause.told() });
            }
        }
    }
}
