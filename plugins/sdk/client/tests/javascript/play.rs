//! A small server and a client that play, and every step of it written down.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hypogeum_client::{Change, Client, Ending, MemoryPeer, MemoryWire, Steering};
use hypogeum_geometry::{Obstacles, Position, walked};
use hypogeum_protocol::{
    Block, GameEvent, Input, MatchId, MatchPhase, NetId, Outcome, OwnState, Record, ServerMessage, SettledReport, codec,
};
use serde_json::{Map, Value, json};

use super::chance::{Chance, Digest};
use super::server::{Link, SIDE, Viewer, World, welcome};

pub(crate) const RADIUS: i32 = 102;
/// Every so manyth step tells all that is around, the others a digest of it.
const WHOLE_EACH: usize = 48;
/// Inputs that wait at the server at most.
const WAITING_MAX: usize = 6;
const SPEED: u16 = 60;

fn walls() -> Vec<Block> {
    let middle = SIDE / 2;
    let wall = |x: i32, y: i32, width: i32, height: i32| Block {
        x_min: middle + x,
        y_min: middle + y,
        x_max: middle + x + width,
        y_max: middle + y + height,
    };
    vec![wall(500, -2_000, 60, 4_000), wall(-3_000, 600, 3_500, 40), wall(-900, -900, 300, 300)]
}

pub(crate) struct Play {
    client: Client<MemoryWire>,
    pub(crate) server: MemoryPeer,
    pub(crate) world: World,
    pub(crate) viewer: Viewer,
    pub(crate) down: Link,
    pub(crate) up: Link,
    chance: Chance,
    obstacles: Obstacles,
    /// The first tick the avatar walks.
    live_tick: u32,
    own: OwnState,
    pub(crate) is_alive: bool,
    waiting: VecDeque<Input>,
    newest: u32,
    now: u32,
    /// Ticks between two datagrams of the server.
    pub(crate) interval: u32,
    /// Ticks the client steers at once; 0: it does not.
    pub(crate) steers: u32,
    /// What the client is told beside the lane before the next step.
    say: Vec<Value>,
    /// What the last step told of the client, so that only what is another is written.
    last: BTreeMap<&'static str, Value>,
    pub(crate) steps: Vec<Value>,
}

impl Play {
    pub(crate) fn new(seed: u64, things: usize, first_seq: u16) -> Self {
        let (wire, server) = MemoryWire::pair();
        let mut play = Self {
            client: Client::new(wire),
            server,
            world: World::new(seed, things),
            viewer: Viewer::new(first_seq),
            down: Link::new(seed + 1, (0, 0), (1, 0)),
            up: Link::new(seed + 2, (0, 0), (1, 0)),
            chance: Chance::keyed(seed as u32),
            obstacles: Obstacles::new(SIDE, walls()),
            live_tick: 0,
            own: OwnState::default(),
            is_alive: true,
            waiting: VecDeque::new(),
            newest: 0,
            now: 0,
            interval: 1,
            steers: 1,
            say: Vec::new(),
            last: BTreeMap::new(),
            steps: Vec::new(),
        };
        play.place();
        play
    }

    fn place(&mut self) {
        let (x, y) = (SIDE / 2, SIDE / 2);
        self.own = OwnState { x, y, speed: SPEED, hp: 300, hp_max: 300, mp: 20, ..OwnState::default() };
        self.waiting.clear();
        self.newest = 0;
        self.viewer.input_seq = 0;
    }

    pub(crate) fn welcome(&mut self, id: u64) {
        welcome(&self.server, id);
        self.say.push(json!("welcome"));
    }

    fn tell(&mut self, message: &ServerMessage) {
        self.server.send(codec::encode(message));
        self.say.push(serde_json::to_value(message).expect("a message is written as any value"));
    }

    /// Announces a match that is live from a tick on, the next one unless it is the same.
    pub(crate) fn begin(&mut self, id: u64, live_tick: u32) {
        self.tell(&ServerMessage::MatchStarted {
            match_id: MatchId(id),
            mode: "blitz".into(),
            tick_hz: 30,
            avatar: NetId(1),
            radius: RADIUS,
            side: SIDE,
            obstacles: walls(),
            pois: vec![],
            exits: vec![],
        });
        self.live_tick = live_tick;
        self.tell(&ServerMessage::Phase { phase: MatchPhase::Deploy, tick: 0, ends_tick: live_tick });
    }

    /// Another world takes this one's place, with an avatar that has not moved.
    pub(crate) fn change_world(&mut self, seed: u64, things: usize, first_seq: u16) {
        self.world = World::new(seed, things);
        self.viewer = Viewer::new(first_seq);
        self.viewer.ups = 1;
        self.down = Link::new(seed + 1, (0, 0), (1, 0));
        self.place();
    }

    pub(crate) fn settle(&mut self, id: u64) {
        let report = SettledReport {
            outcome: Outcome::Died,
            kills: 0,
            damage_dealt: 0,
            xp_gained: 0,
            level: 1,
            items_secured: 0,
            currency_gained: 0,
            rating: 1_500,
        };
        self.tell(&ServerMessage::Settled { match_id: MatchId(id), report });
    }

    /// The connection breaks, and another one takes its place.
    pub(crate) fn cut(&mut self) {
        self.server.close(Ending::TimedOut);
        self.client.poll(Duration::ZERO);
        let (wire, server) = MemoryWire::pair();
        self.client.resume(wire);
        self.server = server;
        self.say.push(json!("cut"));
    }

    /// One tick of everyone: the server first, then the client.
    pub(crate) fn tick(&mut self, is_still: bool, events: &[GameEvent]) {
        self.now += 1;
        self.world.step(is_still);
        for datagram in self.up.take(self.now) {
            let up = self.viewer.hear(&datagram);
            self.waiting.extend(up.inputs().iter().filter(|input| input.seq > self.newest));
            self.newest = self.newest.max(up.inputs().last().map_or(0, |input| input.seq));
            self.waiting.drain(..self.waiting.len().saturating_sub(WAITING_MAX));
        }
        self.walk();
        if self.viewer.ups > 0 && self.now.is_multiple_of(self.interval) {
            let datagram = self.viewer.write(&self.world, events);
            self.down.put(self.now, &datagram);
        }
        let arrived = self.down.take(self.now);
        let mut elapsed_ms = 33;
        if self.now.is_multiple_of(4) {
            self.step(20, None, None);
            elapsed_ms = 13;
        }
        let steerings = self.steerings();
        let Some((last, before)) = arrived.split_last() else {
            self.step(elapsed_ms, None, Some(&steerings));
            return;
        };
        for datagram in before {
            self.step(std::mem::take(&mut elapsed_ms), Some(datagram), None);
        }
        self.step(elapsed_ms, Some(last), Some(&steerings));
    }

    /// The server moves the avatar.
    fn walk(&mut self) {
        let input = self.waiting.pop_front();
        if let Some(input) = input {
            self.viewer.input_seq = input.seq;
            self.own.heading = input.aim;
            if self.world.tick >= self.live_tick {
                let at = Position { x: self.own.x, y: self.own.y };
                let next = walked(&self.obstacles, at, input.walk, input.pace, self.own.speed.into(), RADIUS);
                (self.own.x, self.own.y) = (next.x, next.y);
            }
        }
        self.viewer.at = (self.own.x, self.own.y);
        self.viewer.own = self.is_alive.then_some(self.own);
    }

    fn steerings(&mut self) -> Vec<Steering> {
        if self.steers == 0 || !self.now.is_multiple_of(self.steers) {
            return Vec::new();
        }
        let straight = (self.now / 20).wrapping_mul(24_593) as u16;
        let one = |_| Steering {
            walk: straight.wrapping_add(self.chance.below(300) as u16),
            pace: if self.chance.below(9) == 0 { 0 } else { 60 + self.chance.below(41) as u8 },
            aim: if self.chance.below(2) == 0 { straight } else { self.chance.roll() as u16 },
            ability: if self.chance.below(8) == 0 { 2 } else { 0 },
        };
        (0..self.steers).map(one).collect()
    }

    /// One poll of the client, at most one datagram, and a flush after it where steerings are given, be it none.
    pub(crate) fn step(&mut self, elapsed_ms: u64, datagram: Option<&Vec<u8>>, steerings: Option<&[Steering]>) {
        let mut line = Map::from_iter([("ms".to_owned(), json!(elapsed_ms))]);
        let said = std::mem::take(&mut self.say);
        if !said.is_empty() {
            line.insert("say".into(), said.into());
        }
        if let Some(datagram) = datagram {
            self.server.send_lane(datagram);
            line.insert("down".into(), STANDARD.encode(datagram).into());
        }
        let changes = self.client.poll(Duration::from_millis(elapsed_ms));
        if datagram.is_some() {
            line.insert("taken".into(), taken(&changes).into());
        }
        for change in &changes {
            if let Change::Happened(events) = change {
                line.insert("events".into(), json!(events));
            }
        }
        if let Some(steerings) = steerings {
            for steering in steerings {
                self.client.steer(*steering);
            }
            self.client.flush();
            let steer =
                steerings.iter().map(|steering| json!([steering.walk, steering.pace, steering.aim, steering.ability]));
            line.insert("steer".into(), steer.collect());
        }
        let (mut sent, mut out) = (Vec::new(), Vec::new());
        while self.server.receive_lane(&mut out) {
            self.up.put(self.now, &out);
            sent.push(STANDARD.encode(&out));
        }
        if !sent.is_empty() {
            line.insert("up".into(), json!(sent));
        }
        self.write_client(&mut line);
        self.steps.push(line.into());
    }

    fn write_client(&mut self, line: &mut Map<String, Value>) {
        let snapshot = self.client.view().snapshot.as_ref();
        let mut shown = Vec::new();
        self.client.interpolated(&mut shown);
        let corrections = self.client.corrections();
        let state = snapshot.map(|seen| {
            json!([
                seen.tick,
                seen.input_seq,
                seen.alive,
                seen.extracted,
                seen.records.len(),
                digest(&seen.records).hex()
            ])
        });
        let fields = [
            ("state", state.unwrap_or_default()),
            ("own", json!(snapshot.and_then(|seen| seen.own))),
            ("shown", json!(digest(&shown).hex())),
            ("predicted", json!(self.client.predicted().map(|at| [at.x, at.y, at.heading.into()]))),
            ("corrections", json!([json!(corrections.count), json!(corrections.last), json!(corrections.largest)])),
            ("divergences", json!(self.client.divergences())),
        ];
        for (name, value) in fields {
            if self.last.get(name) != Some(&value) {
                line.insert(name.into(), value.clone());
                self.last.insert(name, value);
            }
        }
        if self.steps.len() % WHOLE_EACH == WHOLE_EACH - 1 {
            line.insert("entities".into(), json!(snapshot.map(|seen| &seen.records)));
        }
    }
}

/// What became of the one datagram of a poll.
fn taken(changes: &[Change]) -> &'static str {
    let became = changes.iter().find_map(|change| match change {
        Change::Saw => Some("newest"),
        Change::Outdated => Some("outdated"),
        Change::Unreadable => Some("unreadable"),
        _ => None,
    });
    became.unwrap_or("late")
}

/// Everything of these records in one number.
pub(crate) fn digest(records: &[Record]) -> Digest {
    let mut digest = Digest::default();
    for record in records {
        let Record { id, kind, template, x, y, heading, hp_band, extent } = *record;
        let (x, y) = (x.cast_unsigned(), y.cast_unsigned());
        for number in [id.0, kind as u32, template.into(), x, y, heading.into(), hp_band.into(), extent.into()] {
            digest.mix(number);
        }
    }
    digest
}
