//! What WebSockets cost: a client and tick in CPU beside a bare loop around epoll and beside Colyseus, and over TLS beside the
//! clear; people who do nothing, ten thousand who play, one who does not read, and reads over HTTP.
//!
//! Clients are processes of their own over real loopback sockets, so their CPU does not count. In `cost` the server is this process,
//! a thread that ticks and the edge's workers: per tick every client sends 24 bytes and is sent 600, and both sides check every byte.
//! The bare loop reads and writes as many bytes, frames' heads included, and looks at none of them. `tls` is the same over TLS 1.3
//! at both ends, and its peer is ours in the clear.
//! `idle`, `players` and `rest` start the binary.
//!
//! `-- --turn cost|tls|idle|players|slow|rest` runs one part, `ours`, `ours_tls` and `bare` one turn of a side, for a profiler;
//! `--seconds N` says for how long it is measured, `--clients N` with how many, and `-- --peer` adds Colyseus from npm to `cost`.

#[path = "../harness/mod.rs"]
mod harness;

mod colyseus;
mod colyseus_client;
mod cost;
mod idle;
mod players;
mod process;
mod reception;
mod rest;
mod server;
mod slow;
mod swarm;
mod tls;
mod traffic;

use std::path::Path;
use std::time::Duration;

use cost::{Load, Side};
use hypogeum_testkit::TestServer;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |word: &str| arguments.iter().position(|argument| argument == word).map(|at| &arguments[at + 1..]);
    // The processes of clients, which parts start.
    match (after("--swarm"), after("--idle"), after("--slow")) {
        (Some(words), ..) => return swarm::run(words),
        (_, Some(words), _) => return idle::run(words),
        (.., Some(words)) => return slow::client(words),
        _ => {}
    }
    let number = |word: &str| after(word).and_then(|words| words.first()).map(|text| text.parse().expect("a number"));
    let seconds = |usual: u64| Duration::from_secs(number("--seconds").unwrap_or(usual));
    let clients = number("--clients").map(|count| count as usize);
    let load = Load { clients: clients.unwrap_or(1_000), tick: Duration::from_millis(50), measured: seconds(3) };
    process::raise_descriptors();
    let compare = || {
        let ours = cost::compare(load);
        if after("--peer").is_some() {
            let peer = colyseus::us_per_client_tick(load);
            harness::result("websocket_us_per_client_tick_colyseus", load.clients, ours, peer);
        }
    };
    let turn = after("--turn").map(|words| words.first().map_or("", String::as_str));
    match turn {
        Some("cost") => compare(),
        Some("tls") => cost::compare_tls(load),
        Some("ours_tls") => println!("{:?}", cost::turn(Side::Tls, load)),
        Some("ours") => println!("{:?}", cost::turn(Side::Ours, load)),
        Some("bare") => println!("{:?}", cost::turn(Side::Bare, load)),
        Some("idle") => idle::measure(clients, seconds(20)),
        Some("players") => players::measure(clients, seconds(20)),
        Some("slow") => slow::measure(seconds(10)),
        Some("rest") => rest::measure(seconds(5)),
        Some(other) => {
            panic!("there is no turn {other:?}: cost, tls, ours, ours_tls, bare, idle, players, slow or rest")
        }
        None => {
            compare();
            cost::compare_tls(load);
            slow::measure(seconds(10));
            rest::measure(seconds(5));
            idle::measure(clients, seconds(20));
            players::measure(clients, seconds(20));
        }
    }
}

/// The binary, for guests who may ask as often as they like.
fn start(data: &Path, settings: &[(&str, &str)]) -> TestServer {
    let mut all = vec![("HYPOGEUM_AUTH__GUESTS", "loopback")];
    for (per_s, burst) in [
        ("HYPOGEUM_RATES__REQUESTS__PER_S", "HYPOGEUM_RATES__REQUESTS__BURST"),
        ("HYPOGEUM_RATES__GUESTS__PER_S", "HYPOGEUM_RATES__GUESTS__BURST"),
        ("HYPOGEUM_RATES__GUESTS_TOGETHER__PER_S", "HYPOGEUM_RATES__GUESTS_TOGETHER__BURST"),
        ("HYPOGEUM_RATES__ACCOUNT__PER_S", "HYPOGEUM_RATES__ACCOUNT__BURST"),
        ("HYPOGEUM_RATES__READS__PER_S", "HYPOGEUM_RATES__READS__BURST"),
        ("HYPOGEUM_RATES__LOOPBACK__PER_S", "HYPOGEUM_RATES__LOOPBACK__BURST"),
        ("HYPOGEUM_RATES__LOOPBACK_GUESTS__PER_S", "HYPOGEUM_RATES__LOOPBACK_GUESTS__BURST"),
    ] {
        all.extend([(per_s, "100000"), (burst, "100000")]);
    }
    all.extend(settings);
    TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &all)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Prints a figure that has a limit in the place of a peer.
fn limited(name: &str, clients: usize, ours: f64, limit: f64) {
    println!("RESULT name={name} clients={clients} ours={ours:.2} peer=none limit={limit} ratio={:.4}", ours / limit);
}
