//! Boards of who is best.

use super::schedule::check_schedule;
use crate::def::{LeaderboardDef, ScoreOperator, ScoreOrder, ScoreSource};
use crate::limits::{DESCRIPTION_BYTES_MAX, ENTRANTS_MAX};
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
