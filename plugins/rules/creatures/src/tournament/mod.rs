//! A tournament as a kind of shard: it steps when somebody does something or time has passed, and between two steps it stands still.
//!
//! | stage of a step | idea | file |
//! |---|---|---|
//! | before the first | who takes part | `setup.rs` |
//! | Apply | people move, give points, are ready, withdraw | `obey.rs` |
//! | | who has no time left | `lapse.rs` |
//! | Act | machines choose, and turns are fought | `fight.rs` |
//! | Resolve | what follows: the bracket goes on, points are given, battles begin | `advance.rs` |
//! | all | what those are told who follow it | `news.rs` |
//! | | what the host asks | `kind.rs`, `view.rs`, `results.rs` |

mod advance;
mod clock;
mod fight;
mod kind;
mod lapse;
mod news;
mod obey;
mod results;
mod setup;
mod state;
mod view;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};

use state::{Answers, Draw, Duel, Entrant, Fought, Time, TournamentRef};

pub use kind::Tournament;
pub use setup::{can_play, check_setup};
pub use view::battle_log;

/// Everything that happens in a tournament.
struct TournamentPlugin;

impl Plugin for TournamentPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Answers>()
            .init_resource::<news::Before>()
            .register_resource_state::<TournamentRef>()
            .register_resource_state::<Draw>()
            .register_resource_state::<Time>()
            .register_resource_state::<Fought>()
            .register_state::<Entrant>()
            .register_state::<Duel>()
            .add_systems(
                ShardSchedule,
                (
                    (news::look, obey::obey, lapse::lapse).chain().in_set(ShardSystems::Apply),
                    fight::fight.in_set(ShardSystems::Act),
                    (advance::end_battles, advance::begin_battles, news::tell_changes)
                        .chain()
                        .in_set(ShardSystems::Resolve),
                ),
            );
    }
}
