//! A thousand players in one zone: what a tick of their server costs, how soon somebody who comes is inside, how soon all of it
//! is back after the plug is pulled, and what zones cost in which nobody is.
//!
//! The server is the binary, with its log on, SQLite and real sockets; the players are clients of the SDK in this process, on
//! the same cores, at a lower priority. The zone is a field of 256 rooms with 2,000 NPCs. Everyone walks, half of the time, and types a line every two
//! seconds: to fight what is near, to take what lies there, to talk, to look. There is no peer to measure beside; the limit
//! of the requirement stands in its place.

mod crowd;
mod field;

use std::path::Path;
use std::time::{Duration, Instant};

use crowd::{Crowd, percentile};
use hypogeum_testkit::{Ended, TestServer};

const PLAYERS: usize = 1_000;
const NPCS: u32 = 2_000;
/// Who enters in a second.
const ENTRIES_PER_S: usize = 200;
const PLAYED: Duration = Duration::from_secs(60);
const EMPTY_ZONES: usize = 50;
/// How long servers without players are watched.
const WATCHED: Duration = Duration::from_secs(20);

fn main() {
    raise_descriptors();
    crowded();
    empty();
}

fn crowded() {
    let folder = tempfile::tempdir().expect("a folder");
    let (assets, data) = (folder.path().join("assets"), folder.path().join("data"));
    field::write(&assets, &[("field".to_owned(), NPCS)]);
    std::fs::create_dir(&data).expect("a folder");
    let server = start(&data, &assets, true);
    let mut crowd = Crowd::connect(&server.url, PLAYERS);
    let waits = crowd.behind_the_server(|crowd| crowd.enter(ENTRIES_PER_S));
    result("zone_enter_ms_p99", percentile(&waits, 990), 150.0);
    println!("{PLAYERS} entries at {ENTRIES_PER_S} a second: p50 {:.0} ms", percentile(&waits, 500));
    let (before, ground) = (crowd.traffic(), crowd.ground_bytes());
    crowd.behind_the_server(|crowd| crowd.play(PLAYED));
    println!(
        "each player was sent {ground} bytes of the ground on entering, and {} after a minute",
        crowd.ground_bytes()
    );
    let (sent, received) = crowd.traffic();
    let per_s = |bytes: u64| bytes as f64 / PLAYED.as_secs_f64() / PLAYERS as f64;
    println!(
        "each player is sent {:.0} bytes a second, and sends {:.0}",
        per_s(received - before.1),
        per_s(sent - before.0)
    );
    println!("{} news in words were read, {} of fights", crowd.told, crowd.blows);

    let _ = server.kill();
    let began = Instant::now();
    let server = start(&data, &assets, true);
    result("zone_recovery_s", began.elapsed().as_secs_f64(), 3.0);
    println!("{}", server.log().lines().filter(|line| line.contains("recovered")).collect::<Vec<_>>().join("\n"));
    // The server that was killed cannot say how its ticks went: they play on for as long on this one.
    crowd.come_back(&server.url);
    crowd.behind_the_server(|crowd| crowd.play(PLAYED));
    let Ended { status, log } = server.terminate();
    assert!(status.success(), "the server ends in order: {log}");
    result("zone_tick_ms_p99", tick_p99(&log), 10.0);
}

fn empty() {
    let used = [0, EMPTY_ZONES].map(|zones| {
        let folder = tempfile::tempdir().expect("a folder");
        let (assets, data) = (folder.path().join("assets"), folder.path().join("data"));
        let names: Vec<(String, u32)> = (0..zones).map(|number| (format!("empty{number}"), 0)).collect();
        field::write(&assets, &names);
        std::fs::create_dir(&data).expect("a folder");
        let server = start(&data, &assets, zones > 0);
        std::thread::sleep(Duration::from_secs(3));
        let before = cpu_s(server.process());
        std::thread::sleep(WATCHED);
        let percent = (cpu_s(server.process()) - before) / WATCHED.as_secs_f64() * 100.0;
        let resident = resident_mb(server.process());
        let _ = server.terminate();
        (percent, resident)
    });
    println!("a server without zones takes {:.2} % of a core and {:.1} MB", used[0].0, used[0].1);
    result("zones_idle_cpu_percent", used[1].0 - used[0].0, 1.0);
    result("zone_idle_mb", (used[1].1 - used[0].1) / EMPTY_ZONES as f64, 2.0);
}

fn start(data: &Path, assets: &Path, is_open: bool) -> TestServer {
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [
        ("HYPOGEUM_SERVER__ASSETS_DIR", assets),
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_WORLD__OPEN", if is_open { "true" } else { "false" }),
    ];
    TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// What the server says at its end of how long its ticks took.
fn tick_p99(log: &str) -> f64 {
    let number = log.split("p99_ms=").nth(1).and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("it says how its ticks went: {log}"))
}

/// Seconds a process has spent on CPUs.
fn cpu_s(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    // User and system time, in hundredths of a second.
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_mb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
    let kib: f64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number");
    kib / 1_024.0
}

fn raise_descriptors() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("there is a limit");
    setrlimit(Resource::RLIMIT_NOFILE, most, most).expect("it can be raised as far as that");
}

fn result(name: &str, ours: f64, limit: f64) {
    println!("RESULT name={name} clients={PLAYERS} ours={ours:.2} peer={limit:.2} ratio={:.4}", ours / limit);
}
