//! Whatever a script does, it ends.

use hypogeum_script::limits::OPERATIONS_MAX;
use hypogeum_script::{Memory, Script};

use crate::facts::run;

/// Each ends with an error that says something like this.
#[track_caller]
fn ends(body: &str, expected: &str) {
    let source = format!("fn main() {{ set_flag(\"left\", true); remember(\"left\", 1); {body} }}\n{MORE}");
    let outcome = run(&source, Memory::default());
    assert!(outcome.operations <= OPERATIONS_MAX, "{body}: no more operations than one may have");
    let error = outcome.result.expect_err(body).to_string();
    assert!(error.contains(expected), "{body}: {error}");
}

const MORE: &str =
    "fn down(n) { down(n + 1) } fn fork(n) { fork(n + 1); fork(n + 1) } fn deep() { try { loop {} } catch { } }";

#[test]
fn what_never_ends_is_ended() {
    for body in
        ["loop {}", "while true { let a = 1; }", "for i in 0..1000000000 {}", "let x = 0; do { x += 1 } until x < 0;"]
    {
        ends(body, "Too many operations");
    }
    ends("down(0)", "Stack overflow");
    ends("fork(0)", "Stack overflow");
}

#[test]
fn nothing_grows_without_end() {
    ends("let a = \"x\"; loop { a += a; }", "Length of string too large");
    ends("let a = []; loop { a.push(1); }", "Size of array/BLOB too large");
    ends("let a = [1]; loop { a += a; }", "Size of array/BLOB too large");
    ends("let a = []; loop { a = [a, a]; }", "too large");
    ends("let m = #{}; let n = 0; loop { m[`k${n}`] = n; n += 1; }", "Too many operations");
    ends("let m = #{}; loop { m = #{a: m, b: m}; }", "too large");
    ends(&(0..80).map(|n| format!("let v{n} = {n};")).collect::<String>(), "Too many variables");
    ends("let n = 0; loop { remember(`k${n}`, n); n += 1; }", "at most 32 things are remembered");
    ends(
        "let a = \"xxxxxxxxxx\"; a += a; a += a; a += a; a += a; a += a; remember(\"a\", a);",
        "too long to be remembered",
    );
}

#[test]
fn one_asks_and_wants_so_much_and_no_more() {
    ends("loop { tell(1, \"again\") }", "more is wanted than one call may want");
    ends("loop { name(1) }", "more is asked of the world");
    ends("loop { players(\"square\") }", "more is asked of the world");
    ends(
        "for i in 0..100 { try { name(1); count_npcs(\"wolf\", \"yard\"); } catch { } }",
        "more is asked of the world",
    );
    ends("for i in 0..100 { try { tell(1, \"again\"); } catch { } }", "more is wanted than one call may want");
}

#[test]
fn a_script_that_catches_its_end_is_no_better_off() {
    ends("deep(); deep(); loop {}", "Too many operations");
    let caught = run(
        "fn main() { deep(); } fn deep() { try { loop {} } catch { set_flag(\"left\", true) } }",
        Memory::default(),
    );
    assert!(caught.result.is_err(), "who has used up all its operations has done nothing: {:?}", caught.result);
}

#[test]
fn what_is_too_deep_or_too_long_is_no_script() {
    let deep = format!("fn main() {{ let a = {}1{}; }}", "(".repeat(500), ")".repeat(500));
    assert!(Script::compile(&deep).is_err(), "expressions in expressions");
    let blocks = format!("fn main() {{ {} {} }}", "{".repeat(2_000), "}".repeat(2_000));
    assert!(Script::compile(&blocks).is_err(), "blocks in blocks");
    assert!(Script::compile(&"fn a() {}\n".repeat(7_000)).is_err(), "more bytes than a script has");
    let many: String = (0..65).map(|n| format!("fn f{n}() {{}}\n")).collect();
    assert!(Script::compile(&many).is_err(), "more functions than a script has");
}
