//! The host: one headless app, put together here for whoever runs it.

use bevy_app::App;
use bevy_time::{Fixed, Time, TimePlugin, TimeUpdateStrategy};
use hypogeum_shard::host::ShardHostPlugin;

use crate::SessionsPlugin;

impl SessionsPlugin {
    /// An app whose every update is exactly one tick; its owner decides when. `threads` step shards and write snapshots; `extend`
    /// adds what else is to run in it.
    pub fn into_app(self, threads: usize, extend: impl FnOnce(&mut App)) -> App {
        let tick_hz = self.config.tick_hz;
        let mut app = App::new();
        app.add_plugins(TimePlugin)
            .insert_resource(Time::<Fixed>::from_hz(tick_hz.into()))
            .insert_resource(TimeUpdateStrategy::FixedTimesteps(1))
            .add_plugins(ShardHostPlugin { step_threads: threads })
            .add_plugins(self);
        extend(&mut app);
        app.finish();
        app.cleanup();
        app
    }
}
