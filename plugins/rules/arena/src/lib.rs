//! The match: map from a seed, phases, hazards, extraction and settlement.
//!
//! [`new_match`] builds one: a [`Shard`](hypogeum_shard::Shard) with the whole game in it. Its host steps it with the
//! participants' commands until [`is_over`], and then asks for each seat's [`Grant`](hypogeum_protocol::Grant) by [`grant`].
//!
//! | stage | idea | file |
//! |---|---|---|
//! | before it is built | the kind of shard, its setup as it stands in logs | `kind.rs` |
//! | before the first step | the ground from the seed | `layout.rs` |
//! | | inhabitants, avatars, what they bring | `populate.rs` |
//! | Apply | the clock, the exits | `phases.rs` |
//! | | commands of participants | `commands.rs` |
//! | | hazards are shown by their plan | `hazards.rs` |
//! | | who plays for which team | `teams.rs` |
//! | | the downed bleed out | `downed.rs` |
//! | Think | what brains know of the place | `landmarks.rs` |
//! | | nobody moves unless it is live | `phases.rs` |
//! | Resolve | kills, experience, what the dead leave | `deaths.rs` |
//! | | team-mates revive the downed | `downed.rs` |
//! | | getting out | `extraction.rs` |
//! | | the end | `phases.rs` |
//! | | who stands where | `ranks.rs` |
//! | after a step | counts, verdicts, the map for clients | `verdict.rs` |
//! | | what clients are shown | `view.rs` |
//!
//! In: commands. Out: game events, `HarmRequest`, `ItemRequest`, `DropAllRequest`.

mod commands;
mod deaths;
mod downed;
mod extraction;
mod hazards;
mod kind;
mod landmarks;
mod layout;
mod phases;
mod populate;
mod ranks;
mod setup;
mod state;
mod teams;
#[cfg(test)]
mod test_shard;
mod verdict;
mod view;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_combat::{CombatPlugin, CombatSystems, DownedPlugin, HazardSystems, HazardsPlugin};
use hypogeum_items::{ItemsPlugin, ItemsSystems};
use hypogeum_npc::{NpcPlugin, NpcSystems, mark_dangers};
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};
use hypogeum_space::SpacePlugin;

pub use downed::Reviving;
pub use kind::{Arena, resolve};
pub use populate::new_match;
pub use setup::{MatchSetup, SeatSetup};
pub use state::{Extracting, LastInput, MatchClock, PlannedHazard, Scores, SeatScore, Seated};
pub use teams::{Team, Teams};
pub use verdict::{
    Counts, avatar, avatar_name, counts, grant, hazards_to_come, is_over, layout_hash, map_brief, seats_inside,
};
pub use view::MatchViewPlugin;

/// When the match does its parts of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArenaSystems {
    /// In `ShardSystems::Apply`: the clock first, then commands, then new hazards.
    Apply,
    /// In `ShardSystems::Think`, before minds decide.
    Mark,
    /// In `ShardSystems::Resolve`, between combat's deaths and the items they leave.
    Reckon,
    /// In `ShardSystems::Resolve`, after everything else that changes who carries what.
    Conclude,
}

/// A whole match: every rule of the game in one shard.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArenaPlugin;

impl Plugin for ArenaPlugin {
    fn build(&self, app: &mut App) {
        use ArenaSystems::{Apply, Conclude, Mark, Reckon};
        let hazards = HazardsPlugin::<Seated>::default();
        app.add_plugins((SpacePlugin, CombatPlugin, DownedPlugin, hazards, ItemsPlugin, NpcPlugin, MatchViewPlugin));
        register(app);
        app.configure_sets(ShardSchedule, Apply.in_set(ShardSystems::Apply).before(NpcSystems::Populate))
            .configure_sets(ShardSchedule, Mark.in_set(ShardSystems::Think).before(NpcSystems::Decide))
            .configure_sets(ShardSchedule, HazardSystems::Advance.after(Apply).before(NpcSystems::Populate))
            .configure_sets(
                ShardSchedule,
                Reckon.in_set(ShardSystems::Resolve).after(CombatSystems::Death).before(ItemsSystems::Drops),
            )
            .configure_sets(
                ShardSchedule,
                Conclude
                    .in_set(ShardSystems::Resolve)
                    .after(ItemsSystems::Drops)
                    .after(CombatSystems::Derive)
                    .after(NpcSystems::Settle),
            )
            .add_systems(
                ShardSchedule,
                (
                    (
                        phases::advance,
                        teams::tell_teams,
                        deaths::despawn_fallen,
                        commands::apply,
                        downed::bleed_out,
                        hazards::show_planned,
                    )
                        .chain()
                        .in_set(Apply),
                    (landmarks::mark, mark_dangers).chain().in_set(Mark),
                    phases::hold_still.in_set(ShardSystems::Think).after(NpcSystems::Steer),
                    deaths::score.in_set(Reckon),
                    (extraction::extract, downed::revive, phases::conclude, ranks::rank).chain().in_set(Conclude),
                ),
            );
    }
}

fn register(app: &mut App) {
    use state::{Game, Ground, HazardPlan};
    app.register_state::<Seated>()
        .register_state::<LastInput>()
        .register_state::<Extracting>()
        .register_state::<Team>()
        .register_state::<Reviving>()
        .init_resource::<Teams>()
        .register_resource_state::<MatchClock>()
        .register_resource_state::<Game>()
        .register_resource_state::<Ground>()
        .register_resource_state::<HazardPlan>()
        .register_rows_state::<Scores>();
}
