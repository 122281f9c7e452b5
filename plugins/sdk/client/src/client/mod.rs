//! A client: a wire, a view, and the numbering of what it sends. What it hears is in `hear.rs`, what it says in `say.rs`,
//! and how the ground comes in in `ground.rs`.

mod ground;
mod hear;
mod say;

use std::collections::VecDeque;
use std::time::Duration;

use hypogeum_protocol::{MatchId, Record};

use crate::chunk_cache::ChunkCache;
use crate::interpolation::Interpolation;
use crate::lane::{LaneEnd, LaneLoss};
use crate::prediction::{Corrections, Predicted, Prediction};
use crate::view::View;
use crate::wire::{Traffic, Wire, WireState};

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

/// One player's end. Call [`Client::poll`] often, [`Client::steer`] once per step of the match ([`View::tick_hz`] of
/// them a second), and [`Client::flush`] after that.
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
    /// Of connections before this one.
    earlier_loss: LaneLoss,
    /// Inputs that leave with the next flush.
    has_steered: bool,
    /// Inputs the server has not confirmed, and where they lead.
    prediction: Prediction,
    predicts: bool,
    interpolation: Option<Interpolation>,
    /// Chunks of ground that need not be asked for.
    chunks: ChunkCache,
    chunk_asks: ground::ChunkAsks,
    /// The ground has changed since it was predicted on.
    is_ground_new: bool,
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
            earlier_loss: LaneLoss::default(),
            has_steered: false,
            prediction: Prediction::default(),
            predicts: true,
            interpolation: Some(Interpolation::default()),
            chunks: ChunkCache::default(),
            chunk_asks: ground::ChunkAsks::default(),
            is_ground_new: false,
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

    /// Goes on over another wire after the old one ended, which is returned. Say hello again once [`crate::Change::Opened`]
    /// comes. A match the account is in is announced again and goes on as the view shows it; inputs are numbered on from
    /// where they were, so that the server takes none of the old connection's for new. What was not confirmed is given up:
    /// nobody steers an avatar by what was meant before the connection broke.
    pub fn resume(&mut self, wire: W) -> W {
        self.last_state = WireState::Connecting;
        self.view.disconnect();
        self.earlier_loss = self.lane_loss();
        self.lane = self.lane.is_some().then(LaneEnd::default);
        self.has_steered = false;
        self.prediction.clear();
        self.forget_chunk_asks();
        self.pings.clear();
        std::mem::replace(&mut self.wire, wire)
    }

    /// What the server told so far.
    #[must_use]
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// What it speaks over.
    #[must_use]
    pub const fn wire(&self) -> &W {
        &self.wire
    }

    /// The same, to be told what a client does not know of, such as another access token.
    pub const fn wire_mut(&mut self) -> &mut W {
        &mut self.wire
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

    /// Whether it watches the rest of a match by the eyes of another.
    #[must_use]
    pub fn is_watching(&self) -> bool {
        self.view.current.as_ref().is_some_and(|current| current.is_watched)
    }

    /// Whether the server speaks the datagram lane on this connection, as far as is known.
    #[must_use]
    pub fn is_on_lane(&self) -> bool {
        self.lane.as_ref().is_some_and(LaneEnd::is_up)
    }

    /// Datagrams that the server sent on the lane in its matches, and those of them that never came, over all connections.
    #[must_use]
    pub fn lane_loss(&self) -> LaneLoss {
        let mut loss = self.earlier_loss;
        loss += self.lane.as_ref().map(LaneEnd::loss).unwrap_or_default();
        loss
    }

    /// How often what this connection's datagrams told did not add up to what the server says it should be. Each time
    /// everything was asked for again.
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
                interpolation.write(self.clock, self.view.tick_hz(), out);
            }
            (None, Some(snapshot)) => snapshot.records.clone_into(out),
            (_, None) => out.clear(),
        }
    }
}
