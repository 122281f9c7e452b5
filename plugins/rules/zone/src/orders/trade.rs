//! Trades: two lay on a table what they offer, and once both agree all of it changes hands at once.

use bevy_ecs::prelude::World;
use hypogeum_items::{Item, exchange};
use hypogeum_locale::Value;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;

use crate::doors::is_character;
use crate::milestones::note;
use crate::rooms::{is_dead, room_of, things_near};
use crate::state::{Trade, TradeSide, Trades};
use crate::tell::{
    ASKS_TO_TRADE, BUSY_TRADING, NO_SUCH_TRADER, NO_TRADE, NOT_CARRIED_THING, NOTHING, TABLE, TABLE_IS_FULL,
    TRADE_AGREED, TRADE_BEGINS, TRADE_DONE, TRADE_OFF, YOU_ASK_TO_TRADE, message, name_of, tell, tell_each,
};

/// Most items that one lays on the table.
const OFFERS_MAX: usize = 16;

impl Trade {
    /// Which side somebody is.
    fn side(&self, who: NetId) -> Option<usize> {
        self.sides.iter().position(|side| side.who == who)
    }

    fn whos(&self) -> [NetId; 2] {
        [self.sides[0].who, self.sides[1].who]
    }
}

/// The trade somebody is in, and which side it is.
fn trade_of(world: &World, who: NetId) -> Option<(usize, usize)> {
    let trades = &world.resource::<Trades>().0;
    trades.iter().enumerate().find_map(|(number, trade)| Some((number, trade.side(who)?)))
}

/// Asks somebody to trade, or takes up that it has asked.
pub(crate) fn begin(world: &mut World, who: NetId, with: NetId) {
    if with == who || !is_character(world, with) || !things_near(world, who).iter().any(|(one, _)| *one == with) {
        return tell(world, who, NO_SUCH_TRADER, &[]);
    }
    let (name, other) = (name_of(world, who), name_of(world, with));
    match (trade_of(world, who), trade_of(world, with)) {
        // The one who was asked answers.
        (Some((number, 1)), Some((asked, 0))) if number == asked => {
            if let Some(trade) = world.resource_mut::<Trades>().0.get_mut(number) {
                trade.is_taken_up = true;
            }
            tell(world, who, TRADE_BEGINS, &[("who", other)]);
            tell(world, with, TRADE_BEGINS, &[("who", name)]);
        }
        (Some((mine, _)), Some((theirs, _))) if mine == theirs => show(world, mine),
        (None, None) => {
            let side = |who| TradeSide { who, offers: Vec::new(), seen: Vec::new(), agrees: false };
            let trade = Trade { sides: [side(who), side(with)], is_taken_up: false };
            world.resource_mut::<Trades>().0.push(trade);
            tell(world, who, YOU_ASK_TO_TRADE, &[("who", other)]);
            tell(world, with, ASKS_TO_TRADE, &[("who", name)]);
        }
        (Some(_), _) => tell(world, who, BUSY_TRADING, &[("who", name)]),
        (None, Some(_)) => tell(world, who, BUSY_TRADING, &[("who", other)]),
    }
}

/// The trade of somebody that was taken up; else it is told that there is none.
fn open_trade(world: &mut World, who: NetId) -> Option<(usize, usize)> {
    let found = trade_of(world, who);
    let found = found.filter(|(number, _)| world.resource::<Trades>().0.get(*number).is_some_and(|it| it.is_taken_up));
    if found.is_none() {
        tell(world, who, NO_TRADE, &[]);
    }
    found
}

/// Lays something on the table. Whoever had agreed has to look again.
pub(crate) fn offer(world: &mut World, who: NetId, item: NetId) {
    let Some((number, side)) = open_trade(world, who) else { return };
    let held = hypogeum_items::carried(world, who).into_iter().find(|held| held.name == item);
    if held.is_none_or(|held| held.worn.is_some()) {
        return tell(world, who, NOT_CARRIED_THING, &[]);
    }
    let Some(trade) = world.resource_mut::<Trades>().into_inner().0.get_mut(number) else { return };
    let offers = &mut trade.sides[side].offers;
    if offers.contains(&item) {
        return;
    }
    if offers.len() >= OFFERS_MAX {
        return tell(world, who, TABLE_IS_FULL, &[]);
    }
    offers.push(item);
    trade.sides.iter_mut().for_each(|side| side.agrees = false);
    show(world, number);
}

/// Takes something off the table.
pub(crate) fn withdraw(world: &mut World, who: NetId, item: NetId) {
    let Some((number, side)) = open_trade(world, who) else { return };
    let Some(trade) = world.resource_mut::<Trades>().into_inner().0.get_mut(number) else { return };
    trade.sides[side].offers.retain(|offered| *offered != item);
    trade.sides.iter_mut().for_each(|side| side.agrees = false);
    show(world, number);
}

/// What somebody has on the table.
pub(crate) fn offered(world: &World, who: NetId) -> Vec<NetId> {
    let found = trade_of(world, who);
    let trade = found.and_then(|(number, side)| Some(&world.resource::<Trades>().0.get(number)?.sides[side]));
    trade.map(|side| side.offers.clone()).unwrap_or_default()
}

/// All that some things are: each of them and whatever is in it, with how many pieces it has.
fn all_of(world: &World, things: &[NetId]) -> Vec<(NetId, u32)> {
    let (mut open, mut all) = (things.to_vec(), Vec::new());
    while let Some(thing) = open.pop() {
        let entity = world.resource::<NetIdIndex>().entity(thing);
        let count = entity.and_then(|entity| world.get::<Item>(entity)).map_or(0, |item| item.count);
        all.push((thing, count));
        open.extend(hypogeum_items::carried(world, thing).into_iter().map(|held| held.name));
    }
    all.sort_unstable();
    all
}

/// Tells both what lies on the table.
fn show(world: &mut World, number: usize) {
    let offers = world.resource::<Trades>().0.get(number).map(|trade| trade.sides.clone());
    let seen = offers.map(|sides| sides.map(|side| all_of(world, &side.offers)));
    if let (Some(seen), Some(trade)) = (seen, world.resource_mut::<Trades>().into_inner().0.get_mut(number)) {
        trade.sides.iter_mut().zip(seen).for_each(|(side, seen)| side.seen = seen);
    }
    let Some(Trade { sides, .. }) = world.resource::<Trades>().0.get(number).cloned() else { return };
    let named = |side: &TradeSide| {
        let names: Vec<Value> = side.offers.iter().map(|item| name_of(world, *item)).collect();
        if names.is_empty() { message(NOTHING) } else { Value::list(names) }
    };
    let lists = [named(&sides[0]), named(&sides[1])];
    for (own, other) in [(0, 1), (1, 0)] {
        let who = name_of(world, sides[other].who);
        let arguments = [("own", lists[own].clone()), ("who", who), ("their", lists[other].clone())];
        tell(world, sides[own].who, TABLE, &arguments);
    }
}

/// Agrees; where both do, it is done.
pub(crate) fn accept(world: &mut World, who: NetId) {
    let Some((number, side)) = open_trade(world, who) else { return };
    let Some(trade) = world.resource_mut::<Trades>().into_inner().0.get_mut(number) else { return };
    trade.sides[side].agrees = true;
    let trade = trade.clone();
    if !trade.sides.iter().all(|side| side.agrees) {
        let name = name_of(world, who);
        return tell_each(world, trade.whos(), TRADE_AGREED, &[("who", name)]);
    }
    let [one, other] = &trade.sides;
    match exchange(world, [(one.who, &one.offers), (other.who, &other.offers)]) {
        Ok(()) => {
            world.resource_mut::<Trades>().0.remove(number);
            tell_each(world, trade.whos(), TRADE_DONE, &[]);
            trade.whos().into_iter().for_each(|who| note(world, who));
        }
        Err(code) => {
            if let Some(trade) = world.resource_mut::<Trades>().into_inner().0.get_mut(number) {
                trade.sides.iter_mut().for_each(|side| side.agrees = false);
            }
            for side in trade.whos() {
                super::acts::refuse(world, side, code);
            }
        }
    }
}

pub(crate) fn cancel(world: &mut World, who: NetId) {
    match trade_of(world, who) {
        Some((number, _)) => call_off(world, number),
        None => tell(world, who, NO_TRADE, &[]),
    }
}

fn call_off(world: &mut World, number: usize) {
    let trade = world.resource_mut::<Trades>().0.remove(number);
    tell_each(world, trade.whos(), TRADE_OFF, &[]);
}

/// Calls trades off whose traders have parted, died, or no longer carry what they offer as both have seen it: a stack that was
/// split since, or a bag that was emptied, is something else than what was agreed to.
pub(crate) fn keep_trades(world: &mut World) {
    for number in (0..world.resource::<Trades>().0.len()).rev() {
        let Some(trade) = world.resource::<Trades>().0.get(number).cloned() else { continue };
        let rooms = trade.whos().map(|who| room_of(world, who).filter(|_| !is_dead(world, who)).map(|(room, _)| room));
        let has_all = |side: &TradeSide| {
            let held = hypogeum_items::carried(world, side.who);
            let is_held = |item: &NetId| held.iter().any(|held| held.name == *item && held.worn.is_none());
            side.offers.iter().all(is_held) && all_of(world, &side.offers) == side.seen
        };
        let is_good = rooms[0].is_some() && rooms[0] == rooms[1] && trade.sides.iter().all(has_all);
        if !is_good {
            call_off(world, number);
        }
    }
}
