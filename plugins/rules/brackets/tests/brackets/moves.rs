//! What may be asked, and what is refused.

use hypogeum_brackets::{
    Advance, Bracket, BracketError, Bye, Entrant, Format, Outcome, PairingId, Rules, Side, Slot, Target,
};

use super::{better, bracket, play, rules};

const SINGLE: Format = Format::SingleElimination { third_place: false };

#[test]
fn rules_that_nobody_can_play_by_are_refused() {
    let refused = |change: fn(&mut Rules), entrants| {
        let mut rules = rules(SINGLE);
        change(&mut rules);
        Bracket::new(rules, entrants).map(|bracket| bracket.pairings().len())
    };
    assert_eq!(refused(|_| {}, 1), Err(BracketError::Entrants(1)), "one is champion of nothing");
    assert_eq!(refused(|_| {}, 65), Err(BracketError::Entrants(65)), "65 are too many");
    assert_eq!(refused(|rules| rules.best_of = 2, 8), Err(BracketError::BestOf(2)), "an even series can be drawn");
    assert_eq!(refused(|rules| rules.best_of = 0, 8), Err(BracketError::BestOf(0)), "no game decides nothing");
    assert_eq!(refused(|rules| rules.final_best_of = Some(11), 8), Err(BracketError::BestOf(11)), "11 is too long");
    assert_eq!(refused(|rules| rules.allows_byes = false, 6), Err(BracketError::Byes(6)), "6 need two byes");
    assert_eq!(refused(|rules| rules.allows_byes = false, 8), Ok(7), "8 need none");
    let swiss = |rules: &mut Rules| rules.format = Format::Swiss { rounds: 0 };
    assert_eq!(refused(swiss, 8), Err(BracketError::NoRounds), "no rounds");
    let legs = |rules: &mut Rules| rules.format = Format::RoundRobin { legs: 3 };
    assert_eq!(refused(legs, 8), Err(BracketError::Legs(3)), "three legs");
    let no_final = |rules: &mut Rules| {
        *rules = Rules { format: Format::RoundRobin { legs: 1 }, final_best_of: Some(3), ..*rules };
    };
    assert_eq!(refused(no_final, 8), Err(BracketError::NoFinal), "a round robin has no final");
    let even = |rules: &mut Rules| *rules = Rules { format: Format::Swiss { rounds: 3 }, allows_byes: false, ..*rules };
    assert_eq!(refused(even, 7), Err(BracketError::Byes(7)), "one of 7 rests");
    assert_eq!(refused(even, 6), Ok(3), "6 are three pairs");
}

#[test]
fn a_series_is_over_when_more_than_half_is_won() {
    let rules = Rules { best_of: 3, final_best_of: Some(5), ..rules(SINGLE) };
    let mut bracket = Bracket::new(rules, 4).expect("four can play");
    let id = PairingId(0);
    let game = |wins| Advance::GameWon { pairing: id, wins };
    assert_eq!(bracket.win(id, Side::First), Ok(vec![game([1, 0])]));
    assert_eq!(bracket.win(id, Side::Second), Ok(vec![game([1, 1])]));
    let to = Target { pairing: PairingId(2), side: Side::First };
    let expected = vec![
        game([1, 2]),
        Advance::Decided { pairing: id, outcome: Outcome::Played { winner: Side::Second } },
        Advance::Moved { entrant: Entrant(3), to },
        Advance::Out(Entrant(0)),
    ];
    assert_eq!(bracket.win(id, Side::Second), Ok(expected));
    assert_eq!(bracket.pairings()[2].best_of, 5, "the final is longer");
    assert_eq!(bracket.pairings()[2].sides, [Slot::Taken(Entrant(3)), Slot::WinnerOf(PairingId(1))]);
}

#[test]
fn what_cannot_be_is_refused() {
    let mut bracket = bracket(SINGLE, 4);
    let (over, waiting, unknown) = (PairingId(0), PairingId(2), PairingId(u16::MAX));
    bracket.forfeit(over, Side::Second).expect("it is ready");
    let before = bracket.clone();
    assert_eq!(bracket.win(unknown, Side::First), Err(BracketError::UnknownPairing(unknown)));
    assert_eq!(bracket.forfeit(over, Side::First), Err(BracketError::AlreadyOver(over)));
    assert_eq!(bracket.both_gone(waiting), Err(BracketError::NotReady(waiting)));
    assert_eq!(bracket.draw(PairingId(1)), Err(BracketError::NoDraws(PairingId(1))));
    assert_eq!(bracket.withdraw(Entrant(4)), Err(BracketError::UnknownEntrant(Entrant(4))));
    let absent = BracketError::NotInPairing { entrant: Entrant(2), pairing: over };
    assert_eq!(bracket.side_of(over, Entrant(2)), Err(absent));
    assert_eq!(bracket, before, "a refusal changes nothing");
    play(&mut bracket, better);
    assert_eq!(bracket.withdraw(Entrant(0)), Err(BracketError::Over));
    assert_eq!(bracket.champion(), Some(Entrant(0)), "nobody withdraws from a title");
}

#[test]
fn who_withdraws_loses_what_is_to_come() {
    let mut bracket = bracket(SINGLE, 3);
    assert_eq!(bracket.byes(), [Bye { round: 1, entrant: Entrant(0) }], "the best waits in the final");
    assert_eq!(bracket.withdraw(Entrant(0)), Ok(vec![Advance::Withdrew(Entrant(0))]), "nobody is there to win it yet");
    assert_eq!(bracket.withdraw(Entrant(0)), Err(BracketError::AlreadyWithdrawn(Entrant(0))));
    let to = Target { pairing: PairingId(1), side: Side::Second };
    let expected = vec![
        Advance::GameWon { pairing: PairingId(0), wins: [0, 1] },
        Advance::Decided { pairing: PairingId(0), outcome: Outcome::Played { winner: Side::Second } },
        Advance::Moved { entrant: Entrant(2), to },
        Advance::Out(Entrant(1)),
        Advance::Decided { pairing: PairingId(1), outcome: Outcome::Forfeited { winner: Side::Second } },
        Advance::Out(Entrant(0)),
        Advance::RoundOver { round: 1 },
        Advance::RoundOver { round: 2 },
        Advance::Champion(Entrant(2)),
        Advance::Over,
    ];
    assert_eq!(bracket.win(PairingId(0), Side::Second), Ok(expected), "the final needs no game");
}

#[test]
fn where_nobody_comes_the_better_seed_goes_on_or_nobody_gains() {
    let mut one = bracket(SINGLE, 4);
    one.both_gone(PairingId(0)).expect("it is ready");
    let outcome = one.pairings()[0].outcome;
    assert_eq!(outcome, Some(Outcome::BothGone { goes_on: Some(Side::First) }));
    assert_eq!(one.pairings()[2].entrant(Side::First), Some(Entrant(0)));

    let mut all = bracket(Format::RoundRobin { legs: 1 }, 2);
    all.both_gone(PairingId(0)).expect("it is ready");
    let lost: Vec<_> = all.standings().iter().map(|one| (one.rank, one.points, one.lost)).collect();
    assert_eq!(lost, [(1, 0, 1), (1, 0, 1)], "both lost, and share the rank");
    assert_eq!(all.champion(), Some(Entrant(0)), "of equals the best seed");
}

#[test]
fn two_who_have_withdrawn_meet_without_coming() {
    // Who leaves before a semifinal is in the pairing for third place all the same.
    let mut one = bracket(Format::SingleElimination { third_place: true }, 4);
    for gone in [1, 0] {
        one.withdraw(Entrant(gone)).expect("it is not over");
    }
    let third = &one.pairings()[2];
    assert_eq!(third.entrants(), Some([Entrant(0), Entrant(1)]));
    assert_eq!(third.outcome, Some(Outcome::BothGone { goes_on: Some(Side::First) }), "the better seed is third");

    let mut all = bracket(Format::RoundRobin { legs: 1 }, 4);
    for gone in [0, 1] {
        all.withdraw(Entrant(gone)).expect("it is not over");
    }
    play(&mut all, better);
    let met = all.pairings().iter().find(|pairing| pairing.entrants() == Some([Entrant(0), Entrant(1)]));
    assert_eq!(met.and_then(|pairing| pairing.outcome), Some(Outcome::BothGone { goes_on: None }), "neither gains");
}

#[test]
fn with_everyone_gone_there_is_a_champion_all_the_same() {
    let double = Format::DoubleElimination { grand_final_reset: true };
    for format in [SINGLE, double, Format::Swiss { rounds: 4 }, Format::RoundRobin { legs: 2 }] {
        let mut bracket = bracket(format, 13);
        for entrant in (0..13).map(Entrant) {
            if !bracket.is_over() {
                bracket.withdraw(entrant).expect("nobody withdraws twice");
            }
        }
        assert!(bracket.is_over() && bracket.champion().is_some(), "{format:?}");
        assert_eq!(bracket.champion(), bracket.standings().first().map(|standing| standing.entrant), "{format:?}");
    }
}
