//! Logs: what is written can be played again, and nothing else can.

use std::fs;
use std::path::Path;

use hypogeum_creature_messages::{BattleMove, CreatureStats, Side};
use hypogeum_creatures::{
    BATTLE_LOG_BYTES_MAX, BattleHead, BattleLogError, BattleRecord, BattleSide, replay_battle_log, write_battle_log,
};
use hypogeum_shard::Seed;
use proptest::prelude::*;

use crate::{classic, stats};

fn head(names: [&str; 2]) -> BattleHead {
    let side = |name: &str| BattleSide { kind: "emberfox".to_owned(), name: name.to_owned(), owner: "Ada".to_owned() };
    BattleHead { rules_key: "classic".to_owned(), rules: classic().to_line(), sides: names.map(side) }
}

/// A battle to its end, or until somebody goes.
fn played(seed: u64, both: [CreatureStats; 2], wishes: &[[u8; 2]], forfeit: Option<(usize, Side)>) -> BattleRecord {
    let mut record = BattleRecord::new(Seed::numbered(seed), both);
    let mut battle = record.beginning(classic());
    for (turn, wish) in wishes.iter().cycle().enumerate() {
        if let Some((after, side)) = forfeit
            && turn == after
        {
            record.forfeit = Some(side);
            break;
        }
        let wanted = Side::BOTH.map(|side| BattleMove::ALL[usize::from(wish[side.index()] % 3)]);
        let moves = Side::BOTH.map(|side| match battle.check(side, wanted[side.index()]) {
            Ok(()) => wanted[side.index()],
            Err(_) => BattleMove::Attack,
        });
        battle.play(classic(), moves).expect("both can be done");
        record.moves.push(moves);
        if battle.end().is_some() {
            break;
        }
    }
    record
}

fn values() -> impl Strategy<Value = CreatureStats> {
    [1_u32..=20, 1..=20, 1..=20, 1..=20, 1..=20].prop_map(stats)
}

proptest! {
    #[test]
    fn what_is_written_is_played_again(
        seed: u64, one in values(), other in values(), wishes in prop::collection::vec(any::<[u8; 2]>(), 1..20),
        name in "\\PC{1,24}", gone in prop::option::of((0_usize..4, any::<bool>())),
    ) {
        let gone = gone.map(|(after, first)| (after, if first { Side::First } else { Side::Second }));
        let record = played(seed, [one, other], &wishes, gone);
        let text = write_battle_log(&head([&name, "Rook"]), classic(), &record).expect("it was played");
        let again = replay_battle_log(&text).expect("it is true");
        prop_assert_eq!(&again.head.sides[0].name, &name);
        prop_assert_eq!(again.turns as usize, record.moves.len());
        prop_assert_eq!(again.stats, record.stats);
    }

    #[test]
    fn a_log_with_one_other_digit_is_not_true(seed: u64, place in any::<prop::sample::Index>(), digit in b'0'..=b'9') {
        let record = played(seed, [stats([10; 5]), stats([11, 10, 9, 12, 8])], &[[0, 0], [2, 1], [0, 2]], None);
        let text = write_battle_log(&head(["Cinder", "Rook"]), classic(), &record).expect("it was played");
        // A number of the rules or a stat may make no difference to this battle, and then it is one by other rules.
        let outcome = text.find("|fingerprint|").expect("it is held to its seed");
        let digits = text.bytes().enumerate().skip(outcome).filter(|(_, byte)| byte.is_ascii_digit());
        let digits: Vec<usize> = digits.map(|(at, _)| at).collect();
        let at = digits[place.index(digits.len())];
        let mut forged = text.clone().into_bytes();
        prop_assume!(forged[at] != digit);
        forged[at] = digit;
        let forged = String::from_utf8(forged).expect("digits are text");
        prop_assert!(replay_battle_log(&forged).is_err(), "{forged}");
    }

    #[test]
    fn any_text_is_refused_in_order(text in "(\\|(battle|rules|side|turn|win|seed|hit)(\\|[a-z0-9=. ]{0,12}){0,5}\n){0,12}|\\PC{0,200}") {
        let _ = replay_battle_log(&text);
    }
}

#[test]
fn a_battle_that_goes_on_says_nothing_of_its_seed() {
    let mut record = played(3, [stats([10; 5]); 2], &[[0, 0]], None);
    record.moves.truncate(2);
    let text = write_battle_log(&head(["Cinder", "Rook"]), classic(), &record).expect("it was played");
    assert!(
        !text.contains(&record.seed.to_string()) && text.contains("|fingerprint|"),
        "only what it will be held to: {text}"
    );
    assert_eq!(replay_battle_log(&text), Err(BattleLogError::Unfinished), "it cannot be played again yet");
}

#[test]
fn what_is_no_battle_is_refused_with_its_line() {
    let record = played(3, [stats([10; 5]); 2], &[[0, 0]], None);
    let text = write_battle_log(&head(["Cinder", "Rook"]), classic(), &record).expect("it was played");
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from:?} stands in {text}");
        replay_battle_log(&text.replacen(from, to, 1)).expect_err("it is another battle").to_string()
    };
    assert_eq!(changed("|battle|1", "|battle|2"), "line 1: this build reads battles of grammar 1");
    assert_eq!(changed("|turn|1|attack", "|turn|1|atack"), "line 6: expected |turn|number|move|move");
    assert_eq!(changed("|side|", "|sides|"), "line 3: expected |side|type|name|owner|five stats");
    assert_eq!(changed("luck=10", "luck=x"), "line 3: expected |side|type|name|owner|five stats");
    assert_eq!(changed("|fingerprint|", "|fingers|"), "line 5: expected a line of a battle");
    assert!(
        changed("stat_max:20", "stat_max:0").starts_with("line 2: battles/classic.ron:1:"),
        "rules are checked as content is"
    );
    let untrue = changed("|turn|1|attack|attack", "|turn|1|defend|attack");
    assert!(untrue.starts_with("line 7: the log says "), "what follows is not what stands there: {untrue}");
    let long = "|".repeat(BATTLE_LOG_BYTES_MAX + 1);
    assert_eq!(replay_battle_log(&long), Err(BattleLogError::Size(long.len())), "nobody reads that");
}

#[test]
fn the_battle_of_the_grammar_is_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("BATTLE_LOG.md");
    let text = fs::read_to_string(path).expect("the grammar is there");
    let example = text.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has an example");
    let again = replay_battle_log(example).expect("it is true");
    assert_eq!((again.head.sides[0].name.as_str(), again.turns > 0), ("Cinder", true));
}
