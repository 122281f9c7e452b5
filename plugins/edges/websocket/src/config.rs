//! How the edge is set up.

use std::time::Duration;

use hypogeum_envelope::FrameLimits;

use crate::error::WebSocketError;

/// How a [`WebSocketEdge`](crate::WebSocketEdge) is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSocketConfig {
    /// Sockets open at once, at least 1.
    pub connections_max: usize,
    /// Sockets that one address may have open at once, at least 1; an IPv6 /64 is one, and this machine's own are not counted.
    pub connections_per_address_max: usize,
    /// The same for one network, a /24 of IPv4 or a /48 of IPv6: whoever has one address of it may have them all.
    pub connections_per_network_max: usize,
    /// What a client may send at once.
    pub frames: FrameLimits,
    /// How long a hello may take, its token's check included; and the check of a renewal.
    pub hello_timeout: Duration,
    /// From one ping to the next: proxies cut what is silent for a minute. At most 20 s.
    pub ping_every: Duration,
    /// How long nothing may come after a ping.
    pub pong_timeout: Duration,
    /// How long a client may take to read what waits for it, or 64 KiB of it where that is more. With [`Self::last_words_max`] it is
    /// gone within 5 s.
    pub unread_max: Duration,
    /// How long a connection that is closed may take to read what was sent to it last.
    pub last_words_max: Duration,
    /// Bytes of messages that wait for a client that does not read them; its state is not among them.
    pub waiting_bytes_max: usize,
    /// Bytes that the system may keep on their way to one client: what waits there cannot be replaced any more. 0: as many as it
    /// likes.
    pub system_bytes_max: usize,
    /// Threads that share the sockets, 1 to [`WebSocketConfig::WORKERS_MAX`].
    pub workers: usize,
}

impl Default for WebSocketConfig {
    fn default() -> Self {
        Self {
            connections_max: 10_000,
            connections_per_address_max: 256,
            // Of all as large a share as one network has of the handshakes over UDP.
            connections_per_network_max: 2_500,
            frames: FrameLimits::default(),
            hello_timeout: Duration::from_secs(5),
            ping_every: Duration::from_secs(15),
            pong_timeout: Duration::from_secs(10),
            unread_max: Duration::from_secs(4),
            last_words_max: Duration::from_secs(1),
            // A welcome to a large world, or a screen full of chunks, in its longest form.
            waiting_bytes_max: 2 << 20,
            // A second of state.
            system_bytes_max: 32 << 10,
            workers: 1,
        }
    }
}

impl WebSocketConfig {
    /// Most threads.
    pub const WORKERS_MAX: usize = 16;
    /// Longest time from one ping to the next.
    pub const PING_EVERY_MAX: Duration = Duration::from_secs(20);

    pub(crate) fn check(&self) -> Result<(), WebSocketError> {
        let range = |field, is_good: bool, expected| {
            if is_good { Ok(()) } else { Err(WebSocketError::OutOfRange { field, expected }) }
        };
        range("connections_max", (1..=1 << 24).contains(&self.connections_max), "1 to 16777216")?;
        range("connections_per_address_max", self.connections_per_address_max > 0, "at least 1")?;
        range("connections_per_network_max", self.connections_per_network_max > 0, "at least 1")?;
        range("workers", (1..=Self::WORKERS_MAX).contains(&self.workers), "1 to 16")?;
        let is_ping_good = !self.ping_every.is_zero() && self.ping_every <= Self::PING_EVERY_MAX;
        range("ping_every", is_ping_good, "more than nothing and at most 20 s")
    }
}
