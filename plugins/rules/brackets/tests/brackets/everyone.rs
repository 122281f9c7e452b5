//! Round robins: each two meet as often as there are legs.

use std::collections::BTreeMap;

use hypogeum_brackets::{BracketError, Entrant, Format, LEGS_MAX, PairingId, Side};

use super::{better, bracket, play};

#[test]
fn each_two_meet_once_a_leg_and_nobody_twice_a_round() {
    for (entrants, legs) in (2..=64_u8).flat_map(|entrants| (1..=LEGS_MAX).map(move |legs| (entrants, legs))) {
        let bracket = bracket(Format::RoundRobin { legs }, entrants);
        let mut met = BTreeMap::<(Entrant, Entrant), u8>::new();
        let mut busy = BTreeMap::<(u8, Entrant), u8>::new();
        let mut at_first = BTreeMap::<(Entrant, Entrant), u8>::new();
        for pairing in bracket.pairings() {
            let [one, other] = pairing.entrants().expect("all are known from the start");
            *met.entry((one.min(other), one.max(other))).or_default() += 1;
            *at_first.entry((one, other)).or_default() += 1;
            for entrant in [one, other] {
                *busy.entry((pairing.round, entrant)).or_default() += 1;
            }
        }
        let pairs = usize::from(entrants) * usize::from(entrants - 1) / 2;
        assert_eq!(met.len(), pairs, "everyone meets everyone of {entrants}");
        assert!(met.values().all(|count| *count == legs), "{legs} times each, of {entrants}");
        assert!(at_first.values().all(|count| *count == 1), "each leg on another side, of {entrants}");
        assert!(busy.values().all(|count| *count == 1), "once a round, of {entrants}");
        let rounds = legs * (entrants - 1 + entrants % 2);
        assert_eq!(bracket.rounds(), rounds, "as few rounds as can be, of {entrants}");
    }
}

#[test]
fn with_an_odd_number_everyone_rests_once_a_leg() {
    for entrants in (3..=63).step_by(2) {
        let mut bracket = bracket(Format::RoundRobin { legs: 1 }, entrants);
        play(&mut bracket, better);
        let mut resting: Vec<u8> = bracket.byes().iter().map(|bye| bye.entrant.0).collect();
        resting.sort_unstable();
        assert_eq!(resting, (0..entrants).collect::<Vec<_>>(), "of {entrants}");
        let points: Vec<u16> = bracket.standings().iter().map(|standing| standing.points).collect();
        let expected: Vec<u16> = (0..u16::from(entrants)).rev().map(|won| 2 * won).collect();
        assert_eq!(points, expected, "a rest gives nothing");
    }
}

#[test]
fn a_round_waits_for_the_one_before() {
    let mut bracket = bracket(Format::RoundRobin { legs: 1 }, 4);
    bracket.win(PairingId(0), Side::First).expect("the first round is open");
    assert_eq!(bracket.win(PairingId(2), Side::First), Err(BracketError::NotReady(PairingId(2))), "of round 2");
    bracket.draw(PairingId(1)).expect("the first round is open");
    bracket.win(PairingId(2), Side::First).expect("the second is open now");
}

#[test]
fn sonneborn_berger_parts_equal_points() {
    // 0 beats 1, 1 beats 2, 2 beats 0; all beat 3, but 2 only draws.
    let mut bracket = bracket(Format::RoundRobin { legs: 1 }, 4);
    while let Some(pairing) = super::next(&bracket) {
        let [one, other] = bracket.pairing(pairing).ok().and_then(|pairing| pairing.entrants()).expect("all are known");
        let outcome = match (one.0.min(other.0), one.0.max(other.0)) {
            (2, 3) => None,
            (0, 2) => Some(Entrant(2)),
            (lower, _) => Some(Entrant(lower)),
        };
        match outcome {
            None => bracket.draw(pairing),
            Some(winner) => bracket.side_of(pairing, winner).and_then(|side| bracket.win(pairing, side)),
        }
        .expect("it is ready");
    }
    let found: Vec<_> =
        bracket.standings().iter().map(|one| (one.entrant.0, one.rank, one.points, one.tie_break)).collect();
    // 0: 2 × 4 + 2 × 1; 1: 2 × 3 + 2 × 1; 2: 2 × 4 + 1 × 1; 3: 1 × 3.
    assert_eq!(found, [(0, 1, 4, 10), (1, 2, 4, 8), (2, 3, 3, 9), (3, 4, 1, 3)]);
}
