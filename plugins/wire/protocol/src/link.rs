//! What passes between an edge (a thread that owns sockets) and the tick: plain values through bounded queues.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

mod datagrams;
mod lent;

pub use datagrams::{DatagramBatch, DatagramBox};
pub use lent::LentLink;

use crate::ids::{AccountId, CharacterId, ConnectionId, SessionId};
use crate::limits;

/// The three channels every client has: renet's own defaults, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Channel 0: may be lost, repeated or reordered. Snapshots and inputs.
    Unreliable,
    /// Channel 1: arrives once, in any order.
    ReliableUnordered,
    /// Channel 2: arrives once, in order. Everything else.
    ReliableOrdered,
}

/// How much it matters that something arrives; drops are counted per class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Connections, settlements, errors: losing one breaks a promise.
    Critical,
    /// Acts and events of the game.
    Gameplay,
    /// Snapshots and inputs: the next one replaces the last.
    Cosmetic,
}

impl Class {
    /// How many classes there are.
    pub const COUNT: usize = 3;
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The peer said so.
    ByPeer,
    /// Nothing heard for the time the token allows.
    TimedOut,
    /// It sent what no honest client sends.
    Hostile,
    /// A reliable channel is full: the peer does not read.
    Congested,
    /// The account's other connection counts: a later one, or an earlier one where that is the rule.
    TakenOver,
    /// This server ends it, or ends itself.
    ByServer,
    /// There is no room now, or nobody can say who it is: another try may work.
    TryLater,
}

impl CloseReason {
    /// Every reason, in the order of their declaration.
    pub const ALL: [Self; 7] =
        [Self::ByPeer, Self::TimedOut, Self::Hostile, Self::Congested, Self::TakenOver, Self::ByServer, Self::TryLater];

    /// The reason as counters name it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ByPeer => "by_peer",
            Self::TimedOut => "timed_out",
            Self::Hostile => "hostile",
            Self::Congested => "congested",
            Self::TakenOver => "taken_over",
            Self::ByServer => "by_server",
            Self::TryLater => "try_later",
        }
    }
}

/// The number that a client gave its request, so that it knows the answer by it. Only an edge whose messages have room for one
/// carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// All queues between the edges and the tick. Cloning shares them.
#[derive(Clone, Debug)]
pub struct EdgeLink {
    /// Connections that come and go, and whole messages.
    pub incoming: Arc<ClassQueue<FromEdge>>,
    /// What clients sent on the datagram lane, decrypted.
    pub datagrams: Arc<DatagramBox>,
    /// The way out, one for each worker of the edge: see [`EdgeLink::out`].
    pub workers: Arc<[ToWorker]>,
}

/// The way to one worker of an edge.
#[derive(Debug)]
pub struct ToWorker {
    /// Whole messages and closes.
    pub frames: ClassQueue<ToEdge>,
    /// What leaves on the datagram lane; the newest batch is worth the most.
    pub datagrams: DatagramBox,
    /// Its clients are shown no state.
    is_wordy: AtomicBool,
}

impl ToWorker {
    /// Whether its clients are shown state: snapshots, and what passes with them. Those of an edge of words alone are not.
    #[must_use]
    pub fn shows_state(&self) -> bool {
        !self.is_wordy.load(Ordering::Relaxed)
    }
}

impl EdgeLink {
    /// Queues of an edge with so many workers (at least one), at most `class_items_max` frames in each class.
    ///
    /// # Panics
    /// Where there are more workers than [`ConnectionId::WORKERS_MAX`].
    #[must_use]
    pub fn new(workers_count: usize, class_items_max: usize) -> Self {
        let worker = |_| ToWorker {
            frames: ClassQueue::new(class_items_max),
            datagrams: DatagramBox::new(limits::DATAGRAM_BOX_BYTES_MAX),
            is_wordy: AtomicBool::new(false),
        };
        assert!(workers_count <= ConnectionId::WORKERS_MAX, "names have no room for {workers_count} workers");
        Self {
            incoming: Arc::new(ClassQueue::new(class_items_max)),
            datagrams: Arc::new(DatagramBox::new(limits::DATAGRAM_BOX_BYTES_MAX)),
            workers: (0..workers_count.max(1)).map(worker).collect(),
        }
    }

    /// The worker that owns a connection, by its place in [`EdgeLink::workers`].
    #[must_use]
    pub fn worker_of(&self, connection: ConnectionId) -> usize {
        connection.worker() % self.workers.len()
    }

    /// The way to the owner of a connection.
    #[must_use]
    pub fn out(&self, connection: ConnectionId) -> &ToWorker {
        &self.workers[self.worker_of(connection)]
    }
}

/// From an edge to the tick.
#[derive(Debug)]
pub enum FromEdge {
    /// A handshake is complete; the ticket was sealed by this deployment's key.
    Opened {
        /// The edge's name for it.
        connection: ConnectionId,
        /// The netcode client id.
        session: SessionId,
        /// Who it is.
        ticket: SessionTicket,
        /// The number of its hello, where the edge has read that already: a refusal answers it.
        hello: Option<RequestId>,
    },
    /// One whole message.
    Frame {
        /// Who sent it.
        connection: ConnectionId,
        /// Over which channel.
        lane: Lane,
        /// The message, not yet decoded.
        bytes: Vec<u8>,
        /// What its answer is to be known by, where its client wants that.
        request: Option<RequestId>,
    },
    /// Nothing was heard of it for [`crate::limits::QUIET_AFTER_MS`], or something is again.
    Quiet {
        /// The connection.
        connection: ConnectionId,
        /// Whether it is silent now.
        is_quiet: bool,
    },
    /// The connection is gone; nothing more comes from it.
    Closed {
        /// The connection that ended.
        connection: ConnectionId,
        /// What ended it.
        reason: CloseReason,
    },
}

/// From the tick to an edge.
#[derive(Debug)]
pub enum ToEdge {
    /// Send one message.
    Frame {
        /// To whom; unknown ones are ignored (it may just have closed).
        connection: ConnectionId,
        /// Over which channel.
        lane: Lane,
        /// The encoded message.
        bytes: Vec<u8>,
        /// The request that it answers, where that had a number.
        answers: Option<RequestId>,
    },
    /// End a connection after sending what waits for it.
    Close {
        /// The connection to end.
        connection: ConnectionId,
        /// Why the host ends it.
        reason: CloseReason,
    },
    /// Find out whether somebody is still there: where nothing is heard from now on, [`FromEdge::Quiet`] is the answer. An edge
    /// whose clients speak all the time anyway need do nothing.
    Probe {
        /// The connection in question.
        connection: ConnectionId,
    },
}

impl ToEdge {
    /// Whose connection it is about.
    #[must_use]
    pub const fn connection(&self) -> ConnectionId {
        match self {
            Self::Frame { connection, .. } | Self::Close { connection, .. } | Self::Probe { connection } => *connection,
        }
    }
}

/// Who a connect token was issued to: the first bytes of netcode's 256 bytes of user data, the rest zero.
///
/// Layout: account id (8 bytes, little endian), name length (1 byte), name (UTF-8), character id (8 bytes, little endian; 0: none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTicket {
    /// The account that asked for the token.
    pub account: AccountId,
    /// Its name, or that of the character, shown to others.
    pub name: String,
    /// The character that it plays.
    pub character: Option<CharacterId>,
}

/// Bytes of netcode's user data.
pub const USER_DATA_BYTES: usize = 256;

impl SessionTicket {
    /// Lays the ticket out as user data. A name beyond [`limits::NAME_BYTES_MAX`] is cut at a character.
    #[must_use]
    pub fn to_user_data(&self) -> [u8; USER_DATA_BYTES] {
        let mut data = [0; USER_DATA_BYTES];
        let length = self.name.floor_char_boundary(limits::NAME_BYTES_MAX);
        data[..8].copy_from_slice(&self.account.0.to_le_bytes());
        data[8] = length as u8;
        data[9..9 + length].copy_from_slice(&self.name.as_bytes()[..length]);
        let character = self.character.map_or(0, |character| character.0);
        data[9 + length..17 + length].copy_from_slice(&character.to_le_bytes());
        data
    }

    /// Reads a ticket back; `None` where the bytes are none of ours.
    #[must_use]
    pub fn from_user_data(data: &[u8; USER_DATA_BYTES]) -> Option<Self> {
        let account = AccountId(u64::from_le_bytes(data[..8].try_into().ok()?));
        let length = usize::from(data[8]);
        if length > limits::NAME_BYTES_MAX {
            return None;
        }
        let name = std::str::from_utf8(data.get(9..9 + length)?).ok()?.to_owned();
        let character = u64::from_le_bytes(data.get(9 + length..17 + length)?.try_into().ok()?);
        Some(Self { account, name, character: (character != 0).then_some(CharacterId(character)) })
    }
}

/// A bounded queue with a lane per [`Class`]: the reader gets critical first, and a full class drops only itself.
#[derive(Debug)]
pub struct ClassQueue<T> {
    lanes: Mutex<Lanes<T>>,
    class_items_max: usize,
}

#[derive(Debug)]
struct Lanes<T> {
    waiting: [VecDeque<T>; Class::COUNT],
    dropped: [u64; Class::COUNT],
}

impl<T> Lanes<T> {
    fn append(&mut self, class: Class, item: T, items_max: usize) -> Result<(), T> {
        let lane = &mut self.waiting[class as usize];
        if lane.len() >= items_max {
            return Err(item);
        }
        lane.push_back(item);
        Ok(())
    }
}

impl<T> ClassQueue<T> {
    /// A queue of at most `class_items_max` items per class.
    #[must_use]
    pub fn new(class_items_max: usize) -> Self {
        let lanes = Lanes { waiting: [const { VecDeque::new() }; Class::COUNT], dropped: [0; Class::COUNT] };
        Self { lanes: Mutex::new(lanes), class_items_max }
    }

    fn lanes(&self) -> parking_lot::MutexGuard<'_, Lanes<T>> {
        // A poisoned queue still holds whole items: a panic elsewhere is no reason to lose them.
        self.lanes.lock()
    }

    /// Appends an item, or hands it back and counts the drop where its class is full.
    ///
    /// # Errors
    /// The item itself.
    pub fn push(&self, class: Class, item: T) -> Result<(), T> {
        let mut lanes = self.lanes();
        let pushed = lanes.append(class, item, self.class_items_max);
        lanes.dropped[class as usize] += u64::from(pushed.is_err());
        pushed
    }

    /// As [`Self::push`], for whoever keeps what finds no room and offers it again: that is no drop.
    ///
    /// # Errors
    /// The item itself.
    pub fn offer(&self, class: Class, item: T) -> Result<(), T> {
        self.lanes().append(class, item, self.class_items_max)
    }

    /// Moves at most `items_max` items to `out`, the critical ones first.
    pub fn drain_into(&self, out: &mut Vec<T>, items_max: usize) {
        let mut lanes = self.lanes();
        let mut left = items_max;
        for lane in &mut lanes.waiting {
            let take = left.min(lane.len());
            out.extend(lane.drain(..take));
            left -= take;
        }
    }

    /// Items dropped so far, per class.
    #[must_use]
    pub fn dropped(&self) -> [u64; Class::COUNT] {
        self.lanes().dropped
    }
}
