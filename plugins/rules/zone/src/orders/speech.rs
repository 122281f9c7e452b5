//! What is said, and to whom.

use bevy_ecs::prelude::World;
use hypogeum_protocol::NetId;

use super::parse::is_readable;
use crate::rooms::{others_near, room_of};
use crate::state::{Character, SeatAvatars};
use crate::tell::{
    BAD_WORDS, EMOTES, NOBODY_CALLED, SAY_WHAT, SAYS, TELLS, WHO, YOU_SAY, YOU_TELL, name_of, tell, tell_room,
};

/// Most names in one list: each may have 96 bytes, and all of them are one argument.
const NAMES_MAX: usize = 25;

/// Whether something can be said; what is wrong with it is told.
fn can_be_said(world: &mut World, who: NetId, words: &str) -> bool {
    let message = if words.trim().is_empty() {
        SAY_WHAT
    } else if !is_readable(words) {
        BAD_WORDS
    } else {
        return true;
    };
    tell(world, who, message, &[]);
    false
}

pub(crate) fn say(world: &mut World, who: NetId, words: &str) {
    if !can_be_said(world, who, words) {
        return;
    }
    let words = ("words", words.trim().to_owned());
    tell(world, who, YOU_SAY, std::slice::from_ref(&words));
    let arguments = [("who", name_of(world, who)), words];
    for other in others_near(world, who) {
        tell(world, other, SAYS, &arguments);
    }
}

pub(crate) fn emote(world: &mut World, who: NetId, words: &str) {
    if !can_be_said(world, who, words) {
        return;
    }
    let arguments = [("who", name_of(world, who)), ("words", words.trim().to_owned())];
    if let Some((room, _)) = room_of(world, who) {
        tell_room(world, room, None, EMOTES, &arguments);
    }
}

pub(crate) fn tell_one(world: &mut World, who: NetId, name: &str, words: &str) {
    let Some(to) = called(world, name) else {
        return tell(world, who, NOBODY_CALLED, &[("name", name.chars().take(32).collect())]);
    };
    if !can_be_said(world, who, words) {
        return;
    }
    let words = ("words", words.trim().to_owned());
    let (from, whom) = (name_of(world, who), name_of(world, to));
    tell(world, who, YOU_TELL, &[("who", whom), words.clone()]);
    tell(world, to, TELLS, &[("who", from), words]);
}

/// A character by its name, whole or its beginning, in any case.
pub(crate) fn called(world: &World, name: &str) -> Option<NetId> {
    let wanted = name.to_lowercase();
    let names = everyone(world).into_iter().map(|(who, name)| (who, name.to_lowercase()));
    let fitting: Vec<(NetId, String)> =
        names.filter(|(_, name)| !wanted.is_empty() && name.starts_with(&wanted)).collect();
    let exact = fitting.iter().find(|(_, name)| *name == wanted);
    exact.or_else(|| fitting.first()).map(|(who, _)| *who)
}

pub(crate) fn who(world: &mut World, asks: NetId) {
    let mut names: Vec<String> = everyone(world).into_iter().map(|(_, name)| name).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMES_MAX);
    names.truncate(NAMES_MAX);
    let mut list = names.join(", ");
    if more > 0 {
        list += &format!(", and {more} more");
    }
    tell(world, asks, WHO, &[("who", list)]);
}

fn everyone(world: &World) -> Vec<(NetId, String)> {
    let directory = world.resource::<hypogeum_shard::NetIdIndex>();
    let avatars = world.resource::<SeatAvatars>().0.values();
    let named = avatars.filter_map(|who| Some((*who, world.get::<Character>(directory.entity(*who)?)?.name.clone())));
    named.collect()
}
