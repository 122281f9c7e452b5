//! The datagram lane at the client's end: when to say what, and what was heard.

mod arrivals;
mod loss;
mod pages;
mod receiver;

use std::time::Duration;

use hypogeum_protocol::lane::{DownHead, Up};
use hypogeum_protocol::{GameEvent, Input, Record};

pub use loss::LaneLoss;
pub use pages::PAGES_MAX;
use receiver::{Receiver, Taken};

/// How often a server that has not answered yet is offered the lane.
const OFFER_INTERVAL: Duration = Duration::from_millis(100);
/// Datagrams received that are acknowledged without waiting for an input to go along. An ack reaches back 32.
const UNACKED_MAX: u32 = 8;
/// How long an ack waits for an input to go along with. Who steers has one more often.
const ACK_WAIT: Duration = Duration::from_millis(250);
/// How often everything is asked for again.
const RESYNC_INTERVAL: Duration = Duration::from_millis(50);

/// What the newest datagram taken was.
pub(crate) enum Heard {
    /// The newest: there is something to see.
    Newest,
    /// An overtaken one.
    Late,
    /// One that says nothing.
    Outdated,
    /// None at all.
    Unreadable,
}

/// One connection's datagram lane.
#[derive(Debug, Default)]
pub(crate) struct LaneEnd {
    receiver: Receiver,
    seq: u16,
    /// The server has answered on the lane.
    up: bool,
    /// The welcome is there, and this has not been offered since.
    offer_now: bool,
    unacked: u32,
    last_sent: Option<Duration>,
}

impl LaneEnd {
    /// Whether the server speaks it, as far as is known: it has said something.
    pub(crate) const fn is_up(&self) -> bool {
        self.up
    }

    /// The lane may be offered from now on, and is to be at the next opportunity.
    pub(crate) const fn offer(&mut self) {
        self.offer_now = true;
    }

    /// Takes a datagram, lane byte included.
    pub(crate) fn take(&mut self, datagram: &[u8]) -> Heard {
        let heard = match self.receiver.take(datagram) {
            Taken::Newest => Heard::Newest,
            Taken::Late => Heard::Late,
            Taken::Outdated => return Heard::Outdated,
            Taken::Unreadable => return Heard::Unreadable,
        };
        self.up = true;
        self.unacked += 1;
        heard
    }

    /// Whether something is to be said though nobody steers.
    pub(crate) fn is_due(&self, now: Duration, in_match: bool) -> bool {
        let waited = |interval| self.last_sent.is_none_or(|at| now.saturating_sub(at) >= interval);
        if !self.up {
            return self.offer_now || (in_match && waited(OFFER_INTERVAL));
        }
        self.unacked >= UNACKED_MAX
            || (self.unacked > 0 && waited(ACK_WAIT))
            || (self.receiver.wants_resync() && waited(RESYNC_INTERVAL))
    }

    /// Writes the next datagram into `out`, with the newest of these inputs.
    pub(crate) fn write(&mut self, inputs: impl DoubleEndedIterator<Item = Input>, now: Duration, out: &mut Vec<u8>) {
        let (ack, resync) = self.receiver.report();
        let mut up = Up::default().with_inputs(inputs);
        (up.seq, up.ack, up.resync) = (self.seq, ack, resync);
        self.seq = self.seq.wrapping_add(1);
        self.offer_now = false;
        self.unacked = 0;
        self.last_sent = Some(now);
        out.clear();
        up.write(out);
    }

    /// Another match begins.
    pub(crate) fn begin(&mut self) {
        self.receiver.begin();
        self.unacked = 0;
    }

    /// Head of the newest datagram of this match.
    pub(crate) const fn head(&self) -> Option<&DownHead> {
        self.receiver.head()
    }

    /// Tick and events of the datagram taken last.
    pub(crate) fn events(&self) -> (u32, &[GameEvent]) {
        self.receiver.events()
    }

    /// Writes what is around, as the newest datagrams tell.
    pub(crate) fn write_records(&mut self, out: &mut Vec<Record>) {
        self.receiver.write_records(out);
    }

    /// What was sent in its matches, and what of that never came.
    pub(crate) fn loss(&self) -> LaneLoss {
        self.receiver.loss()
    }

    /// How often what was known turned out to be wrong.
    pub(crate) const fn divergences(&self) -> u64 {
        self.receiver.divergences()
    }
}
