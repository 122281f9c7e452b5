//! Datagrams of a server, and what this client makes of each and answers: the JavaScript SDK has to make the same of them.

use hypogeum_protocol::{ErrorCode, GameEvent, NetId, Record, RecordKind};
use serde_json::Value;

use super::play::Play;
use super::vectors;

/// One event of each kind, and those with fields that are written in more than one way.
fn events() -> Vec<GameEvent> {
    let (one, other) = (NetId(70_000), NetId(3));
    vec![
        GameEvent::Damaged { source: one, target: other, amount: 251, critical: true },
        GameEvent::Dodged { source: NetId::NONE, target: other },
        GameEvent::Died { who: one, by: other },
        GameEvent::EffectBegan { who: one, effect: 300 },
        GameEvent::EffectEnded { who: one, effect: 2 },
        GameEvent::ExtractionBegan { who: one, ticks: 90 },
        GameEvent::ExtractionBroken { who: other },
        GameEvent::Extracted { who: other },
        GameEvent::ExitChanged { exit: 255, open: true },
        GameEvent::Refused { seq: 9, code: ErrorCode::VersionMismatch { min: 7, max: 300 } },
        GameEvent::Refused { seq: 10, code: ErrorCode::Conflict },
        GameEvent::Healed { source: other, target: one, amount: 65_536 },
        GameEvent::Dispelled { source: other, target: one, effect: 7 },
        GameEvent::Changed { item: one, version: 258, count: 3 },
        GameEvent::CastBegan { who: one, ability: 300, ticks: 6 },
        GameEvent::Swung { who: other, ability: 1, heading: 255 },
    ]
}

fn area(id: u32, kind: RecordKind, extent: u16) -> Record {
    Record { id: NetId(id), kind, template: 300, x: -70, y: 70_000, heading: 0, hp_band: 0, extent }
}

/// A match that is about to begin, with areas and events.
fn a_good_link() -> Vec<Value> {
    let mut play = Play::new(1, 500, 65_500);
    play.viewer.areas = vec![area(9, RecordKind::Storm, 500), area(3, RecordKind::Hazard, 20)];
    play.welcome(1);
    play.begin(1, 20);
    play.step(0, None, Some(&[]));
    for tick in 0..52 {
        let told = if tick % 7 == 0 { events() } else { Vec::new() };
        play.tick(false, &told);
        if tick == 40 {
            play.viewer.areas.pop();
            play.is_alive = false;
        }
        if tick == 50 {
            play.is_alive = true;
        }
    }
    play.steps
}

/// Datagrams that are lost, late, doubled and too small for all there is to say.
fn a_bad_link() -> Vec<Value> {
    let mut play = Play::new(2, 600, 40);
    play.welcome(1);
    play.begin(1, 0);
    play.step(0, None, Some(&[]));
    for tick in 0..44 {
        if tick == 4 {
            (play.down.bad, play.down.delay) = ((20, 8), (1, 4));
            (play.up.bad, play.up.delay) = ((30, 8), (1, 4));
        }
        let told = if tick % 9 == 0 { events()[tick % 13..=tick % 13].to_vec() } else { Vec::new() };
        // What happens finds room.
        play.viewer.bytes_max = if told.is_empty() { 320 } else { 1_180 };
        play.tick(false, &told);
    }
    play.steps
}

/// A server that is wrong now and then, on a link that loses some.
fn a_server_with_a_defect() -> Vec<Value> {
    let mut play = Play::new(3, 400, 7);
    (play.interval, play.viewer.interval_ticks, play.steers) = (2, 2, 3);
    play.welcome(1);
    play.begin(1, 0);
    play.step(0, None, Some(&[]));
    for tick in 0..70 {
        if tick == 4 {
            (play.down.bad, play.down.delay) = ((10, 0), (1, 3));
        }
        play.viewer.bend_next |= tick % 40 == 20;
        play.tick(false, &[]);
    }
    assert!(play.viewer.resyncs > 0, "everything was asked for again");
    play.steps
}

/// Nobody steers: what arrives is acknowledged all the same.
fn an_onlooker() -> Vec<Value> {
    let mut play = Play::new(4, 60, 9);
    play.steers = 0;
    play.welcome(1);
    play.begin(1, 0);
    play.step(0, None, Some(&[]));
    for tick in 0..40 {
        (play.interval, play.viewer.interval_ticks) = if tick < 20 { (1, 1) } else { (3, 3) };
        play.tick(false, &[]);
    }
    play.steps
}

/// One match after another, a leftover of the first, and a connection that breaks.
fn matches_and_connections() -> Vec<Value> {
    let mut play = Play::new(5, 200, 65_000);
    play.welcome(1);
    play.begin(1, 0);
    play.step(0, None, Some(&[]));
    for _ in 0..20 {
        play.tick(false, &[]);
    }
    let late = play.viewer.write(&play.world, &[]);
    play.settle(1);
    play.tick(false, &[]);
    // The next one's first datagrams overtake its announcement, and a leftover comes after it.
    play.change_world(6, 200, 0);
    for _ in 0..3 {
        play.tick(false, &[]);
    }
    play.begin(2, 0);
    play.step(0, Some(&late), None);
    for _ in 0..80 {
        play.tick(false, &[]);
    }
    play.cut();
    play.viewer.ups = 0;
    play.welcome(2);
    play.begin(2, 0);
    play.step(5, None, Some(&[]));
    for _ in 0..15 {
        play.tick(true, &[]);
    }
    play.steps
}

#[test]
fn datagrams_are_those_that_the_javascript_sdk_is_held_to() {
    let plays = [
        ("a good link", a_good_link()),
        ("a bad link", a_bad_link()),
        ("a server with a defect", a_server_with_a_defect()),
        ("an onlooker", an_onlooker()),
        ("matches and connections", matches_and_connections()),
    ];
    let told = |name: &str, steps: &[Value]| {
        let lines: Vec<String> = steps.iter().map(Value::to_string).collect();
        format!("{{\"name\":\"{name}\",\"steps\":[\n{}\n]}}", lines.join(",\n"))
    };
    let plays: Vec<String> = plays.iter().map(|(name, steps)| told(name, steps)).collect();
    let text = format!("{{\"plays\":[\n{}\n]}}\n", plays.join(",\n"));
    for taken in ["newest", "late", "outdated"] {
        assert!(text.contains(&format!("\"taken\":\"{taken}\"")), "some are {taken}");
    }
    vectors::check("lane.json", &text);
}
