//! Everyone against everyone.

use crate::entrants::Entrant;
use crate::pairing::{Pairing, PairingId, Place, Slot};
use crate::rules::Rules;

/// All pairings of all legs, in the order of their rounds.
///
/// The circle method (Berger tables turn the same circle): entrant 0 keeps its place, the others move on by one each round,
/// and those opposite meet. An odd number is made even by one who is not there, and whoever meets that one rests. The best
/// two meet in the last round of a leg.
pub(crate) fn schedule(rules: &Rules, entrants: u8, legs: u8) -> Vec<Pairing> {
    let places = entrants + entrants % 2;
    let turning = places - 1;
    let mut pairings = Vec::new();
    for (leg, turn) in (0..legs).flat_map(|leg| (0..turning).map(move |turn| (leg, turn))) {
        let at = |place: u8| if place == 0 { 0 } else { 1 + (place - 1 + turning - turn) % turning };
        for place in 0..places / 2 {
            let (one, other) = (at(place), at(places - 1 - place));
            if one.max(other) >= entrants {
                continue;
            }
            let sides = if leg % 2 == 0 { [one, other] } else { [other, one] };
            let id = PairingId(u16::try_from(pairings.len()).unwrap_or(u16::MAX));
            let sides = sides.map(|number| Slot::Taken(Entrant(number)));
            let place = Place::RoundRobin { leg: leg + 1 };
            pairings.push(Pairing::new(id, leg * turning + turn + 1, place, rules.best_of, sides));
        }
    }
    pairings
}
