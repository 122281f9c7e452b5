//! Messages in, changes out.

use hypogeum_protocol::{ErrorCode, GameEvent, MatchId, NetId, Outcome, ServerMessage, SettledReport, Snapshot};

use super::*;

pub(super) fn started(id: u64) -> ServerMessage {
    ServerMessage::MatchStarted {
        match_id: MatchId(id),
        mode: "blitz".into(),
        tick_hz: 30,
        avatar: NetId(3),
        radius: 90,
        side: 25_600,
        obstacles: vec![],
        pois: vec![],
        exits: vec![],
    }
}

fn snapshot(tick: u32, alive: u16) -> ServerMessage {
    ServerMessage::Snapshot(Snapshot { tick, alive, ..Snapshot::default() })
}

#[test]
fn an_older_or_repeated_snapshot_changes_nothing() {
    let mut view = View::default();
    view.apply(started(1));
    assert_eq!(view.apply(snapshot(10, 5)), Change::Saw, "the first snapshot is taken");
    for tick in [10, 9, 0] {
        assert_eq!(view.apply(snapshot(tick, 9)), Change::Outdated, "tick {tick} is not newer than 10");
    }
    assert_eq!(view.snapshot.as_ref().map(|seen| (seen.tick, seen.alive)), Some((10, 5)), "tick 10 stands");
    assert_eq!(view.apply(snapshot(11, 4)), Change::Saw, "a newer one replaces it");
}

#[test]
fn a_new_match_forgets_the_last_one_and_a_resumed_one_does_not() {
    let mut view = View::default();
    view.apply(started(1));
    view.apply(snapshot(900, 5));
    view.apply(started(1));
    assert!(view.snapshot.is_some(), "the same match announced again goes on");
    view.apply(started(2));
    assert!(view.snapshot.is_none(), "ticks begin again with another match");
    assert_eq!(view.apply(snapshot(1, 5)), Change::Saw, "its first tick is news");
}

#[test]
fn a_settled_match_is_over_and_late_snapshots_of_it_are_ignored() {
    let mut view = View::default();
    view.apply(started(1));
    let report = SettledReport {
        outcome: Outcome::Died,
        kills: 1,
        damage_dealt: 40,
        xp_gained: 9,
        level: 1,
        items_secured: 0,
        currency_gained: 0,
        rating: 1_490,
    };
    let settled = ServerMessage::Settled { match_id: MatchId(1), report: report.clone() };
    assert_eq!(view.apply(settled), Change::Settled, "the settlement is news");
    assert_eq!(view.settled, Some((MatchId(1), report)), "the report is kept");
    assert_eq!(view.apply(snapshot(901, 5)), Change::Outdated, "no match, no snapshot");
}

#[test]
fn the_rest_of_a_match_is_seen_by_the_eyes_of_another_until_there_is_nobody() {
    let watching =
        |avatar: u32| ServerMessage::Watching { match_id: MatchId(1), avatar: NetId(avatar), name: "Grace".into() };
    let mut view = View::default();
    assert_eq!(view.apply(watching(4)), Change::Watching, "of no match that is shown");
    assert!(view.current.is_none(), "it changes nothing");
    view.apply(started(1));
    view.apply(watching(4));
    view.apply(snapshot(30, 5));
    view.apply(watching(7));
    let current = view.current.as_ref().expect("it goes on");
    assert_eq!((current.avatar, current.is_watched), (NetId(7), true), "the eyes pass on");
    assert_eq!(current.names.get(&NetId(7)).map(String::as_str), Some("Grace"), "and have a name");
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
    view.apply(ServerMessage::Settled { match_id: MatchId(1), report });
    assert!(view.current.is_some(), "a report that comes again ends nothing");
    view.apply(watching(0));
    assert!(view.current.is_none(), "nobody is left");
}

#[test]
fn a_match_the_server_could_not_go_on_with_is_gone() {
    let mut view = View::default();
    let error = |code, about| ServerMessage::Error { code, about, retry_after_ms: 1_000 };
    view.apply(started(1));
    view.apply(error(ErrorCode::Unavailable, 4));
    view.apply(error(ErrorCode::Malformed, Refusal::ABOUT_NOTHING));
    assert!(view.current.is_some(), "a refused act or a garbled message ends no match");
    view.apply(error(ErrorCode::Unavailable, Refusal::ABOUT_NOTHING));
    assert!(view.current.is_none(), "the match is undone");
}

#[test]
fn events_are_remembered_up_to_their_bound() {
    let mut view = View::default();
    for tick in 0..RECENT_EVENTS_MAX as u32 + 10 {
        view.apply(ServerMessage::Events { tick, events: vec![GameEvent::Extracted { who: NetId(1) }] });
    }
    assert_eq!(view.recent.len(), RECENT_EVENTS_MAX, "the oldest are forgotten");
    assert_eq!(view.recent.front().map(|(tick, _)| *tick), Some(10), "exactly the ten oldest");
}
