//! Prints what a step of a crowded zone costs, and what an empty one takes:
//! `cargo run --release -p hypogeum-zone --example zone_cost [players] [npcs] [steps]`.
//!
//! `zone_cost hunters [hunters] [steps]` compares NPCs around a closed room, with somebody in it whom they hear, with the same
//! around the room when it is open: who cannot be reached should cost no more.
//!
//! The zone is a field of 256 rooms with wide ways between them. Everyone walks by hand or by word, fights what is near, takes
//! what lies there and talks; deciding what they do is not part of what is measured.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_combat::Health;
use hypogeum_content::Content;
use hypogeum_geometry::{Ground, METRE, Position};
use hypogeum_npc::Brain;
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, ChunkInfo, Input, MatchId, NetId, Seat, ServerMessage, ShardId, codec,
};
use hypogeum_shard::{
    Command, CommandBody, Dice, KindOutbox, LineupSeat, Occupant, Outbox, PlaceKind, Purpose, Seed, Shard, ShardConfig,
    ShardKind, build_shard,
};
use hypogeum_world_messages::WorldCommand;
use hypogeum_zone::{Character, Zone, ZoneSetup};

/// Rooms along each side.
const ROWS: u32 = 16;
/// Side of a room in metres.
const ROOM_M: u32 = 30;
const TICK_HZ: u32 = 10;
/// Steps before anything is measured.
const WARM_UP: u32 = 100;
const LINES: [&str; 12] = [
    "kill wolf",
    "kill raider",
    "get all",
    "say who goes there?",
    "north",
    "south",
    "east",
    "west",
    "kill rat",
    "look",
    "stop",
    "flee",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|mode| mode == "hunters") {
        let number = |at: usize| arguments.get(at).map(|number| number.parse::<u32>().expect("a number"));
        return hunters(number(1).unwrap_or(200), number(2).unwrap_or(1_200));
    }
    let number = |at: usize| arguments.get(at).map(|number| number.parse::<u32>().expect("a number"));
    let (players, npcs, steps) = (number(0).unwrap_or(1_000), number(1).unwrap_or(2_000), number(2).unwrap_or(600));
    let content = content(npcs);
    idle(&content);

    let mut shard = zone(&content, 1);
    ground(&shard);
    for seat in 0..players {
        join(&mut shard, seat);
    }
    let mut times: Vec<Duration> = Vec::new();
    let (mut told, mut told_bytes, mut events) = (0_usize, 0_usize, 0_usize);
    for step in 1..=WARM_UP + steps {
        let commands = commands(players, step);
        let began = Instant::now();
        shard.step(&commands);
        if step > WARM_UP {
            times.push(began.elapsed());
            let news = shard.world().resource::<KindOutbox>();
            told += news.told().len();
            told_bytes += news.iter().map(|(_, body)| body.len()).sum::<usize>();
            events += shard.world().resource::<Outbox>().0.len();
        }
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 1_000].as_secs_f64() * 1_000.0;
    println!(
        "{players} players, {npcs} NPCs: a step takes {:.2} ms at p50, {:.2} at p99, {:.2} at most",
        at(500),
        at(990),
        at(1_000)
    );
    let per_step = |sum: usize| sum as f64 / f64::from(steps);
    println!(
        "each step tells {:.0} news of {:.0} bytes in all, and {:.0} events",
        per_step(told),
        per_step(told_bytes),
        per_step(events)
    );
    println!("{:.0} bytes of news a player and second", per_step(told_bytes) * f64::from(TICK_HZ) / f64::from(players));
}

/// Steps both zones in turn, and compares what their slowest steps take.
fn hunters(count: u32, steps: u32) {
    let zones = ["Locked", "Open"].map(|door| {
        let files =
            [("zones/keep.ron".to_owned(), keep(count, door)), ("npcs/hunter.ron".to_owned(), HUNTER.to_owned())];
        Arc::new(content_of(files))
    });
    let mut zones: Vec<Shard> = zones.iter().map(|content| zone_of(content, "keep", 1)).collect();
    let mut times = [Vec::new(), Vec::new()];
    for zone in &mut zones {
        join_at(zone, 0, "keep", "keep");
    }
    for step in 1..=WARM_UP + steps {
        for (zone, times) in zones.iter_mut().zip(&mut times) {
            unkillable(zone);
            let began = Instant::now();
            zone.step(&[]);
            if step > WARM_UP {
                times.push(began.elapsed());
            }
        }
    }
    let [closed, open] = times.map(|mut times: Vec<Duration>| {
        times.sort_unstable();
        times[(times.len() - 1) * 99 / 100].as_secs_f64() * 1_000.0
    });
    for zone in &mut zones {
        let world = zone.world_mut();
        let chasing = world.query::<&Brain>().iter(world).filter(|brain| brain.target.is_some()).count();
        println!("{chasing} of {count} chase at the end");
    }
    println!("RESULT name=npc_unreachable_p99_ms ours={closed:.3} peer={open:.3} ratio={:.2}", closed / open);
}

/// The one in the room outlasts the measurement.
fn unkillable(zone: &mut Shard) {
    let world = zone.world_mut();
    for (mut health, character) in world.query::<(&mut Health, Option<&Character>)>().iter_mut(world) {
        if character.is_some() {
            *health = Health { hp: 1_000_000_000, hp_max: 1_000_000_000 };
        }
    }
}

/// Hears everyone there is.
const HUNTER: &str = r#"(
    name: "Hunter", level: 1, radius_cm: 40, abilities: ["wolf_bite"], leash_cm: 200000,
    stats: (strength: 5, dexterity: 8, intellect: 1, vitality: 20, speed_cm_per_s: 400),
    senses: (sight_cm: 2000, view_deg: 220, hearing_cm: 10000),
    behaviour: "beast", faction: "hunters", xp: 5,
)"#;

/// A room with a door to the west in the middle of four yards full of hunters.
fn keep(hunters: u32, door: &str) -> String {
    let yard = |key: &str, x: u32, y: u32, width: u32, height: u32| {
        format!(
            "(key: \"{key}\", name: \"Yard\", description: \"Trampled.\", area: (x: {x}, y: {y}, width: {width}, height: {height})),\n"
        )
    };
    let spawner = |room: &str| format!("(npc: \"hunter\", count: {}, room: \"{room}\"),\n", hunters / 4);
    format!(
        "(name: \"Keep\", theme: \"field\", level: (1, 9), tick_hz: Some({TICK_HZ}), side_m: 96, rooms: [{}{}{}{}{}],
          ways: [
              (between: (\"west\", \"keep\"), words: (\"in\", \"out\"), width_cm: 400, door: (key: \"door\", name: \"a door\", starts: {door})),
              (between: (\"west\", \"north\"), words: (\"north\", \"west\"), width_cm: 3000),
              (between: (\"west\", \"south\"), words: (\"south\", \"west\"), width_cm: 3000),
              (between: (\"east\", \"north\"), words: (\"north\", \"east\"), width_cm: 3000),
              (between: (\"east\", \"south\"), words: (\"south\", \"east\"), width_cm: 3000),
          ],
          spawners: [{}{}{}{}], shrine: \"keep\", death: (respawn_ms: 3000, loses: Nothing))",
        yard("keep", 40, 40, 16, 16),
        yard("west", 8, 8, 32, 80),
        yard("east", 56, 8, 32, 80),
        yard("north", 40, 56, 16, 32),
        yard("south", 40, 8, 16, 32),
        spawner("west"),
        spawner("east"),
        spawner("north"),
        spawner("south"),
    )
}

fn idle(content: &Arc<Content>) {
    const ZONES: u32 = 50;
    let before = resident_kib();
    let mut zones: Vec<Shard> = (0..ZONES).map(|number| zone_of(content, "empty", number + 10)).collect();
    for zone in &mut zones {
        zone.step(&[]);
    }
    let memory = resident_kib() - before;
    let began = Instant::now();
    for _ in 0..TICK_HZ * 20 {
        for zone in &mut zones {
            zone.step(&[]);
        }
    }
    let percent = began.elapsed().as_secs_f64() / 20.0 * 100.0;
    println!(
        "{ZONES} empty zones: {:.2} MB each, {percent:.2} % of a core at {TICK_HZ} Hz",
        f64::from(memory as u32) / 1_024.0 / f64::from(ZONES)
    );
}

/// What a client is sent of the ground as it enters in the middle of the field: what lies within sight and 8 m more, in chunks,
/// beside all of it in one message.
fn ground(shard: &Shard) {
    let world = shard.world();
    let (brief, features) = (Zone::ground(world), Zone::features(world));
    let ground = Ground::cut(brief.side, &brief.obstacles, &features.doors, &features.rooms);
    let reach = Zone::view(world).expect("a zone is seen").sight + 8 * METRE;
    let middle = Position { x: brief.side / 2, y: brief.side / 2 };
    let near: Vec<ChunkInfo> = ground.near(middle, reach).filter_map(|at| ground.info(at)).collect();
    let match_id = MatchId(1);
    let bytes = |message: &ServerMessage| codec::encode(message).len();
    let chunks = near.iter().map(|ChunkInfo { at, .. }| {
        let body = ground.bytes(*at).expect("it is on the map").to_vec();
        bytes(&ServerMessage::Chunk { match_id, at: *at, body })
    });
    let (count, chunks) = (near.len(), chunks.sum::<usize>());
    let hashes = bytes(&ServerMessage::ChunksNear { match_id, chunk_side: ground.chunk_side(), chunks: near });
    let whole = codec::encode(&brief.obstacles).len();
    println!(
        "the ground of the field takes {whole} bytes in one message; who enters is sent {hashes} bytes of hashes, and \
         {chunks} in {count} chunks the first time"
    );
}

fn zone(content: &Arc<Content>, number: u32) -> Shard {
    zone_of(content, "field", number)
}

fn zone_of(content: &Arc<Content>, key: &str, number: u32) -> Shard {
    let config = ShardConfig { seed: Seed::numbered(number.into()), tick_hz: TICK_HZ, content: Arc::clone(content) };
    let setup = ZoneSetup { id: ShardId(number.into()), zone: key.to_owned() };
    build_shard::<Zone>(config, &setup).expect("the zone can be built")
}

fn join(shard: &mut Shard, seat: u32) {
    // Newcomers begin at the shrine: these come back from where they were, all over the field.
    join_at(shard, seat, "field", &format!("r{}_{}", seat * 3 % ROWS, seat / 5 % ROWS));
}

fn join_at(shard: &mut Shard, seat: u32, place: &str, room: &str) {
    let content = Arc::clone(&shard.world().resource::<hypogeum_shard::Rules>().content);
    let body = Zone::body_in(&content, room);
    let character = Some(CharacterSheet { id: CharacterId(u64::from(seat) + 1), place: place.to_owned(), body });
    let brings = LineupSeat {
        occupant: Occupant::Account(AccountId(u64::from(seat) + 1)),
        name: format!("Player{seat}"),
        level: 1,
        rating: 0,
        items: Vec::new(),
        character,
    };
    let seat = Seat(u16::try_from(seat).expect("few enough"));
    let body = CommandBody::Join { visit: MatchId(u64::from(seat.0) + 1), brings: Box::new(brings) };
    shard.step(&[Command { seat, body }]);
}

/// What everyone wants in a step: one in twenty types a line, and half of the others walk.
fn commands(players: u32, step: u32) -> Vec<Command> {
    let mut dice = Dice::new(Seed::numbered(3), step, NetId(1), Purpose::named("players"));
    let mut commands = Vec::new();
    for seat in 0..players {
        let seat = Seat(u16::try_from(seat).expect("few enough"));
        let roll = dice.bits();
        let body = if roll.is_multiple_of(20) {
            let words = LINES[(roll >> 8) as usize % LINES.len()].to_owned();
            CommandBody::Custom { seq: step, body: WorldCommand::Line { words }.encode().into() }
        } else if (u64::from(step / 20) + u64::from(seat.0)) % 2 == 0 {
            let walk = (u64::from(seat.0) * 7_919 + u64::from(step / 40) * 16_411) as u16;
            CommandBody::Input(Input { seq: step, walk, pace: 100, aim: walk, ability: 0 })
        } else {
            continue;
        };
        commands.push(Command { seat, body });
    }
    commands
}

fn content(npcs: u32) -> Arc<Content> {
    let zones = [("zones/field.ron".to_owned(), field(npcs)), ("zones/empty.ron".to_owned(), field(0))];
    Arc::new(content_of(zones))
}

/// What ships, with these files.
fn content_of(more: impl IntoIterator<Item = (String, String)>) -> Content {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let mut files: Vec<(String, String)> = more.into_iter().collect();
    for folder in
        ["abilities", "archetypes", "behaviours", "effects", "hazards", "items", "loot", "maps", "modes", "npcs"]
    {
        for file in std::fs::read_dir(assets.join(folder)).expect("the folder is there") {
            let file = file.expect("it can be listed").path();
            if file.extension().is_some_and(|ending| ending == "ron") {
                let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
                files.push((format!("{folder}/{name}"), std::fs::read_to_string(&file).expect("it can be read")));
            }
        }
    }
    Content::from_files(files).unwrap_or_else(|errors| panic!("the content is good: {errors:#?}"))
}

/// A field of rooms, each open to its neighbours.
fn field(npcs: u32) -> String {
    let key = |x: u32, y: u32| format!("r{x}_{y}");
    let mut text = format!(
        "(name: \"Field\", theme: \"field\", level: (1, 9), tick_hz: Some({TICK_HZ}), side_m: {},\nrooms: [",
        ROWS * ROOM_M + 20
    );
    for (x, y) in (0..ROWS).flat_map(|y| (0..ROWS).map(move |x| (x, y))) {
        let (left, low) = (10 + x * ROOM_M, 10 + y * ROOM_M);
        let _ = writeln!(
            text,
            "(key: \"{}\", name: \"Field\", description: \"Grass, and more grass.\", area: (x: {left}, y: {low}, width: {ROOM_M}, height: {ROOM_M})),",
            key(x, y)
        );
    }
    text += "], ways: [";
    for (x, y) in (0..ROWS).flat_map(|y| (0..ROWS).map(move |x| (x, y))) {
        if x + 1 < ROWS {
            let _ = writeln!(
                text,
                "(between: (\"{}\", \"{}\"), words: (\"east\", \"west\"), width_cm: 2800),",
                key(x, y),
                key(x + 1, y)
            );
        }
        if y + 1 < ROWS {
            let _ = writeln!(
                text,
                "(between: (\"{}\", \"{}\"), words: (\"north\", \"south\"), width_cm: 2800),",
                key(x, y),
                key(x, y + 1)
            );
        }
    }
    text += "], spawners: [";
    let spawners = if npcs == 0 { 0 } else { 120 };
    for number in 0..spawners {
        let npc = ["wolf", "raider", "rat"][number as usize % 3];
        let (x, y) = (number * 7 % ROWS, number * 5 / ROWS % ROWS);
        let count = npcs / spawners + u32::from(number < npcs % spawners);
        let _ = writeln!(text, "(npc: \"{npc}\", count: {count}, room: \"{}\", respawn_ms: 3000),", key(x, y));
    }
    text += "], shrine: \"r8_8\", death: (respawn_ms: 3000, loses: Nothing))";
    text
}

fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
