//! The edge as a bevy plugin: started first, then added.

use std::sync::Arc;

use bevy_app::{App, FixedLast, Plugin};
use bevy_ecs::prelude::{Res, Resource};
use hypogeum_protocol::link::LentLink;

use crate::config::WebSocketConfig;
use crate::edge::{Waker, WebSocketEdge};
use crate::error::WebSocketError;

/// Players who come over WebSocket. [`WebSocketPlugin::open`] does all that can fail. A clone is another handle on the same edge:
/// one is added to the app, another ends it by [`WebSocketEdge::shutdown`], after the app's last tick.
///
/// In the app it wakes the edge's threads after each tick, so that what was said in it leaves at once.
///
/// ```
/// use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
/// use hypogeum_protocol::link::EdgeLink;
/// use hypogeum_websocket::{WebSocketConfig, WebSocketPlugin};
///
/// let config = WebSocketConfig::default();
/// // `link` is what the host's sessions get.
/// let (link, [lent]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [config.workers]);
/// let websocket = WebSocketPlugin::open(&config, &lent)?;
/// let mut app = bevy_app::App::new();
/// app.add_plugins(websocket.clone());
/// drop(app);
/// websocket.edge().shutdown();
/// # drop(link);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct WebSocketPlugin(Arc<WebSocketEdge>);

impl WebSocketPlugin {
    /// [`WebSocketEdge::start`].
    ///
    /// # Errors
    /// Any [`WebSocketError`]; nothing is left behind.
    pub fn open(config: &WebSocketConfig, lent: &LentLink) -> Result<Self, WebSocketError> {
        Ok(Self(Arc::new(WebSocketEdge::start(config, lent)?)))
    }

    /// The edge, with its door and counters.
    #[must_use]
    pub fn edge(&self) -> &WebSocketEdge {
        &self.0
    }
}

impl Plugin for WebSocketPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Alarm(self.0.waker())).add_systems(FixedLast, wake);
    }
}

#[derive(Resource)]
struct Alarm(Waker);

fn wake(alarm: Res<Alarm>) {
    alarm.0.wake();
}
