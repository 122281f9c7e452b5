//! What characters are told: messages by id, of which clients are sent the words in their language.

use bevy_ecs::prelude::World;
use hypogeum_content::def::NpcDef;
use hypogeum_content::texts;
use hypogeum_locale::{LocaleFile, LocaleId, Locales, Message, Rendered, Value};
use hypogeum_protocol::limits::TOLD_BYTES_MAX;
use hypogeum_protocol::{NetId, codec};
use hypogeum_shard::{Audience, KindOutbox, NetIdIndex, NetIdOf};
use hypogeum_world_messages::{RoomNews, WorldNews};
use serde::{Deserialize, Serialize};

use crate::presence::in_room;
use crate::state::Character;

/// More than so many in one room are a crowd.
const CROWD: usize = 40;

/// What a zone tells, in the languages it brings along.
pub(crate) const MESSAGES: &[LocaleFile] = &[
    LocaleFile::new("en", "zone/en.ftl", include_str!("../locales/en.ftl")),
    LocaleFile::new("de", "zone/de.ftl", include_str!("../locales/de.ftl")),
];

macro_rules! messages {
    ($($name:ident = $id:literal),* $(,)?) => {
        $(pub(crate) const $name: &str = $id;)*
        #[cfg(test)]
        const ALL: &[&str] = &[$($name),*];
    };
}

messages! {
    APPEARS = "appears",
    VANISHES = "vanishes",
    COMES = "comes",
    LEAVES = "leaves",
    ROOM = "room",
    SEES = "sees",
    IS_HERE = "is-here",
    LIES_HERE = "lies-here",
    EXIT_CLOSED = "exit-closed",
    EXIT_LOCKED = "exit-locked",
    NO_EXITS = "no-exits",
    LOOKS_AT = "looks-at",
    STATE_DEAD = "state-dead",
    STATE_NEARLY_DEAD = "state-nearly-dead",
    STATE_BADLY_HURT = "state-badly-hurt",
    STATE_HURT = "state-hurt",
    STATE_UNHURT = "state-unhurt",
    STATE_PLAIN = "state-plain",
    STATE_BROKEN = "state-broken",
    STATE_NEW = "state-new",
    STATE_WORN_DOWN = "state-worn-down",
    STATE_BOUND = "state-bound",
    STATE_QUEST = "state-quest",
    STATE_UNIQUE = "state-unique",
    CHEST = "chest",
    SOMETHING = "something",
    NOTHING = "nothing",

    SAYS = "says",
    WHO = "who",
    WHO_AND_MORE = "who-and-more",
    STATS = "stats",
    EFFECTS = "effects",
    LASTING_EFFECT = "lasting-effect",
    NO_EFFECTS = "no-effects",
    INVENTORY = "inventory",
    WORN = "worn",
    NO_ITEMS = "no-items",
    WEIGHT = "weight",
    GETS = "gets",
    YOU_GET = "you-get",
    DROPS = "drops",
    YOU_DROP = "you-drop",
    GIVES = "gives",
    YOU_GIVE = "you-give",
    GIVES_YOU = "gives-you",
    YOU_WEAR = "you-wear",
    YOU_REMOVE = "you-remove",
    YOU_USE = "you-use",
    YOU_REPAIR = "you-repair",
    REPAIRED = "repaired",
    BREAKS = "breaks",
    YOU_PUT = "you-put",
    YOU_TAKE_OUT = "you-take-out",
    BAG = "bag",
    BAG_EMPTY = "bag-empty",
    YOU_SPLIT = "you-split",
    YOU_MERGE = "you-merge",
    YOU_ATTACK = "you-attack",
    ATTACKS = "attacks",
    YOU_STOP = "you-stop",
    YOU_HIT = "you-hit",
    HITS_YOU = "hits-you",
    YOU_ARE_HURT = "you-are-hurt",
    YOU_HEAL = "you-heal",
    HEALS_YOU = "heals-you",
    YOU_RECOVER = "you-recover",
    YOU_DISPEL = "you-dispel",
    DISPELLED = "dispelled",
    DIES = "dies",
    YOU_DIE = "you-die",
    YOU_WAKE = "you-wake",
    YOU_GAIN = "you-gain",
    LEVEL_UP = "level-up",
    DOOR_OPENS = "door-opens",
    DOOR_CLOSES = "door-closes",
    DOOR_LOCKS = "door-locks",
    DOOR_UNLOCKS = "door-unlocks",
    PULLS = "pulls",
    YOU_PULL = "you-pull",
    TRIGGER = "trigger",
    DANGER_BEGINS = "danger-begins",
    DANGER_IS_HERE = "danger-is-here",
    DANGER_ENDS = "danger-ends",
    HELP = "help",
    UNKNOWN = "unknown",
    UNKNOWN_NEAR = "unknown-near",
    NO_SUCH = "no-such",
    NO_SUCH_THING = "no-such-thing",
    NO_SUCH_ENEMY = "no-such-enemy",
    NO_SUCH_TRADER = "no-such-trader",
    NO_SUCH_COMPANION = "no-such-companion",
    NO_SUCH_TARGET = "no-such-target",
    NOT_CARRIED = "not-carried",
    NOT_CARRIED_THING = "not-carried-thing",
    NO_KIT = "no-kit",
    NO_EXIT = "no-exit",
    NO_WAY_OUT = "no-way-out",
    DOOR_IN_THE_WAY = "door-in-the-way",
    DOOR_IS_LOCKED = "door-is-locked",
    NO_DOOR = "no-door",
    NO_KEY = "no-key",
    DOOR_IS_OPEN = "door-is-open",
    DOOR_IS_CLOSED = "door-is-closed",
    DOOR_IS_UNLOCKED = "door-is-unlocked",
    TOO_FAR = "too-far",
    IN_THE_DOOR = "in-the-door",
    SAFE_HERE = "safe-here",
    BAD_WORDS = "bad-words",
    DEAD = "dead",
    REFUSED = "refused",
    REFUSED_NOT_MADE = "refused-not-made",
    REFUSED_GONE = "refused-gone",
    REFUSED_NOT_CARRIED = "refused-not-carried",
    REFUSED_FAR = "refused-far",
    REFUSED_BUSY = "refused-busy",
    REFUSED_FULL = "refused-full",
    REFUSED_FEW = "refused-few",
    REFUSED_UNLIKE = "refused-unlike",
    REFUSED_BOUND = "refused-bound",
    REFUSED_QUEST = "refused-quest",
    REFUSED_HAS_ONE = "refused-has-one",
    REFUSED_IN_ITSELF = "refused-in-itself",
    REFUSED_DEEP = "refused-deep",
    REFUSED_WHOLE = "refused-whole",
    REFUSED_HEAVY = "refused-heavy",
    REFUSED_CHANGED = "refused-changed",
    REFUSED_CLAIMED = "refused-claimed",
    ABILITIES = "abilities",
    NO_ABILITY = "no-ability",
    NO_MANA = "no-mana",
    YOU_CAST = "you-cast",
    YOU_CAST_AHEAD = "you-cast-ahead",
    BEGINS_TO_CAST = "begins-to-cast",
    YOU_FOLLOW = "you-follow",
    FOLLOWS = "follows",
    YOU_FOLLOW_NOBODY = "you-follow-nobody",
    GROUP = "group",
    NO_GROUP = "no-group",
    ASKS_TO_GROUP = "asks-to-group",
    ASKED_TO_GROUP = "asked-to-group",
    JOINS_GROUP = "joins-group",
    LEAVES_GROUP = "leaves-group",
    IN_A_GROUP = "in-a-group",
    GROUP_IS_FULL = "group-is-full",
    NO_INVITATION = "no-invitation",
    YOU_ASK_TO_TRADE = "you-ask-to-trade",
    ASKS_TO_TRADE = "asks-to-trade",
    TRADE_BEGINS = "trade-begins",
    TABLE = "table",
    TABLE_IS_FULL = "table-is-full",
    TRADE_AGREED = "trade-agreed",
    TRADE_DONE = "trade-done",
    TRADE_OFF = "trade-off",
    NO_TRADE = "no-trade",
    BUSY_TRADING = "busy-trading",
    IN_A_FIGHT = "in-a-fight",
    GOODBYE = "goodbye",
    SAYS_NOTHING = "says-nothing",
    NO_SHOP = "no-shop",
    SELLS = "sells",
    WANTS = "wants",
    WARE = "ware",
    DOES_NOT_SELL = "does-not-sell",
    DOES_NOT_BUY = "does-not-buy",
    TOO_MANY_AT_ONCE = "too-many-at-once",
    TOO_DEAR = "too-dear",
    YOU_BUY = "you-buy",
    BUYS = "buys",
    YOU_SELL = "you-sell",
    SELLS_IT = "sells-it",
    REFUSED_NOT_EMPTY = "refused-not-empty",
    GM_HELP = "gm-help",
    GM_NEEDS_REASON = "gm-needs-reason",
    GM_DONE = "gm-done",
    GM_UNKNOWN = "gm-unknown",
    GM_INSPECTS = "gm-inspects",
    GM_ANNOUNCES = "gm-announces",
}

/// What stands in the places of a message, by name.
pub(crate) type Arguments<'a> = &'a [(&'static str, Value)];

/// What begins a body that is to be put into words. News of other forms begin with a small number.
const IN_WORDS: u8 = 0xFF;

/// Most bytes that what is put into words takes in memory: a number in a list may be two bytes on its way, and is 64 there.
const SAID_CLAIM_MAX: usize = 64 * TOLD_BYTES_MAX;

/// What is put into words once it is known who reads it.
#[derive(Debug, Serialize, Deserialize)]
enum Said {
    /// A message.
    Told(Message),
    /// A room, and what it is called and looks like.
    Room { room: RoomNews, name: Value, description: Value },
}

impl Said {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![IN_WORDS];
        codec::encode_into(self, &mut bytes);
        bytes
    }
}

/// A body of a zone in the words of a locale; `None` where there are no words in it.
pub(crate) fn in_words(body: &[u8], locales: &Locales, locale: LocaleId) -> Option<Vec<u8>> {
    let (mark, rest) = body.split_first()?;
    let said = if *mark == IN_WORDS { codec::decode::<Said, SAID_CLAIM_MAX>(rest).ok()? } else { return None };
    let news = match said {
        Said::Told(message) => {
            let Rendered { words, arguments } = locales.render(locale, &message);
            let mut news = WorldNews::Told { id: message.id.into_owned(), arguments, words };
            // Words come first: who has words of its own for a message does without an argument that is too long.
            while codec::encode(&news).len() > TOLD_BYTES_MAX {
                let WorldNews::Told { arguments, .. } = &mut news else { break };
                arguments.pop();
            }
            news
        }
        Said::Room { room, name, description } => {
            let words = |value| locales.value_words(locale, value);
            WorldNews::Room(RoomNews { name: words(&name), description: words(&description), ..room })
        }
    };
    Some(news.encode())
}

/// A message as it goes into the outbox: at most as long as that takes.
fn body_of(id: &'static str, arguments: Arguments<'_>) -> Vec<u8> {
    let mut said = Said::Told(Message::of(id, arguments));
    loop {
        let body = said.encode();
        if body.len() <= TOLD_BYTES_MAX {
            return body;
        }
        if let Said::Told(message) = &mut said {
            message.shorten();
        }
    }
}

/// Tells one character something.
pub(crate) fn tell(world: &mut World, who: NetId, id: &'static str, arguments: Arguments<'_>) {
    world.resource_mut::<KindOutbox>().tell(Audience::Only(who), body_of(id, arguments));
}

/// Tells one character news of any form.
pub(crate) fn tell_news(world: &mut World, who: NetId, news: &WorldNews) {
    world.resource_mut::<KindOutbox>().tell(Audience::Only(who), news.encode());
}

/// Tells one character which room it is in.
pub(crate) fn tell_place(world: &mut World, who: NetId, room: RoomNews, name: Value, description: Value) {
    let said = Said::Room { room, name, description };
    world.resource_mut::<KindOutbox>().tell(Audience::Only(who), said.encode());
}

/// Tells some the same.
pub(crate) fn tell_each(
    world: &mut World,
    whom: impl IntoIterator<Item = NetId>,
    id: &'static str,
    arguments: Arguments<'_>,
) {
    world.resource_mut::<KindOutbox>().tell_each(whom, body_of(id, arguments));
}

/// Tells everyone in a room but one.
pub(crate) fn tell_room(
    world: &mut World,
    room: usize,
    but: Option<NetId>,
    id: &'static str,
    arguments: Arguments<'_>,
) {
    let there: Vec<NetId> = in_room(world, room).into_iter().filter(|who| Some(*who) != but).collect();
    if !there.is_empty() {
        tell_each(world, there, id, arguments);
    }
}

/// Tells every character in the zone.
pub(crate) fn tell_everyone(world: &mut World, id: &'static str, arguments: Arguments<'_>) {
    let everyone: Vec<NetId> = world.resource::<crate::state::SeatAvatars>().0.values().copied().collect();
    tell_each(world, everyone, id, arguments);
}

/// Tells everyone in a room but one what merely passes: who comes and goes, who attacks whom. In a crowd nobody could read
/// it all, so nobody is told.
pub(crate) fn tell_passing(
    world: &mut World,
    room: usize,
    but: Option<NetId>,
    id: &'static str,
    arguments: Arguments<'_>,
) {
    if in_room(world, room).len() <= CROWD {
        tell_room(world, room, but, id, arguments);
    }
}

/// A message as an argument of another.
pub(crate) fn message(id: &'static str) -> Value {
    Message::new(id).into()
}

/// What one is called, in the language of who reads it: a character by its name, an NPC and an item by its kind's.
pub(crate) fn name_of(world: &World, who: NetId) -> Value {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return message(SOMETHING) };
    debug_assert!(world.get::<NetIdOf>(entity).is_some_and(|named| named.0 == who), "names are found by themselves");
    if let Some(character) = world.get::<Character>(entity) {
        return character.name.as_str().into();
    }
    let content = &world.resource::<hypogeum_shard::Rules>().content;
    if let Some(npc) = world.get::<hypogeum_npc::Npc>(entity) {
        return content.npcs.find(npc.def).map_or_else(
            || message(SOMETHING),
            |def| Value::thing(texts::npc(content.npcs.key(npc.def)), called(def), 1),
        );
    }
    match world.get::<hypogeum_items::Item>(entity) {
        Some(item) => item_name(content, item.def, item.count),
        None if world.get::<hypogeum_items::Container>(entity).is_some() => message(CHEST),
        None => message(SOMETHING),
    }
}

/// What so many items of a kind are called.
pub(crate) fn item_name(
    content: &hypogeum_content::Content,
    item: hypogeum_content::Id<hypogeum_content::def::ItemDef>,
    count: u32,
) -> Value {
    let def = content.items.find(item);
    def.map_or_else(
        || message(SOMETHING),
        |def| Value::thing(texts::item(content.items.key(item)), def.called(count), count),
    )
}

/// What one is called by those who type its name: the words of the definitions.
pub(crate) fn typed_name(world: &World, who: NetId) -> String {
    match name_of(world, who) {
        Value::Text(name) | Value::Thing { plain: name, .. } => name,
        Value::Message(message) if message.id == CHEST => "a chest".to_owned(),
        _ => SOMETHING.to_owned(),
    }
}

/// What NPCs of a kind are called: "the wolf", "the warden" of a kind whose name has its article already, and one that has a
/// name of its own by that.
pub(crate) fn called(npc: &NpcDef) -> String {
    if npc.is_named {
        return npc.name.clone();
    }
    let name = npc.name.to_lowercase();
    format!("the {}", name.strip_prefix("the ").unwrap_or(&name))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn locales() -> Locales {
        Locales::new(MESSAGES.iter().cloned()).expect("they can be read")
    }

    #[test]
    fn every_message_has_words_in_every_language() {
        let ids: BTreeSet<&str> = ALL.iter().copied().collect();
        assert_eq!(ids.len(), ALL.len(), "clients know messages by their names");
        for file in MESSAGES {
            let said = hypogeum_locale::message_ids(file);
            // The one that lists need is sent with each of them.
            let said: BTreeSet<&str> = said.iter().map(String::as_str).filter(|id| *id != "join-or").collect();
            assert_eq!(said, ids, "{}", file.name);
        }
        assert_eq!(locales().differences(&BTreeMap::new()), [], "and uses the arguments it gets");
        let is_of_content = |id: &&str| texts::PREFIXES.iter().any(|prefix| id.starts_with(prefix));
        assert!(!ids.iter().any(is_of_content), "none is taken for one of a definition");
    }

    #[test]
    fn no_list_is_too_long_to_be_told() {
        let long = || Value::from("🜏".repeat(20_000));
        let many = Value::list((0..20_000).map(|number| Value::from(format!("{number}"))));
        for arguments in [
            [("name", long()), ("description", long()), ("exits", long())],
            [("name", many.clone()), ("description", many.clone()), ("exits", many)],
        ] {
            let body = body_of(ROOM, &arguments);
            assert!(body.len() <= TOLD_BYTES_MAX, "whatever designers and players write");
            let told = in_words(&body, &locales(), LocaleId::default()).expect("it has words");
            assert!(told.len() <= TOLD_BYTES_MAX && WorldNews::decode(&told).is_ok());
        }
    }

    #[test]
    fn news_without_words_are_sent_as_they_are() {
        let news = WorldNews::Completions { words: vec!["look".to_owned()] };
        assert_eq!(in_words(&news.encode(), &locales(), LocaleId::default()), None);
        assert_eq!(in_words(&[], &locales(), LocaleId::default()), None);
        assert_eq!(in_words(&[IN_WORDS, 200, 3], &locales(), LocaleId::default()), None, "nor what cannot be read");
    }
}
