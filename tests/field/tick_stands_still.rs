//! A tick that does not end is seen from outside: a balancer stops sending people to a server that serves nobody.

use std::fs;
use std::process::{Command, Stdio};

use crate::files::{Readiness, TestFiles, until_readiness};

/// Longer than a tick may take to be taken for one that stands.
const DELAY: &str = "inject=futex:delay_exit=6000000:when=3";

#[test]
fn readiness_names_a_tick_that_stands_and_recovers_with_it() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    until_readiness(&server.url, &Readiness::ready());
    let tasks = format!("/proc/{}/task", server.process());
    let tick = fs::read_dir(&tasks).expect("the server runs").find_map(|task| {
        let task = task.expect("a thread can be listed").file_name().into_string().expect("a number");
        let name = fs::read_to_string(format!("{tasks}/{task}/comm")).unwrap_or_default();
        (name.trim() == "tick").then_some(task)
    });
    let tick = tick.expect("one thread is called after what it does");
    let mut strace = Command::new("strace");
    strace.args(["-qq", "-o", "/dev/null", "-e", "trace=futex", "-e", DELAY, "-p", &tick]);
    let strace = strace.stdin(Stdio::null()).stderr(Stdio::inherit()).spawn();
    let mut strace = strace.unwrap_or_else(|error| panic!("strace is needed (Debian: strace): {error}"));
    until_readiness(&server.url, &Readiness::unready("tick"));
    until_readiness(&server.url, &Readiness::ready());
    let _ = strace.kill();
    let _ = strace.wait();
    let log = server.log();
    assert!(log.contains("ticks have stalled") && log.contains("ticks are running again"), "both are logged: {log}");
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
}
