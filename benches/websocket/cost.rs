//! What a client costs a server per tick: ours, ours over TLS, and a bare loop that reads and writes as many bytes.

use std::time::{Duration, Instant};

use hypogeum_testkit::TestAuthority;

use crate::harness;
use crate::process::own_cpu_s;
use crate::server::{BareServer, Counts, OurServer, Server};
use crate::swarm::{Speaks, Swarm};

/// What the clients do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// How many there are.
    pub(crate) clients: usize,
    /// How often each sends, and is sent to.
    pub(crate) tick: Duration,
    /// For how long that is measured.
    pub(crate) measured: Duration,
}

/// Which server is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The edge of this house, and its clients.
    Ours,
    /// The same over TLS 1.3. The clients' handshakes are over when it is measured.
    Tls,
    /// A loop around epoll, and clients that speak no protocol either.
    Bare,
}

const WARM_UP: Duration = Duration::from_millis(1_000);
/// The longest all clients may take to connect.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of what is sent so much must arrive, or the cost is one of something else.
const SHARE_MIN: f64 = 0.9;
/// Turns of each side; the median counts.
const TURNS: usize = 3;

/// One turn of a side, in µs per client and tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// CPU of the server's threads.
    pub(crate) us_per_client_tick: f64,
    /// What others than the thread that ticks had of it: the edge's workers.
    pub(crate) of_workers: f64,
    /// Age of what clients were sent when they read it; 0 where nobody can tell.
    pub(crate) age_us_p99: u64,
}

/// Ours and a bare loop. Returns ours, for other comparisons.
pub(crate) fn compare(load: Load) -> f64 {
    let (ours, bare) = by_turns((Side::Ours, "ours"), (Side::Bare, "a bare loop"), load);
    harness::result("websocket_us_per_client_tick", load.clients, ours, bare);
    ours
}

/// Ours over TLS, and ours in the clear.
pub(crate) fn compare_tls(load: Load) {
    let (tls, clear) = by_turns((Side::Tls, "over TLS"), (Side::Ours, "in the clear"), load);
    harness::result("websocket_us_per_client_tick_tls", load.clients, tls, clear);
}

/// A side and its peer by turns; the median of each.
fn by_turns((side, name): (Side, &str), (peer, peer_name): (Side, &str), load: Load) -> (f64, f64) {
    let (mut of_side, mut of_peer) = (Vec::new(), Vec::new());
    for number in 1..=TURNS {
        let (our, other) = (turn(side, load), turn(peer, load));
        println!(
            "turn {number}: {name} {:.2} µs (workers {:.2}), {peer_name} {:.2} µs per client-tick; state is read after {} µs (p99)",
            our.us_per_client_tick, our.of_workers, other.us_per_client_tick, our.age_us_p99
        );
        of_side.push(our.us_per_client_tick);
        of_peer.push(other.us_per_client_tick);
    }
    (harness::median(of_side), harness::median(of_peer))
}

/// One turn that took place as it should. On a machine busy with something else clients may come late: then again.
pub(crate) fn turn(side: Side, load: Load) -> Turn {
    for _ in 0..2 {
        match attempt(side, load) {
            Ok(turn) => return turn,
            Err(shortfall) => println!("{side:?}, again: {shortfall}"),
        }
    }
    attempt(side, load).unwrap_or_else(|shortfall| panic!("{side:?}: {shortfall}, three times in a row"))
}

fn attempt(side: Side, load: Load) -> Result<Turn, String> {
    match side {
        Side::Ours => measured(OurServer::start(load.clients), Speaks::WebSocket, load),
        Side::Tls => {
            let authority = TestAuthority::default();
            // Sessions can be resumed as those of the gateway: neither changes what rustls does by itself.
            let server = OurServer::start_tls(authority.server(), load.clients);
            measured(server, Speaks::Tls(authority.pem()), load)
        }
        Side::Bare => measured(BareServer::start(), Speaks::Nothing, load),
    }
}

/// Lets a server tick for as long as `goes_on` says.
pub(crate) fn play(
    server: &mut dyn Server,
    (sequence, tick): (&mut u32, Duration),
    counts: &mut Counts,
    goes_on: &mut dyn FnMut(&dyn Server) -> bool,
) {
    let mut deadline = Instant::now();
    while goes_on(server) {
        *sequence += 1;
        server.tick(*sequence, counts);
        counts.ticks += 1;
        deadline = Instant::now().max(deadline + tick);
        server.rest(deadline, counts);
    }
}

/// Plays until so many are connected.
pub(crate) fn gather(server: &mut dyn Server, clock: (&mut u32, Duration), counts: &mut Counts, clients: usize) {
    let started = Instant::now();
    play(server, clock, counts, &mut |server| {
        let connected = server.connected();
        assert!(started.elapsed() < PATIENCE, "{connected} of {clients} clients are connected after {PATIENCE:?}");
        connected < clients
    });
}

/// Waits for all clients, lets them play, and takes the time of this process's threads.
fn measured(mut server: impl Server, speaks: Speaks, load: Load) -> Result<Turn, String> {
    let swarm = Swarm::start(speaks, &server.address().to_string(), (1, load.clients), load.tick);
    let (mut sequence, mut counts) = (0, Counts::default());
    gather(&mut server, (&mut sequence, load.tick), &mut counts, load.clients);
    let started = Instant::now();
    play(&mut server, (&mut sequence, load.tick), &mut counts, &mut |_| started.elapsed() < WARM_UP);
    let sent_before = counts.sent;
    counts = Counts::default();
    let (before, started) = ((own_cpu_s(), harness::thread_time()), Instant::now());
    play(&mut server, (&mut sequence, load.tick), &mut counts, &mut |_| started.elapsed() < load.measured);
    let (all, ticking) = (own_cpu_s() - before.0, (harness::thread_time() - before.1).as_secs_f64());
    let saw = swarm.end();
    assert_eq!((counts.spoiled, saw.spoiled), (0, 0), "every byte that arrived is the byte that was sent");
    let check = |what: &str, count: u64, expected: u64| {
        let share = count as f64 / expected as f64;
        if share > SHARE_MIN { Ok(()) } else { Err(format!("{count} of {expected} frames reached the {what}")) }
    };
    check("server", counts.received, counts.ticks * load.clients as u64)?;
    // The clients count everything from the first frame to the last.
    check("clients", saw.received, sent_before + counts.sent)?;
    let client_ticks = (counts.ticks * load.clients as u64) as f64;
    Ok(Turn {
        us_per_client_tick: all * 1e6 / client_ticks,
        of_workers: (all - ticking) * 1e6 / client_ticks,
        age_us_p99: saw.age_us_p99,
    })
}
