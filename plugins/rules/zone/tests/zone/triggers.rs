//! What follows from words, uses and hours.

use crate::yard::{TestZone, zone_with};

fn with(triggers: &str) -> TestZone {
    zone_with(
        &[
            ("triggers: [", &format!("triggers: [\n{triggers}")),
            ("tick_hz: Some(10)", "tick_hz: Some(10), day_minutes: Some(24)"),
        ],
        &[],
    )
}

#[test]
fn a_word_means_something_where_a_trigger_knows_it() {
    let mut test = with(
        r#"(on: Command(words: ["ring", "toll"], rooms: ["hall"]), when: [FlagIs("has_rung", false)], then: [Tell("Ding."), SetFlag("has_rung", true)]),
           (on: Command(words: ["st"]), then: [Tell("Hush.")]),
           (on: Command(words: ["look"]), then: [Tell("Never.")]),"#,
    );
    let ada = test.newcomer(0, "Ada");
    test.types(0, "TOLL the bell");
    assert!(test.was_told(ada, "Ding."), "in any case, with more behind it: {:?}", test.words(ada));
    test.types(0, "ring");
    assert!(test.was_told(ada, "\"ring\" means nothing here."), "no trigger followed: {:?}", test.words(ada));
    test.types(0, "st");
    assert!(test.was_told(ada, "Hush."), "it comes before what it abbreviates");
    test.types(0, "look");
    assert!(!test.was_told(ada, "Never."), "a verb stays one");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.told.clear();
    test.types(0, "ring");
    assert!(test.was_told(ada, "\"ring\" means nothing here."), "there is no bell: {:?}", test.words(ada));
}

#[test]
fn what_is_used_sets_off_what_waits_for_it() {
    let mut test = with(
        r#"(on: Use("bandage"), then: [Tell("It smells of herbs.")]),
           (on: Use("old_coin"), then: [Take("old_coin"), Give("cut_gem"), Tell("The coin is a stone now.")]),"#,
    );
    let ada = test.enter(0, "Ada", Vec::new(), &[(1, "old_coin"), (2, "bandage"), (3, "copper_ring")]);
    test.types(0, "use bandage");
    test.steps(1);
    assert!(test.was_told(ada, "It smells of herbs."), "{:?}", test.words(ada));
    test.types(0, "use coin");
    assert!(test.was_told(ada, "You use an old coin.") && test.was_told(ada, "a stone now"), "{:?}", test.words(ada));
    test.types(0, "i");
    assert!(test.was_told(ada, "cut gem"), "{:?}", test.words(ada));
    test.told.clear();
    test.types(0, "use coin");
    test.types(0, "use ring");
    test.steps(1);
    assert!(test.was_told(ada, "You carry no coin."), "it was taken: {:?}", test.words(ada));
    assert!(test.was_told(ada, "not made for that"), "a ring does nothing: {:?}", test.words(ada));
}

#[test]
fn hours_pass_and_are_asked_for() {
    let mut test = with(
        r#"(on: Hour(2), then: [Announce(room: "hall", words: "It strikes two.")]),
           (on: Command(words: ["dawn"]), when: [HourIs(23, 1)], then: [Tell("Not yet.")]),
           (on: Command(words: ["dawn"]), when: [HourIs(2, 22)], then: [Tell("Long gone.")]),"#,
    );
    let ada = test.newcomer(0, "Ada");
    test.types(0, "dawn");
    assert!(test.was_told(ada, "Not yet."), "{:?}", test.words(ada));
    // A day of 24 minutes has an hour of a minute: 600 steps.
    test.steps(1_197);
    assert!(!test.was_told(ada, "It strikes two."), "the second hour is not over");
    test.steps(1);
    assert!(test.was_told(ada, "It strikes two."), "{:?}", test.words(ada));
    test.types(0, "dawn");
    assert!(test.was_told(ada, "Long gone."), "{:?}", test.words(ada));
    test.told.clear();
    test.steps(600);
    assert!(!test.was_told(ada, "It strikes two."), "once a day");
}

#[test]
fn crowds_levels_and_chance_are_asked_for() {
    let mut test = with(
        r#"(on: Command(words: ["alone"]), when: [PlayersIn(room: "hall", at_most: Some(1)), LevelAtLeast(1)], then: [Tell("Quite alone.")]),
           (on: Command(words: ["alone"]), when: [PlayersIn(room: "hall", at_least: 2)], then: [Tell("Hardly.")]),
           (on: Command(words: ["boast"]), when: [LevelAtLeast(2)], then: [Tell("Listen to that.")]),
           (on: Command(words: ["toss"]), when: [Chance(50)], then: [Tell("Heads.")]),"#,
    );
    let ada = test.newcomer(0, "Ada");
    test.types(0, "alone");
    assert!(test.was_told(ada, "Quite alone."), "{:?}", test.words(ada));
    test.types(0, "boast");
    assert!(test.was_told(ada, "\"boast\" means nothing"), "of level one: {:?}", test.words(ada));
    test.newcomer(1, "Grace");
    test.types(0, "alone");
    assert!(test.was_told(ada, "Hardly."), "{:?}", test.words(ada));
    test.told.clear();
    for _ in 0..100 {
        test.types(0, "toss");
    }
    let heads = test.words(ada).iter().filter(|words| *words == "Heads.").count();
    assert!((30..=70).contains(&heads), "half of a hundred came out as {heads}");
}

#[test]
fn an_effect_begins_in_the_next_step() {
    let mut test = with(r#"(on: Command(words: ["hurry"]), then: [Effect("haste")]),"#);
    let ada = test.newcomer(0, "Ada");
    test.types(0, "hurry");
    test.types(0, "effects");
    test.types(0, "effects");
    assert!(test.was_told(ada, "Active effects: hasted"), "{:?}", test.words(ada));
}

#[test]
fn npcs_vanish_and_are_owed_again() {
    let mut test =
        with(r#"(on: Command(words: ["whistle"]), then: [Despawn(npc: "wolf", room: "den"), Tell("All is quiet.")]),"#);
    let ada = test.newcomer(0, "Ada");
    test.steps(5);
    assert_eq!(test.npcs(), 1, "a wolf is in its den");
    test.types(0, "whistle");
    assert!(test.was_told(ada, "All is quiet."), "{:?}", test.words(ada));
    assert_eq!(test.npcs(), 0, "it is gone");
    test.steps(49);
    assert_eq!(test.npcs(), 0, "another one takes five seconds");
    test.steps(2);
    assert_eq!(test.npcs(), 1, "and comes");
}
