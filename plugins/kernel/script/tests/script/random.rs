//! Whatever somebody writes, nothing panics, and nothing takes more than it may.

use hypogeum_script::limits::{INTENTS_MAX, OPERATIONS_MAX};
use hypogeum_script::{Memory, Script};
use proptest::prelude::*;

use crate::facts::run;

const PIECES: [&str; 64] = [
    "fn main() {",
    "}",
    "let a = 1;",
    "let b = [];",
    "let c = #{};",
    "a",
    "b",
    "c",
    "a += a;",
    "b.push(a);",
    "b += b;",
    "c[`k${a}`] = b;",
    "loop {",
    "while a < 9 {",
    "for i in 0..a {",
    "for p in players(\"square\") {",
    "if a > 2 {",
    "} else {",
    "break;",
    "continue;",
    "return;",
    "throw a;",
    "try {",
    "} catch (e) {",
    "main();",
    "other(a)",
    "fn other(x) {",
    "x * x",
    "\"x\"",
    "a = \"x\";",
    "a = `${a}${a}`;",
    "a = [a, a];",
    "a = #{a: a, b: a};",
    "tell(who(), \"hi\");",
    "tell(who(), `${a}`);",
    "remember(\"k\", a);",
    "a = recall(\"k\");",
    "open(\"oak\");",
    "spawn_npc(\"wolf\", \"yard\", dice(9));",
    "after(1000, \"main\");",
    "name(a)",
    "hp(dice(3))",
    "a.len()",
    "b.pop()",
    "b.insert(0, a);",
    "b.reverse();",
    "a.sub_string(1)",
    "a.trim();",
    "(",
    ")",
    "[",
    "]",
    "{",
    "-",
    "*",
    "<<",
    "**",
    "/ 0",
    "%",
    "9223372036854775807",
    "as",
    "switch a { 1 => 2, _ => 3 }",
    "// ",
    "\n",
];

/// Pieces of a script, put together at random but between braces that fit.
fn body() -> impl Strategy<Value = String> {
    let closed = prop::collection::vec(0..PIECES.len(), 0..24).prop_map(|pieces| {
        let mut body = String::new();
        let mut open = 0_i32;
        for piece in pieces.into_iter().map(|piece| PIECES[piece]).filter(|piece| !piece.contains("fn ")) {
            let by = piece.matches('{').count() as i32 - piece.matches('}').count() as i32;
            if open + by < 0 || piece.starts_with('}') && open == 0 {
                continue;
            }
            open += by;
            body.push_str(piece);
            body.push(' ');
        }
        body + "}".repeat(usize::try_from(open).unwrap_or(0)).as_str()
    });
    closed.boxed()
}

#[track_caller]
fn holds(source: &str) -> bool {
    if Script::compile(source).is_err() {
        return false;
    }
    let outcome = run(source, Memory::default());
    assert!(outcome.operations <= OPERATIONS_MAX, "no more operations than a call may have");
    if let Ok((intents, _)) = &outcome.result {
        assert!(intents.len() <= INTENTS_MAX, "no more intents than a call may have");
    }
    let again = run(source, Memory::default());
    assert_eq!(again.operations, outcome.operations, "and the same each time");
    assert_eq!(again.result, outcome.result, "with the same result");
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_do_no_harm(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let source: String = pieces.into_iter().map(|piece| format!("{} ", PIECES[piece])).collect();
        holds(&source);
    }

    #[test]
    fn bodies_that_often_run_do_no_harm(body in body()) {
        holds(&format!("fn main() {{ let a = 1; let b = []; let c = #{{}}; {body} }} fn other(x) {{ x * x }}"));
    }

    #[test]
    fn any_text_does_no_harm(source in "\\PC{0,200}", inside in any::<bool>()) {
        holds(&if inside { format!("fn main() {{ {source} }}") } else { source });
    }
}
