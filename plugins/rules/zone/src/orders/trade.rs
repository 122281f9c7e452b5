//! Trades: two lay on a table what they offer, and once both agree all of it changes hands at once.
//!
//! Nobody agrees to what it has not seen. A client names the version of the table that it shows. A typed line cannot, so it counts only
//! once the other side has changed nothing for a while. What is no longer as it was laid there calls the trade off.

use bevy_ecs::prelude::World;
use hypogeum_items::{Carried, Refusal, carried, carried_in_all, exchange};
use hypogeum_locale::Value;
use hypogeum_protocol::{CarriedItem, NetId};
use hypogeum_shard::{Rules, Tick};
use hypogeum_world_messages::{TableNews, WorldNews};

use super::acts::{refuse, refuse_act};
use crate::doors::is_character;
use crate::milestones::note;
use crate::rooms::{is_dead, room_of, things_near};
use crate::state::{Trade, TradeSide, Trades};
use crate::tell::{
    ASKS_TO_TRADE, BUSY_TRADING, NO_SUCH_TRADER, NO_TRADE, NOT_CARRIED_THING, NOTHING, TABLE, TABLE_IS_FULL,
    TRADE_AGREED, TRADE_BEGINS, TRADE_DONE, TRADE_OFF, YOU_ASK_TO_TRADE, message, name_of, tell, tell_each, tell_news,
};
use crate::view::shown;

/// Most items that one lays on the table.
const OFFERS_MAX: usize = 16;
/// How long a table lies unchanged before a typed line agrees to it: who types it has read the table by then.
const SETTLED_MS: u32 = 2_000;

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
    let trades = &world.resource::<Trades>().open;
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
            if let Some(trade) = world.resource_mut::<Trades>().open.get_mut(number) {
                trade.is_taken_up = true;
            }
            tell(world, who, TRADE_BEGINS, &[("who", other)]);
            tell(world, with, TRADE_BEGINS, &[("who", name)]);
        }
        (Some((mine, _)), Some((theirs, _))) if mine == theirs => show(world, mine),
        (None, None) => {
            let side = |who| TradeSide { who, offers: Vec::new(), changed_tick: None, agrees: false };
            let trades = world.resource_mut::<Trades>().into_inner();
            trades.last_version = trades.last_version.wrapping_add(1);
            let sides = [side(who), side(with)];
            trades.open.push(Trade { sides, is_taken_up: false, version: trades.last_version });
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
    let found =
        found.filter(|(number, _)| world.resource::<Trades>().open.get(*number).is_some_and(|it| it.is_taken_up));
    if found.is_none() {
        tell(world, who, NO_TRADE, &[]);
    }
    found
}

/// Lays something on the table. Whoever had agreed has to look again.
pub(crate) fn offer(world: &mut World, who: NetId, item: NetId) {
    let Some((number, side)) = open_trade(world, who) else { return };
    let held = carried(world, who).into_iter().find(|held| held.name == item && held.worn.is_none());
    let Some(version) = held.map(|held| held.item.version) else { return tell(world, who, NOT_CARRIED_THING, &[]) };
    let offered = offered(world, who);
    if offered.contains(&item) {
        return;
    }
    if offered.len() >= OFFERS_MAX {
        return tell(world, who, TABLE_IS_FULL, &[]);
    }
    change(world, (number, side), |offers| offers.push((item, version)));
}

/// Takes something off the table.
pub(crate) fn withdraw(world: &mut World, who: NetId, item: NetId) {
    let Some(trade) = open_trade(world, who) else { return };
    if offered(world, who).contains(&item) {
        change(world, trade, |offers| offers.retain(|(offered, _)| *offered != item));
    }
}

/// Changes what one side has on the table: that is another version of it, to which nobody has agreed.
fn change(world: &mut World, (number, side): (usize, usize), apply: impl FnOnce(&mut Vec<(NetId, u32)>)) {
    let tick = world.resource::<Tick>().0;
    let Trades { open, last_version } = world.resource_mut::<Trades>().into_inner();
    let Some(trade) = open.get_mut(number) else { return };
    *last_version = last_version.wrapping_add(1);
    trade.version = *last_version;
    trade.sides.iter_mut().for_each(|side| side.agrees = false);
    trade.sides[side].changed_tick = Some(tick);
    apply(&mut trade.sides[side].offers);
    show(world, number);
}

/// What somebody has on the table.
pub(crate) fn offered(world: &World, who: NetId) -> Vec<NetId> {
    let found = trade_of(world, who);
    let trade = found.and_then(|(number, side)| Some(&world.resource::<Trades>().open.get(number)?.sides[side]));
    trade.map_or_else(Vec::new, names)
}

fn names(side: &TradeSide) -> Vec<NetId> {
    side.offers.iter().map(|(item, _)| *item).collect()
}

/// Tells both what lies on the table.
fn show(world: &mut World, number: usize) {
    for side in [0, 1] {
        show_to(world, number, side);
    }
}

/// Tells one side what lies on the table.
fn show_to(world: &mut World, number: usize, side: usize) {
    let Some(Trade { sides, version, .. }) = world.resource::<Trades>().open.get(number).cloned() else { return };
    let (own, other) = (&sides[side], &sides[1 - side]);
    let news = TableNews { with: other.who, version, own: on_table(world, own), their: on_table(world, other) };
    tell_news(world, own.who, &WorldNews::Table(news));
    let named = |side: &TradeSide| {
        let names: Vec<Value> = side.offers.iter().map(|(item, _)| name_of(world, *item)).collect();
        if names.is_empty() { message(NOTHING) } else { Value::list(names) }
    };
    let who = name_of(world, other.who);
    let arguments = [("own", named(own)), ("who", who), ("their", named(other))];
    tell(world, own.who, TABLE, &arguments);
}

/// What one side has on the table, each bag before what is in it.
fn on_table(world: &World, side: &TradeSide) -> Vec<CarriedItem> {
    let held = carried(world, side.who);
    let offered = names(side).into_iter().filter_map(|item| held.iter().find(|held| held.name == item).copied());
    let content = &world.resource::<Rules>().content;
    let with_insides = offered.flat_map(|held: Carried| {
        // What lies right in an offered bag is held by it, and lies in it.
        let inside = carried_in_all(world, held.name);
        let inside = inside.into_iter().map(move |one| Carried { inside: one.inside.or(Some(held.item.id)), ..one });
        std::iter::once(held).chain(inside)
    });
    with_insides.map(|held| shown(content, held)).collect()
}

/// Agrees; where both do, it is done.
pub(crate) fn accept(world: &mut World, (who, seq): (NetId, u32), seen: Option<u32>) {
    let Some((number, side)) = open_trade(world, who) else { return };
    let Some(trade) = world.resource::<Trades>().open.get(number) else { return };
    if !trade.sides.iter().all(|side| is_as_offered(world, side)) {
        return call_off(world, number);
    }
    let settled_ticks = world.resource::<Rules>().ticks(SETTLED_MS);
    let has_settled = |changed: u32| world.resource::<Tick>().0 >= changed.saturating_add(settled_ticks);
    let is_seen = match seen {
        Some(version) => version == trade.version,
        None => trade.sides[1 - side].changed_tick.is_none_or(has_settled),
    };
    if !is_seen {
        refuse_act(world, (who, seq), Refusal::Changed);
        return show_to(world, number, side);
    }
    let Some(trade) = world.resource_mut::<Trades>().into_inner().open.get_mut(number) else { return };
    trade.sides[side].agrees = true;
    let trade = trade.clone();
    if !trade.sides.iter().all(|side| side.agrees) {
        let name = name_of(world, who);
        return tell_each(world, trade.whos(), TRADE_AGREED, &[("who", name)]);
    }
    let [one, other] = &trade.sides;
    match exchange(world, [(one.who, &names(one)), (other.who, &names(other))]) {
        Ok(()) => {
            world.resource_mut::<Trades>().open.remove(number);
            tell_each(world, trade.whos(), TRADE_DONE, &[]);
            trade.whos().into_iter().for_each(|who| note(world, who));
        }
        Err(code) => {
            if let Some(trade) = world.resource_mut::<Trades>().into_inner().open.get_mut(number) {
                trade.sides.iter_mut().for_each(|side| side.agrees = false);
            }
            for side in trade.whos() {
                refuse(world, side, code);
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
    let trade = world.resource_mut::<Trades>().open.remove(number);
    tell_each(world, trade.whos(), TRADE_OFF, &[]);
}

/// Whether one still carries all that it offers as it was laid on the table: a stack that was split or sold from since, or a bag that was
/// emptied, is something else than what was agreed to.
fn is_as_offered(world: &World, side: &TradeSide) -> bool {
    let held = carried(world, side.who);
    side.offers.iter().all(|&(item, version)| {
        held.iter().any(|held| held.name == item && held.worn.is_none() && held.item.version == version)
    })
}

/// Calls trades off whose traders have parted, died, or no longer carry what they offer as it was laid there.
pub(crate) fn keep_trades(world: &mut World) {
    for number in (0..world.resource::<Trades>().open.len()).rev() {
        let Some(trade) = world.resource::<Trades>().open.get(number).cloned() else { continue };
        let rooms = trade.whos().map(|who| room_of(world, who).filter(|_| !is_dead(world, who)).map(|(room, _)| room));
        let is_together = rooms[0].is_some() && rooms[0] == rooms[1];
        if !is_together || !trade.sides.iter().all(|side| is_as_offered(world, side)) {
            call_off(world, number);
        }
    }
}
