//! What a client costs the server in CPU, ours against stock renet + renet_netcode, and how many it can hold.
//!
//! Real loopback sockets. The server is this process: one thread that ticks and, for ours, the edge's workers. The clients
//! are a child process, so their CPU does not count. Per tick every client sends 24 bytes and is sent 600; both sides check
//! every byte that arrives. Ours talks to our clients over the datagram lane, stock to stock clients over the unreliable
//! channel. Time on a CPU is the system's own account of this process.

mod server;
mod swarm;
mod traffic;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use server::{OurServer, StockServer, measured};

/// Clients both can hold; stock ends at 1,024.
const CLIENTS: usize = 1_000;
const TICK: Duration = Duration::from_millis(50);
/// Clients only ours can hold.
const MANY_CLIENTS: usize = 10_000;
/// Longer, so that the machine keeps up with both ends of so many.
const MANY_TICK: Duration = Duration::from_millis(200);
/// Turns of each side; the median counts.
const TURNS: usize = 3;
const WARM_UP: Duration = Duration::from_millis(1_000);
const MEASURED: Duration = Duration::from_millis(3_000);

/// Which of the two is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The edge of this house, and its clients.
    Ours,
    /// renet 2.0 with renet_netcode 2.0 at both ends.
    Stock,
}

/// One turn of a side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// CPU of the server's threads, in µs per client and tick.
    pub(crate) us_per_client_tick: f64,
    /// What the edge's workers had of it, the rest being the tick's.
    pub(crate) of_workers: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--swarm") {
        swarm::run(&arguments[at + 1..]);
        return;
    }
    // One turn alone, for a profiler: `-- --turn ours`, `stock` or `many`.
    if let Some(at) = arguments.iter().position(|argument| argument == "--turn") {
        let turn = match arguments.get(at + 1).map(String::as_str) {
            Some("ours") => turn(Side::Ours, CLIENTS, TICK),
            Some("stock") => turn(Side::Stock, CLIENTS, TICK),
            _ => turn(Side::Ours, MANY_CLIENTS, MANY_TICK),
        };
        println!("{turn:?}");
        return;
    }
    let (mut ours, mut stock) = (Vec::new(), Vec::new());
    for number in 1..=TURNS {
        ours.push(turn(Side::Ours, CLIENTS, TICK));
        stock.push(turn(Side::Stock, CLIENTS, TICK));
        println!(
            "turn {number}: ours {:.2} µs (workers {:.2}), stock {:.2} µs per client-tick",
            ours[number - 1].us_per_client_tick,
            ours[number - 1].of_workers,
            stock[number - 1].us_per_client_tick
        );
    }
    let many = turn(Side::Ours, MANY_CLIENTS, MANY_TICK);
    println!("{MANY_CLIENTS} clients: ours {:.2} µs (workers {:.2})", many.us_per_client_tick, many.of_workers);

    let (ours, stock) = (median(&ours), median(&stock));
    let many = many.us_per_client_tick;
    println!(
        "RESULT name=transport_us_per_client_tick clients={CLIENTS} ours={ours:.2} peer={stock:.2} ratio={:.3}",
        ours / stock
    );
    println!(
        "RESULT name=transport_clients_connected clients={MANY_CLIENTS} ours={MANY_CLIENTS} peer=1024 ratio={:.3}",
        MANY_CLIENTS as f64 / 1_024.0
    );
    // Here the peer is ours with a tenth of the clients.
    println!(
        "RESULT name=transport_us_per_client_tick_growth clients={MANY_CLIENTS} ours={many:.2} peer={ours:.2} ratio={:.3}",
        many / ours
    );
}

fn median(turns: &[Turn]) -> f64 {
    let mut costs: Vec<f64> = turns.iter().map(|turn| turn.us_per_client_tick).collect();
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}

/// Starts a server and its clients, lets them play, and checks that what was measured took place.
fn turn(side: Side, clients_count: usize, tick: Duration) -> Turn {
    let (turn, counts, swarm) = match side {
        Side::Ours => {
            let server = OurServer::bind(clients_count);
            let swarm = Swarm::start(side, server.address(), clients_count, tick);
            measured(server, swarm, clients_count, tick)
        }
        Side::Stock => {
            let server = StockServer::bind(clients_count);
            let swarm = Swarm::start(side, server.address(), clients_count, tick);
            measured(server, swarm, clients_count, tick)
        }
    };
    let expected = counts.ticks * clients_count as u64;
    let check = |what: &str, count: u64, expected: u64| {
        let share = count as f64 / expected as f64;
        assert!(share > 0.97, "{side:?}: {count} of {expected} {what} ({share:.3}): too few to speak of a cost");
    };
    check("datagrams reached the server", counts.received, expected);
    check("datagrams reached the clients", swarm.received, counts.sent);
    assert_eq!((counts.spoiled, swarm.spoiled), (0, 0), "{side:?}: every byte that arrived is the byte that was sent");
    turn
}

/// The clients' process.
pub(crate) struct Swarm {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

/// What the clients saw in all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SwarmCounts {
    received: u64,
    spoiled: u64,
}

impl Swarm {
    fn start(side: Side, server: SocketAddr, clients_count: usize, tick: Duration) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .arg("--swarm")
            .args([format!("{side:?}"), server.to_string(), clients_count.to_string(), tick.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, lines }
    }

    /// Ends the clients and hears what they saw.
    fn end(mut self) -> SwarmCounts {
        let mut input = self.child.stdin.take().expect("its input is piped");
        input.write_all(b"end\n").expect("the clients still run");
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("the clients say what they saw");
        let status = self.child.wait().expect("the clients end");
        assert!(status.success(), "the clients failed: {status}");
        let mut numbers = line.split_whitespace().map(|number| number.parse().expect("a number"));
        let mut next = || numbers.next().expect("two numbers");
        SwarmCounts { received: next(), spoiled: next() }
    }
}

impl Drop for Swarm {
    fn drop(&mut self) {
        // Only where a check failed: it has ended otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
