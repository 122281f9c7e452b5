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
        if let ScoreSource::GamesWon { tournaments, opponents_min } = &mut self.counts {
            let at = at.field("counts");
            review.count(at.field("tournaments"), tournaments.len(), 0..=64);
            review.links(at.field("tournaments"), tournaments);
            review.range(at.field("opponents_min"), *opponents_min, 1..=ENTRANTS_MAX - 1);
        }
        self.check_operator(at, review);
    }
}

impl LeaderboardDef {
    /// What counts one by one is added up, and more of it is better.
    fn check_operator(&self, at: Spot<'_>, review: &mut Review<'_>) {
        if !matches!(self.counts, ScoreSource::GamesWon { .. }) {
            return;
        }
        if self.operator != ScoreOperator::Increment {
            let found = at.field("operator").word();
            review.fault(at.field("operator"), "games that are won are not added up", found, "Increment");
        }
        if self.order != ScoreOrder::Descending {
            let found = at.field("order").word();
            review.fault(at.field("order"), "who wins least would stand first", found, "Descending");
        }
    }
}
