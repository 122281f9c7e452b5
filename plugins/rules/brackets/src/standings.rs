//! Ranks.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::bracket::Bracket;
use crate::entrants::Entrant;
use crate::pairing::{Outcome, Pairing, Place, Side, Target};
use crate::rules::Format;

/// For a pairing that was won, or a bye; a draw gives half of it. Whole numbers need two.
const POINTS_WIN: u16 = 2;
const POINTS_DRAW: u16 = 1;

/// How an entrant stands.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Whose rank it is.
    pub entrant: Entrant,
    /// 1 for the best. Those whom nothing separates share a rank, and the next has as many more as they are.
    pub rank: u8,
    /// Two for each pairing won, one for each drawn, and two for a bye in a Swiss tournament.
    pub points: u16,
    /// What separates equal points. Swiss: Buchholz, the sum of the opponents' points, where a bye counts as an opponent with
    /// one's own points (as FIDE's tie-break regulations do). Round robin: Sonneborn-Berger, the points of each opponent
    /// times one's own against them. In eliminations 0.
    pub tie_break: u32,
    /// Pairings won, byes aside.
    pub won: u8,
    /// Pairings that ended without a winner for both.
    pub drawn: u8,
    /// Pairings lost.
    pub lost: u8,
}

/// How far an entrant got in an elimination: more is better.
const CHAMPION: u16 = u16::MAX;
const STILL_IN: u16 = u16::MAX - 1;

impl Bracket {
    /// Everyone's rank as of now, the best first, and those who share one by seed.
    ///
    /// In an elimination those still in share the first rank, and the later someone went out, the better; those who lost in
    /// the same round share a rank. Elsewhere it goes by points, then by the tie-break.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        let reached = self.reached();
        let points = self.points();
        let standing = |entrant: Entrant| {
            let standing = self.tally(entrant, &points);
            let by = match self.rules.format.is_elimination() {
                true => (of(&reached, entrant), 0),
                false => (standing.points, standing.tie_break),
            };
            (by, standing)
        };
        let mut ranked: Vec<_> = self.entrants().map(standing).collect();
        ranked.sort_by_key(|(by, standing)| (Reverse(*by), standing.entrant));
        let order: Vec<_> = ranked.iter().map(|(by, _)| *by).collect();
        let rank = |by| u8::try_from(order.partition_point(|other| *other > by) + 1).unwrap_or(u8::MAX);
        ranked.into_iter().map(|(by, standing)| Standing { rank: rank(by), ..standing }).collect()
    }

    /// Everyone's points, by number.
    pub(crate) fn points(&self) -> Vec<u16> {
        let mut points = vec![0; usize::from(self.entrants)];
        let won = self.pairings.iter().flat_map(|pairing| {
            Side::BOTH.into_iter().filter_map(|side| Some((pairing.entrant(side)?, points_of(pairing, side))))
        });
        let is_swiss = matches!(self.rules.format, Format::Swiss { .. });
        let rested = self.byes.iter().filter(|_| is_swiss).map(|bye| (bye.entrant, POINTS_WIN));
        for (entrant, gained) in won.chain(rested) {
            if let Some(sum) = points.get_mut(usize::from(entrant.0)) {
                *sum = gained.saturating_add(*sum);
            }
        }
        points
    }

    /// All of a standing but its rank.
    fn tally(&self, entrant: Entrant, points: &[u16]) -> Standing {
        let own = of(points, entrant);
        let mut standing = Standing { entrant, rank: 1, points: own, tie_break: 0, won: 0, drawn: 0, lost: 0 };
        for pairing in &self.pairings {
            let (Some(side), Some(outcome)) = (pairing.side_of(entrant), pairing.outcome) else { continue };
            let count = match outcome.winner() {
                Some(winner) if winner == side => &mut standing.won,
                None if outcome == Outcome::Drawn => &mut standing.drawn,
                _ => &mut standing.lost,
            };
            *count = count.saturating_add(1);
            let opponent = pairing.entrant(side.other()).map_or(0, |opponent| u32::from(of(points, opponent)));
            let weight = match self.rules.format {
                Format::Swiss { .. } => 1,
                Format::RoundRobin { .. } => u32::from(points_of(pairing, side)),
                Format::SingleElimination { .. } | Format::DoubleElimination { .. } => 0,
            };
            standing.tie_break = standing.tie_break.saturating_add(opponent * weight);
        }
        if matches!(self.rules.format, Format::Swiss { .. }) {
            let byes = self.byes.iter().filter(|bye| bye.entrant == entrant);
            standing.tie_break = byes.fold(standing.tie_break, |sum, _| sum.saturating_add(own.into()));
        }
        standing
    }

    /// How far everyone got in an elimination, by number.
    fn reached(&self) -> Vec<u16> {
        let mut reached = vec![STILL_IN; usize::from(self.entrants)];
        let mut put = |entrant: Option<Entrant>, value| {
            let place = entrant.and_then(|entrant| reached.get_mut(usize::from(entrant.0)));
            place.into_iter().for_each(|place| *place = value);
        };
        for pairing in &self.pairings {
            let Some(winner) = pairing.winner() else { continue };
            let (won, lost) = (pairing.entrant(winner), pairing.entrant(winner.other()));
            // Rounds are two apart: between two of them stands who was third.
            let round = u16::from(pairing.round) * 2;
            if pairing.place == Place::ThirdPlace {
                put(won, round.saturating_sub(1));
                continue;
            }
            let goes_on =
                |target: &Target| self.pairing(target.pairing).is_ok_and(|next| next.place != Place::ThirdPlace);
            let loser_goes_on =
                self.onward(pairing).any(|(target, side)| side != winner && target.as_ref().is_some_and(goes_on));
            if !loser_goes_on {
                put(lost, round);
            }
        }
        put(self.champion, CHAMPION);
        reached
    }
}

fn of(values: &[u16], entrant: Entrant) -> u16 {
    values.get(usize::from(entrant.0)).copied().unwrap_or(0)
}

/// What a side has from a pairing that is over.
fn points_of(pairing: &Pairing, side: Side) -> u16 {
    match pairing.outcome {
        Some(Outcome::Drawn) => POINTS_DRAW,
        Some(outcome) if outcome.winner() == Some(side) => POINTS_WIN,
        _ => 0,
    }
}
