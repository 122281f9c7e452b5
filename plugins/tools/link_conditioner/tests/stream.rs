//! Links that carry streams, as TCP does: late instead of lost.

use std::time::Duration;

use hypogeum_link_conditioner::{Link, LinkConditions};

const SEED: u64 = 0x5EED;

fn conditions(text: &str) -> LinkConditions {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Everything that comes out until nothing is under way, with the time it was due.
fn drain(link: &mut Link) -> Vec<(Duration, u32, Vec<u8>)> {
    let mut out = Vec::new();
    while let Some(due) = link.next_due() {
        let arrived = link.pop_due(due).expect("what is due comes out");
        out.push((due, arrived.key, arrived.bytes.to_vec()));
    }
    out
}

#[test]
fn a_stream_arrives_whole_and_in_order_however_bad_its_link_is() {
    let bad = conditions("100ms,50ms,5%,burst=5%x8,dup=3%,reorder=4%,corrupt=1%");
    let mut link = Link::stream(bad, SEED);
    for number in 0..5_000_u64 {
        link.push(ms(number), (number % 2) as u32, &number.to_le_bytes());
    }
    let mut next = [0, 1];
    let mut times = [Duration::ZERO; 2];
    for (due, key, bytes) in drain(&mut link) {
        let (number, key) = (u64::from_le_bytes(bytes.try_into().expect("eight bytes went in")), key as usize);
        assert_eq!(number, next[key], "none is missing, doubled or overtaken");
        assert!(due >= times[key] && due >= ms(number + 50), "none comes before its time");
        (next[key], times[key]) = (number + 2, due);
    }
    assert_eq!(next, [5_000, 5_001], "all of it came");
    let counters = link.counters();
    assert_eq!((counters.pushed, counters.passed), (5_000, 5_000), "and is counted once");
    assert!(counters.lost > 250 && counters.corrupted > 10, "some were sent again: {counters:?}");
}

#[test]
fn what_a_stream_would_lose_holds_up_what_follows() {
    let mut clear = Link::stream(conditions("10ms,0ms,0%"), SEED);
    clear.push(ms(0), 0, b"a");
    assert_eq!(clear.next_due(), Some(ms(10)), "it takes as long as a datagram");
    clear.cut_until(ms(500));
    clear.push(ms(20), 0, b"b");
    assert_eq!(drain(&mut clear).last(), Some(&(ms(510), 0, b"b".to_vec())), "a cut holds it");

    let mut lossy = Link::stream(conditions("10ms,0ms,100%"), SEED);
    lossy.push(ms(0), 0, b"a");
    lossy.push(ms(1), 0, b"b");
    lossy.push(ms(2), 1, b"c");
    let arrived = drain(&mut lossy);
    assert_eq!(arrived.len(), 3, "even where nothing passes it is not for ever: {arrived:?}");
    assert!(arrived[0].0 > Duration::from_secs(20), "but for long: {arrived:?}");
    assert_eq!(lossy.counters().lost, 21, "seven tries each");
}
