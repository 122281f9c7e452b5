//! Who fights by itself: one that attacks in words goes on until somebody is dead or it stops.

use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::message::{MessageReader, Messages};
use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, Resource, Without, World};
use hypogeum_combat::{
    AbilityIntent, AbilitySlots, Casting, Cooldowns, DamageDealt, Dead, Dispelled, Healed, Mana, Sheltered, reach,
    ready,
};
use hypogeum_content::texts;
use hypogeum_locale::Value;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, Tick};
use hypogeum_space::turn::{distance, toward};
use hypogeum_space::{Body, Heading, METRE, MoveIntent, MoveSpeed, Obstacles, Position};

use crate::doors::is_character;
use crate::state::{Attacking, Deeds};
use crate::tell::{
    DISPELLED, HEALS_YOU, HITS_YOU, YOU_ARE_HURT, YOU_DISPEL, YOU_HEAL, YOU_HIT, YOU_RECOVER, name_of, tell,
};

/// From how far one still goes after an enemy, in subunits; one that is farther off has got away.
const FOLLOWS: i32 = 40 * METRE;

type Fighter<'a> = (
    Entity,
    &'a Attacking,
    (&'a Position, &'a Body, &'a MoveSpeed),
    (&'a AbilitySlots, &'a Cooldowns, &'a Mana, &'a Casting),
    (&'a mut Heading, &'a mut MoveIntent, &'a mut AbilityIntent),
);

/// Turns to the enemy, walks up to it, and strikes with what hurts most.
pub(crate) fn fight(
    (rules, tick, directory, obstacles): (Res<Rules>, Res<Tick>, Res<NetIdIndex>, Res<Obstacles>),
    targets: Query<(&Position, &Body, Option<&Sheltered>), Without<Dead>>,
    mut fighters: Query<Fighter, Without<Dead>>,
    mut commands: Commands,
) {
    for (entity, enemy, (at, body, speed), means, (mut heading, mut walks, mut ability)) in &mut fighters {
        let target = directory.entity(enemy.0).and_then(|target| targets.get(target).ok());
        let target = target.filter(|(there, _, sheltered)| sheltered.is_none() && distance(*at, **there) <= FOLLOWS);
        let Some((there, bulk, _)) = target.filter(|(there, ..)| obstacles.sight(*at, **there)) else {
            commands.entity(entity).remove::<Attacking>();
            walks.set_if_neq(MoveIntent::default());
            ability.set_if_neq(AbilityIntent::default());
            continue;
        };
        let between = (distance(*at, *there) - body.radius - bulk.radius).max(0);
        let direction = toward(there.x - at.x, there.y - at.y);
        heading.set_if_neq(Heading(direction));
        let (slots, cooldowns, mana, casting) = means;
        let mut best: (u32, u8) = (0, 0);
        let mut nearest = i32::MAX;
        for (slot, def) in slots.0.iter().enumerate() {
            let Some(def) = def.and_then(|def| rules.content.abilities.find(def)) else { continue };
            let reaches = reach(def.shape);
            nearest = nearest.min(reaches);
            let is_ready = ready(&rules, tick.0, slot, slots, cooldowns, mana, casting);
            if between <= reaches && def.damage + 1 > best.0 && is_ready {
                best = (def.damage + 1, slot as u8 + 1);
            }
        }
        ability.set_if_neq(AbilityIntent(best.1));
        let is_near = between <= nearest / 5 * 4;
        let full = u64::from(speed.speed.max(1).unsigned_abs());
        let percent = (u64::from(between.unsigned_abs()) * 100).div_ceil(full).min(100) as u8;
        let wanted = if is_near { MoveIntent::default() } else { MoveIntent { direction, percent } };
        walks.set_if_neq(wanted);
    }
}

/// Blows of this step that concern characters; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Struck(Vec<DamageDealt>);

/// Collects the blows that characters dealt or took.
pub(crate) fn note_blows(
    mut dealt: MessageReader<DamageDealt>,
    directory: Res<NetIdIndex>,
    mut struck: ResMut<Struck>,
    mut characters: Query<&mut Deeds>,
) {
    for blow in dealt.read() {
        let source = directory.entity(blow.source);
        if let Some(mut deeds) = source.and_then(|source| characters.get_mut(source).ok())
            && blow.source != blow.target
        {
            deeds.damage_dealt = deeds.damage_dealt.saturating_add(blow.amount);
        }
        let concerns = |who: NetId| directory.entity(who).is_some_and(|entity| characters.contains(entity));
        if concerns(blow.source) || concerns(blow.target) {
            struck.0.push(*blow);
        }
    }
}

/// Tells those who heal and are healed.
pub(crate) fn tell_heals(world: &mut World) {
    let heals: Vec<Healed> = world.resource::<Messages<Healed>>().iter_current_update_messages().copied().collect();
    for Healed { source, target, amount } in heals {
        let is_other = source.is_some() && source != target;
        let amount = ("amount", amount.into());
        if is_other && is_character(world, source) {
            let whom = name_of(world, target);
            tell(world, source, YOU_HEAL, &[("whom", whom), amount.clone()]);
        }
        if !is_character(world, target) {
            continue;
        }
        if is_other {
            let who = name_of(world, source);
            tell(world, target, HEALS_YOU, &[("who", who), amount]);
        } else {
            tell(world, target, YOU_RECOVER, &[amount]);
        }
    }
}

/// Tells those who take effects off others, and those who are freed of them.
pub(crate) fn tell_dispels(world: &mut World) {
    let dispels: Vec<Dispelled> =
        world.resource::<Messages<Dispelled>>().iter_current_update_messages().copied().collect();
    for Dispelled { source, target, effect } in dispels {
        let content = &world.resource::<Rules>().content;
        let Some(def) = content.effects.find(effect) else { continue };
        let name = Value::thing(texts::effect(content.effects.key(effect)), def.name.to_lowercase(), 1);
        if source != target && is_character(world, source) {
            let whom = name_of(world, target);
            tell(world, source, YOU_DISPEL, &[("whom", whom), ("effect", name.clone())]);
        }
        if is_character(world, target) {
            tell(world, target, DISPELLED, &[("effect", name)]);
        }
    }
}

/// Tells those who deal and take blows.
pub(crate) fn tell_blows(world: &mut World) {
    for blow in std::mem::take(&mut world.resource_mut::<Struck>().0) {
        let amount = ("amount", blow.amount.into());
        if is_character(world, blow.source) && blow.source != blow.target {
            let whom = name_of(world, blow.target);
            tell(world, blow.source, YOU_HIT, &[("whom", whom), amount.clone()]);
        }
        if is_character(world, blow.target) {
            if blow.source.is_some() {
                let who = name_of(world, blow.source);
                tell(world, blow.target, HITS_YOU, &[("who", who), amount]);
            } else {
                tell(world, blow.target, YOU_ARE_HURT, &[amount]);
            }
        }
    }
}
