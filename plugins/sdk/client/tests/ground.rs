//! The ground of a place as a client gets to know it, against a server that has all of it.

use std::collections::BTreeSet;
use std::time::Duration;

use hypogeum_client::{Change, ChunkCache, Client, MemoryPeer, MemoryWire, Steering};
use hypogeum_geometry::{Ground, METRE, Obstacles, Position, walked};
use hypogeum_protocol::{
    Block, ChunkPlace, ClientMessage, DoorChange, DoorInfo, ErrorCode, MatchId, NetId, OwnState, ServerMessage,
    Snapshot, codec, limits,
};

const SIDE: i32 = 320 * METRE;
const RADIUS: i32 = 100;
const SPEED: u16 = 50;
const START: OwnState = OwnState {
    x: 20 * METRE,
    y: 20 * METRE,
    heading: 0,
    speed: SPEED,
    hp: 1,
    hp_max: 1,
    mp: 0,
    cooling: 0,
    extraction_ticks: 0,
};

/// A wall from the lower edge to the upper one, a little to the right of the start, with a door in it at the height of the start.
fn walls() -> (Vec<Block>, DoorInfo) {
    let (x_min, x_max) = (22 * METRE, 23 * METRE);
    let wall = |y_min: i32, y_max: i32| Block { x_min, y_min, x_max, y_max };
    let door = DoorInfo { number: 0, key: "gate".into(), block: wall(19 * METRE, 21 * METRE), is_open: false };
    let mut blocks = vec![wall(0, 19 * METRE), wall(21 * METRE, SIDE)];
    // Something else in each chunk, so that no two are alike.
    let stone = |number: i32| {
        let (x, y) = ((number % 20 * 16 + 5) * METRE, (number / 20 * 16 + 5) * METRE);
        Block { x_min: x, y_min: y, x_max: x + 10 + number, y_max: y + 10 }
    };
    blocks.extend((0..400).map(stone));
    (blocks, door)
}

struct Server {
    peer: MemoryPeer,
    ground: Ground,
    /// Places of the chunks that were asked for, message by message.
    asked: Vec<Vec<ChunkPlace>>,
}

impl Server {
    fn new(peer: MemoryPeer) -> Self {
        let (blocks, door) = walls();
        Self { peer, ground: Ground::cut(SIDE, &blocks, &[door], &[]), asked: Vec::new() }
    }

    fn say(&self, message: &ServerMessage) {
        self.peer.send(codec::encode(message));
    }

    fn start(&self, id: u64) {
        self.say(&ServerMessage::MatchStarted {
            match_id: MatchId(id),
            mode: "town".into(),
            tick_hz: 30,
            avatar: NetId(1),
            radius: RADIUS,
            side: SIDE,
            obstacles: vec![],
            pois: vec![],
            exits: vec![],
        });
    }

    fn show(&self, tick: u32) {
        self.say(&ServerMessage::Snapshot(Snapshot { tick, own: Some(START), ..Snapshot::default() }));
    }

    /// Tells what lies within a distance of the start, and how many chunks that are.
    fn tell(&self, id: u64, reach_m: i32) -> usize {
        let near = self.ground.near(Position { x: START.x, y: START.y }, reach_m * METRE);
        let chunks: Vec<_> = near.filter_map(|at| self.ground.info(at)).collect();
        let count = chunks.len();
        let (match_id, chunk_side) = (MatchId(id), self.ground.chunk_side());
        self.say(&ServerMessage::ChunksNear { match_id, chunk_side, chunks });
        count
    }

    /// Takes what was asked for.
    fn hear(&mut self) -> Vec<ChunkPlace> {
        let mut all = Vec::new();
        while let Some((_, bytes)) = self.peer.receive() {
            let message = codec::decode_client(&bytes).expect("a client sends what decodes");
            message.validate().expect("and what is in range");
            if let ClientMessage::AskChunks { chunks, .. } = message {
                all.extend(chunks.iter().copied());
                self.asked.push(chunks);
            }
        }
        all
    }

    fn answer(&self, id: u64, at: ChunkPlace) {
        let body = self.ground.bytes(at).expect("it is on the map").to_vec();
        self.say(&ServerMessage::Chunk { match_id: MatchId(id), at, body });
    }

    /// Answers whatever is asked for until nothing is, and returns how many chunks that were.
    fn answer_all(&mut self, id: u64, client: &mut Client<MemoryWire>) -> usize {
        let mut count = 0;
        loop {
            let asked = self.hear();
            if asked.is_empty() {
                return count;
            }
            count += asked.len();
            asked.into_iter().for_each(|at| self.answer(id, at));
            client.poll(Duration::from_millis(33));
        }
    }
}

fn both() -> (Client<MemoryWire>, Server) {
    let (wire, peer) = MemoryWire::pair();
    (Client::new(wire), Server::new(peer))
}

/// Where the avatar is predicted to be after steps along +x.
fn predicted_after(client: &mut Client<MemoryWire>, steps: u32) -> i32 {
    for _ in 0..steps {
        client.steer(Steering { walk: 0, pace: 100, ..Steering::default() });
    }
    client.predicted().expect("it has an avatar").x
}

#[test]
fn what_lies_near_is_asked_for_once_and_then_walked_on() {
    let (mut client, mut server) = both();
    server.start(1);
    let told = server.tell(1, 40);
    server.show(1);
    client.poll(Duration::ZERO);
    assert_eq!(predicted_after(&mut client, 30), START.x + 30 * i32::from(SPEED), "unknown ground is free");
    assert_eq!(server.answer_all(1, &mut client), told, "each is asked for once");
    assert_eq!(server.asked.len(), 1, "in one message");
    let (blocks, door) = walls();
    let all: Vec<Block> = blocks.into_iter().chain([door.block]).collect();
    let walk = |obstacles: &Obstacles| {
        let start = Position { x: START.x, y: START.y };
        (0..30).fold(start, |at, _| walked(obstacles, at, 0, 100, SPEED.into(), RADIUS)).x
    };
    let stopped = walk(&Obstacles::new(SIDE, all.clone()));
    assert!(stopped < 22 * METRE, "the test walks into the door");
    assert_eq!(client.predicted().expect("it has an avatar").x, stopped, "what is under way stops at the door, too");

    server.say(&ServerMessage::DoorsChanged {
        match_id: MatchId(1),
        doors: vec![DoorChange { number: 0, is_open: true }],
    });
    let changes = client.poll(Duration::ZERO);
    assert_eq!(changes, [Change::GroundChanged], "it opens");
    assert_eq!(client.predicted().expect("it has an avatar").x, START.x + 30 * i32::from(SPEED), "and lets through");
    let known = &client.view().current.as_ref().expect("it is in a place").obstacles;
    assert!(known.iter().all(|block| all.contains(block)) && known.len() < all.len(), "all of it is true, and near");
}

#[test]
fn what_a_cache_knows_is_never_asked_for() {
    let cache = ChunkCache::default();
    let (mut client, mut server) = both();
    client.keep_chunks_in(cache.clone());
    server.start(1);
    let told = server.tell(1, 40);
    client.poll(Duration::ZERO);
    assert_eq!(server.answer_all(1, &mut client), told, "the first visit");
    assert_eq!(cache.count(), told, "all of it is kept");
    let ground = client.view().current.as_ref().expect("it is in a place").obstacles.clone();

    // The same connection, in the same place again by another number; then another connection of the same program.
    server.start(2);
    server.tell(2, 40);
    client.poll(Duration::ZERO);
    assert_eq!(server.hear(), [], "it goes there a second time");
    let (wire, peer) = MemoryWire::pair();
    let mut other = Client::new(wire);
    other.keep_chunks_in(cache);
    let mut server = Server::new(peer);
    server.start(3);
    server.tell(3, 40);
    other.poll(Duration::ZERO);
    assert_eq!(server.hear(), [], "somebody else of the same house goes there");
    assert_eq!(other.view().current.as_ref().map(|current| &current.obstacles), Some(&ground), "and sees the same");
}

#[test]
fn a_lost_connection_loses_no_ground() {
    let (mut client, mut server) = both();
    server.start(1);
    server.tell(1, 40);
    client.poll(Duration::ZERO);
    let asked = server.hear();
    asked[1..].iter().for_each(|at| server.answer(1, *at));
    client.poll(Duration::ZERO);
    let (wire, peer) = MemoryWire::pair();
    client.resume(wire);
    server.peer = peer;
    server.start(1);
    server.tell(1, 40);
    client.poll(Duration::ZERO);
    assert_eq!(server.hear(), asked[..1], "what had not come is asked for again, and nothing else");

    let (wire, peer) = MemoryWire::pair();
    client.resume(wire);
    server.peer = peer;
    server.start(1);
    server.say(&ServerMessage::ChunksNear { match_id: MatchId(1), chunk_side: 8_192, chunks: Vec::new() });
    client.poll(Duration::ZERO);
    assert_eq!(server.hear(), [], "what is not near any more is not asked for");
}

#[test]
fn more_than_is_asked_for_at_once_comes_bit_by_bit() {
    let (mut client, mut server) = both();
    server.start(1);
    let told = server.tell(1, 320);
    assert!(told > 2 * limits::CHUNKS_ASKED_MAX, "the test tells of more");
    client.poll(Duration::ZERO);
    let first = server.hear();
    assert_eq!(first.len(), limits::CHUNKS_ASKED_MAX, "as many as may be");
    server.answer(1, first[0]);
    client.poll(Duration::ZERO);
    assert_eq!(server.hear(), [], "while something is on its way nothing is asked for");
    first[1..].iter().for_each(|at| server.answer(1, *at));
    client.poll(Duration::ZERO);
    let rest = server.answer_all(1, &mut client);
    assert_eq!(first.len() + rest, told, "all of it comes");
    let all: BTreeSet<ChunkPlace> = server.asked.iter().flatten().copied().collect();
    assert_eq!(all.len(), told, "each is asked for once");
}

#[test]
fn a_client_asks_again_for_what_was_refused_or_never_came() {
    let (mut client, mut server) = both();
    server.start(1);
    server.tell(1, 40);
    client.poll(Duration::ZERO);
    let asked = server.hear();
    server.say(&ServerMessage::Error { code: ErrorCode::TooSoon, about: 15, retry_after_ms: 1_500 });
    client.poll(Duration::from_millis(1_400));
    client.poll(Duration::from_millis(1_400));
    assert_eq!(server.hear(), [], "not before it may");
    client.poll(Duration::from_millis(200));
    assert_eq!(server.hear(), asked, "then all of it");
    client.poll(Duration::from_secs(15));
    assert_eq!(server.hear(), [], "it may take its time");
    client.poll(Duration::from_secs(15));
    assert_eq!(server.hear(), asked, "but not for ever");
}

#[test]
fn what_a_server_should_not_send_changes_nothing() {
    let (mut client, mut server) = both();
    server.start(1);
    server.tell(1, 40);
    client.poll(Duration::ZERO);
    let asked = server.hear();
    let lie = |at, body: Vec<u8>| ServerMessage::Chunk { match_id: MatchId(1), at, body };
    let far = ChunkPlace { column: 9, row: 9 };
    server.say(&lie(asked[0], vec![0, 0, 0]));
    server.say(&lie(asked[0], vec![0xFF; 40]));
    server.say(&lie(far, server.ground.bytes(far).expect("it is on the map").to_vec()));
    let changes = client.poll(Duration::ZERO);
    assert_eq!(changes, [Change::Unreadable, Change::Unreadable, Change::Unreadable], "none was told");
    assert_eq!((client.unreadable_count(), client.chunk_cache().count()), (3, 0), "it is counted, and not kept");
    asked.iter().for_each(|at| server.answer(1, *at));
    client.poll(Duration::ZERO);
    assert_eq!(client.chunk_cache().count(), asked.len(), "what is true is taken");
}
