//! Dangers in rooms: gas that a word lets in, mines, shells.

use bevy_ecs::prelude::With;
use hypogeum_combat::{Hazard, Health, Mine, hazards};
use hypogeum_npc::Npc;
use hypogeum_protocol::{NetId, RecordKind};
use hypogeum_shard::{NetIdIndex, Rules, ShardKind};
use hypogeum_space::{Position, ViewQueries};
use hypogeum_zone::{ScriptRecord, Zone};

use crate::yard::{TestZone, zone_with};

/// So much wider than the yard that it would reach the hall, the cellar and the den.
const FUMES: &str = r#"(
    name: "Fumes", shape: Cloud(radius_cm: 3000),
    warning_ms: 2000, duration_ms: 3000, interval_ms: 1000, damage: 5,
)"#;
const TRAPS: &str = r#"(
    name: "Traps", shape: Mines(radius_cm: 900, count: 60, trigger_cm: 100, blast_cm: 200),
    warning_ms: 500, duration_ms: 6000, interval_ms: 1000, damage: 3,
)"#;
const ROCKS: &str = r#"(
    name: "Rocks", shape: Bombardment(radius_cm: 900, blast_cm: 500),
    warning_ms: 1000, duration_ms: 5000, interval_ms: 300, damage: 2, effect: "bleed",
)"#;
/// Words that let them in.
pub(crate) const TRIGGERS: &str = r#"triggers: [
    (on: Command(words: ["hiss"]), then: [Hazard(hazard: "fumes", room: "yard")]),
    (on: Command(words: ["hush"]), then: [Hazard(hazard: "fumes", room: "hall")]),
    (on: Command(words: ["rats"]), then: [Spawn(npc: "rat", room: "yard", count: 3), Hazard(hazard: "fumes", room: "yard")]),
    (on: Command(words: ["shake"]), then: [Hazard(hazard: "traps", room: "yard"), Hazard(hazard: "rocks", room: "yard")]),
"#;

/// Dangers of the yard, and the files they are in.
pub(crate) const DANGERS: [(&str, &str); 3] =
    [("hazards/fumes.ron", FUMES), ("hazards/traps.ron", TRAPS), ("hazards/rocks.ron", ROCKS)];

fn dangerous() -> TestZone {
    zone_with(&[("triggers: [", TRIGGERS)], &DANGERS)
}

fn hp(test: &TestZone, who: NetId) -> u32 {
    let world = test.shard.world();
    let entity = world.resource::<NetIdIndex>().entity(who).expect("it is there");
    world.get::<Health>(entity).expect("it has health").hp
}

fn count(test: &TestZone) -> usize {
    hazards(test.shard.world()).len()
}

#[test]
fn those_in_the_room_are_warned_then_hurt_and_told_when_it_is_over() {
    let mut test = dangerous();
    let (ada, grace) = (test.in_room(0, "Ada", "yard"), test.in_room(1, "Grace", "hall"));
    let hedy = test.in_room(2, "Hedy", "cellar");
    let before = [ada, grace, hedy].map(|who| hp(&test, who));
    test.types(0, "hiss");
    assert!(test.was_told(ada, "Danger: fumes!"), "{:?}", test.words(ada));
    assert!(!test.was_told(grace, "fumes") && !test.was_told(hedy, "fumes"), "nobody else is");
    test.steps(19);
    assert_eq!(hp(&test, ada), before[0], "a warning hurts nobody");
    test.steps(1);
    assert_eq!(hp(&test, ada), before[0] - 5, "then it does");
    assert!(test.was_told(ada, "You are hurt for 5."), "{:?}", test.words(ada));
    test.steps(29);
    assert_eq!((hp(&test, ada), count(&test)), (before[0] - 15, 1), "pulse by pulse");
    assert!(!test.was_told(ada, "The danger is over"), "until it ends");
    test.steps(1);
    assert!(test.was_told(ada, "The danger is over: fumes."), "{:?}", test.words(ada));
    assert_eq!((hp(&test, ada), count(&test)), (before[0] - 15, 0), "and is gone");
    let unharmed = [grace, hedy].map(|who| hp(&test, who));
    assert_eq!(unharmed, [before[1], before[2]], "it comes through no wall");
}

#[test]
fn on_safe_ground_nobody_is_hurt() {
    let mut test = dangerous();
    let ada = test.newcomer(0, "Ada");
    let before = hp(&test, ada);
    test.types(0, "hush");
    assert!(test.was_told(ada, "Danger: fumes!"), "{:?}", test.words(ada));
    test.steps(60);
    assert_eq!((hp(&test, ada), count(&test)), (before, 0), "in the hall one is safe");
}

#[test]
fn those_who_live_there_take_no_harm() {
    let mut test = dangerous();
    test.in_room(0, "Ada", "gap");
    test.types(0, "rats");
    test.steps(45);
    let world = test.shard.world_mut();
    let mut npcs = world.query_filtered::<&Health, With<Npc>>();
    let whole = npcs.iter(world).filter(|health| health.hp == health.hp_max);
    assert_eq!(whole.count(), 4, "three rats and a wolf know it");
}

#[test]
fn a_lever_that_is_pulled_again_lets_in_no_more() {
    let mut test = dangerous();
    let ada = test.in_room(0, "Ada", "yard");
    for _ in 0..8 {
        test.types(0, "hiss");
        test.types(0, "shake");
    }
    let warnings = test.words(ada).iter().filter(|words| words.starts_with("Danger: fumes")).count();
    assert_eq!((count(&test), warnings), (3, 1), "each kind is there once, and said once");
    let world = test.shard.world_mut();
    assert!(world.query::<&Mine>().iter(world).count() <= 60, "with its mines");
}

#[test]
fn whoever_comes_in_reads_of_it_and_clients_are_shown_it() {
    let mut test = dangerous();
    test.in_room(0, "Ada", "yard");
    test.types(0, "hiss");
    let grace = test.in_room(1, "Grace", "yard");
    assert!(test.was_told(grace, "There is danger here: fumes."), "{:?}", test.words(grace));
    let mut views = ViewQueries::new(test.shard.world_mut());
    let world = test.shard.world();
    let mut shown = Vec::new();
    views.areas(world, |_, at, area| shown.push((at, area.kind, area.template)));
    let fumes = world.resource::<Rules>().content.hazards.id("fumes").expect("they are there");
    let middle = Position { x: 24 * 256, y: 26 * 256 };
    assert_eq!(shown, [(middle, RecordKind::Hazard, fumes.index())], "about the middle of the room");
}

#[test]
fn a_place_rests_once_its_dangers_are_over() {
    let mut test = dangerous();
    test.in_room(0, "Ada", "cellar");
    test.until("the wolf", |test| test.npcs() == 1);
    test.types(0, "hiss");
    test.leave(0);
    assert!(!Zone::is_at_rest(test.shard.world()), "there is gas");
    test.until("rest", |test| Zone::is_at_rest(test.shard.world()));
    assert_eq!(count(&test), 0, "it is over");
}

#[test]
fn scripts_start_what_a_room_can_have_and_nothing_else() {
    let script = r#"
        fn gas() { start_hazard("fumes", room()); }
        fn storm() { let key = "long_storm"; start_hazard(key, "yard"); }
        fn mines() { let key = "minefield"; start_hazard(key, "yard"); }
        fn where_is_it() { let key = "attic"; start_hazard("fumes", key); }
    "#;
    let words = ["gas", "storm", "mines", "where_is_it"];
    let command = |word: &&str| {
        let typed = word.replace('_', "");
        format!("(on: Command(words: [\"{typed}\"]), then: [Script(\"test\", \"{word}\")]),\n")
    };
    let triggers = format!("triggers: [\n{}", words.iter().map(command).collect::<String>());
    let mut test =
        zone_with(&[("triggers: [", &triggers)], &[("hazards/fumes.ron", FUMES), ("scripts/test.rhai", script)]);
    let ada = test.in_room(0, "Ada", "yard");
    for word in ["storm", "mines", "whereisit"] {
        test.types(0, word);
    }
    let errors = |test: &TestZone| test.shard.world().resource::<ScriptRecord>().errors_count;
    assert_eq!((errors(&test), count(&test)), (3, 0), "a storm, one without an end, and a room that is not there");
    test.types(0, "gas");
    assert_eq!((errors(&test), count(&test)), (3, 1), "gas is what a room can have");
    assert!(test.was_told(ada, "Danger: fumes!"), "{:?}", test.words(ada));
}

#[test]
fn dangers_go_on_from_any_snapshot_as_they_were() {
    let mut test = dangerous();
    test.in_room(0, "Ada", "yard");
    let (mut hashes, mut snapshots) = (Vec::new(), Vec::new());
    let step = |test: &mut TestZone, number: u32| match number {
        3 => test.types_numbered(0, "shake", number + 1),
        9 => test.types_numbered(0, "hiss", number + 1),
        20 => test.types_numbered(0, "north", number + 1),
        30 => test.types_numbered(0, "south", number + 1),
        _ => test.step(&[]),
    };
    for number in 0..90 {
        if number % 7 == 0 {
            snapshots.push((number, test.shard.snapshot()));
        }
        step(&mut test, number);
        hashes.push(test.shard.hash());
        let is_there = test.shard.world_mut().query::<&Hazard>().iter(test.shard.world()).count() > 0;
        assert_eq!(is_there, (3..68).contains(&number), "step {number}");
    }
    for (from, snapshot) in snapshots {
        let mut other = dangerous();
        other.shard.restore(&snapshot).expect("a snapshot can be restored");
        for (number, hash) in (0..).zip(&hashes).skip(from as usize) {
            step(&mut other, number);
            assert_eq!(other.shard.hash(), *hash, "step {number} from a snapshot of {from} is the same");
        }
    }
}
