//! The receiving end of the datagram lane, written down as plainly as it goes.

use std::collections::BTreeMap;

use hypogeum_protocol::lane::{
    Ack, Cell, DownHead, Facet, Motion, PageBlock, Reader, page_check, read_areas, read_events,
};
use hypogeum_protocol::{GameEvent, NetId, Record};

/// What came, and what is known by it.
#[derive(Default)]
pub(crate) struct Eyes {
    pub(crate) pages: BTreeMap<(Cell, u8), BTreeMap<usize, (Facet, Motion)>>,
    pub(crate) newest: Option<u16>,
    pub(crate) before: u32,
    pub(crate) diverged: u32,
    pub(crate) events: Vec<GameEvent>,
    pub(crate) areas: Vec<Record>,
}

impl Eyes {
    pub(crate) fn take(&mut self, datagram: &[u8]) -> DownHead {
        let mut reader = Reader::new(datagram);
        let head = DownHead::read(&mut reader).expect("a head");
        // One that is overtaken is as good as lost: its cells may have left and come back meanwhile.
        if self.newest.is_some_and(|newest| (head.seq.wrapping_sub(newest) as i16) <= 0) {
            return head;
        }
        let step = self.newest.map_or(0, |newest| u32::from(head.seq.wrapping_sub(newest)));
        self.before = match step {
            0 => 0,
            1..=31 => self.before << step | 1 << (step - 1),
            32 => 1 << 31,
            _ => 0,
        };
        self.newest = Some(head.seq);
        self.areas.clear();
        read_areas(&mut reader, head.areas_count, &mut self.areas).expect("areas");
        let mut check = 0_u32;
        let mut block = PageBlock::default();
        for _ in 0..head.pages_count {
            block.read(&mut reader).expect("a page");
            let things = self.pages.entry((block.cell, block.page)).or_default();
            things.retain(|slot, _| block.present >> slot & 1 == 1);
            for slot in (0..64).filter(|slot| block.told >> slot & 1 == 1) {
                let known = things.get(&slot).map(|thing| thing.0);
                let facet =
                    if block.came >> slot & 1 == 1 { block.facets[slot] } else { known.expect("it came before") };
                things.insert(slot, (facet, block.motions[slot]));
            }
            let (mut facets, mut motions) = ([Facet::default(); 64], [Motion::default(); 64]);
            for (slot, (facet, motion)) in things.iter() {
                (facets[*slot], motions[*slot]) = (*facet, *motion);
            }
            check = check.wrapping_add(page_check((block.cell, block.page), block.present, &facets, &motions));
        }
        read_events(&mut reader, head.events_count, &mut self.events).expect("events");
        reader.end().expect("nothing follows");
        if check != head.check {
            self.diverged += 1;
        }
        self.pages.retain(|(cell, _), _| head.interest.contains(*cell));
        head
    }

    pub(crate) fn ack(&self) -> Option<Ack> {
        self.newest.map(|newest| Ack { newest, before: self.before })
    }

    pub(crate) fn seen(&self) -> BTreeMap<NetId, (i32, i32)> {
        let pages = self.pages.iter();
        pages
            .flat_map(|((cell, _), page)| page.values().map(|(facet, motion)| (facet.id, motion.place(*cell))))
            .collect()
    }
}
