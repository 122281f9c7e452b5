//! A real server, real sockets, and a link between them that delays, jitters, loses, doubles and reorders, by a seed.

use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::Change;
use hypogeum_testkit::link_conditioner::{Direction, LinkConditions, UdpProxy};
use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// What decides every datagram's fate.
const SEED: u64 = 20;
/// How long they play over the bad link.
const PLAYED: Duration = Duration::from_secs(60);
const PLAYERS: usize = 6;
/// Frames between two pings.
const PING_EVERY: u32 = 10;

/// What came of one player.
struct Seen {
    divergences: u64,
    snapshots: u64,
    pings: u64,
    pongs: Vec<u64>,
    corrections: u64,
}

/// Walks in circles through the match, asks for an answer now and then, and waits for the last one in the end.
fn play(url: &str, index: usize) -> Seen {
    let mut player = Player::enter(url, &format!("Walker {index}"));
    player.queue("blitz");
    player.bring(&["padded_coat"]);
    player.until("the match", |player| player.own().is_some());
    assert!(player.client().is_on_lane(), "a match over the SDK uses the datagram lane");
    let (mut pings, mut frames, mut pongs) = (0, 0_u32, Vec::new());
    let took = |player: &mut Player, pongs: &mut Vec<u64>| {
        pongs.extend(player.take_seen().iter().filter_map(|change| match change {
            Change::Pong { nonce } => Some(*nonce),
            _ => None,
        }));
    };
    let began = Instant::now();
    player.until("a minute of play", |player| {
        frames += 1;
        if let Some(own) = player.own() {
            let (dx, dy) = [(900, 0), (0, 900), (-900, 0), (0, -900)][(frames / 40) as usize % 4];
            player.walk((own.x + dx, own.y + dy), 0);
        }
        if frames.is_multiple_of(PING_EVERY) {
            player.client().ping();
            pings += 1;
        }
        took(player, &mut pongs);
        began.elapsed() >= PLAYED
    });
    player.until("the last answer", |player| {
        took(player, &mut pongs);
        pongs.len() as u64 >= pings
    });
    let client = player.client();
    Seen {
        divergences: client.divergences(),
        snapshots: client.snapshot_count(),
        pings,
        pongs,
        corrections: client.corrections().count,
    }
}

#[test]
fn a_minute_over_a_bad_link_leaves_every_view_as_it_should_be_and_every_promise_kept_once() {
    let data = tempfile::tempdir().expect("a directory for the test");
    // Connect tokens name the proxy as the server, so it is there first and learns of the server later.
    let nobody = "127.0.0.1:9".parse().expect("an address");
    let conditions: LinkConditions = "100ms,15ms,2%,dup=1%,reorder=1%".parse().expect("conditions");
    let proxy = UdpProxy::start(nobody, conditions, SEED).expect("a proxy starts");
    let listen = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let (listen, public) = (listen.to_string(), proxy.addr().to_string());
    let settings = [
        ("HYPOGEUM_SERVER__MATCH_SEED", "5"),
        ("HYPOGEUM_UDP__LISTEN", listen.as_str()),
        ("HYPOGEUM_UDP__PUBLIC", public.as_str()),
    ];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    proxy.set_server(listen.parse().expect("an address")).expect("the proxy finds the server");

    let url = server.url.clone();
    let seen: Vec<Seen> = thread::scope(|scope| {
        let players: Vec<_> = (0..PLAYERS)
            .map(|index| {
                scope.spawn({
                    let url = &url;
                    move || play(url, index)
                })
            })
            .collect();
        // Old datagrams come again, from where they came and from a stranger.
        // Not before there is enough to repeat; the players themselves wait for it no longer than they play.
        while proxy.counters().up.passed < 1_000 {
            thread::sleep(Duration::from_millis(20));
        }
        let replayed = proxy.replay_old(Direction::Up, 200) + proxy.replay_old(Direction::Down, 200);
        assert!(replayed > 0, "there was something to repeat");
        proxy.replay_old_as_stranger(200).expect("a socket for a stranger");
        players.into_iter().map(|player| player.join().expect("a player plays to the end")).collect()
    });
    let counters = proxy.counters();
    assert!(counters.up.lost > 50 && counters.down.lost > 50, "seed {SEED}: the link was bad: {counters:?}");
    for (index, seen) in seen.into_iter().enumerate() {
        let expected: Vec<u64> = (1..=seen.pings).collect();
        assert_eq!(seen.pongs, expected, "seed {SEED}, player {index}: each promise once, in order");
        assert_eq!(seen.divergences, 0, "seed {SEED}, player {index}: every datagram agreed with its check");
        assert!(seen.snapshots > 300, "seed {SEED}, player {index}: the view moved: {} snapshots", seen.snapshots);
        // Inputs get lost and walls are met, but walking is predicted by the same rule.
        assert!(seen.corrections < seen.snapshots / 4, "seed {SEED}, player {index}: {} corrections", seen.corrections);
    }
    let ended = server.terminate();
    assert!(ended.status.success(), "SIGTERM ends a server in order: {:?}\n{}", ended.status, ended.log);
}
