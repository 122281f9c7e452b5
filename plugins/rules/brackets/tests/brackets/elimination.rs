//! Eliminations: how many pairings, who can meet whom and when, and what ranks follow.

use std::collections::BTreeMap;

use hypogeum_brackets::{Advance, Bracket, Entrant, Format, Outcome, PairingId, Place, Side, Slot};

use super::{better, bracket, next, play};

const SINGLE: Format = Format::SingleElimination { third_place: false };
const DOUBLE: Format = Format::DoubleElimination { grand_final_reset: true };

fn played_count(bracket: &Bracket) -> usize {
    bracket.pairings().iter().filter(|pairing| pairing.outcome != Some(Outcome::NotNeeded)).count()
}

#[test]
fn every_size_has_as_many_pairings_as_it_must() {
    for entrants in 2..=64 {
        let many = usize::from(entrants);
        let third = Format::SingleElimination { third_place: true };
        assert_eq!(bracket(SINGLE, entrants).pairings().len(), many - 1, "all but one of {entrants} lose once");
        assert_eq!(bracket(third, entrants).pairings().len(), many - usize::from(entrants < 4), "with a third place");
        let one = Format::DoubleElimination { grand_final_reset: false };
        assert_eq!(bracket(one, entrants).pairings().len(), 2 * many - 2, "all but one of {entrants} lose twice");
        let mut unbeaten = bracket(DOUBLE, entrants);
        play(&mut unbeaten, better);
        assert_eq!(played_count(&unbeaten), 2 * many - 2, "the champion of {entrants} has not lost");
        let mut beaten = bracket(DOUBLE, entrants);
        play(&mut beaten, |bracket, pairing| {
            let is_last = bracket.pairing(pairing).is_ok_and(|pairing| pairing.place == Place::GrandFinal);
            if is_last { Side::Second } else { better(bracket, pairing) }
        });
        assert_eq!(played_count(&beaten), 2 * many - 1, "both finalists of {entrants} have lost once");
    }
}

#[test]
fn rounds_are_counted_without_gaps_and_wait_for_earlier_ones() {
    for (format, entrants) in (2..=64).flat_map(|entrants| [(SINGLE, entrants), (DOUBLE, entrants)]) {
        let bracket = bracket(format, entrants);
        let mut round_before = 1;
        for (number, pairing) in bracket.pairings().iter().enumerate() {
            assert_eq!(usize::from(pairing.id.0), number, "numbers are places");
            assert!(
                (round_before..=round_before + 1).contains(&pairing.round),
                "{format:?} of {entrants}: {pairing:?}"
            );
            round_before = pairing.round;
            for (side, slot) in Side::BOTH.into_iter().zip(pairing.sides) {
                let (from, is_winner) = match slot {
                    Slot::Taken(_) => continue,
                    Slot::WinnerOf(from) => (from, true),
                    Slot::LoserOf(from) => (from, false),
                };
                let from = bracket.pairing(from).expect("it names a pairing");
                assert!(from.round < pairing.round, "{pairing:?} waits for an earlier round");
                let target = if is_winner { from.winner_to } else { from.loser_to };
                assert_eq!(target.map(|to| (to.pairing, to.side)), Some((pairing.id, side)), "both say the same");
            }
        }
        assert_eq!(round_before, bracket.rounds(), "the last pairing is in the last round");
    }
}

/// Who could be in a pairing, one bit each.
fn possible(bracket: &Bracket, slot: Slot) -> u64 {
    match slot {
        Slot::Taken(entrant) => 1 << entrant.0,
        Slot::WinnerOf(from) | Slot::LoserOf(from) => {
            let sides = bracket.pairing(from).expect("it names a pairing").sides;
            sides.into_iter().fold(0, |all, slot| all | possible(bracket, slot))
        }
    }
}

#[test]
fn a_rematch_in_the_lower_bracket_comes_as_late_as_it_can() {
    // In which lower round first, and in how many. Two who could both be on their way there may have met before.
    for (entrants, expected) in [(4, 2), (8, 3), (16, 4), (32, 5), (64, 7)] {
        let bracket = bracket(DOUBLE, entrants);
        let rounds_max = 2 * u8::try_from(entrants.ilog2() - 1).expect("it is at most 6");
        let rematches = bracket.pairings().iter().filter_map(|pairing| {
            let round = match pairing.place {
                Place::Lower(round) => round,
                Place::LowerFinal => rounds_max,
                _ => return None,
            };
            let [one, other] = pairing.sides.map(|slot| possible(&bracket, slot));
            (one & other != 0).then_some(round)
        });
        assert_eq!(rematches.min(), Some(expected), "of {entrants}");
    }
}

#[test]
fn the_best_two_meet_in_the_final_at_the_earliest() {
    for entrants in 2..=64 {
        let mut bracket = bracket(SINGLE, entrants);
        play(&mut bracket, better);
        let last = bracket.pairings().last().and_then(|pairing| pairing.entrants());
        assert_eq!(last, Some([Entrant(0), Entrant(1)]), "of {entrants}");
    }
}

#[test]
fn byes_go_to_the_best() {
    for entrants in 2..=64_u8 {
        for format in [SINGLE, DOUBLE] {
            let bracket = bracket(format, entrants);
            let resting: Vec<u8> = bracket.byes().iter().map(|bye| bye.entrant.0).collect();
            let count = entrants.next_power_of_two() - entrants;
            assert_eq!(resting, (0..count).collect::<Vec<_>>(), "{format:?} of {entrants}");
        }
    }
}

#[test]
fn a_grand_final_is_repeated_only_for_who_has_not_lost() {
    let mut bracket = bracket(DOUBLE, 2);
    bracket.win(PairingId(0), Side::Second).expect("the upper final is ready");
    let facts = bracket.win(PairingId(1), Side::Second).expect("the grand final is ready");
    assert!(facts.contains(&Advance::Ready(PairingId(2))), "entrant 0 came up from below and won: {facts:?}");
    assert_eq!(bracket.champion(), None, "each has lost once");
    bracket.win(PairingId(2), Side::First).expect("the reset is ready");
    assert_eq!(bracket.champion(), Some(Entrant(0)), "its first side is the winner of the grand final");

    let mut once = super::bracket(Format::DoubleElimination { grand_final_reset: false }, 2);
    once.win(PairingId(0), Side::First).expect("the upper final is ready");
    once.win(PairingId(1), Side::Second).expect("the grand final is ready");
    assert_eq!(once.champion(), Some(Entrant(1)), "without a reset one loss can be enough");
}

#[test]
fn ranks_are_shared_by_those_who_lost_in_one_round() {
    let mut bracket = bracket(Format::SingleElimination { third_place: true }, 8);
    let ranks = |bracket: &Bracket| -> BTreeMap<u8, Vec<u8>> {
        let mut ranks = BTreeMap::<u8, Vec<u8>>::new();
        for standing in bracket.standings() {
            ranks.entry(standing.rank).or_default().push(standing.entrant.0);
        }
        ranks
    };
    assert_eq!(ranks(&bracket), BTreeMap::from([(1, (0..8).collect())]), "nobody is out");
    for _ in 0..6 {
        let pairing = next(&bracket).expect("there are eight pairings");
        let side = better(&bracket, pairing);
        bracket.win(pairing, side).expect("it is ready");
    }
    let both_open = BTreeMap::from([(1, vec![0, 1]), (3, vec![2, 3]), (5, vec![4, 5, 6, 7])]);
    assert_eq!(ranks(&bracket), both_open, "final and third place are open");
    bracket.win(PairingId(7), Side::Second).expect("the final does not wait for third place");
    assert_eq!((bracket.champion(), bracket.is_over()), (Some(Entrant(1)), false), "third place is open");
    bracket.win(PairingId(6), Side::First).expect("third place is open");
    let all = BTreeMap::from([(1, vec![1]), (2, vec![0]), (3, vec![3]), (4, vec![2]), (5, vec![4, 5, 6, 7])]);
    assert_eq!(ranks(&bracket), all, "all is over");
}
