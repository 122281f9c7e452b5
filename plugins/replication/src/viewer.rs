//! What one participant sees, and what it has been told.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::lane::{Ack, Cell, CellBox, DownHead, DownWriter, PAGE_SLOTS, page_check, write_page};
use hypogeum_protocol::{CarriedItem, GameEvent, NetId, OwnState, Record, ServerMessage, codec, limits};
use hypogeum_shard::Audience;
use hypogeum_space::{Obstacles, Position, turn};

use crate::blocks::Blocks;
use crate::datagram::Datagram;
use crate::events::{conceal, concerns, unnamed};
use crate::known::{FutureAck, Known, UNITS_MAX};
use crate::news::{News, Telling, TickNews};
use crate::pages::{Page, newer};
use crate::scene::Scene;
use crate::things::{Area, PhaseNow};

/// Bytes of a datagram kept free for events where there are any.
const EVENT_BYTES: usize = 200;
/// How far around a cell everything is shown each time; what is further away every other time.
const NEAR_CELLS: u32 = 1;

/// One participant's eyes, and what it was last told. Keep one for each: buffers are used again.
#[derive(Debug, Default)]
pub struct Viewer {
    avatar: NetId,
    /// How far it sees, in subunits.
    sight: i32,
    interest: InterestRule,
    told_inventory: Option<u32>,
    told_phase: Option<PhaseNow>,
    known: Known,
    /// What it follows, and how many pages there were when that was worked out.
    followed: (CellBox, usize),
    /// The cells of what it follows.
    interest_box: CellBox,
    /// The tick whose passing events it was told last.
    heard_tick: u32,
    /// The last datagram had no room for everything.
    overflowed: bool,
    crowd: u32,
}

/// What became of one datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub seq: u16,
    /// Pages in it.
    pub pages: u32,
    /// Pages and events that found no room.
    pub left_out: u32,
}

/// No cell at all.
const NOWHERE: CellBox = CellBox { low: Cell { row: 255, column: 255 }, high: Cell { row: 0, column: 0 } };

impl Viewer {
    /// The eyes of `avatar`, which sees `sight` subunits far.
    #[must_use]
    pub fn new(avatar: NetId, sight: i32, interest: InterestRule) -> Self {
        Self { avatar, sight, interest, followed: (NOWHERE, 0), ..Self::default() }
    }

    /// Whether these are the eyes of this avatar.
    #[must_use]
    pub fn is_of(&self, avatar: NetId) -> bool {
        self.avatar == avatar
    }

    /// How many things there were around when it was shown something last, hidden ones included.
    #[must_use]
    pub const fn crowd(&self) -> u32 {
        self.crowd
    }

    /// Forgets what was told: a new connection is told anew.
    pub fn forget(&mut self) {
        self.told_inventory = None;
        self.told_phase = None;
        self.resync();
    }

    /// Tells everything that is seen anew.
    pub fn resync(&mut self) {
        self.known.forget();
        self.followed = (NOWHERE, 0);
    }

    /// Learns which datagrams have arrived.
    ///
    /// # Errors
    /// [`FutureAck`] where one of them was never sent; nothing is learned.
    pub fn learn(&mut self, ack: Ack) -> Result<(), FutureAck> {
        self.known.learn(ack)
    }

    /// Ticks since the newest datagram that is known to have arrived was made, as of the one sent last.
    #[must_use]
    pub const fn unconfirmed_ticks(&self) -> u32 {
        self.known.sent_tick.saturating_sub(self.known.acked_tick)
    }

    /// Whether the last datagram had no room for everything.
    #[must_use]
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// Writes one datagram of the datagram lane to the end of `out`, at most `bytes_max` long. `reach_max` cuts interest
    /// to so many subunits, whatever the sight.
    pub fn show(
        &mut self,
        scene: &Scene,
        obstacles: &Obstacles,
        blocks: &mut Blocks,
        (bytes_max, reach_max, interval_ticks): (usize, i32, u8),
        out: &mut Vec<u8>,
    ) -> Told {
        let own = scene.own(self.avatar);
        let state = own.and_then(|own| own.state);
        let eye = own.filter(|_| state.is_some()).map(|own| own.at);
        let reach = self.sight.min(reach_max);
        let interest = match eye {
            Some(eye) => self.follow(scene, eye, reach, &mut blocks.scratch.pages),
            None => NOWHERE,
        };
        let head = DownHead {
            seq: self.known.next_seq,
            tick: scene.tick,
            interval_ticks,
            own: state,
            input_seq: own.map_or(0, |own| own.input_seq),
            alive: scene.alive,
            extracted: scene.extracted,
            interest,
            ..DownHead::default()
        };
        let mut writer = DownWriter::begin(out, &head, bytes_max);
        let mut told = Told::default();
        let mut units = 0;
        if let Some(eye) = eye {
            // Areas reach from afar and hurt: they come first, and they are few.
            for area in &scene.areas {
                if self.within(eye, area.at, area.extent) {
                    writer.area(scene.area_bytes(area));
                }
            }
            blocks.begin(scene.id, scene.tick, scene.pages.len());
            units = self.add_pages(scene, obstacles, blocks, eye, &mut writer, &mut told);
            self.add_events(scene, obstacles, eye, interest, &mut writer, &mut told);
        }
        writer.finish();
        self.overflowed = told.left_out > 0;
        self.heard_tick = scene.tick;
        told.seq = self.known.send(scene.tick, units);
        told
    }

    /// Follows the pages of the cells within reach, and returns these cells: fewer where there are too many pages in them.
    fn follow(&mut self, scene: &Scene, eye: Position, reach: i32, pages: &mut Vec<u32>) -> CellBox {
        let wanted = scene.pages.on_map(CellBox::around(eye.x, eye.y, reach));
        let now = (wanted, scene.pages.len());
        if self.followed != now {
            self.followed = now;
            self.interest_box = wanted;
            let home = Cell::of(eye.x, eye.y);
            loop {
                pages.clear();
                pages.extend(self.interest_box.cells().flat_map(|cell| scene.pages.of_cell(cell)));
                let smaller = self.interest_box.toward(home);
                if pages.len() <= UNITS_MAX || smaller == self.interest_box {
                    break;
                }
                self.interest_box = smaller;
            }
            self.known.follow(scene.tick, pages);
        }
        self.interest_box
    }

    fn add_pages(
        &mut self,
        scene: &Scene,
        obstacles: &Obstacles,
        blocks: &mut Blocks,
        eye: Position,
        writer: &mut DownWriter<'_>,
        told: &mut Told,
    ) -> u128 {
        let (tick, home) = (scene.tick, Cell::of(eye.x, eye.y));
        let has_events = scene.news.since(self.heard_tick, tick).next().is_some();
        let spare = if has_events { EVENT_BYTES } else { 0 };
        let (last_sent, overflowed) = (self.known.sent_tick, self.overflowed);
        let mut order = core::mem::take(&mut blocks.scratch.order);
        order.clear();
        let mut crowd = 0;
        for (place, unit) in (0_u32..).zip(self.known.units().iter()) {
            let Some(page) = scene.pages.page(unit.page) else { continue };
            crowd += page.count;
            let rings = rings(home, page.cell);
            // What is far is shown every other time, and what waits longest comes first where room is short.
            let is_turn = rings <= NEAR_CELLS || unit.sent_tick != last_sent;
            let waited =
                if overflowed { tick.saturating_sub(unit.sent_tick).min(1 << 20) * 16 / (1 + rings) } else { 0 };
            if is_turn {
                order.push((u32::MAX - waited, place));
            }
        }
        self.crowd = crowd;
        if overflowed {
            order.sort_unstable();
        }
        let mut units = 0_u128;
        for (_, place) in &order {
            let place = *place as usize;
            let unit = self.known.units()[place];
            let Some(page) = scene.pages.page(unit.page) else { continue };
            let clear = scene.sightlines.clear(obstacles, home, page.cell);
            let whole = clear && (self.interest == InterestRule::Cells || self.reaches_all_of(eye, page.cell));
            if whole && unit.solid == u64::MAX {
                let known = page.changed_tick <= unit.acked && unit.shows(page.occupied);
                if known || (unit.is_dark() && page.occupied == 0) {
                    continue;
                }
                let block = blocks.shared(unit.page, page, unit.acked);
                if block.len() + spare > writer.room() || !writer.page(block, page.check) {
                    told.left_out += 1;
                    continue;
                }
                self.known.units()[place].sent(tick, page.occupied, page.occupied);
            } else {
                let view = if whole { page.occupied } else { self.view(page, eye, obstacles, clear) };
                let came = view & (newer(&page.came, unit.acked) | !unit.solid);
                let changed = came | view & newer(&page.changed, unit.acked);
                // What is hidden must not show even by a page that says nothing.
                if (unit.is_dark() && view == 0) || (changed == 0 && unit.shows(view)) {
                    continue;
                }
                let bytes = &mut blocks.scratch.bytes;
                bytes.clear();
                let at = (page.cell, page.number);
                write_page(bytes, at, (view, changed, came), &page.facets, &page.motions);
                let check = page_check(at, view, &page.facets, &page.motions);
                if bytes.len() + spare > writer.room() || !writer.page(bytes, check) {
                    told.left_out += 1;
                    continue;
                }
                self.known.units()[place].sent(tick, view, page.occupied);
            }
            units |= 1 << place;
            told.pages += 1;
        }
        blocks.scratch.order = order;
        units
    }

    /// The slots of a page that are seen, each tested for itself.
    fn view(&self, page: &Page, eye: Position, obstacles: &Obstacles, clear: bool) -> u64 {
        let mut view = 0;
        for slot in 0..PAGE_SLOTS {
            view |= u64::from(self.within(eye, page.place(slot), 0)) << slot;
        }
        view &= page.occupied;
        if !clear {
            let mut left = view;
            while left != 0 {
                let slot = left.trailing_zeros() as usize;
                left &= left - 1;
                if !obstacles.sight(eye, page.place(slot)) {
                    view &= !(1 << slot);
                }
            }
        }
        view
    }

    /// What passes around: whole rows of cells at once where all of them are seen, else each event by itself.
    fn add_events(
        &self,
        scene: &Scene,
        obstacles: &Obstacles,
        eye: Position,
        interest: CellBox,
        writer: &mut DownWriter<'_>,
        told: &mut Told,
    ) {
        let home = Cell::of(eye.x, eye.y);
        let CellBox { low, high } = interest;
        let is_clear = |cell| scene.sightlines.clear(obstacles, home, cell);
        // What it is told reliably must not come twice. Whoever is concerned is shown something in that very tick, so that can
        // only be of this one.
        let by_rows = self.interest == InterestRule::Cells && !scene.news.keeps(self.avatar);
        let all_clear = by_rows && interest.cells().all(is_clear);
        for news in scene.news.since(self.heard_tick, scene.tick) {
            for row in low.row..=high.row {
                let mut columns = low.column..=high.column;
                let clear = all_clear || by_rows && columns.all(|column| is_clear(Cell { row, column }));
                if clear && Self::add_row(news, row, interest, all_clear, writer) {
                    continue;
                }
                for local in news.row(row, low.column, high.column) {
                    let own = concerns(&local.event, self.avatar);
                    // Told reliably already.
                    if own && News::is_kept(&local.event) {
                        continue;
                    }
                    if !own && !self.sees(eye, local.at, scene, obstacles) {
                        continue;
                    }
                    let (doer, whom) = local.subjects;
                    let sees_doer = || local.doer_at.is_some_and(|at| self.sees(eye, at, scene, obstacles));
                    let named = own || doer == whom || sees_doer();
                    let mut bytes = Vec::with_capacity(24);
                    codec::encode_into(&if named { local.event } else { unnamed(local.event) }, &mut bytes);
                    if !writer.event(&bytes) {
                        told.left_out += 1;
                        return;
                    }
                }
            }
        }
    }

    /// A row of cells that are all seen. Within the box what is beside a cell is seen too; at its edge that is not sure.
    fn add_row(
        news: &TickNews,
        row: u8,
        CellBox { low, high }: CellBox,
        all_clear: bool,
        writer: &mut DownWriter<'_>,
    ) -> bool {
        if all_clear && low.row < row && row < high.row && low.column + 1 < high.column {
            let edges = [low.column, high.column].map(|column| news.told(row, column, column, Telling::Same));
            let inner = news.told(row, low.column + 1, high.column - 1, Telling::Beside);
            let parts = [edges[0], inner, edges[1]];
            let bytes: usize = parts.iter().map(|part| part.0.len()).sum();
            let count: usize = parts.iter().map(|part| part.1).sum();
            let fits = bytes <= writer.room() && count <= writer.events_left();
            return fits && parts.iter().all(|(bytes, count)| writer.events(bytes, *count));
        }
        let (bytes, count) = news.told(row, low.column, high.column, Telling::Same);
        writer.events(bytes, count)
    }

    fn within(&self, eye: Position, place: Position, extent: i32) -> bool {
        let reach = u64::from(self.sight.unsigned_abs()) + u64::from(extent.unsigned_abs());
        turn::distance_squared(eye, place) <= reach * reach
    }

    /// Whether sight reaches the farthest corner of a cell.
    fn reaches_all_of(&self, eye: Position, cell: Cell) -> bool {
        let (left, bottom) = cell.corner();
        let far = |at: i32, low: i32| at.abs_diff(low).max(at.abs_diff(low + hypogeum_protocol::lane::CELL));
        let (x, y) = (u64::from(far(eye.x, left)), u64::from(far(eye.y, bottom)));
        let reach = u64::from(self.sight.unsigned_abs());
        x * x + y * y <= reach * reach
    }

    /// Whether a place is seen, by the same rule as things are.
    fn sees(&self, eye: Position, place: Position, scene: &Scene, obstacles: &Obstacles) -> bool {
        let (home, there) = (Cell::of(eye.x, eye.y), Cell::of(place.x, place.y));
        let clear = scene.sightlines.clear(obstacles, home, there);
        let reached = match self.interest {
            InterestRule::Cells if clear => CellBox::around(eye.x, eye.y, self.sight).contains(there),
            InterestRule::Cells | InterestRule::Exact => self.within(eye, place, 0),
        };
        reached && (clear || obstacles.sight(eye, place))
    }

    /// Writes an encoded [`ServerMessage::Snapshot`] to `out`, at most [`limits::UNRELIABLE_BYTES_MAX`] long: for those
    /// who do not speak the datagram lane.
    pub fn snapshot(&self, scene: &Scene, obstacles: &Obstacles, blocks: &mut Blocks, out: &mut Vec<u8>) {
        let own = scene.own(self.avatar);
        let state = own.and_then(|own| own.state);
        let clocks = (scene.tick, own.map_or(0, |own| own.input_seq));
        let tail = [scene.alive, scene.extracted];
        let mut candidates = core::mem::take(&mut blocks.scratch.candidates);
        candidates.clear();
        let mut datagram = Datagram::begin(out, &mut blocks.scratch.bytes, clocks, state, tail);
        if let (Some(own), Some(OwnState { .. })) = (own, state) {
            let eye = own.at;
            for area in &scene.areas {
                if within(eye, area, self.sight) {
                    datagram.add(scene.area_bytes(area));
                }
            }
            let interest = scene.pages.on_map(CellBox::around(eye.x, eye.y, self.sight));
            for index in interest.cells().flat_map(|cell| scene.pages.of_cell(cell)) {
                let Some(page) = scene.pages.page(index) else { continue };
                for slot in (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1) {
                    let (facet, place) = (page.facets[slot], page.place(slot));
                    let beyond = turn::distance_squared(eye, place);
                    let reach = u64::from(self.sight.unsigned_abs());
                    if facet.id != self.avatar && beyond <= reach * reach {
                        let motion = page.motions[slot];
                        let record = Record {
                            id: facet.id,
                            kind: facet.kind,
                            template: facet.template,
                            x: place.x,
                            y: place.y,
                            heading: motion.heading(),
                            hp_band: motion.hp_band(),
                            extent: 0,
                        };
                        candidates.push((beyond, facet.id, record));
                    }
                }
            }
            candidates.sort_unstable_by_key(|candidate| (candidate.0, candidate.1));
            for (_, _, record) in &candidates {
                if !datagram.is_open() {
                    break;
                }
                if !obstacles.sight(eye, Position { x: record.x, y: record.y }) {
                    continue;
                }
                if !datagram.add(&codec::encode(record)) {
                    break;
                }
            }
        }
        datagram.finish();
        blocks.scratch.candidates = candidates;
    }

    /// What happened this tick that it is told reliably, in order: messages of at most
    /// [`limits::EVENTS_PER_MESSAGE_MAX`]. With `on_lane`, what passes is left to the datagrams.
    pub fn events(&self, scene: &Scene, obstacles: &Obstacles, on_lane: bool) -> Vec<ServerMessage> {
        let mut heard: Vec<GameEvent> = Vec::new();
        let eye = scene.own(self.avatar).filter(|own| own.state.is_some()).map(|own| own.at);
        if on_lane {
            let mut places: Vec<u32> = scene.news.concerning(self.avatar).collect();
            places.extend_from_slice(&scene.news.everyone);
            places.sort_unstable();
            for place in places {
                let Some(outgoing) = scene.news.all.get(place as usize) else { continue };
                let elsewhere = match outgoing.audience {
                    Audience::Near { x, y } => {
                        eye.is_none_or(|eye| !CellBox::around(eye.x, eye.y, self.sight).contains(Cell::of(x, y)))
                    }
                    Audience::Only(_) | Audience::Everyone => true,
                };
                if elsewhere || News::is_kept(&outgoing.event) {
                    heard.push(outgoing.event);
                }
            }
        } else {
            let sees_place = |place| eye.is_some_and(|eye| self.within(eye, place, 0) && obstacles.sight(eye, place));
            let sees = |who| scene.pages.find(who).is_some_and(|(page, slot)| sees_place(page.place(slot)));
            for outgoing in &scene.news.all {
                let event = outgoing.event;
                match outgoing.audience {
                    Audience::Everyone => heard.push(event),
                    Audience::Only(avatar) if avatar == self.avatar => heard.push(event),
                    Audience::Near { x, y } if concerns(&event, self.avatar) || sees_place(Position { x, y }) => {
                        heard.push(conceal(event, self.avatar, sees));
                    }
                    Audience::Only(_) | Audience::Near { .. } => {}
                }
            }
        }
        let messages = heard.chunks(limits::EVENTS_PER_MESSAGE_MAX);
        messages.map(|events| ServerMessage::Events { tick: scene.tick, events: events.to_vec() }).collect()
    }

    /// What the avatar carries, where that changed since it was last told.
    pub fn inventory(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let version = scene.own(self.avatar)?.inventory_version;
        if self.told_inventory == Some(version) {
            return None;
        }
        self.told_inventory = Some(version);
        let items = scene.carried_by(self.avatar).iter().take(limits::INVENTORY_ITEMS_MAX);
        let items: Vec<CarriedItem> = items.cloned().collect();
        Some(ServerMessage::Inventory { version, items })
    }

    /// Where the match stands, where that changed since it was last told.
    pub fn phase(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let now = scene.phase?;
        if self.told_phase == Some(now) {
            return None;
        }
        self.told_phase = Some(now);
        Some(ServerMessage::Phase { phase: now.phase, tick: now.began_tick, ends_tick: now.ends_tick })
    }
}

fn within(eye: Position, area: &Area, sight: i32) -> bool {
    let reach = u64::from(sight.unsigned_abs()) + u64::from(area.extent.unsigned_abs());
    turn::distance_squared(eye, area.at) <= reach * reach
}

/// How many cells apart two cells are, diagonals counted as one.
const fn rings(one: Cell, other: Cell) -> u32 {
    let (rows, columns) = (one.row.abs_diff(other.row), one.column.abs_diff(other.column));
    if rows > columns { rows as u32 } else { columns as u32 }
}
