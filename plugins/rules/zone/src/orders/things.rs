//! What is done with things in words: which things a line means, and what is wanted with them.

use bevy_ecs::prelude::World;
use hypogeum_items::ItemAct;
use hypogeum_protocol::{Act, NetId};

use super::parse::{Verb, take_count};
use super::targets;
use crate::tell::{Message, NO_SUCH, NOT_CARRIED};

/// What a line with a verb and words asks for; else why that is nothing, and of what.
pub(crate) fn acts(
    world: &World,
    who: NetId,
    verb: Verb,
    mut words: Vec<String>,
) -> Result<Vec<ItemAct>, (Message, String)> {
    let count = match verb {
        Verb::Get | Verb::Drop | Verb::Give | Verb::Split => take_count(&mut words),
        _ => None,
    };
    let word = words.first().cloned().unwrap_or_default();
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
fn taker(world: &World, who: NetId, words: &[String]) -> Result<NetId, (Message, String)> {
    let word = words.iter().skip(1).rfind(|word| *word != "to").cloned().unwrap_or_default();
    let to = targets::here(world, who, &word).into_iter().find(|to| *to != who);
    to.ok_or((NO_SUCH, word))
}
