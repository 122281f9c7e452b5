//! A misspelt filter of the log: an error that says what was meant, where it used to silence everything.

use std::process::Command;

fn refused(filter: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hypogeum"))
        .arg("serve")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("HYPOGEUM_LOG__FILTER", filter)
        .output()
        .expect("the binary can be run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{filter} is no filter: {said}");
    said
}

#[test]
fn a_word_that_is_no_level_is_refused_with_the_level_that_was_meant() {
    for (filter, meant) in
        [("inof", "`info`"), ("inf,,o=1", "`info`"), ("info,hypogeum_udp=dbug", "`hypogeum_udp=debug`")]
    {
        let said = refused(filter);
        assert!(said.contains(&format!("did you mean {meant}?")), "{filter}: {said}");
    }
}
