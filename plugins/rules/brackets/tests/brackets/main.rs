//! Whole tournaments, played to their end: as drawn in golden files, and in any order with anything asked of them.

mod any_order;
mod drawing;
mod elimination;
mod everyone;
mod golden;
mod moves;
mod swiss;

use hypogeum_brackets::{Bracket, Format, PairingId, Rules, Side};

/// Rules of single games, with byes.
fn rules(format: Format) -> Rules {
    Rules { format, best_of: 1, final_best_of: None, allows_byes: true }
}

fn bracket(format: Format, entrants: u8) -> Bracket {
    Bracket::new(rules(format), entrants).unwrap_or_else(|error| panic!("{entrants} in {format:?}: {error}"))
}

/// The first pairing that can be played.
fn next(bracket: &Bracket) -> Option<PairingId> {
    bracket.ready().next().map(|pairing| pairing.id)
}

/// Plays to the end; of each pairing it is said who wins.
fn play(bracket: &mut Bracket, mut winner: impl FnMut(&Bracket, PairingId) -> Side) {
    while let Some(pairing) = next(bracket) {
        let side = winner(bracket, pairing);
        bracket.win(pairing, side).expect("what is ready can be played");
    }
    assert!(bracket.is_over(), "nothing is ready, so it is over");
}

/// The side of the better seed.
fn better(bracket: &Bracket, pairing: PairingId) -> Side {
    let [first, second] = bracket.pairing(pairing).ok().and_then(|pairing| pairing.entrants()).expect("both are known");
    if first < second { Side::First } else { Side::Second }
}
