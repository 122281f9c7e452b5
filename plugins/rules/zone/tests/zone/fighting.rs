//! Fights, deaths, and coming back.

use hypogeum_combat::{HarmRequest, Health};
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;

use crate::yard::{TestZone, zone_with};

fn hp(test: &TestZone, who: NetId) -> u32 {
    let world = test.shard.world();
    let entity = world.resource::<NetIdIndex>().entity(who).expect("it is there");
    world.get::<Health>(entity).expect("it is a fighter").hp
}

fn hurt(test: &mut TestZone, who: NetId, amount: u32) {
    test.shard.world_mut().write_message(HarmRequest { source: NetId::NONE, target: who, amount });
    test.step(&[]);
}

fn to_the_den(test: &mut TestZone, seat: u16) {
    test.types(seat, "open door");
    test.walk(seat, "east", "yard");
    test.walk(seat, "south", "gap");
    test.walk(seat, "south", "den");
}

#[test]
fn a_wolf_is_fought_in_words_and_worth_experience() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    to_the_den(&mut test, 0);
    test.types(0, "kill wolf");
    test.until("the wolf is dead", |test| test.was_told(ada, "The hollow wolf is dead."));
    assert!(test.was_told(ada, "You hit the hollow wolf for "), "{:?}", test.words(ada));
    assert!(test.was_told(ada, "You gain 12 experience."), "{:?}", test.words(ada));
    test.steps(1);
    test.types(0, "effects");
    assert!(test.was_told(ada, "Active effects: "), "a trigger follows a kill: {:?}", test.words(ada));
    let grant = test.leave(0);
    assert_eq!((grant.kills, grant.xp_gained), (1, 12), "and it counts");
}

#[test]
fn the_dead_leave_what_they_carry_and_wake_at_the_shrine() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    let items = test.items();
    hurt(&mut test, ada, 1_000_000);
    assert!(test.was_told(ada, "You are dead."), "{:?}", test.words(ada));
    test.types(0, "get all");
    assert!(test.words(ada).iter().any(|words| words == "You are dead."), "the dead do nothing: {:?}", test.words(ada));
    test.until("she wakes", |test| test.was_told(ada, "You wake at the shrine."));
    test.steps(2);
    assert_eq!(test.room(ada), "hall", "at the shrine");
    assert!(hp(&test, ada) > 1, "with some of her life");
    test.told.clear();
    test.types(0, "i");
    assert!(
        test.was_told(ada, "(worn)") && !test.was_told(ada, "bandage"),
        "what is worn stays: {:?}",
        test.words(ada)
    );
    assert_eq!(test.items(), items, "the rest lies where she died");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "get chest");
    test.until("she has it back", |test| test.was_told(ada, "You take a chest."));
}

#[test]
fn nobody_is_hurt_on_safe_ground_and_friends_are_spared() {
    let mut test = TestZone::new();
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    let whole = hp(&test, ada);
    hurt(&mut test, ada, 10);
    assert_eq!(hp(&test, ada), whole, "the hall is safe");
    for seat in [0, 1] {
        test.types(seat, "open door");
        test.walk(seat, "east", "yard");
    }
    hurt(&mut test, ada, 10);
    assert_eq!(hp(&test, ada), whole - 10, "the yard is not");
    let other = hp(&test, grace);
    test.types(0, "attack grace");
    test.steps(60);
    assert_eq!(hp(&test, grace), other, "players spare each other here");
}

#[test]
fn a_boss_says_what_it_thinks() {
    let wolf = "(npc: \"wolf\", count: 1, room: \"den\", respawn_ms: 5000)";
    let both = format!("{wolf}, (npc: \"crypt_warden\", count: 1, room: \"yard\")");
    let mut test = zone_with(&[(wolf, &both)], &[]);
    let ada = test.newcomer(0, "Ada");
    let bob = test.newcomer(1, "Bob");
    test.types(0, "open door");
    test.types(0, "east");
    test.until("he speaks", |test| test.was_told(ada, "The warden of the crypt says, \"Nine hundred years"));
    assert!(!test.was_told(bob, "Nine hundred years"), "next door it is not heard");
}

#[test]
fn what_an_enemy_begins_to_cast_is_told_in_its_room() {
    let wolf = "(npc: \"wolf\", count: 1, room: \"den\", respawn_ms: 5000)";
    let shaman = "(npc: \"shaman\", count: 1, room: \"yard\", respawn_ms: 5000)";
    let mut test = zone_with(&[(wolf, shaman)], &[]);
    let ada = test.newcomer(0, "Ada");
    let bob = test.newcomer(1, "Bob");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "kill shaman");
    test.until("it casts", |test| test.was_told(ada, "The bone shaman begins to cast venom bolt."));
    assert!(!test.was_told(bob, "begins to cast"), "next door it is not seen: {:?}", test.words(bob));
}

#[test]
fn what_is_over_at_once_is_not_told_in_words() {
    let wolf = "(npc: \"wolf\", count: 1, room: \"den\", respawn_ms: 5000)";
    let raider = "(npc: \"archer\", count: 1, room: \"yard\", respawn_ms: 5000)";
    let mut test = zone_with(&[(wolf, raider)], &[]);
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "kill archer");
    test.until("it shoots", |test| test.was_told(ada, " hits you for "));
    assert!(!test.was_told(ada, "begins to cast"), "an arrow is there before that is read: {:?}", test.words(ada));
}
