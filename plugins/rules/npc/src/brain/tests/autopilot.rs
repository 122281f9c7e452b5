//! An avatar that plays by itself.

use hypogeum_combat::Side;
use hypogeum_items::{Inventory, Place, carried, mint_item, spawn_container, spawn_item};
use hypogeum_protocol::{Block, NetId};
use hypogeum_space::turn::distance;
use hypogeum_space::{METRE, Position};

use super::landmarks;
use crate::test_shard::{TestShard, at, content, plain, wall};
use crate::{Brain, DangerMark, DownedMark, ExitMark};

#[test]
fn a_friend_who_lies_behind_a_wall_is_walked_to() {
    let (own, side) = (at(50, 50), Side::of_team(1, false));
    let thin = Block {
        x_min: own.x + METRE * 9 / 20,
        y_min: own.y - 3 * METRE,
        x_max: own.x + METRE * 11 / 20,
        y_max: own.y + 3 * METRE,
    };
    let mate = DownedMark { who: NetId(900), side, at: Position { x: own.x + METRE * 9 / 10, y: own.y } };
    for (walls, goal) in [(vec![thin], Some(mate.at)), (Vec::new(), None)] {
        let mut test = plain(&walls);
        let who = test.avatar(own);
        let behaviour = content().behaviours.id("only_revive").expect("the behaviour is there");
        test.set(who, side);
        test.autopilot(who);
        test.set(who, Brain::new(behaviour));
        landmarks(&mut test, |marks| marks.downed = vec![mate]);
        test.steps(3);
        assert_eq!(test.brain(who).goal, goal, "it stays beside a friend that it sees: {walls:?}");
    }
}

#[test]
fn on_autopilot_it_loots_and_walks_to_the_exit() {
    let mut test = plain(&[wall(55, 40, 56, 60)]);
    let who = test.avatar(at(50, 50));
    test.autopilot(who);
    let item = |test: &mut TestShard, key: &str, place, at| {
        let item = mint_item(test.world(), content().items.id(key).expect("the item is there"));
        spawn_item(test.world(), item, place, at)
    };
    item(&mut test, "stick", Place::Ground, at(48, 50));
    let container = spawn_container(test.world(), at(46, 46));
    item(&mut test, "gem", Place::In(container), at(0, 0));
    item(&mut test, "sword", Place::In(container), at(0, 0));
    landmarks(&mut test, |marks| {
        marks.pois = vec![at(46, 46)];
        marks.exits = vec![ExitMark { at: at(70, 50), radius: 3 * METRE, open: true, opens_in: 0 }];
        marks.side = 200 * METRE;
        marks.ticks_left = 10_000;
    });
    assert!(test.until(240, |test| test.component::<Inventory>(who).count == 3), "it takes all there is");
    test.steps(20);
    let worn: Vec<String> = carried(test.shard.world(), who)
        .iter()
        .filter(|carried| carried.worn.is_some())
        .map(|carried| content().items.key(carried.item.def).to_owned())
        .collect();
    assert_eq!(worn, ["sword"], "it wears the better weapon");
    let there = test.until(600, |test| distance(test.place(who), at(70, 50)) < 3 * METRE);
    assert!(there, "it gets round the wall and into the exit");
    test.steps(60);
    assert!(distance(test.place(who), at(70, 50)) < 3 * METRE, "and stays inside");
    test.check();
}

#[test]
fn on_autopilot_it_heals_itself_and_hands_control_back() {
    let mut test = plain(&[]);
    let who = test.avatar(at(50, 50));
    test.autopilot(who);
    let item = mint_item(test.world(), content().items.id("pill").expect("the item is there"));
    spawn_item(test.world(), item, Place::In(who), at(0, 0));
    landmarks(&mut test, |marks| marks.pois = vec![at(90, 50)]);
    let hp = test.hp(who);
    test.hurt(NetId::NONE, who, hp * 6 / 10);
    test.steps(30);
    assert_eq!(test.component::<Inventory>(who).count, 0, "badly hurt, it took the pill");
    let entity = test.entity(who);
    test.world().entity_mut(entity).remove::<Brain>();
    test.set(who, hypogeum_space::MoveIntent::default());
    let before = test.place(who);
    test.steps(30);
    assert_eq!(test.place(who), before, "without a mind nothing walks it");
    test.check();
}

#[test]
fn it_walks_out_of_gas_and_into_the_eye_of_the_storm() {
    let mut test = plain(&[]);
    let who = test.avatar(at(50, 50));
    test.autopilot(who);
    let gas = DangerMark { at: at(52, 50), radius: 6 * METRE, outside: false };
    landmarks(&mut test, |marks| marks.dangers = vec![gas]);
    assert!(test.until(90, |test| !gas.reaches(test.place(who))), "it leaves the gas");
    let storm = DangerMark { at: at(80, 80), radius: 10 * METRE, outside: true };
    landmarks(&mut test, |marks| marks.dangers = vec![storm]);
    assert!(test.until(500, |test| !storm.reaches(test.place(who))), "it runs before the storm");
    test.check();
}

#[test]
fn it_visits_one_point_after_another() {
    let mut test = plain(&[]);
    let who = test.avatar(at(50, 50));
    test.autopilot(who);
    landmarks(&mut test, |marks| marks.pois = vec![at(80, 50), at(50, 60), at(50, 30)]);
    for (order, (x, y)) in [(50, 60), (50, 30), (80, 50)].into_iter().enumerate() {
        let there = test.until(400, |test| distance(test.place(who), at(x, y)) < 5 * METRE);
        assert!(there, "the point visited at {order} is ({x}, {y})");
    }
    test.check();
}
