//! Whether the order of systems is said, or only happens to be what it is.

use bevy_app::App;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, Schedules};
use bevy_ecs::world::World;

use crate::{Shard, ShardSchedule};

/// Builds a schedule with bevy's detection of ambiguities as an error: two systems that use the same data, one of them
/// to change it, must be ordered. For tests of apps; [`assert_ordered`] is the one for shards.
///
/// # Errors
/// The pairs of systems whose order nobody says, and what they both use.
pub fn check_order(world: &mut World, label: impl ScheduleLabel) -> Result<(), String> {
    let mut schedule = world.resource_mut::<Schedules>().remove(label).ok_or("there is no such schedule")?;
    let before = schedule.get_build_settings();
    schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..before.clone() });
    let checked = schedule.initialize(world).map(|_| ()).map_err(|error| error.to_string(schedule.graph(), world));
    schedule.set_build_settings(before);
    world.resource_mut::<Schedules>().insert(schedule);
    checked
}

/// As [`check_order`], of a schedule of an app that has not run yet.
///
/// # Panics
/// Where two systems of it conflict and their order is not said.
pub fn assert_app_ordered(app: &mut App, label: impl ScheduleLabel) {
    if let Err(conflicts) = check_order(app.world_mut(), label) {
        panic!("systems conflict and nobody says which comes first:\n{conflicts}");
    }
}

/// Holds a kind of shard to the law that nothing in a step depends on an order that nobody has written down. One line in
/// a kind's tests, with a shard that has taken no step yet.
///
/// # Panics
/// Where two systems of the shard conflict and their order is not said.
pub fn assert_ordered(shard: &mut Shard) {
    if let Err(conflicts) = check_order(shard.world_mut(), ShardSchedule) {
        panic!("systems of a shard conflict and nobody says which comes first:\n{conflicts}");
    }
}
