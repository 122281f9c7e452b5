//! The boards there are, and in which season something counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_content::Content;
use hypogeum_content::def::{LeaderboardDef, Schedule, ScoreOperator, ScoreOrder, ScoreSource, SeasonRewardDef};
use hypogeum_progression::RewardTerms;
use hypogeum_protocol::AccountId;
use hypogeum_store::{BoardKey, ScoreChange};

/// The season of a board that has none.
pub const NO_SEASON_S: i64 = 0;

/// The boards there are, by their keys. A clone is the same ones.
#[derive(Resource, Clone, Debug, Default)]
pub struct Boards(Arc<BTreeMap<String, Board>>);

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one chooses, in the language of the content.
    pub description: String,
    /// Where its scores come from.
    pub source: BoardSource,
    /// What becomes of a score when another comes.
    pub operator: ScoreOperator,
    /// Which scores are good.
    pub order: ScoreOrder,
    /// When it begins again.
    pub season: Option<Schedule>,
    /// What those get who are on it at the end of a season, up to this rank each.
    pub rewards: Vec<(u64, RewardTerms)>,
}

/// Where the scores of a board come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoardSource {
    /// From plugins of the server.
    Submissions,
    /// From games of creatures that are won.
    GamesWon {
        /// Keys of tournaments; none: any.
        tournaments: Vec<String>,
        /// How many others must have taken part at least that are not the winner's own.
        opponents_min: u32,
    },
    /// From the ratings of a ladder.
    Rating {
        /// The key of the ladder.
        ladder: String,
    },
}

fn reward_of(def: &SeasonRewardDef) -> (u64, RewardTerms) {
    let cosmetic = def.cosmetic.as_ref().map(|cosmetic| cosmetic.key().to_owned());
    (u64::from(def.to_rank), RewardTerms { currency: i64::from(def.currency), cosmetic })
}

impl Board {
    fn of(key: &str, def: &LeaderboardDef) -> Self {
        let source = match &def.counts {
            ScoreSource::Submissions => BoardSource::Submissions,
            ScoreSource::Rating(ladder) => BoardSource::Rating { ladder: ladder.key().to_owned() },
            ScoreSource::GamesWon { tournaments, opponents_min } => BoardSource::GamesWon {
                tournaments: tournaments.iter().map(|link| link.key().to_owned()).collect(),
                opponents_min: *opponents_min,
            },
        };
        Self {
            key: key.to_owned(),
            name: def.name.clone(),
            description: def.description.clone(),
            source,
            operator: def.operator,
            order: def.order,
            season: def.season,
            rewards: def.rewards.iter().map(reward_of).collect(),
        }
    }

    /// As a database tells it from others.
    #[must_use]
    pub fn board_key(&self) -> BoardKey {
        BoardKey::new(&self.key, self.order)
    }

    /// When the season begins in which an instant lies, both in seconds since 1970: by this number the season is known;
    /// [`NO_SEASON_S`] where it has none.
    #[must_use]
    pub fn season_s(&self, now_s: i64) -> i64 {
        self.season.map_or(NO_SEASON_S, |schedule| schedule.begin_s(schedule.period(now_s)))
    }

    /// When the season ends in which an instant lies; `None`: never.
    #[must_use]
    pub fn season_end_s(&self, now_s: i64) -> Option<i64> {
        self.season.map(|schedule| schedule.next_begin_s(now_s))
    }

    /// A score that comes at an instant.
    #[must_use]
    pub fn change(&self, now_s: i64, account: AccountId, value: i64, key: String) -> ScoreChange {
        let (board, season_s) = (self.board_key(), self.season_s(now_s));
        ScoreChange { board, season_s, account, operator: self.operator, value, key }
    }
}

impl Boards {
    /// The boards of a content.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        let boards = content.leaderboards.iter().map(|(_, key, def)| (key.to_owned(), Board::of(key, def)));
        Self(Arc::new(boards.collect()))
    }

    /// All boards, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Board> {
        self.0.values()
    }

    /// The board of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Board> {
        self.0.get(key)
    }

    /// What a game counts for that somebody has won as champion, with so many others that were not the winner's own. It is counted
    /// in the transaction that settles the game, so it needs no key.
    #[must_use]
    pub fn of_game_won(&self, now_s: i64, tournament: &str, winner: AccountId, opponents: u32) -> Vec<ScoreChange> {
        let counts = |board: &&Board| match &board.source {
            BoardSource::Submissions | BoardSource::Rating { .. } => false,
            BoardSource::GamesWon { tournaments, opponents_min } => {
                let is_of_them = tournaments.is_empty() || tournaments.iter().any(|key| key == tournament);
                is_of_them && opponents >= *opponents_min
            }
        };
        self.iter().filter(counts).map(|board| board.change(now_s, winner, 1, String::new())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boards() -> Boards {
        let text = r#"(
            name: "Wins", description: "Won today.", counts: GamesWon(opponents_min: 3), operator: Increment,
            season: Daily(at: "04:00"),
        )"#;
        let ever = r#"(name: "Fastest", description: "Ever.", counts: Submissions, operator: Best, order: Ascending)"#;
        let files = [("leaderboards/wins.ron", text), ("leaderboards/fastest.ron", ever)];
        Boards::of(&Content::from_files(files).expect("it is sound"))
    }

    #[test]
    fn a_season_is_known_by_its_begin() {
        let boards = boards();
        let wins = boards.find("wins").expect("it is there");
        let four = 4 * 3_600;
        assert_eq!(wins.season_s(four - 1), four - 86_400, "before four the day before is on");
        assert_eq!((wins.season_s(four), wins.season_end_s(four)), (four, Some(four + 86_400)), "from four on the day");
        let fastest = boards.find("fastest").expect("it is there");
        assert_eq!((fastest.season_s(four), fastest.season_end_s(four)), (NO_SEASON_S, None), "some never begin again");
    }

    #[test]
    fn a_game_that_was_won_counts_where_others_took_part() {
        let boards = boards();
        assert_eq!(boards.of_game_won(0, "cup", AccountId(7), 2), [], "too few others");
        let counted = boards.of_game_won(0, "cup", AccountId(7), 3);
        let [change] = counted.as_slice() else { panic!("one board counts it: {counted:?}") };
        assert_eq!((change.board.key.as_str(), change.account, change.value), ("wins", AccountId(7), 1));
    }
}
