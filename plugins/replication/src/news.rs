//! What happened this tick, sorted so that nobody has to look at all of it.

use hypogeum_protocol::lane::{Cell, CellBox};
use hypogeum_protocol::{GameEvent, NetId, codec};
use hypogeum_shard::{Audience, Outgoing};
use hypogeum_space::Position;

use crate::events::{is_passing, subjects, unnamed};

/// Ticks of passing events kept for those who are shown something only now and then.
const TICKS_KEPT: usize = 8;

/// One event that happened at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local {
    pub(crate) cell: Cell,
    pub(crate) at: Position,
    pub(crate) event: GameEvent,
    /// Who is named as the doer, and to whom it happens.
    pub(crate) subjects: (NetId, NetId),
    /// Its bytes with the doer named, and right behind them, where they differ, with nobody named.
    start: u32,
    named_end: u32,
    unnamed_start: u32,
    end: u32,
}

/// The passing events of one tick, by cell.
#[derive(Debug, Default)]
pub(crate) struct TickNews {
    tick: u32,
    locals: Vec<Local>,
    bytes: Vec<u8>,
}

impl TickNews {
    fn fill(&mut self, tick: u32, events: &[Outgoing]) {
        self.tick = tick;
        self.locals.clear();
        self.bytes.clear();
        for outgoing in events {
            let Audience::Near { x, y } = outgoing.audience else { continue };
            let event = outgoing.event;
            let start = self.bytes.len() as u32;
            codec::encode_into(&event, &mut self.bytes);
            let named_end = self.bytes.len() as u32;
            let hidden = unnamed(event);
            let unnamed_start = if hidden == event { start } else { named_end };
            if hidden != event {
                codec::encode_into(&hidden, &mut self.bytes);
            }
            self.locals.push(Local {
                cell: Cell::of(x, y),
                at: Position { x, y },
                event,
                subjects: subjects(&event),
                start,
                named_end,
                unnamed_start,
                end: self.bytes.len() as u32,
            });
        }
        // Stable: within a cell in the order they happened.
        self.locals.sort_by_key(|local| local.cell);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.locals.is_empty()
    }

    /// The events of a row of cells.
    pub(crate) fn row(&self, row: u8, interest: CellBox) -> &[Local] {
        let (low, high) = (Cell { row, column: interest.low.column }, Cell { row, column: interest.high.column });
        let start = self.locals.partition_point(|local| local.cell < low);
        let length = self.locals[start..].partition_point(|local| local.cell <= high);
        &self.locals[start..start + length]
    }

    /// An event's bytes, with or without its doer's name.
    pub(crate) fn bytes(&self, local: &Local, named: bool) -> &[u8] {
        let range = if named { local.start..local.named_end } else { local.unnamed_start..local.end };
        &self.bytes[range.start as usize..range.end as usize]
    }
}

/// This tick's events by whom they concern, and the passing ones of the last ticks by cell.
#[derive(Debug, Default)]
pub(crate) struct News {
    ring: [TickNews; TICKS_KEPT],
    /// All of this tick, as they happened.
    pub(crate) all: Vec<Outgoing>,
    /// This tick's events by avatar: place in `all`. An event is listed once for each of its subjects.
    by_avatar: Vec<(NetId, u32)>,
    /// Places in `all` of what is told everyone.
    pub(crate) everyone: Vec<u32>,
}

impl News {
    pub(crate) fn take(&mut self, tick: u32, events: &[Outgoing]) {
        self.ring[tick as usize % TICKS_KEPT].fill(tick, events);
        self.all.clear();
        self.all.extend_from_slice(events);
        self.by_avatar.clear();
        self.everyone.clear();
        for (place, outgoing) in (0_u32..).zip(events) {
            match outgoing.audience {
                Audience::Everyone => self.everyone.push(place),
                Audience::Only(avatar) => self.by_avatar.push((avatar, place)),
                Audience::Near { .. } => {
                    let (one, other) = subjects(&outgoing.event);
                    self.by_avatar.push((one, place));
                    if other != one {
                        self.by_avatar.push((other, place));
                    }
                }
            }
        }
        self.by_avatar.sort_unstable();
    }

    /// Places in `all` of what concerns one avatar, in the order it happened.
    pub(crate) fn concerning(&self, avatar: NetId) -> impl Iterator<Item = u32> + '_ {
        let start = self.by_avatar.partition_point(|entry| entry.0 < avatar);
        self.by_avatar[start..].iter().take_while(move |entry| entry.0 == avatar).map(|entry| entry.1)
    }

    /// The passing events of the ticks after one, the oldest first, as far as they are kept.
    pub(crate) fn since(&self, told: u32, now: u32) -> impl Iterator<Item = &TickNews> {
        let first = (told + 1).max((now + 1).saturating_sub(TICKS_KEPT as u32));
        (first..=now).map(|tick| &self.ring[tick as usize % TICKS_KEPT]).filter(move |news| news.tick >= first)
    }

    /// Whether an event goes reliably to those it concerns; all others go with the datagrams.
    pub(crate) fn is_kept(event: &GameEvent) -> bool {
        !is_passing(event)
    }
}
