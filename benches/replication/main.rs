//! What it costs to send a client one entity it sees, ours against bevy_replicon, and how many bytes that takes.
//!
//! First the peer's own shape: 20 and 100 clients who see all of 1,000 entities, which all move in every tick. Then what
//! only ours is asked for: 10,000 clients in a world of 10,000, each shown the hundred around it. Measured is, on one
//! thread, everything between a step of the world and datagrams ready to be sent: gathering the world, learning what has
//! arrived, and a datagram for every client in every tick; the step itself is not. Acks come three ticks late. Every tick a
//! few clients are read as a client reads them: each must hold exactly what stands in its cells, exactly where it stands.
//!
//! The peer runs in a process of its own (`benches/peer`), replicates three components of which two change in every tick,
//! and is measured over the server's update, which reads acks too. Both sides are one thread's CPU time.
//!
//! One turn alone, for a profiler: `-- --turn CLIENTS [TICKS]`.

#[path = "../harness/mod.rs"]
mod harness;

mod eyes;
mod ours;
mod peer;

use harness::{median, result};
use ours::{Shape, Turn, turn};
use peer::Peer;

/// Turns of each side; the median counts.
const TURNS: usize = 5;
/// Ticks of one turn. The peer's are dearer.
const TICKS: u32 = 200;
const PEER_TICKS: u32 = 20;
/// A crowd's are dear for either.
const MANY_TICKS: u32 = 60;
/// What a record may take on average, in bytes.
const BYTES_GOAL: f64 = 5.0;
/// What the crowd may take for each client and entity, in nanoseconds.
const NS_GOAL: f64 = 5.0;

fn shape(clients: usize) -> Shape {
    if clients > 1_000 { Shape::crowd(clients) } else { Shape::all_visible(clients, 1_000) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--turn") {
        let number = |at: usize| arguments.get(at).and_then(|number| number.parse().ok());
        let (clients, ticks) = (number(at + 1).unwrap_or(10_000), number(at + 2).unwrap_or(MANY_TICKS as usize));
        report(clients, &turn(shape(clients), ticks as u32));
        return;
    }
    let mut peer = Peer::start();
    let mut results = Vec::new();
    for clients in [20, 100] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let one = turn(shape(clients), TICKS);
            let other = peer.turn(clients, PEER_TICKS);
            report(clients, &one);
            println!("  peer: {:.1} ns for each client and entity, {:.2} bytes", other.ns, other.bytes);
            ours.push(one);
            theirs.push(other);
        }
        results.push((clients, middle(&ours), median(theirs.iter().map(|turn| turn.ns).collect()), theirs[0].bytes));
    }
    let many: Vec<Turn> = (0..3).map(|_| turn(shape(10_000), MANY_TICKS)).collect();
    many.iter().for_each(|turn| report(10_000, turn));

    for (clients, (ns, bytes), peer_ns, peer_bytes) in results {
        result("replication_ns_per_client_entity", clients, ns, peer_ns);
        result("bytes_per_entity", clients, bytes, peer_bytes);
    }
    // Here the peers are the goals: the other side has no interest management to compare with.
    let (ns, bytes) = middle(&many);
    result("replication_ns_per_client_entity", 10_000, ns, NS_GOAL);
    result("bytes_per_entity", 10_000, bytes, BYTES_GOAL);
}

fn middle(turns: &[Turn]) -> (f64, f64) {
    let of = |number: fn(&Turn) -> f64| median(turns.iter().map(number).collect());
    (of(|turn| turn.ns), of(|turn| turn.bytes))
}

fn report(clients: usize, turn: &Turn) {
    println!(
        "{clients} clients: {:.2} ns for each client and entity (gathering {:.2}), {:.2} bytes, {:.1} visible, {:.0} bytes a datagram",
        turn.ns, turn.gathering_ns, turn.bytes, turn.visible, turn.datagram_bytes
    );
}
