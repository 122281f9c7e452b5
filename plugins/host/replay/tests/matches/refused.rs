//! Logs of matches that cannot be had again here, each refused in a sentence.

use hypogeum_journal::{Header, Participant, Tail};
use hypogeum_protocol::{AccountId, ItemId};
use hypogeum_replay::{Replay, header, resume};
use hypogeum_shard::{Shard, StateHash};

use crate::recording::{CONTENT, Desk, PACK, genesis, setup};

/// What a replay says of a log whose header was changed.
fn refusal(change: impl FnOnce(&mut Header)) -> String {
    let mut desk = Desk::open();
    let mut changed = header(&genesis(1), &PACK, &setup(), desk.key.0, 0);
    change(&mut changed);
    // A match lies where its number says.
    changed.match_id = setup().match_id;
    desk.port.begin(changed);
    desk.port.hand_over();
    let (_data, path) = desk.finish();
    Replay::open(&path).map(|_| ()).expect_err("that cannot be replayed").to_string()
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
    assert_eq!(refusal(|header| header.mode = "chess".into()), "the content has no mode \"chess\"");
    let item = ItemId { origin: 1, serial: 0 };
    let refused = refusal(|header| header.participants[3].items.push((item, "excalibur".into())));
    assert_eq!(refused, "the content has no item \"excalibur\"");
}

#[test]
fn more_participants_than_the_mode_allows() {
    let refused = refusal(|header| {
        let one = header.participants[0].clone();
        header.participants.resize(41, one);
    });
    assert_eq!(refused, "the setup has 41 seats, and 40 are allowed");
}

#[test]
fn a_rate_no_server_has() {
    for tick_hz in [0, 9, 61, u32::MAX] {
        let refused = refusal(|header| header.tick_hz = tick_hz);
        assert_eq!(refused, format!("the shard has {tick_hz} steps a second, a server 10 to 60"));
    }
}

#[test]
fn a_snapshot_of_another_shard() {
    let mut desk = Desk::open();
    let recorder = desk.port.begin(header(&genesis(1), &PACK, &setup(), desk.key.0, 0));
    let mut other = Shard::new(genesis(1), |_| {});
    let hash = other.step(&[]);
    desk.port.tick(&recorder, 1, hash, &mut Vec::new());
    desk.port.snapshot(&recorder, 1, hash, other.snapshot());
    desk.port.hand_over();
    let (_data, path) = desk.finish();
    let tail = Tail::read(&path).expect("its form is right");
    let refused = resume(&tail).expect_err("that is no match").to_string();
    assert!(
        refused.starts_with("the snapshot of step 1: the snapshot holds \"net_ids\" where this shard has "),
        "{refused}"
    );
}

#[test]
fn a_snapshot_that_is_not_the_state_it_says() {
    let mut desk = Desk::open();
    let recorder = desk.port.begin(header(&genesis(1), &PACK, &setup(), desk.key.0, 0));
    let mut shard = hypogeum_arena::new_match(genesis(1), &setup());
    let hash = shard.step(&[]);
    desk.port.tick(&recorder, 1, hash, &mut Vec::new());
    desk.port.snapshot(&recorder, 1, StateHash(77), shard.snapshot());
    desk.port.hand_over();
    let (_data, path) = desk.finish();
    let tail = Tail::read(&path).expect("its form is right");
    let refused = resume(&tail).expect_err("it has another hash").to_string();
    assert_eq!(refused, format!("step 1 gives state {hash} where 000000000000004d was recorded"));
}

#[test]
fn any_numbers_in_a_header_make_a_match_or_are_refused() {
    let item = ItemId { origin: u64::MAX, serial: 0 };
    let all_items: Vec<_> = CONTENT.items.iter().flat_map(|(_, key, _)| vec![(item, key.to_owned()); 9]).collect();
    let participant = |number: u32| Participant {
        account: AccountId(1),
        name: "\u{202e}".repeat(9_000),
        level: [0, u32::MAX][number as usize % 2],
        rating: [i32::MIN, i32::MAX][number as usize % 2],
        autopilot: number.is_multiple_of(3),
        items: all_items.clone(),
    };
    let mut desk = Desk::open();
    let mut hostile = header(&genesis(u64::MAX), &PACK, &setup(), desk.key.0, u64::MAX);
    hostile.participants = (0..40).map(participant).collect();
    let recorder = desk.port.begin(hostile);
    for tick in 1..=200 {
        desk.port.tick(&recorder, tick, StateHash(0), &mut crate::recording::orders(5, tick));
    }
    desk.port.hand_over();
    let (_data, path) = desk.finish();
    let mut replay = Replay::open(&path).expect("strange, but a match");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!(replayed.divergence.as_ref().map(|found| found.tick), Some(1), "it was never played");
    assert_eq!(replayed.ticks, 200, "each step can be taken");
}
