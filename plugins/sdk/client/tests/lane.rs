//! The datagram lane over good links and bad ones: what the client shows becomes what the server has.

mod server;

use std::time::Duration;

use hypogeum_client::{Change, Client, MemoryPeer, MemoryWire, Steering};
use hypogeum_protocol::lane::{
    Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, Up, page_check, write_page,
};
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{
    ClientMessage, GameEvent, MatchId, NetId, Outcome, Record, RecordKind, ServerMessage, SettledReport, Snapshot,
    codec, limits,
};
use server::{Link, Viewer, World, begin_match, start_match};

const TICK: Duration = Duration::from_millis(33);

struct Play {
    client: Client<MemoryWire>,
    server: MemoryPeer,
    world: World,
    viewer: Viewer,
    down: Link,
    up: Link,
    now: u32,
    steers: bool,
    seen_up: Vec<Up>,
}

impl Play {
    fn new(seed: u64, things: usize, first_seq: u16) -> Self {
        let (wire, server) = MemoryWire::pair();
        start_match(&server, 1, 0);
        Self {
            client: Client::new(wire),
            server,
            world: World::new(seed, things),
            viewer: Viewer::new(first_seq),
            down: Link::new(seed + 1, (0, 0), (1, 0)),
            up: Link::new(seed + 2, (0, 0), (1, 0)),
            now: 0,
            steers: true,
            seen_up: Vec::new(),
        }
    }

    fn make_bad(&mut self, loss: u32) {
        (self.down.bad, self.down.delay) = ((loss, 5), (2, 4));
        (self.up.bad, self.up.delay) = ((loss, 5), (2, 4));
    }

    fn make_good(&mut self) {
        (self.down.bad, self.down.delay) = ((0, 0), (1, 0));
        (self.up.bad, self.up.delay) = ((0, 0), (1, 0));
    }

    /// One tick of everyone: the server first, then the client.
    fn tick(&mut self, still: bool) -> Vec<Change> {
        self.now += 1;
        self.world.step(still);
        for datagram in self.up.take(self.now) {
            let up = self.viewer.hear(&datagram);
            self.seen_up.push(up);
        }
        if self.viewer.ups > 0 {
            let datagram = self.viewer.write(&self.world, &[]);
            self.down.put(self.now, &datagram);
        }
        for datagram in self.down.take(self.now) {
            self.server.send_lane(&datagram);
        }
        let changes = self.client.poll(TICK);
        if self.steers {
            self.client.steer(Steering { walk: self.now as u16, pace: 100, ..Steering::default() });
        }
        self.client.flush();
        let mut datagram = Vec::new();
        while self.server.receive_lane(&mut datagram) {
            self.up.put(self.now, &datagram);
        }
        changes
    }

    fn walk(&mut self, dx: i32) {
        self.viewer.at.0 = (self.viewer.at.0 + dx).clamp(0, server::SIDE - 1);
    }

    fn shows_the_truth(&self) -> bool {
        let shown = self.client.view().snapshot.as_ref().map(|snapshot| snapshot.records.clone());
        shown == Some(self.world.shown(&self.viewer.interest()))
    }
}

#[test]
fn a_good_link_shows_the_truth_every_tick() {
    let mut play = Play::new(1, 900, 65_500);
    for tick in 0..200 {
        play.tick(false);
        play.walk(if tick < 100 { 400 } else { -400 });
    }
    for _ in 0..40 {
        play.tick(true);
    }
    assert!(play.client.is_on_lane(), "the server answered on the lane");
    assert!(play.shows_the_truth(), "what stands still is shown as it is");
    assert_eq!((play.client.divergences(), play.client.unreadable_count()), (0, 0), "nothing was wrong on the way");
    let records = &play.client.view().snapshot.as_ref().expect("a snapshot").records;
    assert!(records.len() > 20, "and there was something to see: {}", records.len());
}

#[test]
fn loss_reordering_and_repetition_end_in_the_truth() {
    for seed in 10..30 {
        let mut play = Play::new(seed, 700, (seed * 7_919) as u16);
        play.make_bad(if seed % 2 == 0 { 2 } else { 30 });
        play.viewer.bytes_max = if seed % 3 == 0 { 260 } else { 1_180 };
        for tick in 0..400 {
            play.tick(false);
            play.walk(if tick % 200 < 100 { 300 } else { -300 });
        }
        play.make_good();
        for _ in 0..60 {
            play.tick(true);
        }
        assert_eq!(play.client.divergences(), 0, "seed {seed}: no view was ever wrong");
        assert!(play.shows_the_truth(), "seed {seed}: the view is what the server has");
    }
}

#[test]
fn a_divergence_is_found_counted_and_repaired() {
    for seed in 40..50 {
        let mut play = Play::new(seed, 700, 9);
        play.make_bad(if seed % 2 == 0 { 0 } else { 20 });
        for round in 1..=3 {
            for _ in 0..50 {
                play.tick(false);
            }
            assert!(!play.seen_up.last().expect("ups flow").resync, "seed {seed}: nothing is wrong before");
            // On a link that loses, the bent datagram may be lost: bend until it has been noticed.
            let counted = play.client.divergences();
            while play.client.divergences() == counted {
                play.viewer.bend_next = true;
                play.tick(false);
            }
            play.viewer.bend_next = false;
            for _ in 0..100 {
                play.tick(false);
            }
            assert!(play.client.divergences() >= round, "seed {seed}: it is counted");
        }
        play.make_good();
        for _ in 0..60 {
            play.tick(true);
        }
        let found = play.client.divergences();
        assert!(found <= 12, "seed {seed}: {found} divergences, but only a few datagrams were wrong");
        assert!(play.viewer.resyncs >= 3, "seed {seed}: everything was asked for again");
        assert!(!play.seen_up.last().expect("ups flow").resync, "seed {seed}: and no longer is");
        assert!(play.shows_the_truth(), "seed {seed}: the view is what the server has");
    }
}

#[test]
fn a_resync_ends_where_there_is_nothing_to_see_as_well() {
    let mut play = Play::new(60, 300, 1);
    for _ in 0..20 {
        play.tick(false);
    }
    play.viewer.bend_next = true;
    while play.client.divergences() == 0 {
        play.tick(false);
    }
    let tick = play.world.tick;
    play.world = World::new(1, 0);
    play.world.tick = tick;
    for _ in 0..60 {
        play.tick(false);
    }
    assert!(!play.seen_up.last().expect("ups flow").resync, "an empty world is enough of an answer");
    assert!(play.shows_the_truth(), "nothing is shown");
}

#[test]
fn acks_flow_though_nobody_steers() {
    let mut play = Play::new(70, 100, 65_530);
    play.steers = false;
    for _ in 0..300 {
        play.tick(false);
    }
    let ups = play.viewer.ups;
    assert!((30..=50).contains(&ups), "an ack goes up every eighth datagram or so, not {ups} in 300");
    let last = play.seen_up.last().and_then(|up| up.ack).expect("it says what arrived");
    assert!(play.viewer.seq.wrapping_sub(last.newest) < 12, "the newest is told");
    assert_eq!(last.before, u32::MAX, "and all before it");
    assert!(play.seen_up.iter().all(|up| up.inputs().is_empty()), "there are no inputs");
}

#[test]
fn lost_datagrams_lose_no_input_as_long_as_eight_hold_them() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    let mut viewer = Viewer::new(0);
    let mut world = World::new(1, 0);
    server.send_lane(&viewer.write(&world, &[]));
    client.poll(TICK);
    let (mut applied, mut datagram) = (Vec::new(), Vec::new());
    assert!(server.receive_lane(&mut datagram), "the first datagram is acknowledged at once");
    for round in 1..=100_u32 {
        world.step(true);
        // Three ticks in one datagram; two of three datagrams are lost.
        for _ in 0..if round % 3 == 1 { 2 } else { 3 } {
            client.steer(Steering { walk: round as u16, pace: 100, ..Steering::default() });
        }
        client.flush();
        assert!(server.receive_lane(&mut datagram), "one datagram leaves with a flush");
        assert!(!server.receive_lane(&mut Vec::new()), "and no more than one");
        let up = Up::read(&datagram).expect("it reads");
        assert!(up.inputs().len() <= limits::LANE_INPUTS_MAX, "it holds {} inputs", up.inputs().len());
        if round % 3 == 0 {
            viewer.hear(&datagram);
            let newest = applied.last().copied().unwrap_or(0);
            applied.extend(up.inputs().iter().map(|input| input.seq).filter(|seq| *seq > newest));
            viewer.input_seq = applied.last().copied().unwrap_or(0);
        }
        server.send_lane(&viewer.write(&world, &[]));
        client.poll(TICK);
    }
    assert_eq!(applied, (1..=*applied.last().expect("some")).collect::<Vec<_>>(), "each input once, in order");
    assert!(server.receive().is_none(), "nothing went as a message");
}

#[test]
fn the_lane_is_offered_until_the_server_answers() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    let mut datagram = Vec::new();
    client.poll(TICK);
    client.flush();
    assert!(!server.receive_lane(&mut datagram), "nothing is offered before the welcome");
    start_match(&server, 1, 0);
    client.poll(TICK);
    let mut offers = 0;
    for _ in 0..30 {
        client.steer(Steering::default());
        client.flush();
        while server.receive_lane(&mut datagram) {
            offers += 1;
            assert_eq!(Up::read(&datagram).expect("it reads").ack, None, "nothing has arrived");
        }
        client.poll(TICK);
    }
    assert!((8..=12).contains(&offers), "ten times a second, not {offers} times");
    let inputs = std::iter::from_fn(|| server.receive()).filter(|(lane, _)| *lane == Lane::Unreliable).count();
    assert_eq!(inputs, 30, "until then inputs are messages");

    server.send(codec::encode(&ServerMessage::Snapshot(Snapshot { tick: 5, ..Snapshot::default() })));
    assert_eq!(client.poll(TICK), [Change::Saw], "and so are snapshots");
    let mut world = World::new(1, 0);
    world.tick = 6;
    let mut viewer = Viewer::new(0);
    server.send_lane(&viewer.write(&world, &[]));
    assert_eq!(client.poll(TICK), [Change::Saw], "the server answers");
    client.steer(Steering::default());
    client.flush();
    assert!(server.receive().is_none(), "inputs are no messages any more");
    assert!(server.receive_lane(&mut datagram), "they leave in a datagram");
    assert!(!Up::read(&datagram).expect("it reads").inputs().is_empty(), "which holds them");
    server.send(codec::encode(&ServerMessage::Snapshot(Snapshot { tick: 9, ..Snapshot::default() })));
    assert_eq!(client.poll(TICK), [Change::Outdated], "a snapshot sent before the switch says less");
}

#[test]
fn without_the_lane_everything_is_a_message() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire).without_lane();
    start_match(&server, 1, 0);
    server.send_lane(&Viewer::new(0).write(&World::new(1, 50), &[]));
    let changes = client.poll(TICK);
    assert!(!changes.contains(&Change::Saw), "datagrams of the lane mean nothing: {changes:?}");
    client.steer(Steering::default());
    client.flush();
    assert!(!server.receive_lane(&mut Vec::new()), "and none is sent");
    let (_, bytes) = server.receive().expect("a message");
    assert!(matches!(codec::decode_client(&bytes), Ok(ClientMessage::Inputs { .. })), "inputs go as ever");
}

#[test]
fn events_are_told_once_however_often_and_late_their_datagram_comes() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    client.poll(TICK);
    let (mut viewer, mut world) = (Viewer::new(0), World::new(1, 0));
    let event = |who| GameEvent::Extracted { who: NetId(who) };
    let first = viewer.write(&world, &[event(1)]);
    world.step(true);
    let second = viewer.write(&world, &[event(2)]);
    world.step(true);
    let third = viewer.write(&world, &[]);
    for datagram in [&third, &first, &first, &second, &third] {
        server.send_lane(datagram);
    }
    let expected = [
        Change::Saw,
        Change::Happened(vec![event(1)]),
        Change::Outdated,
        Change::Happened(vec![event(2)]),
        Change::Outdated,
    ];
    assert_eq!(client.poll(TICK), expected, "each once");
    assert_eq!(client.view().snapshot.as_ref().map(|seen| seen.tick), Some(2), "the newest stands");
    let recent: Vec<_> = client.view().recent.iter().copied().collect();
    assert_eq!(recent, [(0, event(1)), (1, event(2))], "with the ticks they happened at");
}

fn settle(server: &MemoryPeer, id: u64) {
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
    server.send(codec::encode(&ServerMessage::Settled { match_id: MatchId(id), report }));
}

#[test]
fn nothing_of_one_match_is_seen_in_the_next() {
    let mut play = Play::new(80, 600, 65_000);
    for _ in 0..100 {
        play.tick(false);
    }
    let late = play.viewer.write(&play.world, &[]);
    settle(&play.server, 1);
    play.tick(false);
    // The next one begins, and its numbers with it; its first datagrams overtake its announcement.
    play.world = World::new(81, 600);
    play.viewer = Viewer::new(0);
    play.viewer.ups = 1;
    play.down = Link::new(1, (0, 0), (1, 0));
    for _ in 0..5 {
        play.tick(false);
    }
    play.server.send_lane(&late);
    play.tick(false);
    begin_match(&play.server, 2, 0);
    for _ in 0..40 {
        play.tick(true);
    }
    assert!(play.shows_the_truth(), "only the new match is shown");
    assert_eq!(play.client.divergences(), 0, "and nothing seemed wrong");

    // A leftover that comes after the next announcement is found out by what follows.
    settle(&play.server, 2);
    play.tick(false);
    begin_match(&play.server, 3, 0);
    play.server.send_lane(&late);
    play.client.poll(TICK);
    play.world = World::new(82, 600);
    play.viewer = Viewer::new(0);
    play.down = Link::new(1, (0, 0), (1, 0));
    for _ in 0..150 {
        play.tick(false);
    }
    for _ in 0..10 {
        play.tick(true);
    }
    assert!(play.shows_the_truth(), "only the newest match is shown");
}

#[test]
fn a_resumed_client_shows_the_truth_again_and_numbers_on() {
    let mut play = Play::new(90, 600, 500);
    for _ in 0..60 {
        play.tick(false);
    }
    let steered = play.client.steer(Steering::default());
    let tick = play.client.view().snapshot.as_ref().expect("a snapshot").tick;
    play.server.close(hypogeum_client::Ending::TimedOut);
    assert!(matches!(play.client.poll(TICK)[..], [.., Change::Closed(_)]), "the connection ends");

    let (wire, server) = MemoryWire::pair();
    play.client.resume(wire);
    play.server = server;
    (play.viewer, play.down) = (Viewer::new(7), Link::new(5, (0, 0), (1, 0)));
    play.up = Link::new(6, (0, 0), (1, 0));
    assert!(!play.client.is_on_lane() && play.client.view().session.is_none(), "the new connection knows nothing yet");
    assert_eq!(play.client.view().snapshot.as_ref().map(|seen| seen.tick), Some(tick), "what was seen stays");
    assert_eq!(play.client.poll(TICK), [Change::Opened], "it is open");
    play.client.hello("again");
    play.client.flush();
    let (_, bytes) = play.server.receive().expect("a message");
    assert!(matches!(codec::decode_client(&bytes), Ok(ClientMessage::Hello { .. })), "hello comes first");
    start_match(&play.server, 1, 0);
    assert_eq!(play.client.poll(TICK)[0], Change::Welcomed, "the server welcomes it");
    assert!(play.client.view().current.is_some(), "the match goes on");
    assert_eq!(play.client.steer(Steering::default()), steered + 1, "inputs are numbered on");
    for _ in 0..60 {
        play.tick(true);
    }
    assert!(play.client.is_on_lane() && play.shows_the_truth(), "the view is what the server has");
    assert!(play.client.view().snapshot.as_ref().expect("a snapshot").tick > tick, "and goes on in time");
}

#[test]
fn areas_are_those_of_the_newest_datagram() {
    let mut play = Play::new(95, 200, 0);
    let area = |id, extent| Record { id: NetId(id), kind: RecordKind::Storm, extent, ..Record::of_nothing() };
    play.viewer.areas = vec![area(3, 500), area(9, 20)];
    for _ in 0..30 {
        play.tick(true);
    }
    let areas = |play: &Play| -> Vec<(u32, u16)> {
        let records = &play.client.view().snapshot.as_ref().expect("a snapshot").records;
        let areas = records.iter().filter(|record| record.kind == RecordKind::Storm);
        areas.map(|record| (record.id.0, record.extent)).collect()
    };
    assert_eq!(areas(&play), [(3, 500), (9, 20)], "both are there, though nothing else changes");
    play.viewer.areas = vec![area(3, 499)];
    play.tick(true);
    play.tick(true);
    assert_eq!(areas(&play), [(3, 499)], "one shrank, the other is gone");
}

/// A record to change fields of.
trait OfNothing {
    fn of_nothing() -> Self;
}

impl OfNothing for Record {
    fn of_nothing() -> Self {
        let kind = RecordKind::Player;
        Self { id: NetId(0), kind, template: 0, x: 0, y: 0, heading: 0, hp_band: 0, extent: 0 }
    }
}

#[test]
fn a_hostile_server_cannot_make_it_grow() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    client.poll(TICK);
    let facets: [Facet; PAGE_SLOTS] =
        std::array::from_fn(|slot| Facet { id: NetId(slot as u32 + 100), kind: RecordKind::Npc, template: 0 });
    let motions = [Motion(0); PAGE_SLOTS];
    let everywhere = CellBox { low: Cell { row: 0, column: 0 }, high: Cell { row: 255, column: 255 } };
    // Every page claims as many pages as can be, each a single thing, in ever other cells.
    for seq in 0..400_u16 {
        let head = DownHead { seq, tick: seq.into(), interest: everywhere, ..DownHead::default() };
        let mut out = Vec::new();
        let mut writer = DownWriter::begin(&mut out, &head, usize::MAX);
        let mut page = Vec::new();
        for number in 0..200 {
            let cell = Cell { row: (seq / 4) as u8, column: (seq % 4) as u8 };
            page.clear();
            write_page(&mut page, (cell, number), (u64::MAX, u64::MAX, u64::MAX), &facets, &motions);
            let check = page_check((cell, number), u64::MAX, &facets, &motions);
            assert!(writer.page(&page, check), "a test has no budget");
        }
        writer.finish();
        server.send_lane(&out);
        client.poll(TICK);
    }
    let records = client.view().snapshot.as_ref().map_or(0, |snapshot| snapshot.records.len());
    assert!(records <= hypogeum_client::PAGES_MAX * PAGE_SLOTS, "{records} records");
    assert_eq!(records, 64, "and no name is there twice");
}

#[test]
fn others_are_shown_on_their_way() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    let cell = Cell { row: 0, column: 0 };
    let mut facets = [Facet::default(); PAGE_SLOTS];
    facets[0] = Facet { id: NetId(5), kind: RecordKind::Npc, template: 1 };
    let datagram = |seq: u16, x: i32| {
        let low = Cell { row: 0, column: 0 };
        let interest = CellBox { low, high: low };
        let head = DownHead { seq, tick: u32::from(seq) * 6, interval_ticks: 6, interest, ..DownHead::default() };
        let motions = [Motion::new(cell, (x, 1_004), 10, 15); PAGE_SLOTS];
        let (mut page, mut out) = (Vec::new(), Vec::new());
        write_page(&mut page, (cell, 0), (1, 1, 1), &facets, &motions);
        let mut writer = DownWriter::begin(&mut out, &head, 1_180);
        assert!(writer.page(&page, page_check((cell, 0), 1, &facets, &motions)), "a page fits");
        writer.finish();
        out
    };
    server.send_lane(&datagram(1, 1_004));
    client.poll(TICK);
    server.send_lane(&datagram(2, 1_604));
    // Six ticks of 30 a second are 200 ms.
    client.poll(Duration::from_millis(200));
    let mut shown = Vec::new();
    let mut places = Vec::new();
    for ms in [0, 50, 50, 100, 300] {
        client.poll(Duration::from_millis(ms));
        client.interpolated(&mut shown);
        places.extend(shown.iter().map(|record| (record.id.0, record.x, record.heading)));
    }
    // Places are told in steps of nine subunits.
    let expected = [1_004, 1_154, 1_305, 1_607, 1_607].map(|x| (5, x, 10));
    assert_eq!(places, expected, "it walks from where it was to where it is told to be, and waits there");
}
