//! Which pages a datagram of the lane holds.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::lane::{Cell, CellBox, DownWriter, page_check, write_page};
use hypogeum_space::{Obstacles, Occluders, Position};

use super::{SentDatagram, Viewer};
use crate::ack_tracker::{Confirmed, TrackedPage};
use crate::blocks::Blocks;
use crate::pages::{Page, Pages, Slots, newer};
use crate::scene::Scene;

/// How far around a cell everything is shown each time; what is further away every other time.
const NEAR_CELLS: u8 = 1;
/// Ticks from one time to the next that cells are shown which are out of reach again and only stay for a while.
const LINGERING_TICKS: u32 = 6;

/// Which pages are due in a tick.
struct Turns {
    tick: u32,
    /// The tick of the datagram before this one.
    last_sent: u32,
    home: Cell,
    within_reach: CellBox,
    /// What of it is shown each time.
    near: CellBox,
}

impl Turns {
    fn new((tick, last_sent): (u32, u32), home: Cell, within_reach: CellBox) -> Self {
        let CellBox { low, high } = within_reach;
        let around = |of: fn(Cell) -> u8| (of(home).saturating_sub(NEAR_CELLS), of(home).saturating_add(NEAR_CELLS));
        let (rows, columns) = (around(|cell| cell.row), around(|cell| cell.column));
        let near = CellBox {
            low: Cell { row: low.row.max(rows.0), column: low.column.max(columns.0) },
            high: Cell { row: high.row.min(rows.1), column: high.column.min(columns.1) },
        };
        Self { tick, last_sent, home, within_reach, near }
    }

    /// Whether a page is due: what is far every other time, what is out of reach again now and then.
    #[inline]
    fn is_due(&self, unit: &TrackedPage, cell: Cell) -> bool {
        if self.near.contains(cell) {
            return true;
        }
        if self.within_reach.contains(cell) {
            return unit.sent_tick != self.last_sent;
        }
        // All who still see a cell are shown it in the same tick, so that they are shown the same bytes.
        let turn = |tick: u32| tick.wrapping_add(u32::from(cell.row) + u32::from(cell.column)) / LINGERING_TICKS;
        turn(unit.sent_tick) != turn(self.tick)
    }

    /// Puts the places of those that are due in order, what waits longest first, nearer cells before farther ones, and
    /// counts who is in all of them.
    fn longest_waiting_first(&self, scene: &Scene, followed: &[TrackedPage], order: &mut Vec<(u32, u32)>) -> u32 {
        let mut crowd = 0;
        for (place, unit) in (0_u32..).zip(followed) {
            let Some(page) = scene.pages.page(unit.page) else { continue };
            crowd += page.count;
            if self.is_due(unit, page.cell) {
                let waited = self.tick.saturating_sub(unit.sent_tick).min(1 << 20) * 16;
                order.push((u32::MAX - waited / (1 + rings(self.home, page.cell)), place));
            }
        }
        order.sort_unstable();
        crowd
    }
}

/// What became of a page.
enum Added {
    Nothing,
    NoRoom,
    Sent,
}

impl Viewer {
    /// Adds the pages whose turn it is, leaving `spare` bytes free, and returns which they are.
    pub(super) fn add_pages(
        &mut self,
        scene: &Scene,
        obstacles: &Obstacles,
        blocks: &mut Blocks,
        (eye, within_reach): (Position, CellBox),
        spare: usize,
        writer: &mut DownWriter<'_>,
        sent: &mut SentDatagram,
    ) -> u128 {
        let (tick, sight, overflowed) = (scene.tick, self.sight, self.overflowed);
        let turns = Turns::new((tick, self.known.sent_tick), self.home, within_reach);
        let sightlines = scene.sightlines.from(obstacles, self.home);
        let (followed, confirmed) = self.known.units();
        let mut order = core::mem::take(&mut blocks.scratch.order);
        order.clear();
        // Where room is short, order counts.
        let mut crowd = if overflowed { turns.longest_waiting_first(scene, followed, &mut order) } else { 0 };
        let count = if overflowed { order.len() } else { followed.len() };
        let mut units = 0_u128;
        for nth in 0..count {
            let place = order.get(nth).map_or(nth, |(_, place)| *place as usize);
            let unit = &mut followed[place];
            let Some(page) = scene.pages.page(unit.page) else { continue };
            if !overflowed {
                crowd += page.count;
                if !turns.is_due(unit, page.cell) {
                    continue;
                }
            }
            let clear = sightlines.clear(page.cell);
            let whole = clear && (self.interest == InterestRule::Cells || Self::reaches_all_of(sight, eye, page.cell));
            let added = if whole && unit.is_confirmed() {
                add_shared(unit, page, (tick, spare), (&scene.pages, blocks), writer)
            } else {
                let Some(slots) = scene.pages.slots(unit.page) else { continue };
                let mut view = page.occupied;
                if !whole {
                    view = Self::view(sight, (page, slots, unit.last_shown(slots)), eye);
                }
                if !clear {
                    let between =
                        blocks.scratch.occluders.between(scene.sightlines.id, obstacles, turns.home, page.cell);
                    view = unhidden(between, eye, slots, view);
                }
                add_own(
                    (unit, &mut confirmed[place]),
                    (page, slots),
                    view,
                    (tick, spare),
                    &mut blocks.scratch.bytes,
                    writer,
                )
            };
            match added {
                Added::Nothing => {}
                Added::NoRoom => sent.left_out += 1,
                Added::Sent => {
                    units |= 1 << place;
                    sent.pages += 1;
                }
            }
        }
        blocks.scratch.order = order;
        self.crowd = crowd;
        units
    }
}

/// Those slots of `view` that nothing hides.
#[inline]
fn unhidden(between: &Occluders, eye: Position, slots: &Slots, mut view: u64) -> u64 {
    let mut left = view;
    while left != 0 {
        let slot = left.trailing_zeros() as usize;
        left &= left - 1;
        if between.hide(eye, slots.place(slot)) {
            view &= !(1 << slot);
        }
    }
    view
}

/// Adds a page that is seen whole, by the bytes that all have in common who have it as of the same tick.
#[inline]
fn add_shared(
    unit: &mut TrackedPage,
    page: &Page,
    (tick, spare): (u32, usize),
    (pages, blocks): (&Pages, &mut Blocks),
    writer: &mut DownWriter<'_>,
) -> Added {
    let known = page.changed_tick <= unit.acked && unit.shows(page.occupied);
    if known || (unit.was_never_shown() && page.occupied == 0) {
        return Added::Nothing;
    }
    let block = blocks.shared(unit.page, pages, unit.acked);
    if block.len() + spare > writer.room() || !writer.page(block, page.check) {
        return Added::NoRoom;
    }
    unit.sent_whole(tick, page.occupied);
    Added::Sent
}

/// Adds the slots of a page that one viewer sees, by bytes of its own.
#[inline]
fn add_own(
    (unit, confirmed): (&mut TrackedPage, &mut Confirmed),
    (page, slots): (&Page, &Slots),
    view: u64,
    (tick, spare): (u32, usize),
    bytes: &mut Vec<u8>,
    writer: &mut DownWriter<'_>,
) -> Added {
    let came = view & (newer(&slots.came, unit.acked) | !confirmed.slots);
    let changed = came | view & newer(&slots.changed, unit.acked);
    // What is hidden must not show even by a page that says nothing.
    if (unit.was_never_shown() && view == 0) || (changed == 0 && unit.shows(view)) {
        return Added::Nothing;
    }
    bytes.clear();
    let at = (page.cell, page.number);
    write_page(bytes, at, (view, changed, came), &slots.facets, &slots.motions);
    let check = page_check(at, view, &slots.facets, &slots.motions);
    if bytes.len() + spare > writer.room() || !writer.page(bytes, check) {
        return Added::NoRoom;
    }
    unit.sent(confirmed, tick, view, page.occupied);
    Added::Sent
}

/// How many cells apart two cells are, diagonals counted as one.
const fn rings(one: Cell, other: Cell) -> u32 {
    let (rows, columns) = (one.row.abs_diff(other.row), one.column.abs_diff(other.column));
    if rows > columns { rows as u32 } else { columns as u32 }
}
