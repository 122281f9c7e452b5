//! A client's end of a connection without a socket: netcode, renet and the datagram lane, driven by its owner's clock.

use std::net::SocketAddr;
use std::time::Duration;

use hypogeum_protocol::limits;
use hypogeum_protocol::link::Lane;

use crate::counters::{CountersSnapshot, DropReason};
use crate::lane_inbox::LaneInbox;
use crate::link::{Link, LinkFault, SendError, Side};
use crate::renet_wire;
use crate::standard::{Client, ClientState, ConnectToken, Ended, SendFn, TokenError};

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// The handshake is under way.
    Connecting,
    /// The handshake is done: messages go both ways.
    Connected,
    /// Over for good; to connect again takes a new token.
    Closed(EndReason),
}

/// Why a connection ended, or never came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// What netcode says.
    Netcode(Ended),
    /// The server sent what no honest server sends.
    BadServer,
}

/// A client connection without a socket: datagrams in, datagrams out.
#[derive(Debug)]
pub struct ClientCore {
    netcode: Client,
    link: Link,
    lane: LaneInbox,
    counters: CountersSnapshot,
    now: Duration,
    bad_server: bool,
    /// A packet of renet's came since that was asked last.
    has_heard: bool,
}

impl ClientCore {
    /// A connection that begins with the first [`Self::update`].
    ///
    /// # Errors
    /// [`TokenError`] where the bytes are no connect token.
    pub fn new(token: &[u8]) -> Result<Self, TokenError> {
        Ok(Self {
            netcode: Client::new(ConnectToken::read(token)?)?,
            link: Link::new(Side::Client, Duration::ZERO, None),
            lane: LaneInbox::default(),
            counters: CountersSnapshot::default(),
            now: Duration::ZERO,
            bad_server: false,
            has_heard: false,
        })
    }

    /// Where the connection is in its life.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        match self.netcode.state() {
            _ if self.bad_server => ConnectionState::Closed(EndReason::BadServer),
            ClientState::Requesting | ClientState::Responding => ConnectionState::Connecting,
            ClientState::Connected => ConnectionState::Connected,
            ClientState::Ended(ended) => ConnectionState::Closed(EndReason::Netcode(ended)),
        }
    }

    /// The server it talks to, or tries to.
    #[must_use]
    pub fn server_address(&self) -> SocketAddr {
        self.netcode.server_address()
    }

    /// Takes one datagram, which is decrypted in place.
    pub fn receive_datagram(&mut self, from: SocketAddr, datagram: &mut [u8], send: &mut SendFn<'_>) {
        self.counters.count_in(datagram.len());
        if from != self.netcode.server_address() {
            self.counters.count_drop(DropReason::Stray);
            return;
        }
        match self.netcode.receive(datagram) {
            Ok(None) => {}
            Ok(Some(payload)) if payload.first().is_some_and(|kind| renet_wire::KINDS.contains(kind)) => {
                self.has_heard = true;
                let outcome: Result<(), LinkFault> = self.link.receive(payload, self.now);
                if let Err(fault) = outcome {
                    tracing::debug!(%fault, "left the server for what it sent");
                    self.counters.count_drop(DropReason::Hostile);
                    self.netcode.disconnect(&mut counted(&mut self.counters, send));
                    self.bad_server = true;
                }
            }
            Ok(Some(payload)) if is_lane_datagram(payload) => {
                if !self.lane.push(payload) {
                    self.counters.count_drop(DropReason::QueueFull);
                }
            }
            Ok(Some(_)) => self.counters.count_drop(DropReason::UnknownLane),
            Err(reason) => self.counters.count_drop(reason),
        }
    }

    /// Moves time, and sends what the handshake needs and what is due of acks and resends.
    pub fn update(&mut self, elapsed: Duration, send: &mut SendFn<'_>) {
        self.now += elapsed;
        self.netcode.update(elapsed, &mut counted(&mut self.counters, send));
        if self.link.is_due(self.now) {
            self.flush(send);
        }
    }

    /// Whether anything came since this was asked last that may have completed a message: until then [`Self::receive`] has
    /// nothing new, and a driver of thousands need not ask it.
    pub fn take_heard(&mut self) -> bool {
        std::mem::take(&mut self.has_heard)
    }

    /// The next whole message of a lane.
    pub fn receive(&mut self, lane: Lane) -> Option<Vec<u8>> {
        if self.bad_server { None } else { self.link.take(lane) }
    }

    /// Sends one datagram on the datagram lane, at once and unconfirmed. `payload` begins with [`limits::LANE_BYTE`]
    /// and is at most [`limits::LANE_BYTES_MAX`] long. `false`, and nothing sent, where it is not or the connection is
    /// not up.
    pub fn send_lane(&mut self, payload: &[u8], send: &mut SendFn<'_>) -> bool {
        let may = self.state() == ConnectionState::Connected && is_lane_datagram(payload);
        may && self.netcode.send_payload(payload, &mut counted(&mut self.counters, send))
    }

    /// Puts the oldest datagram that waits on the datagram lane into `out`, lane byte included. `false`, and an empty
    /// `out`, where there is none. The newest eight wait. `out` is used again, so nothing is allocated in the long run.
    pub fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.lane.take(out)
    }

    /// Queues a message until the next [`Self::flush`].
    ///
    /// # Errors
    /// [`SendError`]; the message is dropped.
    pub fn send(&mut self, lane: Lane, bytes: Vec<u8>) -> Result<(), SendError> {
        if matches!(self.state(), ConnectionState::Closed(_)) {
            return Err(SendError::NotConnected);
        }
        self.link.send(lane, bytes)
    }

    /// Sends what was queued, if the connection is up; else it waits.
    pub fn flush(&mut self, send: &mut SendFn<'_>) {
        if self.state() != ConnectionState::Connected {
            return;
        }
        let (netcode, counters) = (&mut self.netcode, &mut self.counters);
        self.link.flush(self.now, &mut |packet| {
            if !netcode.send_payload(packet, &mut counted(counters, send)) {
                counters.count_drop(DropReason::Unsendable);
            }
        });
    }

    /// Says goodbye. What was queued and not flushed is lost.
    pub fn disconnect(&mut self, send: &mut SendFn<'_>) {
        self.netcode.disconnect(&mut counted(&mut self.counters, send));
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> CountersSnapshot {
        self.counters
    }
}

fn is_lane_datagram(payload: &[u8]) -> bool {
    payload.first() == Some(&limits::LANE_BYTE) && payload.len() <= limits::LANE_BYTES_MAX
}

fn counted<'a>(counters: &'a mut CountersSnapshot, send: &'a mut SendFn<'_>) -> impl FnMut(SocketAddr, &[u8]) + 'a {
    move |to, bytes| {
        counters.count_out(bytes.len());
        send(to, bytes);
    }
}
