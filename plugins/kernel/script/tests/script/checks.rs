//! What is found before a script runs.

use hypogeum_script::{Kind, Script};

use crate::facts::compile;

#[track_caller]
fn faults(source: &str, expected: &[&str]) {
    let found: Vec<String> = match Script::compile(source) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .into_iter()
            .map(|fault| {
                let hint = fault.hint.map_or_else(String::new, |hint| format!(" ({hint})"));
                format!(
                    "{}:{}: {}, found {}, expected {}{hint}",
                    fault.line, fault.column, fault.what, fault.found, fault.expected
                )
            })
            .collect(),
    };
    assert_eq!(found, expected, "{source}");
}

#[test]
fn what_is_no_script() {
    faults("fn main() {\n  let = 3;\n}", &["2:7: not a script, found Expecting name of a variable, expected Rhai"]);
    faults("fn main() {\n  x + 1\n}", &["2:3: not a script, found Undefined variable: x, expected Rhai"]);
    faults(
        "let a = 1;\nfn main() {}",
        &["1:1: statement outside of a function, found one, expected functions only: nothing runs by itself"],
    );
}

#[test]
fn functions_that_are_not_there() {
    faults(
        "fn main() {\n  anounce(\"hall\", \"Hear!\");\n  greet(1);\n  helper();\n}\nfn greet(a, b) {}\nfn helper() { sleep(1) }",
        &[
            "2:3: unknown function, found \"anounce\", expected a function of this script, or one that the guide lists (did you mean \"announce\"?)",
            "3:3: wrong number of arguments, found 1, expected 2 for \"greet\"",
            "7:15: unknown function, found \"sleep\", expected a function of this script, or one that the guide lists (did you mean \"sleep\"?)",
        ]
        .map(|line| line.trim_end_matches(" (did you mean \"sleep\"?)")),
    );
    faults("fn main() { tell(\"Hear!\") }", &["1:13: wrong number of arguments, found 1, expected 2 for \"tell\""]);
    faults(
        "fn main() { after(100, \"mian\") }",
        &[
            "1:24: unknown function, found \"mian\", expected a function of this script without parameters (did you mean \"main\"?)",
        ],
    );
    faults("fn tell(a, b) { }", &["1:1: name of another function, found \"tell\", expected a name of its own"]);
    for body in [
        "exit()",
        "timestamp()",
        "parse_json(\"1\")",
        "[1].map(\"f\")",
        "\"a\".replace(\"a\", \"b\")",
        "get_fn_metadata_list()",
        "1.set_tag(2)",
        "rand()",
        "open_file(\"a\")",
    ] {
        let faults = Script::compile(&format!("fn main() {{ {body} }}")).expect_err(body);
        assert!(faults.iter().any(|fault| fault.what == "unknown function"), "{body}: {faults:?}");
    }
    for body in [
        "eval(\"1\")",
        "print(1)",
        "debug(1)",
        "Fn(\"main\")",
        "call(1)",
        "let f = |x| x;",
        "import \"a\" as b;",
        "1.5",
        "let x = this; x.call()",
    ] {
        assert!(Script::compile(&format!("fn main() {{ {body} }}")).is_err(), "{body} is no part of the language");
    }
}

#[test]
fn texts_are_known_for_what_they_are() {
    let script = compile(
        "fn main() {\n  spawn_npc(\"wolf\", \"yard\", 2);\n  let door = \"oak\";\n  open(door);\n  1.tell(\"Hear!\");\n}",
    );
    let literals: Vec<(u32, u32, &str, Option<Kind>)> =
        script.literals().iter().map(|one| (one.line, one.column, one.text.as_str(), one.kind)).collect();
    let expected = [
        (2, 13, "wolf", Some(Kind::Npc)),
        (2, 21, "yard", Some(Kind::Room)),
        (3, 14, "oak", None),
        (5, 10, "Hear!", Some(Kind::Words)),
    ];
    assert_eq!(literals, expected, "by the functions they are handed to");
    assert_eq!(*script.entries(), ["main".to_owned()], "and functions by their names");
}

#[test]
fn line_ends_of_other_systems_change_nothing() {
    assert_eq!(compile("fn a() {\r\n}\r\n").source(), compile("fn a() {\n}\n").source(), "they are ours then");
}
