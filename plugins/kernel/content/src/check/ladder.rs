//! Ladders.

use super::schedule::check_schedule;
use crate::Content;
use crate::content::Sources;
use crate::def::{LadderDef, TournamentDef};
use crate::limits::{DESCRIPTION_BYTES_MAX, LADDER_RANKS_MAX, RATING_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for LadderDef {
    const FOLDER: &'static str = "ladders";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        review.link(at.field("tournament"), &mut self.tournament);
        super::mode::check_rating_window(self.rating_window, at.field("rating_window"), review);
        self.check_ranks(at.field("ranks"), review);
        if let Some(season) = self.season {
            check_schedule(at.field("season"), season, review);
        }
        review.range(at.field("pull_back_percent"), self.pull_back_percent, 0..=100);
        review.range(at.field("battles_min"), self.battles_min, 0..=1_000);
    }
}

impl LadderDef {
    fn check_ranks(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.ranks.len(), 1..=LADDER_RANKS_MAX);
        let mut before: Option<u32> = None;
        for (index, rank) in self.ranks.iter().enumerate() {
            let at = at.nth(index);
            if review.local_key(at.field("key"), &rank.key)
                && self.ranks.iter().take(index).any(|other| other.key == rank.key)
            {
                review.fault(at.field("key"), "two ranks of one key", format!("{:?}", rank.key), "each key once");
            }
            review.name(at.field("name"), &rank.name);
            let allowed = match before {
                None => 0..=0,
                Some(before) => i64::from(before.saturating_add(1))..=RATING_MAX,
            };
            review.range(at.field("from"), rank.from, allowed);
            before = Some(rank.from);
        }
    }
}

/// Two people's creatures must be able to meet, and neither may be waited for for ever.
pub(super) fn check_tournaments(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, ladder) in content.ladders.iter() {
        let Some(source) = sources.get(&(LadderDef::FOLDER, key.to_owned())) else { continue };
        let Some(tournament) = content.tournaments.find(ladder.tournament.id()) else { continue };
        let at = source.root().field("tournament");
        check_tournament(tournament, ladder.tournament.key(), at, review);
    }
}

fn check_tournament(tournament: &TournamentDef, key: &str, at: Spot<'_>, review: &mut Review<'_>) {
    if !(tournament.entrants_min..=tournament.entrants_max).contains(&2) {
        let expected = "a tournament in which two can take part";
        review.fault(at, "a rated battle is one of two", format!("{key:?}"), expected);
    }
    if tournament.clock.is_none() {
        let expected = "a tournament with a clock";
        review.fault(at, "a rated battle could last for ever", format!("{key:?}"), expected);
    }
}
