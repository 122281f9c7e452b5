//! What an edge counts instead of logging: traffic, connections, and why datagrams and messages were dropped.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use hypogeum_protocol::link::CloseReason;

macro_rules! drop_reasons {
    ($($(#[$meta:meta])* $name:ident = $label:literal),* $(,)?) => {
        /// Why something that arrived, or should have left, went nowhere.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum DropReason {
            $($(#[$meta])* $name),*
        }

        impl DropReason {
            /// Every reason, in the order of their counters.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The reason as metrics name it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label),*
                }
            }
        }
    };
}

drop_reasons! {
    /// Longer than any datagram of the standard.
    Oversized = "oversized",
    /// Shorter than its kind must be, or of a length its kind never has.
    Truncated = "truncated",
    /// The low bits of the first byte name no kind of packet, or its sequence has more than eight bytes.
    UnknownKind = "unknown_kind",
    /// A connection request of another version of the standard.
    WrongVersion = "wrong_version",
    /// A connection request for another game.
    WrongProtocol = "wrong_protocol",
    /// The connect token has expired.
    TokenExpired = "token_expired",
    /// The connect token was not sealed by our key, or was changed since.
    TokenForged = "token_forged",
    /// The connect token was issued for another server.
    TokenElsewhere = "token_elsewhere",
    /// The connect token was used before: from another address, or for a connection that stood.
    TokenReused = "token_reused",
    /// That client id or address is connected already; the standard ignores the request.
    AlreadyConnected = "already_connected",
    /// From an address whose connections were closed for what they sent, before its time to wait was over.
    HeldOff = "held_off",
    /// Too many handshakes at once: over the budget of a second, or no room to remember one more.
    HandshakesBusy = "handshakes_busy",
    /// No free place; the peer was told.
    ServerFull = "server_full",
    /// Not a request, and from an address nobody is connected from.
    Stray = "stray",
    /// Does not decrypt under the connection's key.
    Forged = "forged",
    /// The sequence was seen before or is too old to tell.
    Replayed = "replayed",
    /// Genuine, but means nothing in this state of the connection.
    Unexpected = "unexpected",
    /// The token's user data is no session ticket of this deployment.
    TicketUnreadable = "ticket_unreadable",
    /// A genuine payload whose lane byte nobody speaks.
    UnknownLane = "unknown_lane",
    /// A genuine payload that no honest client sends; its connection was closed.
    Hostile = "hostile",
    /// Reordered so far, or into so many gaps, that it counts as lost.
    Reordered = "reordered",
    /// An unreliable message beyond what one connection may send per tick.
    Throttled = "throttled",
    /// What is to take it does not keep up: the tick with its queue, a client with its datagram lane.
    QueueFull = "queue_full",
    /// A message to a connection that is gone.
    ConnectionGone = "connection_gone",
    /// A message of ours too large for its lane, or a full send channel.
    Unsendable = "unsendable",
    /// The socket refused a datagram of ours.
    SendFailed = "send_failed",
}

/// Counters of one edge; written by its threads, read by anyone.
#[derive(Debug, Default)]
pub struct Counters {
    datagrams_in: AtomicU64,
    datagrams_out: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    connections_opened: AtomicU64,
    connections_closed: AtomicU64,
    closes: [AtomicU64; CloseReason::ALL.len()],
    drops: [AtomicU64; DropReason::ALL.len()],
}

impl Counters {
    /// Adds what was counted elsewhere: once per round instead of once per datagram.
    pub fn add(&self, tally: &CountersSnapshot) {
        let add = |counter: &AtomicU64, count: u64| {
            if count > 0 {
                counter.fetch_add(count, Relaxed);
            }
        };
        add(&self.datagrams_in, tally.datagrams_in);
        add(&self.datagrams_out, tally.datagrams_out);
        add(&self.bytes_in, tally.bytes_in);
        add(&self.bytes_out, tally.bytes_out);
        add(&self.connections_opened, tally.connections_opened);
        add(&self.connections_closed, tally.connections_closed);
        for (counter, count) in self.closes.iter().zip(tally.closes) {
            add(counter, count);
        }
        for (counter, count) in self.drops.iter().zip(tally.drops) {
            add(counter, count);
        }
    }

    /// A copy of all values. They are read one by one, so two of them may be a datagram apart.
    #[must_use]
    pub fn snapshot(&self) -> CountersSnapshot {
        CountersSnapshot {
            datagrams_in: self.datagrams_in.load(Relaxed),
            datagrams_out: self.datagrams_out.load(Relaxed),
            bytes_in: self.bytes_in.load(Relaxed),
            bytes_out: self.bytes_out.load(Relaxed),
            connections_opened: self.connections_opened.load(Relaxed),
            connections_closed: self.connections_closed.load(Relaxed),
            closes: std::array::from_fn(|index| self.closes[index].load(Relaxed)),
            drops: std::array::from_fn(|index| self.drops[index].load(Relaxed)),
        }
    }
}

/// [`Counters`] at one moment. All are totals since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountersSnapshot {
    /// Datagrams received, dropped ones included.
    pub datagrams_in: u64,
    /// Datagrams sent, those of handshakes included.
    pub datagrams_out: u64,
    /// Bytes of UDP payload received.
    pub bytes_in: u64,
    /// Bytes of UDP payload sent.
    pub bytes_out: u64,
    /// Connections that were opened: handshakes that were completed.
    pub connections_opened: u64,
    /// Connections that ended, for whatever reason.
    pub connections_closed: u64,
    closes: [u64; CloseReason::ALL.len()],
    drops: [u64; DropReason::ALL.len()],
}

impl CountersSnapshot {
    /// Counts a datagram that arrived.
    pub fn count_in(&mut self, bytes: usize) {
        self.datagrams_in += 1;
        self.bytes_in += bytes as u64;
    }

    /// Counts a datagram that left.
    pub fn count_out(&mut self, bytes: usize) {
        self.datagrams_out += 1;
        self.bytes_out += bytes as u64;
    }

    /// Counts a connection that ended.
    pub fn count_close(&mut self, reason: CloseReason) {
        self.connections_closed += 1;
        self.closes[reason as usize] += 1;
    }

    /// Counts what went nowhere.
    pub fn count_drop(&mut self, reason: DropReason) {
        self.drops[reason as usize] += 1;
    }

    /// How many connections ended for `reason`.
    #[must_use]
    pub fn closed(&self, reason: CloseReason) -> u64 {
        self.closes[reason as usize]
    }

    /// How often something was dropped for `reason`.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.drops[reason as usize]
    }

    /// Drops of every reason together.
    #[must_use]
    pub fn dropped_in_all(&self) -> u64 {
        self.drops.iter().sum()
    }
}
