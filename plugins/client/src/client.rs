//! A client: a wire, a view, and the numbering of what it sends.

use std::collections::VecDeque;
use std::time::Duration;

use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{Act, ClientMessage, Input, ItemId, MatchId, MatchPhase, Record, ServerMessage, codec, limits};

use crate::interpolation::Interpolation;
use crate::lane::{Heard, LaneEnd};
use crate::prediction::{Corrections, Predicted, Prediction};
use crate::view::{Change, PhaseView, View};
use crate::wire::{Traffic, Wire, WireState};

/// Pings under way at most; an older one that never came back is forgotten.
const PINGS_UNDER_WAY_MAX: usize = 8;
/// Messages and datagrams one poll takes in at most, so that a flood of them cannot hold a frame up.
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

/// One player's end. Call [`Client::poll`] often, [`Client::steer`] once per tick, and [`Client::flush`] after that.
///
/// It speaks the datagram lane with a server that does: inputs and acks go up, and what is around comes down, in one
/// datagram each. Until the server has said something on the lane, and with one that never does, inputs and snapshots
/// are messages. The view shows the same either way.
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
    lane: Option<LaneEnd>,
    /// Inputs that leave with the next flush.
    has_steered: bool,
    /// Inputs the server has not confirmed, and where they lead.
    prediction: Prediction,
    predicts: bool,
    interpolation: Option<Interpolation>,
    /// A datagram on its way in or out.
    datagram: Vec<u8>,
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
            lane: Some(LaneEnd::default()),
            has_steered: false,
            prediction: Prediction::default(),
            predicts: true,
            interpolation: Some(Interpolation::default()),
            datagram: Vec::new(),
            pings: VecDeque::new(),
            last_nonce: 0,
            last_round_trip: None,
            snapshot_count: 0,
            unreadable_count: 0,
        }
    }

    /// The same client, but it never speaks the datagram lane.
    #[must_use]
    pub fn without_lane(mut self) -> Self {
        self.lane = None;
        self
    }

    /// The same client, but it does not work out where its avatar will be: [`Client::predicted`] tells nothing. For those
    /// that show nothing, such as bots by the thousand.
    #[must_use]
    pub fn without_prediction(mut self) -> Self {
        self.predicts = false;
        self
    }

    /// The same client, but it keeps no second snapshot: [`Client::interpolated`] tells what the newest shows.
    #[must_use]
    pub fn without_interpolation(mut self) -> Self {
        self.interpolation = None;
        self
    }

    /// Goes on over another wire after the old one ended, which is returned. Say hello again once [`Change::Opened`]
    /// comes. A match the account is in is announced again and goes on as the view shows it; inputs are numbered on from
    /// where they were, so that the server takes none of the old connection's for new. What was not confirmed is given up:
    /// nobody steers an avatar by what was meant before the connection broke.
    pub fn resume(&mut self, wire: W) -> W {
        self.last_state = WireState::Connecting;
        self.view.disconnect();
        self.lane = self.lane.is_some().then(LaneEnd::default);
        self.has_steered = false;
        self.prediction.clear();
        self.pings.clear();
        std::mem::replace(&mut self.wire, wire)
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

    /// Snapshots and datagrams of the datagram lane that showed something newer.
    #[must_use]
    pub const fn snapshot_count(&self) -> u64 {
        self.snapshot_count
    }

    /// Messages and datagrams of the server that could not be read.
    #[must_use]
    pub const fn unreadable_count(&self) -> u64 {
        self.unreadable_count
    }

    /// Whether the server speaks the datagram lane on this connection, as far as is known.
    #[must_use]
    pub fn is_on_lane(&self) -> bool {
        self.lane.as_ref().is_some_and(LaneEnd::is_up)
    }

    /// How often what this connection's datagrams told did not add up to what the server says it should be. Each time
    /// everything was asked for anew.
    #[must_use]
    pub fn divergences(&self) -> u64 {
        self.lane.as_ref().map_or(0, LaneEnd::divergences)
    }

    /// Where the avatar will be once the server has applied every input sent: what a player should see of it now. `None`
    /// where there is no avatar, or nothing is known of it yet.
    #[must_use]
    pub fn predicted(&self) -> Option<Predicted> {
        self.prediction.predicted()
    }

    /// How often a prediction was wrong, and by how much. A healthy link causes none; an input that comes too late does, for
    /// the server does not wait for it, and so does whatever changes an avatar's speed.
    #[must_use]
    pub const fn corrections(&self) -> Corrections {
        self.prediction.corrections()
    }

    /// Writes what is around, each thing where it is to be shown now: on its way from the snapshot before the newest to the
    /// newest, one interval between snapshots late. In the order of names. What is not in the newest is gone, and what
    /// moved farther than anyone walks is where it is now.
    pub fn interpolated(&self, out: &mut Vec<Record>) {
        match (&self.interpolation, &self.view.snapshot) {
            (Some(interpolation), Some(_)) => {
                let tick_hz = self.view.session.as_ref().map_or(0, |session| session.tick_hz);
                interpolation.write(self.clock, tick_hz, out);
            }
            (None, Some(snapshot)) => snapshot.records.clone_into(out),
            (_, None) => out.clear(),
        }
    }

    /// Lets `elapsed` time pass, takes in what arrived and tells what changed, in order.
    pub fn poll(&mut self, elapsed: Duration) -> Vec<Change> {
        let mut changes = Vec::new();
        self.poll_into(elapsed, &mut changes);
        changes
    }

    /// As [`Client::poll`], appending to a list that can be used again.
    pub fn poll_into(&mut self, elapsed: Duration, changes: &mut Vec<Change>) {
        self.clock += elapsed;
        self.wire.update(elapsed);
        let state = self.wire.state();
        if state == WireState::Open && self.last_state == WireState::Connecting {
            changes.push(Change::Opened);
        }
        // What came before the end still counts: a settlement may be the last word.
        for _ in 0..MESSAGES_PER_POLL_MAX {
            let Some(bytes) = self.wire.receive() else { break };
            changes.push(self.take(&bytes));
        }
        self.take_datagrams(changes);
        if let WireState::Closed(reason) = state
            && self.last_state != state
        {
            changes.push(Change::Closed(reason));
        }
        self.last_state = state;
        if self.lane.as_ref().is_some_and(|lane| lane.is_up() && lane.is_due(self.clock, true)) {
            self.send_datagram();
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Change {
        let Ok(message) = codec::decode_server(bytes) else {
            self.unreadable_count += 1;
            return Change::Unreadable;
        };
        let is_snapshot = matches!(message, ServerMessage::Snapshot(_));
        if is_snapshot && self.is_on_lane() {
            // Sent before the server knew that this client speaks the lane; that one tells more.
            return Change::Outdated;
        }
        let was_in_match = self.view.current.is_some();
        let change = self.view.apply(message);
        if was_in_match && self.view.current.is_none() {
            self.forget_match();
        }
        match change {
            Change::Welcomed => self.offer_lane(),
            Change::MatchStarted => self.enter_match(),
            Change::PhaseReached(_) => self.note_phase(),
            Change::Saw => self.confirm(0),
            Change::Pong { nonce } => self.time_ping(nonce),
            _ => {}
        }
        change
    }

    fn offer_lane(&mut self) {
        if let Some(lane) = &mut self.lane {
            lane.offer();
        }
    }

    fn take_datagrams(&mut self, changes: &mut Vec<Change>) {
        let mut datagram = std::mem::take(&mut self.datagram);
        for _ in 0..MESSAGES_PER_POLL_MAX {
            if !self.wire.take_lane(&mut datagram) {
                break;
            }
            self.take_datagram(&datagram, changes);
        }
        self.datagram = datagram;
    }

    fn take_datagram(&mut self, datagram: &[u8], changes: &mut Vec<Change>) {
        let Some(lane) = &mut self.lane else { return };
        if self.view.current.is_none() {
            // It is of a match that is over, or of one whose announcement it overtook: unacknowledged, that comes again.
            changes.push(Change::Outdated);
            return;
        }
        let heard = lane.take(datagram);
        match heard {
            Heard::Unreadable => {
                self.unreadable_count += 1;
                changes.push(Change::Unreadable);
                return;
            }
            Heard::Outdated => {
                changes.push(Change::Outdated);
                return;
            }
            Heard::Newest | Heard::Late => {}
        }
        let Some(head) = lane.head().copied() else { return };
        let (tick, events) = lane.events();
        let events = events.to_vec();
        if matches!(heard, Heard::Newest) {
            changes.push(self.view.show(&head, |records| lane.write_records(records)));
            self.confirm(head.interval_ticks);
        }
        if !events.is_empty() {
            changes.push(self.view.happened(tick, events));
        }
    }

    /// Sequences count per match, from 1; the same match announced again goes on counting.
    fn enter_match(&mut self) {
        let Some(current) = &self.view.current else { return };
        if self.numbered_match != Some(current.id) {
            self.numbered_match = Some(current.id);
            self.last_seq = 0;
            self.prediction.clear();
            self.clear_interpolation();
            if let Some(lane) = &mut self.lane {
                lane.begin();
            }
        }
        if self.predicts
            && let Some(current) = &self.view.current
        {
            self.prediction.begin(current.side, &current.obstacles, current.radius);
        }
        self.note_phase();
        self.offer_lane();
    }

    /// Avatars stand still but while the match is live.
    fn note_phase(&mut self) {
        let phase = self.view.current.as_ref().and_then(|current| current.phase);
        self.prediction.live_from(match phase {
            Some(PhaseView { phase: MatchPhase::Deploy, ends_tick, .. }) => Some(ends_tick),
            Some(PhaseView { phase: MatchPhase::Live, tick, .. }) => Some(tick),
            Some(PhaseView { phase: MatchPhase::Over, .. }) | None => None,
        });
    }

    fn forget_match(&mut self) {
        self.has_steered = false;
        self.prediction.clear();
        self.clear_interpolation();
    }

    fn clear_interpolation(&mut self) {
        if let Some(interpolation) = &mut self.interpolation {
            interpolation.clear();
        }
    }

    /// Forgets inputs the server has applied. After a reconnect it knows of more than this client does.
    fn confirm(&mut self, interval_ticks: u8) {
        self.snapshot_count += 1;
        let Some(snapshot) = &self.view.snapshot else { return };
        self.prediction.confirm(snapshot.tick, snapshot.input_seq, snapshot.own.as_ref());
        self.last_seq = self.last_seq.max(snapshot.input_seq);
        if let Some(interpolation) = &mut self.interpolation {
            interpolation.take(&snapshot.records, snapshot.tick, interval_ticks, self.clock);
        }
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
    /// go along, so that lost datagrams lose no input. On the datagram lane everything leaves with the next
    /// [`Client::flush`], so that who flushes every third tick sends a datagram every third tick.
    pub fn steer(&mut self, steering: Steering) -> u32 {
        let seq = self.next_seq();
        let Steering { walk, pace, aim, ability } = steering;
        let ability = if ability <= Input::ABILITY_MAX { ability } else { 0 };
        self.prediction.steer(Input { seq, walk, pace: pace.min(Input::PACE_MAX), aim, ability });
        self.has_steered = true;
        if !self.is_on_lane() {
            let surplus = self.prediction.unconfirmed_count().saturating_sub(limits::INPUTS_PER_BATCH_MAX);
            let batch = self.prediction.unconfirmed().skip(surplus).collect();
            self.wire.send(Lane::Unreliable, codec::encode(&ClientMessage::Inputs { batch }));
        }
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
        let in_match = self.view.current.is_some();
        let is_due = |lane: &LaneEnd| (lane.is_up() && self.has_steered) || lane.is_due(self.clock, in_match);
        if self.lane.as_ref().is_some_and(is_due) {
            self.send_datagram();
        }
        self.has_steered = false;
        self.wire.flush();
    }

    fn send_datagram(&mut self) {
        let Some(lane) = &mut self.lane else { return };
        if self.wire.state() != WireState::Open {
            return;
        }
        lane.write(self.prediction.unconfirmed(), self.clock, &mut self.datagram);
        self.wire.send_lane(&self.datagram);
    }

    /// Ends the connection. A match under way goes on without this client.
    pub fn close(&mut self) {
        self.wire.close();
    }
}
