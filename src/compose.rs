//! The host: one headless app, put together here and nowhere else.

use bevy_app::App;
use bevy_time::{Fixed, Time, TimePlugin, TimeUpdateStrategy};
use hypogeum_sessions::SessionsPlugin;
use hypogeum_shard::host::ShardHostPlugin;

/// An app whose every update is exactly one tick; the runner decides when.
pub(crate) fn host(tick_hz: u16, step_threads: usize, sessions: SessionsPlugin) -> App {
    let mut app = App::new();
    app.add_plugins(TimePlugin)
        .insert_resource(Time::<Fixed>::from_hz(f64::from(tick_hz)))
        .insert_resource(TimeUpdateStrategy::FixedTimesteps(1))
        .add_plugins(ShardHostPlugin { step_threads })
        .add_plugins(sessions);
    app.finish();
    app.cleanup();
    app
}
