//! The persistent world, whatever kinds of shard its places are.
//!
//! Each place that a kind names ([`PlaceKind`](hypogeum_shard::PlaceKind)) is opened once, and goes on at every start of the server. A
//! client that says [`EnterWorld`](hypogeum_protocol::ClientMessage::EnterWorld) gets in with its character, where that is; a
//! character that goes to another place leaves the one and enters the other, with one owner at every moment: the place it has
//! left, the database, and then the place it enters.
//!
//! In: [`MessageReceived`](hypogeum_sessions::MessageReceived). Out: shards, seats in them, and
//! [`MatchStarted`](hypogeum_protocol::ServerMessage::MatchStarted) for those who have entered, and the chunks of the ground around them.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Route | places are opened, at the start | `places.rs` |
//! | | characters enter | `enter.rs` |
//! | | characters go from place to place | `travel.rs` |
//! | | characters leave whose players are gone | `absent.rs` |
//! | | clients ask for chunks of the ground | `ground/` |
//! | Settle | clients are told where they are | `announce.rs` |
//! | | and what lies near them | `ground/` |
//! | | how characters are is written to the store | `checkpoint.rs` |

mod absent;
mod announce;
mod checkpoint;
mod enter;
mod ground;
mod places;
mod travel;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_hosting::HostingSystems;
use hypogeum_shard::host::HostSystems;

/// When the world is looked after within the stages of the tick.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorldSystems {
    /// In Route: places are opened, and characters enter and travel.
    Enter,
    /// In Settle, after what happened is recorded: clients are told where they are, and what lies near.
    Announce,
    /// In Settle, after grants: how characters are is written to the store.
    Checkpoint,
}

/// Opens the places of the world and lets characters in. Wants [`HostingPlugin`](hypogeum_hosting::HostingPlugin) beside it; where no kind has
/// places there is nothing to do.
#[derive(Clone, Copy, Debug)]
pub struct WorldPlugin {
    /// Whether places are opened and characters may enter. What an earlier run has opened goes on in any case.
    pub is_open: bool,
    /// How often all characters in a place are written to the store, in seconds; 0: only when they rise, die or trade.
    pub checkpoint_s: u32,
}

impl Plugin for WorldPlugin {
    fn build(&self, app: &mut App) {
        use WorldSystems::{Announce, Checkpoint, Enter};
        app.insert_resource(checkpoint::CheckpointEvery(self.checkpoint_s))
            .init_resource::<checkpoint::Asked>()
            .configure_sets(FixedUpdate, Checkpoint.in_set(HostSystems::Settle).after(HostingSystems::Grant))
            .add_systems(
                FixedUpdate,
                (
                    absent::vanish
                        .in_set(HostSystems::Route)
                        .after(HostingSystems::RouteCommands)
                        .before(HostingSystems::Feed),
                    (checkpoint::take_answers, checkpoint::take_down, checkpoint::keep).chain().in_set(Checkpoint),
                ),
            );
        if !self.is_open {
            app.add_systems(FixedUpdate, enter::refuse.in_set(HostSystems::Route).after(HostingSystems::RouteCommands));
            return;
        }
        app.init_resource::<travel::Travellers>()
            .init_resource::<travel::EnteringBy>()
            .configure_sets(
                FixedUpdate,
                (
                    Enter
                        .in_set(HostSystems::Route)
                        .after(HostingSystems::RouteCommands)
                        .before(HostingSystems::Answer),
                    Announce.in_set(HostSystems::Settle).after(HostingSystems::Record),
                ),
            )
            .add_systems(
                FixedUpdate,
                (
                    (
                        places::open,
                        travel::depart,
                        enter::enter,
                        travel::forget_gone,
                        travel::arrive,
                        ground::take_asks,
                    )
                        .chain()
                        .in_set(Enter),
                    (announce::announce, ground::show_ground).chain().in_set(Announce),
                ),
            );
    }
}
