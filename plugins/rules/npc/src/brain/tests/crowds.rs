//! Many minds at once: the same twice, the same after a restore, on the map and out of walls.

use hypogeum_items::{Place, mint_item, spawn_item};
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;
use hypogeum_space::{Body, METRE, Obstacles, Position};

use super::landmarks;
use crate::test_shard::{ONE_TRACK_MINDS, TestShard, at, content, plain, wall};
use crate::{Brain, DangerMark, ExitMark};

#[test]
fn restored_it_goes_on_as_if_nothing_had_been() {
    let build = || {
        let mut test = plain(&[wall(54, 45, 55, 55)]);
        for x in 0..6 {
            test.npc("wolf", at(40 + 3 * x, 50), 0);
            test.npc("guard", at(40 + 3 * x, 58), 0x4000);
            test.npc("thief", at(40 + 3 * x, 64), 0xC000);
            test.npc("archer", at(40 + 3 * x, 44), 0x4000);
        }
        let who = test.avatar(at(58, 50));
        test.autopilot(who);
        test
    };
    let mut straight = build();
    straight.steps(47);
    let snapshot = straight.shard.snapshot();
    let mut restored = build();
    restored.steps(3);
    restored.shard.restore(&snapshot).expect("the snapshot is sound");
    for tick in 48..200 {
        let (one, other) = (straight.shard.step(&[]), restored.shard.step(&[]));
        assert_eq!(one, other, "tick {tick} is the same on both");
    }
    straight.check();
}

#[test]
fn a_crowd_does_the_same_twice_and_nobody_ends_up_in_a_wall() {
    let walls: Vec<_> = (0..120)
        .map(|k| (5 + (k * 37) % 185, 5 + (k * 53) % 185, k))
        .map(|(x, y, k)| wall(x, y, x + 2 + k % 4, y + 2 + k % 3))
        .collect();
    let run = || {
        let mut test = plain(&walls);
        for k in 0..160 {
            let kind = ["wolf", "guard", "thief", "archer"][k as usize / 5 % 4];
            let home = at(4 + ((k / 5) * 67) % 190 + k % 5, 4 + ((k / 5) * 41) % 190);
            test.npc(kind, home, (k * 991) as u16);
        }
        for k in 0..20 {
            let who = test.avatar(at(4 + (k * 29) % 190, 4 + (k * 83) % 190));
            test.autopilot(who);
        }
        landmarks(&mut test, |marks| {
            marks.pois = (0..20).map(|k| at(10 + (k * 43) % 180, 10 + (k * 71) % 180)).collect()
        });
        test
    };
    let (mut one, mut other) = (run(), run());
    let free_at_first: Vec<NetId> = standing_free(&mut one);
    assert!(free_at_first.len() > 100, "most stand free at first: {}", free_at_first.len());
    for tick in 1..=240 {
        assert_eq!(one.shard.step(&[]), other.shard.step(&[]), "tick {tick} is the same on both");
    }
    let free: Vec<NetId> = standing_free(&mut one);
    let stuck: Vec<&NetId> = free_at_first.iter().filter(|who| one.is_there(**who) && !free.contains(who)).collect();
    assert!(stuck.is_empty(), "who stood free walks into no wall: {stuck:?}");
    one.check();
}

#[test]
fn whatever_it_wants_and_wherever_it_stands_it_stays_on_the_map() {
    let far = 200 * METRE;
    let places = [at(0, 0), Position { x: far, y: far }, Position { x: far, y: 0 }, at(101, 101), at(99, 100)];
    let marks = [
        (vec![], vec![]),
        (
            vec![at(0, 0), at(100, 100), Position { x: far, y: far }],
            vec![(at(100, 100), 0, true), (at(0, 0), far, false)],
        ),
        (
            vec![Position { x: i32::MIN, y: i32::MAX }; 70],
            vec![(Position { x: i32::MAX, y: i32::MIN }, i32::MAX, true)],
        ),
    ];
    for (pois, dangers) in marks {
        let mut test = plain(&[wall(100, 100, 103, 103)]);
        let mut minds = Vec::new();
        for (path, _) in ONE_TRACK_MINDS {
            let key = path.trim_start_matches("behaviours/").trim_end_matches(".ron");
            let behaviour = content().behaviours.id(key).expect("the behaviour is there");
            for place in places {
                let (npc, avatar) = (test.npc("wolf", place, 0), test.avatar(place));
                test.autopilot(avatar);
                for who in [npc, avatar] {
                    test.set(who, Brain::new(behaviour));
                    minds.push(who);
                }
            }
        }
        let item = mint_item(test.world(), content().items.id("gem").expect("the item is there"));
        spawn_item(test.world(), item, Place::Ground, at(102, 102));
        landmarks(&mut test, |marks| {
            let exit = |at, radius| ExitMark { at, radius, open: radius == 0, opens_in: radius.unsigned_abs() };
            marks.exits = pois.iter().take(3).map(|poi| exit(*poi, 0)).chain([exit(at(5, 5), METRE)]).collect();
            marks.pois = pois;
            marks.dangers =
                dangers.into_iter().map(|(at, radius, outside)| DangerMark { at, radius, outside }).collect();
        });
        test.steps(90);
        for who in minds.into_iter().filter(|who| test.is_there(*who)).collect::<Vec<_>>() {
            let Position { x, y } = test.place(who);
            assert!((0..=far).contains(&x) && (0..=far).contains(&y), "{who} is on the map, at {x}, {y}");
        }
        test.check();
    }
}

fn standing_free(test: &mut TestShard) -> Vec<NetId> {
    let world = test.world();
    let mut bodies = world.query::<(&NetIdOf, &Position, &Body)>();
    let obstacles = world.resource::<Obstacles>();
    let free = bodies.iter(world).filter(|(_, at, body)| obstacles.free(**at, body.radius));
    free.map(|(named, _, _)| named.0).collect()
}
