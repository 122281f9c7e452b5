//! The edge as a bevy plugin: bound first, then added.

use std::sync::Arc;

use bevy_app::{App, FixedLast, Plugin};
use bevy_ecs::prelude::{Res, Resource};
use hypogeum_protocol::link::LentLink;

use crate::config::NetConfig;
use crate::edge::{UdpEdge, Waker};
use crate::error::NetError;

/// Players who come over UDP. [`UdpTransportPlugin::bind`] does all that can fail. A clone is another handle on the
/// same port: one is added to the app, another ends it by [`UdpEdge::shutdown`], after the app's last tick.
///
/// In the app it wakes the port's threads after each tick, so that what was said in it leaves at once.
///
/// ```
/// use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
/// use hypogeum_protocol::link::EdgeLink;
/// use hypogeum_udp::{NetConfig, UdpTransportPlugin};
///
/// let config = NetConfig::new("127.0.0.1:0".parse()?, [7; 32]);
/// // `link` is what the host's sessions get.
/// let (link, [lent]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [config.workers_count()]);
/// let udp = UdpTransportPlugin::bind(config, lent)?;
/// let mut app = bevy_app::App::new();
/// app.add_plugins(udp.clone());
/// drop(app);
/// udp.edge().shutdown();
/// # drop(link);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct UdpTransportPlugin(Arc<UdpEdge>);

impl UdpTransportPlugin {
    /// [`UdpEdge::bind_to`].
    ///
    /// # Errors
    /// Any [`NetError`]; nothing is left behind.
    pub fn bind(config: NetConfig, link: LentLink) -> Result<Self, NetError> {
        Ok(Self(Arc::new(UdpEdge::bind_to(config, link)?)))
    }

    /// The game's port, with its counters and connect tokens.
    #[must_use]
    pub fn edge(&self) -> &UdpEdge {
        &self.0
    }
}

impl Plugin for UdpTransportPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Alarm(self.0.waker())).add_systems(FixedLast, wake);
    }
}

#[derive(Resource)]
struct Alarm(Waker);

fn wake(alarm: Res<Alarm>) {
    alarm.0.wake();
}
