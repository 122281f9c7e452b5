//! A client: a wire, a view, and the numbering of what it sends.

use std::collections::VecDeque;
use std::time::Duration;

use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{Act, ClientMessage, Input, ItemId, MatchId, codec, limits};

use crate::view::{Change, View};
use crate::wire::{Traffic, Wire, WireState};

/// Pings under way at most; an older one that never came back is forgotten.
const PINGS_UNDER_WAY_MAX: usize = 8;
/// Messages one poll takes in at most, so that a flood of them cannot hold a frame up.
const MESSAGES_PER_POLL_MAX: usize = 1_024;

/// How an avatar is to move, look and act for one tick; the client numbers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steering {
    /// Direction to walk, in 1/65536 turns, 0 along +x, a quarter turn along +y.
    pub walk: u16,
    /// Share of the full speed, 0–100 %; more counts as 100.
    pub pace: u8,
    /// Direction to look and aim, as `walk`.
    pub aim: u16,
    /// Ability slot to use, 1–8; 0 and anything beyond use none.
    pub ability: u8,
}

/// One player's end. Call [`Client::poll`] often, [`Client::steer`] once per tick.
///
/// ```
/// use hypogeum_client::{Change, Client, MemoryWire};
/// use hypogeum_protocol::{ClientMessage, ServerMessage, codec};
///
/// let (wire, server) = MemoryWire::pair();
/// let mut client = Client::new(wire);
/// client.hello("example");
/// client.flush();
/// let (_, bytes) = server.receive().expect("the hello is there");
/// assert!(matches!(codec::decode_client(&bytes), Ok(ClientMessage::Hello { .. })));
///
/// server.send(codec::encode(&ServerMessage::Pong { nonce: 7 }));
/// let changes = client.poll(std::time::Duration::ZERO);
/// assert_eq!(changes, [Change::Opened, Change::Pong { nonce: 7 }]);
/// ```
#[derive(Debug)]
pub struct Client<W> {
    wire: W,
    view: View,
    last_state: WireState,
    clock: Duration,
    /// Numbers inputs and acts alike, so that an act after a reconnect is above every act before it.
    last_seq: u32,
    numbered_match: Option<MatchId>,
    unconfirmed: VecDeque<Input>,
    pings: VecDeque<(u64, Duration)>,
    last_nonce: u64,
    last_round_trip: Option<Duration>,
    snapshot_count: u64,
    unreadable_count: u64,
}

impl<W: Wire> Client<W> {
    /// A client on a wire that is open or about to be.
    #[must_use]
    pub fn new(wire: W) -> Self {
        Self {
            wire,
            view: View::default(),
            last_state: WireState::Connecting,
            clock: Duration::ZERO,
            last_seq: 0,
            numbered_match: None,
            unconfirmed: VecDeque::new(),
            pings: VecDeque::new(),
            last_nonce: 0,
            last_round_trip: None,
            snapshot_count: 0,
            unreadable_count: 0,
        }
    }

    /// What the server told so far.
    #[must_use]
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// How the connection stands.
    #[must_use]
    pub fn state(&self) -> WireState {
        self.wire.state()
    }

    /// What the connection carried.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.wire.traffic()
    }

    /// The last ping's way there and back, as exact as polls are frequent.
    #[must_use]
    pub const fn round_trip(&self) -> Option<Duration> {
        self.last_round_trip
    }

    /// Snapshots taken, outdated ones not counted.
    #[must_use]
    pub const fn snapshot_count(&self) -> u64 {
        self.snapshot_count
    }

    /// Messages of the server that could not be read.
    #[must_use]
    pub const fn unreadable_count(&self) -> u64 {
        self.unreadable_count
    }

    /// Lets `elapsed` time pass, takes in what arrived and tells what changed, in order.
    pub fn poll(&mut self, elapsed: Duration) -> Vec<Change> {
        self.clock += elapsed;
        self.wire.update(elapsed);
        let mut changes = Vec::new();
        let state = self.wire.state();
        if state == WireState::Open && self.last_state == WireState::Connecting {
            changes.push(Change::Opened);
        }
        // What came before the end still counts: a settlement may be the last word.
        for _ in 0..MESSAGES_PER_POLL_MAX {
            let Some(bytes) = self.wire.receive() else { break };
            changes.push(self.take(&bytes));
        }
        if let WireState::Closed(reason) = state
            && self.last_state != state
        {
            changes.push(Change::Closed(reason));
        }
        self.last_state = state;
        changes
    }

    fn take(&mut self, bytes: &[u8]) -> Change {
        let Ok(message) = codec::decode_server(bytes) else {
            self.unreadable_count += 1;
            return Change::Unreadable;
        };
        let change = self.view.apply(message);
        match change {
            Change::MatchStarted => self.number_anew(),
            Change::Saw => self.confirm(),
            Change::Pong { nonce } => self.time_ping(nonce),
            _ => {}
        }
        change
    }

    /// Sequences count per match, from 1; the same match announced again goes on counting.
    fn number_anew(&mut self) {
        let announced = self.view.current.as_ref().map(|current| current.id);
        if self.numbered_match != announced {
            self.numbered_match = announced;
            self.last_seq = 0;
            self.unconfirmed.clear();
        }
    }

    /// Forgets inputs the server has applied. After a reconnect it knows of more than this client does.
    fn confirm(&mut self) {
        self.snapshot_count += 1;
        let applied = self.view.snapshot.as_ref().map_or(0, |snapshot| snapshot.input_seq);
        self.unconfirmed.retain(|input| input.seq > applied);
        self.last_seq = self.last_seq.max(applied);
    }

    fn time_ping(&mut self, nonce: u64) {
        if let Some(place) = self.pings.iter().position(|(sent, _)| *sent == nonce) {
            self.last_round_trip = self.pings.remove(place).map(|(_, at)| self.clock.saturating_sub(at));
        }
    }

    fn next_seq(&mut self) -> u32 {
        self.last_seq = self.last_seq.saturating_add(1);
        self.last_seq
    }

    /// Sends any message in order; the methods below are its usual forms.
    pub fn send(&mut self, message: &ClientMessage) {
        self.wire.send(Lane::ReliableOrdered, codec::encode(message));
    }

    /// Says hello: the first message, once [`Change::Opened`] came. `name` is cut to 64 bytes.
    pub fn hello(&mut self, name: &str) {
        let client = name[..name.floor_char_boundary(64)].to_owned();
        self.send(&ClientMessage::Hello { protocol_version: limits::PROTOCOL_VERSION, client });
    }

    /// Asks for a match of `mode`.
    pub fn join_queue(&mut self, mode: &str) {
        self.send(&ClientMessage::JoinQueue { mode: mode.to_owned() });
    }

    /// No longer asks for one.
    pub fn leave_queue(&mut self) {
        self.send(&ClientMessage::LeaveQueue);
    }

    /// Takes these into the match: the first [`limits::LOADOUT_ITEMS_MAX`] of them.
    pub fn choose_loadout(&mut self, items: impl IntoIterator<Item = ItemId>) {
        let items = items.into_iter().take(limits::LOADOUT_ITEMS_MAX).collect();
        self.send(&ClientMessage::ChooseLoadout { items });
    }

    /// Steers for one tick and returns the input's sequence. The inputs before it that the server has not confirmed
    /// go along, so that lost datagrams lose no input.
    pub fn steer(&mut self, steering: Steering) -> u32 {
        let seq = self.next_seq();
        let Steering { walk, pace, aim, ability } = steering;
        let ability = if ability <= Input::ABILITY_MAX { ability } else { 0 };
        self.unconfirmed.push_back(Input { seq, walk, pace: pace.min(Input::PACE_MAX), aim, ability });
        self.unconfirmed.drain(..self.unconfirmed.len().saturating_sub(limits::INPUTS_PER_BATCH_MAX));
        let batch = self.unconfirmed.iter().copied().collect();
        self.wire.send(Lane::Unreliable, codec::encode(&ClientMessage::Inputs { batch }));
        seq
    }

    /// Does something once and returns the act's sequence, which a refusal names.
    pub fn act(&mut self, act: Act) -> u32 {
        let seq = self.next_seq();
        self.send(&ClientMessage::Act { seq, act });
        seq
    }

    /// Gives the match up: the avatar dies.
    pub fn leave(&mut self) {
        self.send(&ClientMessage::LeaveMatch);
    }

    /// Measures the way to the server and back; see [`Client::round_trip`].
    pub fn ping(&mut self) {
        self.last_nonce += 1;
        if self.pings.len() == PINGS_UNDER_WAY_MAX {
            self.pings.pop_front();
        }
        self.pings.push_back((self.last_nonce, self.clock));
        self.send(&ClientMessage::Ping { nonce: self.last_nonce });
    }

    /// Sends what waits.
    pub fn flush(&mut self) {
        self.wire.flush();
    }

    /// Ends the connection. A match under way goes on without this client.
    pub fn close(&mut self) {
        self.wire.close();
    }
}
