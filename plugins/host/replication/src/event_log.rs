//! What happened in the last ticks, sorted so that nobody has to look at all of it.

use hypogeum_protocol::lane::{CELL, Cell};
use hypogeum_protocol::{Delivery, GameEvent, NetId, codec};
use hypogeum_shard::{Audience, Outgoing};
use hypogeum_space::Position;

use crate::pages::Pages;

/// Ticks of passing events kept for those who are shown something only now and then.
const TICKS_KEPT: usize = 8;

/// Names in a word of two bits each.
const NAMES_PER_WORD: usize = 32;

/// One event that happened at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local {
    cell: Cell,
    pub(crate) at: Position,
    pub(crate) event: GameEvent,
    /// Who is named as the doer, and to whom it happens.
    pub(crate) subjects: (NetId, NetId),
    /// Where the doer was, if it was to be seen at all.
    pub(crate) doer_at: Option<Position>,
}

/// Where the events of a cell begin.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    local: u32,
    /// Their bytes in each of the [`Redaction`]s.
    bytes: [u32; 2],
}

/// How much the events of cells say of their doers to those who see all of those cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redaction {
    /// The doer is named where it stands in the same cell: for cells at the edge of what is seen.
    Same = 0,
    /// The doer is named where it stands in the same cell or one beside it.
    Beside = 1,
}

/// The passing events of one tick, by cell.
#[derive(Debug, Default)]
pub(crate) struct TickEvents {
    tick: u32,
    side: usize,
    locals: Vec<Local>,
    /// Where each cell's events begin, row by row, and where the last one's end.
    starts: Vec<Start>,
    bytes: [Vec<u8>; 2],
}

const fn beside(one: Cell, other: Cell) -> bool {
    one.row.abs_diff(other.row) <= 1 && one.column.abs_diff(other.column) <= 1
}

impl TickEvents {
    fn fill(&mut self, tick: u32, side: i32, events: &[Outgoing], pages: &Pages) {
        self.tick = tick;
        self.side = usize::try_from(side / CELL + 1).unwrap_or(1).clamp(1, 256);
        let last = (self.side - 1) as u8;
        self.locals.clear();
        for outgoing in events {
            let Audience::Near { x, y } = outgoing.audience else { continue };
            let cell = Cell::of(x, y);
            let subjects = outgoing.event.subjects();
            self.locals.push(Local {
                cell: Cell { row: cell.row.min(last), column: cell.column.min(last) },
                at: Position { x, y },
                event: outgoing.event,
                subjects,
                doer_at: pages.find(subjects.0).map(|(slots, slot)| slots.place(slot)),
            });
        }
        // Stable: within a cell in the order they happened.
        self.locals.sort_by_key(|local| local.cell);
        self.starts.clear();
        let [same, near] = &mut self.bytes;
        same.clear();
        near.clear();
        for (place, local) in (0_u32..).zip(&self.locals) {
            let cell = usize::from(local.cell.row) * self.side + usize::from(local.cell.column);
            // Every cell up to this one begins here, where it does not yet begin before.
            let start = Start { local: place, bytes: [same.len() as u32, near.len() as u32] };
            self.starts.resize(self.starts.len().max(cell + 1), start);
            let doer = local.doer_at.map(|at| Cell::of(at.x, at.y));
            let is_one = local.subjects.0 == local.subjects.1;
            let write = |out: &mut Vec<u8>, named: bool| {
                codec::encode_into(&if named { local.event } else { local.event.unnamed() }, out);
            };
            write(same, is_one || doer == Some(local.cell));
            write(near, is_one || doer.is_some_and(|doer| beside(doer, local.cell)));
        }
        let end = Start { local: self.locals.len() as u32, bytes: [same.len() as u32, near.len() as u32] };
        self.starts.resize(self.side * self.side + 1, end);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.locals.is_empty()
    }

    /// The events of some cells of a row, from one column to another, both included.
    pub(crate) fn row(&self, row: u8, low: u8, high: u8) -> &[Local] {
        let (start, end) = self.range(row, low, high);
        &self.locals[start.local as usize..end.local as usize]
    }

    /// Where the events of some cells of a row begin and end.
    fn range(&self, row: u8, low: u8, high: u8) -> (Start, Start) {
        let place = |column: usize| usize::from(row) * self.side + column;
        let start = self.starts.get(place(usize::from(low))).copied().unwrap_or_default();
        let end = self.starts.get(place(usize::from(high) + 1)).copied().unwrap_or(start);
        (start, if end.local < start.local { start } else { end })
    }

    /// The same events encoded in one of two ways, and how many they are.
    pub(crate) fn encoded(&self, row: u8, low: u8, high: u8, redaction: Redaction) -> (&[u8], usize) {
        let (start, end) = self.range(row, low, high);
        let at = |start: Start| start.bytes[redaction as usize] as usize;
        (&self.bytes[redaction as usize][at(start)..at(end)], (end.local - start.local) as usize)
    }
}

/// This tick's events by whom they concern, and the passing ones of the last ticks by cell.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    ring: [TickEvents; TICKS_KEPT],
    /// All of this tick, as they happened.
    pub(crate) all: Vec<Outgoing>,
    /// This tick's events by avatar: place in `all`. An event is listed once for each of its subjects.
    by_avatar: Vec<(NetId, u32)>,
    /// Two bits for each name in `by_avatar`: that it is there, and that one of its events is sent reliably.
    concerned: Vec<u64>,
    /// Places in `all` of events for everyone.
    pub(crate) everyone: Vec<u32>,
}

impl EventLog {
    pub(crate) fn take(&mut self, tick: u32, side: i32, events: &[Outgoing], pages: &Pages) {
        self.ring[tick as usize % TICKS_KEPT].fill(tick, side, events, pages);
        self.all.clear();
        self.all.extend_from_slice(events);
        for (name, _) in &self.by_avatar {
            self.concerned[name.0 as usize / NAMES_PER_WORD] = 0;
        }
        self.by_avatar.clear();
        self.everyone.clear();
        for (place, outgoing) in (0_u32..).zip(events) {
            match outgoing.audience {
                Audience::Everyone => self.everyone.push(place),
                Audience::Only(avatar) => self.by_avatar.push((avatar, place)),
                Audience::Near { .. } => {
                    let (one, other) = outgoing.event.subjects();
                    self.by_avatar.push((one, place));
                    if other != one {
                        self.by_avatar.push((other, place));
                    }
                }
            }
        }
        self.by_avatar.sort_unstable();
        if let Some((last, _)) = self.by_avatar.last() {
            self.concerned.resize(self.concerned.len().max(last.0 as usize / NAMES_PER_WORD + 1), 0);
        }
        for (name, place) in &self.by_avatar {
            let kept = u64::from(Self::is_kept(&self.all[*place as usize].event));
            self.concerned[name.0 as usize / NAMES_PER_WORD] |=
                (1 | kept << 1) << (name.0 as usize % NAMES_PER_WORD * 2);
        }
    }

    /// Whether something of this tick concerns an avatar.
    pub(crate) fn concerns(&self, avatar: NetId) -> bool {
        self.bits(avatar) & 1 == 1
    }

    /// Whether an event of this tick concerns an avatar and is sent to it reliably.
    pub(crate) fn keeps(&self, avatar: NetId) -> bool {
        self.bits(avatar) & 2 == 2
    }

    fn bits(&self, avatar: NetId) -> u64 {
        let name = avatar.0 as usize;
        self.concerned.get(name / NAMES_PER_WORD).map_or(0, |bits| bits >> (name % NAMES_PER_WORD * 2))
    }

    /// Places in `all` of what concerns one avatar, in the order it happened.
    pub(crate) fn concerning(&self, avatar: NetId) -> impl Iterator<Item = u32> + '_ {
        let start = if self.concerns(avatar) {
            self.by_avatar.partition_point(|entry| entry.0 < avatar)
        } else {
            self.by_avatar.len()
        };
        self.by_avatar[start..].iter().take_while(move |entry| entry.0 == avatar).map(|entry| entry.1)
    }

    /// The passing events of the ticks after one, the oldest first, as far as they are kept; ticks without any are left out.
    pub(crate) fn since(&self, sent: u32, now: u32) -> impl Iterator<Item = &TickEvents> {
        let first = (sent + 1).max((now + 1).saturating_sub(TICKS_KEPT as u32));
        (first..=now)
            .map(|tick| &self.ring[tick as usize % TICKS_KEPT])
            .filter(move |events| events.tick >= first && !events.is_empty())
    }

    /// Whether an event goes reliably to those it concerns; all others go with the datagrams.
    pub(crate) fn is_kept(event: &GameEvent) -> bool {
        event.delivery() != Delivery::Passing
    }
}
