//! A scripted world on the other end of a bot's wire: walls, an exit, an item, someone to fight. No rules but these.

use hypogeum_client::{MemoryPeer, MemoryWire};
use hypogeum_protocol::{
    AccountId, Act, Block, CarriedItem, ClientMessage, ExitInfo, GameEvent, Input, ItemId, ItemState, MatchId,
    MatchPhase, ModeInfo, NetId, Outcome, OwnState, PoiInfo, Record, RecordKind, ServerMessage, SessionId,
    SettledReport, Snapshot, StashItem, codec,
};

/// A metre in subunits.
pub(crate) const METRE: i32 = 256;
/// The bot's entity.
pub(crate) const AVATAR: NetId = NetId(1);
/// Subunits a tick: 6 m/s at 30 Hz.
const SPEED: u16 = 51;
/// Half a body.
const BODY: i32 = 102;

pub(crate) struct FakeWorld {
    peer: MemoryPeer,
    /// The entity it gives the bot.
    pub(crate) avatar: NetId,
    pub(crate) tick: u32,
    pub(crate) here: (i32, i32),
    pub(crate) hp: u32,
    pub(crate) walls: Vec<Block>,
    pub(crate) exits: Vec<ExitInfo>,
    pub(crate) pois: Vec<PoiInfo>,
    pub(crate) records: Vec<Record>,
    pub(crate) inventory: Vec<CarriedItem>,
    pub(crate) stash: Vec<StashItem>,
    pub(crate) ends_tick: u32,
    applied: u32,
    /// The newest input.
    pub(crate) last: Input,
    pub(crate) extraction_left: u32,
    /// Everything the bot said.
    pub(crate) heard: Vec<ClientMessage>,
    pub(crate) settled: Option<Outcome>,
    /// Hp bands taken off by attacks aimed within 10° and 3 m.
    pub(crate) hits: u32,
}

impl FakeWorld {
    pub(crate) fn new() -> (MemoryWire, Self) {
        let (wire, peer) = MemoryWire::pair();
        let world = Self {
            peer,
            avatar: AVATAR,
            tick: 0,
            here: (10 * METRE, 10 * METRE),
            hp: 100,
            walls: vec![],
            exits: vec![],
            pois: vec![],
            records: vec![],
            inventory: vec![],
            stash: vec![],
            ends_tick: 3_000,
            applied: 0,
            last: Input::default(),
            extraction_left: 0,
            heard: vec![],
            settled: None,
            hits: 0,
        };
        (wire, world)
    }

    pub(crate) fn say(&self, message: &ServerMessage) {
        self.peer.send(codec::encode(message));
    }

    /// One tick: hear, move, tell.
    pub(crate) fn step(&mut self) {
        while let Some((_, bytes)) = self.peer.receive() {
            let message = codec::decode_client(&bytes).expect("a bot sends what decodes");
            message.validate().expect("a bot sends what is in range");
            self.answer(&message);
            self.heard.push(message);
        }
        if self.tick > 0 && self.settled.is_none() {
            self.live();
        }
    }

    fn answer(&mut self, message: &ClientMessage) {
        match message {
            ClientMessage::Hello { .. } => self.say(&ServerMessage::Welcome {
                session: SessionId(5),
                account: AccountId(6),
                name: "bot-001".into(),
                protocol_version: 1,
                tick_hz: 30,
                content_hash: [0; 32],
                modes: vec![ModeInfo { name: "blitz".into(), players: 2, duration_s: 75 }],
                current_match: None,
                locale: "en".into(),
            }),
            ClientMessage::JoinQueue { mode } => {
                let (mode, stash) = (mode.clone(), self.stash.clone());
                self.say(&ServerMessage::Queued { mode: mode.clone(), waiting: 1, wanted: 1, window: 0 });
                self.say(&ServerMessage::LoadoutOpen { match_id: MatchId(1), mode, closes_in_ms: 1_000, stash });
            }
            ClientMessage::ChooseLoadout { items } => {
                self.say(&ServerMessage::LoadoutChosen { items: items.clone() });
                self.begin();
            }
            ClientMessage::Inputs { batch } => {
                self.last = *batch.last().expect("a batch holds an input");
                self.applied = self.last.seq;
            }
            ClientMessage::Act { seq, act, .. } => self.act(*seq, *act),
            ClientMessage::Ping { nonce } => self.say(&ServerMessage::Pong { nonce: *nonce }),
            ClientMessage::LeaveQueue
            | ClientMessage::LeaveMatch
            | ClientMessage::EnterWorld { .. }
            | ClientMessage::Chat { .. }
            | ClientMessage::ChatHistory { .. }
            | ClientMessage::Ignore { .. }
            | ClientMessage::ReportChat { .. }
            | ClientMessage::AskChunks { .. }
            | ClientMessage::FollowGame { .. }
            | ClientMessage::Party { .. }
            | ClientMessage::Watch { .. }
            | ClientMessage::AskQueue
            | ClientMessage::JoinQueueWith { .. }
            | ClientMessage::AskNames { .. }
            | ClientMessage::Command { .. } => {}
        }
    }

    fn begin(&mut self) {
        self.tick = 1;
        self.say(&ServerMessage::MatchStarted {
            match_id: MatchId(1),
            mode: "blitz".into(),
            tick_hz: 30,
            avatar: self.avatar,
            radius: 102,
            side: 60 * METRE,
            obstacles: self.walls.clone(),
            pois: self.pois.clone(),
            exits: self.exits.clone(),
        });
        self.say(&ServerMessage::Phase { phase: MatchPhase::Live, tick: 1, ends_tick: self.ends_tick });
        self.tell_inventory();
    }

    pub(crate) fn tell_inventory(&self) {
        self.say(&ServerMessage::Inventory { version: self.tick, items: self.inventory.clone() });
    }

    fn act(&mut self, seq: u32, act: Act) {
        let near = |record: &Record| (record.x - self.here.0).abs().max((record.y - self.here.1).abs()) < METRE * 3 / 2;
        match act {
            Act::PickUp { item: thing } | Act::Loot { container: thing } => {
                let Some(index) = self.records.iter().position(|record| record.id == thing && near(record)) else {
                    let code = hypogeum_protocol::ErrorCode::OutOfReach;
                    let events = vec![GameEvent::Refused { seq, code }];
                    self.say(&ServerMessage::Events { tick: self.tick, events });
                    return;
                };
                let record = self.records.remove(index);
                self.inventory.push(CarriedItem {
                    id: record.id,
                    item: ItemId { origin: 1, serial: record.id.0 },
                    template: "rusty_sword".into(),
                    equipped: false,
                    state: ItemState::default(),
                    version: 0,
                });
            }
            Act::Equip { item } => {
                for carried in &mut self.inventory {
                    carried.equipped |= carried.id == item;
                }
            }
            Act::Use { item } => {
                self.inventory.retain(|carried| carried.id != item);
                self.hp = 100;
            }
            Act::Unequip { .. } | Act::Drop { .. } => {}
        }
        self.tell_inventory();
    }

    fn live(&mut self) {
        self.tick += 1;
        self.walk();
        self.strike();
        self.extract();
        let own = OwnState {
            x: self.here.0,
            y: self.here.1,
            heading: self.last.aim,
            speed: SPEED,
            hp: self.hp,
            hp_max: 100,
            extraction_ticks: self.extraction_left as u16,
            ..OwnState::default()
        };
        let own = self.settled.is_none().then_some(own);
        self.say(&ServerMessage::Snapshot(Snapshot {
            tick: self.tick,
            input_seq: self.applied,
            own,
            records: self.records.clone(),
            alive: 1,
            extracted: 0,
        }));
        if self.tick >= self.ends_tick && self.settled.is_none() {
            self.settle(Outcome::TimedOut);
        }
    }

    fn walk(&mut self) {
        let radians = f64::from(self.last.walk) / 65_536.0 * std::f64::consts::TAU;
        let way = f64::from(SPEED) * f64::from(self.last.pace) / 100.0;
        let step = ((radians.cos() * way) as i32, (radians.sin() * way) as i32);
        for step in [(step.0, 0), (0, step.1)] {
            let to = (self.here.0 + step.0, self.here.1 + step.1);
            let inside = (0..60 * METRE).contains(&to.0) && (0..60 * METRE).contains(&to.1);
            let blocked = self.walls.iter().any(|wall| {
                (wall.x_min - BODY..=wall.x_max + BODY).contains(&to.0)
                    && (wall.y_min - BODY..=wall.y_max + BODY).contains(&to.1)
            });
            if inside && !blocked {
                self.here = to;
            }
        }
    }

    fn strike(&mut self) {
        if self.last.ability == 0 || !self.tick.is_multiple_of(10) {
            return;
        }
        let (here, aim) = (self.here, self.last.aim);
        for record in self.records.iter_mut().filter(|record| record.kind == RecordKind::Npc) {
            let (dx, dy) = (f64::from(record.x - here.0), f64::from(record.y - here.1));
            let angle = (dy.atan2(dx) / std::f64::consts::TAU * 65_536.0) as i32 as u16;
            let beside = angle.wrapping_sub(aim).min(aim.wrapping_sub(angle));
            if dx.hypot(dy) < f64::from(3 * METRE) && beside < 1_820 {
                self.hits += 1;
                record.hp_band = record.hp_band.saturating_sub(1);
            }
        }
        self.records.retain(|record| record.kind != RecordKind::Npc || record.hp_band > 0);
    }

    fn extract(&mut self) {
        let inside = self.exits.iter().find(|exit| {
            let (dx, dy) = (f64::from(exit.x - self.here.0), f64::from(exit.y - self.here.1));
            dx.hypot(dy) < f64::from(exit.radius) && (exit.opens_tick..exit.closes_tick).contains(&self.tick)
        });
        match (inside, self.extraction_left) {
            (None, _) => self.extraction_left = 0,
            (Some(exit), 0) => self.extraction_left = exit.channel_ticks,
            (Some(_), 1) => self.settle(Outcome::Extracted),
            (Some(_), _) => self.extraction_left -= 1,
        }
    }

    fn settle(&mut self, outcome: Outcome) {
        self.settled = Some(outcome);
        let report = SettledReport {
            outcome,
            kills: 0,
            damage_dealt: 0,
            xp_gained: 0,
            level: 1,
            items_secured: 0,
            currency_gained: 0,
            rating: 1_500,
        };
        self.say(&ServerMessage::Settled { match_id: MatchId(1), report });
    }
}
