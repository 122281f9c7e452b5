//! One connection's renet state, behind its guard and with an unhurried flush.
//!
//! renet would send at least two datagrams each time it is flushed, for it acknowledges acknowledgements. A link flushes
//! when it has something to say, and sends the acks with it only where the peer waits for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use hypogeum_protocol::limits;
use hypogeum_protocol::link::{CloseReason, Lane};
use renet::{ChannelError, ConnectionConfig, DefaultChannel, DisconnectReason, RenetClient};

use crate::renet_guard::{Guard, GuardLimits, Verdict};
use crate::renet_wire::{self, Malformed};
use crate::resend_pace::ResendPace;
use crate::resend_times::ResendTimes;

/// How long a reliable packet may wait for its ack: [`ResendPace`] and renet's own resend time of 300 ms allow for it.
pub(crate) const ACK_AFTER: Duration = Duration::from_millis(100);
/// How long others may: acks of acks only keep the peer's list short.
const LAZY_ACK_AFTER: Duration = Duration::from_secs(1);
/// When to flush again where one flush may not have had room for everything.
const CROWDED_LOOK_AFTER: Duration = Duration::from_millis(50);
/// Bytes of messages in one flush: renet's own default.
const FLUSH_BYTES_MAX: usize = 60_000;
/// Sends that what is said last gets before its connection is closed all the same: at 10 % loss each way one of some
/// thousand still misses it.
const LAST_WORDS_SENDS: u32 = 5;
/// Least and most time for that.
const LAST_WORDS_MIN: Duration = Duration::from_secs(1);
/// See [`Link::last_words_max`]: no connection has longer.
pub const LAST_WORDS_MAX: Duration = Duration::from_secs(4);

/// Bytes a reliable lane of the server holds unacknowledged before the client counts as one that does not read.
const SERVER_SEND_BYTES_MAX: usize = 1 << 20;
/// The same for a client.
const CLIENT_SEND_BYTES_MAX: usize = 1 << 20;
/// Bytes a lane of the server holds of what a client sent and the tick has not taken, or that waits for a gap.
const SERVER_RECEIVE_BYTES_MAX: usize = 256 << 10;
/// Bytes of one unreliable message: renet would slice a longer one.
const UNRELIABLE_BYTES_MAX: usize = renet_wire::SLICE_BYTES;
const _: () = assert!(limits::UNRELIABLE_BYTES_MAX <= UNRELIABLE_BYTES_MAX, "an unreliable message is never sliced");
const _: () = assert!(limits::SERVER_MESSAGE_BYTES_MAX <= SERVER_SEND_BYTES_MAX, "the largest message can be sent");
const _: () =
    assert!(limits::CLIENT_MESSAGE_BYTES_MAX <= SERVER_RECEIVE_BYTES_MAX, "the largest message can be received");

/// Which end this is: it decides how much the other is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The server's: its peer may be anybody.
    Server,
    /// A client's: its peer is the server it chose.
    Client,
}

/// Why a packet of the peer ended the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// No honest peer sends it.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// renet ended it.
    #[error("renet closed the connection: {0:?}")]
    Closed(CloseReason),
    /// The guard missed something: a defect, contained.
    #[error("renet panicked")]
    Panicked,
}

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Empty, or longer than its lane takes.
    #[error("a message of {0} bytes does not fit its lane")]
    Length(usize),
    /// The channel is full: the peer does not acknowledge.
    #[error("the channel is full")]
    Full,
    /// The connection is over or not up yet.
    #[error("not connected")]
    NotConnected,
}

/// One connection's messages: renet's channels, checked on their way in and sent without haste.
#[derive(Debug)]
pub struct Link {
    renet: RenetClient,
    guard: Guard,
    side: Side,
    updated_at: Duration,
    /// The time that has passed for renet, as of `updated_at`.
    renet_now: Duration,
    pace: ResendPace,
    resends: ResendTimes,
    /// Something was queued since the last flush.
    has_news: bool,
    reliable_unacked: bool,
    ack_due: Option<Duration>,
    resend_due: Option<Duration>,
}

impl Link {
    /// `round_trip`: how long the handshake took there and back, where that is known.
    pub fn new(side: Side, now: Duration, round_trip: Option<Duration>) -> Self {
        let mut config = ConnectionConfig { available_bytes_per_tick: FLUSH_BYTES_MAX as u64, ..Default::default() };
        let limits = match side {
            // RenetClient::new takes the client's view, so the lists are swapped for a server's.
            Side::Server => {
                for channel in &mut config.client_channels_config {
                    channel.max_memory_usage_bytes = SERVER_SEND_BYTES_MAX;
                }
                for channel in &mut config.server_channels_config {
                    channel.max_memory_usage_bytes = SERVER_RECEIVE_BYTES_MAX;
                }
                GuardLimits { message_bytes_max: limits::CLIENT_MESSAGE_BYTES_MAX, messages_ahead_max: 4_096 }
            }
            Side::Client => {
                for channel in &mut config.client_channels_config {
                    channel.max_memory_usage_bytes = CLIENT_SEND_BYTES_MAX;
                }
                GuardLimits { message_bytes_max: limits::SERVER_MESSAGE_BYTES_MAX, messages_ahead_max: 65_536 }
            }
        };
        let mut renet = RenetClient::new(config);
        renet.set_connected();
        Self {
            renet,
            guard: Guard::new(limits),
            side,
            updated_at: now,
            renet_now: Duration::ZERO,
            pace: ResendPace::new(round_trip),
            resends: ResendTimes::default(),
            has_news: false,
            reliable_unacked: false,
            ack_due: None,
            resend_due: None,
        }
    }

    /// Takes one renet packet of the peer. After an error the link must not be used any more.
    pub fn receive(&mut self, packet: &[u8], now: Duration) -> Result<(), LinkFault> {
        let empty;
        let (packet, reliable) = match self.guard.inspect(packet)? {
            Verdict::Pass { reliable } => (packet, reliable),
            Verdict::AcknowledgeOnly { sequence } => {
                empty = renet_wire::empty_packet(sequence);
                (&empty[..], true)
            }
            Verdict::Ignore => return Ok(()),
        };
        let elapsed = self.pace.renet_time(now.saturating_sub(self.updated_at));
        let was_settled = self.is_settled();
        let renet = &mut self.renet;
        // The guard is meant to leave renet nothing to panic about. Should it miss something, one connection pays.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            renet.update(elapsed);
            renet.process_packet(packet);
            renet.disconnect_reason()
        }));
        self.updated_at = now;
        self.renet_now += elapsed;
        match outcome {
            Err(_) => return Err(LinkFault::Panicked),
            Ok(Some(reason)) => return Err(LinkFault::Closed(close_reason(reason))),
            Ok(None) => {}
        }
        if !was_settled && self.is_settled() {
            self.pace.settled(now);
            self.resends.settled();
            self.resend_due = None;
        }
        self.reliable_unacked |= reliable;
        let due = now + if reliable { ACK_AFTER } else { LAZY_ACK_AFTER };
        self.ack_due = Some(self.ack_due.map_or(due, |earlier| earlier.min(due)));
        Ok(())
    }

    /// The next whole message of a lane.
    pub fn take(&mut self, lane: Lane) -> Option<Vec<u8>> {
        self.renet.receive_message(channel(lane)).map(Vec::from)
    }

    /// Queues a message for the next flush.
    pub fn send(&mut self, lane: Lane, bytes: Vec<u8>) -> Result<(), SendError> {
        let bytes_max = match (lane, self.side) {
            (Lane::Unreliable, _) => UNRELIABLE_BYTES_MAX,
            (_, Side::Server) => limits::SERVER_MESSAGE_BYTES_MAX,
            (_, Side::Client) => limits::CLIENT_MESSAGE_BYTES_MAX,
        };
        if bytes.is_empty() || bytes.len() > bytes_max {
            return Err(SendError::Length(bytes.len()));
        }
        if !self.renet.can_send_message(channel(lane), bytes.len()) {
            return Err(SendError::Full);
        }
        self.renet.send_message(channel(lane), bytes);
        self.has_news = true;
        Ok(())
    }

    /// Whether a flush now would say something the peer wants to hear.
    pub fn is_due(&self, now: Duration) -> bool {
        let passed = |due: Option<Duration>| due.is_some_and(|due| due <= now);
        self.has_news || passed(self.ack_due) || passed(self.resend_due)
    }

    /// When [`Self::is_due`] next turns true by itself, if ever.
    pub fn due_at(&self) -> Option<Duration> {
        self.ack_due.into_iter().chain(self.resend_due).min()
    }

    /// Whether everything reliable that was sent has been acknowledged.
    pub fn is_settled(&self) -> bool {
        // Only lanes 1 and 2 hold what is unacknowledged.
        let full = |lane: DefaultChannel, bytes_max| self.renet.channel_available_memory(lane) == bytes_max;
        let bytes_max = match self.side {
            Side::Server => SERVER_SEND_BYTES_MAX,
            Side::Client => CLIENT_SEND_BYTES_MAX,
        };
        full(DefaultChannel::ReliableOrdered, bytes_max) && full(DefaultChannel::ReliableUnordered, bytes_max)
    }

    /// How long to wait for the ack of what is said last.
    pub fn last_words_max(&self) -> Duration {
        (self.pace.resend_after() * LAST_WORDS_SENDS).clamp(LAST_WORDS_MIN, LAST_WORDS_MAX)
    }

    /// Hands what should leave now to `emit`, one renet packet per call.
    pub fn flush(&mut self, now: Duration, emit: &mut dyn FnMut(&[u8])) {
        let elapsed = self.pace.renet_time(now.saturating_sub(self.updated_at));
        self.renet.update(elapsed);
        self.renet_now += elapsed;
        self.updated_at = now;
        if self.has_news && !self.is_settled() {
            self.pace.sent(now);
        }
        let with_acks = self.reliable_unacked || self.ack_due.is_some_and(|due| due <= now);
        let (mut own_ack, mut sent_bytes, mut has_reliable) = (None, 0, false);
        for packet in self.renet.get_packets_to_send() {
            if renet_wire::is_ack(&packet) {
                if with_acks {
                    emit(&packet);
                }
                own_ack = Some(packet);
            } else {
                emit(&packet);
                sent_bytes += packet.len();
                has_reliable |= renet_wire::is_reliable(&packet);
            }
        }
        self.guard.note_flush(own_ack.as_deref());
        if with_acks {
            self.reliable_unacked = false;
            self.ack_due = None;
        }
        self.has_news = false;
        self.resends.flushed(self.renet_now, has_reliable);
        self.resend_due = self.next_resend(now, sent_bytes);
    }

    /// When to look again for what has to be sent again, after a flush of so many bytes.
    fn next_resend(&self, now: Duration, sent_bytes: usize) -> Option<Duration> {
        if self.is_settled() {
            return None;
        }
        let resend = self.resends.next().map(|at| now + self.pace.real_time(at.saturating_sub(self.renet_now)));
        // renet leaves out what would take it beyond the bound, a slice or a message of that size.
        let may_be_crowded = sent_bytes + renet_wire::SLICE_BYTES > FLUSH_BYTES_MAX;
        let look = (may_be_crowded || resend.is_none()).then_some(now + CROWDED_LOOK_AFTER);
        resend.into_iter().chain(look).min()
    }
}

fn channel(lane: Lane) -> DefaultChannel {
    match lane {
        Lane::Unreliable => DefaultChannel::Unreliable,
        Lane::ReliableUnordered => DefaultChannel::ReliableUnordered,
        Lane::ReliableOrdered => DefaultChannel::ReliableOrdered,
    }
}

/// Why renet says a connection is over, in our words.
fn close_reason(reason: DisconnectReason) -> CloseReason {
    match reason {
        DisconnectReason::DisconnectedByClient | DisconnectReason::DisconnectedByServer => CloseReason::ByServer,
        DisconnectReason::Transport => CloseReason::TimedOut,
        DisconnectReason::SendChannelError { error: ChannelError::ReliableChannelMaxMemoryReached, .. } => {
            CloseReason::Congested
        }
        DisconnectReason::PacketSerialization(_)
        | DisconnectReason::PacketDeserialization(_)
        | DisconnectReason::ReceivedInvalidChannelId(_)
        | DisconnectReason::SendChannelError { .. }
        | DisconnectReason::ReceiveChannelError { .. } => CloseReason::Hostile,
    }
}

#[cfg(test)]
mod tests;
