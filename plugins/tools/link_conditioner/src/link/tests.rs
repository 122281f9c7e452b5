use proptest::prelude::*;

use super::*;
use crate::conditions::PRESETS;

const SEED: u64 = 0x5EED;
const COUNT: u64 = 100_000;

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

/// Pushes numbered datagrams a millisecond apart, popping what is due meanwhile.
fn numbered(link: &mut Link, count: u64) -> Vec<(Duration, u64)> {
    let mut out = Vec::new();
    let mut take = |now: Duration, link: &mut Link| {
        while let Some(due) = link.next_due().filter(|due| *due <= now) {
            let arrived = link.pop_due(now).expect("what is due comes out");
            out.push((due, u64::from_le_bytes((&*arrived.bytes).try_into().expect("eight bytes went in"))));
        }
    };
    for number in 0..count {
        link.push(ms(number), 0, &number.to_le_bytes());
        take(ms(number), link);
    }
    take(Duration::from_secs(1_000_000), link);
    out
}

/// Whether a share of [`COUNT`] lies within five standard deviations of what was asked.
fn assert_share(what: &str, count: u64, percent: f64) {
    let (share, total) = (percent / 100.0, COUNT as f64);
    let bound = 5.0 * (total * share * (1.0 - share)).sqrt();
    let off = (count as f64 - total * share).abs();
    assert!(off <= bound, "{what}: {count} of {COUNT} is not {percent} %, seed {SEED:#x}");
}

#[test]
fn the_same_seed_gives_the_same_fates() {
    let all = conditions("100ms,15ms,2%,burst=5%x8,dup=3%,reorder=4%,corrupt=1%");
    let once = numbered(&mut Link::new(all, SEED), 5_000);
    assert_eq!(once, numbered(&mut Link::new(all, SEED), 5_000), "nothing but the seed decides");
    assert_ne!(once, numbered(&mut Link::new(all, SEED + 1), 5_000), "another seed decides otherwise");
    let (mut up, mut down) = Link::pair(all, SEED);
    assert_ne!(numbered(&mut up, 5_000), numbered(&mut down, 5_000), "the two directions have fates of their own");
}

#[test]
fn fates_depend_neither_on_time_nor_content_nor_neighbours() {
    let all = conditions("0ms,0ms,10%,burst=5%x4,dup=10%");
    let (mut quiet, mut busy) = (Link::new(all, SEED), Link::new(all, SEED));
    let alone: Vec<Pushed> = (0..1_000).map(|_| quiet.push(ms(0), 3, b"x")).collect();
    let among: Vec<Pushed> = (0..1_000_u64)
        .map(|number| {
            for other in 0..number % 3 {
                busy.push(ms(number), other as u32, b"other");
            }
            busy.push(ms(number), 3, &[0; 100])
        })
        .collect();
    assert_eq!(alone, among, "a client's fates are its own, no matter who talks meanwhile");
}

#[test]
fn changing_one_condition_leaves_the_others_fates_alone() {
    let lost = |text: &str| -> Vec<u64> {
        let mut link = Link::new(conditions(text), SEED);
        (0..2_000).filter(|_| link.push(ms(0), 0, b"x") == Pushed::Lost).collect()
    };
    assert_eq!(lost("0ms,0ms,5%"), lost("50ms,20ms,5%,dup=10%,reorder=10%,corrupt=5%"), "the same ones are lost");
    let (fewer, more) = (lost("0ms,0ms,5%"), lost("0ms,0ms,10%"));
    assert!(fewer.iter().all(|index| more.contains(index)), "who is lost at 5 % is lost at 10 %");
}

#[test]
fn without_faults_all_comes_out_at_once_and_in_order() {
    let mut link = Link::new(LinkConditions::PERFECT, SEED);
    let out = numbered(&mut link, 1_000);
    assert!(out.iter().enumerate().all(|(index, (at, number))| (index as u64, ms(*number)) == (*number, *at)));
    let expected = LinkCounters { pushed: 1_000, passed: 1_000, ..LinkCounters::default() };
    assert_eq!(link.counters(), expected, "and nothing else is counted");
}

#[test]
fn without_jitter_order_is_kept_and_every_datagram_takes_the_delay() {
    let mut link = Link::new(conditions("100ms,0ms,10%,dup=10%"), SEED);
    let out = numbered(&mut link, 10_000);
    assert!(out.is_sorted_by_key(|(_, number)| *number), "nothing overtakes anything");
    assert!(out.iter().all(|(at, number)| *at == ms(*number + 100)), "the delay is the same for all");
    assert_eq!(link.counters().reordered, 0, "nor is anything counted as reordered");
}

#[test]
fn jitter_spreads_evenly_around_the_delay() {
    let mut link = Link::new(conditions("100ms,15ms,0%"), SEED);
    let out = numbered(&mut link, COUNT);
    let delays: Vec<Duration> = out.iter().map(|(at, number)| *at - ms(*number)).collect();
    assert!(delays.iter().all(|delay| (ms(85)..=ms(115)).contains(delay)), "no delay is out of range");
    let early = delays.iter().filter(|delay| **delay < ms(100)).count() as u64;
    assert_share("less than the delay", early, 50.0);
    let edge = delays.iter().filter(|delay| **delay >= ms(112)).count() as u64;
    assert_share("in the last tenth", edge, 10.0);
    assert!(link.counters().reordered > 0, "a millisecond apart, 15 ms of jitter make neighbours overtake");
}

#[test]
fn losses_copies_and_damage_come_as_often_as_asked() {
    let mut link = Link::new(conditions("0ms,0ms,2%"), SEED);
    numbered(&mut link, COUNT);
    assert_share("lost", link.counters().lost, 2.0);

    let mut link = Link::new(conditions("0ms,dup=1%"), SEED);
    numbered(&mut link, COUNT);
    assert_share("duplicated", link.counters().duplicated, 1.0);

    let mut link = Link::new(conditions("0ms,corrupt=0.5%"), SEED);
    let out = numbered(&mut link, COUNT);
    assert_share("corrupted", link.counters().corrupted, 0.5);
    let damaged: Vec<u32> =
        (0..).zip(&out).map(|(sent, (_, got))| (sent ^ *got).count_ones()).filter(|bits| *bits > 0).collect();
    assert_eq!(damaged.len() as u64, link.counters().corrupted, "what is counted is what is damaged");
    assert!(damaged.iter().all(|bits| *bits == 1), "by one bit each");
}

#[test]
fn reordered_datagrams_are_overtaken_by_those_that_follow() {
    let mut link = Link::new(conditions("100ms,0ms,0%,reorder=4%x5ms"), SEED);
    let out = numbered(&mut link, COUNT);
    let late = out.iter().filter(|(at, number)| *at == ms(*number + 105)).count() as u64;
    assert_share("late", late, 4.0);
    assert!(out.iter().all(|(at, number)| [ms(100), ms(105)].contains(&(*at - ms(*number)))), "the rest is on time");
    assert_share("overtaken", link.counters().reordered, 4.0);
}

#[test]
fn bursts_take_their_share_in_runs_of_their_length() {
    let mut link = Link::new(conditions("0ms,burst=5%x8"), SEED);
    let fates: Vec<bool> = (0..COUNT * 10).map(|number| link.push(ms(number), 0, b"") == Pushed::Lost).collect();
    let lost = fates.iter().filter(|lost| **lost).count() as f64;
    let runs = fates.windows(2).filter(|pair| !pair[0] && pair[1]).count() as f64;
    // A run varies as much as it is long; some 6,000 of them leave 1.3 % of error each.
    assert!((7.5..8.5).contains(&(lost / runs)), "a run is {} long instead of 8, seed {SEED:#x}", lost / runs);
    let share = lost / fates.len() as f64;
    assert!((0.046..0.054).contains(&share), "{share} of all are lost instead of 0.05, seed {SEED:#x}");
}

#[test]
fn a_cut_takes_what_is_pushed_and_leaves_what_is_under_way() {
    let mut link = Link::new(conditions("100ms"), SEED);
    link.push(ms(0), 0, b"before");
    link.cut_until(ms(3_000));
    assert_eq!(link.push(ms(10), 0, b"during"), Pushed::Cut, "the link is cut");
    assert_eq!(link.push(ms(2_999), 0, b"during"), Pushed::Cut, "to the end");
    assert_eq!(link.push(ms(3_000), 0, b"after"), Pushed::Once, "and then it is back");
    let said: Vec<Vec<u8>> = drain(&mut link).into_iter().map(|(_, _, bytes)| bytes).collect();
    assert_eq!(said, [b"before".to_vec(), b"after".to_vec()], "what was under way arrives");
    assert_eq!(link.counters().cut, 2, "both are counted");
}

#[test]
fn a_full_link_loses_and_counts() {
    let limits = QueueLimits { datagrams_max: 3, bytes_max: 100 };
    let mut link = Link::with_limits(conditions("10ms,dup=100%"), SEED, limits);
    assert_eq!(link.push(ms(0), 0, &[0; 60]), Pushed::Once, "there is no room for 120 bytes, but for 60");
    assert_eq!(link.push(ms(0), 0, &[0; 41]), Pushed::Overflowed, "nor for 101");
    assert_eq!(link.push(ms(0), 0, &[0; 1]), Pushed::Twice, "but for two small ones");
    assert_eq!(link.push(ms(0), 0, &[]), Pushed::Overflowed, "a fourth is one too many");
    assert_eq!(link.counters().overflowed, 1 + 2 + 2, "each copy without room is counted");
    assert_eq!(drain(&mut link).len(), 3, "the others arrive");
    assert_eq!(link.push(ms(10), 0, &[0; 50]), Pushed::Twice, "and make room");
}

#[test]
fn a_key_out_of_range_is_refused() {
    let mut link = Link::new(LinkConditions::PERFECT, SEED);
    assert_eq!(link.push(ms(0), KEYS_MAX, b"x"), Pushed::Overflowed, "nothing is remembered of such a key");
    assert_eq!(link.push(ms(0), KEYS_MAX - 1, b"x"), Pushed::Once, "the last one is fine");
}

#[test]
fn conditions_change_for_what_comes_later() {
    let mut link = Link::new(conditions("100ms"), SEED);
    link.push(ms(0), 1, b"slow");
    link.set_conditions(conditions("1ms"));
    link.push(ms(0), 2, b"fast");
    let order: Vec<(Duration, u32)> = drain(&mut link).into_iter().map(|(at, key, _)| (at, key)).collect();
    assert_eq!(order, [(ms(1), 2), (ms(100), 1)], "each arrives as it was sent");
}

#[test]
fn in_the_steady_state_buffers_are_used_again() {
    let mut link = Link::new(conditions("20ms,5ms,2%,dup=1%"), SEED);
    let mut held = (0, 0);
    for number in 0..20_000_u64 {
        link.push(ms(number), 0, &[0; 600]);
        while link.pop_due(ms(number)).is_some() {}
        if number == 2_000 {
            held = (link.slots.len(), link.held_bytes);
        }
    }
    assert!(link.slots.len() <= held.0 + 4, "as many buffers as are ever under way at once, give or take a copy");
    assert!(link.held_bytes <= held.1 + 4 * 600, "and they do not grow");
}

proptest! {
    #[test]
    fn nothing_is_unaccounted_for_and_no_bound_is_crossed(
        preset in 0..PRESETS.len(),
        seed in any::<u64>(),
        steps in prop::collection::vec((0_u64..50, 0_u32..4, 0_usize..200, any::<bool>()), 1..200),
    ) {
        let worse = format!("{},dup=20%,reorder=10%,corrupt=10%,burst=10%x3", PRESETS[preset].0);
        let limits = QueueLimits { datagrams_max: 30, bytes_max: 2_000 };
        let mut link = Link::with_limits(conditions(&worse), seed, limits);
        let mut now = Duration::ZERO;
        let mut last = Duration::ZERO;
        for (wait, key, length, pop) in steps {
            now += ms(wait);
            link.push(now, key, &vec![0; length]);
            while pop && link.next_due().is_some_and(|due| due <= now) {
                let due = link.next_due().unwrap_or_default();
                prop_assert!(due >= last, "time runs forward");
                last = due;
                prop_assert!(link.pop_due(now).is_some(), "what is due comes out");
            }
            let LinkCounters { pushed, passed, lost, cut, duplicated, overflowed, .. } = link.counters();
            prop_assert_eq!(pushed + duplicated, passed + lost + cut + overflowed + link.under_way() as u64);
            prop_assert!(link.under_way() <= 30 && link.queued_bytes <= 2_000 && link.held_bytes <= 6_000);
            last = if pop { last } else { Duration::ZERO };
        }
    }
}

#[test]
fn a_stream_is_told_when_there_is_no_room() {
    let limits = QueueLimits { datagrams_max: 2, bytes_max: 10 };
    let mut link = Link { is_stream: true, ..Link::with_limits(conditions("10ms,0ms,0%"), SEED, limits) };
    assert!(link.has_room_for(2, 10) && !link.has_room_for(3, 3) && !link.has_room_for(1, 11), "as the limits say");
    link.push(ms(0), 0, b"123456");
    assert!(link.has_room_for(1, 4) && !link.has_room_for(1, 5), "what is under way takes room");
    assert!(link.pop_due(ms(10)).is_some() && link.has_room_for(2, 10), "until it has arrived");
}
