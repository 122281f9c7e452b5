//! Single and double elimination: all pairings at once, each with where its winner and loser go.
//!
//! Both are drawn for the next power of two, and a pairing with nobody in it is left out: who would have met nobody goes
//! straight on. So what stands in the list is played, each pairing of it by two.

use std::collections::BTreeSet;

use crate::pairing::{Pairing, PairingId, Place, Side, Slot, Target};
use crate::rules::Rules;
use crate::seeding;

/// All pairings of a single elimination, in the order of their rounds.
pub(crate) fn single(rules: &Rules, entrants: u8, third_place: bool) -> Vec<Pairing> {
    let mut draw = Draw::new(rules);
    let mut left = begin(entrants);
    for round in 1.. {
        let place = match left.len() {
            2 => Place::Final,
            4 => Place::Semifinal,
            8 => Place::Quarterfinal,
            room => Place::RoundOf(u8::try_from(room).unwrap_or(u8::MAX)),
        };
        let ends = draw.round(round, place, &left);
        if let ([first, second], true) = (&ends.losers[..], third_place) {
            draw.meet(round + 1, Place::ThirdPlace, *first, *second);
        }
        left = ends.winners;
        if left.len() <= 1 {
            break;
        }
    }
    draw.finish()
}

/// All pairings of a double elimination, in the order of their rounds.
///
/// With 2^k lines the upper bracket has k rounds and the lower 2 (k − 1): in turn its own are paired (its odd rounds) and they
/// meet those who have just lost in the upper bracket (its even rounds).
pub(crate) fn double(rules: &Rules, entrants: u8, grand_final_reset: bool) -> Vec<Pairing> {
    let mut draw = Draw::new(rules);
    let lines = begin(entrants);
    let upper_rounds = u8::try_from(lines.len().max(2).ilog2()).unwrap_or(u8::MAX);
    let upper_place = |round| if round == upper_rounds { Place::UpperFinal } else { Place::Upper(round) };
    let first = draw.round(1, upper_place(1), &lines);
    let (mut upper, mut lower) = (first.winners, first.losers);
    for round in 2..=upper_rounds {
        let (when, lower_round) = (2 * (round - 1), 2 * round - 3);
        let ends = draw.round(when, upper_place(round), &upper);
        let survivors = draw.round(when, Place::Lower(lower_round), &lower).winners;
        let place = if round == upper_rounds { Place::LowerFinal } else { Place::Lower(lower_round + 1) };
        let dropped = crossed(ends.losers, round);
        let meetings = dropped.into_iter().zip(survivors);
        lower = meetings.map(|(dropped, survivor)| draw.meet(when + 1, place, dropped, survivor).0).collect();
        upper = ends.winners;
    }
    let side = |of: Vec<Option<Slot>>| of.first().copied().flatten();
    let (winner, loser) = draw.meet(2 * upper_rounds, Place::GrandFinal, side(upper), side(lower));
    if grand_final_reset {
        draw.meet(2 * upper_rounds + 1, Place::GrandFinalReset, winner, loser);
    }
    draw.finish()
}

fn begin(entrants: u8) -> Vec<Option<Slot>> {
    seeding::lines(entrants).into_iter().map(|entrant| entrant.map(Slot::Taken)).collect()
}

/// The losers of an upper round (from the second on) in the order in which they meet the survivors of the lower bracket.
///
/// Each round sends them to other parts: all turned around, then the halves swapped, then each half turned around, then as
/// they are. Among all orders made of these four it puts off the first rematch longest, at every size up to 64 (a test holds
/// the rounds).
fn crossed<T>(mut losers: Vec<T>, round: u8) -> Vec<T> {
    let half = losers.len() / 2;
    match round % 4 {
        2 => losers.reverse(),
        3 => losers.rotate_left(half),
        0 => {
            losers.reverse();
            losers.rotate_left(half);
        }
        _ => {}
    }
    losers
}

/// Who comes out of a round. Nobody loses, or wins, where nobody met.
struct Ends {
    winners: Vec<Option<Slot>>,
    losers: Vec<Option<Slot>>,
}

/// Pairings as they are drawn.
struct Draw<'a> {
    rules: &'a Rules,
    pairings: Vec<Pairing>,
}

impl<'a> Draw<'a> {
    const fn new(rules: &'a Rules) -> Self {
        Self { rules, pairings: Vec::new() }
    }

    /// Neighbours meet.
    fn round(&mut self, round: u8, place: Place, lines: &[Option<Slot>]) -> Ends {
        let pairs = lines.chunks(2).map(|pair| (pair.first().copied().flatten(), pair.get(1).copied().flatten()));
        let (winners, losers) = pairs.map(|(first, second)| self.meet(round, place, first, second)).unzip();
        Ends { winners, losers }
    }

    /// Who wins and who loses where these two meet. Where one of them is nobody the other goes on, and nothing is played.
    fn meet(
        &mut self,
        round: u8,
        place: Place,
        first: Option<Slot>,
        second: Option<Slot>,
    ) -> (Option<Slot>, Option<Slot>) {
        let (Some(first), Some(second)) = (first, second) else { return (first.or(second), None) };
        let id = PairingId(u16::try_from(self.pairings.len()).unwrap_or(u16::MAX));
        let best_of = self.rules.final_best_of.filter(|_| place.is_final()).unwrap_or(self.rules.best_of);
        self.pairings.push(Pairing::new(id, round, place, best_of, [first, second]));
        (Some(Slot::WinnerOf(id)), Some(Slot::LoserOf(id)))
    }

    /// Says where everyone goes, and counts rounds from 1 without those in which nobody met.
    fn finish(mut self) -> Vec<Pairing> {
        let rounds: BTreeSet<u8> = self.pairings.iter().map(|pairing| pairing.round).collect();
        let is_played = |place| self.pairings.iter().any(|pairing| pairing.place == place);
        let is_lower_late = !is_played(Place::Lower(1));
        for pairing in &mut self.pairings {
            pairing.round = u8::try_from(rounds.range(..=pairing.round).count()).unwrap_or(u8::MAX);
            if let (Place::Lower(round), true) = (&mut pairing.place, is_lower_late) {
                *round -= 1;
            }
        }
        for at in 0..self.pairings.len() {
            let (id, sides) = (self.pairings[at].id, self.pairings[at].sides);
            for (side, slot) in Side::BOTH.into_iter().zip(sides) {
                let target = Some(Target { pairing: id, side });
                match slot {
                    Slot::Taken(_) => {}
                    Slot::WinnerOf(from) => self.pairings[usize::from(from.0)].winner_to = target,
                    Slot::LoserOf(from) => self.pairings[usize::from(from.0)].loser_to = target,
                }
            }
        }
        self.pairings
    }
}
