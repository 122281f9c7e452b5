//! A small server of the datagram lane for tests: a world of things that walk, and one viewer of it.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::{BTreeMap, VecDeque};

use hypogeum_client::MemoryPeer;
use hypogeum_protocol::lane::{
    CELL, Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, Up, page_check, write_page,
};
use hypogeum_protocol::{
    AccountId, GameEvent, MatchId, MatchPhase, NetId, OwnState, Record, RecordKind, ServerMessage, SessionId, codec,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Side of the map: 12 by 12 cells.
pub(crate) const SIDE: i32 = 12 * CELL;

type PageName = (Cell, u8);

/// A page and the ticks at which its slots changed.
pub(crate) struct Page {
    occupied: u64,
    came: [u32; PAGE_SLOTS],
    changed: [u32; PAGE_SLOTS],
    facets: [Facet; PAGE_SLOTS],
    motions: [Motion; PAGE_SLOTS],
}

impl Default for Page {
    fn default() -> Self {
        let (facets, motions) = ([Facet::default(); PAGE_SLOTS], [Motion::default(); PAGE_SLOTS]);
        Self { occupied: 0, came: [0; PAGE_SLOTS], changed: [0; PAGE_SLOTS], facets, motions }
    }
}

struct Thing {
    at: (i32, i32),
    facet: Facet,
    heading: u8,
    spot: (PageName, usize),
}

/// Things that walk about.
pub(crate) struct World {
    pub(crate) tick: u32,
    dice: StdRng,
    things: BTreeMap<u32, Thing>,
    pages: BTreeMap<PageName, Page>,
    last_name: u32,
    moved: u32,
}

impl World {
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let dice = StdRng::seed_from_u64(seed);
        let mut world =
            Self { tick: 0, dice, things: BTreeMap::new(), pages: BTreeMap::new(), last_name: 100, moved: 0 };
        for _ in 0..count {
            world.spawn();
        }
        world
    }

    fn spawn(&mut self) {
        self.last_name += 1;
        let name = self.last_name;
        let kind = if name.is_multiple_of(3) { RecordKind::Item } else { RecordKind::Npc };
        let facet = Facet { id: NetId(name), kind, template: (name % 700) as u16 };
        let at = (self.dice.random_range(0..SIDE), self.dice.random_range(0..SIDE));
        let spot = self.settle(at, facet, 0);
        self.things.insert(name, Thing { at, facet, heading: 0, spot });
    }

    fn settle(&mut self, at: (i32, i32), facet: Facet, heading: u8) -> (PageName, usize) {
        let cell = Cell::of(at.0, at.1);
        let number = (0..).find(|page| self.pages.get(&(cell, *page)).is_none_or(|page| page.occupied != u64::MAX));
        let name = (cell, number.expect("a cell has room"));
        let page = self.pages.entry(name).or_default();
        let slot = page.occupied.trailing_ones() as usize;
        page.occupied |= 1 << slot;
        (page.came[slot], page.changed[slot]) = (self.tick, self.tick);
        (page.facets[slot], page.motions[slot]) = (facet, Motion::new(cell, at, heading, 9));
        (name, slot)
    }

    fn leave(&mut self, (name, slot): (PageName, usize)) {
        self.pages.get_mut(&name).expect("its page is there").occupied &= !(1 << slot);
    }

    /// Lets a tick pass: of a hundred things about 70 walk and one is replaced by another, unless all is `still`.
    pub(crate) fn step(&mut self, still: bool) {
        self.tick += 1;
        if still {
            return;
        }
        self.moved += 1;
        let names: Vec<u32> = self.things.keys().copied().collect();
        for name in names {
            let fate = self.dice.random_range(0..100);
            let (dx, dy) = (self.dice.random_range(-600..=600), self.dice.random_range(-600..=600));
            let thing = self.things.get_mut(&name).expect("it is there");
            let spot = thing.spot;
            if fate == 0 {
                self.things.remove(&name);
                self.leave(spot);
                self.spawn();
            } else if fate < 70 {
                thing.at = ((thing.at.0 + dx).clamp(0, SIDE - 1), (thing.at.1 + dy).clamp(0, SIDE - 1));
                thing.heading = thing.heading.wrapping_add(1);
                let (at, facet, heading) = (thing.at, thing.facet, thing.heading);
                let ((cell, _), slot) = spot;
                if Cell::of(at.0, at.1) == cell {
                    let page = self.pages.get_mut(&spot.0).expect("its page is there");
                    page.motions[slot] = Motion::new(cell, at, heading, 9);
                    page.changed[slot] = self.tick;
                } else {
                    self.leave(spot);
                    let spot = self.settle(at, facet, heading);
                    self.things.get_mut(&name).expect("it is there").spot = spot;
                }
            }
        }
    }

    /// Whether it is hidden now: some things come and go from sight.
    fn hidden(&self, name: NetId) -> bool {
        (name.0 + self.moved / 9).is_multiple_of(7)
    }

    fn visible(&self, page: &Page) -> u64 {
        let seen = |slot: &usize| page.occupied & (1 << slot) != 0 && !self.hidden(page.facets[*slot].id);
        (0..PAGE_SLOTS).filter(seen).fold(0, |mask, slot| mask | 1 << slot)
    }

    /// Everything visible in these cells, as a client should show it, by name.
    pub(crate) fn shown(&self, interest: &CellBox) -> Vec<Record> {
        let seen = |thing: &&Thing| interest.contains(thing.spot.0.0) && !self.hidden(thing.facet.id);
        let record = |thing: &Thing| {
            let Facet { id, kind, template } = thing.facet;
            let (name, slot) = thing.spot;
            let motion = self.pages[&name].motions[slot];
            let (x, y) = motion.place(name.0);
            Record { id, kind, template, x, y, heading: motion.heading(), hp_band: motion.hp_band(), extent: 0 }
        };
        self.things.values().filter(seen).map(record).collect()
    }
}

/// What a datagram told of a page.
#[derive(Clone, Copy)]
struct Base {
    tick: u32,
    present: u64,
}

struct Sent {
    seq: u16,
    pages: Vec<(PageName, Base)>,
}

/// The sender of one client's datagrams.
pub(crate) struct Viewer {
    pub(crate) seq: u16,
    pub(crate) at: (i32, i32),
    pub(crate) own: Option<OwnState>,
    pub(crate) input_seq: u32,
    pub(crate) areas: Vec<Record>,
    pub(crate) bytes_max: usize,
    pub(crate) interval_ticks: u8,
    /// Bends a motion in the next page sent, as a defect would; the check stays right.
    pub(crate) bend_next: bool,
    /// Ups that asked for everything again.
    pub(crate) resyncs: u32,
    pub(crate) ups: u32,
    sent: VecDeque<Sent>,
    bases: BTreeMap<PageName, Base>,
    turn: usize,
    /// Something of what was sent since the last resync has arrived.
    has_arrived: bool,
}

impl Viewer {
    pub(crate) fn new(seq: u16) -> Self {
        Self {
            seq,
            at: (SIDE / 2, SIDE / 2),
            own: Some(OwnState::default()),
            input_seq: 0,
            areas: Vec::new(),
            bytes_max: 1_180,
            interval_ticks: 1,
            bend_next: false,
            resyncs: 0,
            ups: 0,
            sent: VecDeque::new(),
            bases: BTreeMap::new(),
            turn: 0,
            has_arrived: false,
        }
    }

    pub(crate) fn interest(&self) -> CellBox {
        CellBox::around(self.at.0, self.at.1, 40 * 256)
    }

    /// Takes a client's datagram.
    pub(crate) fn hear(&mut self, datagram: &[u8]) -> Up {
        let up = Up::read(datagram).expect("a client sends what reads");
        self.ups += 1;
        if let Some(ack) = up.ack {
            let before = (0..32).filter(|bit| ack.before & (1 << bit) != 0);
            for seq in before.map(|bit| ack.newest.wrapping_sub(bit + 1)).chain([ack.newest]) {
                let Some(place) = self.sent.iter().position(|sent| sent.seq == seq) else { continue };
                self.has_arrived = true;
                for (name, base) in self.sent.remove(place).expect("it is there").pages {
                    if self.bases.get(&name).is_none_or(|known| known.tick < base.tick) {
                        self.bases.insert(name, base);
                    }
                }
            }
        }
        if up.resync {
            self.resyncs += 1;
            self.has_arrived = false;
            self.bases.clear();
            self.sent.clear();
        }
        up
    }

    /// Writes the next datagram: what the client does not have of each page, some pages each time where not all fit.
    pub(crate) fn write(&mut self, world: &World, events: &[GameEvent]) -> Vec<u8> {
        self.seq = self.seq.wrapping_add(1);
        let interest = self.interest();
        let gone = |name: &PageName| !interest.contains(name.0);
        self.bases.retain(|name, _| !gone(name));
        for sent in &mut self.sent {
            sent.pages.retain(|(name, _)| !gone(name));
        }
        let head = DownHead {
            seq: self.seq,
            tick: world.tick,
            interval_ticks: self.interval_ticks,
            keyframe: !self.has_arrived,
            own: self.own,
            input_seq: self.input_seq,
            interest,
            ..DownHead::default()
        };
        let mut out = Vec::new();
        let mut writer = DownWriter::begin(&mut out, &head, self.bytes_max);
        for area in &self.areas {
            assert!(writer.area(&codec::encode(area)), "areas fit");
        }
        let near: Vec<_> = world.pages.iter().filter(|(name, _)| !gone(name)).collect();
        let (mut told_pages, mut bytes) = (Vec::new(), Vec::new());
        for index in 0..near.len() {
            let (name, page) = near[(self.turn + index) % near.len()];
            let present = world.visible(page);
            let base = self.bases.get(name).copied();
            let known = base.map_or(0, |base| base.present);
            let newer = |ticks: &[u32; PAGE_SLOTS]| {
                (0..PAGE_SLOTS)
                    .filter(|slot| base.is_none_or(|base| ticks[*slot] > base.tick))
                    .fold(0, |mask, slot| mask | 1 << slot)
            };
            let came: u64 = (newer(&page.came) | !known) & present;
            let told: u64 = (newer(&page.changed) | came) & present;
            if told == 0 && present == known && base.is_some() {
                continue;
            }
            bytes.clear();
            let mut motions = page.motions;
            let bends = self.bend_next && told != 0;
            if bends {
                motions[told.trailing_zeros() as usize].0 ^= 1;
            }
            write_page(&mut bytes, *name, (present, told, came), &page.facets, &motions);
            if writer.page(&bytes, page_check(*name, present, &page.facets, &page.motions)) {
                told_pages.push((*name, Base { tick: world.tick, present }));
                self.bend_next &= !bends;
            } else {
                self.turn += index;
                break;
            }
        }
        for event in events {
            assert!(writer.event(&codec::encode(event)), "events fit");
        }
        writer.finish();
        self.sent.push_back(Sent { seq: self.seq, pages: told_pages });
        if self.sent.len() > 64 {
            self.sent.pop_front();
        }
        out
    }
}

/// One direction of a bad link, by seed: datagrams are lost, come twice, and come late.
pub(crate) struct Link {
    dice: StdRng,
    /// Percent lost, and percent that come twice.
    pub(crate) bad: (u32, u32),
    /// Ticks a datagram takes: these, and up to so many more.
    pub(crate) delay: (u32, u32),
    flying: Vec<(u32, u32, Vec<u8>)>,
    count: u32,
}

impl Link {
    pub(crate) fn new(seed: u64, bad: (u32, u32), delay: (u32, u32)) -> Self {
        Self { dice: StdRng::seed_from_u64(seed), bad, delay, flying: Vec::new(), count: 0 }
    }

    pub(crate) fn put(&mut self, now: u32, datagram: &[u8]) {
        let copies = if self.dice.random_range(0..100) < self.bad.1 { 2 } else { 1 };
        for _ in 0..copies {
            if self.dice.random_range(0..100) >= self.bad.0 {
                let due = now + self.delay.0 + self.dice.random_range(0..=self.delay.1);
                self.count += 1;
                self.flying.push((due, self.count, datagram.to_vec()));
            }
        }
    }

    /// What has arrived by now, in the order of arrival.
    pub(crate) fn take(&mut self, now: u32) -> Vec<Vec<u8>> {
        self.flying.sort_by_key(|(due, count, _)| (*due, *count));
        let arrived = self.flying.partition_point(|(due, ..)| *due <= now);
        self.flying.drain(..arrived).map(|(.., datagram)| datagram).collect()
    }
}

/// Welcomes a client that is in a match.
pub(crate) fn welcome(server: &MemoryPeer, id: u64) {
    server.send(codec::encode(&ServerMessage::Welcome {
        session: SessionId(1),
        account: AccountId(1),
        name: "Ada".into(),
        protocol_version: 1,
        tick_hz: 30,
        content_hash: [0; 32],
        modes: vec![],
        current_match: Some(MatchId(id)),
        locale: String::new(),
    }));
}

/// Welcomes a client and begins a match that is live from a tick on.
pub(crate) fn start_match(server: &MemoryPeer, id: u64, live_tick: u32) {
    welcome(server, id);
    begin_match(server, id, live_tick);
}

/// Begins a match.
pub(crate) fn begin_match(server: &MemoryPeer, id: u64, live_tick: u32) {
    server.send(codec::encode(&ServerMessage::MatchStarted {
        match_id: MatchId(id),
        mode: "blitz".into(),
        tick_hz: 30,
        avatar: NetId(1),
        radius: 102,
        side: SIDE,
        obstacles: vec![],
        pois: vec![],
        exits: vec![],
    }));
    server.send(codec::encode(&ServerMessage::Phase {
        phase: MatchPhase::Live,
        tick: live_tick,
        ends_tick: 1_000_000,
    }));
}
