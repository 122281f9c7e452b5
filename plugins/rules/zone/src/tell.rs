//! What characters are told, as messages and in words.

use bevy_ecs::prelude::World;
use hypogeum_content::def::NpcDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Audience, KindOutbox, NetIdIndex, NetIdOf};
use hypogeum_world_messages::WorldNews;

use crate::presence::in_room;
use crate::state::Character;

/// More than so many in one room are a crowd.
const CROWD: usize = 40;

/// Most bytes of one argument. A message has three long ones at most, and each stands in its words again.
const ARGUMENT_BYTES_MAX: usize = 2_560;
const _: () = assert!(2 * 3 * (ARGUMENT_BYTES_MAX + 64) < hypogeum_protocol::limits::TOLD_BYTES_MAX);

/// A message: its name, and its words with places for arguments in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: &'static str,
    words: &'static str,
}

macro_rules! messages {
    ($($name:ident = $id:literal: $words:literal),* $(,)?) => {
        $(pub(crate) const $name: Message = Message { id: $id, words: $words };)*
        #[cfg(test)]
        const ALL: &[Message] = &[$($name),*];
    };
}

messages! {
    APPEARS = "appears": "{who} appears.",
    VANISHES = "vanishes": "{who} is gone.",
    COMES = "comes": "{who} comes in.",
    LEAVES = "leaves": "{who} leaves.",
    ROOM = "room": "{name}\n{description}\nExits: {exits}",
    SEES = "sees": "{what}",
    LOOKS_AT = "looks-at": "{what}: {state}.",
    // Of NPCs: what players say goes by the chat.
    SAYS = "says": "{who} says, \"{words}\"",
    WHO = "who": "Here are: {who}.",
    STATS = "stats": "{name}, level {level} {archetype}. Hit points {hp} of {hp_max}, mana {mp} of {mp_max}, experience {xp} of {xp_next}.",
    EFFECTS = "effects": "Active effects: {effects}.",
    NO_EFFECTS = "no-effects": "You have no active effects.",
    INVENTORY = "inventory": "You carry: {items}.",
    NO_ITEMS = "no-items": "You carry nothing.",
    GETS = "gets": "{who} takes {what}.",
    YOU_GET = "you-get": "You take {what}.",
    DROPS = "drops": "{who} drops {what}.",
    YOU_DROP = "you-drop": "You drop {what}.",
    GIVES = "gives": "{who} gives {what} to {whom}.",
    YOU_GIVE = "you-give": "You give {what} to {whom}.",
    GIVES_YOU = "gives-you": "{who} gives you {what}.",
    YOU_WEAR = "you-wear": "You put on {what}.",
    YOU_REMOVE = "you-remove": "You take off {what}.",
    YOU_USE = "you-use": "You use {what}.",
    YOU_REPAIR = "you-repair": "You repair {what}.",
    REPAIRED = "repaired": "{who} repairs {what} for you.",
    BREAKS = "breaks": "{what} breaks!",
    YOU_PUT = "you-put": "You put {what} into {bag}.",
    YOU_TAKE_OUT = "you-take-out": "You take out {what}.",
    BAG = "bag": "In {bag}: {items}.",
    BAG_EMPTY = "bag-empty": "There is nothing in {bag}.",
    YOU_SPLIT = "you-split": "You set {what} apart.",
    YOU_MERGE = "you-merge": "You add {what} to the rest.",
    YOU_ATTACK = "you-attack": "You attack {whom}!",
    ATTACKS = "attacks": "{who} attacks {whom}!",
    YOU_STOP = "you-stop": "You stop.",
    YOU_HIT = "you-hit": "You hit {whom} for {amount}.",
    HITS_YOU = "hits-you": "{who} hits you for {amount}.",
    YOU_HEAL = "you-heal": "You heal {whom} for {amount}.",
    HEALS_YOU = "heals-you": "{who} heals you for {amount}.",
    YOU_RECOVER = "you-recover": "You recover {amount} hit points.",
    DIES = "dies": "{who} is dead.",
    YOU_DIE = "you-die": "You are dead. You will wake at the shrine in {seconds} seconds.",
    YOU_WAKE = "you-wake": "You wake at the shrine.",
    YOU_GAIN = "you-gain": "You gain {xp} experience.",
    LEVEL_UP = "level-up": "You reach level {level}!",
    DOOR_OPENS = "door-opens": "{door} opens.",
    DOOR_CLOSES = "door-closes": "{door} closes.",
    DOOR_LOCKS = "door-locks": "{door} closes and locks.",
    DOOR_UNLOCKS = "door-unlocks": "{door} unlocks.",
    PULLS = "pulls": "{who} pulls {what}.",
    YOU_PULL = "you-pull": "You pull {what}.",
    TRIGGER = "trigger": "{words}",
    HELP = "help": "You can type: {words}. Exits are commands, too. Abbreviations work, and 2.wolf is the second wolf.",
    UNKNOWN = "unknown": "\"{word}\" means nothing here.",
    UNKNOWN_NEAR = "unknown-near": "\"{word}\" means nothing here. Did you mean {near}?",
    NO_SUCH = "no-such": "There is no {what} here.",
    NOT_CARRIED = "not-carried": "You carry no {what}.",
    NO_KIT = "no-kit": "You have nothing to repair it with, and nobody here does it for you.",
    NO_EXIT = "no-exit": "There is no way {word} from here.",
    DOOR_IN_THE_WAY = "door-in-the-way": "{door} is closed.",
    DOOR_IS_LOCKED = "door-is-locked": "{door} is locked.",
    NO_DOOR = "no-door": "There is no door {word}.",
    NO_KEY = "no-key": "You have nothing that unlocks {door}.",
    DOOR_IS_SO = "door-is-so": "{door} is already {state}.",
    TOO_FAR = "too-far": "It is too far away.",
    IN_THE_DOOR = "in-the-door": "Somebody is standing in the doorway.",
    SAFE_HERE = "safe-here": "Nobody fights here.",
    BAD_WORDS = "bad-words": "That cannot be said: it is too long, or contains characters that cannot be shown.",
    DEAD = "dead": "You are dead.",
    REFUSED = "refused": "That does not work: {why}.",
    ABILITIES = "abilities": "You can cast: {abilities}.",
    NO_ABILITY = "no-ability": "You cannot cast {name}.",
    NO_MANA = "no-mana": "You have too little mana for {ability}.",
    YOU_CAST = "you-cast": "You cast {ability} at {whom}.",
    YOU_CAST_AHEAD = "you-cast-ahead": "You cast {ability}.",
    YOU_FOLLOW = "you-follow": "You follow {whom}.",
    FOLLOWS = "follows": "{who} follows you.",
    YOU_FOLLOW_NOBODY = "you-follow-nobody": "You follow nobody.",
    GROUP = "group": "Your group: {who}.",
    NO_GROUP = "no-group": "You are in no group.",
    ASKS_TO_GROUP = "asks-to-group": "{who} asks you into a group. Type join to join it.",
    ASKED_TO_GROUP = "asked-to-group": "You ask {who} into your group.",
    JOINS_GROUP = "joins-group": "{who} joins the group.",
    LEAVES_GROUP = "leaves-group": "{who} leaves the group.",
    IN_A_GROUP = "in-a-group": "{who} is in a group already.",
    GROUP_IS_FULL = "group-is-full": "The group is full.",
    NO_INVITATION = "no-invitation": "Nobody has asked you into a group.",
    YOU_ASK_TO_TRADE = "you-ask-to-trade": "You ask {who} to trade.",
    ASKS_TO_TRADE = "asks-to-trade": "{who} asks you to trade. Type trade {who} to begin.",
    TRADE_BEGINS = "trade-begins": "You trade with {who}. Offer and withdraw things, then accept, or cancel.",
    TABLE = "table": "You offer {own}. {who} offers {their}.",
    TABLE_IS_FULL = "table-is-full": "No more fits on the table.",
    TRADE_AGREED = "trade-agreed": "{who} agrees to the trade.",
    TRADE_DONE = "trade-done": "The trade is done.",
    TRADE_OFF = "trade-off": "The trade is off.",
    NO_TRADE = "no-trade": "You are not trading.",
    BUSY_TRADING = "busy-trading": "{who} is trading already.",
    IN_A_FIGHT = "in-a-fight": "Not in the middle of a fight.",
    GOODBYE = "goodbye": "You leave the world.",
    GM_HELP = "gm-help": "{words}",
    GM_NEEDS_REASON = "gm-needs-reason": "Say why: {usage}",
    GM_DONE = "gm-done": "Done: {what}.",
    GM_UNKNOWN = "gm-unknown": "There is no such thing: {what}",
    GM_INSPECTS = "gm-inspects": "{facts}",
    GM_ANNOUNCES = "gm-announces": "Everyone hears: {words}",
}

/// Arguments of a message, by name.
pub(crate) type Arguments<'a> = &'a [(&'static str, String)];

impl Message {
    /// The whole message in words.
    pub(crate) fn render(self, arguments: Arguments<'_>) -> String {
        let mut words = String::with_capacity(self.words.len() + 32);
        let mut rest = self.words;
        while let Some((before, after)) = rest.split_once('{') {
            words.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            words.push_str(arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = after;
        }
        words.push_str(rest);
        words
    }

    fn news(self, arguments: Arguments<'_>) -> WorldNews {
        let short: Vec<(&'static str, String)> =
            arguments.iter().map(|(name, value)| (*name, shortened(value))).collect();
        WorldNews::Told {
            id: self.id.to_owned(),
            words: self.render(&short),
            arguments: short.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

/// A value as far as it may be told: a list of long names is cut, so that no message is longer than one may be.
fn shortened(value: &str) -> String {
    if value.len() <= ARGUMENT_BYTES_MAX {
        return value.to_owned();
    }
    let end = value.floor_char_boundary(ARGUMENT_BYTES_MAX);
    format!("{}…", &value[..end])
}

/// Tells one character something.
pub(crate) fn tell(world: &mut World, who: NetId, message: Message, arguments: Arguments<'_>) {
    tell_news(world, who, &message.news(arguments));
}

/// Tells one character news of any form.
pub(crate) fn tell_news(world: &mut World, who: NetId, news: &WorldNews) {
    world.resource_mut::<KindOutbox>().tell(Audience::Only(who), news.encode());
}

/// Tells everyone in a room but one.
pub(crate) fn tell_room(
    world: &mut World,
    room: usize,
    but: Option<NetId>,
    message: Message,
    arguments: Arguments<'_>,
) {
    let there: Vec<NetId> = in_room(world, room).into_iter().filter(|who| Some(*who) != but).collect();
    if there.is_empty() {
        return;
    }
    let news = message.news(arguments).encode();
    let mut outbox = world.resource_mut::<KindOutbox>();
    for who in there {
        outbox.tell(Audience::Only(who), news.clone());
    }
}

/// Tells every character in the zone.
pub(crate) fn tell_everyone(world: &mut World, message: Message, arguments: Arguments<'_>) {
    let everyone: Vec<NetId> = world.resource::<crate::state::SeatAvatars>().0.values().copied().collect();
    let news = message.news(arguments).encode();
    let mut outbox = world.resource_mut::<KindOutbox>();
    for who in everyone {
        outbox.tell(Audience::Only(who), news.clone());
    }
}

/// Tells everyone in a room but one what merely passes: who comes and goes, who attacks whom. In a crowd nobody could read
/// it all, so nobody is told.
pub(crate) fn tell_passing(
    world: &mut World,
    room: usize,
    but: Option<NetId>,
    message: Message,
    arguments: Arguments<'_>,
) {
    if in_room(world, room).len() <= CROWD {
        tell_room(world, room, but, message, arguments);
    }
}

/// What one is called: a character by its name, an NPC by its kind's.
pub(crate) fn name_of(world: &World, who: NetId) -> String {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return "something".to_owned() };
    debug_assert!(world.get::<NetIdOf>(entity).is_some_and(|named| named.0 == who), "names are found by themselves");
    if let Some(character) = world.get::<Character>(entity) {
        return character.name.clone();
    }
    let content = &world.resource::<hypogeum_shard::Rules>().content;
    let npc = world.get::<hypogeum_npc::Npc>(entity).and_then(|npc| content.npcs.find(npc.def));
    let item = world.get::<hypogeum_items::Item>(entity);
    let item = item.and_then(|item| Some((content.items.find(item.def)?, item.count)));
    match (npc, item) {
        (Some(npc), _) => called(npc),
        (_, Some((item, count))) => item.called(count),
        _ if world.get::<hypogeum_items::Container>(entity).is_some() => "a chest".to_owned(),
        _ => "something".to_owned(),
    }
}

/// What NPCs of a kind are called: "the wolf", and "the warden" of a kind whose name has its article already.
pub(crate) fn called(npc: &NpcDef) -> String {
    let name = npc.name.to_lowercase();
    format!("the {}", name.strip_prefix("the ").unwrap_or(&name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_message_has_a_name_of_its_own() {
        let ids: BTreeSet<&str> = ALL.iter().map(|message| message.id).collect();
        assert_eq!(ids.len(), ALL.len(), "clients know messages by their names");
        let is_plain = |id: &&str| id.chars().all(|character| character.is_ascii_lowercase() || character == '-');
        assert!(ids.iter().all(is_plain), "a name is of small letters");
    }

    #[test]
    fn no_list_is_too_long_to_be_told() {
        let long = || "🜏".repeat(20_000);
        let news = ROOM.news(&[("name", long()), ("description", long()), ("exits", long())]);
        assert!(
            news.encode().len() <= hypogeum_protocol::limits::TOLD_BYTES_MAX,
            "whatever designers and players write"
        );
        assert!(matches!(&news, WorldNews::Told { words, .. } if words.ends_with('…')), "and one sees that it was cut");
    }

    #[test]
    fn arguments_stand_in_their_places() {
        let arguments = [("who", "Ada".to_owned()), ("what", "{who}".to_owned())];
        assert_eq!(GETS.render(&arguments), "Ada takes {who}.", "and are not read again");
        assert_eq!(GETS.render(&[]), " takes .", "what is missing is left out");
    }
}
