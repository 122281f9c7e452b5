//! Swiss rounds: score groups, byes, Buchholz, and no rematch that could be avoided.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_brackets::{Bracket, Entrant, Format, PairingId, Side};
use proptest::prelude::*;

use super::{better, bracket, play};

fn pairs_of(bracket: &Bracket, round: u8) -> Vec<[u8; 2]> {
    let pairings = bracket.pairings().iter().filter(|pairing| pairing.round == round);
    pairings.filter_map(|pairing| pairing.entrants()).map(|pair| pair.map(|entrant| entrant.0)).collect()
}

#[test]
fn equals_meet_the_upper_half_the_lower() {
    let mut bracket = bracket(Format::Swiss { rounds: 3 }, 8);
    assert_eq!(pairs_of(&bracket, 1), [[0, 4], [1, 5], [2, 6], [3, 7]]);
    for pairing in 0..4 {
        bracket.win(PairingId(pairing), Side::First).expect("the first round is open");
    }
    assert_eq!(pairs_of(&bracket, 2), [[0, 2], [1, 3], [4, 6], [5, 7]], "winners meet, losers meet");
    bracket.draw(PairingId(4)).expect("the second round is open");
    for pairing in 5..8 {
        bracket.win(PairingId(pairing), Side::First).expect("the second round is open");
    }
    // 1 has 4 points, 0 and 2 have 3, and 3, 4 and 5 have 2.
    assert_eq!(pairs_of(&bracket, 3), [[1, 0], [2, 3], [4, 5], [6, 7]], "who is left over meets the next group");
}

#[test]
fn a_bye_is_a_win_and_comes_to_the_last_who_had_none() {
    let mut bracket = bracket(Format::Swiss { rounds: 5 }, 5);
    assert_eq!(bracket.byes().iter().map(|bye| bye.entrant.0).collect::<Vec<_>>(), [4]);
    play(&mut bracket, better);
    let resting: BTreeSet<Entrant> = bracket.byes().iter().map(|bye| bye.entrant).collect();
    assert_eq!(resting.len(), 5, "in five rounds each of five rests once: {:?}", bracket.byes());
    let points: u16 = bracket.standings().iter().map(|standing| standing.points).sum();
    assert_eq!(points, 5 * 3 * 2, "two for each pairing and each bye");
}

#[test]
fn no_more_rounds_are_played_than_all_can_without_a_rematch() {
    for (entrants, expected) in [(2, 1), (3, 3), (4, 3), (5, 5), (64, 63)] {
        assert_eq!(bracket(Format::Swiss { rounds: u8::MAX }, entrants).rounds(), expected, "of {entrants}");
    }
}

#[test]
fn buchholz_parts_equal_points() {
    let mut bracket = bracket(Format::Swiss { rounds: 2 }, 4);
    play(&mut bracket, better);
    // 0 beat 2 and 1; 1 beat 3 and lost to 0; 2 lost to 0 and beat 3; 3 lost to 1 and 2.
    let found: Vec<_> =
        bracket.standings().iter().map(|one| (one.entrant.0, one.rank, one.points, one.tie_break)).collect();
    assert_eq!(found, [(0, 1, 4, 4), (1, 2, 2, 4), (2, 2, 2, 4), (3, 4, 0, 4)]);

    let mut odd = super::bracket(Format::Swiss { rounds: 1 }, 3);
    play(&mut odd, better);
    let found: Vec<_> =
        odd.standings().iter().map(|one| (one.entrant.0, one.rank, one.points, one.tie_break)).collect();
    assert_eq!(found, [(2, 1, 2, 2), (0, 2, 2, 0), (1, 3, 0, 2)], "a bye counts as one's own points");
}

#[test]
fn who_is_left_alone_has_byes_to_the_end() {
    let mut bracket = bracket(Format::Swiss { rounds: 3 }, 4);
    for entrant in [0, 1, 2] {
        bracket.withdraw(Entrant(entrant)).expect("it goes on");
    }
    assert_eq!((bracket.is_over(), bracket.champion()), (true, Some(Entrant(3))));
}

/// The fewest rematches of all ways to pair.
fn fewest(left: &[u8], met: &BTreeSet<[u8; 2]>) -> usize {
    let Some((first, rest)) = left.split_first() else { return 0 };
    let with = rest.iter().map(|other| {
        let others: Vec<u8> = rest.iter().copied().filter(|one| one != other).collect();
        usize::from(met.contains(&sorted([*first, *other]))) + fewest(&others, met)
    });
    with.min().unwrap_or(0)
}

fn sorted(mut pair: [u8; 2]) -> [u8; 2] {
    pair.sort_unstable();
    pair
}

/// A round as it was paired, beside all the ways in which it could have been.
fn check_round(bracket: &Bracket, round: u8, gone: &BTreeSet<u8>) -> Result<(), TestCaseError> {
    let met: BTreeSet<[u8; 2]> = (1..round).flat_map(|earlier| pairs_of(bracket, earlier)).map(sorted).collect();
    let pairs = pairs_of(bracket, round);
    let rests = bracket.byes().iter().find(|bye| bye.round == round).map(|bye| bye.entrant.0);
    let mut here: Vec<u8> = pairs.concat().into_iter().chain(rests).collect();
    here.sort_unstable();
    let expected: Vec<u8> = bracket.entrants().map(|entrant| entrant.0).filter(|one| !gone.contains(one)).collect();
    prop_assert_eq!(&here, &expected, "everyone who stays is paired once");
    let mut byes: BTreeMap<u8, usize> = here.iter().map(|one| (*one, 0)).collect();
    for bye in bracket.byes().iter().filter(|bye| bye.round < round) {
        byes.entry(bye.entrant.0).and_modify(|count| *count += 1);
    }
    let rematches = pairs.iter().filter(|pair| met.contains(&sorted(**pair))).count();
    let without =
        |resting: Option<u8>| -> Vec<u8> { here.iter().copied().filter(|one| Some(*one) != resting).collect() };
    let possible = match rests {
        None => fewest(&here, &met),
        Some(resting) => {
            let least = byes.values().min().copied();
            prop_assert_eq!(byes.get(&resting).copied(), least, "nobody rests more often than another");
            let candidates = here.iter().filter(|one| byes.get(one).copied() == least);
            candidates.map(|one| fewest(&without(Some(*one)), &met)).min().unwrap_or(0)
        }
    };
    prop_assert_eq!(rematches, possible, "round {} of {:?}, {} rests", round, pairs, format!("{rests:?}"));
    Ok(())
}

proptest! {
    #[test]
    fn no_rematch_that_could_be_avoided(
        entrants in 2_u8..=9,
        results in prop::collection::vec(0_u8..9, 40),
        leaving in prop::collection::vec((1_u8..9, 0_u8..9), 0..3),
    ) {
        let mut bracket = bracket(Format::Swiss { rounds: u8::MAX }, entrants);
        let mut results = results.into_iter().cycle();
        let mut gone = BTreeSet::new();
        for round in 1..=bracket.rounds() {
            check_round(&bracket, round, &gone)?;
            // Who leaves does so before the last game of the round, so the next is paired without them.
            for (_, entrant) in leaving.iter().filter(|(when, entrant)| *when == round && *entrant < entrants) {
                let is_last = bracket.ready().count() <= 1;
                if !is_last && gone.insert(*entrant) {
                    bracket.withdraw(Entrant(*entrant)).expect("it goes on");
                }
            }
            let is_here = |bracket: &Bracket, id| bracket.pairing(id).is_ok_and(|pairing| pairing.round == round);
            while let Some(pairing) = super::next(&bracket).filter(|id| is_here(&bracket, *id)) {
                let result = results.next().expect("it is a circle");
                let done = match result {
                    0 => bracket.draw(pairing),
                    _ => bracket.win(pairing, if result < 6 { Side::First } else { Side::Second }),
                };
                done.expect("it is ready");
            }
        }
        prop_assert!(bracket.is_over(), "all rounds are played");
    }
}

#[test]
fn sixty_four_play_on_until_all_have_met() {
    let mut bracket = bracket(Format::Swiss { rounds: 32 }, 64);
    let mut turn = 0_u32;
    play(&mut bracket, |_, pairing| {
        turn = turn.wrapping_mul(747_796_405).wrapping_add(u32::from(pairing.0) + 1);
        if turn >> 31 == 0 { Side::First } else { Side::Second }
    });
    let met: BTreeSet<[u8; 2]> = (1..=32).flat_map(|round| pairs_of(&bracket, round)).map(sorted).collect();
    // With at most 31 opponents met, each of the 64 has 32 strangers left, so a round without rematch exists (Dirac 1952).
    assert_eq!(met.len(), 32 * 32, "nobody met anyone twice in half of the rounds there could be");
}
