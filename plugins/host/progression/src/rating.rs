//! Skill after Weng and Lin (2011), as the `skillratings` crate computes it.
//!
//! The only floating point of a settlement. It stays at the edge: what goes in and what comes out are integers.

use std::cmp::Ordering;

use skillratings::Outcomes;
use skillratings::weng_lin::{WengLinConfig, WengLinRating, weng_lin};

/// One unit of the Weng-Lin scale in the integers kept.
const MICROS: f64 = 1_000_000.0;
/// Shown points per unit of the Weng-Lin scale: a newcomer's 25 shows as 1,500.
const SHOWN_PER_UNIT: i64 = 60;
/// Bounds of the mean, so that no history leads out of the shown range 0 to 12,000.
const MEAN_MICROS_MAX: i64 = 200_000_000;
/// A deviation never falls below this: even a veteran's skill may change.
const DEVIATION_MICROS_MIN: i64 = 500_000;
/// A newcomer's deviation, 25/3.
const DEVIATION_MICROS_MAX: i64 = 8_333_333;
/// Duels of one player that a match is rated by.
const DUELS_MAX: usize = 255;

/// How well somebody plays, and how sure that is, in millionths of the Weng-Lin scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skill {
    /// How well somebody plays, by estimate: 25,000,000 for a newcomer.
    pub mean_micros: i64,
    /// Its standard deviation.
    pub deviation_micros: i64,
}

impl Default for Skill {
    /// A newcomer: 25 ± 8.33.
    fn default() -> Self {
        Self { mean_micros: 25_000_000, deviation_micros: DEVIATION_MICROS_MAX }
    }
}

impl Skill {
    /// The rating as players see it: 60 times the mean, so newcomers have 1,500.
    #[must_use]
    pub fn shown(self) -> i32 {
        let mean = self.mean_micros.clamp(0, MEAN_MICROS_MAX);
        i32::try_from(mean * SHOWN_PER_UNIT / 1_000_000).unwrap_or(i32::MAX)
    }

    /// Pulled back so many percent of the way to a newcomer's, 0–100: how well somebody plays, and how sure that is.
    #[must_use]
    pub fn pulled_back(self, percent: u32) -> Self {
        let newcomer = Self::default();
        let toward = |from: i64, to: i64| from + (to - from) * i64::from(percent.min(100)) / 100;
        Self {
            mean_micros: toward(self.mean_micros, newcomer.mean_micros),
            deviation_micros: toward(self.deviation_micros, newcomer.deviation_micros),
        }
    }

    fn to_weng_lin(self) -> WengLinRating {
        WengLinRating { rating: self.mean_micros as f64 / MICROS, uncertainty: self.deviation_micros as f64 / MICROS }
    }

    /// What the library made of it, within bounds; anything that is no number changes nothing.
    fn or_from(self, rating: WengLinRating) -> Self {
        if !(rating.rating.is_finite() && rating.uncertainty.is_finite()) {
            return self;
        }
        Self {
            mean_micros: ((rating.rating * MICROS).round() as i64).clamp(0, MEAN_MICROS_MAX),
            deviation_micros: ((rating.uncertainty * MICROS).round() as i64)
                .clamp(DEVIATION_MICROS_MIN, DEVIATION_MICROS_MAX),
        }
    }
}

/// Skills after a match of everyone against everyone. `placements` beside each skill: 1 is best, equal ones are a
/// draw. Returned in the order given. A match of one changes nothing.
///
/// Pairs are rated as duels on the skills before the match, and a player's change is the mean of its duels: a
/// match counts as one duel against the field. Rated as one match of many teams, which adds the duels up, a single
/// game of 24 newcomers would spread them over the whole scale.
///
/// Everyone duels everyone, up to 255 opponents each; in a larger match those at even steps through the order of
/// placement, which gives nearly the same mean: ten thousand would have a hundred million duels.
#[must_use]
pub fn rate_free_for_all(players: &[(Skill, u16)]) -> Vec<Skill> {
    let mut rated: Vec<Skill> = players.iter().map(|(skill, _)| *skill).collect();
    let field_size = players.len();
    let duel_count = field_size.saturating_sub(1).min(DUELS_MAX);
    if duel_count == 0 {
        return rated;
    }
    let mut ranking: Vec<usize> = (0..field_size).collect();
    ranking.sort_by_key(|&seat| players[seat].1);
    let before: Vec<WengLinRating> = ranking.iter().map(|&seat| players[seat].0.to_weng_lin()).collect();
    for (rank, &seat) in ranking.iter().enumerate() {
        let (skill, placement) = players[seat];
        let mut sum = (0.0, 0.0);
        for duel in 1..=duel_count {
            // In a field no larger than that these are simply all others, the next one first.
            let opponent = (rank + duel * field_size / (duel_count + 1)) % field_size;
            let outcome = match placement.cmp(&players[ranking[opponent]].1) {
                Ordering::Less => Outcomes::WIN,
                Ordering::Equal => Outcomes::DRAW,
                Ordering::Greater => Outcomes::LOSS,
            };
            let after = weng_lin(&before[rank], &before[opponent], &outcome, &WengLinConfig::new()).0;
            sum = (sum.0 + after.rating, sum.1 + after.uncertainty);
        }
        let mean = |sum: f64| sum / duel_count as f64;
        rated[seat] = skill.or_from(WengLinRating { rating: mean(sum.0), uncertainty: mean(sum.1) });
    }
    rated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_winner_rises_and_the_last_falls() {
        let newcomer = Skill::default();
        let after = rate_free_for_all(&[(newcomer, 3), (newcomer, 1), (newcomer, 2)]);
        assert_eq!(newcomer.shown(), 1_500, "a newcomer shows 1,500");
        assert!(after[1].shown() > 1_500, "the first of three rises: {after:?}");
        assert!(after[0].shown() < 1_500, "the last of three falls: {after:?}");
        assert!(after.iter().all(|skill| skill.deviation_micros < newcomer.deviation_micros), "all are surer now");
    }

    #[test]
    fn a_rating_is_pulled_back_as_far_as_asked() {
        let master = Skill { mean_micros: 35_000_000, deviation_micros: 1_333_333 };
        assert_eq!(master.pulled_back(0), master, "by nothing");
        assert_eq!(master.pulled_back(50), Skill { mean_micros: 30_000_000, deviation_micros: 4_833_333 }, "half way");
        assert_eq!(master.pulled_back(100), Skill::default(), "to where all begin");
        assert_eq!(master.pulled_back(u32::MAX), Skill::default(), "and no further");
        let beginner = Skill { mean_micros: 15_000_000, ..master };
        assert_eq!(beginner.pulled_back(50).mean_micros, 20_000_000, "from below it is pulled up");
    }

    #[test]
    fn a_draw_among_equals_moves_nobody() {
        let after = rate_free_for_all(&[(Skill::default(), 1); 4]);
        assert!(after.iter().all(|skill| skill.shown() == 1_500), "equals who draw stay where they are: {after:?}");
    }

    #[test]
    fn one_match_of_many_moves_newcomers_no_further_than_a_duel() {
        let field: Vec<(Skill, u16)> = (1..=24).map(|placement| (Skill::default(), placement)).collect();
        let shown: Vec<i32> = rate_free_for_all(&field).into_iter().map(Skill::shown).collect();
        let duel = rate_free_for_all(&[(Skill::default(), 1), (Skill::default(), 2)]);
        assert!(shown.is_sorted_by(|better, worse| better > worse), "by placement: {shown:?}");
        assert_eq!(shown[0], duel[0].shown(), "the winner has won a duel against the field");
    }

    #[test]
    fn ten_thousand_are_rated_by_placement_too() {
        let field: Vec<(Skill, u16)> = (1..=10_000).rev().map(|placement| (Skill::default(), placement)).collect();
        let after = rate_free_for_all(&field);
        let duel = rate_free_for_all(&[(Skill::default(), 1), (Skill::default(), 2)]);
        assert_eq!(after[9_999], duel[0], "the winner has won a duel against the field");
        assert_eq!(after[0], duel[1], "and the last has lost one");
        assert!(after.is_sorted_by_key(|skill| skill.mean_micros), "nobody passes a better placed one");
        let middle = after[5_000].mean_micros - Skill::default().mean_micros;
        assert!(middle.abs() < 20_000, "who is in the middle hardly moves: by {middle} millionths");
    }

    #[test]
    fn a_large_field_of_mixed_skill_is_rated_as_if_everyone_met_everyone() {
        // Strong and weak by turns, placed almost by chance.
        let player = |seat: i64| {
            let skill = Skill { mean_micros: 15_000_000 + seat * 7_919 % 20_000_000, ..Skill::default() };
            (skill, u16::try_from(seat * 331 % 997).unwrap())
        };
        let field: Vec<_> = (0..997).map(player).collect();
        for (seat, sampled) in rate_free_for_all(&field).iter().enumerate().step_by(83) {
            let duels = field.iter().enumerate().filter(|(other, _)| *other != seat);
            let means = duels.map(|(_, other)| rate_free_for_all(&[field[seat], *other])[0].mean_micros);
            let all = means.sum::<i64>() / 996;
            assert!((sampled.mean_micros - all).abs() < 60_000, "seat {seat}: {all} became {}", sampled.mean_micros);
        }
    }

    #[test]
    fn nobody_to_compare_with_changes_nothing() {
        assert_eq!(rate_free_for_all(&[(Skill::default(), 1)]), [Skill::default()], "a match of one says nothing");
        assert!(rate_free_for_all(&[]).is_empty(), "nor does one of none");
    }

    #[test]
    fn a_thousand_defeats_stay_in_range() {
        let (mut loser, mut winner) = (Skill::default(), Skill::default());
        for _ in 0..1_000 {
            let after = rate_free_for_all(&[(winner, 1), (loser, 2)]);
            (winner, loser) = (after[0], after[1]);
        }
        assert!((0..1_500).contains(&loser.shown()), "the loser stays in range: {loser:?}");
        assert!((1_501..=12_000).contains(&winner.shown()), "the winner stays in range: {winner:?}");
        assert!(loser.deviation_micros >= DEVIATION_MICROS_MIN, "and can still recover: {loser:?}");
    }
}
