//! An avatar that plays by itself.

use hypogeum_items::{Inventory, Place, carried, mint_item, spawn_container, spawn_item};
use hypogeum_protocol::NetId;
use hypogeum_space::METRE;
use hypogeum_space::turn::distance;

use super::landmarks;
use crate::test_shard::{TestShard, at, content, den, wall};
use crate::{Brain, DangerMark, ExitMark};

#[test]
fn on_autopilot_it_loots_and_walks_to_the_exit() {
    let mut den = den(&[wall(55, 40, 56, 60)]);
    let who = den.avatar(at(50, 50));
    den.autopilot(who);
    let item = |den: &mut TestShard, key: &str, place, at| {
        let item = mint_item(den.world(), content().items.id(key).expect("the item is there"));
        spawn_item(den.world(), item, place, at)
    };
    item(&mut den, "stick", Place::Ground, at(48, 50));
    let container = spawn_container(den.world(), at(46, 46));
    item(&mut den, "gem", Place::In(container), at(0, 0));
    item(&mut den, "sword", Place::In(container), at(0, 0));
    landmarks(&mut den, |marks| {
        marks.pois = vec![at(46, 46)];
        marks.exits = vec![ExitMark { at: at(70, 50), radius: 3 * METRE, open: true, opens_in: 0 }];
        marks.side = 200 * METRE;
        marks.ticks_left = 10_000;
    });
    assert!(den.until(240, |den| den.component::<Inventory>(who).count == 3), "it takes all there is");
    den.steps(20);
    let worn: Vec<String> = carried(den.shard.world(), who)
        .iter()
        .filter(|carried| carried.worn.is_some())
        .map(|carried| content().items.key(carried.item.def).to_owned())
        .collect();
    assert_eq!(worn, ["sword"], "it wears the better weapon");
    let there = den.until(600, |den| distance(den.place(who), at(70, 50)) < 3 * METRE);
    assert!(there, "it gets round the wall and into the exit");
    den.steps(60);
    assert!(distance(den.place(who), at(70, 50)) < 3 * METRE, "and stays inside");
    den.check();
}

#[test]
fn on_autopilot_it_heals_itself_and_hands_control_back() {
    let mut den = den(&[]);
    let who = den.avatar(at(50, 50));
    den.autopilot(who);
    let item = mint_item(den.world(), content().items.id("pill").expect("the item is there"));
    spawn_item(den.world(), item, Place::In(who), at(0, 0));
    landmarks(&mut den, |marks| marks.pois = vec![at(90, 50)]);
    let hp = den.hp(who);
    den.hurt(NetId::NONE, who, hp * 6 / 10);
    den.steps(30);
    assert_eq!(den.component::<Inventory>(who).count, 0, "badly hurt, it took the pill");
    let entity = den.entity(who);
    den.world().entity_mut(entity).remove::<Brain>();
    den.set(who, hypogeum_space::MoveIntent::default());
    let before = den.place(who);
    den.steps(30);
    assert_eq!(den.place(who), before, "without a mind nothing walks it");
    den.check();
}

#[test]
fn it_walks_out_of_gas_and_into_the_eye_of_the_storm() {
    let mut den = den(&[]);
    let who = den.avatar(at(50, 50));
    den.autopilot(who);
    let gas = DangerMark { at: at(52, 50), radius: 6 * METRE, outside: false };
    landmarks(&mut den, |marks| marks.dangers = vec![gas]);
    assert!(den.until(90, |den| !gas.reaches(den.place(who))), "it leaves the gas");
    let storm = DangerMark { at: at(80, 80), radius: 10 * METRE, outside: true };
    landmarks(&mut den, |marks| marks.dangers = vec![storm]);
    assert!(den.until(500, |den| !storm.reaches(den.place(who))), "it runs before the storm");
    den.check();
}

#[test]
fn it_visits_one_point_after_another() {
    let mut den = den(&[]);
    let who = den.avatar(at(50, 50));
    den.autopilot(who);
    landmarks(&mut den, |marks| marks.pois = vec![at(80, 50), at(50, 60), at(50, 30)]);
    for (order, (x, y)) in [(50, 60), (50, 30), (80, 50)].into_iter().enumerate() {
        let there = den.until(400, |den| distance(den.place(who), at(x, y)) < 5 * METRE);
        assert!(there, "the point visited at {order} is ({x}, {y})");
    }
    den.check();
}
