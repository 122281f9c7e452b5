//! What scripts can call: of this house, and of Rhai.

use core::ops::RangeInclusive;

use rhai::{Array, Dynamic, Engine, EvalAltResult, INT, ImmutableString, NativeCallContext};

use crate::Intent;
use crate::call::{Answer, Call, with};
use crate::limits::{AFTER_MS, DICE_SIDES_MAX, ENTRIES_MAX, SPAWN_COUNT_MAX, WORDS_BYTES_MAX};

/// What a parameter of the API is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody, as a number.
    Who,
    /// Key of a room.
    Room,
    /// Key of a door.
    Door,
    /// Key of an NPC.
    Npc,
    /// Key of an item.
    Item,
    /// Key of an effect.
    Effect,
    /// Key of a hazard.
    Hazard,
    /// A flag.
    Flag,
    /// A function of the same script, without parameters.
    Function,
    /// Words for players.
    Words,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// Name of what is remembered.
    Name,
    /// What is remembered.
    Value,
}

/// Every function of the API with its parameters.
pub const API: &[(&str, &[Kind])] = {
    use Kind::{Door, Effect, Flag, Function, Hazard, Item, Name, Npc, Number, Room, Truth, Value, Who, Words};
    &[
        // What is.
        ("who", &[]),
        ("room", &[]),
        ("words", &[]),
        ("name", &[Who]),
        ("level", &[Who]),
        ("hp", &[Who]),
        ("hp_max", &[Who]),
        ("room_of", &[Who]),
        ("players", &[Room]),
        ("count_players", &[Room]),
        ("count_npcs", &[Npc, Room]),
        ("carries", &[Who, Item]),
        ("flag", &[Flag]),
        ("door", &[Door]),
        ("hour", &[]),
        ("dice", &[Number]),
        ("recall", &[Name]),
        // What is wanted.
        ("remember", &[Name, Value]),
        ("tell", &[Who, Words]),
        ("announce", &[Room, Words]),
        ("tell_of", &[Who, Words, Who]),
        ("announce_of", &[Room, Words, Who]),
        ("open", &[Door]),
        ("close", &[Door]),
        ("lock", &[Door]),
        ("spawn_npc", &[Npc, Room, Number]),
        ("despawn_npc", &[Npc, Room]),
        ("give", &[Who, Item]),
        ("take", &[Who, Item]),
        ("effect", &[Who, Effect]),
        ("teleport", &[Who, Room]),
        ("start_hazard", &[Hazard, Room]),
        ("set_flag", &[Flag, Truth]),
        ("after", &[Number, Function]),
    ]
};

/// What scripts can call of Rhai. No other function of it can be named: nothing here costs more than what it is given is long,
/// and nothing here takes or makes a function.
pub(crate) const LANGUAGE: &[&str] = &[
    "abs",
    "sign",
    "min",
    "max",
    "is_even",
    "is_odd",
    "parse_int",
    "to_int",
    "len",
    "is_empty",
    "contains",
    "index_of",
    "push",
    "pop",
    "shift",
    "insert",
    "remove",
    "clear",
    "reverse",
    "keys",
    "values",
    "to_string",
    "to_upper",
    "to_lower",
    "trim",
    "starts_with",
    "ends_with",
    "sub_string",
    "range",
    "type_of",
];

fn error<T>(what: impl Into<String>) -> Answer<T> {
    Err(Box::<EvalAltResult>::from(what.into()))
}

fn unknown<T>(what: &str, key: &str) -> Answer<T> {
    error(format!("there is no {what} {key:?}"))
}

fn found<T>(answer: Option<T>, what: &str, key: &str) -> Answer<T> {
    answer.map_or_else(|| unknown(what, key), Ok)
}

fn person(who: INT) -> Answer<u32> {
    u32::try_from(who).ok().filter(|who| *who > 0).map_or_else(|| error(format!("{who} is nobody")), Ok)
}

fn within(what: &str, number: INT, allowed: RangeInclusive<INT>) -> Answer<u32> {
    match u32::try_from(number) {
        Ok(good) if allowed.contains(&number) => Ok(good),
        _ => error(format!("{what} is {number}, {} to {} are allowed", allowed.start(), allowed.end())),
    }
}

fn words(words: &str) -> Answer<String> {
    match words.trim() {
        "" => error("there are no words to tell"),
        words if words.len() > WORDS_BYTES_MAX => error(format!("{} bytes of words are too many to tell", words.len())),
        words if words.chars().any(|one| one.is_control() && one != '\n') => error("these words cannot be shown"),
        words => Ok(words.to_owned()),
    }
}

impl Call {
    fn person(&self, who: INT) -> Answer<(u32, crate::Person)> {
        let number = person(who)?;
        match self.facts.person(number) {
            Some(person) => Ok((number, person)),
            None => error(format!("{who} is not here any more")),
        }
    }

    fn room(&self, room: &str) -> Answer<String> {
        if self.facts.has_room(room) { Ok(room.to_owned()) } else { unknown("room", room) }
    }

    fn npc(&self, npc: &str) -> Answer<String> {
        if self.facts.has_npc(npc) { Ok(npc.to_owned()) } else { unknown("NPC", npc) }
    }

    fn item(&self, item: &str) -> Answer<String> {
        if self.facts.has_item(item) { Ok(item.to_owned()) } else { unknown("item", item) }
    }

    fn door(&self, door: &str) -> Answer<String> {
        found(self.facts.door(door), "door", door).map(|_| door.to_owned())
    }
}

type Context<'a> = NativeCallContext<'a>;
type Text = ImmutableString;

/// Gives scripts everything in [`API`].
pub(crate) fn register(engine: &mut Engine) {
    register_causes(engine);
    register_people(engine);
    register_places(engine);
    register_memory(engine);
    register_words(engine);
    register_deeds(engine);
    register_gifts(engine);
}

fn register_causes(engine: &mut Engine) {
    engine.register_fn("who", |context: Context<'_>| {
        with(&context, |call, _| Ok(call.facts.who().map_or(Dynamic::UNIT, |who| Dynamic::from(INT::from(who)))))
    });
    engine.register_fn("room", |context: Context<'_>| {
        with(&context, |call, _| Ok(call.facts.room().map_or(Dynamic::UNIT, Dynamic::from)))
    });
    engine.register_fn("words", |context: Context<'_>| with(&context, |call, _| Ok(Text::from(call.facts.words()))));
    engine.register_fn("hour", |context: Context<'_>| {
        with(&context, |call, _| Ok(call.facts.hour().map_or(Dynamic::UNIT, |hour| Dynamic::from(INT::from(hour)))))
    });
    engine.register_fn("dice", |context: Context<'_>, sides: INT| {
        with(&context, |call, _| {
            let sides = within("a number of sides", sides, 1..=DICE_SIDES_MAX)?;
            Ok(INT::from(call.facts.roll(sides)))
        })
    });
}

fn register_people(engine: &mut Engine) {
    engine.register_fn("name", |context: Context<'_>, who: INT| {
        with(&context, |call, at| call.look(1, at).and_then(|()| Ok(Text::from(call.person(who)?.1.name))))
    });
    engine.register_fn("level", |context: Context<'_>, who: INT| {
        with(&context, |call, at| call.look(1, at).and_then(|()| Ok(INT::from(call.person(who)?.1.level))))
    });
    engine.register_fn("hp", |context: Context<'_>, who: INT| {
        with(&context, |call, at| call.look(1, at).and_then(|()| Ok(INT::from(call.person(who)?.1.hp))))
    });
    engine.register_fn("hp_max", |context: Context<'_>, who: INT| {
        with(&context, |call, at| call.look(1, at).and_then(|()| Ok(INT::from(call.person(who)?.1.hp_max))))
    });
    engine.register_fn("room_of", |context: Context<'_>, who: INT| {
        with(&context, |call, at| call.look(1, at).and_then(|()| Ok(Text::from(call.person(who)?.1.room))))
    });
    engine.register_fn("carries", |context: Context<'_>, who: INT, item: Text| {
        with(&context, |call, at| {
            // A bag is looked through.
            call.look(8, at)?;
            let item = call.item(&item)?;
            let who = person(who)?;
            found(call.facts.carries(who, &item), "person", &who.to_string())
        })
    });
}

fn register_places(engine: &mut Engine) {
    engine.register_fn("players", |context: Context<'_>, room: Text| {
        with(&context, |call, at| {
            let players = found(call.facts.players(&room, ENTRIES_MAX), "room", &room)?;
            call.look(players.len(), at)?;
            Ok(players.into_iter().map(|who| Dynamic::from(INT::from(who))).collect::<Array>())
        })
    });
    engine.register_fn("count_players", |context: Context<'_>, room: Text| {
        with(&context, |call, at| {
            call.look(1, at)?;
            Ok(INT::from(found(call.facts.player_count(&room), "room", &room)?))
        })
    });
    engine.register_fn("count_npcs", |context: Context<'_>, npc: Text, room: Text| {
        with(&context, |call, at| {
            // All that stands there is looked at.
            call.look(32, at)?;
            let npc = call.npc(&npc)?;
            Ok(INT::from(found(call.facts.npc_count(&npc, &room), "room", &room)?))
        })
    });
    engine.register_fn("flag", |context: Context<'_>, flag: Text| {
        with(&context, |call, at| call.look(1, at).map(|()| call.facts.flag(&flag)))
    });
    engine.register_fn("door", |context: Context<'_>, door: Text| {
        with(&context, |call, at| {
            call.look(1, at)?;
            found(call.facts.door(&door), "door", &door).map(Text::from)
        })
    });
}

fn register_memory(engine: &mut Engine) {
    engine.register_fn("recall", |context: Context<'_>, key: Text| {
        with(&context, |call, _| Ok(call.memory.recall(&key)))
    });
    engine.register_fn("remember", |context: Context<'_>, key: Text, value: Dynamic| {
        with(&context, |call, _| call.memory.remember(&key, &value).or_else(error))
    });
}

fn register_words(engine: &mut Engine) {
    engine.register_fn("tell", |context: Context<'_>, who: INT, said: Text| {
        with(&context, |call, at| call.want(Intent::Tell { who: person(who)?, words: words(&said)?, of: None }, at))
    });
    engine.register_fn("announce", |context: Context<'_>, room: Text, said: Text| {
        with(&context, |call, at| {
            call.want(Intent::Announce { room: call.room(&room)?, words: words(&said)?, of: None }, at)
        })
    });
    engine.register_fn("tell_of", |context: Context<'_>, who: INT, said: Text, of: INT| {
        with(&context, |call, at| {
            call.want(Intent::Tell { who: person(who)?, words: words(&said)?, of: Some(person(of)?) }, at)
        })
    });
    engine.register_fn("announce_of", |context: Context<'_>, room: Text, said: Text, of: INT| {
        with(&context, |call, at| {
            let (room, of) = (call.room(&room)?, Some(person(of)?));
            call.want(Intent::Announce { room, words: words(&said)?, of }, at)
        })
    });
    engine.register_fn("set_flag", |context: Context<'_>, flag: Text, is_set: bool| {
        with(&context, |call, at| {
            let is_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if flag.is_empty() || flag.len() > crate::limits::MEMORY_KEY_BYTES_MAX || !flag.bytes().all(is_key) {
                return error("a flag is 1 to 32 of a-z, 0-9 and _");
            }
            call.want(Intent::SetFlag { flag: flag.to_string(), is_set }, at)
        })
    });
    engine.register_fn("after", |context: Context<'_>, ms: INT, function: Text| {
        with(&context, |call, at| {
            let ms = within("a time", ms, AFTER_MS)?;
            if !call.entries.iter().any(|entry| *entry == *function) {
                return unknown("function without parameters", &function);
            }
            call.want(Intent::After { ms, function: function.to_string() }, at)
        })
    });
}

fn register_deeds(engine: &mut Engine) {
    engine.register_fn("open", |context: Context<'_>, door: Text| {
        with(&context, |call, at| call.want(Intent::Open { door: call.door(&door)? }, at))
    });
    engine.register_fn("close", |context: Context<'_>, door: Text| {
        with(&context, |call, at| call.want(Intent::Close { door: call.door(&door)? }, at))
    });
    engine.register_fn("lock", |context: Context<'_>, door: Text| {
        with(&context, |call, at| call.want(Intent::Lock { door: call.door(&door)? }, at))
    });
    engine.register_fn("spawn_npc", |context: Context<'_>, npc: Text, room: Text, count: INT| {
        with(&context, |call, at| {
            let count = within("a count", count, 1..=SPAWN_COUNT_MAX)?;
            call.want(Intent::Spawn { npc: call.npc(&npc)?, room: call.room(&room)?, count }, at)
        })
    });
    engine.register_fn("despawn_npc", |context: Context<'_>, npc: Text, room: Text| {
        with(&context, |call, at| call.want(Intent::Despawn { npc: call.npc(&npc)?, room: call.room(&room)? }, at))
    });
    engine.register_fn("teleport", |context: Context<'_>, who: INT, room: Text| {
        with(&context, |call, at| call.want(Intent::Teleport { who: person(who)?, room: call.room(&room)? }, at))
    });
    engine.register_fn("start_hazard", |context: Context<'_>, hazard: Text, room: Text| {
        with(&context, |call, at| {
            if !call.facts.has_hazard(&hazard) {
                return unknown("hazard for a room", &hazard);
            }
            call.want(Intent::StartHazard { hazard: hazard.to_string(), room: call.room(&room)? }, at)
        })
    });
}

fn register_gifts(engine: &mut Engine) {
    engine.register_fn("give", |context: Context<'_>, who: INT, item: Text| {
        with(&context, |call, at| call.want(Intent::Give { who: person(who)?, item: call.item(&item)? }, at))
    });
    engine.register_fn("take", |context: Context<'_>, who: INT, item: Text| {
        with(&context, |call, at| call.want(Intent::Take { who: person(who)?, item: call.item(&item)? }, at))
    });
    engine.register_fn("effect", |context: Context<'_>, who: INT, effect: Text| {
        with(&context, |call, at| {
            if !call.facts.has_effect(&effect) {
                return unknown("effect", &effect);
            }
            call.want(Intent::Effect { who: person(who)?, effect: effect.to_string() }, at)
        })
    });
}
