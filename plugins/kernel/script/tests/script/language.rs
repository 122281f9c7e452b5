//! What can be asked and wanted.

use hypogeum_script::{Intent, Memory, Value};

use crate::facts::{compile, result, run, told};

#[test]
fn the_world_is_asked() {
    assert_eq!(told("tell(who(), `${name(who())} of level ${level(who())}`)"), "Ada of level 3", "people");
    assert_eq!(
        told("let p = who(); tell(p, `${hp(p)} of ${hp_max(p)} in ${room_of(p)}, ${room()}`)"),
        "70 of 90 in hall, hall",
        "more of them"
    );
    assert_eq!(told("for p in players(\"yard\") { tell(who(), name(p)) }"), "Grace", "who is in a room");
    assert_eq!(told("tell(1, `${count_players(\"yard\")} ${count_npcs(\"wolf\", \"yard\")}`)"), "1 2", "how many are");
    assert_eq!(
        told("tell(1, `${flag(\"is_set\")} ${door(\"oak\")} ${hour()} ${carries(1, \"coin\")}`)"),
        "true closed 7 true",
        "things"
    );
    assert_eq!(told("tell(1, `${dice(6)} ${dice(6)} ${dice(1)}`)"), "2 3 1", "dice");
    assert_eq!(
        told("if words().contains(\"dawn\") { tell(1, words().to_upper()) }"),
        "THE DAWN",
        "words are taken apart"
    );
    assert_eq!(
        told("let list = [3, 1]; list.push(2); let m = #{a: 1}; m.b = list; tell(1, `${m.b.len()} ${m.keys()[1]}`)"),
        "3 b",
        "lists and maps"
    );
}

#[test]
fn what_is_wanted_comes_in_its_order() {
    let intents = result(
        r#"fn main() {
            open("oak"); close("oak"); lock("oak");
            spawn_npc("wolf", "yard", 2); despawn_npc("wolf", "yard");
            give(1, "coin"); take(1, "coin"); effect(1, "chill"); teleport(1, "yard"); start_hazard("gas", "yard");
            set_flag("done", true); announce("hall", " Hear! "); after(1500, "later");
        }
        fn later() { tell(who(), "Now.") }"#,
    );
    let text = |text: &str| text.to_owned();
    let expected = vec![
        Intent::Open { door: text("oak") },
        Intent::Close { door: text("oak") },
        Intent::Lock { door: text("oak") },
        Intent::Spawn { npc: text("wolf"), room: text("yard"), count: 2 },
        Intent::Despawn { npc: text("wolf"), room: text("yard") },
        Intent::Give { who: 1, item: text("coin") },
        Intent::Take { who: 1, item: text("coin") },
        Intent::Effect { who: 1, effect: text("chill") },
        Intent::Teleport { who: 1, room: text("yard") },
        Intent::StartHazard { hazard: text("gas"), room: text("yard") },
        Intent::SetFlag { flag: text("done"), is_set: true },
        Intent::Announce { room: text("hall"), words: text("Hear!"), of: None },
        Intent::After { ms: 1_500, function: text("later") },
    ];
    assert_eq!(intents, Ok(expected), "all of it");
}

#[test]
fn something_is_remembered_from_call_to_call() {
    let source = r#"fn main() {
        let count = recall("count");
        if count == () { count = 0; }
        remember("count", count + 1);
        remember("last", name(who()));
        remember("odd", count % 2 == 0);
        if count == 2 { remember("last", ()); }
    }"#;
    let mut memory = Memory::default();
    for _ in 0..3 {
        memory = run(source, memory).result.expect("it runs").1;
    }
    assert_eq!(memory.value("count"), Some(&Value::Number(3)), "a number");
    assert_eq!(memory.value("odd"), Some(&Value::Truth(true)), "a truth");
    assert_eq!(memory.value("last"), None, "and what is forgotten is gone");
}

#[test]
fn an_error_says_where_and_nothing_counts() {
    for (source, expected) in [
        ("fn main() {\n    open(\"oak\");\n    spawn_npc(\"bear\", \"yard\", 1);\n}", "3:5: there is no NPC \"bear\""),
        ("fn main() {\n    remember(\"a\", 1);\n    tell(7_000_000_000, \"a\");\n}", "3:5: 7000000000 is nobody"),
        ("fn main() { help(3) }\nfn help(x) {\n  x / 0\n}", "3:5: Division by zero: 3 / 0"),
        ("fn main() { start_hazard(\"storm\", \"yard\") }", "1:13: there is no hazard for a room \"storm\""),
        ("fn main() { throw \"no\" }", "1:13: no"),
        ("fn main() { tell(1, \"\") }", "1:13: there are no words to tell"),
        ("fn main() { name(3) }", "1:13: 3 is not here any more"),
        ("fn main() { spawn_npc(\"wolf\", \"yard\", 17) }", "1:13: a count is 17, 1 to 16 are allowed"),
        ("fn main() { let a = [1]; a[5] }", "1:28: Array index 5 out of bounds: only 1 element in array"),
    ] {
        let outcome = run(source, Memory::default());
        assert_eq!(outcome.result.map_err(|error| error.to_string()), Err(expected.to_owned()), "{source}");
    }
}

#[test]
fn a_script_can_be_run_from_many_threads() {
    let script = compile("fn main() { let sum = 0; for i in 0..100 { sum += i; } tell(1, `${sum}`); }");
    let alone = run(script.source(), Memory::default()).operations;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let again = run(script.source(), Memory::default());
                assert_eq!(again.operations, alone, "operations are counted for each call alone");
                assert!(again.result.is_ok(), "it runs");
            });
        }
    });
}
