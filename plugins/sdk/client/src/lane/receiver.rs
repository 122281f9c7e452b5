//! Datagrams in, a view of the surroundings out.

use std::collections::VecDeque;

use hypogeum_protocol::codec::CodecError;
use hypogeum_protocol::lane::{Ack, CellBox, DownHead, PageBlock, Reader, read_areas, read_events};
use hypogeum_protocol::{GameEvent, Record};

use super::arrivals::{Arrival, Arrivals, LATE_MAX};
use super::loss::{LaneLoss, NumbersSeen};
use super::pages::{Applied, Pages};

/// Datagrams in a row that are far too old, after which they are believed: the sender counts again, and what was newest was a
/// leftover of another time.
const STRAYS_MAX: u32 = 64;

/// What became of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is the newest; head, areas and records are as it says.
    Newest,
    /// It was overtaken; its events count, and what no newer one told.
    Late,
    /// It was here before, is too old, or of a match that is over.
    Outdated,
    /// It is none.
    Unreadable,
}

/// Everything the datagrams of one connection told.
#[derive(Debug, Default)]
pub(super) struct Receiver {
    arrivals: Arrivals,
    /// The numbers of this match, and what matches before it came to.
    numbers: NumbersSeen,
    earlier_loss: LaneLoss,
    strays: u32,
    pages: Pages,
    /// The newest datagrams' numbers and interests, oldest first.
    interests: VecDeque<(u64, CellBox)>,
    /// Everything is to be sent again.
    resync: bool,
    divergences: u64,
    head: Option<DownHead>,
    areas: Vec<Record>,
    areas_read: Vec<Record>,
    events: Vec<GameEvent>,
    events_tick: u32,
    block: PageBlock,
}

impl Receiver {
    /// Takes one datagram, lane byte included.
    pub(super) fn take(&mut self, datagram: &[u8]) -> Taken {
        let mut reader = Reader::new(datagram);
        let Ok(head) = DownHead::read(&mut reader) else { return Taken::Unreadable };
        let mut arrival = self.arrivals.judge(head.seq);
        self.strays = if arrival == Arrival::Stray { self.strays + 1 } else { 0 };
        if self.strays >= STRAYS_MAX {
            // The distance to a leftover says nothing of what is lost.
            self.numbers = NumbersSeen::default();
            self.begin();
            arrival = self.arrivals.judge(head.seq);
        }
        let known_tick = self.head.as_ref().map(|head| head.tick);
        let (number, newest) = match arrival {
            Arrival::Newest(number) => (number, true),
            // One that was overtaken cannot be of a later tick: it is of another match.
            Arrival::Late(number) if known_tick.is_some_and(|tick| head.tick <= tick) => (number, false),
            Arrival::Late(_) | Arrival::Outdated | Arrival::Stray => return Taken::Outdated,
        };
        if newest && known_tick.is_some_and(|tick| head.tick < tick) {
            // Time runs backwards only from one match to the next: what was newest was a leftover.
            self.pages.clear();
            self.interests.clear();
            self.numbers = NumbersSeen::default();
        }
        self.numbers.note(number);
        if self.take_body(reader, &head, (number, newest)).is_err() {
            return Taken::Unreadable;
        }
        if !newest {
            return Taken::Late;
        }
        std::mem::swap(&mut self.areas, &mut self.areas_read);
        self.head = Some(head);
        Taken::Newest
    }

    fn take_body(
        &mut self,
        mut reader: Reader<'_>,
        head: &DownHead,
        (number, newest): (u64, bool),
    ) -> Result<(), CodecError> {
        self.areas_read.clear();
        read_areas(&mut reader, head.areas_count, &mut self.areas_read)?;
        if newest {
            self.pages.forget_outside(&head.interest);
        }
        let rebuilds = self.resync;
        let sound = if rebuilds {
            self.rebuild(&mut reader, head, (number, newest))?
        } else {
            self.take_pages(&mut reader, head, number)?
        };
        self.events.clear();
        self.events_tick = head.tick;
        read_events(&mut reader, head.events_count, &mut self.events)?;
        reader.end()?;
        self.arrivals.note(number);
        if rebuilds && sound {
            self.resync = false;
            self.interests.clear();
            self.arrivals.restart_at(number);
        } else if rebuilds {
            // What is in it is not kept, so it has not arrived.
            self.arrivals.close_the_past();
        } else if !sound {
            self.diverged();
        }
        if newest {
            self.interests.push_back((number, head.interest));
            let old = |(at, _): &(u64, CellBox)| number - at > LATE_MAX;
            while self.interests.front().is_some_and(old) {
                self.interests.pop_front();
            }
        }
        Ok(())
    }

    /// Takes the pages; whether they now are what the sender's are, as far as this datagram can tell.
    fn take_pages(&mut self, reader: &mut Reader<'_>, head: &DownHead, number: u64) -> Result<bool, CodecError> {
        let (mut sum, mut whole, mut strangers) = (0_u32, true, false);
        for _ in 0..head.pages_count {
            self.read_page(reader, head)?;
            // A page that was left for a while since is not what the sender meant any more.
            let cell = self.block.cell;
            let left = self.interests.iter().any(|(at, interest)| *at > number && !interest.contains(cell));
            let applied = if left { Applied::Stale } else { self.pages.apply(&self.block, number) };
            match applied {
                Applied::Taken { check, stranger } => {
                    sum = sum.wrapping_add(check);
                    strangers |= stranger;
                }
                Applied::Stale | Applied::Refused => whole = false,
            }
        }
        Ok(!strangers && (!whole || sum == head.check))
    }

    fn read_page(&mut self, reader: &mut Reader<'_>, head: &DownHead) -> Result<(), CodecError> {
        self.block.read(reader)?;
        if head.interest.contains(self.block.cell) { Ok(()) } else { Err(CodecError::Malformed) }
    }

    /// Takes the pages while everything is asked for again; whether they are what to build on. That is the first datagram
    /// which itself builds on nothing.
    fn rebuild(
        &mut self,
        reader: &mut Reader<'_>,
        head: &DownHead,
        (number, newest): (u64, bool),
    ) -> Result<bool, CodecError> {
        if !(newest && head.keyframe) {
            for _ in 0..head.pages_count {
                self.read_page(reader, head)?;
            }
            return Ok(false);
        }
        let sound = self.take_pages(reader, head, number)?;
        if !sound {
            self.diverged();
        }
        Ok(sound)
    }

    /// What is known is wrong somewhere: none of it is worth anything.
    fn diverged(&mut self) {
        self.divergences += 1;
        self.pages.clear();
        self.resync = true;
        self.arrivals.close_the_past();
    }

    /// Another match begins: nothing told before means anything for it, and numbers may begin again.
    pub(super) fn begin(&mut self) {
        self.pages.clear();
        self.interests.clear();
        self.areas.clear();
        self.arrivals = Arrivals::default();
        self.earlier_loss = self.loss();
        self.numbers = NumbersSeen::default();
        self.strays = 0;
        self.head = None;
        self.resync = false;
    }

    /// Head of the newest datagram.
    pub(super) const fn head(&self) -> Option<&DownHead> {
        self.head.as_ref()
    }

    /// Tick and events of the datagram taken last.
    pub(super) fn events(&self) -> (u32, &[GameEvent]) {
        (self.events_tick, &self.events)
    }

    /// Writes what is around, in the order of names, areas after the rest.
    pub(super) fn write_records(&mut self, out: &mut Vec<Record>) {
        out.clear();
        self.pages.records(out);
        out.extend_from_slice(&self.areas);
    }

    /// What was sent, and what of that never came.
    pub(super) fn loss(&self) -> LaneLoss {
        let mut loss = self.earlier_loss;
        loss += self.numbers.loss();
        loss
    }

    /// How often what was known turned out to be wrong.
    pub(super) const fn divergences(&self) -> u64 {
        self.divergences
    }

    /// Whether everything is to be sent again.
    pub(super) const fn wants_resync(&self) -> bool {
        self.resync
    }

    /// What a datagram that leaves now says: what arrived, and whether everything is to be sent again.
    pub(super) fn report(&mut self) -> (Option<Ack>, bool) {
        (self.arrivals.ack(), self.resync)
    }
}
