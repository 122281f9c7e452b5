//! Logs of matches that cannot be had again here, each refused in a sentence.

use hypogeum_journal::{Header, Replay, Tail, resume};
use hypogeum_protocol::{AccountId, ItemId, StashedItem, codec};
use hypogeum_shard::{LineupSeat, MatchLineup, Occupant, Shard, StateHash};

use crate::recording::{CONTENT, KINDS, MATCH, TestJournal, config, header, lineup, shard};

/// What a replay says of a log whose header was changed.
fn refusal(change: impl FnOnce(&mut Header)) -> String {
    let mut journal = TestJournal::open();
    let mut changed = header(1, &lineup(), journal.key.0);
    change(&mut changed);
    // A match lies where its number says.
    changed.shard_id = MATCH.into();
    journal.port.begin(changed);
    journal.port.hand_over();
    let (_data, path) = journal.finish();
    Replay::open(&KINDS, &path).map(|_| ()).expect_err("that cannot be replayed").to_string()
}

/// The same of a log whose match was made from something else.
fn refusal_of(change: impl FnOnce(&mut MatchLineup)) -> String {
    let mut lineup = lineup();
    change(&mut lineup);
    refusal(|header| header.setup = codec::encode(&lineup))
}

#[test]
fn kinds_and_setups_that_this_build_cannot_read() {
    let refused = refusal(|header| header.kind = "chess".into());
    assert_eq!(refused, "this build knows no kind of shard \"chess\"");
    let refused = refusal(|header| header.setup.truncate(20));
    assert_eq!(refused, "the setup of the shard cannot be read: the message ends inside a field");
}

#[test]
fn content_that_this_build_cannot_use() {
    let refused = refusal(|header| header.content = header.content.replacen("content 2", "content 9", 1));
    assert_eq!(refused, "this build knows no such format of content");
    let refused = refusal(|header| header.content = header.content.replacen("speed_cm_per_s", "sneed_cm_per_s", 1));
    assert!(refused.starts_with("this build cannot use the content: "), "it says why: {refused}");
    assert!(refused.contains("unknown field, found `sneed_cm_per_s`"), "and where: {refused}");
    let refused = refusal(|header| header.content.truncate(9_000));
    assert!(refused.starts_with("the content is damaged at byte "), "what is cut off is found: {refused}");
}

#[test]
fn what_this_content_lacks() {
    assert_eq!(refusal_of(|lineup| lineup.mode = "chess".into()), "the content has no mode \"chess\"");
    let item = ItemId { origin: 1, serial: 0 };
    let refused = refusal_of(|lineup| lineup.seats[3].items.push(StashedItem::new(item, "excalibur")));
    assert_eq!(refused, "the content has no item \"excalibur\"");
}

#[test]
fn more_participants_than_the_mode_allows() {
    let refused = refusal_of(|lineup| lineup.seats = vec![lineup.seats[0].clone(); 41]);
    assert_eq!(refused, "the setup has 41 seats, and 40 are allowed");
}

#[test]
fn a_rate_no_server_has() {
    for tick_hz in [0, 9, 61, u32::MAX] {
        let refused = refusal(|header| header.tick_hz = tick_hz);
        assert_eq!(refused, format!("the shard has {tick_hz} steps a second, its kind allows 10 to 60"));
    }
}

#[test]
fn a_snapshot_of_another_shard() {
    let mut journal = TestJournal::open();
    let recorder = journal.port.begin(header(1, &lineup(), journal.key.0));
    let mut other = Shard::new(config(1), |_| {});
    let hash = other.step(&[]);
    journal.port.tick(&recorder, 1, hash, &mut Vec::new());
    journal.port.snapshot(&recorder, 1, hash, other.snapshot());
    journal.port.hand_over();
    let (_data, path) = journal.finish();
    let tail = Tail::read(&path).expect("its form is right");
    let refused = resume(&KINDS, &tail).expect_err("that is no match").to_string();
    assert!(
        refused.starts_with("the snapshot of step 1: the snapshot holds \"net_ids\" where this shard has "),
        "{refused}"
    );
}

#[test]
fn a_snapshot_that_is_not_the_state_it_says() {
    let mut journal = TestJournal::open();
    let recorder = journal.port.begin(header(1, &lineup(), journal.key.0));
    let mut shard = shard(1);
    let hash = shard.step(&[]);
    journal.port.tick(&recorder, 1, hash, &mut Vec::new());
    journal.port.snapshot(&recorder, 1, StateHash(77), shard.snapshot());
    journal.port.hand_over();
    let (_data, path) = journal.finish();
    let tail = Tail::read(&path).expect("its form is right");
    let refused = resume(&KINDS, &tail).expect_err("it has another hash").to_string();
    assert_eq!(refused, format!("step 1 gives state {hash} where 000000000000004d was recorded"));
}

#[test]
fn any_numbers_in_a_header_make_a_match_or_are_refused() {
    let item = ItemId { origin: u64::MAX, serial: 0 };
    let all_items: Vec<_> = CONTENT.items.iter().flat_map(|(_, key, _)| vec![StashedItem::new(item, key); 9]).collect();
    let seat = |number: u32| LineupSeat {
        occupant: if number.is_multiple_of(3) { Occupant::Autopilot } else { Occupant::Account(AccountId(1)) },
        name: "\u{202e}".repeat(9_000),
        level: [0, u32::MAX][number as usize % 2],
        rating: [i32::MIN, i32::MAX][number as usize % 2],
        items: all_items.clone(),
        character: None,
    };
    let mut journal = TestJournal::open();
    let hostile = MatchLineup { seats: (0..40).map(seat).collect(), ..lineup() };
    let hostile = header(u64::MAX, &hostile, journal.key.0);
    let recorder = journal.port.begin(Header { began_unix_s: u64::MAX, ..hostile });
    for tick in 1..=200 {
        journal.port.tick(&recorder, tick, StateHash(0), &mut crate::recording::orders(5, tick));
    }
    journal.port.hand_over();
    let (_data, path) = journal.finish();
    let mut replay = Replay::open(&KINDS, &path).expect("strange, but a match");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!(replayed.divergence.as_ref().map(|found| found.tick), Some(1), "it was never played");
    assert_eq!(replayed.ticks, 200, "each step can be taken");
}
