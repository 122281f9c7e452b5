//! How soon a server is back that was killed with ten thousand players in one world: the real binary, real sockets, bots.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::figure;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
const PLAYERS: usize = 10_000;
const GOAL_S: f64 = 5.0;
/// Segments that are complete before the plug is pulled: three times ten seconds of play.
const SEGMENTS: usize = 3;
/// Nearly as long as from one snapshot to the next: so much must be played again, which is the worst that can happen.
const SINCE_SNAPSHOT: Duration = Duration::from_secs(9);
/// Only a backstop.
const PATIENCE: Duration = Duration::from_secs(180);

pub(crate) fn measure() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(data.path());
    println!("serving after {:.2} s", server.ready_s);
    let mut bots = Command::new(BINARY)
        .args(["bots", "--server", &server.url, "--count", &PLAYERS.to_string(), "--seconds", "600", "--json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("bots can be run");
    let running = data.path().join("journal/running");
    let began = Instant::now();
    while packed(&running) < SEGMENTS {
        assert!(began.elapsed() < PATIENCE, "ten thousand play for a while");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(SINCE_SNAPSHOT);
    server.child.kill().expect("the plug can be pulled");
    server.child.wait().expect("a child can be waited for");
    bots.kill().expect("the bots can be sent away");
    bots.wait().expect("a child can be waited for");

    let mut again = Server::start(data.path());
    let summary = again.recovered.clone().expect("it says what it recovered");
    println!("{summary}");
    assert!(summary.contains("resumed match 1"), "the match goes on");
    figure("recovery_s", PLAYERS, again.ready_s, Some(GOAL_S));
    again.child.kill().expect("the server can be ended");
    again.child.wait().expect("a child can be waited for");
}

struct Server {
    child: Child,
    url: String,
    ready_s: f64,
    recovered: Option<String>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let began = Instant::now();
        let mut child = Command::new(BINARY)
            .arg("serve")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("HYPOGEUM_SERVER__DATA_DIR", data)
            .env("HYPOGEUM_UDP__LISTEN", "127.0.0.1:0")
            .env("HYPOGEUM_HTTP__LISTEN", "127.0.0.1:0")
            .env("HYPOGEUM_LOG__FILTER", "warn")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server can be run");
        let mut lines = BufReader::new(child.stderr.take().expect("standard error is piped")).lines();
        let mut recovered = None;
        for line in lines.by_ref() {
            let line = line.expect("the server says something");
            if line.starts_with("recovered: ") {
                recovered = Some(line);
            } else if let Some((_, url)) = line.split_once(", accounts on ") {
                let (url, ready_s) = (url.to_owned(), began.elapsed().as_secs_f64());
                // Whatever it says later must find a reader.
                std::thread::spawn(move || lines.for_each(drop));
                return Self { child, url, ready_s, recovered };
            }
        }
        panic!("the server never got ready: {:?}", child.wait());
    }
}

/// Segments of all running matches that are complete.
fn packed(running: &Path) -> usize {
    let folders = std::fs::read_dir(running).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.filter(|file| file.path().extension().is_some_and(|ending| ending == "packed")).count()
}
