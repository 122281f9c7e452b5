//! Abilities by their names: used once, as soon as they can be.

use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::prelude::{Commands, Entity, Query, Res, Without, World};
use hypogeum_combat::{AbilityIntent, AbilitySlots, Casting, Cooldowns, Dead, Mana, ready};
use hypogeum_content::texts;
use hypogeum_locale::Value;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, Tick};
use hypogeum_space::turn::toward;
use hypogeum_space::{Heading, MoveIntent, Position};

use super::targets;
use crate::rooms::{room_of, things_near};
use crate::state::{Attacking, CastOrder, Errand};
use crate::tell::{ABILITIES, NO_ABILITY, NO_MANA, NO_SUCH, NO_SUCH_TARGET, YOU_CAST, YOU_CAST_AHEAD, name_of, tell};

/// How long one waits for an ability to cool down, before one gives up.
const WAITS_MS: u32 = 3_000;

/// Casts by words: the name of an ability, and at whom.
pub(crate) fn cast_by_name(world: &mut World, who: NetId, words: &[String]) {
    let known = abilities(world, who);
    let Some(name) = words.first() else {
        let names = known.into_iter().map(|known| known.name);
        return tell(world, who, ABILITIES, &[("abilities", Value::list(names))]);
    };
    // Without quotes a name of two words is two words.
    let fits = |length: usize| {
        let wanted = words[..length].join(" ").to_lowercase();
        known.iter().find(|known| known.typed.starts_with(&wanted)).map(|known| (known.slot, length))
    };
    let Some((slot, length)) = (1..=words.len().min(4)).rev().find_map(fits) else {
        return tell(world, who, NO_ABILITY, &[("name", name.chars().take(32).collect::<String>().into())]);
    };
    let at = words[length..].iter().find(|word| !matches!(word.as_str(), "at" | "on" | "the"));
    let target = match at {
        None => NetId::NONE,
        Some(word) => match targets::here(world, who, word).first() {
            Some(target) => *target,
            None => return tell(world, who, NO_SUCH, &[("what", word.chars().take(32).collect::<String>().into())]),
        },
    };
    cast(world, who, slot, target);
}

/// An ability of a character.
struct Known {
    /// Its slot, 1–8.
    slot: u8,
    /// What it is called by those who type it, in small letters.
    typed: String,
    /// What it is called.
    name: Value,
}

fn abilities(world: &World, who: NetId) -> Vec<Known> {
    let content = &world.resource::<Rules>().content;
    let slots = world.resource::<NetIdIndex>().entity(who).and_then(|entity| world.get::<AbilitySlots>(entity));
    let slots = slots.map_or(&[][..], |slots| &slots.0);
    let named = (1_u8..).zip(slots).filter_map(|(slot, ability)| {
        let ability = (*ability)?;
        let typed = content.abilities.find(ability)?.name.to_lowercase();
        let name = Value::thing(texts::ability(content.abilities.key(ability)), &*typed, 1);
        Some(Known { slot, typed, name })
    });
    named.collect()
}

/// Orders an ability: at one who is near, or straight ahead, or at the one who is being fought.
pub(crate) fn cast(world: &mut World, who: NetId, slot: u8, at: NetId) {
    let Some((_, entity)) = room_of(world, who) else { return };
    let known = abilities(world, who).into_iter().find(|known| known.slot == slot);
    let Some(Known { name, .. }) = known else {
        return tell(world, who, NO_ABILITY, &[("name", u32::from(slot).into())]);
    };
    if at != NetId::NONE && !things_near(world, who).iter().any(|(one, _)| *one == at) {
        return tell(world, who, NO_SUCH_TARGET, &[]);
    }
    let at = match world.get::<Attacking>(entity) {
        Some(attacking) if at == NetId::NONE => attacking.0,
        _ => at,
    };
    let rules = world.resource::<Rules>();
    let ability = world.get::<AbilitySlots>(entity).and_then(|slots| slots.0.get(usize::from(slot) - 1).copied()?);
    let costs = ability.and_then(|ability| rules.content.abilities.find(ability)).map_or(0, |def| def.mana);
    if world.get::<Mana>(entity).is_none_or(|mana| mana.mp < costs) {
        return tell(world, who, NO_MANA, &[("ability", name)]);
    }
    let until_tick = world.resource::<Tick>().0.saturating_add(rules.ticks(WAITS_MS));
    let order = CastOrder { slot, at, until_tick, is_done: false };
    world.entity_mut(entity).insert((order, Errand::default(), MoveIntent::default()));
    if at == NetId::NONE || at == who {
        return tell(world, who, YOU_CAST_AHEAD, &[("ability", name)]);
    }
    let whom = name_of(world, at);
    tell(world, who, YOU_CAST, &[("ability", name), ("whom", whom)]);
}

type Caster<'a> = (
    Entity,
    (&'a Position, &'a mut CastOrder),
    (&'a AbilitySlots, &'a Cooldowns, &'a Mana, &'a Casting),
    (&'a mut Heading, &'a mut AbilityIntent),
);

/// Turns those who cast to their targets, and lets them. After those who fight by themselves have chosen what with.
pub(crate) fn cast_ordered(
    (rules, tick, directory): (Res<Rules>, Res<Tick>, Res<NetIdIndex>),
    places: Query<&Position>,
    mut casters: Query<Caster, Without<Dead>>,
    mut commands: Commands,
) {
    for (entity, (at, mut order), (slots, cooldowns, mana, casting), (mut heading, mut ability)) in &mut casters {
        let is_over = order.is_done && casting.slot == Casting::NOTHING;
        if is_over || !order.is_done && tick.0 >= order.until_tick {
            ability.set_if_neq(AbilityIntent::default());
            commands.entity(entity).remove::<CastOrder>();
            continue;
        }
        let target = directory.entity(order.at).and_then(|target| places.get(target).ok());
        if let Some(there) = target.filter(|there| *there != at) {
            heading.set_if_neq(Heading(toward(there.x - at.x, there.y - at.y)));
        }
        // What takes its time goes where one looks at its end.
        if order.is_done {
            ability.set_if_neq(AbilityIntent::default());
            continue;
        }
        let index = usize::from(order.slot).saturating_sub(1);
        order.is_done = ready(&rules, tick.0, index, slots, cooldowns, mana, casting);
        ability.set_if_neq(AbilityIntent(if order.is_done { order.slot } else { 0 }));
    }
}
