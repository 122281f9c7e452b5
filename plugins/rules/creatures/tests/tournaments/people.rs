//! People: their moves and points, and what becomes of those who are late or gone.

use hypogeum_creature_messages::{
    BattleMove, CreatureStats, PairingOutcome, TournamentCommand as Say, TournamentRefusal as No, Wants,
};

use hypogeum_creatures::battle_log;
use hypogeum_protocol::Seat;
use hypogeum_shard::{Command, CommandBody};

use crate::{TestTournament, setup};

fn strength(points: u32) -> CreatureStats {
    CreatureStats { strength: points, ..CreatureStats::default() }
}

#[test]
fn moves_out_of_turn_twice_in_anothers_battle_or_used_up_are_refused() {
    let mut duel = TestTournament::new(1, &setup("duel", 2, 2, None));
    let say = |turn, what| Say::Move { pairing: 0, game: 1, turn, what };
    assert_eq!(duel.tell(0, say(1, BattleMove::Attack)), Err(No::NotInBattle), "before it has begun");
    duel.run();
    assert_eq!(duel.tell(0, say(2, BattleMove::Attack)), Err(No::OtherTurn { turn: 1 }));
    assert_eq!(
        duel.tell(0, Say::Move { pairing: 1, game: 1, turn: 1, what: BattleMove::Attack }),
        Err(No::NotInBattle)
    );
    assert_eq!(
        duel.tell(0, Say::Move { pairing: 0, game: 2, turn: 1, what: BattleMove::Attack }),
        Err(No::NotInBattle)
    );
    assert_eq!(duel.tell(7, say(1, BattleMove::Attack)), Err(No::NoSuchEntrant));
    assert_eq!(duel.tell(0, say(1, BattleMove::Special)), Ok(()));
    assert_eq!(duel.tell(0, say(1, BattleMove::Attack)), Err(No::AlreadyChosen));
    assert_eq!(duel.view().battles[0].fighters.each_ref().map(|one| one.has_chosen), [true, false], "but not what");
    assert_eq!(duel.tell(1, say(1, BattleMove::Defend)), Ok(()));
    assert_eq!(duel.view().battles[0].turn, 2, "both have chosen: the turn is over");
    assert_eq!(duel.tell(0, say(2, BattleMove::Special)), Err(No::UsedUp));
    assert_eq!(duel.tell(1, say(2, BattleMove::Defend)), Err(No::UsedUp));
    assert_eq!(duel.tell(0, Say::Allocate { points: strength(1) }), Err(No::InBattle));
    assert_eq!(duel.tell(0, Say::Ready), Err(No::NotAsked));
}

#[test]
fn whoever_wins_grows_and_keeps_what_it_does_not_give() {
    let mut cup = TestTournament::new(4, &setup("cup", 1, 4, Some("novice")));
    // Strong enough that it wins.
    let mut strong = setup("cup", 1, 4, Some("novice"));
    strong.entrants[0].stats = CreatureStats::of_values([20, 20, 20, 17, 20]);
    cup = TestTournament { shard: TestTournament::new(4, &strong).shard, ..cup };
    cup.run();
    while matches!(cup.entrant(0).wants, Wants::Move { .. }) {
        cup.serve(0);
    }
    assert_eq!((cup.entrant(0).wants, cup.entrant(0).points), (Wants::Points { until_unix_ms: None }, 3));
    assert_eq!(cup.tell(0, Say::Allocate { points: strength(4) }), Err(No::TooManyPoints { left: 3 }));
    let luck = CreatureStats { luck: 1, ..CreatureStats::default() };
    assert_eq!(cup.tell(0, Say::Allocate { points: luck }), Err(No::TooHigh { most: 20 }));
    assert_eq!(cup.entrant(0).stats.strength, 17, "nothing has changed");
    assert_eq!(cup.tell(0, Say::Allocate { points: strength(2) }), Ok(()));
    assert_eq!((cup.entrant(0).stats.strength, cup.entrant(0).points), (19, 1), "a point is kept");
    let battle = cup.view().battles[0].clone();
    assert_eq!(
        battle.fighters.map(|one| (one.hp == one.hp_max, one.defends_left, one.specials_left)),
        [(true, 1, 1); 2],
        "healed"
    );
    cup.play(1);
    assert_eq!(cup.result()[0].points, 4, "the last victory gives three as well, and nothing is lost");
}

#[test]
fn points_are_given_once_by_their_key() {
    let mut rich = setup("duel", 2, 2, None);
    rich.entrants[0].points = 5;
    let mut duel = TestTournament::new(1, &rich);
    let once = |key| Say::AllocateOnce { points: strength(1), key };
    let command = |key: u64| {
        let body = CommandBody::Custom { seq: 1, body: once(key).encode().into() };
        Command { seat: Seat(0), body }
    };
    let grown = |duel: &TestTournament| (duel.entrant(0).stats.strength, duel.entrant(0).points);
    duel.shard.step(&[command(7), command(7), command(8)]);
    assert_eq!(grown(&duel), (14, 3), "two keys, two points");
    duel.run();
    assert_eq!(duel.tell(0, once(7)), Ok(()), "asked again it is as it was, though the creature fights now");
    assert_eq!(duel.tell(0, once(9)), Err(No::InBattle), "what is new is refused");
    assert_eq!(grown(&duel), (14, 3), "and nothing has changed");
}

#[test]
fn the_clock_takes_from_the_bank_and_then_a_machine_moves() {
    // 20 seconds a turn, 120 in the bank, and a machine plays on.
    let mut open = TestTournament::new(1, &setup("open", 3, 3, None));
    open.run();
    let called: Vec<u8> = (0..3).filter(|number| matches!(open.entrant(*number).wants, Wants::Ready { .. })).collect();
    assert_eq!(called, [1, 2], "the best has a bye");
    called.iter().for_each(|number| assert_eq!(open.tell(*number, Say::Ready), Ok(())));
    assert_eq!(open.tell(1, Say::Ready), Err(No::NotAsked), "it fights");
    let until = |open: &TestTournament, number| match open.entrant(number).wants {
        Wants::Move { until_unix_ms } => until_unix_ms.expect("there is a clock") - open.now_ms,
        other => panic!("it fights: {other:?}"),
    };
    assert_eq!((until(&open, 1), until(&open, 2)), (140_000, 140_000));
    open.wait(50_000);
    let command = open.next_move(1, BattleMove::Attack).expect("it fights");
    assert_eq!(open.tell(1, command), Ok(()));
    open.wait(89_999);
    assert_eq!(open.view().battles[0].turn, 1, "the other has a millisecond left");
    open.wait(1);
    assert_eq!(open.view().battles[0].turn, 2, "and then a machine moves for it");
    assert_eq!((until(&open, 1), until(&open, 2)), (110_000, 20_000), "30 s and 120 s are used up");
}

#[test]
fn time_in_which_the_server_was_away_counts_against_nobody() {
    let mut open = TestTournament::new(1, &setup("open", 3, 3, None));
    open.run();
    [1, 2].iter().for_each(|number| assert_eq!(open.tell(*number, Say::Ready), Ok(())));
    open.wait(50_000);
    let left = |open: &TestTournament| match open.entrant(1).wants {
        Wants::Move { until_unix_ms } => until_unix_ms.expect("there is a clock") - open.now_ms,
        other => panic!("it fights: {other:?}"),
    };
    assert_eq!(left(&open), 90_000);
    open.resume_after(3_600_000);
    assert_eq!((left(&open), open.view().battles[0].turn), (90_000, 1), "an hour later it has as much time as before");
    open.wait(90_000);
    assert_eq!(open.view().battles[0].turn, 2, "and no more");
}

#[test]
fn who_does_not_come_loses_and_if_nobody_comes_the_better_seed_goes_on() {
    let mut open = TestTournament::new(2, &setup("open", 4, 4, None));
    open.run();
    assert!((0..4).all(|number| matches!(open.entrant(number).wants, Wants::Ready { .. })), "everyone is called");
    assert_eq!(open.tell(0, Say::Ready), Ok(()));
    open.wait(60_000);
    let view = open.view();
    assert_eq!(view.pairings[0].outcome, Some(PairingOutcome::Forfeited(0)), "0 was there, and 3 was not");
    assert_eq!(view.pairings[1].outcome, Some(PairingOutcome::BothGone(Some(1))), "of 1 and 2 the better goes on");
    assert!(view.battles.is_empty() && !view.is_over, "and so it goes on: {view:?}");
    // Nobody ever comes again: it ends all the same.
    for _ in 0..100 {
        open.wait(60_000);
    }
    assert!(open.view().is_over, "the absent do not keep it open: {:?}", open.view());
    assert_eq!(open.view().champion, Some(0));
}

#[test]
fn who_has_no_time_left_loses_the_battle_and_if_nobody_has_the_better_seed_goes_on() {
    let strict = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../assets/tournaments/open.ron"))
        .expect("it ships");
    let strict =
        strict.replace("lapse: Autoplay", "lapse: Forfeit").replace("ready: (within_s: 60, absent: Forfeit),", "");
    let files = crate::shipped_files().into_iter().chain([("tournaments/strict.ron".to_owned(), strict)]);
    let content = std::sync::Arc::new(hypogeum_content::Content::from_files(files).expect("it is sound"));
    let mut strict = TestTournament::on(&content, 2, &setup("strict", 4, 4, None));
    strict.run();
    let command = strict.next_move(0, BattleMove::Attack).expect("it fights");
    assert_eq!(strict.tell(0, command), Ok(()));
    strict.wait(140_000);
    let view = strict.view();
    assert_eq!(
        (view.pairings[0].wins, view.pairings[0].outcome),
        ([1, 0], None),
        "3 had no time left: of three battles one is lost"
    );
    assert_eq!(view.pairings[1].outcome, Some(PairingOutcome::BothGone(Some(1))), "of 1 and 2 nobody has moved");
    let log = battle_log(strict.shard.world(), 1, 1).expect("it was fought");
    assert!(log.contains("|win|1|forfeit|") || log.contains("|win|1|forfeit\n"), "as the bracket says: {log}");
    assert!(
        view.battles.iter().any(|battle| (battle.pairing, battle.game) == (0, 2)),
        "and the next battle begins: {view:?}"
    );
}

#[test]
fn who_withdraws_loses_what_it_fights_and_what_is_to_come() {
    let mut cup = TestTournament::new(3, &setup("cup", 4, 4, None));
    cup.run();
    assert_eq!(cup.tell(0, Say::Withdraw), Ok(()));
    assert_eq!(cup.tell(0, Say::Withdraw), Err(No::Gone));
    let view = cup.view();
    assert_eq!(view.pairings[0].outcome, Some(PairingOutcome::Forfeited(3)));
    assert!(view.battles.iter().all(|battle| battle.pairing != 0), "its battle is over");
    assert_eq!(cup.tell(3, Say::Allocate { points: strength(3) }), Ok(()), "who has won by that grows, too");
    for number in [1, 2, 3] {
        assert_eq!(cup.tell(number, Say::Withdraw), if number == 3 { Err(No::Over) } else { Ok(()) });
    }
    assert_eq!((cup.view().champion, cup.view().is_over), (Some(3), true), "the last to stay has won");
}

#[test]
fn points_that_are_not_given_in_time_are_kept() {
    let mut league = TestTournament::new(9, &setup("league", 4, 4, None));
    league.run();
    while league.view().pairings.iter().all(|pairing| pairing.outcome.is_none()) {
        (0..4).for_each(|number| {
            if matches!(league.entrant(number).wants, Wants::Move { .. }) {
                league.serve(number);
            }
        });
    }
    let waits =
        |league: &TestTournament| (0..4).find(|number| matches!(league.entrant(*number).wants, Wants::Points { .. }));
    let winner = waits(&league).expect("somebody has won");
    league.wait(60_000);
    assert_eq!(
        (waits(&league), league.entrant(winner).points),
        (None, 1),
        "it is waited for no longer, and has its point"
    );
}
