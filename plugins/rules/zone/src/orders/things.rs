//! What is done with things in words: which things a line means, and what is wanted with them.

use bevy_ecs::prelude::World;
use hypogeum_items::{Item, ItemAct};
use hypogeum_locale::{Message, Value};
use hypogeum_npc::Npc;
use hypogeum_protocol::{Act, NetId};
use hypogeum_shard::{NetIdIndex, Rules};

use super::parse::{Verb, take_count};
use super::targets;
use crate::rooms::{is_dead, things_near};
use crate::tell::{
    NO_KIT, NO_SUCH, NOT_CARRIED, STATE_BOUND, STATE_BROKEN, STATE_NEW, STATE_QUEST, STATE_UNIQUE, STATE_WORN_DOWN,
    message,
};

/// What a line with a verb and words asks for; else why that is nothing, and of what.
pub(crate) fn acts(
    world: &World,
    who: NetId,
    verb: Verb,
    mut words: Vec<String>,
) -> Result<Vec<ItemAct>, (&'static str, String)> {
    let count = match verb {
        Verb::Get | Verb::Drop | Verb::Give | Verb::Split => take_count(&mut words),
        _ => None,
    };
    let word = words.first().cloned().unwrap_or_default();
    if let (Verb::Use, Some(on)) = (verb, words.iter().position(|word| word == "on")) {
        let what = words.get(on + 1).cloned().unwrap_or_default();
        let with = targets::held(world, who, &word).first().copied().ok_or((NOT_CARRIED, word))?;
        let item = targets::held(world, who, &what).first().copied().ok_or((NOT_CARRIED, what))?;
        return Ok(vec![ItemAct::Repair { item, with: Some(with) }]);
    }
    if let (Verb::Put | Verb::Get, Some(at)) =
        (verb, words.iter().position(|word| matches!(word.as_str(), "in" | "into" | "from")))
    {
        let name = words.get(at + 1).cloned().unwrap_or_default();
        let bag = targets::bag(world, who, &name).ok_or((NOT_CARRIED, name))?;
        let (found, put) = match verb {
            Verb::Put => (targets::held(world, who, &word), true),
            _ => (targets::in_bag(world, bag, &word), false),
        };
        let found: Vec<NetId> = found.into_iter().filter(|item| *item != bag).collect();
        let act = |item| if put { ItemAct::Put { item, into: bag } } else { ItemAct::TakeOut { item } };
        return if found.is_empty() { Err((NO_SUCH, word)) } else { Ok(found.into_iter().map(act).collect()) };
    }
    if verb == Verb::Repair {
        return repairs(world, who, &word);
    }
    if verb == Verb::Get {
        let acts: Vec<ItemAct> =
            targets::lying(world, who, &word).into_iter().map(|thing| get(world, thing, count)).collect();
        return if acts.is_empty() { Err((NO_SUCH, word)) } else { Ok(acts) };
    }
    let mut acts = Vec::new();
    let to = match verb {
        Verb::Give => Some(taker(world, who, &words)?),
        _ => None,
    };
    let held = targets::held(world, who, &word);
    for &item in &held {
        acts.push(match (verb, count, to) {
            (Verb::Give, count, Some(to)) => ItemAct::Give { item, count, to },
            (Verb::Drop, Some(count), _) => ItemAct::Drop { item, count },
            (Verb::Drop, None, _) => Act::Drop { item }.into(),
            (Verb::Wear, ..) => Act::Equip { item }.into(),
            (Verb::Remove, ..) => Act::Unequip { item }.into(),
            (Verb::Use, ..) => Act::Use { item }.into(),
            (Verb::Split, count, _) => ItemAct::Split { item, count: count.unwrap_or(1) },
            (Verb::Merge, ..) => {
                acts.extend(
                    targets::like(world, who, item).into_iter().map(|from| ItemAct::Merge { item: from, into: item }),
                );
                break;
            }
            _ => break,
        });
    }
    if held.is_empty() { Err((NOT_CARRIED, word)) } else { Ok(acts) }
}

fn get(world: &World, thing: NetId, count: Option<u32>) -> ItemAct {
    match count {
        _ if targets::is_container(world, thing) => Act::Loot { container: thing }.into(),
        Some(count) => ItemAct::Take { item: thing, count },
        None => Act::PickUp { item: thing }.into(),
    }
}

/// Who is to be given something: the last word, but `to`.
fn taker(world: &World, who: NetId, words: &[String]) -> Result<NetId, (&'static str, String)> {
    let word = words.iter().skip(1).rfind(|word| *word != "to").cloned().unwrap_or_default();
    let to = targets::here(world, who, &word).into_iter().find(|to| *to != who);
    to.ok_or((NO_SUCH, word))
}

/// Repairs by whoever near does so; else with the first thing that is made for it.
fn repairs(world: &World, who: NetId, word: &str) -> Result<Vec<ItemAct>, (&'static str, String)> {
    let with = match smith_near(world, who) {
        Some(_) => None,
        None => Some(targets::kit(world, who).ok_or_else(|| (NO_KIT, String::new()))?),
    };
    let items = targets::held(world, who, word).into_iter();
    let acts: Vec<ItemAct> = items.map(|item| ItemAct::Repair { item, with }).collect();
    if acts.is_empty() { Err((NOT_CARRIED, word.to_owned())) } else { Ok(acts) }
}

/// An NPC near somebody that repairs.
pub(crate) fn smith_near(world: &World, who: NetId) -> Option<NetId> {
    let content = &world.resource::<Rules>().content;
    let near = things_near(world, who).into_iter();
    let mut smiths = near.filter(|(name, entity)| {
        let def = world.get::<Npc>(*entity).and_then(|npc| content.npcs.find(npc.def));
        def.is_some_and(|def| def.repairs) && !is_dead(world, *name)
    });
    smiths.next().map(|(name, _)| name)
}

/// How an item is, for who looks at it.
pub(crate) fn state_of(world: &World, name: NetId) -> Option<Value> {
    let entity = world.resource::<NetIdIndex>().entity(name)?;
    let item = world.get::<Item>(entity)?;
    let def = world.resource::<Rules>().content.items.find(item.def)?;
    let mut parts = Vec::new();
    if let (Some(points), Some(left)) = (def.durability, def.points_left(item.wear)) {
        let words = match left {
            0 => message(STATE_BROKEN),
            _ if item.wear == 0 => message(STATE_NEW),
            _ => Message::new(STATE_WORN_DOWN).with("left", left).with("points", points).into(),
        };
        parts.push(words);
    }
    if item.is_bound {
        parts.push(message(STATE_BOUND));
    }
    if def.is_quest {
        parts.push(message(STATE_QUEST));
    }
    if def.is_unique {
        parts.push(message(STATE_UNIQUE));
    }
    (!parts.is_empty()).then(|| Value::list(parts))
}
