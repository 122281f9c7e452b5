//! What a line that is being typed could go on as.

use bevy_ecs::prelude::World;
use hypogeum_items::carried;
use hypogeum_protocol::NetId;
use hypogeum_world_messages::{COMPLETIONS_MAX, WorldNews};

use super::parse::{VERBS, is_line};
use crate::rooms::{exits, room_of, things_near};
use crate::tell::{tell_news, typed_name};

/// Tells how the last word of a line could go on: the first one as a verb or a way out, those after it as what is here or carried.
pub(crate) fn complete(world: &mut World, who: NetId, line: &str) {
    let beginning = line.rsplit(char::is_whitespace).next().unwrap_or("").to_lowercase();
    let is_first = line.trim_start().len() == beginning.len();
    let known = if is_first { first_words(world, who) } else { names(world, who) };
    let mut words: Vec<String> = known.into_iter().filter(|word| word.starts_with(&beginning)).collect();
    words.sort_unstable();
    words.dedup();
    words.truncate(if is_line(line) { COMPLETIONS_MAX } else { 0 });
    tell_news(world, who, &WorldNews::Completions { words });
}

fn first_words(world: &World, who: NetId) -> Vec<String> {
    let room = room_of(world, who).map(|(room, _)| room);
    let exits = room.map(|room| exits(world, room)).unwrap_or_default().into_iter().map(|(word, _)| word);
    VERBS.iter().map(|(word, _)| (*word).to_owned()).chain(exits).collect()
}

/// The last words of the names of all that can be named: `wolf` of `the grey wolf`.
fn names(world: &World, who: NetId) -> Vec<String> {
    let near = things_near(world, who).into_iter().map(|(name, _)| name).filter(|one| *one != who);
    let held = carried(world, who).into_iter().map(|held| held.name);
    let last = |one: NetId| typed_name(world, one).rsplit(' ').next().map(str::to_lowercase);
    near.chain(held).take(4 * COMPLETIONS_MAX).filter_map(last).collect()
}
