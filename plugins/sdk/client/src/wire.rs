//! What carries a client's messages and datagrams. The client itself knows no sockets.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_protocol::link::Lane;
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;

/// Why nothing passes any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// This end closed it.
    ByClient,
    /// The server closed it.
    ByServer,
    /// Nothing was heard for the time the token allows.
    TimedOut,
    /// The server is full.
    Denied,
    /// The handshake was not answered, or not in time for the token.
    Unanswered,
    /// The server sent what no honest server sends.
    BadServer,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireState {
    /// The handshake is under way; what is sent now waits or is lost.
    Connecting,
    /// The handshake is done: messages go both ways.
    Open,
    /// Nothing passes any more, for this reason.
    Closed(Ending),
}

/// What a wire has carried since it was opened. A wire without datagrams counts messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    /// Datagrams, or messages, that came from the server.
    pub datagrams_in: u64,
    /// Datagrams, or messages, that went to the server.
    pub datagrams_out: u64,
    /// Bytes of payload in them, without headers of UDP and IP.
    pub bytes_in: u64,
    /// Bytes of payload in them, without headers of UDP and IP.
    pub bytes_out: u64,
}

impl std::ops::AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.datagrams_in += other.datagrams_in;
        self.datagrams_out += other.datagrams_out;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
    }
}

/// One client's connection to one server: whole messages, three lanes. It never blocks.
pub trait Wire {
    /// Lets time pass and takes in what arrived.
    fn update(&mut self, elapsed: Duration);
    /// The next whole message that arrived, whichever its lane.
    fn receive(&mut self) -> Option<Vec<u8>>;
    /// Hands a message over; it may leave with the next [`Wire::flush`].
    fn send(&mut self, lane: Lane, bytes: Vec<u8>);
    /// Sends one datagram on the datagram lane, at once; its first byte is the lane's. It may be lost.
    fn send_lane(&mut self, datagram: &[u8]);
    /// Puts the next datagram that arrived on the datagram lane into `out`, lane byte included; `false` where none has.
    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool;
    /// Sends what waits.
    fn flush(&mut self);
    /// How the connection stands.
    fn state(&self) -> WireState;
    /// What it has carried.
    fn traffic(&self) -> Traffic;
    /// Ends the connection, telling the other end where that is possible.
    fn close(&mut self);
}

/// Datagrams that wait in a direction of a [`MemoryWire`]; beyond them the oldest are lost, as a socket loses some.
const DATAGRAMS_WAITING_MAX: usize = 64;

/// Datagrams on their way, in buffers used again and again.
#[derive(Debug, Default)]
struct Datagrams {
    waiting: VecDeque<Vec<u8>>,
    spare: Vec<Vec<u8>>,
}

impl Datagrams {
    fn put(&mut self, datagram: &[u8]) {
        let full = self.waiting.len() >= DATAGRAMS_WAITING_MAX;
        let oldest = if full { self.waiting.pop_front() } else { None };
        let mut buffer = oldest.or_else(|| self.spare.pop()).unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(datagram);
        self.waiting.push_back(buffer);
    }

    /// Leaves `out` empty where none waits.
    fn take(&mut self, out: &mut Vec<u8>) -> bool {
        out.clear();
        let Some(buffer) = self.waiting.pop_front() else { return false };
        out.extend_from_slice(&buffer);
        self.spare.push(buffer);
        true
    }
}

#[derive(Debug, Default)]
struct Ends {
    to_server: VecDeque<(Lane, Vec<u8>)>,
    to_client: VecDeque<Vec<u8>>,
    up: Datagrams,
    down: Datagrams,
    traffic: Traffic,
    closed: Option<Ending>,
}

/// A wire inside one process: nothing is lost, nothing waits, but datagrams that nobody takes. For tests and bots
/// without sockets.
#[derive(Debug)]
pub struct MemoryWire(Arc<Mutex<Ends>>);

/// The server's end of a [`MemoryWire`].
#[derive(Debug)]
pub struct MemoryPeer(Arc<Mutex<Ends>>);

impl MemoryWire {
    /// An open wire and its other end.
    #[must_use]
    pub fn pair() -> (Self, MemoryPeer) {
        let ends = Arc::new(Mutex::new(Ends::default()));
        (Self(Arc::clone(&ends)), MemoryPeer(ends))
    }
}

fn lock(ends: &Mutex<Ends>) -> MutexGuard<'_, Ends> {
    // Each change of the queues is one push or pop: one who panicked left them whole.
    ends.lock()
}

impl Wire for MemoryWire {
    fn update(&mut self, _elapsed: Duration) {}

    fn receive(&mut self) -> Option<Vec<u8>> {
        let mut ends = lock(&self.0);
        let bytes = ends.to_client.pop_front()?;
        ends.traffic.datagrams_in += 1;
        ends.traffic.bytes_in += bytes.len() as u64;
        Some(bytes)
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        let mut ends = lock(&self.0);
        if ends.closed.is_none() {
            ends.traffic.datagrams_out += 1;
            ends.traffic.bytes_out += bytes.len() as u64;
            ends.to_server.push_back((lane, bytes));
        }
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        let mut ends = lock(&self.0);
        if ends.closed.is_none() {
            ends.traffic.datagrams_out += 1;
            ends.traffic.bytes_out += datagram.len() as u64;
            ends.up.put(datagram);
        }
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        let mut ends = lock(&self.0);
        let taken = ends.down.take(out);
        ends.traffic.datagrams_in += u64::from(taken);
        ends.traffic.bytes_in += out.len() as u64;
        taken
    }

    fn flush(&mut self) {}

    fn state(&self) -> WireState {
        lock(&self.0).closed.map_or(WireState::Open, WireState::Closed)
    }

    fn traffic(&self) -> Traffic {
        lock(&self.0).traffic
    }

    fn close(&mut self) {
        lock(&self.0).closed.get_or_insert(Ending::ByClient);
    }
}

impl MemoryPeer {
    /// The next message the client sent.
    #[must_use]
    pub fn receive(&self) -> Option<(Lane, Vec<u8>)> {
        lock(&self.0).to_server.pop_front()
    }

    /// Sends the client a message.
    pub fn send(&self, bytes: Vec<u8>) {
        lock(&self.0).to_client.push_back(bytes);
    }

    /// Puts the next datagram the client sent on the datagram lane into `out`; `false` where there is none.
    pub fn receive_lane(&self, out: &mut Vec<u8>) -> bool {
        lock(&self.0).up.take(out)
    }

    /// Sends the client a datagram on the datagram lane.
    pub fn send_lane(&self, datagram: &[u8]) {
        lock(&self.0).down.put(datagram);
    }

    /// Ends the connection.
    pub fn close(&self, reason: Ending) {
        lock(&self.0).closed.get_or_insert(reason);
    }

    /// Why the connection ended, if it did.
    #[must_use]
    pub fn closed(&self) -> Option<Ending> {
        lock(&self.0).closed
    }
}
