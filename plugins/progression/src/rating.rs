//! Skill after Weng and Lin (2011), as the `skillratings` crate computes it.
//!
//! The only floating point of a settlement. It stays at the edge: what goes in and what comes out are integers.

use skillratings::MultiTeamOutcome;
use skillratings::weng_lin::{WengLinConfig, WengLinRating, weng_lin_multi_team};

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

/// How well somebody plays, and how sure that is, in millionths of the Weng-Lin scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skill {
    /// The estimate.
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
#[must_use]
pub fn rate_free_for_all(players: &[(Skill, u16)]) -> Vec<Skill> {
    if players.len() < 2 {
        return players.iter().map(|(skill, _)| *skill).collect();
    }
    let before: Vec<[WengLinRating; 1]> = players.iter().map(|(skill, _)| [skill.to_weng_lin()]).collect();
    let teams: Vec<(&[WengLinRating], MultiTeamOutcome)> = before
        .iter()
        .zip(players)
        .map(|(team, (_, placement))| (team.as_slice(), MultiTeamOutcome::new(usize::from(*placement))))
        .collect();
    let after = weng_lin_multi_team(&teams, &WengLinConfig::new());
    players
        .iter()
        .zip(after)
        .map(|((skill, _), team)| team.first().map_or(*skill, |rating| skill.or_from(*rating)))
        .collect()
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
    fn a_draw_among_equals_moves_nobody() {
        let after = rate_free_for_all(&[(Skill::default(), 1); 4]);
        assert!(after.iter().all(|skill| skill.shown() == 1_500), "equals who draw stay where they are: {after:?}");
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
