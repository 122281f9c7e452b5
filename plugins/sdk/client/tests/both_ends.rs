//! Real matches, shown by the server's own replication to a client over bad links: what it shows becomes what is there.

mod server;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_arena::{MatchSetup, SeatSetup, avatar, new_match};
use hypogeum_client::{Client, MemoryPeer, MemoryWire, Steering};
use hypogeum_content::Content;
use hypogeum_content::def::InterestRule;
use hypogeum_items::Item;
use hypogeum_protocol::lane::{Cell, CellBox, Up};
use hypogeum_protocol::{AccountId, Input, ItemId, ItemState, MatchId, Record, Seat, limits};
use hypogeum_replication::{Blocks, Eye, Scene, Viewer};
use hypogeum_shard::{Command, CommandBody, NetIdIndex, Seed, Shard, ShardConfig};
use hypogeum_space::{Obstacles, Position, cm, turn};
use server::{Link, start_match};

/// How much farther than sight a thing may stay shown, in subunits: 4 m, and 2 m for which it counts to the cell it was in.
const SIGHT_MARGIN: i32 = 1_024 + 512;

const TICK: Duration = Duration::from_millis(33);

struct Play {
    shard: Shard,
    seats: u16,
    sight: i32,
    interest: InterestRule,
    scene: Scene,
    blocks: Blocks,
    viewer: Viewer,
    client: Client<MemoryWire>,
    server: MemoryPeer,
    waiting: VecDeque<Input>,
    newest: u32,
    down: Link,
    up: Link,
    bytes_max: usize,
    interval: u32,
    now: u32,
    bends: bool,
    resynced: u32,
    resyncs: u32,
}

fn seat(content: &Content, mode: &str, index: u64, autopilot: bool) -> SeatSetup {
    let mode = content.modes.id(mode).expect("the mode ships");
    let starters = &content.modes[mode].rewards.starter_items;
    let origin = ItemId::STARTER_BIT | index;
    SeatSetup {
        account: AccountId(index + 1),
        name: format!("Player {index}"),
        level: 1,
        rating: 1_500,
        autopilot,
        items: (0..)
            .zip(starters)
            .map(|(serial, item)| Item::brought(ItemId { origin, serial }, item.id(), ItemState::default()))
            .collect(),
    }
}

impl Play {
    fn new(mode: &str, seats: u16, autopilots: bool, seed: u64) -> Self {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
        let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
        let id = content.modes.id(mode).expect("the mode ships");
        let seat = |index| seat(&content, mode, index, autopilots && index > 0);
        let setup = MatchSetup {
            match_id: MatchId(1),
            parties: Vec::new(),
            mode: id,
            seats: (0..seats.into()).map(seat).collect(),
        };
        let def = content.modes[id].avatar.clone();
        let mut shard = new_match(ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content }, &setup);
        while hypogeum_arena::counts(shard.world_mut()).players_alive < u32::from(seats) {
            shard.step(&[]);
        }
        let name = avatar(shard.world(), Seat(0)).expect("it lives");
        let (wire, server) = MemoryWire::pair();
        start_match(&server, 1, 0);
        Self {
            shard,
            seats,
            sight: cm(def.sight_cm),
            interest: def.interest,
            scene: Scene::new(),
            blocks: Blocks::default(),
            viewer: Viewer::new(Eye::Avatar(name), cm(def.sight_cm), def.interest),
            client: Client::new(wire),
            server,
            waiting: VecDeque::new(),
            newest: 0,
            down: Link::new(seed + 1, (0, 0), (1, 0)),
            up: Link::new(seed + 2, (0, 0), (1, 0)),
            bytes_max: limits::LANE_BYTES_MAX,
            interval: 1,
            now: 0,
            bends: false,
            resynced: 0,
            resyncs: 0,
        }
    }

    fn place(&self, seat: u16) -> Option<Position> {
        let world = self.shard.world();
        let entity = world.resource::<NetIdIndex>().entity(avatar(world, Seat(seat))?)?;
        world.get::<Position>(entity).copied()
    }

    fn hear(&mut self, datagram: &[u8]) {
        let up = Up::read(datagram).expect("a client sends what reads");
        if let Some(ack) = up.ack {
            self.viewer.learn(ack).expect("a client acknowledges what was sent");
        }
        // As a server does: once a second at most.
        if up.resync && self.now >= self.resynced + 30 {
            self.resyncs += 1;
            self.resynced = self.now;
            self.viewer.resync();
        }
        self.waiting.extend(up.inputs().iter().filter(|input| input.seq > self.newest));
        self.newest = self.newest.max(up.inputs().last().map_or(0, |input| input.seq));
        self.waiting.drain(..self.waiting.len().saturating_sub(6));
    }

    /// One tick of the match: the others crowd around the client's avatar.
    fn step(&mut self) {
        let tick = self.shard.tick().0 + 1;
        let middle = self.place(0).unwrap_or_default();
        let own = self.waiting.pop_front().map(|input| Command { seat: Seat(0), body: CommandBody::Input(input) });
        let mut orders: Vec<Command> = own.into_iter().collect();
        for seat in 1..self.seats {
            let Some(at) = self.place(seat) else { continue };
            let wander = (u32::from(seat) * 7_919 + tick / 30 * 24_593) as u16;
            let far = turn::distance(at, middle) > 12 * 256;
            let walk = if far { turn::toward(middle.x - at.x, middle.y - at.y) } else { wander };
            let input = Input { seq: tick, walk, pace: 100, aim: wander, ability: 0 };
            orders.push(Command { seat: Seat(seat), body: CommandBody::Input(input) });
        }
        self.shard.step(&orders);
        self.scene.gather(&mut self.shard);
    }

    /// What the ends send each other, and what arrives of it.
    fn exchange(&mut self) {
        self.now += 1;
        for datagram in self.up.take(self.now) {
            self.hear(&datagram);
        }
        if self.now.is_multiple_of(self.interval) {
            let mut datagram = show(&mut self.viewer, &self.scene, &mut self.blocks, &self.shard, self.bytes_max);
            let (pages, events) = (datagram[14], datagram[15]);
            if self.bends && pages > 0 && events == 0 {
                // Usually the last bytes are a motion's place.
                let place = datagram.len() - 4;
                datagram[place] ^= 1;
                self.bends = false;
            }
            self.down.put(self.now, &datagram);
        }
        for datagram in self.down.take(self.now) {
            self.server.send_lane(&datagram);
        }
        self.client.poll(TICK);
        let walk = (self.now / 60).wrapping_mul(30_011) as u16;
        self.client.steer(Steering { walk, pace: 100, aim: walk, ..Steering::default() });
        self.client.flush();
        let mut datagram = Vec::new();
        while self.server.receive_lane(&mut datagram) {
            self.up.put(self.now, &datagram);
        }
    }

    fn seen(&self) -> &[Record] {
        self.client.view().snapshot.as_ref().map_or(&[], |snapshot| &snapshot.records)
    }

    /// Holds what the client sees to what one sees that has lost nothing, for it is new: it sees all of that, and beyond it
    /// only what stays shown within the margin of sight, which a newcomer with so much farther sight sees as well. Returns how much
    /// there is to see, the client's own avatar included.
    fn check_truth(&mut self, told: &str) -> usize {
        let (least, most) = (self.truth(0), self.truth(SIGHT_MARGIN));
        let missed: Vec<_> = least.iter().filter(|record| !self.seen().contains(record)).collect();
        assert!(missed.is_empty(), "{told}: it sees what a newcomer would see, but not {missed:?}");
        let invented: Vec<_> = self.seen().iter().filter(|record| !most.contains(record)).collect();
        let hidden: Vec<_> = invented.into_iter().filter(|record| !self.may_stay(record)).collect();
        assert!(hidden.is_empty(), "{told}: nothing stays beyond the margin or behind a wall: {hidden:?}");
        least.len()
    }

    /// Whether a thing may be shown that a newcomer with so much farther sight is not shown. Under `interest: Cells` a cell
    /// is shown whole where nothing stands between it and the cell the avatar counts to, and thing by thing otherwise. Which
    /// cell the avatar counts to depends on where it came from, so a newcomer may be shown fewer. Nothing is shown that a
    /// wall hides, or of a cell beyond interest.
    fn may_stay(&self, record: &Record) -> bool {
        let world = self.shard.world();
        let place = || world.get::<Position>(world.resource::<NetIdIndex>().entity(record.id)?).copied();
        let (Some(eye), Some(at)) = (self.place(0), place()) else { return false };
        let cells = CellBox::around(eye.x, eye.y, self.sight + SIGHT_MARGIN);
        self.interest == InterestRule::Cells
            && cells.contains(Cell::of(at.x, at.y))
            && world.resource::<Obstacles>().sight(eye, at)
    }

    /// What a client sees that is new, with `farther` sight.
    fn truth(&mut self, farther: i32) -> Vec<Record> {
        let (wire, server) = MemoryWire::pair();
        start_match(&server, 1, 0);
        let mut client = Client::new(wire);
        let name = avatar(self.shard.world(), Seat(0)).expect("it lives");
        let mut viewer = Viewer::new(Eye::Avatar(name), self.sight + farther, self.interest);
        server.send_lane(&show(&mut viewer, &self.scene, &mut self.blocks, &self.shard, 60_000));
        client.poll(TICK);
        client.view().snapshot.as_ref().expect("a snapshot").records.clone()
    }
}

fn show(viewer: &mut Viewer, scene: &Scene, blocks: &mut Blocks, shard: &Shard, bytes_max: usize) -> Vec<u8> {
    let mut datagram = Vec::new();
    let obstacles = shard.world().resource::<Obstacles>();
    viewer.show(scene, obstacles, blocks, (bytes_max, i32::MAX, 1), &mut datagram);
    datagram
}

/// Plays for a while over a bad link, then lets time stand still on a good one until everything has been told. Returns how much
/// there is to see then: nothing where the avatar is gone.
fn check(
    mode: &str,
    (seats, autopilots): (u16, bool),
    seed: u64,
    (loss, interval, bytes_max): (u32, u32, usize),
) -> usize {
    let mut play = Play::new(mode, seats, autopilots, seed);
    (play.interval, play.bytes_max) = (interval, bytes_max);
    (play.up.bad, play.up.delay) = ((loss, 3), (1, 4));
    (play.down.bad, play.down.delay) = ((loss, 3), (1, 4));
    let mut crowd = 0;
    for _ in 0..500 {
        play.step();
        if play.place(0).is_none() {
            break;
        }
        play.exchange();
        crowd = crowd.max(play.seen().len());
    }
    let told = format!("{mode}, seed {seed}, {loss} % lost, {crowd} seen at most");
    assert!(crowd > 2, "{told}: there was something to see");
    assert_eq!(play.client.divergences(), 0, "{told}: no view was ever wrong");
    assert_eq!((play.resyncs, play.client.unreadable_count()), (0, 0), "{told}: nothing had to be told again");
    if play.place(0).is_none() {
        return 0;
    }
    (play.up.bad, play.up.delay) = ((0, 0), (0, 0));
    (play.down.bad, play.down.delay) = ((0, 0), (0, 0));
    for _ in 0..60 {
        play.exchange();
    }
    play.check_truth(&told)
}

#[test]
fn a_crowd_shown_by_the_cell_is_never_wrong() {
    for seed in 1..4 {
        for link in [(2, 1, limits::LANE_BYTES_MAX), (25, 3, limits::LANE_BYTES_MAX), (10, 2, 300)] {
            assert!(check("throng", (150, false), seed, link) > 1, "there is a crowd to see, seed {seed}, {link:?}");
        }
    }
}

#[test]
fn what_obstacles_hide_comes_and_goes_and_is_never_wrong() {
    // In some of these matches one stands alone at the end.
    let links = [(2, 1, limits::LANE_BYTES_MAX), (30, 2, 300)];
    let matches = (1..6).flat_map(|seed| links.map(|link| (seed, link)));
    let seen: usize = matches.map(|(seed, link)| check("blitz", (24, true), seed, link)).sum();
    assert!(seen > 10, "there is something to see: {seen} in all matches together");
}

#[test]
fn a_defect_is_found_and_a_real_server_repairs_it() {
    for seed in 1..6 {
        let mut play = Play::new("throng", 100, false, seed);
        play.now = 100;
        (play.up.bad, play.up.delay) = ((10, 3), (1, 4));
        (play.down.bad, play.down.delay) = ((10, 3), (1, 4));
        for round in 1..=3 {
            // One at a time, until one arrives.
            while play.client.divergences() < round && play.place(0).is_some() {
                play.bends = true;
                while play.bends {
                    play.step();
                    play.exchange();
                }
                for _ in 0..8 {
                    play.step();
                    play.exchange();
                }
            }
            for _ in 0..60 {
                play.step();
                play.exchange();
            }
            assert_eq!(play.client.divergences(), round, "seed {seed}: it is counted once");
        }
        assert!(play.resyncs >= 3, "seed {seed}: the server was asked each time");
        (play.up.bad, play.up.delay) = ((0, 0), (0, 0));
        (play.down.bad, play.down.delay) = ((0, 0), (0, 0));
        for _ in 0..60 {
            play.exchange();
        }
        assert!(play.check_truth(&format!("seed {seed}")) > 1, "seed {seed}: there is a crowd to see");
    }
}
