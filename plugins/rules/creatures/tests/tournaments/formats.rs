//! Whole tournaments, of each format.

use hypogeum_creature_messages::{BattleMove, PairingOutcome, Wants};
use hypogeum_creatures::{battle_log, replay_battle_log};
use hypogeum_shard::assert_ordered;

use crate::{TestTournament, setup};

#[test]
fn a_cup_of_machines_ends_with_a_champion_and_every_battle_can_be_played_again() {
    for size in [4, 8, 16, 32, 64] {
        let mut cup = TestTournament::new(u64::from(size), &setup("cup", 0, size, Some("veteran")));
        cup.run();
        let view = cup.view();
        assert!(view.is_over && view.battles.is_empty(), "machines wait for nobody");
        assert_eq!(view.pairings.len(), usize::from(size) - 1, "all but one lose once");
        let champion = view.champion.expect("somebody has won");
        let winner = &view.entrants[usize::from(champion)];
        assert_eq!((winner.rank, winner.number), (1, champion));
        let rounds = u32::from(size).ilog2();
        let begun: u64 = 50 + 6;
        // Types give and take, and what is beyond the most is lost: but each victory gave three points.
        let grown = winner.stats.sum() + u64::from(winner.points);
        assert!(
            grown >= begun - 5 + u64::from(rounds) * 3,
            "the champion has grown {rounds} times: {:?}",
            winner.stats
        );
        for pairing in &view.pairings {
            assert!(matches!(pairing.outcome, Some(PairingOutcome::Won(_))), "everything was fought: {pairing:?}");
            let log = battle_log(cup.shard.world(), pairing.number, 1).expect("it was fought");
            let again = replay_battle_log(&log).expect("it is true");
            let sides = pairing.sides.map(|side| view.entrants[usize::from(side.expect("known"))].name.clone());
            assert_eq!(again.head.sides.map(|side| side.name), sides, "it is theirs");
        }
        let names: std::collections::BTreeSet<_> = view.entrants.iter().map(|one| &one.name).collect();
        assert_eq!(names.len(), usize::from(size), "no two are called alike");
        assert_eq!(cup.shard.unregistered(), [""; 0], "everything is state");
    }
}

#[test]
fn every_shipped_tournament_is_played_to_its_end_by_people() {
    for (key, people, size, fill) in [
        ("cup", 2, 8, Some("adept")),
        ("cup", 4, 4, None),
        ("duel", 1, 2, Some("master")),
        ("open", 5, 5, None),
        ("open", 3, 8, Some("veteran")),
        ("league", 7, 7, None),
    ] {
        let mut one = TestTournament::new(11, &setup(key, people, size, fill));
        one.play(people as u8);
        let (view, result) = (one.view(), one.result());
        assert!(view.champion.is_some(), "{key} has a champion");
        assert_eq!(result.len() as u64, people, "{key}: every person's creature comes back");
        assert!(view.entrants.iter().all(|entrant| entrant.wants == Wants::Nothing), "{key}: nobody is waited for");
        let played: u32 = result.iter().map(|entrant| entrant.won + entrant.lost).sum();
        assert!(u64::from(played) >= people, "{key}: everyone has played");
        let champions = result.iter().filter(|entrant| entrant.is_champion).count();
        assert_eq!(champions, usize::from(u64::from(view.champion.unwrap_or(u8::MAX)) < people), "{key}");
    }
}

#[test]
fn it_is_the_same_again_and_goes_on_from_a_snapshot_anywhere() {
    let setup = setup("open", 3, 8, Some("veteran"));
    let (mut one, mut other) = (TestTournament::new(5, &setup), TestTournament::new(5, &setup));
    for _ in 0..500 {
        let snapshot = one.shard.snapshot();
        // A world that was never stepped becomes what the other one is.
        other = TestTournament { shard: TestTournament::new(5, &setup).shard, ..other };
        other.shard.restore(&snapshot).expect("it is one of these");
        (other.now_ms, other.seq) = (one.now_ms, one.seq);
        for it in [&mut one, &mut other] {
            it.wait(500);
            let _ = (0..3).any(|number| it.serve(number));
        }
        assert_eq!(one.shard.hash(), other.shard.hash(), "from a snapshot as without");
        assert_eq!(one.shard.hash(), one.shard.hash_from_nothing(), "no change went unnoticed");
        if one.view().is_over {
            return;
        }
    }
    panic!("it does not end");
}

#[test]
fn every_step_says_its_order() {
    assert_ordered(&mut TestTournament::new(1, &setup("cup", 2, 4, Some("novice"))).shard);
}

#[test]
fn a_battle_under_way_has_a_log_without_its_seed() {
    let mut duel = TestTournament::new(3, &setup("duel", 1, 2, Some("novice")));
    duel.run();
    let command = duel.next_move(0, BattleMove::Attack).expect("it fights");
    assert_eq!(duel.tell(0, command), Ok(()));
    let log = battle_log(duel.shard.world(), 0, 1).expect("it is fought");
    assert!(log.contains("|turn|1|attack|") && !log.contains("|seed|"), "{log}");
}
