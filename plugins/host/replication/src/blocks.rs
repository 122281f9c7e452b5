//! Pages as bytes, encoded once for all viewers who know the same of them.

use hypogeum_protocol::lane::write_page;
use hypogeum_protocol::{NetId, Record};

use crate::pages::{Pages, newer};
use crate::sightlines::PairOccluders;

/// What a datagram may say of a page.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// To those who know everything up to this tick.
    since: u32,
    start: u32,
    end: u32,
    next: u32,
}

const NONE: u32 = u32::MAX;

impl Entry {
    const NONE: Self = Self { since: 0, start: 0, end: 0, next: NONE };
}

/// The blocks one thread has encoded this tick. Keep one for each thread: buffers are used again.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Which shard and tick they are of.
    of: (u64, u32),
    /// By page: what was asked for first, and in which round. Most ask for the same.
    first: Vec<(u32, Entry)>,
    round: u32,
    /// What else was asked for.
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    pub(crate) scratch: Scratch,
    /// Blocks encoded so far: nobody had asked for the same in this tick. For measurements.
    pub encoded: u64,
    /// Blocks copied so far: another viewer had them encoded. For measurements.
    pub copied: u64,
}

/// Room to work in, used again for every viewer.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// What may be in a snapshot: how far away, its name, and the record.
    pub(crate) candidates: Vec<(u64, NetId, Record)>,
    pub(crate) pages: Vec<u32>,
    pub(crate) order: Vec<(u32, u32)>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) occluders: PairOccluders,
    /// The names of what is shown, before they become a viewer's.
    pub(crate) shown: Vec<NetId>,
}

impl Blocks {
    /// Begins the tick of a scene; asking for the same one again keeps what is there.
    pub(crate) fn begin(&mut self, scene: u64, tick: u32, pages: usize) {
        if self.of != (scene, tick) {
            self.of = (scene, tick);
            self.round = self.round.wrapping_add(1);
            self.entries.clear();
            self.bytes.clear();
        }
        if self.first.len() < pages {
            self.first.resize(pages, (self.round.wrapping_sub(1), Entry::NONE));
        }
    }

    /// The block of a page for those who know all of it up to a tick.
    #[inline]
    pub(crate) fn shared(&mut self, index: u32, pages: &Pages, since: u32) -> &[u8] {
        let (round, mut entry) = self.first[index as usize];
        if round == self.round {
            loop {
                if entry.since == since {
                    self.copied += 1;
                    return &self.bytes[entry.start as usize..entry.end as usize];
                }
                let Some(next) = self.entries.get(entry.next as usize) else { break };
                entry = *next;
            }
        }
        self.encode(index, pages, since)
    }

    #[cold]
    fn encode(&mut self, index: u32, pages: &Pages, since: u32) -> &[u8] {
        let Some((page, slots)) = pages.page(index).zip(pages.slots(index)) else { return &[] };
        self.encoded += 1;
        let start = self.bytes.len();
        let masks = (page.occupied, newer(&slots.changed, since), newer(&slots.came, since));
        write_page(&mut self.bytes, (page.cell, page.number), masks, &slots.facets, &slots.motions);
        let entry = Entry { since, start: start as u32, end: self.bytes.len() as u32, next: NONE };
        let (round, first) = &mut self.first[index as usize];
        if *round == self.round {
            let next = core::mem::replace(&mut first.next, self.entries.len() as u32);
            self.entries.push(Entry { next, ..entry });
        } else {
            (*round, *first) = (self.round, entry);
        }
        &self.bytes[start..]
    }
}
