//! Ladders: people wait in line with a creature, two whose ratings are near meet in a rated battle, and climb or fall.
//!
//! A ladder is a file of the content (`assets/ladders/`). Whoever wants to fight asks through a [`LaddersPort`] and asks again, every few
//! seconds, how it stands; who vanishes falls out of the line. Two are matched as players of matches are
//! ([`Matchmaker`](hypogeum_matchmaking::Matchmaker)), and the store begins their battle in one transaction that holds both creatures: where
//! one is no longer free, the other keeps its place. From then on it is a game as any other. What it does to the ratings of both is
//! written in the transaction that settles it, once.
//!
//! The line is of this process: after a restart whoever waited gets in line again. Battles that had begun go on.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | | the ladders there are, what their numbers mean | `ladder.rs` |
//! | beside it | how other threads ask | `port.rs` |
//! | Route | who waits, who was found | `line.rs`, `service.rs` |
//! | Settle | what came of it | `service.rs` |
//! | | what is asked of a database | `store.rs` |

mod ladder;
mod line;
mod port;
mod service;
mod store;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_leaderboards::UnixClock;
use hypogeum_sessions::{SessionSystems, SessionsConfig};
use hypogeum_shard::host::HostSystems;

pub use ladder::{Ladder, LadderRank, Ladders};
pub use port::{FallOut, JoinLadder, LadderPosition, LaddersPort, QueueAnswer, QueueError, QueueState};
pub use store::{LadderRating, LadderStore, RatedGame};

/// Who does not ask how it stands for so long falls out of the line, unless configured.
pub const VANISH_S: u32 = 30;
/// For how long it is known what came of a place in line.
const REMEMBER_S: u32 = 600;

/// Finds opponents for those who wait. Wants [`LeaderboardsPlugin`](hypogeum_leaderboards::LeaderboardsPlugin) and the sessions beside it.
#[derive(Clone, Debug)]
pub struct LaddersPlugin {
    /// The ladders there are.
    pub ladders: Ladders,
    /// How other threads ask.
    pub port: LaddersPort,
    /// Who does not ask how it stands for so many seconds falls out of the line.
    pub vanish_s: u32,
}

impl Default for LaddersPlugin {
    fn default() -> Self {
        Self { ladders: Ladders::default(), port: LaddersPort::default(), vanish_s: VANISH_S }
    }
}

impl Plugin for LaddersPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.ladders.clone())
            .insert_resource(self.port.clone())
            .init_resource::<UnixClock>()
            .add_systems(
                FixedUpdate,
                (
                    (service::take_asked, service::form).chain().in_set(HostSystems::Route),
                    service::take_answers.in_set(HostSystems::Settle).before(SessionSystems::SendAway),
                ),
            );
    }

    /// How many ticks a second has is known once all plugins are there.
    fn finish(&self, app: &mut App) {
        let config = app.world().get_resource::<SessionsConfig>().cloned().unwrap_or_default();
        let patience =
            line::Patience { vanish_ticks: config.ticks(self.vanish_s), remember_ticks: config.ticks(REMEMBER_S) };
        let line = line::Line::new(&self.ladders, config.tick_hz, patience);
        app.insert_resource(service::Queue::new(line));
    }
}
