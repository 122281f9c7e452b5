//! Machines: where their points go, what they do, and how good the best of them is.

use hypogeum_content::def::{OpponentDef, PointsRule};
use hypogeum_creature_messages::{BattleMove, CreatureStats, Side};
use hypogeum_creatures::{Battle, Fighter, allot, choose, grow};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed};
use proptest::prelude::*;

use crate::{CONTENT, classic, stats};

fn opponent(key: &str) -> &'static OpponentDef {
    &CONTENT.opponents[CONTENT.opponents.id(key).expect("it ships")]
}

/// The points of a level, for many creatures.
fn spread(key: &str) -> Vec<CreatureStats> {
    let rule = &opponent(key).points;
    (1..=500).map(|who| allot(rule, (Seed::numbered(3), NetId(who)), stats([10; 5]), (0, 6), 20)).collect()
}

#[test]
fn a_novice_spreads_its_points_an_adept_has_two_stats_or_three_and_a_veteran_a_plan() {
    for given in spread("novice") {
        assert_eq!(given.sum(), 6, "all are given");
    }
    let total: u64 = spread("novice").iter().map(|given| u64::from(given.luck)).sum();
    assert!((450..750).contains(&total), "each stat has its fifth of 3,000: luck has {total}");
    let counts: Vec<usize> =
        spread("adept").iter().map(|given| given.values().iter().filter(|value| **value > 0).count()).collect();
    assert!(counts.iter().all(|count| (1..=3).contains(count)), "no adept has more than three");
    assert!(counts.contains(&2) && counts.contains(&3), "some have two and some three");
    let veterans = spread("veteran");
    let is_planned = |given: &CreatureStats| {
        (given.strength, given.speed, given.luck) == (3, 1, 0) && given.defence + given.health == 2
    };
    assert!(veterans.iter().all(is_planned), "strength 3, defence or health 2, speed 1");
    let in_one = |given: &CreatureStats| given.defence == 2 || given.health == 2;
    assert!(veterans.iter().all(in_one), "what is drawn gets both");
    assert!(
        veterans.iter().any(|given| given.defence == 2) && veterans.iter().any(|given| given.health == 2),
        "either is drawn"
    );
}

proptest! {
    #[test]
    fn points_go_on_where_they_stopped_and_never_beyond_the_most(seed: u64, who: u32, level in 0_usize..3, parts in prop::collection::vec(0_u32..5, 1..8), values in [1_u32..=20, 1..=20, 1..=20, 1..=20, 1..=20]) {
        let rule = &opponent(["novice", "adept", "veteran"][level]).points;
        let (seed, who) = (Seed::numbered(seed), NetId(who));
        let (mut grown, mut spent) = (values, 0);
        for part in parts {
            let given = allot(rule, (seed, who), stats(grown), (spent, part), 20);
            let room: u32 = grown.iter().map(|value| 20 - value).sum();
            prop_assert_eq!(given.sum(), u64::from(part.min(room)), "all that there is room for");
            prop_assert_eq!(given, allot(rule, (seed, who), stats(grown), (spent, part), 20), "the same again");
            grown.iter_mut().zip(given.values()).for_each(|(value, more)| *value += more);
            spent += part;
            prop_assert!(grown.iter().all(|value| *value <= 20), "{grown:?}");
        }
        if let PointsRule::Order(_) = rule && values == [1; 5] {
            let whole = allot(rule, (seed, who), stats(values), (0, spent), 20);
            let sum: Vec<u32> = values.iter().zip(whole.values()).map(|(value, more)| value + more).collect();
            prop_assert_eq!(sum, grown.to_vec(), "in parts or at once");
        }
    }
}

/// How often each move comes in one situation.
fn drawn(key: &str, battle: &Battle) -> [u32; 3] {
    let mut counts = [0; 3];
    for seed in 0..20_000 {
        let what = choose((&CONTENT, classic()), opponent(key), (battle, Side::First), Seed::numbered(seed));
        counts[what as usize] += 1;
    }
    counts
}

fn battle(own: [u32; 2], other: [u32; 2], strength: u32) -> Battle {
    let fighter = |[hp, hp_max]: [u32; 2], strength| Fighter {
        hp,
        hp_max,
        ..Fighter::fresh(classic(), stats([10, 10, 10, strength, 10]))
    };
    Battle::new(Seed::numbered(1), [fighter(own, 10), fighter(other, strength)])
}

#[track_caller]
fn weighs(counts: [u32; 3], weights: [u32; 3], why: &str) {
    let (all, whole) = (counts.iter().sum::<u32>(), weights.iter().sum::<u32>());
    for (count, weight) in counts.into_iter().zip(weights) {
        let expected = all * weight / whole;
        assert!(count.abs_diff(expected) <= 400, "{why}: {counts:?} beside {weights:?}");
        assert!(weight > 0 || count == 0, "{why}: what has no weight never comes: {counts:?}");
    }
}

#[test]
fn moves_come_by_their_weights() {
    weighs(drawn("veteran", &battle([100, 100], [100, 100], 10)), [10, 0, 12], "the first turn");
    weighs(drawn("veteran", &battle([29, 100], [39, 100], 10)), [10, 15, 20], "both are hurt");
    weighs(drawn("veteran", &battle([49, 100], [100, 100], 16)), [10, 8, 12], "hurt, and the other is strong");
    weighs(drawn("veteran", &battle([50, 100], [40, 100], 16)), [10, 5, 12], "the other is strong");
    let mut later = battle([1_000, 1_000], [1_000, 1_000], 10);
    later.play(classic(), [BattleMove::Attack, BattleMove::Attack]).expect("both can");
    weighs(drawn("veteran", &later), [10, 0, 6], "later");
    later.play(classic(), [BattleMove::Special, BattleMove::Attack]).expect("both can");
    weighs(drawn("veteran", &later), [1, 0, 0], "with nothing left but blows");
}

/// Plays to the end, the first side as one level and the second as another. Returns whether the first has won.
fn wins(levels: [&str; 2], both: [CreatureStats; 2], number: u64) -> bool {
    let mut battle = Battle::new(Seed::numbered(number), both.map(|stats| Fighter::fresh(classic(), stats)));
    while battle.end().is_none() {
        let moves = Side::BOTH.map(|side| {
            choose(
                (&CONTENT, classic()),
                opponent(levels[side.index()]),
                (&battle, side),
                Seed::numbered(number ^ 0x5EED),
            )
        });
        battle.play(classic(), moves).expect("machines do what can be done");
    }
    battle.end().map(|(side, _)| side) == Some(Side::First)
}

#[test]
fn a_master_beats_a_veteran_in_six_of_ten_mirrored_battles() {
    let mut won = 0;
    for number in 0..500 {
        let mut dice = Dice::new(Seed::numbered(number), 0, NetId(0), Purpose::named("mirrored battles"));
        // Both have creatures of one type, and spend its points as they do.
        let base = stats([0; 5].map(|_| 8 + dice.below(5)));
        let of = |key: &str| {
            let given = allot(&opponent(key).points, (Seed::numbered(number), NetId(1)), base, (0, 6), 20);
            grow(classic(), base, given).expect("a machine gives no more than it may")
        };
        let (master, veteran) = (of("master"), of("veteran"));
        // Each battle twice, so that the first place favours nobody.
        won += u32::from(wins(["master", "veteran"], [master, veteran], number));
        won += u32::from(!wins(["veteran", "master"], [veteran, master], number));
    }
    assert!(won >= 600, "the master has won {won} of 1,000");
    println!("the master has won {won} of 1,000");
}
