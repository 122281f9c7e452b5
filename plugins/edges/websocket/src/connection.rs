//! One connection of an edge.

use std::sync::Arc;
use std::time::Duration;

use hypogeum_envelope::{Codec, Decoder, FrameLimits, Opcode, Payload, write_frame};
use hypogeum_metering::{Rate, TokenBucket};
use hypogeum_protocol::link::FromEdge;
use hypogeum_protocol::{AccountId, ConnectionId, limits};
use mio::net::TcpStream;

use crate::CloseCode;
use crate::door::Permit;
use crate::doorkeeper::Doorkeeper;
use crate::hello::Asking;
use crate::outbox::{Full, Outbox};
use crate::transport::Transport;

/// Messages and pings of one connection: as many as over UDP. Those beyond wait in the socket.
pub(crate) const MESSAGES: Rate = Rate {
    per_s: 30 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32,
    burst: 3 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32,
};
/// State frames of one connection: twice what the fastest client sends, as over UDP. Those beyond are dropped: the next one
/// replaces them.
pub(crate) const DATAGRAMS: Rate = Rate { per_s: 120, burst: 16 };
/// Renewals of one connection: an honest client needs one in a quarter of an hour. A token costs a signature's check.
pub(crate) const RENEWALS: Rate = Rate { per_s: 1, burst: 4 };

/// A connection as its worker sees it.
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) stream: TcpStream,
    pub(crate) transport: Transport,
    pub(crate) codec: Codec,
    pub(crate) decoder: Decoder,
    pub(crate) outbox: Outbox,
    pub(crate) stage: Stage,
    pub(crate) doorkeeper: Arc<dyn Doorkeeper>,
    pub(crate) messages: TokenBucket,
    pub(crate) datagrams: TokenBucket,
    pub(crate) renewals: TokenBucket,
    /// A message that the tick's queue had no room for.
    pub(crate) held: Option<FromEdge>,
    pub(crate) malformed: u32,
    /// What the doorkeeper is asked.
    pub(crate) asking: Option<Box<Asking>>,
    /// How often it was asked: the number of the last question.
    pub(crate) asked_count: u32,
    /// Whose it is, once that is known.
    pub(crate) account: Option<AccountId>,
    /// When its token ends.
    pub(crate) expires_at: Duration,
    pub(crate) came_at: Duration,
    pub(crate) pinged_at: Duration,
    /// The first ping after which nothing has come.
    pub(crate) unanswered_since: Option<Duration>,
    /// The tick was told that nothing is heard of it.
    pub(crate) is_quiet: bool,
    /// Its client sends nothing more: the end is to be read.
    pub(crate) has_ended: bool,
    /// Nothing more is written to it, and the system knows.
    pub(crate) is_shut: bool,
    /// In the list of those to be written to.
    pub(crate) is_fresh: bool,
    /// In the list of those that have more to be read.
    pub(crate) is_waiting: bool,
    /// Its place. Held for as long as the socket is open.
    _permit: Permit,
}

/// Where on its way a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Has not said hello.
    Arriving,
    /// Has said hello; the doorkeeper is asked, and nothing more is read.
    Checking,
    /// The tick knows it.
    Open,
    /// It is told so, and may read that. Nothing more is taken from it.
    Closing {
        /// The code that its client is told.
        code: CloseCode,
        /// When it is closed without having read it.
        until: Duration,
        /// Its client has said so, too.
        is_mutual: bool,
    },
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        (stream, transport, codec): (TcpStream, Transport, Codec),
        frames: FrameLimits,
        (doorkeeper, permit): (Arc<dyn Doorkeeper>, Permit),
        now: Duration,
    ) -> Self {
        Self {
            id,
            stream,
            transport,
            codec,
            decoder: Decoder::new(frames),
            outbox: Outbox::default(),
            stage: Stage::Arriving,
            doorkeeper,
            messages: TokenBucket::full(MESSAGES, now),
            datagrams: TokenBucket::full(DATAGRAMS, now),
            renewals: TokenBucket::full(RENEWALS, now),
            held: None,
            malformed: 0,
            asking: None,
            asked_count: 0,
            account: None,
            expires_at: Duration::MAX,
            came_at: now,
            pinged_at: now,
            unanswered_since: None,
            is_quiet: false,
            has_ended: false,
            is_shut: false,
            is_fresh: false,
            is_waiting: false,
            _permit: permit,
        }
    }

    /// Takes what has come from the socket: frames, or parts of some.
    ///
    /// # Errors
    /// What came is no TLS, where it should be.
    pub(crate) fn open(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let Self { transport, decoder, .. } = self;
        transport.open(bytes, |plain| decoder.feed(plain))
    }

    /// Lets a message wait that must arrive.
    pub(crate) fn say(&mut self, payload: &Payload, id: Option<u32>, bytes_max: usize) -> Result<(), Full> {
        let opcode = self.opcode();
        let envelope = payload.envelope(id);
        self.outbox.push(bytes_max, |out| write_frame(opcode, &envelope, out))
    }

    /// What its envelopes travel in.
    pub(crate) const fn opcode(&self) -> Opcode {
        match self.codec {
            Codec::MessagePack => Opcode::Binary,
            Codec::Json => Opcode::Text,
        }
    }
}
