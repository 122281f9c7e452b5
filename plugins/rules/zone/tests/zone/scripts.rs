//! What scripts do to a zone, and what they cannot do to it.

use std::sync::Arc;

use hypogeum_script::Value;
use hypogeum_shard::{NetIdIndex, OperatorNotes, Rules, ShardKind};
use hypogeum_zone::{ScriptRecord, Zone};

use crate::yard::{TestZone, content_with, setup, zone_with};

/// A word for each function of a script in the yard.
fn commands(words: &[&str]) -> String {
    let command = |word: &&str| format!("(on: Command(words: [\"{word}\"]), then: [Script(\"test\", \"{word}\")]),\n");
    format!("triggers: [\n{}", words.iter().map(command).collect::<String>())
}

fn with(words: &[&str], script: &str) -> TestZone {
    zone_with(&[("triggers: [", &commands(words))], &[("scripts/test.rhai", script)])
}

fn record(test: &TestZone) -> &ScriptRecord {
    test.shard.world().resource::<ScriptRecord>()
}

fn notes(test: &TestZone) -> Vec<String> {
    test.shard.world().resource::<OperatorNotes>().notes().to_vec()
}

#[test]
fn a_script_asks_and_what_it_wants_is_done() {
    let mut test = with(
        &["see", "act", "move", "later"],
        r#"
        fn see() {
            let p = who();
            tell(p, `${name(p)} ${level(p)} ${hp(p) == hp_max(p)} ${room_of(p)} ${room()} "${words()}"`);
            tell(p, `${count_players("hall")} ${players("hall").len()} ${count_npcs("wolf", "den")} ${door("oak")} ${flag("f")} ${hour()} ${carries(p, "old_coin")}`);
        }
        fn act() {
            open("oak");
            give(who(), "old_coin");
            take(who(), "bandage");
            set_flag("opened", true);
            spawn_npc("rat", "yard", 2);
            despawn_npc("wolf", "den");
            effect(who(), "haste");
            announce("hall", "So be it.");
        }
        fn move() { teleport(who(), "yard"); }
        fn later() { remember("who", name(who())); after(1000, "now"); }
        fn now() { announce("hall", `Now, ${recall("who")}.`); }
        "#,
    );
    let ada = test.newcomer(0, "Ada");
    test.steps(5);
    test.types(0, "see what  there is");
    assert!(test.was_told(ada, "Ada 1 true hall hall \"what  there is\""), "{:?}", test.words(ada));
    assert!(test.was_told(ada, "1 1 1 closed false  false"), "{:?}", test.words(ada));
    test.types(0, "act");
    for words in ["The oak door opens.", "So be it.", "You feel clever."] {
        assert!(test.was_told(ada, words), "{words}: {:?}", test.words(ada));
    }
    test.types(0, "i");
    assert!(test.was_told(ada, "old coin"), "{:?}", test.words(ada));
    test.types(0, "effects");
    assert!(test.was_told(ada, "haste"), "{:?}", test.words(ada));
    assert_eq!(test.npcs(), 2, "two rats have come, and the wolf is gone");
    test.types(0, "later");
    test.steps(9);
    assert!(!test.was_told(ada, "Now, Ada."), "its time has not come");
    test.steps(1);
    assert!(test.was_told(ada, "Now, Ada."), "{:?}", test.words(ada));
    test.types(0, "move");
    assert_eq!(test.room(ada), "yard", "she is moved");
    assert_eq!(record(&test).errors_count, 0, "none of it failed: {:?}", notes(&test));
    assert_eq!(
        record(&test).memory("test").and_then(|it| it.value("who")),
        Some(&Value::Text("Ada".into())),
        "it remembers"
    );
}

#[test]
fn an_error_in_the_middle_leaves_nothing_and_is_noted() {
    let mut test = with(
        &["half"],
        "fn half() {\n    open(\"oak\");\n    give(who(), \"old_coin\");\n    remember(\"done\", true);\n    after(1000, \"half\");\n    let list = [];\n    list[3];\n}",
    );
    let ada = test.newcomer(0, "Ada");
    let items = test.items();
    test.types(0, "half");
    let note = notes(&test).pop().expect("it is noted");
    assert_eq!(
        note, "scripts/test.rhai:7:10: Array index 3 out of bounds: array is empty (in half, error 1)",
        "with file, line and column"
    );
    assert!(!test.was_told(ada, "opens") && test.items() == items, "nothing of it is done: {:?}", test.words(ada));
    assert!(record(&test).memory("test").is_none() && record(&test).timers().is_empty(), "nor remembered");
    assert_eq!((record(&test).calls_count, record(&test).errors_count), (1, 1), "it is counted");
    test.steps(1);
    assert!(notes(&test).is_empty(), "a note is of one step");
}

#[test]
fn a_function_that_keeps_failing_is_given_up_and_no_other() {
    let mut test = with(
        &["bad", "good"],
        "fn bad() { if recall(\"is_fixed\") == true { tell(who(), \"Fixed.\"); } else { loop {} } } fn good() { tell(who(), \"Well.\"); }",
    );
    let ada = test.newcomer(0, "Ada");
    let mut noted = Vec::new();
    for _ in 0..12 {
        test.types(0, "bad");
        noted.extend(notes(&test));
    }
    assert_eq!(record(&test).failures("test", "bad").in_a_row, 8, "it was called eight times");
    assert_eq!(noted.len(), 4, "after 1, 2, 4 and 8 errors: {noted:#?}");
    assert!(noted[3].contains("Too many operations") && noted[3].ends_with("it is not called any more"), "{noted:#?}");
    test.types(0, "good");
    assert!(test.was_told(ada, "Well."), "the other one is called: {:?}", test.words(ada));
    // The zone goes on with a content in which it is mended.
    let mended = content_with(
        &[("triggers: [", &commands(&["bad", "good"]))],
        &[("scripts/test.rhai", "fn bad() { tell(who(), \"Mended.\"); } fn good() { }")],
    );
    let pack = Zone::content(&setup(), &mended).expect("the yard is there");
    test.shard.world_mut().resource_mut::<Rules>().content = Arc::clone(pack.content());
    test.types(0, "bad");
    assert!(test.was_told(ada, "Mended."), "on another content it is called again: {:?}", test.words(ada));
}

#[test]
fn a_step_has_so_many_operations_and_no_more() {
    let busy = "fn busy() { for i in 0..500 { } tell(who(), \"Done.\"); after(100, \"busy\"); after(100, \"busy\"); }";
    let mut test = with(&["busy"], busy);
    test.newcomer(0, "Ada");
    for _ in 0..12 {
        test.types(0, "busy");
        let before = record(&test).operations;
        test.step(&[]);
        assert!(record(&test).operations - before <= 20_000, "no step has more");
    }
    for _ in 0..50 {
        let before = record(&test).operations;
        test.step(&[]);
        assert!(record(&test).operations - before <= 20_000, "however many wait for their time");
        assert!(record(&test).timers().len() <= 64, "which are bounded, too");
    }
    assert!(record(&test).errors_count > 0, "who asks for more than may wait fails");
}

#[test]
fn whoever_is_gone_is_gone_for_scripts_too() {
    let mut test = with(
        &["wait"],
        "fn wait() { after(1000, \"greet\"); } fn greet() { if who() == () { return; } tell(who(), \"Still here?\"); name(who()); }",
    );
    test.newcomer(0, "Ada");
    let grace = test.newcomer(1, "Grace");
    test.types(1, "wait");
    test.leave(1);
    assert!(test.shard.world().resource::<NetIdIndex>().entity(grace).is_none(), "she is gone");
    test.steps(12);
    assert_eq!(record(&test).errors_count, 1, "its script fails, and nothing else: {:?}", record(&test));
}

/// A minute with scripts that use everything: memory, dice, timers, spawns, errors.
const LIVELY: &str = r#"
    fn stir() {
        let n = recall("n");
        if n == () { n = 0; }
        remember("n", n + dice(6));
        if n % 5 == 0 { spawn_npc("rat", "yard", dice(3)); }
        if n % 7 == 0 { despawn_npc("rat", "yard"); }
        if n % 3 == 0 { give(who(), "old_coin"); }
        if dice(11) == 1 { n / 0; }
        after(300 + dice(900), "echo");
        announce("hall", `${n}`);
    }
    fn echo() {
        if count_npcs("rat", "yard") > 6 { despawn_npc("rat", "yard"); }
        set_flag("opened", dice(2) == 1);
        if dice(4) == 1 { after(200, "echo"); }
    }
"#;

#[test]
fn scripts_replay_to_the_same_hashes_from_any_snapshot() {
    let lively = || {
        let content = content_with(&[("triggers: [", &commands(&["stir"]))], &[("scripts/test.rhai", LIVELY)]);
        TestZone::of(content)
    };
    let mut test = lively();
    test.newcomer(0, "Ada");
    let (mut hashes, mut snapshots) = (Vec::new(), Vec::new());
    let stir = |test: &mut TestZone, number: usize| match number % 7 {
        3 => test.types_numbered(0, "stir", number as u32 + 1),
        _ => test.step(&[]),
    };
    for number in 0..400 {
        if number % 61 == 0 {
            snapshots.push((number, test.shard.snapshot()));
        }
        stir(&mut test, number);
        hashes.push(test.shard.hash());
    }
    assert!(record(&test).errors_count > 0 && record(&test).calls_count > 60, "all of it happens: {:?}", record(&test));
    for (from, snapshot) in snapshots {
        let mut other = lively();
        other.shard.restore(&snapshot).expect("a snapshot can be restored");
        for (number, hash) in hashes.iter().enumerate().skip(from) {
            stir(&mut other, number);
            assert_eq!(other.shard.hash(), *hash, "step {number} from a snapshot of {from} is the same");
        }
    }
}
