//! The pages a client holds: what it knows of the cells around its avatar.

use hypogeum_protocol::lane::{Cell, CellBox, Facet, Motion, PAGE_SLOTS, PageBlock, page_check};
use hypogeum_protocol::{NetId, Record};

/// Pages held at most: 32,768 things, several times what the densest crowd around an avatar comes to. A server that sends
/// more is not believed.
pub const PAGES_MAX: usize = 512;

#[derive(Clone, Debug)]
struct Page {
    cell: Cell,
    page: u8,
    /// The datagram it is as of.
    number: u64,
    /// Slots that hold something this client may see.
    present: u64,
    /// Slots whose facet was told ever: it stays true while what is in them comes and goes from sight.
    introduced: u64,
    facets: [Facet; PAGE_SLOTS],
    motions: [Motion; PAGE_SLOTS],
}

/// What became of a page that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    /// A newer datagram has told it already.
    Stale,
    /// There is no room for another one.
    Refused,
    /// It is as the datagram says.
    Taken {
        /// What it adds to the datagram's check.
        check: u32,
        /// Something is in it that nobody has introduced.
        stranger: bool,
    },
}

/// All pages of one connection. Their number is bounded, and their memory used again.
#[derive(Debug, Default)]
pub(super) struct Pages {
    held: Vec<Page>,
    /// Everything seen with the number of its datagram, and in the order of names where in that list it is.
    seen: Vec<(u64, Record)>,
    order: Vec<u64>,
}

/// The slots of a mask, rising.
fn slots(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let slot = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (slot < PAGE_SLOTS).then_some(slot)
    })
}

impl Pages {
    /// Takes a page of the datagram of this number.
    pub(super) fn apply(&mut self, block: &PageBlock, number: u64) -> Applied {
        let found = self.held.iter().position(|page| (page.cell, page.page) == (block.cell, block.page));
        let place = match found {
            Some(place) if self.held[place].number > number => return Applied::Stale,
            Some(place) => place,
            None if self.held.len() >= PAGES_MAX => return Applied::Refused,
            None => {
                let facets = [Facet::default(); PAGE_SLOTS];
                let motions = [Motion::default(); PAGE_SLOTS];
                self.held.push(Page {
                    cell: block.cell,
                    page: block.page,
                    number,
                    present: 0,
                    introduced: 0,
                    facets,
                    motions,
                });
                self.held.len() - 1
            }
        };
        let page = &mut self.held[place];
        page.number = number;
        for slot in slots(block.came) {
            page.facets[slot] = block.facets[slot];
        }
        for slot in slots(block.told) {
            page.motions[slot] = block.motions[slot];
        }
        page.present = block.present;
        page.introduced |= block.came;
        let check = page_check((page.cell, page.page), block.present, &page.facets, &page.motions);
        Applied::Taken { check, stranger: page.present & !page.introduced != 0 }
    }

    /// Forgets what is outside.
    pub(super) fn forget_outside(&mut self, interest: &CellBox) {
        let mut place = 0;
        while let Some(page) = self.held.get(place) {
            if interest.contains(page.cell) {
                place += 1;
            } else {
                self.held.swap_remove(place);
            }
        }
    }

    /// Forgets all pages, as for a new match.
    pub(super) fn clear(&mut self) {
        self.held.clear();
    }

    /// Appends everything in them, by name. What walked from one cell to another may still stand in the old one where that
    /// was told longer ago: then it is where it was told last.
    pub(super) fn records(&mut self, out: &mut Vec<Record>) {
        self.seen.clear();
        self.order.clear();
        for page in &self.held {
            for slot in slots(page.present & page.introduced) {
                let (Facet { id, kind, template }, motion) = (page.facets[slot], page.motions[slot]);
                let (x, y) = motion.place(page.cell);
                let (heading, hp_band) = (motion.heading(), motion.hp_band());
                // Plain numbers sort several times as fast as what they stand for.
                self.order.push(u64::from(id.0) << 32 | self.seen.len() as u64);
                self.seen.push((page.number, Record { id, kind, template, x, y, heading, hp_band, extent: 0 }));
            }
        }
        self.order.sort_unstable();
        let mut last: Option<(u64, NetId)> = None;
        for (number, record) in self.order.iter().filter_map(|place| self.seen.get(*place as u32 as usize)) {
            match last {
                Some((known, id)) if id == record.id => {
                    if known < *number {
                        out.pop();
                        out.push(*record);
                        last = Some((*number, id));
                    }
                }
                _ => {
                    out.push(*record);
                    last = Some((*number, record.id));
                }
            }
        }
    }

    #[cfg(test)]
    pub(super) const fn count(&self) -> usize {
        self.held.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::RecordKind;

    /// A page of cell (0, `column`) with these names in its first slots, all told again.
    fn block(column: u8, names: &[u32]) -> PageBlock {
        let mask = (1 << names.len()) - 1;
        let cell = Cell { row: 0, column };
        let mut block = PageBlock { cell, present: mask, told: mask, came: mask, ..PageBlock::default() };
        for (slot, name) in names.iter().enumerate() {
            block.facets[slot] = Facet { id: NetId(*name), kind: RecordKind::Npc, template: 1 };
            block.motions[slot] = Motion::new(cell, (cell.corner().0 + 80, 80), 3, 15);
        }
        block
    }

    fn names(pages: &mut Pages) -> Vec<u32> {
        let mut records = Vec::new();
        pages.records(&mut records);
        records.iter().map(|record| record.id.0).collect()
    }

    #[test]
    fn an_overtaken_page_changes_nothing() {
        let mut pages = Pages::default();
        pages.apply(&block(1, &[5, 6]), 20);
        assert_eq!(pages.apply(&block(1, &[7]), 19), Applied::Stale, "what 20 said stands");
        assert_eq!(names(&mut pages), [5, 6], "nobody came or went");
        pages.apply(&block(1, &[]), 21);
        assert_eq!(pages.apply(&block(1, &[7]), 20), Applied::Stale, "an empty page is remembered, too");
    }

    #[test]
    fn who_was_out_of_sight_is_known_and_who_is_new_must_be_introduced() {
        let mut pages = Pages::default();
        pages.apply(&block(1, &[5, 6]), 1);
        pages.apply(&PageBlock { present: 0b01, ..block(1, &[]) }, 2);
        assert_eq!(names(&mut pages), [5], "6 is out of sight");
        let back = PageBlock { present: 0b11, ..block(1, &[]) };
        assert!(matches!(pages.apply(&back, 3), Applied::Taken { stranger: false, .. }), "nothing about it changed");
        assert_eq!(names(&mut pages), [5, 6], "it is in sight again");
        let more = PageBlock { present: 0b111, told: 0b100, ..block(1, &[]) };
        assert!(matches!(pages.apply(&more, 4), Applied::Taken { stranger: true, .. }), "who is in the third slot?");
        assert_eq!(names(&mut pages), [5, 6], "what nobody introduced is not shown");
    }

    #[test]
    fn who_is_in_two_cells_is_where_it_was_told_last() {
        let mut pages = Pages::default();
        pages.apply(&block(1, &[5, 6]), 1);
        pages.apply(&block(2, &[6, 9]), 2);
        let mut records = Vec::new();
        pages.records(&mut records);
        assert_eq!(records.iter().map(|record| record.id.0).collect::<Vec<_>>(), [5, 6, 9], "each once, by name");
        assert_eq!(Cell::of(records[1].x, records[1].y).column, 2, "the newer page counts");
    }

    #[test]
    fn what_is_outside_is_forgotten_and_the_number_of_pages_is_bounded() {
        let mut pages = Pages::default();
        for page in 0..=255 {
            for column in 0..4 {
                pages.apply(&PageBlock { page, ..block(column, &[1]) }, 1);
            }
        }
        assert_eq!(pages.count(), PAGES_MAX, "no more than that");
        assert_eq!(pages.apply(&block(9, &[1]), 2), Applied::Refused, "another one finds no room");
        let low = Cell { row: 0, column: 2 };
        pages.forget_outside(&CellBox { low, high: low });
        assert_eq!(pages.count(), PAGES_MAX / 4, "one column of four is left");
    }
}
