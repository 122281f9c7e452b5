//! The receiving end, written down as plainly as it goes, and held against what stands there.

use std::collections::BTreeMap;

use hypogeum_protocol::NetId;
use hypogeum_protocol::lane::{
    Cell, CellBox, DownHead, Facet, Motion, PAGE_SLOTS, PageBlock, Reader, page_check, read_areas, read_events,
};

/// Something, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) cell: Cell,
    pub(crate) id: NetId,
    pub(crate) motion: Motion,
}

impl Standing {
    const fn order(&self) -> (Cell, NetId) {
        (self.cell, self.id)
    }
}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Standing {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

struct Page {
    present: u64,
    facets: [Facet; PAGE_SLOTS],
    motions: [Motion; PAGE_SLOTS],
}

/// What one client holds.
#[derive(Default)]
pub(crate) struct Eyes {
    pages: BTreeMap<(Cell, u8), Page>,
    interest: CellBox,
}

fn slots(mask: u64) -> impl Iterator<Item = usize> {
    (0..PAGE_SLOTS).filter(move |slot| mask >> slot & 1 == 1)
}

impl Eyes {
    /// Takes a datagram and returns how many records it contains.
    pub(crate) fn take(&mut self, datagram: &[u8]) -> u64 {
        let mut reader = Reader::new(datagram);
        let head = DownHead::read(&mut reader).expect("a head");
        read_areas(&mut reader, head.areas_count, &mut Vec::new()).expect("areas");
        let (mut block, mut check, mut told) = (PageBlock::default(), 0_u32, 0);
        for _ in 0..head.pages_count {
            block.read(&mut reader).expect("a page");
            let at = (block.cell, block.page);
            let page = self.pages.entry(at).or_insert_with(|| Page {
                present: 0,
                facets: [Facet::default(); PAGE_SLOTS],
                motions: [Motion(0); PAGE_SLOTS],
            });
            page.present = block.present;
            slots(block.came).for_each(|slot| page.facets[slot] = block.facets[slot]);
            slots(block.told).for_each(|slot| page.motions[slot] = block.motions[slot]);
            check = check.wrapping_add(page_check(at, page.present, &page.facets, &page.motions));
            told += u64::from(block.told.count_ones());
        }
        read_events(&mut reader, head.events_count, &mut Vec::new()).expect("events");
        reader.end().expect("nothing follows");
        assert_eq!(check, head.check, "the view is the one the server meant");
        self.interest = head.interest;
        self.pages.retain(|(cell, _), _| head.interest.contains(*cell));
        told
    }

    /// Holds what is seen against everything that stands within reach in the cells beside `home`, the one that the eye counts to;
    /// `standing` is sorted. What is further away is of interest, too, but not shown in every tick.
    pub(crate) fn compare(&self, standing: &[Standing], reach: CellBox, home: Cell) {
        assert!(self.interest.contains(reach.low), "what is within reach is of interest");
        let beside = |one: u8, other: u8| one.abs_diff(other) <= 1;
        let is_near = |cell: Cell| {
            let here = self.interest.contains(cell) && reach.contains(cell);
            here && beside(cell.row, home.row) && beside(cell.column, home.column)
        };
        let mut seen: Vec<Standing> = Vec::new();
        for ((cell, _), page) in self.pages.iter().filter(|((cell, _), _)| is_near(*cell)) {
            let one = |slot: usize| Standing { cell: *cell, id: page.facets[slot].id, motion: page.motions[slot] };
            seen.extend(slots(page.present).map(one));
        }
        seen.sort_unstable();
        let expected = standing.iter().filter(|one| is_near(one.cell)).copied();
        assert!(seen.iter().copied().eq(expected), "a client sees everything in its cells, and where it is");
    }
}
