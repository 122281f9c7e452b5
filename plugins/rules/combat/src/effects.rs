//! Effects: how they begin, pulse, stack and end.
//!
//! An effect that begins at tick `t` pulses at `t + interval`, `t + 2 × interval`, … up to and including its last tick,
//! and is gone from `t + duration` on. Percentages of pulses are shares of the full hit points.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bevy_ecs::message::{MessageReader, MessageWriter, Messages};
use bevy_ecs::prelude::{Commands, Entity, Has, Local, Query, Res, ResMut, With, Without};
use hypogeum_content::Id;
use hypogeum_content::def::{EffectDef, EffectKind, Magnitude, Stacking};
use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, InTurn, NetIdIndex, NetIdOf, NetIds, Outbox, Rules, Tick};
use hypogeum_space::Position;

use crate::harm::{Blow, BlowKind, Blows, CombatDisabled, sort_by_turn};
use crate::stats::{Relieved, WHOLE};
use crate::{Afflictions, Cause, Dead, Dispel, DispelRequest, Dispelled, Effect, EffectRequest, Health, Sheltered};

/// Effects pulse, as their turns come, and end when their time is over or their bearer is gone.
pub(crate) fn pulse(
    rules: Res<Rules>,
    tick: Res<Tick>,
    directory: Res<NetIdIndex>,
    mut blows: ResMut<Blows>,
    mut relieved: ResMut<Relieved>,
    mut outbox: ResMut<Outbox>,
    mut commands: Commands,
    mut effects: Query<(Entity, &NetIdOf, &mut Effect)>,
    bearers: Query<(&Health, &Position), Without<Dead>>,
    mut turns: InTurn,
) {
    let due = effects.iter().filter_map(|(entity, named, effect)| {
        let bears = directory.entity(effect.on).is_some_and(|bearer| bearers.contains(bearer));
        let is_due = effect.next_pulse_tick <= tick.0 || effect.ends_tick <= tick.0 || !bears;
        is_due.then_some((named.0, entity))
    });
    for entity in turns.of(due) {
        let Ok((entity, _, mut effect)) = effects.get_mut(entity) else { continue };
        let def = rules.content.effects.find(effect.def);
        let bearer = directory.entity(effect.on).and_then(|bearer| bearers.get(bearer).ok());
        let (Some(def), Some((health, at))) = (def, bearer) else {
            commands.entity(entity).despawn();
            continue;
        };
        if effect.next_pulse_tick <= tick.0 && effect.next_pulse_tick <= effect.ends_tick {
            if let Some(kind) = pulse_of(def, effect.stacks, health.hp_max) {
                let cause = Cause::Effect(effect.def);
                blows.0.push(Blow { source: effect.source, target: effect.on, cause, kind });
            }
            effect.next_pulse_tick = next_pulse(&rules, def, tick.0);
            assert!(effect.next_pulse_tick > tick.0, "an effect pulses once in a tick");
        }
        if effect.ends_tick <= tick.0 {
            end(&effect, at, &mut outbox, &mut relieved);
            commands.entity(entity).despawn();
        }
    }
}

/// Tells that an effect ends, and has its bearer's stats worked out again.
fn end(effect: &Effect, at: &Position, outbox: &mut Outbox, relieved: &mut Relieved) {
    let event = GameEvent::EffectEnded { who: effect.on, effect: effect.def.index() };
    outbox.tell(Audience::Near { x: at.x, y: at.y }, event);
    relieved.0.push(effect.on);
}

/// When an effect that began or pulsed in a tick pulses again; `u32::MAX`: never.
pub(crate) fn next_pulse(rules: &Rules, def: &EffectDef, tick: u32) -> u32 {
    match def.kind {
        EffectKind::Damage(_) | EffectKind::Heal(_) => tick.saturating_add(rules.ticks(def.interval_ms).max(1)),
        EffectKind::Modify(..) => u32::MAX,
    }
}

fn pulse_of(def: &EffectDef, stacks: u32, hp_max: u32) -> Option<BlowKind> {
    let points = |magnitude| {
        let one = match magnitude {
            Magnitude::Flat(points) => i64::from(points),
            Magnitude::BasisPoints(share) => i64::from(hp_max) * i64::from(share) / WHOLE,
        };
        // Giving up is the only harm of `u32::MAX`.
        one.saturating_mul(i64::from(stacks)).clamp(1, i64::from(u32::MAX - 1)) as u32
    };
    match def.kind {
        EffectKind::Damage(magnitude) => Some(BlowKind::Pulse { amount: points(magnitude) }),
        EffectKind::Heal(magnitude) => Some(BlowKind::Heal { amount: points(magnitude) }),
        EffectKind::Modify(..) => None,
    }
}

/// Whether it does its bearer no good.
fn harmful(def: &EffectDef) -> bool {
    match def.kind {
        EffectKind::Damage(_) => true,
        EffectKind::Heal(_) => false,
        EffectKind::Modify(_, Magnitude::Flat(change) | Magnitude::BasisPoints(change)) => change < 0,
    }
}

/// An effect while requests are met: those that were on any of the targets, by bearer and name, then the new ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    entity: Option<Entity>,
    effect: Effect,
    gone: bool,
}

impl Row {
    /// Makes the effect's entity what the row says: spawned, changed or gone.
    #[inline]
    fn write(self, ids: &mut NetIds, commands: &mut Commands, effects: &mut Query<(Entity, &NetIdOf, &mut Effect)>) {
        match (self.entity, self.gone) {
            (None, true) => {}
            (None, false) => {
                commands.spawn((ids.allocate(), self.effect));
            }
            (Some(entity), true) => commands.entity(entity).despawn(),
            (Some(entity), false) => {
                if let Ok((.., mut effect)) = effects.get_mut(entity)
                    && *effect != self.effect
                {
                    *effect = self.effect;
                }
            }
        }
    }
}

/// Meets what was asked this tick, in the order of targets, sources and effects; see [`Stacking`] for what happens to
/// an effect that meets another.
pub(crate) fn begin_effects(
    rules: Res<Rules>,
    tick: Res<Tick>,
    combat_disabled: Res<CombatDisabled>,
    (directory, afflictions): (Res<NetIdIndex>, Res<Afflictions>),
    mut requests: ResMut<Messages<EffectRequest>>,
    mut outbox: ResMut<Outbox>,
    mut relieved: ResMut<Relieved>,
    mut ids: ResMut<NetIds>,
    mut commands: Commands,
    mut effects: Query<(Entity, &NetIdOf, &mut Effect)>,
    bearers: Query<(&Health, &Position, Has<Sheltered>), Without<Dead>>,
    mut asked: Local<Vec<EffectRequest>>,
    mut rows: Local<Vec<Row>>,
) {
    asked.clear();
    asked.extend(requests.drain());
    if asked.is_empty() {
        return;
    }
    sort_by_turn(&mut asked, &rules, *tick, |request| (request.target, request.source, request.effect));
    rows.clear();
    for target in asked.chunk_by(|one, next| one.target == next.target).map(|same| same[0].target) {
        rows.extend(afflictions.of(target).iter().filter_map(|&id| {
            let (entity, _, effect) = effects.get(directory.entity(id)?).ok()?;
            Some(Row { entity: Some(entity), effect: *effect, gone: false })
        }));
    }
    let known = rows.len();
    for request in asked.iter() {
        let bearer = directory.entity(request.target).and_then(|entity| bearers.get(entity).ok());
        let (Some((health, at, sheltered)), Some(def)) = (bearer, rules.content.effects.find(request.effect)) else {
            continue;
        };
        if health.hp == 0 || (combat_disabled.0 || sheltered) && harmful(def) {
            continue;
        }
        let fresh = fresh(&rules, *tick, request, def);
        if let Some(row) = met(&rules, &mut rows, known, &fresh, def) {
            if merge(&rules, &mut row.effect, fresh, def) {
                continue;
            }
            row.gone = true;
            end(&row.effect, at, &mut outbox, &mut relieved);
        }
        rows.push(Row { entity: None, effect: fresh, gone: false });
        let event = GameEvent::EffectBegan { who: request.target, effect: request.effect.index() };
        outbox.tell(Audience::Near { x: at.x, y: at.y }, event);
    }
    for row in rows.drain(..) {
        assert!(
            row.effect.stacks > 0 && row.effect.ends_tick >= tick.0,
            "an effect counts at least once and ends later"
        );
        row.write(&mut ids, &mut commands, &mut effects);
    }
}

/// The effect a request asks for, as it begins.
#[inline]
fn fresh(rules: &Rules, tick: Tick, request: &EffectRequest, def: &EffectDef) -> Effect {
    Effect {
        def: request.effect,
        on: request.target,
        source: request.source,
        stacks: 1,
        ends_tick: tick.0.saturating_add(rules.ticks(def.duration_ms)),
        next_pulse_tick: next_pulse(rules, def, tick.0),
    }
}

/// The row of the effect that a new one meets on its bearer, if there is one. The first `known` rows are in the order of
/// their bearers.
#[inline]
fn met<'r>(rules: &Rules, rows: &'r mut [Row], known: usize, fresh: &Effect, def: &EffectDef) -> Option<&'r mut Row> {
    let first = rows[..known].partition_point(|row| row.effect.on < fresh.on);
    rows[first..]
        .iter_mut()
        .find(|row| !row.gone && row.effect.on == fresh.on && meets(rules, fresh.def, def, row.effect.def))
}

/// Whether a new effect meets an old one: the same effect, or, among `Strongest` ones, one that does the same thing.
fn meets(rules: &Rules, new: Id<EffectDef>, def: &EffectDef, old: Id<EffectDef>) -> bool {
    if new == old {
        return true;
    }
    let Some(other) = rules.content.effects.find(old) else { return false };
    let alike = |one: Magnitude, other: Magnitude| core::mem::discriminant(&one) == core::mem::discriminant(&other);
    def.stacking == Stacking::Strongest
        && other.stacking == Stacking::Strongest
        && match (def.kind, other.kind) {
            (EffectKind::Damage(one), EffectKind::Damage(other)) | (EffectKind::Heal(one), EffectKind::Heal(other)) => {
                alike(one, other)
            }
            (EffectKind::Modify(stat, one), EffectKind::Modify(other_stat, other)) => {
                stat == other_stat && alike(one, other) && (size(one) > 0) == (size(other) > 0)
            }
            _ => false,
        }
}

const fn size(magnitude: Magnitude) -> i32 {
    match magnitude {
        Magnitude::Flat(size) | Magnitude::BasisPoints(size) => size,
    }
}

const fn strength(def: &EffectDef) -> u32 {
    match def.kind {
        EffectKind::Damage(magnitude) | EffectKind::Heal(magnitude) | EffectKind::Modify(_, magnitude) => {
            size(magnitude).unsigned_abs()
        }
    }
}

/// Lets an old effect absorb a new one; `false` where the new one takes its place.
fn merge(rules: &Rules, old: &mut Effect, new: Effect, def: &EffectDef) -> bool {
    match def.stacking {
        Stacking::Unique => true,
        Stacking::Refresh => {
            (old.ends_tick, old.source) = (new.ends_tick, new.source);
            true
        }
        Stacking::Stack(most) => {
            (old.ends_tick, old.source) = (new.ends_tick, new.source);
            old.stacks = old.stacks.saturating_add(1).min(most.max(1));
            true
        }
        Stacking::Strongest => {
            let there = rules.content.effects.find(old.def).map_or(0, strength);
            if old.def == new.def {
                (old.ends_tick, old.source) = (new.ends_tick, new.source);
            }
            old.def == new.def || strength(def) <= there
        }
    }
}

/// Takes effects off those it was asked for, and dispellable ones off those on whom an effect that dispels is about to begin. Of
/// more than a dispel takes, those go that would last longest.
pub(crate) fn dispel(
    rules: Res<Rules>,
    (directory, afflictions): (Res<NetIdIndex>, Res<Afflictions>),
    mut requests: MessageReader<DispelRequest>,
    beginning: Res<Messages<EffectRequest>>,
    mut dispelled: MessageWriter<Dispelled>,
    mut relieved: ResMut<Relieved>,
    mut outbox: ResMut<Outbox>,
    mut commands: Commands,
    effects: Query<(Entity, &NetIdOf, &Effect)>,
    bearers: Query<&Position, With<Health>>,
) {
    let dispels = |request: &&EffectRequest| rules.content.effects.find(request.effect).is_some_and(|def| def.dispels);
    let by_effects = beginning.iter_current_update_messages().filter(dispels);
    let by_effects = by_effects.map(|&EffectRequest { source, target, .. }| DispelRequest {
        source,
        target,
        what: Dispel::Dispellable,
    });
    // Whom each effect that goes is taken off by; in the order of their names.
    let mut leaving: BTreeMap<NetId, NetId> = BTreeMap::new();
    for DispelRequest { source, target, what } in requests.read().copied().chain(by_effects) {
        let Some((takes, most)) = what.of(&rules.content) else { continue };
        let borne = afflictions.of(target).iter().filter(|name| !leaving.contains_key(name));
        let borne = borne.filter_map(|name| Some((*name, effects.get(directory.entity(*name)?).ok()?.2)));
        let mut found: Vec<(NetId, &Effect)> =
            borne.filter(|(_, effect)| rules.content.effects.find(effect.def).is_some_and(&takes)).collect();
        found.sort_by_key(|(name, effect)| (Reverse(effect.ends_tick), *name));
        leaving.extend(found.into_iter().take(most).map(|(name, _)| (name, source)));
    }
    for (name, source) in leaving {
        let Some((entity, _, effect)) = directory.entity(name).and_then(|entity| effects.get(entity).ok()) else {
            continue;
        };
        let Effect { def, on: target, .. } = *effect;
        if let Some(at) = directory.entity(target).and_then(|bearer| bearers.get(bearer).ok()) {
            end(effect, at, &mut outbox, &mut relieved);
            let event = GameEvent::Dispelled { source, target, effect: def.index() };
            outbox.tell(Audience::Near { x: at.x, y: at.y }, event);
            dispelled.write(Dispelled { source, target, effect: def });
        }
        commands.entity(entity).despawn();
    }
}

/// Ends the chosen effects of some bearers (each once), in the order of names.
pub(crate) fn take_off(
    targets: &[NetId],
    (directory, afflictions): (&NetIdIndex, &Afflictions),
    relieved: &mut Relieved,
    outbox: &mut Outbox,
    commands: &mut Commands,
    effects: &Query<(Entity, &NetIdOf, &Effect)>,
    bearers: &Query<&Position, With<Health>>,
    chosen: impl Fn(&Effect) -> bool,
) {
    if targets.is_empty() {
        return;
    }
    let names = targets.iter().flat_map(|target| afflictions.of(*target));
    let borne = names.filter_map(|name| effects.get(directory.entity(*name)?).ok());
    let mut leaving: Vec<_> = borne.filter(|(.., effect)| chosen(effect)).collect();
    leaving.sort_unstable_by_key(|(_, named, _)| named.0);
    for (entity, _, effect) in leaving {
        if let Some(at) = directory.entity(effect.on).and_then(|bearer| bearers.get(bearer).ok()) {
            end(effect, at, outbox, relieved);
        }
        commands.entity(entity).despawn();
    }
}
