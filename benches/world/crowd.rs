//! Ten thousand scripted players between the host's queues.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hypogeum_protocol::lane::{
    Ack, Cell, DownHead, Facet, Motion, PAGE_SLOTS, PageBlock, Reader, Up, page_check, read_areas, read_events,
};
use hypogeum_protocol::link::{Class, DatagramBatch, EdgeLink, FromEdge, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{
    AccountId, Act, ClientMessage, ConnectionId, GameEvent, Input, NetId, RecordKind, ServerMessage, SessionId, codec,
    limits,
};

/// How far the weapon everyone brings reaches, in subunits.
const REACH: u32 = 2 * 256;
/// How far a thing on the ground is reached for.
const GRASP: u32 = 256;
/// Ticks between two blows.
const BLOW_EVERY: u32 = 12;
/// One player in so many keeps all of what it is shown, and checks it.
const WATCHER_EVERY: usize = 100;

#[derive(Debug)]
struct Player {
    avatar: NetId,
    up_seq: u16,
    input_seq: u32,
    newest: Option<u16>,
    before: u32,
    at: (i32, i32),
    walk: u16,
    target: Option<(i32, i32)>,
    loot: Option<(NetId, RecordKind, (i32, i32))>,
    alive: bool,
    struck_at: Option<Instant>,
    last: Input,
}

/// What was said reliably.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReliableCounts {
    pub(crate) inventories: u64,
    pub(crate) events: u64,
    pub(crate) others: u64,
    pub(crate) kinds: std::collections::BTreeMap<String, u64>,
}

/// A whole view, for those who check.
#[derive(Debug, Default)]
struct CheckedView {
    pages: Vec<((Cell, u8), u64, [Facet; PAGE_SLOTS], [Motion; PAGE_SLOTS])>,
}

pub(crate) struct Crowd {
    link: EdgeLink,
    players: Vec<Player>,
    watchers: Vec<CheckedView>,
    batch: DatagramBatch,
    shown: VecDeque<DatagramBatch>,
    frames: Vec<ToEdge>,
    block: Box<PageBlock>,
    tick: u32,
    playing: usize,
    datagrams: u64,
    datagram_bytes: u64,
    around: u64,
    divergences: u64,
    pub(crate) reliable: ReliableCounts,
    news: Option<Vec<Duration>>,
    random: u64,
}

fn connection(index: usize) -> ConnectionId {
    ConnectionId((index as u64 + 1) << ConnectionId::WORKER_BITS)
}

fn index(connection: ConnectionId) -> usize {
    (connection.0 >> ConnectionId::WORKER_BITS) as usize - 1
}

fn distance_squared(one: (i32, i32), other: (i32, i32)) -> u64 {
    let (dx, dy) = (u64::from(one.0.abs_diff(other.0)), u64::from(one.1.abs_diff(other.1)));
    dx * dx + dy * dy
}

/// The direction from one place to another in 1/65536 turns.
fn toward(from: (i32, i32), to: (i32, i32)) -> u16 {
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    (dy.atan2(dx) / std::f64::consts::TAU * 65_536.0).rem_euclid(65_536.0) as u16
}

impl Crowd {
    pub(crate) fn new(count: usize, link: EdgeLink) -> Self {
        let player = |_| Player {
            avatar: NetId::NONE,
            up_seq: 0,
            input_seq: 0,
            newest: None,
            before: 0,
            at: (0, 0),
            walk: 0,
            target: None,
            loot: None,
            alive: false,
            struck_at: None,
            last: Input::default(),
        };
        let mut watchers = Vec::new();
        watchers.resize_with(count.div_ceil(WATCHER_EVERY), CheckedView::default);
        Self {
            link,
            players: (0..count).map(player).collect(),
            watchers,
            batch: DatagramBatch::default(),
            shown: VecDeque::new(),
            frames: Vec::new(),
            block: Box::default(),
            tick: 0,
            playing: 0,
            datagrams: 0,
            datagram_bytes: 0,
            around: 0,
            divergences: 0,
            reliable: ReliableCounts::default(),
            news: None,
            random: 0x9E37_79B9_7F4A_7C15,
        }
    }

    /// Roughly what the players themselves take of this process.
    pub(crate) fn bytes(&self) -> usize {
        self.players.capacity() * size_of::<Player>()
    }

    fn say(&self, index: usize, message: &ClientMessage) {
        let frame = FromEdge::Frame {
            connection: connection(index),
            lane: Lane::ReliableOrdered,
            bytes: codec::encode(message),
            request: None,
        };
        assert!(self.link.incoming.push(Class::Gameplay, frame).is_ok(), "the queue holds what players say");
    }

    pub(crate) fn connect(&self) {
        for index in 0..self.players.len() {
            let account = AccountId(index as u64 + 1);
            let ticket = SessionTicket { account, name: format!("player{account}"), character: None };
            let opened =
                FromEdge::Opened { connection: connection(index), session: SessionId(account.0), ticket, hello: None };
            assert!(self.link.incoming.push(Class::Critical, opened).is_ok(), "the queue holds everyone");
            let hello = ClientMessage::Hello {
                protocol_version: limits::PROTOCOL_VERSION,
                client: "world bench".into(),
                locale: String::new(),
            };
            self.say(index, &hello);
        }
    }

    pub(crate) const fn all_play(&self) -> bool {
        self.playing == self.players.len()
    }

    pub(crate) const fn divergences(&self) -> u64 {
        self.divergences
    }

    pub(crate) fn bytes_per_datagram(&self) -> f64 {
        self.datagram_bytes as f64 / self.datagrams.max(1) as f64
    }

    pub(crate) fn things_around(&self) -> f64 {
        let things: u32 = self.watchers.iter().flat_map(|held| &held.pages).map(|page| page.1.count_ones()).sum();
        f64::from(things) / self.watchers.len() as f64
    }

    pub(crate) fn note_news(&mut self) {
        self.players.iter_mut().for_each(|player| player.struck_at = None);
        self.news = Some(Vec::new());
    }

    pub(crate) fn take_news(&mut self) -> Vec<Duration> {
        self.news.take().unwrap_or_default()
    }

    /// Everyone steers for one tick.
    pub(crate) fn act(&mut self) {
        self.act_slice(0, 1);
    }

    /// One part of everyone steers for one tick.
    pub(crate) fn act_slice(&mut self, slice: usize, slices: usize) {
        self.tick += u32::from(slice == 0);
        let now = Instant::now();
        for index in (slice..self.players.len()).step_by(slices) {
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let dice = (self.random >> 33) as u32;
            let (input, deed) = self.players[index].decide(self.tick + index as u32, dice, now);
            let player = &mut self.players[index];
            let ack = player.newest.map(|newest| Ack { newest, before: player.before });
            // The input before goes along, as it would against loss.
            let inputs = [player.last, input].into_iter().filter(|input| input.seq > 0);
            let up = Up::new(player.up_seq, ack, false).with_inputs(inputs);
            player.up_seq = player.up_seq.wrapping_add(1);
            player.last = input;
            self.batch.push_with(connection(index), |out| up.write(out));
            if let Some(act) = deed {
                player.input_seq += 1;
                let seq = player.input_seq;
                self.say(index, &ClientMessage::Act { seq, act, seen: None });
            }
        }
        self.link.datagrams.leave(&mut self.batch);
    }

    /// Takes what the host sent.
    pub(crate) fn look(&mut self, now: Instant) {
        let mut frames = std::mem::take(&mut self.frames);
        self.link.workers[0].frames.drain_into(&mut frames, usize::MAX);
        for frame in frames.drain(..) {
            match frame {
                ToEdge::Frame { connection, bytes, .. } => self.hear(index(connection), &bytes),
                ToEdge::Close { connection, reason } => panic!("{connection} was closed: {reason:?}"),
                ToEdge::Probe { .. } => {}
            }
        }
        self.frames = frames;
        let mut shown = std::mem::take(&mut self.shown);
        self.link.workers[0].datagrams.take_batches(&mut shown);
        for (connection, datagram) in shown.iter().flat_map(DatagramBatch::iter) {
            self.see(index(connection), datagram, now);
        }
        self.shown = shown;
    }

    fn hear(&mut self, index: usize, bytes: &[u8]) {
        // Most of what is said reliably is long and of no use here: its tag tells.
        match codec::decode_server(bytes).expect("the host speaks the protocol") {
            ServerMessage::Welcome { .. } => {
                self.say(index, &ClientMessage::JoinQueue { mode: "throng".into() });
            }
            ServerMessage::LoadoutOpen { stash, .. } => {
                let items = stash.iter().map(|item| item.item).collect();
                self.say(index, &ClientMessage::ChooseLoadout { items });
            }
            ServerMessage::MatchStarted { avatar, .. } => {
                let player = &mut self.players[index];
                (player.avatar, player.alive) = (avatar, true);
                self.playing += 1;
                let mut up = Vec::new();
                Up::default().write(&mut up);
                self.batch.push(connection(index), &up);
            }
            ServerMessage::Inventory { .. } => self.reliable.inventories += 1,
            ServerMessage::Events { events, .. } => {
                self.reliable.events += 1;
                for event in events {
                    let name = format!("{event:?}");
                    let name = name.split(' ').next().unwrap_or_default().to_owned();
                    *self.reliable.kinds.entry(name).or_default() += 1;
                }
            }
            _ => self.reliable.others += 1,
        }
    }

    fn see(&mut self, index: usize, datagram: &[u8], now: Instant) {
        assert!(datagram.len() <= limits::LANE_BYTES_MAX, "a datagram of {} bytes", datagram.len());
        self.datagrams += 1;
        self.datagram_bytes += datagram.len() as u64;
        let player = &mut self.players[index];
        let mut reader = Reader::new(datagram);
        let head = DownHead::read(&mut reader).expect("a head");
        let step = player.newest.map_or(0, |newest| u32::from(head.seq.wrapping_sub(newest)));
        player.before =
            if step == 0 { 0 } else { player.before.checked_shl(step).unwrap_or(0) | 1 << (step - 1).min(31) };
        player.newest = Some(head.seq);
        player.alive = head.own.is_some();
        if let Some(own) = head.own {
            player.at = (own.x, own.y);
        }
        let mut areas = Vec::new();
        read_areas(&mut reader, head.areas_count, &mut areas).expect("areas");
        let watcher = index.is_multiple_of(WATCHER_EVERY).then(|| &mut self.watchers[index / WATCHER_EVERY]);
        let (mut check, mut nearest) = (0_u32, u64::MAX);
        let mut pages = Vec::new();
        for _ in 0..head.pages_count {
            let block = &mut *self.block;
            block.read(&mut reader).expect("a page");
            player.look_at(block, &mut nearest);
            if watcher.is_some() {
                pages.push(block.clone());
            }
        }
        if let Some(held) = watcher {
            for block in pages {
                check = check.wrapping_add(held.take(&block));
            }
            held.pages.retain(|page| head.interest.contains(page.0.0));
            self.divergences += u64::from(check != head.check);
        }
        let mut events = Vec::new();
        read_events(&mut reader, head.events_count, &mut events).expect("events");
        reader.end().expect("nothing follows");
        self.around += u64::from(head.pages_count);
        self.time_blows(self.players[index].avatar, events, now);
    }

    /// Takes the time from a blow to the news of it: a blow that is dodged is reported in the tick it is struck in; a wound may
    /// go on hurting long after it.
    fn time_blows(&mut self, own: NetId, events: Vec<GameEvent>, now: Instant) {
        for event in events {
            let GameEvent::Dodged { source, target } = event else { continue };
            if target == own
                && source != own
                && let Some(news) = &mut self.news
                && let Some(striker) = self.players.iter_mut().find(|player| player.avatar == source)
                && let Some(struck_at) = striker.struck_at.take()
            {
                news.push(now.saturating_duration_since(struck_at));
            }
        }
    }
}

impl Player {
    /// Looks for somebody to strike and something to take among what a page tells. `nearest`: the distance squared of the
    /// nearest one so far.
    fn look_at(&mut self, block: &PageBlock, nearest: &mut u64) {
        let mut told = block.told;
        while told != 0 {
            let slot = told.trailing_zeros() as usize;
            told &= told - 1;
            let motion = block.motions[slot];
            let place = motion.place(block.cell);
            let beyond = distance_squared(self.at, place);
            // One's own record is among them, where one stands.
            if motion.hp_band() > 0 && beyond > 64 && beyond < *nearest {
                *nearest = beyond;
                self.target = Some(place);
            }
            let facet = block.facets[slot];
            if block.came >> slot & 1 == 1
                && matches!(facet.kind, RecordKind::Item | RecordKind::Container)
                && self.loot.is_none_or(|loot| beyond < distance_squared(self.at, loot.2))
            {
                self.loot = Some((facet.id, facet.kind, place));
            }
        }
    }
}

impl CheckedView {
    /// Takes a page and returns what it adds to the check.
    fn take(&mut self, block: &PageBlock) -> u32 {
        let key = (block.cell, block.page);
        let place = self.pages.iter().position(|page| page.0 == key).unwrap_or_else(|| {
            self.pages.push((key, 0, [Facet::default(); PAGE_SLOTS], [Motion::default(); PAGE_SLOTS]));
            self.pages.len() - 1
        });
        let (_, present, facets, motions) = &mut self.pages[place];
        *present = block.present;
        for slot in (0..PAGE_SLOTS).filter(|slot| block.told >> slot & 1 == 1) {
            motions[slot] = block.motions[slot];
            if block.came >> slot & 1 == 1 {
                facets[slot] = block.facets[slot];
            }
        }
        page_check(key, block.present, facets, motions)
    }
}

impl Player {
    fn decide(&mut self, tick: u32, dice: u32, now: Instant) -> (Input, Option<Act>) {
        self.input_seq += 1;
        if dice.is_multiple_of(40) {
            self.walk = (dice >> 8) as u16;
        }
        let mut deed = None;
        let mut walk = self.walk;
        if let Some((id, kind, place)) = self.loot {
            let beyond = distance_squared(self.at, place);
            if beyond < u64::from(GRASP) * u64::from(GRASP) {
                let is_item = kind == RecordKind::Item;
                deed = Some(if is_item { Act::PickUp { item: id } } else { Act::Loot { container: id } });
                self.loot = None;
            } else if beyond > 1 << 24 || dice.is_multiple_of(100) {
                self.loot = None;
            } else if dice & 1 == 0 {
                walk = toward(self.at, place);
            }
        }
        let (mut aim, mut ability) = (walk, 0);
        if let Some(target) = self.target {
            aim = toward(self.at, target);
            let beyond = distance_squared(self.at, target);
            if self.loot.is_none() && beyond > u64::from(REACH) * u64::from(REACH) / 2 {
                walk = aim;
            }
            if tick.is_multiple_of(BLOW_EVERY) && self.alive {
                ability = if beyond < u64::from(REACH) * u64::from(REACH) { 1 } else { 2 };
                // What is thrown takes its time to arrive, so it is no measure.
                self.struck_at = (ability == 1).then_some(now);
            }
        }
        (Input { seq: self.input_seq, walk, pace: 100, aim, ability }, deed)
    }
}
