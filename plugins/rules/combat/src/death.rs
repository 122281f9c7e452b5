//! The end of a fighter, and what keeps it from it: regaining hit points and mana.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Changed, Commands, Entity, Query, Res, ResMut, With, Without};
use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, NetIdOf, Outbox, Rules, Tick};
use hypogeum_space::{MoveIntent, MoveSpeed, Position};

use crate::effects::take_off;
use crate::stats::Relieved;
use crate::{
    AbilityIntent, Afflictions, Casting, Dead, DerivedStats, Died, Downed, Effect, Health, LastHurt, Mana, Regeneration,
};

/// How long one must be unhurt to regain hit points.
const UNHURT_MS: u32 = 5_000;
/// Mana regained each second: 1, and 1 more for every so many points of intellect.
const INTELLECT_PER_MANA: i32 = 10;

/// Anyone who has no hit points left is dead, once: it stops, its cast is broken, its effects end.
pub(crate) fn declare_dead(
    tick: Res<Tick>,
    (directory, afflictions): (Res<NetIdIndex>, Res<Afflictions>),
    mut died: MessageWriter<Died>,
    mut outbox: ResMut<Outbox>,
    mut relieved: ResMut<Relieved>,
    mut commands: Commands,
    mut fighters: Query<
        (
            Entity,
            &NetIdOf,
            &Health,
            &LastHurt,
            &Position,
            &mut AbilityIntent,
            &mut Casting,
            &mut MoveSpeed,
            Option<&mut MoveIntent>,
            Option<&Downed>,
        ),
        (Changed<Health>, Without<Dead>),
    >,
    effects: Query<(Entity, &NetIdOf, &Effect)>,
    bearers: Query<&Position, With<Health>>,
) {
    let mut dead: Vec<NetId> = fighters.iter().filter(|row| row.2.hp == 0).map(|row| row.1.0).collect();
    dead.sort_unstable();
    for id in &dead {
        let fighter = directory.entity(*id).and_then(|entity| fighters.get_mut(entity).ok());
        let Some((entity, _, _, last_hurt, at, mut ability_intent, mut casting, mut move_speed, move_intent, downed)) =
            fighter
        else {
            continue;
        };
        *ability_intent = AbilityIntent::default();
        *casting = Casting::default();
        *move_speed = MoveSpeed::default();
        if let Some(mut move_intent) = move_intent {
            *move_intent = MoveIntent::default();
        }
        assert!(last_hurt.tick <= tick.0, "nobody was hurt in a tick to come");
        // One that bleeds out, gives up or is finished by nobody was killed by whom it was downed by.
        let by = downed.filter(|_| !last_hurt.by.is_some()).map_or(last_hurt.by, |downed| downed.by);
        commands.entity(entity).insert(Dead { tick: tick.0, by }).remove::<Downed>();
        died.write(Died { who: *id, by });
        outbox.tell(Audience::Near { x: at.x, y: at.y }, GameEvent::Died { who: *id, by });
    }
    take_off(&dead, (&directory, &afflictions), &mut relieved, &mut outbox, &mut commands, &effects, &bearers, |_| {
        true
    });
}

type Regaining<'a> =
    ((&'a NetIdOf, &'a Position), (&'a mut Health, &'a mut Mana), &'a LastHurt, &'a mut Regeneration, &'a DerivedStats);

/// The living regain mana, and hit points once unhurt for five seconds: whole points spread evenly over each second. Those are told
/// at the end of each second, and when all are back.
pub(crate) fn regain(
    rules: Res<Rules>,
    tick: Res<Tick>,
    mut outbox: ResMut<Outbox>,
    mut fighters: Query<Regaining, (Without<Dead>, Without<Downed>)>,
) {
    let hz = u64::from(rules.tick_hz.max(1));
    let into = u64::from(tick.0) % hz;
    let due = |per_s: u32| {
        let until = |ticks: u64| u64::from(per_s) * ticks / hz;
        u32::try_from(until(into + 1) - until(into)).unwrap_or(u32::MAX)
    };
    let unhurt = rules.ticks(UNHURT_MS);
    let mut told = Vec::new();
    for ((named, at), (mut health, mut mana), last_hurt, mut regeneration, stats) in &mut fighters {
        debug_assert!(health.hp <= health.hp_max && mana.mp <= mana.mp_max, "nobody has more than when it is whole");
        let recovers = last_hurt.tick == 0 || tick.0 - last_hurt.tick.min(tick.0) >= unhurt;
        if health.hp > 0 && health.hp < health.hp_max && recovers {
            let gain = due(regeneration.per_s);
            if gain > 0 {
                let hp = health.hp.saturating_add(gain).min(health.hp_max);
                regeneration.untold += hp - health.hp;
                health.hp = hp;
            }
        }
        if regeneration.untold > 0 && (into + 1 == hz || health.hp == health.hp_max) {
            told.push((named.0, *at, regeneration.untold));
            regeneration.untold = 0;
        }
        if mana.mp < mana.mp_max {
            let gain = due(1 + (stats.intellect.max(0) / INTELLECT_PER_MANA).unsigned_abs());
            if gain > 0 {
                mana.mp = mana.mp.saturating_add(gain).min(mana.mp_max);
            }
        }
    }
    told.sort_unstable_by_key(|(target, ..)| *target);
    for (target, at, amount) in told {
        let event = GameEvent::Healed { source: NetId::NONE, target, amount };
        outbox.tell(Audience::Near { x: at.x, y: at.y }, event);
    }
}
