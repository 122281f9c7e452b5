//! What an edge counts.

use std::sync::Arc;

use hypogeum_protocol::link::CloseReason;
use parking_lot::Mutex;

use crate::door::NoRoom;

/// Traffic and drops so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebSocketCounters {
    /// Sockets that were upgraded.
    pub upgraded: u64,
    /// Those that were not, because as many were open as may be in all.
    pub no_room: u64,
    /// Because as many were open as one address may have.
    pub no_room_for_address: u64,
    /// Because as many were open as one network may have.
    pub no_room_for_network: u64,
    /// Those whose token was good.
    pub opened: u64,
    /// Those whose token was not, or that said no hello in time.
    pub refused: u64,
    /// Sockets that were told that nothing more comes, each once.
    pub shut: u64,
    /// Closed connections that were opened, in the order of [`CloseReason::ALL`].
    pub closed: [u64; CloseReason::ALL.len()],
    /// Bytes read from sockets.
    pub bytes_in: u64,
    /// Bytes written to sockets.
    pub bytes_out: u64,
    /// Writes to sockets: one a connection and tick, where its client reads.
    pub writes: u64,
    /// Messages of clients, state frames aside.
    pub messages_in: u64,
    /// Envelopes that could not be read or are too long for the tick, and renewals by tokens that are not good.
    pub malformed: u64,
    /// State of clients that came too often, or found no room.
    pub state_dropped: u64,
    /// State that was replaced before its client had read it.
    pub state_replaced: u64,
    /// Messages of the tick for connections that were gone.
    pub strangers: u64,
}

impl WebSocketCounters {
    /// The count of those who were turned away for this reason.
    pub(crate) const fn turned_away(&mut self, no_room: NoRoom) -> &mut u64 {
        match no_room {
            NoRoom::InAll => &mut self.no_room,
            NoRoom::OfAddress => &mut self.no_room_for_address,
            NoRoom::OfNetwork => &mut self.no_room_for_network,
        }
    }

    pub(crate) fn count_close(&mut self, reason: CloseReason) {
        if let Some(at) = CloseReason::ALL.iter().position(|other| *other == reason) {
            self.closed[at] += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.closed.iter_mut().zip(other.closed) {
            *sum += more;
        }
        for (sum, more) in [
            (&mut self.upgraded, other.upgraded),
            (&mut self.no_room, other.no_room),
            (&mut self.no_room_for_address, other.no_room_for_address),
            (&mut self.no_room_for_network, other.no_room_for_network),
            (&mut self.opened, other.opened),
            (&mut self.refused, other.refused),
            (&mut self.shut, other.shut),
            (&mut self.bytes_in, other.bytes_in),
            (&mut self.bytes_out, other.bytes_out),
            (&mut self.writes, other.writes),
            (&mut self.messages_in, other.messages_in),
            (&mut self.malformed, other.malformed),
            (&mut self.state_dropped, other.state_dropped),
            (&mut self.state_replaced, other.state_replaced),
            (&mut self.strangers, other.strangers),
        ] {
            *sum += more;
        }
    }
}

/// The counters of an edge, as its workers share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedCounters(Arc<Mutex<WebSocketCounters>>);

impl SharedCounters {
    /// Adds what one round counted, and begins anew.
    pub(crate) fn settle(&self, tally: &mut WebSocketCounters) {
        if *tally != WebSocketCounters::default() {
            self.0.lock().add(&std::mem::take(tally));
        }
    }

    pub(crate) fn now(&self) -> WebSocketCounters {
        *self.0.lock()
    }
}
