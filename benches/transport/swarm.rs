//! The clients, in a process of their own: each has its socket, sends once per tick, and checks what it is sent.

use std::io::Read;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hypogeum_client::ClientSocket;
use hypogeum_netcode::{ConnectionState, TokenMint};
use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{AccountId, SessionId, limits};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use renet::{ConnectionConfig, DefaultChannel, RenetClient};
use renet_netcode::{ClientAuthentication, ConnectToken, NetcodeClientTransport};

use crate::Load;
use crate::server::{KEY, unix_time};
use crate::traffic::{self, DOWN_BYTES, UP_BYTES};

/// Clients take their turns in steps of this, so that a server hears them all the time.
const STEP: Duration = Duration::from_micros(4_167);
/// Clients that begin to connect in one step.
const CONNECTS_PER_STEP: usize = 40;
/// Files a process needs besides its clients' sockets.
const OTHER_FILES: u64 = 32;

/// One client of either side.
trait Player {
    /// Takes what came, handing the bytes of each datagram to `each`, and lets time pass.
    fn update(&mut self, elapsed: Duration, each: &mut dyn FnMut(&[u8]));
    /// Sends, if it is connected.
    fn send(&mut self, bytes: &[u8]);
    /// Lets go what waits.
    fn flush(&mut self);
}

struct OurPlayer {
    end: ClientSocket,
    buffer: Vec<u8>,
}

impl OurPlayer {
    fn new(mint: &TokenMint, session: u64) -> Self {
        let ticket = SessionTicket { account: AccountId(session), name: format!("player {session}"), character: None };
        let token = mint.mint(SessionId(session), &ticket, unix_time().as_secs());
        Self { end: ClientSocket::connect(&token).expect("our token is good and a socket is free"), buffer: Vec::new() }
    }
}

impl Player for OurPlayer {
    fn update(&mut self, elapsed: Duration, each: &mut dyn FnMut(&[u8])) {
        self.end.update(elapsed);
        while self.end.take_lane(&mut self.buffer) {
            each(&self.buffer);
        }
        assert!(!matches!(self.end.state(), ConnectionState::Closed(_)), "a client was closed: {:?}", self.end.state());
    }

    fn send(&mut self, bytes: &[u8]) {
        self.end.send_lane(bytes);
    }

    fn flush(&mut self) {
        self.end.flush();
    }
}

struct StockPlayer {
    renet: RenetClient,
    transport: NetcodeClientTransport,
}

impl StockPlayer {
    fn new(server: SocketAddr, session: u64) -> Self {
        let (now, protocol) = (unix_time(), limits::NETCODE_PROTOCOL_ID);
        let connect_token = ConnectToken::generate(now, protocol, 60, session, 15, vec![server], None, &KEY)
            .expect("stock renetcode makes a token");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket is free");
        let transport = NetcodeClientTransport::new(now, ClientAuthentication::Secure { connect_token }, socket)
            .expect("the token names a server");
        Self { renet: RenetClient::new(ConnectionConfig::default()), transport }
    }
}

impl Player for StockPlayer {
    fn update(&mut self, elapsed: Duration, each: &mut dyn FnMut(&[u8])) {
        self.renet.update(elapsed);
        self.transport.update(elapsed, &mut self.renet).expect("no client is closed");
        while let Some(message) = self.renet.receive_message(DefaultChannel::Unreliable) {
            each(&message);
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        if self.renet.is_connected() {
            self.renet.send_message(DefaultChannel::Unreliable, bytes.to_vec());
        }
    }

    fn flush(&mut self) {
        if self.renet.is_connected() {
            self.transport.send_packets(&mut self.renet).expect("no client is closed");
        }
    }
}

/// The whole process: `arguments` are side, server, number of clients, tick in ms. Ends when its input does.
pub(crate) fn run(arguments: &[String]) {
    let [side, server, clients_count, tick_ms, ..] = arguments else {
        panic!("a swarm needs a side, a server and its load");
    };
    let server: SocketAddr = server.parse().expect("an address");
    let load = Load {
        clients: clients_count.parse().expect("a number"),
        tick: Duration::from_millis(tick_ms.parse().expect("a number")),
    };
    make_room_for(load.clients as u64);

    let ended = Arc::new(AtomicBool::new(false));
    let (is_over, mut byte) = (ended.clone(), [0]);
    std::thread::spawn(move || {
        // One byte, or the end of the one who started us.
        let _ = std::io::stdin().read(&mut byte);
        is_over.store(true, Ordering::Relaxed);
    });
    let mint = TokenMint::new(KEY, limits::NETCODE_PROTOCOL_ID, vec![server], 15, 60).expect("one address is enough");
    let player = |session: u64| -> Box<dyn Player> {
        match side.as_str() {
            "Ours" => Box::new(OurPlayer::new(&mint, session)),
            "Stock" => Box::new(StockPlayer::new(server, session)),
            other => panic!("no such side: {other}"),
        }
    };
    play(&player, load, &ended);
}

fn play(player: &dyn Fn(u64) -> Box<dyn Player>, load: Load, ended: &AtomicBool) {
    let mut players: Vec<(Box<dyn Player>, Instant, u32)> = Vec::with_capacity(load.clients);
    let (mut received, mut spoiled) = (0_u64, 0_u64);
    let steps = (load.tick.as_micros() / STEP.as_micros() + 1) as usize;
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
        for session in players.len()..load.clients.min(players.len() + CONNECTS_PER_STEP) {
            players.push((player(session as u64 + 1), Instant::now(), 0));
        }
        let now = Instant::now();
        for (index, (player, updated_at, sequence)) in players.iter_mut().enumerate().skip(step % steps).step_by(steps)
        {
            let session = index as u64 + 1;
            player.update(now - *updated_at, &mut |bytes| {
                received += 1;
                spoiled += u64::from(traffic::read(bytes, session, DOWN_BYTES).is_none());
            });
            *updated_at = now;

            if rounds_left.is_none() {
                *sequence += 1;
                traffic::write(&mut up, session, *sequence);
                player.send(&up);
            }
            player.flush();
        }
        deadline += STEP;
        std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
    }
    println!("{received} {spoiled}");
}

/// Every client has a socket, for netcode knows clients by their addresses.
fn make_room_for(clients_count: u64) {
    let needed = clients_count + OTHER_FILES;
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("the system tells its limits");
    assert!(
        hard >= needed,
        "{clients_count} clients need {needed} open files, and this process may have {hard}: raise it with `ulimit -Hn`"
    );
    if soft < needed {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("a soft limit may go up to the hard one");
    }
}
