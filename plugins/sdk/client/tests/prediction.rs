//! A client predicts its avatar in a real match, over links good and bad.

mod server;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_arena::{LastInput, MatchClock, MatchSetup, SeatSetup, map_brief, new_match};
use hypogeum_client::{Client, MemoryPeer, MemoryWire, Predicted, Steering};
use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, Input, MatchId, MatchPhase, NetId, OwnState, Seat, ServerMessage, Snapshot, codec};
use hypogeum_shard::{Command, CommandBody, NetIdIndex, Seed, Shard, ShardConfig};
use hypogeum_space::{Body, Heading, MoveSpeed, Position};
use server::{Link, Viewer, World, welcome};

const TICK: Duration = Duration::from_millis(33);
/// Inputs that wait at the server at most; newer ones push older ones out.
const WAITING_MAX: usize = 6;

/// A match of one, the client that plays it, and the link between them.
struct Play {
    shard: Shard,
    client: Client<MemoryWire>,
    server: MemoryPeer,
    viewer: Viewer,
    nothing: World,
    waiting: VecDeque<Input>,
    newest: u32,
    down: Link,
    up: Link,
    now: u32,
    /// Where the client thought its avatar would be after each of its inputs, as of the moment it was sent.
    thought: Vec<(u32, Predicted)>,
}

impl Play {
    fn new(seed: u64) -> Self {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
        let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
        let mode = content.modes.id("skirmish").expect("the mode ships");
        let seats = (1..=2).map(|index| SeatSetup {
            account: AccountId(index),
            name: format!("seat {index}"),
            level: 1,
            rating: 1_500,
            autopilot: false,
            items: vec![],
        });
        let setup = MatchSetup { match_id: MatchId(1), parties: Vec::new(), mode, seats: seats.collect() };
        let shard = new_match(ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content }, &setup);
        let (wire, server) = MemoryWire::pair();
        let play = Self {
            shard,
            client: Client::new(wire),
            server,
            viewer: Viewer::new(0),
            nothing: World::new(0, 0),
            waiting: VecDeque::new(),
            newest: 0,
            down: Link::new(seed + 1, (0, 0), (3, 0)),
            up: Link::new(seed + 2, (0, 0), (3, 0)),
            now: 0,
            thought: Vec::new(),
        };
        welcome(&play.server, 1);
        let brief = map_brief(play.shard.world());
        let started = ServerMessage::MatchStarted {
            match_id: MatchId(1),
            mode: "skirmish".into(),
            tick_hz: 30,
            avatar: play.avatar(),
            radius: play.part::<Body>().radius,
            side: brief.side,
            obstacles: brief.obstacles,
            pois: vec![],
            exits: vec![],
        };
        play.server.send(codec::encode(&started));
        let clock = play.shard.world().resource::<MatchClock>();
        let phase = ServerMessage::Phase { phase: MatchPhase::Deploy, tick: 0, ends_tick: clock.ends_tick };
        play.server.send(codec::encode(&phase));
        play
    }

    fn avatar(&self) -> NetId {
        hypogeum_arena::avatar(self.shard.world(), Seat(0)).expect("the avatar lives")
    }

    fn part<T: bevy_ecs::component::Component + Copy>(&self) -> T {
        let world = self.shard.world();
        let entity = world.resource::<NetIdIndex>().entity(self.avatar()).expect("it is there");
        *world.get::<T>(entity).expect("an avatar has it")
    }

    fn own(&self) -> OwnState {
        let (at, heading, move_speed): (Position, Heading, MoveSpeed) = (self.part(), self.part(), self.part());
        OwnState { x: at.x, y: at.y, heading: heading.0, speed: move_speed.speed as u16, ..OwnState::default() }
    }

    fn hear_inputs(&mut self, inputs: &[Input]) {
        for input in inputs.iter().filter(|input| input.seq > self.newest) {
            self.waiting.push_back(*input);
        }
        self.newest = self.newest.max(inputs.last().map_or(0, |input| input.seq));
        self.waiting.drain(..self.waiting.len().saturating_sub(WAITING_MAX));
    }

    /// One tick of everyone: the server first, then the client. It steers every `each` ticks, for as many. `false` once
    /// somebody killed the avatar.
    fn tick(&mut self, each: u32) -> bool {
        self.now += 1;
        for datagram in self.up.take(self.now) {
            let up = self.viewer.hear(&datagram);
            self.hear_inputs(up.inputs());
        }
        let input = self.waiting.pop_front().map(CommandBody::Input);
        let orders: Vec<Command> = input.map(|body| Command { seat: Seat(0), body }).into_iter().collect();
        self.shard.step(&orders);
        if hypogeum_arena::avatar(self.shard.world(), Seat(0)).is_none() {
            return false;
        }
        self.nothing.tick = self.shard.tick().0;
        self.viewer.own = Some(self.own());
        self.viewer.input_seq = self.part::<LastInput>().0;
        let datagram = self.viewer.write(&self.nothing, &[]);
        self.down.put(self.now, &datagram);
        for datagram in self.down.take(self.now) {
            self.server.send_lane(&datagram);
        }
        self.client.poll(TICK);
        if self.now.is_multiple_of(each) {
            for tick in self.now..self.now + each {
                // Long straights, so that walls are met, and a turn or a rest now and then.
                let walk = (tick / 40).wrapping_mul(40_503) as u16;
                let pace = if tick % 97 < 10 { 0 } else { 60 + (tick % 41) as u8 };
                let seq = self.client.steer(Steering { walk, pace, aim: walk / 2, ..Steering::default() });
                self.thought.extend(self.client.predicted().map(|predicted| (seq, predicted)));
            }
        }
        self.client.flush();
        let mut datagram = Vec::new();
        while self.server.receive_lane(&mut datagram) {
            self.up.put(self.now, &datagram);
        }
        true
    }
}

#[test]
fn a_good_link_with_latency_needs_no_correction() {
    let (mut proved, mut far) = (0, 0);
    for (seed, each) in [(4, 1), (5, 1), (6, 1), (7, 3), (8, 3)] {
        let mut play = Play::new(seed);
        let start = play.part::<Position>();
        while play.now < 900 && play.tick(each) {
            let (seq, own) = (play.part::<LastInput>().0, play.own());
            far = far.max((own.x - start.x).abs() + (own.y - start.y).abs());
            // Anyone who steers three ticks at once waits a little; its first inputs are not yet steady.
            let thought = play.thought.iter().find(|(of, _)| *of == seq && play.now > 60);
            if let Some((_, thought)) = thought {
                let truth = Predicted { x: own.x, y: own.y, heading: own.heading };
                assert_eq!(*thought, truth, "seed {seed}: input {seq} leads where it was thought to");
                proved += 1;
            }
        }
        assert_eq!(play.client.corrections().count, 0, "seed {seed}: {:?}", play.client.corrections());
    }
    assert!(proved > 1_000 && far > 2_500, "it walked {far} far, and {proved} ticks were proved");
}

#[test]
fn after_a_bad_time_the_prediction_is_exact_again() {
    // Whose avatar is killed shows nothing about predictions: another seed takes its place.
    let lives = |play: &mut Play, ticks: u32| (0..ticks).all(|_| play.tick(1));
    let mut whole_count = 0;
    for seed in 10..60 {
        let mut play = Play::new(seed);
        if !lives(&mut play, 200) {
            continue;
        }
        assert_eq!(play.client.corrections().count, 0, "seed {seed}: nothing to correct so far");
        (play.up.bad, play.up.delay) = ((40, 10), (2, 8));
        (play.down.bad, play.down.delay) = ((40, 10), (2, 8));
        if !lives(&mut play, 300) {
            continue;
        }
        let bad = play.client.corrections();
        assert!(bad.count > 0 && bad.largest > 0, "seed {seed}: late inputs showed");
        assert!(bad.largest < 4_000, "seed {seed}: no prediction was far off: {bad:?}");
        (play.up.bad, play.up.delay) = ((0, 0), (3, 0));
        (play.down.bad, play.down.delay) = ((0, 0), (3, 0));
        if !lives(&mut play, 60) {
            continue;
        }
        let settled = play.client.corrections();
        if !lives(&mut play, 200) {
            continue;
        }
        assert_eq!(play.client.corrections(), settled, "seed {seed}: no correction since the link is good");
        let own = play.own();
        let seq = play.part::<LastInput>().0;
        let thought = play.thought.iter().find(|(of, _)| *of == seq).map(|(_, thought)| (thought.x, thought.y));
        assert_eq!(thought, Some((own.x, own.y)), "seed {seed}: and what was thought came true");
        whole_count += 1;
        if whole_count == 6 {
            return;
        }
    }
    panic!("of fifty avatars six live long enough, not {whole_count}");
}

fn message(server: &MemoryPeer, tick: u32, input_seq: u32, own: Option<OwnState>) {
    let snapshot = Snapshot { tick, input_seq, own, ..Snapshot::default() };
    server.send(codec::encode(&ServerMessage::Snapshot(snapshot)));
}

#[test]
fn a_correction_is_counted_with_its_size() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire).without_lane();
    server::start_match(&server, 1, 0);
    let own = OwnState { x: 5_000, y: 5_000, speed: 50, ..OwnState::default() };
    message(&server, 10, 0, Some(own));
    client.poll(TICK);
    for _ in 0..3 {
        client.steer(Steering { walk: 0, pace: 100, aim: 77, ..Steering::default() });
    }
    let ahead = Predicted { x: 5_150, y: 5_000, heading: 77 };
    assert_eq!(client.predicted(), Some(ahead), "three strides of 50 ahead of the server");
    message(&server, 12, 2, Some(OwnState { x: 5_100, ..own }));
    client.poll(TICK);
    assert_eq!((client.predicted(), client.corrections().count), (Some(ahead), 0), "as thought");
    message(&server, 13, 3, Some(OwnState { x: 5_110, y: 4_970, ..own }));
    client.poll(TICK);
    let corrections = client.corrections();
    assert_eq!((corrections.count, corrections.last, corrections.largest), (1, 50, 50), "40 along and 30 aside");
    message(&server, 14, 3, Some(OwnState { x: 5_160, y: 4_970, ..own }));
    client.poll(TICK);
    assert_eq!(client.corrections().count, 2, "it walked on without an input");
    message(&server, 15, 3, None);
    client.poll(TICK);
    assert_eq!(client.predicted(), None, "there is no avatar any more");
}

#[test]
fn before_the_match_is_live_nobody_is_thought_to_walk() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire).without_lane();
    server::start_match(&server, 1, 0);
    server.send(codec::encode(&ServerMessage::Phase { phase: MatchPhase::Deploy, tick: 0, ends_tick: 12 }));
    let own = OwnState { x: 5_000, y: 5_000, speed: 50, ..OwnState::default() };
    message(&server, 9, 0, Some(own));
    client.poll(TICK);
    let mut places = Vec::new();
    for _ in 0..4 {
        client.steer(Steering { walk: 0, pace: 100, aim: 77, ..Steering::default() });
        places.extend(client.predicted().map(|predicted| predicted.x));
    }
    assert_eq!(places, [5_000, 5_000, 5_050, 5_100], "ticks 10 and 11 are before it, 12 and 13 are not");
}

#[test]
fn who_does_not_predict_tells_nothing() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire).without_lane().without_prediction();
    server::start_match(&server, 1, 0);
    message(&server, 10, 0, Some(OwnState { x: 5_000, y: 5_000, speed: 50, ..OwnState::default() }));
    client.poll(TICK);
    client.steer(Steering { pace: 100, ..Steering::default() });
    assert_eq!(client.predicted(), None, "no place");
    message(&server, 11, 1, Some(OwnState::default()));
    client.poll(TICK);
    assert_eq!(client.corrections().count, 0, "and nothing to correct");
}
