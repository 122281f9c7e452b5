//! Commands are carried out, in their order.

use bevy_ecs::prelude::World;
use hypogeum_combat::{DerivedStats, Health, Level, Mana, effects_on};
use hypogeum_content::def::DoorState;
use hypogeum_content::texts;
use hypogeum_items::ItemAct;
use hypogeum_locale::{Join, Message, Value};
use hypogeum_protocol::{ErrorCode, GameEvent, NetId, Seat};
use hypogeum_shard::{Audience, Command, CommandBody, Inbox, NetIdIndex, Outbox, Rules};
use hypogeum_space::MoveIntent;
use hypogeum_world_messages::WorldCommand;

use super::acts::want;
use super::parse::{self, Line, Nonsense, VERBS, Verb, take_count};
use super::{cast, company, complete, doors, keepers, operate, speech, targets, things, trade};
use crate::body::xp_of_next;
use crate::layout::Layout;
use crate::rooms::{Exit, exit_by_word, exits, go, is_dead, look_about, room_of, things_near};
use crate::state::{Attacking, Character, Deed, Deeds, Departing, Doors, Errand, SeatAvatars};
use crate::tell::*;
use crate::triggers::{Happening, Happenings, knows_word};
use crate::view::tell_stats_of;
use crate::{zone_def, zone_key};

/// Carries out everything but steering.
pub(crate) fn obey(world: &mut World) {
    let is_order = |command: &&Command| {
        matches!(command.body, CommandBody::Custom { .. } | CommandBody::Act { .. } | CommandBody::Present(true))
    };
    let orders: Vec<Command> = world.resource::<Inbox>().0.iter().filter(is_order).cloned().collect();
    for Command { seat, body } in orders {
        let Some(who) = avatar_of(world, seat) else { continue };
        match body {
            CommandBody::Act { seq, act, seen } => {
                world.resource_mut::<super::DeedsDue>().0.push((who, Deed { seq, act: act.into(), seen }));
            }
            // Whoever comes back has forgotten where it is.
            CommandBody::Present(_) => {
                look_about(world, who);
                tell_stats_of(world, who);
            }
            CommandBody::Custom { seq, body } => match WorldCommand::decode(&body) {
                Ok(command) => carry_out(world, (who, seq), command),
                Err(_) => {
                    let refused = GameEvent::Refused { seq, code: ErrorCode::OutOfRange };
                    world.resource_mut::<Outbox>().tell(Audience::Only(who), refused);
                }
            },
            _ => {}
        }
    }
}

fn avatar_of(world: &World, seat: Seat) -> Option<NetId> {
    world.resource::<SeatAvatars>().0.get(&seat).copied()
}

fn carry_out(world: &mut World, (who, seq): (NetId, u32), command: WorldCommand) {
    use WorldCommand::{
        Accept, Attack, Buy, Cancel, Cast, Close, Complete, Effects, Emote, Flee, Follow, Give, Go, Group, Help,
        Inventory, Invite, Join, LeaveGroup, Line, Look, Offer, Open, Pull, Quit, Say, Sell, Stats, Stop, Talk, Tell,
        Trade, Unlock, Wares, Who, Withdraw,
    };
    let needs_life = !matches!(
        command,
        Line { .. }
            | Look { .. }
            | Say { .. }
            | Tell { .. }
            | Emote { .. }
            | Who
            | Stats
            | Effects
            | Inventory
            | Help
            | Complete { .. }
            | Group
            | Join
            | LeaveGroup
            | Quit
    );
    if needs_life && is_dead(world, who) {
        return tell(world, who, DEAD, &[]);
    }
    match command {
        Line { words } => read(world, (who, seq), &words),
        Look { at: None } => look_about(world, who),
        Look { at: Some(at) } => look_at(world, who, at),
        Go { word } => go(world, who, &word),
        Say { words } => speech::speak(world, who, speech::aloud(&words)),
        Tell { name, words } => speech::speak(world, who, speech::whisper(&name, &words)),
        Emote { words } => speech::speak(world, who, speech::emote(&words)),
        Who => speech::who(world, who),
        Stats => stats(world, who),
        Effects => effects(world, who),
        Inventory => inventory(world, who),
        Attack { target } => attack(world, who, target),
        Stop => stop(world, who),
        Flee => flee(world, who),
        Give { item, to, seen } => {
            want(world, who, vec![Deed { seq, act: ItemAct::Give { item, count: None, to }, seen }]);
        }
        Open { word, seen } => doors::use_door(world, (who, seq), (&word, seen), DoorState::Open),
        Close { word, seen } => doors::use_door(world, (who, seq), (&word, seen), DoorState::Closed),
        Unlock { word, seen } => doors::unlock(world, (who, seq), (&word, seen)),
        Pull { word } => pull(world, who, &word),
        Help => help(world, who),
        Cast { slot, at } => cast::cast(world, who, slot, at.unwrap_or(NetId::NONE)),
        Follow { whom } => company::follow(world, who, whom),
        Group => company::list(world, who),
        Invite { who: guest } => company::invite(world, who, guest),
        Join => company::join(world, who),
        LeaveGroup => company::leave(world, who),
        Trade { with } => trade::begin(world, who, with),
        Offer { item } => trade::offer(world, who, item),
        Withdraw { item } => trade::withdraw(world, who, item),
        Accept { seen } => trade::accept(world, (who, seq), seen),
        Cancel => trade::cancel(world, who),
        Complete { line } => complete::complete(world, who, &line),
        Quit => quit(world, who),
        Talk { to, about } => keepers::talk(world, who, to, &about),
        Wares { of } => keepers::wares(world, who, of),
        Buy { from, template, count } => keepers::buy(world, who, from, (&template, count)),
        Sell { to, item, count, seen } => keepers::sell_as_seen(world, (who, seq), to, (item, count, seen)),
    }
}

/// Reads a typed line and carries it out.
fn read(world: &mut World, (who, seq): (NetId, u32), words: &str) {
    if operate::is_meant(words) {
        return operate::operate(world, who, words);
    }
    let known: Vec<String> = match room_of(world, who) {
        Some((room, _)) => exits(world, room).into_iter().map(|(word, _)| word).collect(),
        None => Vec::new(),
    };
    if let Some(happening) = command_of_triggers(world, who, words, &known) {
        if is_dead(world, who) {
            return tell(world, who, DEAD, &[]);
        }
        return world.resource_mut::<Happenings>().push(happening);
    }
    let line = match parse::parse(words, &known) {
        Ok(line) => line,
        Err(Nonsense::Empty) => return,
        Err(Nonsense::Unreadable) => return tell(world, who, BAD_WORDS, &[]),
        Err(Nonsense::Unknown(word, _))
            if room_of(world, who).is_some_and(|(room, _)| is_secret_word(world, room, &word)) =>
        {
            return carry_out(world, (who, seq), WorldCommand::Go { word });
        }
        Err(Nonsense::Unknown(word, near)) if near.is_empty() => {
            return tell(world, who, UNKNOWN, &[("word", shorten(&word))]);
        }
        Err(Nonsense::Unknown(word, near)) => {
            return tell(
                world,
                who,
                UNKNOWN_NEAR,
                &[
                    ("word", shorten(&word)),
                    ("near", Value::List(near.into_iter().map(Value::from).collect(), Join::Or)),
                ],
            );
        }
    };
    if let Some(message) = speech::read(&line) {
        return speech::speak(world, who, message);
    }
    match parse::plain(&line) {
        Some(command) => carry_out(world, (who, seq), command),
        None => with_things(world, (who, seq), &line),
    }
}

/// A line that begins with a word that triggers know here; no verb and no way out is such a word, but what abbreviates one may be.
fn command_of_triggers(world: &World, who: NetId, line: &str, exits: &[String]) -> Option<Happening> {
    let (room, _) = room_of(world, who)?;
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (word, room) = (word.to_lowercase(), u16::try_from(room).ok()?);
    let is_verb = VERBS.iter().any(|(known, _)| *known == word);
    if is_verb || exits.contains(&word) || !parse::is_line(line) || !knows_word(zone_def(world)?, room, &word) {
        return None;
    }
    Some(Happening::Command { who, room, word, rest: rest.trim().to_owned() })
}

pub(super) fn shorten(word: &str) -> Value {
    word.chars().take(32).collect::<String>().into()
}

fn is_secret_word(world: &World, room: usize, word: &str) -> bool {
    exit_by_word(world, room, word).is_some()
}

/// Carries out a line that names things.
fn with_things(world: &mut World, (who, seq): (NetId, u32), line: &Line) {
    let mut words = line.words.clone();
    words.retain(|word| !matches!(word.as_str(), "at" | "the"));
    let word = words.first().cloned().unwrap_or_default();
    if is_dead(world, who) && line.verb != Verb::Look {
        return tell(world, who, DEAD, &[]);
    }
    if let (Verb::Look, "in") = (line.verb, word.as_str()) {
        return look_in(world, who, words.get(1).map_or("", String::as_str));
    }
    if matches!(line.verb, Verb::Look | Verb::Attack) {
        let here = targets::here(world, who, &word).first().copied();
        let held = || targets::held(world, who, &word).first().copied().filter(|_| line.verb == Verb::Look);
        let Some(thing) = here.or_else(held) else {
            return tell(world, who, NO_SUCH, &[("what", shorten(&word))]);
        };
        return if line.verb == Verb::Look { look_at(world, who, thing) } else { attack(world, who, thing) };
    }
    if with_people(world, who, line, &word) || with_keepers(world, who, line.verb, &mut words) {
        return;
    }
    match things::acts(world, who, line.verb, words) {
        Ok(acts) => want(world, who, acts.into_iter().map(|act| Deed { seq, act, seen: None }).collect()),
        Err((id, what)) => tell(world, who, id, &[("what", shorten(&what))]),
    }
}

/// Carries out a line that is about others, or about a trade with them. Returns whether it is one.
fn with_people(world: &mut World, who: NetId, line: &Line, word: &str) -> bool {
    let mut found = match line.verb {
        Verb::Cast => {
            cast::cast_by_name(world, who, &line.words);
            return true;
        }
        Verb::Follow | Verb::Group | Verb::Invite | Verb::Trade => targets::here(world, who, word),
        Verb::Offer => targets::held(world, who, word),
        Verb::Withdraw => targets::among(world, trade::offered(world, who), word),
        _ => return false,
    };
    if matches!(line.verb, Verb::Trade | Verb::Invite | Verb::Group) {
        found.retain(|one| *one != who);
    }
    if found.is_empty() {
        tell(world, who, NO_SUCH, &[("what", shorten(word))]);
    }
    for one in found {
        match line.verb {
            Verb::Follow => {
                company::follow(world, who, Some(one));
                return true;
            }
            Verb::Group | Verb::Invite => company::invite(world, who, one),
            Verb::Trade => trade::begin(world, who, one),
            Verb::Offer => trade::offer(world, who, one),
            _ => trade::withdraw(world, who, one),
        }
    }
    true
}

/// Carries out a line that is about talk or trade with those who keep a place. Returns whether it is one.
fn with_keepers(world: &mut World, who: NetId, verb: Verb, words: &mut Vec<String>) -> bool {
    if !matches!(verb, Verb::Talk | Verb::Wares | Verb::Buy | Verb::Sell) {
        return false;
    }
    words.retain(|word| !matches!(word.as_str(), "to" | "with"));
    if verb == Verb::Talk {
        let (name, about) = words.split_first().map_or((String::new(), &[][..]), |(name, about)| (name.clone(), about));
        let about = keepers::subject(about);
        match targets::here(world, who, &name).into_iter().find(|one| *one != who) {
            Some(to) => keepers::talk(world, who, to, &about),
            None => tell(world, who, NO_SUCH, &[("what", shorten(&name))]),
        }
        return true;
    }
    // From whom or to whom is said at the end, or it is whoever trades here.
    let count = take_count(words);
    let word = words.first().cloned().unwrap_or_default();
    let named = words.iter().position(|word| matches!(word.as_str(), "from" | "of")).map_or(1, |at| at + 1);
    let traders = keepers::traders(world, who);
    let keeper = match words.get(if verb == Verb::Wares { 0 } else { named }) {
        Some(name) => targets::among(world, traders, name).first().copied(),
        None => traders.first().copied(),
    };
    let Some(keeper) = keeper else {
        tell(world, who, NO_SHOP, &[]);
        return true;
    };
    match verb {
        Verb::Wares => keepers::wares(world, who, keeper),
        Verb::Buy => match keepers::ware_called(world, who, keeper, &word) {
            Some(template) => keepers::buy(world, who, keeper, (&template, count.unwrap_or(1))),
            None => {
                let name = name_of(world, keeper);
                tell(world, who, DOES_NOT_SELL, &[("who", name)]);
            }
        },
        _ => {
            let found = targets::held(world, who, &word);
            if found.is_empty() {
                tell(world, who, NOT_CARRIED, &[("what", shorten(&word))]);
            }
            found.into_iter().for_each(|item| keepers::sell(world, who, keeper, (item, count)));
        }
    }
    true
}

/// Leaves the world: its host lets it out.
fn quit(world: &mut World, who: NetId) {
    let Some((_, entity)) = room_of(world, who) else { return };
    if world.get::<Attacking>(entity).is_some() {
        return tell(world, who, IN_A_FIGHT, &[]);
    }
    let Some(seat) = world.get::<Character>(entity).map(|character| character.seat) else { return };
    tell(world, who, GOODBYE, &[]);
    world.resource_mut::<Departing>().0.insert(seat, None);
}

fn look_in(world: &mut World, who: NetId, word: &str) {
    let Some(bag) = targets::bag(world, who, word) else {
        return tell(world, who, NOT_CARRIED, &[("what", shorten(word))]);
    };
    let (items, name) = (targets::inventory(world, bag), name_of(world, bag));
    if items.is_empty() {
        return tell(world, who, BAG_EMPTY, &[("bag", name)]);
    }
    tell(world, who, BAG, &[("bag", name), ("items", Value::list(items))]);
}

fn look_at(world: &mut World, who: NetId, at: NetId) {
    let is_here = things_near(world, who).iter().any(|(name, _)| *name == at);
    let is_own = hypogeum_items::carried(world, who).iter().any(|held| held.name == at);
    if !is_here && !is_own {
        return tell(world, who, NO_SUCH_THING, &[]);
    }
    let entity = world.resource::<NetIdIndex>().entity(at);
    let health = entity.and_then(|entity| world.get::<Health>(entity));
    let state = match health.map(|health| health.band()) {
        None => things::state_of(world, at).unwrap_or_else(|| message(STATE_PLAIN)),
        Some(0) => message(STATE_DEAD),
        Some(1..=4) => message(STATE_NEARLY_DEAD),
        Some(5..=9) => message(STATE_BADLY_HURT),
        Some(10..=14) => message(STATE_HURT),
        Some(_) => message(STATE_UNHURT),
    };
    let what = name_of(world, at);
    tell(world, who, LOOKS_AT, &[("what", what), ("state", state)]);
}

fn stats(world: &mut World, who: NetId) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    let content = &world.resource::<Rules>().content;
    let (Some(character), Some(deeds)) = (world.get::<Character>(entity), world.get::<Deeds>(entity)) else { return };
    let (Some(health), Some(mana)) = (world.get::<Health>(entity), world.get::<Mana>(entity)) else { return };
    let level = world.get::<Level>(entity).map_or(1, |level| level.0);
    debug_assert!(world.get::<DerivedStats>(entity).is_some(), "a character is a fighter");
    let archetype = content.archetypes.find(character.archetype).map_or_else(
        || message(SOMETHING),
        |def| {
            let id = texts::archetype(content.archetypes.key(character.archetype));
            Value::thing(id, def.name.to_lowercase(), 1)
        },
    );
    let arguments = [
        ("name", character.name.as_str().into()),
        ("level", level.into()),
        ("archetype", archetype),
        ("hp", health.hp.into()),
        ("hp_max", health.hp_max.into()),
        ("mp", mana.mp.into()),
        ("mp_max", mana.mp_max.into()),
        ("xp", deeds.xp.into()),
        ("xp_next", xp_of_next(level).into()),
    ];
    tell(world, who, STATS, &arguments);
}

fn effects(world: &mut World, who: NetId) {
    let rules = world.resource::<Rules>();
    let seconds = |ticks: u32| ticks.div_ceil(rules.tick_hz.max(1));
    let borne = effects_on(world, who).into_iter().filter_map(|effect| {
        let def = rules.content.effects.find(effect.def)?;
        let name = Value::thing(texts::effect(rules.content.effects.key(effect.def)), def.name.to_lowercase(), 1);
        Some(Message::new(LASTING_EFFECT).with("effect", name).with("seconds", seconds(effect.ticks_left)).into())
    });
    let borne: Vec<Value> = borne.collect();
    if borne.is_empty() {
        return tell(world, who, NO_EFFECTS, &[]);
    }
    tell(world, who, EFFECTS, &[("effects", Value::list(borne))]);
}

fn inventory(world: &mut World, who: NetId) {
    let items = targets::inventory(world, who);
    if items.is_empty() {
        return tell(world, who, NO_ITEMS, &[]);
    }
    tell(world, who, INVENTORY, &[("items", Value::list(items))]);
    if let Some(limit_g) = hypogeum_items::weight_limit_g(world, who) {
        let number = |grams: u64| u32::try_from(grams).unwrap_or(u32::MAX).into();
        let weight_g = hypogeum_items::carried_weight_g(world, who);
        tell(world, who, WEIGHT, &[("grams", number(weight_g)), ("grams_max", number(limit_g))]);
    }
}

fn attack(world: &mut World, who: NetId, target: NetId) {
    let Some((room, entity)) = room_of(world, who) else { return };
    let is_here = target != who && things_near(world, who).iter().any(|(name, _)| *name == target);
    let victim = world.resource::<NetIdIndex>().entity(target);
    let can_fight = victim.is_some_and(|victim| world.get::<Health>(victim).is_some()) && !is_dead(world, target);
    if !is_here || !can_fight {
        return tell(world, who, NO_SUCH_ENEMY, &[]);
    }
    if zone_def(world).and_then(|zone| zone.rooms.get(room)).is_some_and(|room| room.is_safe) {
        return tell(world, who, SAFE_HERE, &[]);
    }
    world.entity_mut(entity).insert((Attacking(target), Errand::default()));
    let (name, whom) = (name_of(world, who), name_of(world, target));
    tell(world, who, YOU_ATTACK, &[("whom", whom.clone())]);
    tell_passing(world, room, Some(who), ATTACKS, &[("who", name), ("whom", whom)]);
}

fn stop(world: &mut World, who: NetId) {
    let Some((_, entity)) = room_of(world, who) else { return };
    world.entity_mut(entity).remove::<Attacking>().insert((Errand::default(), MoveIntent::default()));
    tell(world, who, YOU_STOP, &[]);
}

/// Runs by the first way that is open.
fn flee(world: &mut World, who: NetId) {
    let Some((room, _)) = room_of(world, who) else { return };
    let is_open = |exit: &Exit| match exit {
        Exit::Way(way, _) => {
            let door = world.resource::<Layout>().ways.get(*way).and_then(|way| way.door);
            door.is_none_or(|door| world.resource::<Doors>().state(door) == Some(DoorState::Open))
        }
        Exit::Gate(_) => false,
    };
    let open = exits(world, room).into_iter().find(|(_, exit)| is_open(exit));
    match open {
        Some((word, _)) => go(world, who, &word),
        None => tell(world, who, NO_WAY_OUT, &[]),
    }
}

fn pull(world: &mut World, who: NetId, word: &str) {
    let Some((room, _)) = room_of(world, who) else { return };
    let lever = zone_def(world).and_then(|zone| {
        let key = zone.rooms.get(room)?.key.as_str();
        zone.levers.iter().position(|lever| lever.room == key && !word.is_empty() && lever.word.starts_with(word))
    });
    let Some(lever) = lever else { return tell(world, who, NO_SUCH, &[("what", shorten(word))]) };
    let what = zone_def(world)
        .and_then(|zone| zone.levers.get(lever))
        .map_or_else(|| message(SOMETHING), |it| Value::thing(texts::lever(zone_key(world), &it.key), &*it.name, 1));
    tell(world, who, YOU_PULL, &[("what", what.clone())]);
    let name = name_of(world, who);
    tell_room(world, room, Some(who), PULLS, &[("who", name), ("what", what)]);
    world.resource_mut::<Happenings>().push(Happening::Pull { who, lever });
}

fn help(world: &mut World, who: NetId) {
    let words = VERBS.iter().map(|(word, _)| Value::from(*word));
    tell(world, who, HELP, &[("words", Value::list(words))]);
}
