//! What the HTTP door asks of a database.

use std::future::Future;

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::GameId;
use hypogeum_progression::Skill;
use hypogeum_protocol::AccountId;

/// What somebody is rated on a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LadderRating {
    /// How well somebody plays, and how sure that is.
    pub skill: Skill,
    /// When the season began in which the last battle was fought, in seconds since 1970.
    pub season_s: i64,
    /// Rated battles of that season.
    pub battles: u32,
    /// All rated battles.
    pub battles_ever: u32,
}

impl LadderRating {
    /// The same in a season: pulled back, with no battles, where it is a later one. However many seasons went by, it is pulled back once.
    #[must_use]
    pub fn in_season(self, season_s: i64, pull_back_percent: u32) -> Self {
        if season_s <= self.season_s {
            return self;
        }
        Self { skill: self.skill.pulled_back(pull_back_percent), season_s, battles: 0, ..self }
    }
}

/// A rated battle that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedGame {
    /// Which game it is.
    pub game: GameId,
    /// The key of the ladder.
    pub ladder: String,
}

/// Ladders in a database.
pub trait LadderStore: Send + Sync + 'static {
    /// What somebody is rated on a ladder, as the last battle has left it; `None`: there was none.
    fn ladder_rating(
        &self,
        ladder: &str,
        account: AccountId,
    ) -> impl Future<Output = Result<Option<LadderRating>, AccountStoreError>> + Send;

    /// The rated battle of somebody that goes on: one at most.
    fn rated_game(
        &self,
        account: AccountId,
    ) -> impl Future<Output = Result<Option<RatedGame>, AccountStoreError>> + Send;
}
