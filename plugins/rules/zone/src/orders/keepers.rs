//! Those who talk and trade: what they say to whom, and what changes hands for which coins.

use bevy_ecs::prelude::{Entity, World};
use hypogeum_content::def::{NpcDef, PriceDef, ShopDef};
use hypogeum_items::{add_piece, carried, count_of, fits, take_pieces, take_some, unchanged};
use hypogeum_locale::{Message, Value};
use hypogeum_npc::Npc;
use hypogeum_protocol::NetId;
use hypogeum_shard::Rules;
use hypogeum_space::Position;
use hypogeum_world_messages::{WaresNews, WorldNews};

use super::parse::Which;
use crate::milestones::note;
use crate::rooms::{is_dead, room_of, things_near};
use crate::tell::*;

/// Most pieces that are bought or sold at once.
const PIECES_MAX: u32 = 99;
/// Most coins that change hands at once.
const COINS_MAX: u32 = 2_000;

/// The definition of an NPC.
fn def_of(world: &World, entity: Entity) -> Option<&NpcDef> {
    world.resource::<Rules>().content.npcs.find(world.get::<Npc>(entity)?.def)
}

/// The definition of somebody near who lives, and is an NPC.
fn keeper(world: &World, who: NetId, of: NetId) -> Option<&NpcDef> {
    let near = things_near(world, who).into_iter().find(|(one, _)| *one == of && !is_dead(world, of));
    near.and_then(|(_, entity)| def_of(world, entity))
}

/// Those near somebody who trade, in the order of names.
pub(crate) fn traders(world: &World, who: NetId) -> Vec<NetId> {
    let near = things_near(world, who).into_iter();
    let trades = |entity| def_of(world, entity).is_some_and(|def| def.shop.is_some());
    near.filter(|(one, entity)| trades(*entity) && !is_dead(world, *one)).map(|(one, _)| one).collect()
}

/// What words of a line a keeper is asked about: without those that only lead there.
pub(crate) fn subject(words: &[String]) -> String {
    let words = words.iter().map(String::as_str).filter(|word| !matches!(*word, "about" | "the" | "of" | "a" | "an"));
    words.collect::<Vec<_>>().join(" ")
}

/// Talks to somebody, about something or nothing.
pub(crate) fn talk(world: &mut World, who: NetId, to: NetId, about: &str) {
    let name = name_of(world, to);
    let Some(def) = keeper(world, who, to) else { return tell(world, who, NO_SUCH_COMPANION, &[]) };
    let Some(talk) = def.talk.clone() else { return tell(world, who, SAYS_NOTHING, &[("who", name)]) };
    let asked: Vec<String> = about.split_whitespace().map(str::to_lowercase).collect();
    let known = talk.topics.iter().find(|topic| topic.words.iter().any(|word| asked.contains(word)));
    let words = match known {
        Some(topic) => &topic.says,
        None if asked.is_empty() => &talk.greeting,
        None => &talk.otherwise,
    };
    if words.is_empty() {
        return tell(world, who, SAYS_NOTHING, &[("who", name)]);
    }
    let said = [("who", name), ("words", Value::line(words.as_str()))];
    tell(world, who, SAYS, &said);
    if let Some((room, _)) = room_of(world, who) {
        tell_passing(world, room, Some(who), SAYS, &said);
    }
}

/// The shop of somebody near; else it is told that there is none.
fn shop(world: &mut World, who: NetId, of: NetId) -> Option<ShopDef> {
    let found = keeper(world, who, of).and_then(|def| def.shop.clone());
    if found.is_none() {
        tell(world, who, NO_SHOP, &[]);
    }
    found
}

/// So many coins of a shop, as they are called.
fn price(world: &World, shop: &ShopDef, coins: u32) -> Value {
    item_name(&world.resource::<Rules>().content, shop.coin.id(), coins)
}

/// Tells what somebody sells and buys.
pub(crate) fn wares(world: &mut World, who: NetId, of: NetId) {
    let Some(shop) = shop(world, who, of) else { return };
    let content = world.resource::<Rules>().content.clone();
    let listed = |prices: &[PriceDef]| -> Vec<(String, u32)> {
        prices.iter().map(|entry| (content.items.key(entry.item.id()).to_owned(), entry.price)).collect()
    };
    let coin = content.items.key(shop.coin.id()).to_owned();
    let news = WaresNews { who: of, coin, sells: listed(&shop.sells), buys: listed(&shop.buys) };
    tell_news(world, who, &WorldNews::Wares(news));
    for (id, prices) in [(SELLS, &shop.sells), (WANTS, &shop.buys)] {
        if prices.is_empty() {
            continue;
        }
        let entries = prices.iter().map(|entry| {
            let item = item_name(&content, entry.item.id(), 1);
            Message::new(WARE).with("item", item).with("price", price(world, &shop, entry.price)).into()
        });
        let entries = Value::list(entries);
        let name = name_of(world, of);
        tell(world, who, id, &[("who", name), ("wares", entries)]);
    }
}

/// What of a shop somebody means by a word: the key of its kind.
pub(crate) fn ware_called(world: &World, who: NetId, from: NetId, word: &str) -> Option<String> {
    let shop = keeper(world, who, from)?.shop.as_ref()?;
    let items = &world.resource::<Rules>().content.items;
    // A place in the list stands for a thing that is not there yet.
    let names =
        (0..).map(NetId).zip(shop.sells.iter().filter_map(|entry| Some(items.find(entry.item.id())?.name.clone())));
    let found = Which::parse(word).of(names).first().copied()?;
    let entry = shop.sells.get(usize::try_from(found.0).ok()?)?;
    Some(items.key(entry.item.id()).to_owned())
}

/// Buys new pieces of something: all of them, or none.
pub(crate) fn buy(world: &mut World, who: NetId, from: NetId, (template, count): (&str, u32)) {
    let Some(shop) = shop(world, who, from) else { return };
    let content = world.resource::<Rules>().content.clone();
    let entry = shop.sells.iter().find(|entry| content.items.key(entry.item.id()) == template);
    let Some((item, each)) = entry.map(|entry| (entry.item.id(), entry.price)) else {
        let name = name_of(world, from);
        return tell(world, who, DOES_NOT_SELL, &[("who", name)]);
    };
    let coins = each.saturating_mul(count);
    if !(1..=PIECES_MAX).contains(&count) || coins > COINS_MAX {
        return tell(world, who, TOO_MANY_AT_ONCE, &[]);
    }
    let costs = price(world, &shop, coins);
    if count_of(world, who, shop.coin.id()) < coins {
        return tell(world, who, TOO_DEAR, &[("price", costs)]);
    }
    let Some((_, entity)) = room_of(world, who) else { return };
    let Some(&at) = world.get::<Position>(entity) else { return };
    // The coins may be what makes the room: so they go first, and come back where there is none.
    take_some(world, who, shop.coin.id(), coins);
    let mut bought = Vec::new();
    for _ in 0..count {
        if let Err(refusal) = fits(world, item, who) {
            // The very pieces that came, and none that was there before.
            for piece in bought {
                take_pieces(world, who, piece, 1);
            }
            pay_out(world, who, &shop, coins);
            return super::acts::refuse(world, who, refusal);
        }
        bought.extend(add_piece(world, item, who, at));
    }
    let what = item_name(&content, item, count);
    tell(world, who, YOU_BUY, &[("what", what.clone()), ("price", costs)]);
    tell_others(world, who, BUYS, what);
    note(world, who);
}

/// Sells pieces of something that one carries as the client has seen it, which may be another by now.
pub(crate) fn sell_as_seen(
    world: &mut World,
    (who, seq): (NetId, u32),
    to: NetId,
    (item, count, seen): (NetId, Option<u32>, Option<u32>),
) {
    match unchanged(world, who, item, seen) {
        Ok(()) => sell(world, who, to, (item, count)),
        Err(refusal) => super::acts::refuse_act(world, (who, seq), refusal),
    }
}

/// Sells pieces of something that one carries.
pub(crate) fn sell(world: &mut World, who: NetId, to: NetId, (item, count): (NetId, Option<u32>)) {
    let Some(shop) = shop(world, who, to) else { return };
    let held = carried(world, who).into_iter().find(|held| held.name == item);
    let Some(held) = held.filter(|held| held.worn.is_none()) else {
        return tell(world, who, NOT_CARRIED_THING, &[]);
    };
    let def = held.item.def;
    let content = world.resource::<Rules>().content.clone();
    let Some(each) = shop.buys.iter().find(|entry| entry.item.id() == def).map(|entry| entry.price) else {
        let name = name_of(world, to);
        return tell(world, who, DOES_NOT_BUY, &[("who", name)]);
    };
    let count = count.unwrap_or(held.item.count.min(PIECES_MAX));
    let coins = each.saturating_mul(count);
    if !(1..=PIECES_MAX).contains(&count) || coins > COINS_MAX {
        return tell(world, who, TOO_MANY_AT_ONCE, &[]);
    }
    let is_quest = content.items.find(def).is_some_and(|def| def.is_quest);
    let refused = match (held.item.is_bound, is_quest) {
        (true, _) => Some(REFUSED_BOUND),
        (_, true) => Some(REFUSED_QUEST),
        _ if !carried(world, item).is_empty() => Some(REFUSED_NOT_EMPTY),
        _ if count > held.item.count => Some(REFUSED_FEW),
        _ => None,
    };
    if let Some(why) = refused {
        return tell(world, who, REFUSED, &[("why", message(why))]);
    }
    if !take_pieces(world, who, item, count) {
        return;
    }
    pay_out(world, who, &shop, coins);
    let (what, earned) = (item_name(&content, def, count), price(world, &shop, coins));
    tell(world, who, YOU_SELL, &[("what", what.clone()), ("price", earned)]);
    tell_others(world, who, SELLS_IT, what);
    note(world, who);
}

/// Gives somebody coins; what finds no room lies on the ground.
fn pay_out(world: &mut World, who: NetId, shop: &ShopDef, coins: u32) {
    let entity = room_of(world, who).map(|(_, entity)| entity);
    let Some(&at) = entity.and_then(|entity| world.get::<Position>(entity)) else { return };
    for _ in 0..coins {
        add_piece(world, shop.coin.id(), who, at);
    }
}

fn tell_others(world: &mut World, who: NetId, id: &'static str, what: Value) {
    if let Some((room, _)) = room_of(world, who) {
        let name = name_of(world, who);
        tell_passing(world, room, Some(who), id, &[("who", name), ("what", what)]);
    }
}
