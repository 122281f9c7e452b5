//! Where things are in a shard: bodies that walk, the grid of who is near, and what may be seen of whom.
//!
//! A body has a [`Position`], a [`Heading`], a [`Body`], a [`MoveSpeed`] and a [`MoveIntent`]. What steers it writes
//! `MoveIntent` and `Heading` up to `ShardSystems::Think`; in `ShardSystems::Move` this crate turns strides into
//! positions ([`walked`]), sliding along [`Obstacles`]. Whole numbers and their rules are those of `geometry`.
//!
//! What others ask, all in whole subunits (1/256 m) and turns (1/65,536):
//! - [`Obstacles`]: is a place free, does one see the other, how far does a ray get, where does a slide end;
//! - [`Grid`]: who is near a place, in an order that depends on nothing but places and names;
//! - [`Paths`]: where to walk next to get around obstacles;
//! - [`turn`]: sines, directions, distances.
//!
//! Plugins whose things can be seen say so with [`ViewApp`]; replication asks for them with [`ViewQueries`].
//!
//! No messages go in or out. The owner of the map replaces the [`Obstacles`] resource whole.

mod components;
mod grid;
mod movement;
mod view;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, Res, ResMut, SystemSet, resource_changed};
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};

pub use components::{Body, Heading, MoveIntent, MoveSpeed};
pub use grid::{Grid, Neighbour};
pub use hypogeum_geometry::{
    METRE, Obstacles, Occluders, PATH_BUDGET_MAX, PATH_RADIUS, Paths, Position, beyond, cm, turn, walked,
};
pub use view::{Appearance, AreaShown, Avatar, Head, OwnView, Shown, ViewApp, ViewQueries, Visible, VisibleArea};

/// When this crate does its part of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SpaceSystems {
    /// Before `ShardSystems::Apply`: grid and raster are built from the state the step begins with, so that a shard
    /// restored from a snapshot sees what one that ran on sees.
    Index,
    /// In `ShardSystems::Move`: bodies walk.
    Walk,
    /// In `ShardSystems::Move`, after `Walk`: the grid is built from the new places.
    Reindex,
}

/// Adds the components, the grid, movement and paths to a shard.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpacePlugin;

impl Plugin for SpacePlugin {
    fn build(&self, app: &mut App) {
        app.register_resource_state::<Obstacles>()
            .register_state::<Position>()
            .register_state::<Heading>()
            .register_state::<Body>()
            .register_state::<MoveSpeed>()
            .register_state::<MoveIntent>()
            .init_resource::<Grid>()
            .init_resource::<Paths>()
            .configure_sets(ShardSchedule, SpaceSystems::Index.before(ShardSystems::Apply))
            .configure_sets(
                ShardSchedule,
                (SpaceSystems::Walk, SpaceSystems::Reindex).chain().in_set(ShardSystems::Move),
            )
            .add_systems(
                ShardSchedule,
                (
                    (draw_raster.run_if(resource_changed::<Obstacles>), grid::index_places).in_set(SpaceSystems::Index),
                    movement::walk.in_set(SpaceSystems::Walk),
                    grid::index_places.in_set(SpaceSystems::Reindex),
                ),
            );
    }
}

/// Keeps the raster of paths that of the obstacles.
fn draw_raster(obstacles: Res<Obstacles>, mut paths: ResMut<Paths>) {
    paths.draw(&obstacles);
}
