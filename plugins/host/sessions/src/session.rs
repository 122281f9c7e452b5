//! What a session is: components of one entity of the host world.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use bevy_ecs::prelude::{Bundle, Component, Entity, Resource};
use bevy_ecs::query::QueryData;
use hypogeum_content::Id;
use hypogeum_progression::Profile;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{AccountId, ClientMessage, ConnectionId, Seat, SessionId};
use hypogeum_shard::ModeRule;

use crate::datagrams::OnLane;
use crate::meter::Meter;
use crate::steering::Steering;

/// Whose session it is.
#[derive(Component, Clone, Debug)]
pub(crate) struct Who {
    pub(crate) session: SessionId,
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

/// The connection behind it, if there is one now.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(crate) struct Presence {
    pub(crate) connection: Option<ConnectionId>,
    /// The hello of this connection was accepted.
    pub(crate) greeted: bool,
    /// Host tick the connection came.
    pub(crate) since: u64,
    /// Host tick the last connection went.
    pub(crate) away_since: Option<u64>,
    /// Its edge has heard nothing of the connection for a while.
    pub(crate) is_quiet: bool,
    /// The connection is to be closed at the end of this stage, for this reason.
    pub(crate) closing: Option<CloseReason>,
}

impl Presence {
    pub(crate) fn of(connection: ConnectionId, tick: u64) -> Self {
        Self { connection: Some(connection), since: tick, ..Self::default() }
    }

    /// The connection to talk to: there, and greeted.
    pub(crate) fn listening(&self) -> Option<ConnectionId> {
        self.connection.filter(|_| self.greeted && self.closing.is_none())
    }
}

/// Where on its way it is.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Has not said hello.
    Arriving,
    /// Has said hello; its profile is on its way.
    Loading,
    /// May queue.
    Idle,
    /// Waits for a lobby.
    Queued {
        mode: Id<ModeRule>,
        /// The session that joined: a place in line outlives its connection.
        ticket: SessionId,
        told_tick: u64,
    },
    /// Chooses what to bring.
    Loadout { lobby: Entity },
    /// Plays, or waits for what it got.
    InMatch { game: Entity, seat: Seat },
}

/// What is kept of the account, as last read.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Kept(pub(crate) Option<Box<Profile>>);

/// Frames that came and wait their turn.
#[derive(Component, Debug, Default)]
pub(crate) struct Frames(pub(crate) VecDeque<Vec<u8>>);

/// This tick's messages, each with its tag on the wire.
#[derive(Component, Debug, Default)]
pub(crate) struct Mail(pub(crate) Vec<(u8, ClientMessage)>);

/// Everything a session entity has.
#[derive(Bundle)]
pub(crate) struct SessionBundle {
    pub(crate) who: Who,
    pub(crate) presence: Presence,
    pub(crate) stage: Stage,
    pub(crate) kept: Kept,
    pub(crate) frames: Frames,
    pub(crate) mail: Mail,
    pub(crate) meter: Meter,
    pub(crate) steering: Steering,
    pub(crate) on_lane: OnLane,
}

/// A session as systems see it.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct Session {
    pub(crate) who: &'static Who,
    pub(crate) presence: &'static mut Presence,
    pub(crate) stage: &'static mut Stage,
    pub(crate) kept: &'static mut Kept,
    pub(crate) meter: &'static mut Meter,
    pub(crate) steering: &'static mut Steering,
}

/// Hashes names that this server gives out: nobody else chooses them, so none can be chosen to fall together.
#[derive(Debug, Default)]
pub(crate) struct OwnNameHasher(u64);

impl Hasher for OwnNameHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        // 2^64 over the golden ratio, and both halves of the product: tables go by the lowest bits and by the highest.
        let product = u128::from(self.0 ^ number) * 0x9E37_79B9_7F4A_7C15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map by connections or accounts, which are looked up for everyone in every tick.
type ByName<K> = HashMap<K, Entity, BuildHasherDefault<OwnNameHasher>>;

/// Who is where.
#[derive(Resource, Debug, Default)]
pub(crate) struct SessionIndex {
    pub(crate) by_connection: ByName<ConnectionId>,
    pub(crate) by_account: ByName<AccountId>,
    /// Seats of running matches and lobbies, whether or not their account has a session now.
    pub(crate) seats: BTreeMap<AccountId, Stage>,
}
