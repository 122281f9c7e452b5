//! Copies of this program that play a server and die in the middle of what they do.
//!
//! A module with a test `victim` is started as one: there [`store`] gives what it works on, anywhere else nothing.

use std::process::Command;

use hypogeum_crash::CRASH_AT;
use hypogeum_persistence::Store;

use crate::world::{Directory, open};

/// Set for a copy: where its data lies, where its database is if not there, and what it is to do.
const DATA: &str = "HYPOGEUM_TEST_VICTIM";
const URL: &str = "HYPOGEUM_TEST_VICTIM_URL";
const TASK: &str = "HYPOGEUM_TEST_VICTIM_TASK";

/// The store of a victim; `None` where this is an ordinary run of the tests.
pub(crate) fn store() -> Option<Store> {
    let data = std::env::var(DATA).ok()?;
    Some(open(data.as_ref(), std::env::var(URL).ok().as_deref()).unwrap())
}

/// What the victim was told to do.
pub(crate) fn task() -> String {
    std::env::var(TASK).unwrap()
}

/// The victim of a module, not started yet.
pub(crate) fn victim(module: &str, directory: &Directory) -> Command {
    let mut victim = Command::new(std::env::current_exe().unwrap());
    victim
        .args(["--exact", &format!("{module}::victim"), "--nocapture"])
        .env(DATA, directory.path())
        .envs(directory.url().map(|url| (URL, url)));
    victim
}

/// Starts a victim and sees it die at a crash point.
pub(crate) fn dies_at(point: &str, module: &str, task: &str, directory: &Directory) {
    let died = victim(module, directory).env(TASK, task).env(CRASH_AT, point).output().unwrap();
    let said = String::from_utf8_lossy(&died.stderr).into_owned();
    assert!(said.contains(&format!("crash point {point}")), "it dies there: {said}");
}
