//! Many bots, and a server that is stopped while they play.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_testkit::http_get;
use serde_json::Value;

use crate::files::{BINARY, Readiness, TestFiles};

/// After so long without its matches a crowd has failed; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often the server is asked whether it is ready.
const POLL: Duration = Duration::from_millis(100);

/// Bots, gone with the test.
struct Crowd(Child);

impl Crowd {
    fn enter(url: &str, count: usize, mode: &str) -> Self {
        let mut bots = Command::new(BINARY);
        bots.args([
            "bots",
            "--server",
            url,
            "--count",
            &count.to_string(),
            "--mode",
            mode,
            "--seconds",
            "3600",
            "--json",
        ]);
        Self(bots.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("bots can be started"))
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // They may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Matches that run or are over, as the server counts them.
fn matches_begun(url: &str) -> u64 {
    let (_, status) = http_get(url, "/v1/status");
    let status: Value = serde_json::from_str(&status).expect("the status is JSON");
    let count = |what: &str| status["matches"][what].as_u64().expect("it counts matches");
    count("running") + count("settled")
}

/// `count` bots play `matches` matches of that mode, and the server is stopped: it is ready until then, undoes or
/// suspends all of it, and ends in order.
pub(crate) fn ends_in_order(count: usize, mode: &str, matches: usize) {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let crowd = Crowd::enter(&server.url, count, mode);
    let since = Instant::now();
    while matches_begun(&server.url) < matches as u64 {
        assert_eq!(Readiness::of(&server.url), Readiness::ready(), "newcomers are admitted: {}", server.log());
        assert!(since.elapsed() < PATIENCE, "waited in vain for {matches} matches: {}", server.log());
        thread::sleep(POLL);
    }
    let ended = server.terminate();
    drop(crowd);
    assert!(ended.status.success(), "exit code: {}", ended.log);
    assert!(!ended.log.contains("not everything was settled"), "all of it is done in time: {}", ended.log);
    assert!(!ended.log.contains("requests to the store fail"), "the store is never behind: {}", ended.log);
    let lines = ended.log.lines().count();
    assert!(lines <= 100, "{lines} lines are more than anyone reads: {}", ended.log);
    let store = files.store(None);
    // A match in which somebody was promised that it got out is not undone: it goes on at the next start, and has its log.
    let suspended = store.unfinished();
    for match_id in &suspended {
        let log = files.data().join(format!("journal/running/{match_id}"));
        assert!(log.exists(), "match {match_id} can go on");
    }
    let audit = store.audit().expect("the database can be looked into");
    assert!(audit.is_sound(), "the books are right: {audit}");
    let is_home = !audit.items.contains_key("escrow");
    assert!(is_home || !suspended.is_empty(), "everything is in the stashes but what goes on: {audit}");
    assert!(audit.matches.values().sum::<u64>() >= matches as u64, "all of it was played: {audit}");
}
