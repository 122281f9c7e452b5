//! Strangers send ten thousand junk datagrams a second while clients play.

mod common;

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{STEP, Tick, config, connected, send_datagram, send_frame, until};
use hypogeum_netcode::DropReason;
use hypogeum_protocol::limits::{LANE_BYTE, NETCODE_PROTOCOL_ID};
use hypogeum_protocol::link::Lane;
use hypogeum_udp::{NetConfig, UdpEdge};
use tracing::span;

const JUNK_PER_S: u32 = 10_000;
const CLIENTS: u64 = 8;
/// At 10 ms each: three seconds of play.
const ROUNDS: u32 = 300;

/// Counts what would be logged, at any level.
#[derive(Clone, Default)]
struct Log(Arc<AtomicU64>);

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        ["hypogeum_udp", "hypogeum_netcode"].iter().any(|name| metadata.target().starts_with(name))
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The `number`th piece of junk: noise, a forged packet of each kind, or a request with a private part of noise.
fn junk(number: u64) -> Vec<u8> {
    let mut dice = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut byte = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice as u8
    };
    let length = 1 + usize::from(byte()) * 5;
    let mut bytes: Vec<u8> = (0..length).map(|_| byte()).collect();
    match number % 3 {
        0 => {}
        1 => bytes[0] = (byte() % 6 + 1) | ((byte() % 8 + 1) << 4),
        _ => {
            bytes = vec![0];
            bytes.extend_from_slice(b"NETCODE 1.02\0");
            bytes.extend_from_slice(&NETCODE_PROTOCOL_ID.to_le_bytes());
            bytes.extend_from_slice(&(common::unix_s() + 20).to_le_bytes());
            bytes.extend((0..24 + 1_024).map(|_| byte()));
        }
    }
    bytes
}

/// Keeps up [`JUNK_PER_S`] from several addresses until it is stopped; says how much it sent and whether anybody answered.
fn flood(edge: &UdpEdge, over: Arc<AtomicBool>) -> std::thread::JoinHandle<(u64, bool)> {
    let to = edge.local_addr();
    std::thread::spawn(move || {
        let strangers: Vec<UdpSocket> =
            (0..16).map(|_| UdpSocket::bind("127.0.0.1:0").expect("any port is free")).collect();
        let (started, mut sent) = (Instant::now(), 0);
        while !over.load(Ordering::Relaxed) {
            let due = (started.elapsed().as_secs_f64() * f64::from(JUNK_PER_S)) as u64;
            while sent < due {
                let stranger = &strangers[sent as usize % strangers.len()];
                stranger.send_to(&junk(sent), to).expect("loopback takes it");
                sent += 1;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let was_answered = strangers.iter().any(|stranger| {
            stranger.set_nonblocking(true).expect("the system allows it");
            stranger.recv(&mut [0; 2_048]).is_ok()
        });
        (sent, was_answered)
    })
}

#[test]
fn ten_thousand_junk_datagrams_a_second_disturb_nobody() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).expect("there is one test in this process");
    let edge = UdpEdge::bind(NetConfig { handshakes_per_s_max: 100, ..config() }).expect("any port is free");
    let mut tick = Tick::default();
    let mut clients: Vec<_> = (1..=CLIENTS).map(|session| connected(&edge, &mut tick, session)).collect();
    let logged_before = log.0.load(Ordering::Relaxed);

    let over = Arc::new(AtomicBool::new(false));
    let flooder = flood(&edge, over.clone());
    let mut next = Instant::now();
    let mut heard = vec![(0_u32, 0_u32); clients.len()];
    let mut taken = Vec::new();
    for round in 0..ROUNDS {
        for ((client, connection), (datagrams, messages)) in clients.iter_mut().zip(&mut heard) {
            let number = round.to_le_bytes();
            let datagram = [LANE_BYTE, number[0], number[1]];
            assert!(client.send_lane(&datagram), "it is connected");
            send_datagram(&edge, *connection, &datagram);
            if round % 10 == 0 {
                client.send(Lane::ReliableOrdered, number.to_vec()).expect("it is connected");
                client.flush();
                send_frame(&edge, *connection, number.to_vec());
            }
            client.update(STEP * 2);
            while client.take_lane(&mut taken) {
                *datagrams += 1;
            }
            while let Some(message) = client.receive(Lane::ReliableOrdered) {
                assert_eq!(message, (*messages * 10).to_le_bytes(), "messages come in order");
                *messages += 1;
            }
        }
        tick.take(&edge);
        next += STEP * 2;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    over.store(true, Ordering::Relaxed);
    let (junk_count, was_answered) = flooder.join().expect("the flooder ends");
    let messages_count = ROUNDS.div_ceil(10);
    until("every message to arrive after all", || {
        for ((client, _), (_, messages)) in clients.iter_mut().zip(&mut heard) {
            client.update(STEP);
            while client.receive(Lane::ReliableOrdered).is_some() {
                *messages += 1;
            }
        }
        tick.take(&edge);
        let all_down = heard.iter().all(|(_, messages)| *messages == messages_count);
        let all_up = tick.frames.len() == clients.len() * messages_count as usize;
        (all_down && all_up).then_some(())
    });

    assert!(junk_count > u64::from(JUNK_PER_S), "there was a flood: {junk_count}");
    assert!(!was_answered, "not one byte went to a stranger");
    assert!(tick.closed.is_empty(), "nobody was disconnected");
    let counters = edge.counters();
    // What the system drops at a full buffer nobody can count, and on a busy machine that may be some of anyone's.
    for (number, (datagrams, _)) in heard.iter().enumerate() {
        assert!(*datagrams > ROUNDS / 2, "client {number} heard {datagrams} of {ROUNDS} datagrams");
    }
    assert!(tick.datagrams.len() as u32 > ROUNDS * CLIENTS as u32 / 2, "the tick heard {}", tick.datagrams.len());
    assert!(
        counters.dropped_in_all() > junk_count / 2,
        "junk is counted: {} of {junk_count}",
        counters.dropped_in_all()
    );
    assert!(counters.dropped(DropReason::HandshakesBusy) > 0, "most forged requests are not even decrypted");
    let (forged, busy) = (counters.dropped(DropReason::TokenForged), counters.dropped(DropReason::HandshakesBusy));
    assert!(forged < busy, "{forged} were, {busy} were not");
    assert_eq!(log.0.load(Ordering::Relaxed), logged_before, "and nothing was logged");
}
