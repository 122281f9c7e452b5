//! What a session is: components of one entity of the host world.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use bevy_ecs::prelude::{Bundle, Component, Entity, Resource};
use bevy_ecs::query::QueryData;
use hypogeum_locale::LocaleId;
use hypogeum_progression::Profile;
use hypogeum_protocol::link::{CloseReason, RequestId};
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, ClientMessage, ConnectionId, MatchId, Seat, SessionId,
};

use crate::about::About;
use crate::datagrams::DatagramLane;
use crate::meter::Meter;
use crate::steering::Steering;

/// Whose session it is.
#[derive(Component, Clone, Debug)]
pub struct Who {
    /// Names the connection of the session for people; it changes with each.
    pub session: SessionId,
    /// The account: a session is the presence of one.
    pub account: AccountId,
    /// As others are shown it.
    pub name: String,
    /// The character that it plays; `None`: it plays under its account's name.
    pub character: Option<CharacterId>,
}

/// The connection behind a session, if there is one now.
#[derive(Component, Clone, Copy, Debug)]
pub struct Presence {
    /// The connection that is there now; `None` while it is away.
    pub connection: Option<ConnectionId>,
    /// The hello of this connection was accepted.
    pub greeted: bool,
    /// The protocol that its client speaks, once it is greeted.
    pub(crate) protocol_version: u16,
    /// What a welcome answers.
    pub(crate) hello: About,
    /// Host tick the connection came.
    pub(crate) since: u64,
    /// Host tick the last connection went.
    pub away_since: Option<u64>,
    /// Its edge has received nothing on the connection for a while.
    pub(crate) is_quiet: bool,
    /// The connection is gone, for this reason. What was said on it before is still handled in this tick; then it parts.
    pub(crate) ended: Option<CloseReason>,
    /// The connection is to be closed, for this reason: in the next Route stage, after whatever was sent to it.
    pub closing: Option<CloseReason>,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            connection: None,
            greeted: false,
            protocol_version: 0,
            hello: About::NOTHING,
            since: 0,
            away_since: None,
            is_quiet: false,
            ended: None,
            closing: None,
        }
    }
}

impl Presence {
    pub(crate) fn of(connection: ConnectionId, tick: u64) -> Self {
        Self { connection: Some(connection), since: tick, ..Self::default() }
    }

    /// The connection to talk to: there, and greeted.
    pub fn listening(&self) -> Option<ConnectionId> {
        self.connection.filter(|_| self.greeted && self.closing.is_none() && self.ended.is_none())
    }
}

/// In which locale it reads what is said to it in words: what its client wished in its hello.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionLocale(pub LocaleId);

/// Where on its way a session is. The crate that gives it a place in a line, a lobby or a shard writes that here, and takes it away again.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Has not said hello.
    Arriving,
    /// Has said hello; its profile is on its way.
    Loading,
    /// May ask for something to play.
    Idle,
    /// Waits in a line. A place in line outlives a link that broke.
    Queued,
    /// Has a place in what is about to begin: an entity of the host. The place outlives the session.
    Joining {
        /// The entity of what is about to begin.
        lobby: Entity,
    },
    /// Has a seat in a shard, or waits for what it got there. The seat outlives the session.
    Playing {
        /// The entity of the shard.
        shard: Entity,
        /// The seat it has there.
        seat: Seat,
    },
}

impl Stage {
    /// Whether this is a seat in this very shard: an account whose match waits for a restart may play in another meanwhile.
    #[must_use]
    pub fn is_in(&self, entity: Entity) -> bool {
        matches!(self, Self::Playing { shard, .. } if *shard == entity)
    }

    /// Whether one has nothing to do here now, and so may watch what others do.
    #[must_use]
    pub const fn may_watch(&self) -> bool {
        matches!(self, Self::Idle | Self::Queued)
    }
}

/// What clients call a lobby or shard in which they have a place: the `current_match` of their welcome.
#[derive(Component, Clone, Copy, Debug)]
pub struct CurrentMatch(pub MatchId);

/// What the session knows of its account.
#[derive(Component, Clone, Debug, Default)]
pub struct CachedAccount {
    /// As last read.
    pub profile: Option<Box<Profile>>,
    /// The character it plays, as last read; `None` where it plays none, or that was deleted.
    pub character: Option<CharacterSheet>,
    /// Matches and visits whose report was sent on this connection and is not acknowledged.
    pub(crate) sent: Vec<MatchId>,
    /// Those it has acknowledged: a profile that was requested before may still list them.
    pub(crate) acknowledged: Vec<MatchId>,
}

/// Frames that came and wait their turn.
#[derive(Component, Debug, Default)]
pub(crate) struct Frames(pub(crate) VecDeque<Inbound>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Inbound {
    pub(crate) bytes: Vec<u8>,
    pub(crate) request: Option<RequestId>,
}

/// This tick's messages, each with what its answer is about.
#[derive(Component, Debug, Default)]
pub(crate) struct InboundMessages(pub(crate) Vec<(About, ClientMessage)>);

/// Everything a session entity has.
#[derive(Bundle)]
pub(crate) struct SessionBundle {
    pub(crate) who: Who,
    pub(crate) presence: Presence,
    pub(crate) stage: Stage,
    pub(crate) locale: SessionLocale,
    pub(crate) cached: CachedAccount,
    pub(crate) frames: Frames,
    pub(crate) inbound: InboundMessages,
    pub(crate) meter: Meter,
    pub(crate) steering: Steering,
    pub(crate) datagram_lane: DatagramLane,
}

/// A session as systems see it.
#[derive(QueryData)]
#[query_data(mutable)]
pub struct Session {
    /// Whose it is.
    pub who: &'static Who,
    /// Whether it is connected, and since when it is not.
    pub presence: &'static mut Presence,
    /// Where it is.
    pub stage: &'static mut Stage,
    /// In which locale it reads.
    pub locale: &'static mut SessionLocale,
    /// What its account has.
    pub cached: &'static mut CachedAccount,
    /// What it has asked for lately.
    pub meter: &'static mut Meter,
    /// Inputs that wait for their ticks.
    pub steering: &'static mut Steering,
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
pub struct SessionIndex {
    pub(crate) by_connection: ByName<ConnectionId>,
    pub(crate) by_account: ByName<AccountId>,
    places: BTreeMap<AccountId, Stage>,
}

impl SessionIndex {
    /// The session of an account.
    #[must_use]
    pub fn session_of(&self, account: AccountId) -> Option<Entity> {
        self.by_account.get(&account).copied()
    }

    /// The place in a lobby or shard that an account has, whether or not it has a session now.
    #[must_use]
    pub fn place_of(&self, account: AccountId) -> Option<Stage> {
        self.places.get(&account).copied()
    }

    /// Keeps a place for an account: its next session is there from the beginning.
    pub fn keep_place(&mut self, account: AccountId, place: Stage) {
        self.places.insert(account, place);
    }

    /// Keeps a place for an account that has none.
    pub fn keep_first_place(&mut self, account: AccountId, place: Stage) {
        self.places.entry(account).or_insert(place);
    }

    /// Forgets the place of an account.
    pub fn forget_place(&mut self, account: AccountId) {
        self.places.remove(&account);
    }
}
