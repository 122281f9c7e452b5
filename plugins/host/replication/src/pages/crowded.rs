//! Cells with more in them than viewers follow: what matters most is shown, the rest waits on later pages.

use hypogeum_protocol::RecordKind;
use hypogeum_protocol::lane::{Cell, PAGE_SLOTS};

use super::{PAGES_PER_CELL_MAX, Pages};
use crate::ack_tracker::TRACKED_PAGES_MAX;

/// Pages of one cell that viewers follow, the first ones: 8,192 things. What is on later ones nobody is shown, so what matters most
/// stands on these.
pub(super) const FOLLOWED_PAGES: u8 = TRACKED_PAGES_MAX as u8;
/// Searches in a tick for something that has to make room on the followed pages; whoever comes after them waits on a later page.
pub(super) const SEARCHES_PER_TICK_MAX: u32 = 256;

const _: () = assert!(TRACKED_PAGES_MAX <= PAGES_PER_CELL_MAX as usize);

const RANK_LAST: u8 = 4;

/// How early something is shown where not all can be: lower is earlier.
const fn rank(kind: RecordKind) -> u8 {
    match kind {
        RecordKind::Player => 0,
        RecordKind::Npc => 1,
        RecordKind::Container => 3,
        RecordKind::Item => RANK_LAST,
        _ => 2,
    }
}

impl Pages {
    /// A slot in a cell for something of a kind. Where no followed page has a free one, something that matters less makes room: it
    /// goes to a later page, or is not shown where there is none.
    pub(super) fn place_for(&mut self, cell: Cell, kind: RecordKind) -> Option<(u32, usize)> {
        let free = self.room(cell);
        let is_followed = |(index, _): (u32, usize)| self.all[index as usize].number < FOLLOWED_PAGES;
        if free.is_some_and(is_followed) {
            return free;
        }
        let Some(lesser) = self.lesser(cell, kind) else { return free };
        match free {
            Some(free) => self.relocate(lesser, free),
            None => self.vacate(lesser),
        }
        Some(lesser)
    }

    /// The slot of something on the followed pages of a cell that matters less than a kind.
    fn lesser(&mut self, cell: Cell, kind: RecordKind) -> Option<(u32, usize)> {
        if rank(kind) == RANK_LAST {
            return None;
        }
        self.searches_left = self.searches_left.checked_sub(1)?;
        self.of_cell(cell).take(FOLLOWED_PAGES.into()).find_map(|index| {
            let (page, slots) = (self.page(index)?, self.slots(index)?);
            let is_lesser =
                |slot: &usize| page.occupied >> slot & 1 == 1 && rank(slots.facets[*slot].kind) > rank(kind);
            (0..PAGE_SLOTS).find(is_lesser).map(|slot| (index, slot))
        })
    }

    /// Frees a slot; what was in it is nowhere. Returns whether it was shown this tick.
    fn clear(&mut self, (index, slot): (u32, usize)) -> bool {
        let page = &mut self.all[index as usize];
        let was_seen = page.seen >> slot & 1 == 1;
        page.occupied &= !(1 << slot);
        page.seen &= !(1 << slot);
        page.changed_tick = self.tick;
        was_seen
    }

    /// Takes what is in a slot away.
    fn vacate(&mut self, from: (u32, usize)) {
        self.clear(from);
        let name = self.slots[from.0 as usize].facets[from.1].id;
        self.spots[name.0 as usize] = 0;
    }

    /// Moves what is in a slot to a free one of the same cell.
    fn relocate(&mut self, from: (u32, usize), to: (u32, usize)) {
        let was_seen = self.clear(from);
        let old = &self.slots[from.0 as usize];
        let (facet, motion, at) = (old.facets[from.1], old.motions[from.1], old.place(from.1));
        let (page, slots) = (&mut self.all[to.0 as usize], &mut self.slots[to.0 as usize]);
        page.occupied |= 1 << to.1;
        page.seen |= u64::from(was_seen) << to.1;
        page.changed_tick = self.tick;
        (slots.facets[to.1], slots.motions[to.1]) = (facet, motion);
        (slots.x[to.1], slots.y[to.1]) = (at.x, at.y);
        (slots.came[to.1], slots.changed[to.1]) = (self.tick, self.tick);
        self.spots[facet.id.0 as usize] = ((to.0 << 6) | to.1 as u32) + 1;
    }

    /// Lets two slots of one cell change places.
    fn swap(&mut self, one: (u32, usize), other: (u32, usize)) {
        let held = |(index, slot): (u32, usize)| {
            let slots = &self.slots[index as usize];
            (slots.facets[slot], slots.motions[slot], slots.place(slot))
        };
        for ((index, slot), (facet, motion, at)) in [(one, held(other)), (other, held(one))] {
            let slots = &mut self.slots[index as usize];
            (slots.facets[slot], slots.motions[slot]) = (facet, motion);
            (slots.x[slot], slots.y[slot]) = (at.x, at.y);
            (slots.came[slot], slots.changed[slot]) = (self.tick, self.tick);
            self.all[index as usize].changed_tick = self.tick;
            self.spots[facet.id.0 as usize] = ((index << 6) | slot as u32) + 1;
        }
    }

    /// At the end of a tick, moves what is on later pages to where room has become on followed ones, or to where something stands
    /// that matters less; of each page what matters most first.
    pub(super) fn move_up(&mut self) {
        // The cell where there is no room for a rank, nor for any after it: its other pages need not be searched for.
        let mut full: Option<(Cell, u8)> = None;
        for nth in 0..self.overflow.len() {
            let from = self.overflow[nth];
            while let Some((cell, slot, kind)) = self.foremost(from) {
                if full.is_some_and(|(place, least)| place == cell && rank(kind) >= least) {
                    break;
                }
                if let Some(vacancy) = self.vacancy(cell) {
                    self.relocate((from, slot), vacancy);
                } else if let Some(lesser) = self.lesser(cell, kind) {
                    self.swap((from, slot), lesser);
                } else {
                    full = Some((cell, rank(kind)));
                    break;
                }
            }
        }
    }

    /// A free slot on the followed pages of a cell.
    fn vacancy(&self, cell: Cell) -> Option<(u32, usize)> {
        self.of_cell(cell).take(FOLLOWED_PAGES.into()).find_map(|index| {
            let occupied = self.page(index)?.occupied;
            (occupied != u64::MAX).then_some((index, occupied.trailing_ones() as usize))
        })
    }

    /// The cell of a page, and slot and kind of what matters most on it.
    fn foremost(&self, index: u32) -> Option<(Cell, usize, RecordKind)> {
        let (page, slots) = (self.page(index)?, self.slots(index)?);
        let occupied = (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1);
        let foremost = occupied.min_by_key(|slot| rank(slots.facets[*slot].kind))?;
        Some((page.cell, foremost, slots.facets[foremost].kind))
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::NetId;
    use hypogeum_protocol::lane::CELL;
    use hypogeum_space::{Appearance, Position, Shown};

    use super::*;

    fn shown(kind: RecordKind, id: u32) -> Shown {
        let appearance = Appearance { template: 1, heading: 0, hp_band: 15 };
        Shown { id: NetId(id), kind, at: Position { x: 100, y: 200 }, appearance }
    }

    const FOLLOWED: u32 = FOLLOWED_PAGES as u32 * PAGE_SLOTS as u32;

    /// A tick with players and items, all at one place.
    fn crowd(pages: &mut Pages, tick: u32, items: core::ops::Range<u32>, players: core::ops::Range<u32>) {
        pages.begin(tick, CELL);
        for id in items {
            pages.show(shown(RecordKind::Item, id));
        }
        for id in players {
            pages.show(shown(RecordKind::Player, id));
        }
        pages.end();
    }

    /// How many items and players stand on followed pages, and how many things on later ones.
    fn standing(pages: &Pages) -> (usize, usize, usize) {
        let (mut items, mut players, mut later) = (0, 0, 0);
        for (page, slots) in pages.all.iter().zip(&pages.slots) {
            for slot in (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1) {
                let facet = slots.facets[slot];
                assert!(
                    pages.find(facet.id).is_some_and(|(slots, slot)| slots.facets[slot].id == facet.id),
                    "{} is found where it is",
                    facet.id
                );
                match facet.kind {
                    _ if page.number >= FOLLOWED_PAGES => later += 1,
                    RecordKind::Item => items += 1,
                    _ => players += 1,
                }
            }
        }
        (items, players, later)
    }

    #[test]
    fn in_a_full_cell_a_player_takes_the_place_of_an_item() {
        let (mut pages, full) = (Pages::default(), FOLLOWED as usize);
        crowd(&mut pages, 1, 1..FOLLOWED + 1, 0..0);
        assert_eq!(standing(&pages), (full, 0, 0), "8,192 things are all followed");
        crowd(&mut pages, 2, 1..FOLLOWED + 1, 9_000..9_001);
        assert_eq!(standing(&pages), (full - 1, 1, 1), "of one more the player is, and an item waits");
        crowd(&mut pages, 3, 1..FOLLOWED + 2, 9_000..9_001);
        assert_eq!(standing(&pages), (full - 1, 1, 2), "one more item waits, too");
        crowd(&mut pages, 4, 3..FOLLOWED + 2, 9_000..9_001);
        assert_eq!(standing(&pages), (full - 1, 1, 0), "as others go, those who wait come up");
    }

    #[test]
    fn more_than_a_cell_has_room_for_is_not_shown_and_harms_nothing() {
        let mut pages = Pages::default();
        let all = (usize::from(PAGES_PER_CELL_MAX) + 1) * PAGE_SLOTS;
        for tick in 1..4 {
            crowd(&mut pages, tick, 1..20_001, 30_000..30_100);
            let (items, players, later) = standing(&pages);
            assert_eq!(
                (items + players + later, players),
                (all, 100),
                "tick {tick}: all pages are full, with all players"
            );
        }
        crowd(&mut pages, 5, 200..201, 30_000..30_100);
        assert_eq!(standing(&pages), (1, 100, 0), "in the end those are left who are there");
    }

    #[test]
    fn who_found_no_room_in_time_comes_up_later() {
        let (mut pages, full) = (Pages::default(), FOLLOWED as usize);
        let arrivals = 2 * SEARCHES_PER_TICK_MAX;
        crowd(&mut pages, 1, 1..FOLLOWED + 1, 0..0);
        for tick in 2..6 {
            crowd(&mut pages, tick, 1..FOLLOWED + 1, 9_000..9_000 + arrivals);
        }
        let arrivals = arrivals as usize;
        assert_eq!(standing(&pages), (full - arrivals, arrivals, arrivals), "all players are followed");
    }

    #[test]
    fn a_cell_full_of_players_is_searched_once_and_leaves_searches_to_others() {
        let mut pages = Pages::default();
        let players = 1..FOLLOWED + 10 * PAGE_SLOTS as u32 + 1;
        for tick in 1..3 {
            crowd(&mut pages, tick, 0..0, players.clone());
        }
        assert_eq!(standing(&pages), (0, FOLLOWED as usize, 10 * PAGE_SLOTS), "ten pages wait");
        assert_eq!(pages.searches_left, SEARCHES_PER_TICK_MAX - 1, "for all of them one search is enough");
    }
}
