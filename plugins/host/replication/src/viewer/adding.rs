//! Which pages a datagram of the lane holds.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::lane::{Cell, CellBox, DownWriter, page_check, write_page};
use hypogeum_space::{Obstacles, Occluders, Position};

use super::{Told, Viewer};
use crate::ack_tracker::{PageAck, TrackedPage};
use crate::blocks::Blocks;
use crate::pages::{Page, Pages, Slots, newer};
use crate::scene::Scene;

/// How far around a cell everything is shown each time; what is further away every other time.
const NEAR_CELLS: u32 = 1;
/// Ticks from one time to the next that cells are shown which are out of reach again and only stay for a while.
const LINGERING_TICKS: u32 = 6;

/// Which pages are due in a tick.
struct Turns {
    tick: u32,
    /// The tick of the datagram before this one.
    last_sent: u32,
    home: Cell,
    within_reach: CellBox,
    /// Nothing that is followed is out of reach.
    none_lingers: bool,
}

impl Turns {
    /// Whether a page is due: what is far every other time, what is out of reach again now and then.
    fn is_due(&self, unit: &TrackedPage, cell: Cell) -> bool {
        if self.none_lingers || self.within_reach.contains(cell) {
            rings(self.home, cell) <= NEAR_CELLS || unit.sent_tick != self.last_sent
        } else {
            self.tick.saturating_sub(unit.sent_tick) >= LINGERING_TICKS
        }
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
        told: &mut Told,
    ) -> u128 {
        let (tick, sight, overflowed) = (scene.tick, self.sight, self.overflowed);
        let CellBox { low, high } = self.interest_box;
        let none_lingers = within_reach.contains(low) && within_reach.contains(high);
        let turns = Turns { tick, last_sent: self.known.sent_tick, home: self.home, within_reach, none_lingers };
        let sightlines = scene.sightlines.from(obstacles, self.home);
        let (followed, acks) = self.known.units();
        let mut order = core::mem::take(&mut blocks.scratch.order);
        order.clear();
        // Where room is short, order counts.
        self.crowd = if overflowed { turns.longest_waiting_first(scene, followed, &mut order) } else { 0 };
        let count = if overflowed { order.len() } else { followed.len() };
        let mut units = 0_u128;
        for nth in 0..count {
            let place = order.get(nth).map_or(nth, |(_, place)| *place as usize);
            let (unit, ack) = (&mut followed[place], &mut acks[place]);
            let Some(page) = scene.pages.page(unit.page) else { continue };
            if !overflowed {
                self.crowd += page.count;
                if !turns.is_due(unit, page.cell) {
                    continue;
                }
            }
            let clear = sightlines.clear(page.cell);
            let whole = clear && (self.interest == InterestRule::Cells || Self::reaches_all_of(sight, eye, page.cell));
            let added = if whole && unit.confirmed == u64::MAX {
                add_shared((unit, ack), page, (tick, spare), (&scene.pages, blocks), writer)
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
                add_own((unit, ack), (page, slots), view, (tick, spare), &mut blocks.scratch.bytes, writer)
            };
            match added {
                Added::Nothing => {}
                Added::NoRoom => told.left_out += 1,
                Added::Sent => {
                    units |= 1 << place;
                    told.pages += 1;
                }
            }
        }
        blocks.scratch.order = order;
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
    (unit, ack): (&mut TrackedPage, &mut PageAck),
    page: &Page,
    (tick, spare): (u32, usize),
    (pages, blocks): (&Pages, &mut Blocks),
    writer: &mut DownWriter<'_>,
) -> Added {
    let known = page.changed_tick <= ack.acked && unit.shows(page.occupied, *ack);
    if known || (unit.was_never_shown() && page.occupied == 0) {
        return Added::Nothing;
    }
    let block = blocks.shared(unit.page, pages, ack.acked);
    if block.len() + spare > writer.room() || !writer.page(block, page.check) {
        return Added::NoRoom;
    }
    unit.sent(ack, tick, page.occupied, page.occupied);
    Added::Sent
}

/// Adds the slots of a page that one viewer sees, by bytes of its own.
#[inline]
fn add_own(
    (unit, ack): (&mut TrackedPage, &mut PageAck),
    (page, slots): (&Page, &Slots),
    view: u64,
    (tick, spare): (u32, usize),
    bytes: &mut Vec<u8>,
    writer: &mut DownWriter<'_>,
) -> Added {
    let came = view & (newer(&slots.came, ack.acked) | !unit.confirmed);
    let changed = came | view & newer(&slots.changed, ack.acked);
    // What is hidden must not show even by a page that says nothing.
    if (unit.was_never_shown() && view == 0) || (changed == 0 && unit.shows(view, *ack)) {
        return Added::Nothing;
    }
    bytes.clear();
    let at = (page.cell, page.number);
    write_page(bytes, at, (view, changed, came), &slots.facets, &slots.motions);
    let check = page_check(at, view, &slots.facets, &slots.motions);
    if bytes.len() + spare > writer.room() || !writer.page(bytes, check) {
        return Added::NoRoom;
    }
    unit.sent(ack, tick, view, page.occupied);
    Added::Sent
}

/// How many cells apart two cells are, diagonals counted as one.
const fn rings(one: Cell, other: Cell) -> u32 {
    let (rows, columns) = (one.row.abs_diff(other.row), one.column.abs_diff(other.column));
    if rows > columns { rows as u32 } else { columns as u32 }
}
