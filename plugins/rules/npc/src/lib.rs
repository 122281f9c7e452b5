//! Who lives there: senses, threat, brains and spawners.
//!
//! A [`Brain`] steers whatever it sits on, an NPC or an avatar on autopilot, by the drives of its `BehaviourDef`: every
//! few ticks it perceives, adds up the score of each drive and follows the highest; every tick it writes `MoveIntent`,
//! `Heading` and `AbilityIntent`, the same three things a player's input becomes. What it wants with items it asks for by
//! `ItemRequest`, as a player would.
//!
//! In: `DamageDealt` and `Died` (combat), [`Landmarks`] (the owner of the place). Out: intents, `ItemRequest`,
//! `LootRequest` for the NPCs that died, [`Spoke`] for what they say. For the owner of the match: [`spawn_npc`], [`Spawner`], [`Waves`], [`Autopilot`],
//! [`DropPolicy`].

mod activity;
mod belongings;
mod brain;
mod calm;
mod components;
mod drive;
mod landmarks;
mod phases;
mod senses;
mod sides;
mod spawn;
mod steer;
mod tactics;
mod threat;
mod vanish;
mod view;
mod waves;

#[cfg(test)]
mod test_shard;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_combat::CombatSystems;
use hypogeum_items::ItemsSystems;
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};
use hypogeum_space::ViewApp;

pub use calm::is_calm;
pub use components::{Autopilot, Brain, Home, Npc, Perception, SpawnedBy, Spawner, THREATS_MAX, Threat};
pub use landmarks::{DangerMark, DownedMark, ExitMark, Landmarks, mark_dangers};
pub use phases::{Follower, PhaseState, Spoke};
pub use spawn::{DropPolicy, faction_side, spawn_npc, spawn_spawner};
pub use tactics::TacticState;
pub use vanish::vanish;
pub use view::NpcView;
pub use waves::{Waves, spawn_waves};

/// When NPCs do their part of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum NpcSystems {
    /// In `ShardSystems::Apply`: the dead of a while ago vanish, spawners bring in whom they owe, fights come to their next phase.
    Populate,
    /// In `ShardSystems::Think`: minds that are due perceive and decide. [`Landmarks`] are up to date before it.
    Decide,
    /// In `ShardSystems::Think`, after `Decide`: all minds steer and choose what to use.
    Steer,
    /// In `ShardSystems::Resolve`, after combat's deaths: who was hurt takes notice, who died leaves its loot. Before
    /// `ItemsSystems::Drops`.
    Settle,
}

/// Gives a shard minds. Needs `SpacePlugin`, `CombatPlugin` and `ItemsPlugin`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NpcPlugin;

impl Plugin for NpcPlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Npc>()
            .register_state::<Home>()
            .register_state::<Perception>()
            .register_state::<Brain>()
            .register_state::<Threat>()
            .register_state::<SpawnedBy>()
            .register_state::<Spawner>()
            .register_state::<TacticState>()
            .register_state::<PhaseState>()
            .register_state::<Follower>()
            .register_state::<Waves>()
            .add_shard_message::<Spoke>()
            .register_resource_state::<DropPolicy>()
            .show_things::<view::NpcView>()
            .init_resource::<Landmarks>()
            .configure_sets(ShardSchedule, NpcSystems::Populate.in_set(ShardSystems::Apply))
            .configure_sets(ShardSchedule, (NpcSystems::Decide, NpcSystems::Steer).chain().in_set(ShardSystems::Think))
            .configure_sets(
                ShardSchedule,
                NpcSystems::Settle
                    .in_set(ShardSystems::Resolve)
                    .after(CombatSystems::Death)
                    .before(ItemsSystems::Drops),
            )
            .add_systems(
                ShardSchedule,
                (
                    (spawn::despawn_fallen, phases::dismiss, waves::advance, spawn::populate, phases::advance)
                        .chain()
                        .in_set(NpcSystems::Populate),
                    brain::decide.in_set(NpcSystems::Decide),
                    (steer::steer, tactics::follow_tactics).chain().in_set(NpcSystems::Steer),
                    (threat::resent, spawn::fall).in_set(NpcSystems::Settle),
                ),
            );
    }
}
