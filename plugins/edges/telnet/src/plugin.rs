//! The edge as a bevy plugin: bound first, then added.

use std::sync::Arc;

use bevy_app::{App, FixedLast, Plugin};
use bevy_ecs::prelude::{Res, Resource};
use hypogeum_protocol::link::LentLink;

use crate::config::TelnetConfig;
use crate::doorkeeper::{Doorkeeper, Words};
use crate::edge::{TelnetEdge, Waker};
use crate::error::TelnetError;

/// Players who come by telnet. [`TelnetPlugin::bind`] does all that can fail. A clone is another handle on the same edge:
/// one is added to the app, another ends it by [`TelnetEdge::shutdown`], after the app's last tick.
///
/// In the app it wakes the edge's thread after each tick, so that what was said in it leaves at once.
#[derive(Clone, Debug)]
pub struct TelnetPlugin(Arc<TelnetEdge>);

impl TelnetPlugin {
    /// [`TelnetEdge::start`].
    ///
    /// # Errors
    /// Any [`TelnetError`]; nothing is left behind.
    pub fn bind(
        config: TelnetConfig,
        lent: LentLink,
        doorkeeper: Arc<dyn Doorkeeper>,
        words: Arc<dyn Words>,
    ) -> Result<Self, TelnetError> {
        Ok(Self(Arc::new(TelnetEdge::start(config, lent, doorkeeper, words)?)))
    }

    /// The edge, with its counters.
    #[must_use]
    pub fn edge(&self) -> &TelnetEdge {
        &self.0
    }
}

impl Plugin for TelnetPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Alarm(self.0.waker())).add_systems(FixedLast, wake);
    }
}

#[derive(Resource)]
struct Alarm(Waker);

fn wake(alarm: Res<Alarm>) {
    alarm.0.wake();
}
