//! Full matches on the binary, with its log on, SQLite and real UDP, all its threads on the first core: which share of it they take
//! together. Those who play are bots of a process of its own, on the other cores, each with a socket.

#[path = "../harness/process.rs"]
#[allow(dead_code, reason = "shared with other benches, which use the rest")]
mod process;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hypogeum_testkit::{TestServer, http_get};
use process::{cpu_by_thread_s, others, pin};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
const MODE: &str = "extraction";
const MATCHES: usize = 6;
const PLAYERS: usize = 40;
/// How long all may take to come into their matches.
const PATIENCE: Duration = Duration::from_secs(240);
/// Whoever dies queues again, and twenty of those are one match more: it is over before that.
const WARM_UP: Duration = Duration::from_secs(5);
const PLAYED: Duration = Duration::from_secs(20);
const WANTED: f64 = 250.0;

struct Bots(Child);

impl Drop for Bots {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures, and prints the result.
pub(crate) fn run() {
    let data = tempfile::tempdir().expect("a folder");
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback")];
    let server = TestServer::start(BINARY, data.path(), &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let count = (MATCHES * PLAYERS).to_string();
    let bots = Command::new(BINARY)
        .args(["bots", "--server", &server.url, "--count", &count, "--mode", MODE, "--seconds", "600", "--no-beacons"])
        .args(["--input-hz", "30"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it is built");
    let bots = Bots(bots);
    let began = Instant::now();
    while !all_play(&status(&server)) {
        assert!(began.elapsed() < PATIENCE, "they do not come into their matches: {}", status(&server));
        std::thread::sleep(Duration::from_millis(500));
    }
    pin(server.process(), "0");
    pin(bots.0.id(), &others());
    std::thread::sleep(WARM_UP);
    let running = status(&server)["matches"]["running"].clone();
    let before = cpu_by_thread_s(server.process());
    let began = Instant::now();
    std::thread::sleep(PLAYED);
    let played_s = began.elapsed().as_secs_f64();
    let shares: Vec<(String, f64)> = cpu_by_thread_s(server.process())
        .into_iter()
        .map(|(name, spent_s)| {
            let share = (spent_s - before.get(&name).copied().unwrap_or_default()) / played_s;
            (name, share)
        })
        .collect();
    let share: f64 = shares.iter().map(|(_, share)| share).sum();
    let status = status(&server);
    assert_eq!(status["matches"]["running"], running, "they still run: {status}");
    // Ratings decide who meets whom: there may be one match more, with fewer in each.
    println!(
        "{count} players in {running} matches take {share:.3} of a core; stages of a tick: {}",
        status["ticks"]["stages"]
    );
    for (name, share) in shares.iter().filter(|(_, share)| *share >= 0.001) {
        println!("  {name}: {share:.3}");
    }
    println!("late ticks: {}; load level: {}", status["ticks"]["late"], status["ticks"]["load_level"]);
    let per_core = MATCHES as f64 / share;
    println!(
        "RESULT name=matches_per_core clients={count} ours={per_core:.1} peer=none limit={WANTED} ratio={:.4}",
        per_core / WANTED
    );
}

fn status(server: &TestServer) -> serde_json::Value {
    let (_, status) = http_get(&server.url, "/v1/status");
    serde_json::from_str(&status).expect("it is JSON")
}

/// Whether everyone is in a match that has begun.
fn all_play(status: &serde_json::Value) -> bool {
    let sessions = &status["sessions"];
    let is_none = |what: &str| sessions[what] == 0;
    sessions["all"] == MATCHES * PLAYERS && is_none("queued") && is_none("lobbies") && status["matches"]["running"] != 0
}
