//! What stands where, cell by cell: pages of 64 slots, kept from tick to tick and updated by what changed.

mod crowded;

use hypogeum_protocol::NetId;
use hypogeum_protocol::lane::{CELL, Cell, CellBox, Facet, Motion, PAGE_SLOTS, page_check};
use hypogeum_space::{Position, Shown, turn};

use crowded::{FOLLOWED_PAGES, SEARCHES_PER_TICK_MAX};

/// Stands for no page in lists of pages.
const NONE: u32 = u32::MAX;
/// Pages of one cell at most: the number is a byte on the wire. A crowd of 16,384 in 32 m has no more room anyway.
const PAGES_PER_CELL_MAX: u8 = u8::MAX;

/// What all viewers ask of all pages around them: up to 64 things of one cell. Their slots lie elsewhere ([`Slots`]), so that
/// the pages of a map lie close together.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Slots that hold something.
    pub(crate) occupied: u64,
    /// Slots seen to be still there while a tick is gathered.
    seen: u64,
    /// The newest tick anything in it came, changed or went.
    pub(crate) changed_tick: u32,
    /// How many things are in it.
    pub(crate) count: u32,
    /// Its [`page_check`] with everything in it visible.
    pub(crate) check: u32,
    /// The next page of the same cell.
    next: u32,
    pub(crate) cell: Cell,
    /// Which page of its cell.
    pub(crate) number: u8,
}

/// What is in the slots of a page, and when each of them came and changed.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    /// By slot: the tick it came into its slot.
    pub(crate) came: [u32; PAGE_SLOTS],
    /// By slot: the tick its motion changed last.
    pub(crate) changed: [u32; PAGE_SLOTS],
    /// By slot: its motion.
    pub(crate) motions: [Motion; PAGE_SLOTS],
    /// By slot: exactly where it is.
    pub(crate) x: [i32; PAGE_SLOTS],
    /// By slot: exactly where it is.
    pub(crate) y: [i32; PAGE_SLOTS],
    /// By slot: what it is.
    pub(crate) facets: [Facet; PAGE_SLOTS],
}

/// The slots whose flag is 1, not 0.
#[inline]
fn mask(flags: &[u8; PAGE_SLOTS]) -> u64 {
    let (groups, _) = flags.as_chunks::<8>();
    groups.iter().zip((0_u32..).step_by(8)).fold(0, |mask, (group, shift)| {
        let bits = u64::from_le_bytes(*group).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask | bits << shift
    })
}

/// The slots of `ticks` that are newer than a tick.
pub(crate) fn newer(ticks: &[u32; PAGE_SLOTS], than: u32) -> u64 {
    // Each step is one that compilers make wide instructions of: a byte for each slot, then eight bytes to eight bits.
    let mut flags = [0_u8; PAGE_SLOTS];
    for (flag, tick) in flags.iter_mut().zip(ticks) {
        *flag = u8::from(*tick > than);
    }
    mask(&flags)
}

impl Page {
    const fn new(cell: Cell, number: u8) -> Self {
        Self { cell, number, occupied: 0, seen: 0, changed_tick: 0, count: 0, check: 0, next: NONE }
    }
}

impl Slots {
    const EMPTY: Self = Self {
        came: [0; PAGE_SLOTS],
        changed: [0; PAGE_SLOTS],
        motions: [Motion(0); PAGE_SLOTS],
        x: [0; PAGE_SLOTS],
        y: [0; PAGE_SLOTS],
        facets: [Facet { id: NetId::NONE, kind: hypogeum_protocol::RecordKind::Player, template: 0 }; PAGE_SLOTS],
    };

    /// Exactly where the thing of a slot is.
    pub(crate) const fn place(&self, slot: usize) -> Position {
        Position { x: self.x[slot], y: self.y[slot] }
    }

    /// The slots at most `near` subunits from a place, and those at most `far` from it.
    pub(crate) fn within(&self, eye: Position, near: u32, far: u32) -> (u64, u64) {
        // Whatever is further along one axis is further in all. Cut there, every number fits 32 bits, and the compiler makes
        // wide instructions of the loop. Who sees further than 128 m is one of few.
        const CUT: u32 = 1 << 15;
        let (mut is_near, mut is_far) = ([0_u8; PAGE_SLOTS], [0_u8; PAGE_SLOTS]);
        if near.max(far) < CUT {
            for slot in 0..PAGE_SLOTS {
                let (x, y) = (self.x[slot].abs_diff(eye.x).min(CUT), self.y[slot].abs_diff(eye.y).min(CUT));
                let squared = x * x + y * y;
                is_near[slot] = u8::from(squared <= near * near);
                is_far[slot] = u8::from(squared <= far * far);
            }
        } else {
            let (near, far) = (u64::from(near), u64::from(far));
            for slot in 0..PAGE_SLOTS {
                let squared = turn::distance_squared(eye, self.place(slot));
                is_near[slot] = u8::from(squared <= near * near);
                is_far[slot] = u8::from(squared <= far * far);
            }
        }
        (mask(&is_near), mask(&is_far))
    }
}

/// All pages of one shard. A page never moves and never goes, so its index is its name.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    tick: u32,
    all: Vec<Page>,
    /// What each page holds, by number of the page.
    slots: Vec<Slots>,
    /// The first page of each cell, row by row of `side` cells.
    heads: Vec<u32>,
    side: usize,
    /// By name: page and slot, plus one; 0 for what is nowhere.
    spots: Vec<u32>,
    /// Pages that no viewer follows.
    overflow: Vec<u32>,
    searches_left: u32,
}

impl Pages {
    /// Begins a tick on a map of this side in subunits; everything is to be shown again, what is not is gone.
    pub(crate) fn begin(&mut self, tick: u32, side: i32) {
        self.tick = tick;
        self.searches_left = SEARCHES_PER_TICK_MAX;
        let side = usize::try_from(side / CELL + 1).unwrap_or(1).clamp(1, 256);
        if side != self.side {
            self.side = side;
            self.heads = vec![NONE; side * side];
            self.all.clear();
            self.slots.clear();
            self.spots.clear();
            self.overflow.clear();
        }
    }

    fn head(&self, cell: Cell) -> usize {
        let last = self.side - 1;
        usize::from(cell.row).min(last) * self.side + usize::from(cell.column).min(last)
    }

    /// Shows one thing where it is now.
    pub(crate) fn show(&mut self, shown: Shown) {
        let name = shown.id.0 as usize;
        if name >= self.spots.len() {
            self.spots.resize(name + 1, 0);
        }
        let last = (self.side - 1) as u8;
        let cell = || {
            let cell = Cell::of(shown.at.x, shown.at.y);
            Cell { row: cell.row.min(last), column: cell.column.min(last) }
        };
        let pack =
            |cell| Motion::new(cell, (shown.at.x, shown.at.y), shown.appearance.heading, shown.appearance.hp_band);
        if let Some(spot) = self.spots[name].checked_sub(1) {
            let (index, slot) = ((spot >> 6) as usize, (spot & 63) as usize);
            let page = &mut self.all[index];
            // Who walks to and fro over a border does not come and go with every step.
            if page.cell.keeps(shown.at.x, shown.at.y) || page.cell == cell() {
                let motion = pack(page.cell);
                page.seen |= 1 << slot;
                let slots = &mut self.slots[index];
                (slots.x[slot], slots.y[slot]) = (shown.at.x, shown.at.y);
                if slots.motions[slot] != motion {
                    slots.motions[slot] = motion;
                    slots.changed[slot] = self.tick;
                    page.changed_tick = self.tick;
                }
                return;
            }
            page.occupied &= !(1 << slot);
            page.changed_tick = self.tick;
        }
        let cell = cell();
        let Some((index, slot)) = self.place_for(cell, shown.kind) else {
            self.spots[name] = 0;
            return;
        };
        self.spots[name] = ((index << 6) | slot as u32) + 1;
        let (page, slots) = (&mut self.all[index as usize], &mut self.slots[index as usize]);
        page.occupied |= 1 << slot;
        page.seen |= 1 << slot;
        page.changed_tick = self.tick;
        slots.facets[slot] = Facet { id: shown.id, kind: shown.kind, template: shown.appearance.template };
        slots.motions[slot] = pack(cell);
        (slots.x[slot], slots.y[slot]) = (shown.at.x, shown.at.y);
        (slots.came[slot], slots.changed[slot]) = (self.tick, self.tick);
    }

    /// A free slot in a cell, on a new page where all are full.
    fn room(&mut self, cell: Cell) -> Option<(u32, usize)> {
        let head = self.head(cell);
        let (mut index, mut number, mut previous) = (self.heads[head], 0_u8, NONE);
        while let Some(page) = self.all.get(index as usize) {
            // What left this tick may still be looked for in its slot, until the tick is over.
            let taken = page.occupied | page.seen;
            if taken != u64::MAX {
                return Some((index, taken.trailing_ones() as usize));
            }
            if number == PAGES_PER_CELL_MAX {
                return None;
            }
            number += 1;
            previous = index;
            index = page.next;
        }
        let fresh = u32::try_from(self.all.len()).ok().filter(|fresh| *fresh < u32::MAX >> 7)?;
        self.all.push(Page::new(cell, number));
        self.slots.push(Slots::EMPTY);
        if number >= FOLLOWED_PAGES {
            self.overflow.push(fresh);
        }
        match self.all.get_mut(previous as usize) {
            Some(page) => page.next = fresh,
            None => self.heads[head] = fresh,
        }
        Some((fresh, 0))
    }

    /// Ends a tick: whatever was not shown is gone, and what waited for room comes up.
    pub(crate) fn end(&mut self) {
        for (page, slots) in self.all.iter_mut().zip(&self.slots) {
            let mut gone = page.occupied & !page.seen;
            page.seen = 0;
            if gone != 0 {
                page.occupied &= !gone;
                page.changed_tick = self.tick;
            }
            while gone != 0 {
                let slot = gone.trailing_zeros() as usize;
                gone &= gone - 1;
                if let Some(spot) = self.spots.get_mut(slots.facets[slot].id.0 as usize) {
                    *spot = 0;
                }
            }
        }
        self.move_up();
        for (page, slots) in self.all.iter_mut().zip(&self.slots) {
            if page.changed_tick == self.tick {
                page.count = page.occupied.count_ones();
                page.check = page_check((page.cell, page.number), page.occupied, &slots.facets, &slots.motions);
            }
        }
    }

    /// How many pages there are; it only grows.
    pub(crate) const fn len(&self) -> usize {
        self.all.len()
    }

    /// A page by its index.
    pub(crate) fn page(&self, index: u32) -> Option<&Page> {
        self.all.get(index as usize)
    }

    /// The slots of a page by its index.
    pub(crate) fn slots(&self, index: u32) -> Option<&Slots> {
        self.slots.get(index as usize)
    }

    /// The indices of a cell's pages.
    pub(crate) fn of_cell(&self, cell: Cell) -> impl Iterator<Item = u32> + '_ {
        let on_map = usize::from(cell.row) < self.side && usize::from(cell.column) < self.side;
        let first = if on_map { self.heads[self.head(cell)] } else { NONE };
        core::iter::successors(Some(first), |index| self.all.get(*index as usize).map(|page| page.next))
            .take_while(|index| *index != NONE)
    }

    /// The cells of a box that are on the map.
    pub(crate) fn on_map(&self, interest: CellBox) -> CellBox {
        let last = self.side.saturating_sub(1).min(255) as u8;
        let cut = |cell: Cell| Cell { row: cell.row.min(last), column: cell.column.min(last) };
        CellBox { low: cut(interest.low), high: cut(interest.high) }
    }

    /// Where something is, and as what it is shown.
    pub(crate) fn find(&self, id: NetId) -> Option<(&Slots, usize)> {
        let spot = self.spots.get(id.0 as usize)?.checked_sub(1)?;
        Some((self.slots.get((spot >> 6) as usize)?, (spot & 63) as usize))
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_space::Appearance;

    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn thing(id: u32, x: i32, y: i32) -> Shown {
        let facet = Facet { id: NetId(id), template: id as u16, ..Facet::default() };
        let appearance = Appearance { template: facet.template, heading: id as u8, hp_band: 15 };
        Shown { id: facet.id, kind: facet.kind, at: Position { x, y }, appearance }
    }

    proptest! {
        #[test]
        fn whatever_comes_moves_and_goes_the_pages_hold_what_is_there(
            ticks in prop::collection::vec(prop::collection::btree_map(1_u32..200, (0..3 * CELL, 0..2 * CELL), 0..150), 1..12),
        ) {
            let mut pages = Pages::default();
            for (tick, things) in (1..).zip(&ticks) {
                pages.begin(tick, 4 * CELL);
                for (id, (x, y)) in things {
                    pages.show(thing(*id, *x, *y));
                }
                pages.end();
                let mut held = BTreeMap::new();
                for (page, slots) in pages.all.iter().zip(&pages.slots) {
                    for slot in (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1) {
                        let twice = held.insert(slots.facets[slot].id.0, (slots.x[slot], slots.y[slot]));
                        prop_assert_eq!(twice, None, "nothing is in two places");
                        prop_assert!(page.cell.keeps(slots.x[slot], slots.y[slot]), "nothing is counted to a far cell");
                    }
                }
                prop_assert_eq!(&held, things);
                for id in things.keys() {
                    prop_assert!(pages.find(NetId(*id)).is_some_and(|(slots, slot)| slots.facets[slot].id.0 == *id));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_slot_is_asked_by_itself(ticks in prop::collection::vec(0_u32..4, PAGE_SLOTS), than in 0_u32..4) {
            let ticks: [u32; PAGE_SLOTS] = ticks.try_into().expect("there are as many");
            for (slot, tick) in ticks.iter().enumerate() {
                prop_assert_eq!(newer(&ticks, than) >> slot & 1 == 1, *tick > than, "slot {}", slot);
            }
        }
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_places(
            spots in prop::collection::vec((prop_oneof![-40_000..40_000, any::<i32>()], -40_000..40_000), PAGE_SLOTS),
            (x, y) in (-40_000..40_000, -40_000..40_000),
            near in 0_u32..60_000,
            more in 0_u32..2_000,
        ) {
            let mut slots = Slots::EMPTY;
            for (slot, (x, y)) in spots.into_iter().enumerate() {
                (slots.x[slot], slots.y[slot]) = (x, y);
            }
            let (eye, far) = (Position { x, y }, near + more);
            let (is_near, is_far) = slots.within(eye, near, far);
            for slot in 0..PAGE_SLOTS {
                let squared = turn::distance_squared(eye, slots.place(slot));
                prop_assert_eq!(is_near >> slot & 1 == 1, squared <= u64::from(near) * u64::from(near), "slot {}", slot);
                prop_assert_eq!(is_far >> slot & 1 == 1, squared <= u64::from(far) * u64::from(far), "slot {}", slot);
            }
        }
    }

    #[test]
    fn a_tick_in_which_nothing_moves_changes_no_page() {
        let mut pages = Pages::default();
        for tick in 1..4 {
            pages.begin(tick, CELL);
            (1..100).for_each(|id| pages.show(thing(id, 100, 200)));
            pages.end();
        }
        assert_eq!(pages.len(), 2, "a hundred things fill two pages");
        assert!(pages.all.iter().all(|page| page.changed_tick == 1), "all came in the first tick");
    }
}
