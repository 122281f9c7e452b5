//! Boards of who is best, and their seasons.
//!
//! A board is a file of the content (`assets/leaderboards/`). What it counts comes in the transaction that settles a game, or from plugins
//! of the server, which [`Scores::submit`] it. Its season is a number by its schedule: when it begins, in seconds since 1970. So a board begins
//! again by that number alone, on every server at once, and needs nobody to empty it. That a season is over is noted once, in one
//! transaction: from then on nothing counts in it any more, whatever the clock of a server says.
//!
//! | idea | file |
//! |---|---|
//! | the boards there are, and in which season something counts | `board.rs` |
//! | scores that plugins submit, on their way to the store | `submit.rs` |
//! | seasons that are over are closed | `seasons.rs` |
//! | what the HTTP door asks of a database | `store.rs` |

mod board;
mod clock;
mod seasons;
mod store;
mod submit;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_sessions::SessionSystems;
use hypogeum_shard::host::HostSystems;

pub use board::{Board, BoardSource, Boards, NO_SEASON_S};
pub use clock::UnixClock;
pub use store::{
    BoardEntry, BoardPage, BoardSeason, ENTRIES_PER_PAGE_MAX, PageStart, PlaceMark, ScoreStore, SeasonChoice,
};
pub use submit::{SCORES_WAITING_MAX, Scores, SubmitError};

/// Counts scores that plugins submit, and closes seasons that are over.
#[derive(Clone, Debug, Default)]
pub struct LeaderboardsPlugin {
    /// The boards there are.
    pub boards: Boards,
    /// What time it is.
    pub clock: UnixClock,
}

impl Plugin for LeaderboardsPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.boards.clone())
            .insert_resource(self.clock.clone())
            .init_resource::<submit::ScoresWaiting>()
            .init_resource::<seasons::SeasonsClosed>()
            .add_systems(
                FixedUpdate,
                (submit::take_answers, submit::send, seasons::take_answers, seasons::close)
                    .chain()
                    .in_set(HostSystems::Settle)
                    .before(SessionSystems::SendAway),
            );
    }
}
