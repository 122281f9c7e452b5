//! A world in which everything of a match can be seen, and no rule runs.

use bevy_app::{App, Plugin};
use hypogeum_arena::MatchViewPlugin;
use hypogeum_combat::{HazardView, ShotView};
use hypogeum_items::{ContainerView, Holdings, LyingView};
use hypogeum_npc::NpcView;
use hypogeum_space::{SpacePlugin, ViewApp};

pub(crate) struct ShownPlugin;

impl Plugin for ShownPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((SpacePlugin, MatchViewPlugin))
            .init_resource::<Holdings>()
            .show_things::<NpcView>()
            .show_things::<LyingView>()
            .show_things::<ContainerView>()
            .show_things::<ShotView>()
            .show_areas::<HazardView>();
    }
}
