//! Boards of who is best.

use super::schedule::check_schedule;
use crate::def::{LeaderboardDef, ScoreOperator, ScoreOrder, ScoreSource};
use crate::limits::{DESCRIPTION_BYTES_MAX, ENTRANTS_MAX, SEASON_RANK_MAX, SEASON_REWARDS_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for LeaderboardDef {
    const FOLDER: &'static str = "leaderboards";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        if let Some(season) = self.season {
            check_schedule(at.field("season"), season, review);
        }
        self.check_source(at.field("counts"), review);
        self.check_operator(at, review);
        self.check_rewards(at.field("rewards"), review);
    }
}

impl LeaderboardDef {
    fn check_source(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        match &mut self.counts {
            ScoreSource::Submissions => {}
            ScoreSource::GamesWon { tournaments, opponents_min } => {
                review.count(at.field("tournaments"), tournaments.len(), 0..=64);
                review.links(at.field("tournaments"), tournaments);
                review.range(at.field("opponents_min"), *opponents_min, 1..=ENTRANTS_MAX - 1);
            }
            ScoreSource::Rating(ladder) => review.link(at.nth(0), ladder),
        }
    }

    fn check_rewards(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.rewards.len(), 0..=SEASON_REWARDS_MAX);
        if self.season.is_none() && !self.rewards.is_empty() {
            review.fault(at, "nobody is rewarded where no season ends", "rewards", "a season, or no rewards");
        }
        let mut before = 0;
        for (index, reward) in self.rewards.iter_mut().enumerate() {
            let at = at.nth(index);
            review.range(at.field("to_rank"), reward.to_rank, before + 1..=SEASON_RANK_MAX);
            before = i64::from(reward.to_rank).min(SEASON_RANK_MAX - 1);
            super::cosmetic::check_reward(at, reward.currency, reward.cosmetic.as_mut(), review);
        }
    }

    /// What counts one by one is added up, and what is measured is not; more of either is better.
    fn check_operator(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let (what, expected): (_, &[ScoreOperator]) = match self.counts {
            ScoreSource::Submissions => return,
            ScoreSource::GamesWon { .. } => ("games that are won are not added up", &[ScoreOperator::Increment]),
            ScoreSource::Rating(_) => ("ratings are not added up", &[ScoreOperator::Set, ScoreOperator::Best]),
        };
        if !expected.contains(&self.operator) {
            let expected: Vec<String> = expected.iter().map(|operator| format!("{operator:?}")).collect();
            let found = at.field("operator").word();
            review.fault(at.field("operator"), what, found, expected.join(" or "));
        }
        if self.order != ScoreOrder::Descending {
            let found = at.field("order").word();
            review.fault(at.field("order"), "who is worst would stand first", found, "Descending");
        }
    }
}
