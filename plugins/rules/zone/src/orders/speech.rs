//! What is said: the zone reads it, and the host lets those hear it who may.

use bevy_ecs::prelude::World;
use hypogeum_locale::{Message, Value};
use hypogeum_protocol::{ChatChannel, ClientMessage, Ignored, NetId};
use hypogeum_shard::{NetIdIndex, Speeches};

use super::parse::{Line, Verb};
use crate::state::{Character, SeatAvatars};
use crate::tell::{WHO, WHO_AND_MORE, tell};

/// Most names in one list: each may have 96 bytes, and all of them are one argument.
const NAMES_MAX: usize = 25;

/// Hands what somebody says, or wants in a chat, to the host.
pub(crate) fn speak(world: &mut World, who: NetId, message: ClientMessage) {
    let speaker = world.resource::<NetIdIndex>().entity(who).and_then(|entity| world.get::<Character>(entity));
    if let Some(seat) = speaker.map(|character| character.seat) {
        world.resource_mut::<Speeches>().0.push((seat, message));
    }
}

/// Something said to everyone in the room.
pub(crate) fn aloud(words: &str) -> ClientMessage {
    said(ChatChannel::Room, "", words)
}

/// Something done for everyone in the room to see.
pub(crate) fn emote(words: &str) -> ClientMessage {
    let (to, words) = (String::new(), words.trim().to_owned());
    ClientMessage::Chat { channel: ChatChannel::Room, to, words, is_emote: true }
}

/// Something said to one person, wherever.
pub(crate) fn whisper(to: &str, words: &str) -> ClientMessage {
    said(ChatChannel::Whisper, to, words)
}

fn said(channel: ChatChannel, to: &str, words: &str) -> ClientMessage {
    ClientMessage::Chat { channel, to: to.to_owned(), words: words.trim().to_owned(), is_emote: false }
}

/// What a line is as a message of the chat; `None` where it is none.
pub(crate) fn read(line: &Line) -> Option<ClientMessage> {
    let (first, rest) = line.rest.split_once(char::is_whitespace).unwrap_or((&line.rest, ""));
    let (name, rest) = (first.to_owned(), rest.trim());
    let ignore = |ignored| ClientMessage::Ignore { name: name.clone(), ignored };
    Some(match line.verb {
        Verb::Shout => said(ChatChannel::Zone, "", &line.rest),
        Verb::Gossip => said(ChatChannel::Global, "", &line.rest),
        Verb::Party => said(ChatChannel::Party, "", &line.rest),
        Verb::Reply => whisper("", &line.rest),
        Verb::Mute => ignore(Ignored::Muted),
        Verb::Block => ignore(Ignored::Blocked),
        Verb::Unmute => ignore(Ignored::Not),
        Verb::Report => ClientMessage::ReportChat { line: 0, from: name, reason: rest.to_owned() },
        Verb::History => {
            let channel = channel_called(&name);
            // A word that is no channel is somebody's name.
            let with = if channel.is_some() { rest.to_owned() } else { name };
            let usual = if with.is_empty() { ChatChannel::Room } else { ChatChannel::Whisper };
            ClientMessage::ChatHistory { channel: channel.unwrap_or(usual), with, before: 0 }
        }
        _ => return None,
    })
}

/// The channel that a word names, by the word that speaks on it, too.
fn channel_called(word: &str) -> Option<ChatChannel> {
    Some(match word {
        "room" | "say" => ChatChannel::Room,
        "zone" | "shout" => ChatChannel::Zone,
        "party" => ChatChannel::Party,
        "whisper" | "tell" => ChatChannel::Whisper,
        "global" | "gossip" | "chat" => ChatChannel::Global,
        _ => return None,
    })
}

pub(crate) fn who(world: &mut World, asks: NetId) {
    let mut names: Vec<String> = everyone(world).into_iter().map(|(_, name)| name).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMES_MAX);
    names.truncate(NAMES_MAX);
    let mut list = Value::list(names.into_iter().map(Value::from));
    if let Some(more) = u32::try_from(more).ok().filter(|more| *more > 0) {
        list = Message::new(WHO_AND_MORE).with("who", list).with("more", more).into();
    }
    tell(world, asks, WHO, &[("who", list)]);
}

fn everyone(world: &World) -> Vec<(NetId, String)> {
    let directory = world.resource::<NetIdIndex>();
    let avatars = world.resource::<SeatAvatars>().0.values();
    let named = avatars.filter_map(|who| Some((*who, world.get::<Character>(directory.entity(*who)?)?.name.clone())));
    named.collect()
}
