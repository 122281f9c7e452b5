//! What bots cost by themselves: a pool over memory wires, fed from a script with a hundred walkers around each bot, ten
//! snapshots a second on the datagram lane, and ten decisions.
//!
//! `cargo run --release -p hypogeum-loadbots --example crowd_cost [bots] [seconds]`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_client::{Client, MemoryPeer, MemoryWire};
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders};
use hypogeum_protocol::lane::{Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, page_check, write_page};
use hypogeum_protocol::limits::LANE_BYTES_MAX;
use hypogeum_protocol::{
    AccountId, Block, ExitInfo, MatchId, MatchPhase, ModeInfo, NetId, OwnState, PoiInfo, RecordKind, ServerMessage,
    SessionId, codec,
};

const METRE: i32 = 256;
const SIDE: i32 = 1_000 * METRE;
const TICK: Duration = Duration::from_nanos(33_333_333);
const WALKERS: usize = 50;

fn started(avatar: u32) -> ServerMessage {
    let spread = |index: i32, by: i32| (index * by % 980 + 10) * METRE;
    let block = |index| {
        let (x, y) = (spread(index, 373), spread(index, 211));
        Block { x_min: x, y_min: y, x_max: x + 6 * METRE, y_max: y + 6 * METRE }
    };
    let exit = |index| ExitInfo {
        x: spread(index, 617),
        y: spread(index, 401),
        radius: 6 * METRE,
        opens_tick: 3_600,
        closes_tick: 81_000,
        channel_ticks: 300,
    };
    let poi = |index| PoiInfo { kind: "camp".into(), x: spread(index, 149), y: spread(index, 733), radius: 12 * METRE };
    ServerMessage::MatchStarted {
        match_id: MatchId(1),
        mode: "throng".into(),
        tick_hz: 30,
        avatar: NetId(avatar),
        radius: 102,
        side: SIDE,
        obstacles: (0..120).map(block).collect(),
        pois: (0..56).map(poi).collect(),
        exits: (0..16).map(exit).collect(),
    }
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome {
        session: SessionId(1),
        account: AccountId(1),
        name: "bot".into(),
        protocol_version: 1,
        tick_hz: 30,
        content_hash: [0; 32],
        modes: vec![ModeInfo { name: "throng".into(), players: 10_000, duration_s: 2_700 }],
        current_match: None,
        locale: String::new(),
    }
}

/// One snapshot around a bot at this place: two pages of walkers.
fn snapshot(seq: u16, tick: u32, here: (i32, i32), out: &mut Vec<u8>) {
    let home = Cell::of(here.0, here.1);
    let cells = [home, Cell { row: home.row, column: home.column + 1 }];
    let own = OwnState { x: here.0, y: here.1, speed: 51, hp: 100, hp_max: 100, ..OwnState::default() };
    let interest = CellBox { low: cells[0], high: cells[1] };
    let head =
        DownHead { seq, tick, interval_ticks: 3, own: Some(own), alive: 10_000, interest, ..DownHead::default() };
    out.clear();
    let mut writer = DownWriter::begin(out, &head, LANE_BYTES_MAX);
    let (mut facets, mut motions) = ([Facet::default(); PAGE_SLOTS], [Motion(0); PAGE_SLOTS]);
    let present = (1_u64 << WALKERS) - 1;
    let mut page = Vec::new();
    for (number, cell) in cells.into_iter().enumerate() {
        for slot in 0..WALKERS {
            let id = NetId((20_000 + number * 64 + slot) as u32);
            facets[slot] = Facet { id, kind: RecordKind::Player, ..Facet::default() };
            let (x, y) = cell.corner();
            let along = (slot as i32 * 160 + tick as i32 * 7) % (32 * METRE);
            motions[slot] = Motion::new(cell, (x + along, y + slot as i32 * 150), slot as u8, 15);
        }
        page.clear();
        let came = if seq == 0 { present } else { 0 };
        write_page(&mut page, (cell, 0), (present, present, came), &facets, &motions);
        writer.page(&page, page_check((cell, 0), present, &facets, &motions));
    }
    writer.finish();
}

fn main() {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<usize>().ok());
    let (count, seconds) = (args.next().unwrap_or(10_000), args.next().unwrap_or(10));
    let behaviour = Arc::new(Behaviour::shipped("contender").expect("it ships").expect("it reads"));
    let mut pool = BotPool::deciding_every(3);
    let mut peers: Vec<(MemoryPeer, (i32, i32))> = Vec::new();
    for index in 0..count {
        let (wire, peer) = MemoryWire::pair();
        let client = Client::new(wire).without_prediction().without_interpolation();
        let orders = Orders { mode: "throng".into(), queue_again: false };
        let bot = Bot::new(format!("bot-{index}"), client, Arc::clone(&behaviour), orders, index as u64);
        pool.join(bot.looking_every(5));
        peer.send(codec::encode(&welcome()));
        peer.send(codec::encode(&started(index as u32 + 1)));
        peer.send(codec::encode(&ServerMessage::Phase { phase: MatchPhase::Live, tick: 1, ends_tick: 81_000 }));
        let place = |by: usize| (index * by % 900 + 40) as i32 * METRE;
        peers.push((peer, (place(7), place(13))));
    }
    pool.poll(TICK);
    let (mut hearing, mut deciding) = (Duration::ZERO, Duration::ZERO);
    let (mut datagram, mut heard) = (Vec::new(), Vec::new());
    let (mut inputs, mut input_bytes) = (0_u64, 0_u64);
    for tick in 0..seconds as u32 * 30 {
        // A third of them sees something each tick.
        for (peer, here) in peers.iter().skip(tick as usize % 3).step_by(3) {
            snapshot((tick / 3) as u16, tick + 2, *here, &mut datagram);
            peer.send_lane(&datagram);
        }
        let began = Instant::now();
        pool.poll(TICK);
        hearing += began.elapsed();
        let began = Instant::now();
        pool.tick();
        deciding += began.elapsed();
        for (peer, _) in &peers {
            while peer.receive_lane(&mut heard) {
                (inputs, input_bytes) = (inputs + 1, input_bytes + heard.len() as u64);
            }
            while peer.receive().is_some() {}
        }
    }
    let report = pool.report();
    assert!(report.snapshots >= (count * seconds * 9) as u64, "bots see what they are shown: {}", report.snapshots);
    assert!(inputs >= (count * seconds * 9) as u64, "and steer: {inputs} datagrams");
    assert_eq!(report.play.divergences, 0, "the script is sound");
    let each = |time: Duration, count: u64| time.as_secs_f64() * 1e6 / count.max(1) as f64;
    println!(
        "{count} bots, {seconds} s: {} snapshots, {inputs} datagrams of {} B",
        report.snapshots,
        input_bytes / inputs
    );
    println!("hear  {:.2} us a snapshot, polls of idle bots included", each(hearing, report.snapshots));
    println!("decide {:.2} us a decision", each(deciding, inputs));
    println!("cores {:.3}", (hearing + deciding).as_secs_f64() / seconds as f64);
}
