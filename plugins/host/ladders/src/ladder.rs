//! The ladders there are, and what their numbers mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_content::Content;
use hypogeum_content::def::{FillRule, LadderDef, RatingWindow, Schedule};
use hypogeum_leaderboards::{BoardSource, Boards};
use hypogeum_matchmaking::Terms;
use hypogeum_progression::Skill;
use hypogeum_store::{LadderSeason, LadderTerms, RatingBoard};

use crate::store::LadderRating;

/// The ladders there are, by their keys. A clone is the same ones.
#[derive(Resource, Clone, Debug, Default)]
pub struct Ladders(Arc<BTreeMap<String, Ladder>>);

/// A ladder.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one chooses, in the language of the content.
    pub description: String,
    /// The key of the tournament whose rules a rated battle has.
    pub tournament: String,
    /// How far apart the ratings of two who meet may be.
    pub window: RatingWindow,
    /// What ratings are called, the lowest first.
    pub ranks: Vec<LadderRank>,
    /// When a season begins.
    pub season: Option<Schedule>,
    /// How far a new season pulls a rating back, 0–100 percent.
    pub pull_back_percent: u32,
    /// Rated battles of a season until somebody stands on a board.
    pub battles_min: u32,
}

/// What a rating is called from one number on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderRank {
    /// By which texts know it.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// The least rating of it.
    pub from: u32,
}

impl Ladder {
    fn of(key: &str, def: &LadderDef) -> Self {
        let rank = |rank: &hypogeum_content::def::LadderRankDef| LadderRank {
            key: rank.key.clone(),
            name: rank.name.clone(),
            from: rank.from,
        };
        Self {
            key: key.to_owned(),
            name: def.name.clone(),
            description: def.description.clone(),
            tournament: def.tournament.key().to_owned(),
            window: def.rating_window,
            ranks: def.ranks.iter().map(rank).collect(),
            season: def.season,
            pull_back_percent: def.pull_back_percent,
            battles_min: def.battles_min,
        }
    }

    /// When the season began in which an instant lies, both in seconds since 1970; 0: the ladder has none.
    #[must_use]
    pub fn season_s(&self, now_s: i64) -> i64 {
        self.season.map_or(0, |schedule| schedule.begin_s(schedule.period(now_s)))
    }

    /// When the season ends in which an instant lies; `None`: never.
    #[must_use]
    pub fn season_end_s(&self, now_s: i64) -> Option<i64> {
        self.season.map(|schedule| schedule.next_begin_s(now_s))
    }

    /// What somebody is rated who has this from the last battle: pulled back where a season has begun since. The same is done, and kept,
    /// once the next battle is settled.
    #[must_use]
    pub fn rating_at(&self, kept: Option<LadderRating>, now_s: i64) -> LadderRating {
        let season_s = self.season_s(now_s);
        match kept {
            None => LadderRating { skill: Skill::default(), season_s, battles: 0, battles_ever: 0 },
            Some(kept) => kept.in_season(season_s, self.pull_back_percent),
        }
    }

    /// What a rating is called.
    #[must_use]
    pub fn rank(&self, rating: i32) -> Option<&LadderRank> {
        self.ranks.iter().rev().find(|rank| i64::from(rank.from) <= i64::from(rating))
    }

    /// What two ask of each other, on a host of `tick_hz` ticks a second.
    pub(crate) fn terms(&self, tick_hz: u32) -> Terms {
        Terms {
            players_min: 2,
            players_max: 2,
            window: self.window,
            wait_ticks: u64::MAX,
            gather_ticks: 0,
            fill: FillRule::Nobody,
            teams: None,
            relax_ticks: None,
            tick_hz: tick_hz.max(1),
        }
    }
}

impl Ladders {
    /// The ladders of a content.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        let ladders = content.ladders.iter().map(|(_, key, def)| (key.to_owned(), Ladder::of(key, def)));
        Self(Arc::new(ladders.collect()))
    }

    /// All ladders, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Ladder> {
        self.0.values()
    }

    /// The ladder of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Ladder> {
        self.0.get(key)
    }

    /// What the ratings of each ladder mean now, in the order of their keys.
    #[must_use]
    pub fn seasons(&self, now_s: i64) -> Vec<LadderSeason> {
        let season = |ladder: &Ladder| LadderSeason {
            ladder: ladder.key.clone(),
            season_s: ladder.season_s(now_s),
            pull_back_percent: ladder.pull_back_percent,
        };
        self.iter().map(season).collect()
    }

    /// What ladders make of a rated battle by the rules of a tournament: which of them it is, if any, the database knows.
    #[must_use]
    pub fn terms_of(&self, tournament: &str, boards: &Boards, now_s: i64) -> Vec<LadderTerms> {
        let terms = |ladder: &Ladder| LadderTerms {
            ladder: ladder.key.clone(),
            season_s: ladder.season_s(now_s),
            pull_back_percent: ladder.pull_back_percent,
            battles_min: ladder.battles_min,
            boards: rating_boards(&ladder.key, boards, now_s),
        };
        self.iter().filter(|ladder| ladder.tournament == tournament).map(terms).collect()
    }
}

fn rating_boards(ladder: &str, boards: &Boards, now_s: i64) -> Vec<RatingBoard> {
    let shows =
        boards.iter().filter(|board| matches!(&board.source, BoardSource::Rating { ladder: of } if of == ladder));
    let board = |board: &hypogeum_leaderboards::Board| RatingBoard {
        board: board.board_key(),
        operator: board.operator,
        season_s: board.season_s(now_s),
    };
    shows.map(board).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder() -> Ladder {
        let rank = |key: &str, from| LadderRank { key: key.to_owned(), name: key.to_owned(), from };
        Ladder {
            key: "duels".to_owned(),
            name: "Duels".to_owned(),
            description: "One against one.".to_owned(),
            tournament: "duel".to_owned(),
            window: RatingWindow { start: 100, per_s: 10, max: 400 },
            ranks: vec![rank("bronze", 0), rank("silver", 1_400), rank("gold", 1_600)],
            season: Some(Schedule::Daily { at: hypogeum_content::def::TimeOfDay::new(0, 0).expect("midnight") }),
            pull_back_percent: 50,
            battles_min: 3,
        }
    }

    #[test]
    fn ratings_have_names() {
        let ladder = ladder();
        let named = |rating| ladder.rank(rating).map(|rank| rank.key.as_str());
        assert_eq!(
            [named(0), named(1_399), named(1_400), named(12_000)],
            [Some("bronze"), Some("bronze"), Some("silver"), Some("gold")]
        );
        assert_eq!(named(-1), None, "nobody is rated so");
    }

    #[test]
    fn a_new_season_pulls_back_once() {
        let ladder = ladder();
        let master = Skill { mean_micros: 35_000_000, deviation_micros: 2_000_000 };
        let kept = LadderRating { skill: master, season_s: 86_400, battles: 9, battles_ever: 40 };
        assert_eq!(ladder.rating_at(Some(kept), 86_400 + 5), kept, "within the season it is what it was");
        let next = ladder.rating_at(Some(kept), 5 * 86_400);
        assert_eq!(
            (next.skill, next.battles, next.battles_ever),
            (master.pulled_back(50), 0, 40),
            "half way, however late"
        );
        assert_eq!(ladder.rating_at(Some(next), 5 * 86_400 + 1), next, "and not again");
        assert_eq!(ladder.rating_at(Some(kept), 5), kept, "a clock that is behind changes nothing");
        assert_eq!(ladder.rating_at(None, 5).skill, Skill::default(), "who is new begins as all do");
    }
}
