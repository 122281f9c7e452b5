//! One client that stops reading, among others who do not: what it takes of memory, how soon it sees what is new once it
//! reads again, and what the others notice.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use hypogeum_client::{Wire, WireState};

use crate::cost::{gather, play};
use crate::process::resident_kb;
use crate::server::{Counts, OurServer, Server};
use crate::swarm::{OurPlayer, Player, Speaks, Swarm, ending};
use crate::traffic::{self, DOWN_BYTES, now_ns};
use crate::{harness, limited};

const OTHERS: usize = 500;
const TICK: Duration = Duration::from_millis(50);
/// How long it reads before it stops, and how long everything goes on after it has begun again.
const BEFORE: Duration = Duration::from_secs(2);
const AFTER: Duration = Duration::from_secs(4);
const NEWEST_MS_MAX: f64 = 1_000.0;
/// What a socket that waits may take: its messages and state, and no more.
const GROWTH_KB_MAX: f64 = 2_048.0;

/// What came of one run.
struct Run {
    /// Until the client that stopped has read something that was written after it read again.
    newest_ms: u64,
    /// Whether it had to connect again for that.
    reconnects: u64,
    growth_kb: f64,
    others_us_p99: u64,
}

/// Once with a client that stops for no time, and once with one that stops for so long.
pub(crate) fn measure(stopped: Duration) {
    let (steady, stalled) = (run(Duration::ZERO, stopped), run(stopped, stopped));
    println!(
        "after {stopped:?} without reading: the newest state after {} ms, {} new connections; memory grew by {:.0} KB (otherwise {:.0})",
        stalled.newest_ms, stalled.reconnects, stalled.growth_kb, steady.growth_kb
    );
    limited("websocket_slow_reader_newest_ms", 1, stalled.newest_ms as f64, NEWEST_MS_MAX);
    limited("websocket_slow_reader_memory_kb", 1, stalled.growth_kb, GROWTH_KB_MAX);
    // Here the peer is ours with nobody who stops.
    let (with, without) = (stalled.others_us_p99 as f64, steady.others_us_p99 as f64);
    harness::result("websocket_slow_reader_others_us_p99", OTHERS, with, without);
}

fn run(stopped: Duration, at_least: Duration) -> Run {
    let mut server = OurServer::start(OTHERS + 8);
    let address = server.address().to_string();
    let others = Swarm::start(Speaks::WebSocket, &address, (1, OTHERS), TICK);
    let (number, stop_ms) = (OTHERS + 1, stopped.as_millis());
    let slow = Swarm::of(&["--slow".to_owned(), address, number.to_string(), stop_ms.to_string()]);
    let (mut sequence, mut counts) = (0, Counts::default());
    gather(&mut server, (&mut sequence, TICK), &mut counts, OTHERS + 1);
    let mut phase = |time: Duration| {
        let started = Instant::now();
        let mut most_kb = 0_f64;
        play(&mut server, (&mut sequence, TICK), &mut counts, &mut |_| {
            most_kb = most_kb.max(resident_kb(std::process::id()));
            started.elapsed() < time
        });
        most_kb
    };
    let before_kb = phase(BEFORE);
    let most_kb = phase(at_least);
    phase(AFTER);
    let (newest_ms, reconnects) = match slow.end_with_numbers()[..] {
        [newest_ms, reconnects] => (newest_ms, reconnects),
        ref other => panic!("two numbers, not {other:?}"),
    };
    let saw = others.end();
    assert_eq!((counts.spoiled, saw.spoiled), (0, 0), "every byte that arrived is the byte that was sent");
    Run { newest_ms, reconnects, growth_kb: most_kb - before_kb, others_us_p99: saw.age_us_p99 }
}

/// The process of the client that stops: `arguments` are server, its number, and for how many ms it stops.
pub(crate) fn client(arguments: &[String]) {
    let [server, number, stop_ms, ..] = arguments else { panic!("it needs a server, its number and its time") };
    let (address, number): (SocketAddr, u32) = (server.parse().expect("an address"), number.parse().expect("a number"));
    let stopped = Duration::from_millis(stop_ms.parse().expect("a number"));
    let ended = ending();
    let mut player = OurPlayer::new(address, number.to_string());
    let listen = |player: &mut OurPlayer| {
        let mut newest = None;
        player.update(Duration::from_millis(1), &mut |bytes| {
            newest = newest.max(Some(traffic::read(bytes, number, DOWN_BYTES).expect("every byte is as it was sent")));
        });
        std::thread::sleep(Duration::from_millis(1));
        newest
    };
    let mut first = None::<Instant>;
    while first.is_none_or(|first| first.elapsed() < BEFORE) {
        if listen(&mut player).is_some() {
            first.get_or_insert_with(Instant::now);
        }
    }
    std::thread::sleep(stopped);
    let (again, again_ns) = (Instant::now(), now_ns());
    let (mut newest_ms, mut reconnects) = (None, 0);
    while !ended.load(Ordering::Relaxed) {
        if matches!(player.wire.state(), WireState::Closed(_)) {
            player = OurPlayer::new(address, number.to_string());
            reconnects += 1;
        }
        if listen(&mut player).is_some_and(|newest| newest >= again_ns) {
            newest_ms.get_or_insert(again.elapsed().as_millis());
        }
    }
    println!("{} {reconnects}", newest_ms.unwrap_or_else(|| again.elapsed().as_millis()));
}
