//! What players and brains do with items.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Entity, World};
use hypogeum_combat::{Casting, Dead, Dispel, DispelRequest, EffectRequest, Health};
use hypogeum_content::def::{ItemDef, ItemKind, Slot};
use hypogeum_protocol::{Act, GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, Rules, Tick};
use hypogeum_space::{METRE, Obstacles, Position};

use crate::bags::{carrier, may_put};
use crate::durability::mend;
use crate::flags::may_part;
use crate::place::{has_room, move_item};
use crate::stacks::{set_count, split_off, stack_max, transfer};
use crate::worn::{refresh_worn, wear};
use crate::{Container, Inventory, Item, ItemAct, ItemOutcome, ItemRequest, Place, Refusal, carried};

/// How far hands reach, from centre to centre, in subunits.
pub const REACH: i32 = 2 * METRE;

/// Does what is asked, of each in the order asked, one after the other as their turns come: of those who want one thing
/// at once, chance decides who gets it. What cannot be done is refused and changes nothing.
pub(crate) fn apply_requests(world: &mut World) {
    let mut requests: Vec<ItemRequest> =
        world.resource::<Messages<ItemRequest>>().iter_current_update_messages().copied().collect();
    if requests.len() > 1 {
        let (rules, tick) = (world.resource::<Rules>(), *world.resource::<Tick>());
        requests.sort_by_cached_key(|request| (rules.turn(tick, request.who), request.who));
    }
    for ItemRequest { who, seq, act } in requests {
        let thing = world.resource::<NetIdIndex>().entity(act.thing());
        let item = thing.and_then(|thing| world.get::<Item>(thing)).copied();
        let result = apply(world, who, act);
        if let Err(refusal) = result
            && seq != 0
        {
            let refused = GameEvent::Refused { seq, code: refusal.code() };
            world.resource_mut::<Outbox>().tell(Audience::Only(who), refused);
        }
        world.write_message(ItemOutcome { who, seq, act, item, result });
    }
}

/// Returns how many pieces it has concerned.
fn apply(world: &mut World, who: NetId, act: ItemAct) -> Result<u32, Refusal> {
    let at = able(world, who)?;
    match act {
        ItemAct::Plain(Act::PickUp { item }) => pick_up(world, (who, at), item, None),
        ItemAct::Plain(Act::Loot { container }) => loot(world, who, at, container),
        ItemAct::Plain(Act::Equip { item }) => equip(world, who, item).map(|()| 1),
        ItemAct::Plain(Act::Unequip { item }) => unequip(world, who, item).map(|()| 1),
        ItemAct::Plain(Act::Drop { item }) => drop_item(world, (who, at), item, None),
        ItemAct::Plain(Act::Use { item }) => consume(world, who, item).map(|()| 1),
        ItemAct::Take { item, count } => pick_up(world, (who, at), item, Some(count)),
        ItemAct::Drop { item, count } => drop_item(world, (who, at), item, Some(count)),
        ItemAct::Give { item, count, to } => give(world, (who, at), to, item, count),
        ItemAct::Split { item, count } => split(world, who, item, count),
        ItemAct::Merge { item, into } => merge(world, who, item, into),
        ItemAct::Put { item, into } => put(world, who, item, into),
        ItemAct::TakeOut { item } => take_out(world, who, item),
        ItemAct::Repair { item, with } => repair(world, who, item, with),
    }
}

/// Where `who` stands, if it has hands to act with: an inventory, a place, and life.
pub(crate) fn able(world: &World, who: NetId) -> Result<Position, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(who).ok_or(Refusal::NotMadeForThat)?;
    let alive = world.get::<Dead>(entity).is_none() && world.get::<Health>(entity).is_none_or(|health| health.hp > 0);
    match world.get::<Position>(entity) {
        Some(&at) if alive && world.get::<Inventory>(entity).is_some() => Ok(at),
        _ => Err(Refusal::NotMadeForThat),
    }
}

pub(crate) fn reachable(world: &World, from: Position, to: Position) -> Result<(), Refusal> {
    let (dx, dy) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
    let near = dx * dx + dy * dy <= i64::from(REACH) * i64::from(REACH);
    if near && world.resource::<Obstacles>().sight(from, to) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

/// So many pieces of an item, or all; none and more than there are is refused.
fn pieces(item: &Item, wanted: Option<u32>) -> Result<u32, Refusal> {
    match wanted {
        None => Ok(item.count),
        Some(wanted) if (1..=item.count).contains(&wanted) => Ok(wanted),
        Some(_) => Err(Refusal::TooFew),
    }
}

fn pick_up(world: &mut World, (who, at): (NetId, Position), item: NetId, wanted: Option<u32>) -> Result<u32, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotThere)?;
    match (world.get::<Place>(entity), world.get::<Position>(entity)) {
        (Some(Place::Ground), Some(&lies)) => reachable(world, at, lies)?,
        _ => return Err(Refusal::NotThere),
    }
    let item = world.get::<Item>(entity).ok_or(Refusal::NotThere)?;
    let wanted = pieces(item, wanted)?;
    transfer(world, entity, wanted, who)
}

/// Takes what fits of all that is in a container, in the order of names.
fn loot(world: &mut World, who: NetId, at: Position, container: NetId) -> Result<u32, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(container).ok_or(Refusal::NotThere)?;
    match (world.get::<Container>(entity), world.get::<Position>(entity)) {
        (Some(_), Some(&stands)) => reachable(world, at, stands)?,
        _ => return Err(Refusal::NotThere),
    }
    let (mut taken, mut refused) = (0_u32, None);
    for held in carried(world, container) {
        let Some(item) = world.resource::<NetIdIndex>().entity(held.name) else { continue };
        match transfer(world, item, held.item.count, who) {
            Ok(moved) => taken += moved,
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match refused {
        Some(refusal) if taken == 0 => Err(refusal),
        _ => Ok(taken),
    }
}

fn equip(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (_, _, place) = own(world, who, item)?;
    if matches!(place, Place::In(_)) && definition(world, item)?.slot == Some(Slot::Weapon) {
        hands_free(world, who)?;
    }
    wear(world, who, item)
}

fn unequip(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (entity, _, place) = own(world, who, item)?;
    let Place::Worn(_, slot) = place else { return Err(Refusal::NotMadeForThat) };
    if slot == Slot::Weapon {
        hands_free(world, who)?;
    }
    move_item(world, entity, Place::In(who), Position::default());
    refresh_worn(world, who);
    Ok(())
}

/// Hands what one carries, worn or not, to another who stands near, as far as there is room.
///
/// # Errors
/// [`Refusal::NotMadeForThat`] where the giver cannot act or gives to itself, [`Refusal::NotCarried`], [`Refusal::NotThere`] where
/// the other cannot carry anything, [`Refusal::OutOfReach`], [`Refusal::Bound`] and [`Refusal::Quest`], and
/// [`Refusal::Full`], [`Refusal::Heavy`] or [`Refusal::HasOne`] where the other has no room for it.
pub fn hand_over(world: &mut World, from: NetId, to: NetId, item: NetId) -> Result<u32, Refusal> {
    let at = able(world, from)?;
    give(world, (from, at), to, item, None)
}

fn give(
    world: &mut World,
    (from, at): (NetId, Position),
    to: NetId,
    name: NetId,
    wanted: Option<u32>,
) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, from, name)?;
    let stands = able(world, to).map_err(|_| Refusal::NotThere)?;
    if from == to {
        return Err(Refusal::NotMadeForThat);
    }
    reachable(world, at, stands)?;
    let wanted = pieces(&item, wanted)?;
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, from)?;
    }
    let given = transfer(world, entity, wanted, to)?;
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, from);
    }
    Ok(given)
}

fn drop_item(
    world: &mut World,
    (who, at): (NetId, Position),
    name: NetId,
    wanted: Option<u32>,
) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    let wanted = pieces(&item, wanted)?;
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, who)?;
    }
    if wanted < item.count {
        set_count(world, entity, item.count - wanted);
        split_off(world, &item, wanted, Place::Ground, at);
    } else {
        move_item(world, entity, Place::Ground, at);
    }
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, who);
    }
    Ok(wanted)
}

fn split(world: &mut World, who: NetId, name: NetId, wanted: u32) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    if wanted == 0 || wanted >= item.count || place != Place::In(who) {
        return Err(Refusal::TooFew);
    }
    if !has_room(world, who) {
        return Err(Refusal::Full);
    }
    set_count(world, entity, item.count - wanted);
    split_off(world, &item, wanted, place, Position::default());
    Ok(wanted)
}

fn put(world: &mut World, who: NetId, name: NetId, into: NetId) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    if carrier(world, into) != Some(who) {
        return Err(Refusal::NotCarried);
    }
    may_put(world, name, into)?;
    // A bag can be dropped with all that is in it.
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, who)?;
    }
    let moved = transfer(world, entity, item.count, into)?;
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, who);
    }
    Ok(moved)
}

fn take_out(world: &mut World, who: NetId, name: NetId) -> Result<u32, Refusal> {
    if carrier(world, name) != Some(who) {
        return Err(Refusal::NotCarried);
    }
    let entity = world.resource::<NetIdIndex>().entity(name).ok_or(Refusal::NotCarried)?;
    let item = *world.get::<Item>(entity).ok_or(Refusal::NotCarried)?;
    match world.get::<Place>(entity) {
        Some(Place::In(bag)) if *bag != who => transfer(world, entity, item.count, who),
        _ => Err(Refusal::NotMadeForThat),
    }
}

/// Returns how many points of durability it has gained.
fn repair(world: &mut World, who: NetId, item: NetId, with: Option<NetId>) -> Result<u32, Refusal> {
    let (entity, ..) = own(world, who, item)?;
    let Some(with) = with else { return mend(world, entity, None) };
    let (kit, kits, _) = own(world, who, with)?;
    let points = definition(world, with)?.repairs;
    if points == 0 {
        return Err(Refusal::NotMadeForThat);
    }
    let gained = mend(world, entity, Some(points))?;
    set_count(world, kit, kits.count - 1);
    Ok(gained)
}

fn merge(world: &mut World, who: NetId, from: NetId, into: NetId) -> Result<u32, Refusal> {
    let (source, item, _) = own(world, who, from)?;
    let (target, other, _) = own(world, who, into)?;
    if source == target || !item.is_like(&other) {
        return Err(Refusal::Unlike);
    }
    let poured = stack_max(world, item.def).saturating_sub(other.count).min(item.count);
    if poured == 0 {
        return Err(Refusal::Full);
    }
    set_count(world, target, other.count + poured);
    set_count(world, source, item.count - poured);
    Ok(poured)
}

fn consume(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (entity, held, _) = own(world, who, item)?;
    let def = definition(world, item)?;
    if def.kind != ItemKind::Consumable {
        return Err(Refusal::NotMadeForThat);
    }
    let (effect, dispels) = (def.on_use.as_ref().map(|link| link.id()), !def.dispels.is_empty());
    if let Some(effect) = effect {
        world.write_message(EffectRequest { source: NetId::NONE, target: who, effect });
    }
    if dispels {
        let what = Dispel::ByItem(held.def);
        world.write_message(DispelRequest { source: NetId::NONE, target: who, what });
    }
    set_count(world, entity, held.count - 1);
    Ok(())
}

/// An item `who` carries or wears.
pub(crate) fn own(world: &World, who: NetId, item: NetId) -> Result<(Entity, Item, Place), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotCarried)?;
    match (world.get::<Item>(entity), world.get::<Place>(entity)) {
        (Some(&item), Some(&place)) if place.holder() == Some(who) => Ok((entity, item, place)),
        _ => Err(Refusal::NotCarried),
    }
}

fn definition(world: &World, item: NetId) -> Result<&ItemDef, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotCarried)?;
    let item = world.get::<Item>(entity).ok_or(Refusal::NotCarried)?;
    world.resource::<Rules>().content.items.find(item.def).ok_or(Refusal::NotCarried)
}

/// A blow that has begun ends with the weapon it began with.
fn hands_free(world: &World, who: NetId) -> Result<(), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(who).ok_or(Refusal::NotMadeForThat)?;
    match world.get::<Casting>(entity) {
        Some(casting) if casting.slot == 0 => Err(Refusal::Busy),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{AbilitySlots, EquipmentBonus};
    use hypogeum_content::def::Stat;
    use hypogeum_protocol::ErrorCode;
    use proptest::prelude::*;

    use super::*;
    use crate::test_shard::{TestShard, at, bench, content};
    use crate::{Carried, spawn_container};

    fn attack(bench: &TestShard, who: NetId) -> String {
        let slots: AbilitySlots = bench.component(who);
        slots.0[0].map_or_else(String::new, |ability| content().abilities.key(ability).to_owned())
    }

    #[test]
    fn picked_up_worn_taken_off_and_dropped() {
        let mut bench = bench();
        let who = bench.hands[0];
        let sword = bench.put("sword", Place::Ground, at(10, 11));
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: sword })]), [], "it lies within reach");
        assert_eq!(bench.component::<Place>(sword), Place::In(who), "it is carried now");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Equip { item: sword })]), [], "a weapon can be worn");
        let bonus: EquipmentBonus = bench.component(who);
        assert_eq!(bonus.flat[Stat::Strength as usize], 3, "the sword's points count");
        assert_eq!(bonus.percent[Stat::Damage as usize], 500, "and its basis points");
        assert_eq!(attack(&bench, who), "slash", "slot 1 is the sword's attack");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Unequip { item: sword })]), [], "it comes off");
        assert_eq!(bench.component::<EquipmentBonus>(who), EquipmentBonus::default(), "its bonuses are gone");
        assert_eq!(attack(&bench, who), "fists", "slot 1 is unarmed again");
        assert_eq!(bench.ask(&[(who, Act::Drop { item: sword })]), [], "it can be dropped");
        assert_eq!(bench.component::<Position>(sword), at(10, 10), "it lies where its holder stands");
        assert_eq!(bench.component::<Inventory>(who).version, 4, "each change raises the version");
        bench.check();
    }

    #[test]
    fn another_weapon_takes_the_slot_even_with_a_full_bag() {
        let mut bench = bench();
        let who = bench.hands[0];
        let [sword, spear] = ["sword", "spear"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        let [_, _] = ["gem", "gem"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        bench.ask(&[(who, Act::Equip { item: sword }), (who, Act::Equip { item: spear })]);
        assert_eq!(bench.component::<Place>(sword), Place::In(who), "the sword is in the bag");
        assert_eq!(bench.component::<Place>(spear), Place::Worn(who, Slot::Weapon), "the spear is in the hand");
        assert_eq!(attack(&bench, who), "stab", "slot 1 is the spear's");
        bench.check();
    }

    #[test]
    fn a_full_bag_takes_what_fits_of_a_container_and_leaves_the_rest() {
        let mut bench = bench();
        let who = bench.hands[0];
        let container = spawn_container(bench.world(), at(10, 11));
        let gems: Vec<NetId> = (0..6).map(|_| bench.put("gem", Place::In(container), at(0, 0))).collect();
        assert_eq!(bench.ask(&[(who, Act::Loot { container })]), [], "four fit");
        let names: Vec<NetId> = bench.held(who).iter().map(|held| held.name).collect();
        assert_eq!(names, gems[..4], "the first by name are taken");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Loot { container })]), [(1, ErrorCode::Full)], "no more fits");
        assert_eq!(bench.ask(&[(bench.hands[1], Act::Loot { container })]), [], "another takes the rest");
        assert_eq!(bench.entity(container), None, "the empty container is gone");
        bench.check();
    }

    #[test]
    fn of_two_who_ask_at_once_one_gets_it() {
        let mut bench = bench();
        let item = bench.put("gem", Place::Ground, at(10, 11));
        let hands = [bench.hands[1], bench.hands[0]];
        let refused = bench.ask(&hands.map(|who| (who, Act::PickUp { item })));
        let [(seq, code)] = refused[..] else { panic!("one of two is refused: {refused:?}") };
        assert_eq!(code, ErrorCode::NoSuchEntity, "it finds nothing there");
        assert_eq!(bench.component::<Place>(item), Place::In(hands[2 - seq as usize]), "the other has it");
    }

    #[test]
    fn of_ten_thousand_contests_nobody_wins_more_than_chance_allows() {
        const CONTESTS: u32 = 9_999;
        let mut bench = bench();
        let hands = bench.hands.clone();
        let last = bench.entity(hands[2]).expect("it is there");
        bench.world().entity_mut(last).insert(at(10, 11));
        let item = bench.put("gem", Place::Ground, at(10, 10));
        let mut won = [0_u32; 3];
        for _ in 0..CONTESTS {
            let world = bench.world();
            world.resource_mut::<Tick>().0 += 1;
            for who in &hands {
                world.write_message(ItemRequest { who: *who, seq: 0, act: Act::PickUp { item }.into() });
            }
            apply_requests(world);
            world.resource_mut::<Messages<ItemRequest>>().clear();
            let winner = hands.iter().position(|who| bench.component::<Place>(item) == Place::In(*who));
            let winner = winner.expect("somebody gets it");
            won[winner] += 1;
            apply(bench.world(), hands[winner], Act::Drop { item }.into()).expect("it can be dropped again");
        }
        let fair = f64::from(CONTESTS) / 3.0;
        let chi_square: f64 = won.iter().map(|won| (f64::from(*won) - fair).powi(2) / fair).sum();
        assert!(chi_square < 13.8, "chance alone goes so far once in a thousand: {won:?}, chi-square {chi_square:.1}");
    }

    /// Lets each of a crowd grab one thing, in the order in which they are listed; who gets it.
    fn storm(bench: &mut TestShard, crowd: &[NetId], item: NetId, tick: u32) -> NetId {
        let world = bench.world();
        world.resource_mut::<Tick>().0 = tick;
        for who in crowd {
            world.write_message(ItemRequest { who: *who, seq: 0, act: Act::PickUp { item }.into() });
        }
        apply_requests(world);
        world.resource_mut::<Messages<ItemRequest>>().clear();
        world.resource_mut::<Messages<ItemOutcome>>().clear();
        let Place::In(winner) = bench.component(item) else { panic!("somebody gets it") };
        let others = crowd.iter().filter(|who| **who != winner);
        assert!(
            others.clone().count() + 1 == crowd.len() && others.clone().all(|who| bench.held(*who).is_empty()),
            "one"
        );
        apply(bench.world(), winner, Act::Drop { item }.into()).expect("it can be dropped again");
        winner
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn of_a_thousand_one_gets_it_and_where_they_stand_in_the_list_does_not_matter(
            order in Just((0..1_000_usize).collect::<Vec<_>>()).prop_shuffle(),
            tick in 1..1_000_000_u32,
        ) {
            let mut bench = bench();
            let crowd = bench.crowd(1_000);
            let item = bench.put("gem", Place::Ground, at(10, 10));
            let shuffled: Vec<NetId> = order.into_iter().map(|place| crowd[place]).collect();
            let winner = storm(&mut bench, &crowd, item, tick);
            prop_assert_eq!(storm(&mut bench, &shuffled, item, tick), winner, "the same one, however they are listed");
        }
    }

    #[test]
    fn who_wins_storms_is_as_often_of_the_first_half_of_the_names_as_of_the_second() {
        const STORMS: u32 = 2_000;
        let mut bench = bench();
        let crowd = bench.crowd(100);
        let item = bench.put("gem", Place::Ground, at(10, 10));
        let early = (0..STORMS).filter(|storms| {
            let winner = storm(&mut bench, &crowd, item, storms + 1);
            crowd.iter().position(|who| *who == winner).is_some_and(|place| place < 50)
        });
        let early = early.count();
        assert!((900..=1_100).contains(&early), "chance alone leaves this once in ten thousand: {early}");
    }

    #[test]
    fn used_up_is_gone_and_works() {
        let mut bench = bench();
        let who = bench.hands[0];
        let pill = bench.put("pill", Place::In(who), at(0, 0));
        let refused = bench.ask(&[(who, Act::Use { item: pill }), (who, Act::Use { item: pill })]);
        assert_eq!(refused, [(2, ErrorCode::UnknownItem)], "the second time there is none left");
        assert_eq!(bench.entity(pill), None, "the pill is gone");
        bench.check();
    }

    #[test]
    fn out_of_reach_behind_a_wall_gone_foreign_or_senseless_is_refused_and_changes_nothing() {
        let mut bench = bench();
        let (who, other) = (bench.hands[1], bench.hands[0]);
        let far = bench.put("gem", Place::Ground, at(11, 13));
        let behind = bench.put("gem", Place::Ground, at(13, 10));
        let foreign = bench.put("sword", Place::In(other), at(0, 0));
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        let container = spawn_container(bench.world(), at(40, 40));
        bench.put("gem", Place::In(container), at(0, 0));
        bench.shard.step(&[]);
        let before: Vec<Vec<Carried>> = bench.hands.iter().map(|who| bench.held(*who)).collect();
        let made_up = NetId(u32::MAX);
        let refused = bench.ask(&[
            (who, Act::PickUp { item: far }),
            (who, Act::PickUp { item: behind }),
            (who, Act::PickUp { item: foreign }),
            (who, Act::PickUp { item: made_up }),
            (who, Act::PickUp { item: other }),
            (who, Act::Equip { item: foreign }),
            (who, Act::Drop { item: foreign }),
            (who, Act::Use { item: foreign }),
            (who, Act::Unequip { item: gem }),
            (who, Act::Equip { item: gem }),
            (who, Act::Use { item: gem }),
            (who, Act::Loot { container }),
            (who, Act::Loot { container: other }),
            (who, Act::Drop { item: NetId::NONE }),
            (made_up, Act::Drop { item: gem }),
        ]);
        use ErrorCode::{NoSuchEntity, OutOfReach, UnknownItem, WrongState};
        let codes: Vec<ErrorCode> = refused.iter().map(|refusal| refusal.1).collect();
        assert_eq!(
            codes,
            [
                OutOfReach,
                OutOfReach,
                NoSuchEntity,
                NoSuchEntity,
                NoSuchEntity,
                UnknownItem,
                UnknownItem,
                UnknownItem,
                WrongState,
                WrongState,
                WrongState,
                OutOfReach,
                NoSuchEntity,
                UnknownItem,
                WrongState
            ],
            "each refusal says why"
        );
        let after: Vec<Vec<Carried>> = bench.hands.iter().map(|who| bench.held(*who)).collect();
        assert_eq!(after, before, "what is refused changes nothing");
        bench.check();
    }

    #[test]
    fn the_dead_touch_nothing_and_a_begun_blow_keeps_its_weapon() {
        let mut bench = bench();
        let (dead, busy) = (bench.hands[0], bench.hands[1]);
        let gem = bench.put("gem", Place::Ground, at(10, 10));
        let sword = bench.put("sword", Place::In(busy), at(0, 0));
        let helm = bench.put("helm", Place::In(busy), at(0, 0));
        let entities = [dead, busy].map(|who| bench.entity(who).expect("they are there"));
        bench.world().entity_mut(entities[0]).insert(Dead { tick: 0, by: NetId::NONE });
        bench.world().entity_mut(entities[1]).insert(Casting { slot: 0, done_tick: 100 });
        let refused = bench.ask(&[
            (dead, Act::PickUp { item: gem }),
            (busy, Act::Equip { item: sword }),
            (busy, Act::Equip { item: helm }),
        ]);
        assert_eq!(refused, [(1, ErrorCode::WrongState), (2, ErrorCode::TooSoon)], "a helm is no weapon");
        bench.check();
    }

    /// (who, what, number of the thing): things are the hands, items and containers, and some that are not there.
    fn deeds() -> impl Strategy<Value = Vec<Vec<(usize, u8, u32)>>> {
        let deed = (0..3_usize, 0..11_u8, 0..40_u32);
        prop::collection::vec(prop::collection::vec(deed, 0..12), 1..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_is_lost_or_doubled_whatever_they_try(ticks in deeds(), drop_all_tick in 0..12_usize) {
            let mut bench = bench();
            for (serial, count) in (0..).zip([7, 9, 1]) {
                let who = bench.hands[serial as usize];
                bench.bring("coin", serial, count, who);
            }
            let weak = bench.entity(bench.hands[1]).expect("it is there");
            bench.world().entity_mut(weak).insert(crate::WeightLimit { grams_max: 100 });
            let keys = ["sword", "spear", "helm", "gem", "coin", "coin"];
            for (key, x) in keys.iter().cycle().zip([9, 10, 11, 12, 13, 14, 9, 10, 11, 12]) {
                bench.put(key, Place::Ground, at(x, 10));
            }
            for x in [10, 12] {
                let container = spawn_container(bench.world(), at(x, 11));
                for key in keys {
                    bench.put(key, Place::In(container), at(0, 0));
                }
            }
            bench.shard.step(&[]);
            let before = bench.pieces();
            for (tick, deeds) in ticks.iter().enumerate() {
                if tick == drop_all_tick {
                    let holder = bench.hands[0];
                    bench.world().write_message(crate::DropAllRequest { holder, keeps_worn: false, keeps_bound: false });
                }
                let acts: Vec<(NetId, ItemAct)> = deeds.iter().map(|&(who, what, thing)| {
                    let item = NetId(thing);
                    let (count, other) = (thing % 5, NetId(thing + 1));
                    let act = match what {
                        0 => Act::PickUp { item }.into(),
                        1 => Act::Loot { container: item }.into(),
                        2 => Act::Equip { item }.into(),
                        3 => Act::Unequip { item }.into(),
                        4 => Act::Drop { item }.into(),
                        5 => Act::Use { item }.into(),
                        6 => ItemAct::Take { item, count },
                        7 => ItemAct::Drop { item, count },
                        8 => ItemAct::Give { item, count: (count > 0).then_some(count), to: bench.hands[(who + 1) % 3] },
                        9 => ItemAct::Split { item, count },
                        _ => ItemAct::Merge { item, into: other },
                    };
                    (bench.hands[who], act)
                }).collect();
                bench.ask(&acts);
                bench.check();
                prop_assert_eq!(&bench.pieces(), &before, "every piece is still there once");
            }
        }
    }
}
