//! The clients, in a process of their own: each has its socket, sends once per tick, and checks what it is sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hypogeum_client::{SocketConnection, WebSocketWire, Wire, WireState};
use hypogeum_metering::Histogram;
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{ClientMessage, codec, limits};

use crate::colyseus_client::ColyseusPlayer;
use crate::process::raise_descriptors;
use crate::tls;
use crate::traffic::{self, DOWN_BYTES, DOWN_FRAME_BYTES, UP_BYTES, UP_FRAME_BYTES, now_ns};

/// Clients take their turns in steps of this, so that a server hears them all the time.
const STEP: Duration = Duration::from_micros(4_167);
/// Clients that begin to connect in one step.
const CONNECTS_PER_STEP: usize = 5;

/// What clients speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// Our protocol over a WebSocket.
    WebSocket,
    /// The same over TLS 1.3, with a server that this authority vouches for: its certificate, in PEM.
    Tls(String),
    /// Bytes without a meaning.
    Nothing,
    /// Colyseus's.
    Colyseus,
}

impl Speaks {
    /// How the clients' process is told.
    const fn word(&self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Tls(_) => "Tls",
            Self::Nothing => "Nothing",
            Self::Colyseus => "Colyseus",
        }
    }
}

/// The clients' process.
pub(crate) struct Swarm {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

/// What the clients saw in all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saw {
    pub(crate) received: u64,
    pub(crate) spoiled: u64,
    pub(crate) age_us_p99: u64,
}

impl Swarm {
    /// Starts so many clients, with numbers from `first` on.
    pub(crate) fn start(speaks: Speaks, server: &str, (first, count): (usize, usize), tick: Duration) -> Self {
        let numbers = [first as u64, count as u64, tick.as_millis() as u64];
        let mut words = vec!["--swarm".to_owned(), speaks.word().to_owned(), server.to_owned()];
        words.extend(numbers.map(|number| number.to_string()));
        if let Speaks::Tls(authority) = speaks {
            words.push(authority);
        }
        Self::of(&words)
    }

    /// This program once more, with these words.
    pub(crate) fn of(words: &[String]) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, lines }
    }

    /// Waits for the next line it says, as numbers.
    pub(crate) fn numbers(&mut self) -> Vec<u64> {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("the clients say what they saw");
        assert!(!line.is_empty(), "the clients failed");
        line.split_whitespace().map(|number| number.parse().expect("a number")).collect()
    }

    /// Ends the clients, and hears the last they say.
    pub(crate) fn end_with_numbers(mut self) -> Vec<u64> {
        self.child.stdin.take().expect("its input is piped").write_all(b"end\n").expect("the clients still run");
        let numbers = self.numbers();
        let status = self.child.wait().expect("the clients end");
        assert!(status.success(), "the clients failed: {status}");
        numbers
    }

    /// The same of clients that play.
    pub(crate) fn end(self) -> Saw {
        match self.end_with_numbers()[..] {
            [received, spoiled, age_us_p99] => Saw { received, spoiled, age_us_p99 },
            ref other => panic!("three numbers, not {other:?}"),
        }
    }
}

impl Drop for Swarm {
    fn drop(&mut self) {
        // Only where a check failed: it has ended otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the one who started this process wants it to end.
pub(crate) fn ending() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let (is_over, mut byte) = (ended.clone(), [0]);
    std::thread::spawn(move || {
        // One byte, or the end of the one who started us.
        let _ = std::io::stdin().read(&mut byte);
        is_over.store(true, Ordering::Relaxed);
    });
    ended
}

/// One client.
pub(crate) trait Player {
    /// Takes what came, handing each frame's contents to `each`.
    fn update(&mut self, elapsed: Duration, each: &mut dyn FnMut(&[u8]));
    /// Sends one frame, if it may.
    fn send(&mut self, bytes: &[u8]);
}

/// A client of ours over any stream.
pub(crate) struct OurPlayer<S = TcpStream> {
    pub(crate) wire: WebSocketWire<S>,
    has_said_hello: bool,
    is_shown: bool,
    buffer: Vec<u8>,
}

impl OurPlayer {
    /// Connects with this token.
    pub(crate) fn new(address: SocketAddr, access_token: String) -> Self {
        Self::over(connect(address), connection(address, access_token))
    }
}

impl<S: Read + Write> OurPlayer<S> {
    /// The same on a stream that does not block.
    pub(crate) fn over(stream: S, connection: SocketConnection) -> Self {
        let wire = WebSocketWire::new(stream, connection);
        Self { wire, has_said_hello: false, is_shown: false, buffer: Vec::new() }
    }
}

impl<S: Read + Write> Player for OurPlayer<S> {
    fn update(&mut self, elapsed: Duration, each: &mut dyn FnMut(&[u8])) {
        self.wire.update(elapsed);
        if !self.has_said_hello && self.wire.state() == WireState::Open {
            self.has_said_hello = true;
            let (client, locale) = ("bench".to_owned(), String::new());
            let hello = ClientMessage::Hello { protocol_version: limits::PROTOCOL_VERSION, client, locale };
            self.wire.send(Lane::ReliableOrdered, codec::encode(&hello));
            self.wire.flush();
        }
        while self.wire.take_lane(&mut self.buffer) {
            self.is_shown = true;
            each(&self.buffer);
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        if self.is_shown {
            self.wire.send_lane(bytes);
        }
    }
}

/// A client of a server that knows no protocol.
struct BarePlayer {
    stream: TcpStream,
    waiting: usize,
}

impl Player for BarePlayer {
    fn update(&mut self, _: Duration, each: &mut dyn FnMut(&[u8])) {
        let mut buffer = [0; 16 * 1_024];
        while let Ok(count @ 1..) = self.stream.read(&mut buffer) {
            self.waiting += count;
        }
        while self.waiting >= DOWN_FRAME_BYTES {
            self.waiting -= DOWN_FRAME_BYTES;
            each(&[]);
        }
    }

    fn send(&mut self, _: &[u8]) {
        // One that finds no room is missing at the server, which counts.
        let _ = self.stream.write(&[7; UP_FRAME_BYTES]);
    }
}

/// How whoever has this token connects.
fn connection(address: SocketAddr, access_token: String) -> SocketConnection {
    // TLS, where there is any, is the stream's.
    let (host, expires_in_s) = (address.to_string(), 900);
    SocketConnection { address, host, access_token, expires_in_s, character: None, tls: None }
}

/// A stream that does not block.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true)).expect("a socket need not block");
    stream
}

/// The whole process: `arguments` are what is spoken, server, number of the first client, how many, tick in ms, and for TLS the
/// authority that is trusted. Ends when its input does.
pub(crate) fn run(arguments: &[String]) {
    let [speaks, server, first, count, tick_ms, trusted @ ..] = arguments else {
        panic!("a swarm needs what it speaks, a server and its load");
    };
    let number = |word: &String| word.parse::<usize>().expect("a number");
    raise_descriptors();
    let address: SocketAddr = server.parse().expect("an address");
    let trust = trusted.first().map(|authority| tls::trusting(authority));
    let player = |session: u32| -> Box<dyn Player> {
        match (speaks.as_str(), &trust) {
            ("WebSocket", _) => Box::new(OurPlayer::new(address, session.to_string())),
            ("Tls", Some(trust)) => {
                let connection = connection(address, session.to_string());
                Box::new(OurPlayer::over(tls::connect(address, trust), connection))
            }
            ("Nothing", _) => Box::new(BarePlayer { stream: connect(address), waiting: 0 }),
            ("Colyseus", _) => Box::new(ColyseusPlayer::join(address)),
            (other, _) => panic!("nobody speaks {other} like this"),
        }
    };
    let checks = matches!(speaks.as_str(), "WebSocket" | "Tls");
    let tick = Duration::from_millis(number(tick_ms) as u64);
    play(&player, (number(first) as u32, number(count)), tick, checks);
}

fn play(player: &dyn Fn(u32) -> Box<dyn Player>, (first, count): (u32, usize), tick: Duration, checks: bool) {
    let ended = ending();
    let mut players: Vec<(Box<dyn Player>, Instant, u32)> = Vec::with_capacity(count);
    let (mut received, mut spoiled, ages) = (0_u64, 0_u64, Histogram::default());
    let steps = (tick.as_micros() / STEP.as_micros() + 1) as usize;
    let mut up = [0; UP_BYTES];
    let mut deadline = Instant::now();
    // After the end everyone listens once more, for what is still on its way.
    let mut rounds_left = None;
    for step in 0.. {
        if step % steps == 0 {
            rounds_left = match rounds_left {
                None if ended.load(Ordering::Relaxed) => Some(1),
                Some(0) => break,
                left => left.map(|rounds| rounds - 1),
            };
        }
        for index in players.len()..count.min(players.len() + CONNECTS_PER_STEP) {
            let mut player = player(first + index as u32);
            // What it says first leaves at once: a server may wait for it.
            player.update(Duration::ZERO, &mut |_| {});
            players.push((player, Instant::now(), 0));
            // What handshakes take is not made up for: everyone would send too often after them.
            deadline = deadline.max(Instant::now());
        }
        let now = Instant::now();
        for (index, (player, updated_at, sequence)) in players.iter_mut().enumerate().skip(step % steps).step_by(steps)
        {
            let session = first + index as u32;
            player.update(now - *updated_at, &mut |bytes| {
                received += 1;
                if !checks {
                    return;
                }
                match traffic::read(bytes, session, DOWN_BYTES) {
                    Some(at_ns) => ages.record(Duration::from_nanos(now_ns().saturating_sub(at_ns))),
                    None => spoiled += 1,
                }
            });
            *updated_at = now;
            if rounds_left.is_none() {
                *sequence += 1;
                traffic::write(&mut up, session, *sequence, now_ns());
                player.send(&up);
            }
        }
        deadline += STEP;
        std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
    }
    println!("{received} {spoiled} {}", ages.at(990));
}
