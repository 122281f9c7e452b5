//! The bevy plugins that a server is made of, and the group that is the usual one.
//!
//! Whatever has a port, a file or a thread is opened first, by a function that fails with one sentence and leaves
//! nothing behind, and is then added to the app, which cannot fail. What runs is ended by another handle on it, after
//! the app's last tick; [`Game::run`](crate::Game::run) does all of that. A studio that wants a service of its own
//! beside them writes a plugin of the same form and hands it to [`Game::add_plugins`](crate::Game::add_plugins).
//!
//! | plugin | opened by | what it gives the app |
//! |---|---|---|
//! | [`PersistencePlugin`] | `open` | who answers what the tick asks of the database, and how the database does |
//! | [`JournalPlugin`] | `open` | where shards are recorded, and how the disk does |
//! | [`GatewayPlugin`] | `bind` | the gateway; HTTP is answered from then on |
//! | [`UdpTransportPlugin`] | `bind` | the port's threads are woken after each tick |
//! | [`WebSocketPlugin`] | `open` | the same for the threads of its sockets |
//! | [`TelnetPlugin`], where it is wanted | `bind` | the same for its thread |
//! | [`HostPlugins`] | | sessions, shards and matches |
//! | [`WorldPlugin`] | | the places of the persistent world |
//! | [`ChatPlugin`] | | what people say to one another |
//! | [`SocialPlugin`] | | friends and where they are, blocks, parties |
//! | [`LaddersPlugin`] | | rated battles: who waits, who meets whom |
//! | [`LeaderboardsPlugin`] | | boards of who is best, and their seasons |
//! | [`TournamentsPlugin`] | | games of creatures |

use bevy_app::{PluginGroup, PluginGroupBuilder};

pub use hypogeum_chat::ChatPlugin;
pub use hypogeum_gateway::GatewayPlugin;
pub use hypogeum_journal::JournalPlugin;
pub use hypogeum_ladders::LaddersPlugin;
pub use hypogeum_leaderboards::LeaderboardsPlugin;
pub use hypogeum_matches::HostPlugins;
pub use hypogeum_persistence::PersistencePlugin;
pub use hypogeum_social::SocialPlugin;
pub use hypogeum_telnet::TelnetPlugin;
pub use hypogeum_tournaments::TournamentsPlugin;
pub use hypogeum_udp::UdpTransportPlugin;
pub use hypogeum_websocket::WebSocketPlugin;
pub use hypogeum_world::WorldPlugin;

use crate::readiness::ReadinessPlugin;

/// The usual server: players over UDP and WebSocket, accounts over HTTP, a database and logs. Every update of its app is one tick;
/// its driver keeps a handle on each part, and ends them in the order below, which is the order that
/// [`Game::run`](crate::Game::run) keeps.
///
/// ```
/// use std::path::Path;
/// use std::sync::Arc;
///
/// use bevy_app::App;
/// use hypogeum::Game;
/// use hypogeum::plugins::{
///     ChatPlugin, GatewayPlugin, HostPlugins, JournalPlugin, LaddersPlugin, LeaderboardsPlugin, PersistencePlugin,
///     ServerPlugins, SocialPlugin, TournamentsPlugin, UdpTransportPlugin, WebSocketPlugin, WorldPlugin,
/// };
/// use hypogeum_accounts::TokenKeys;
/// use hypogeum_content::Content;
/// use hypogeum_gateway::{Admission, Gateway, GatewayConfig};
/// use hypogeum_journal::JournalConfig;
/// use hypogeum_progression::StarterKit;
/// use hypogeum_protocol::SessionId;
/// use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
/// use hypogeum_protocol::link::{EdgeLink, SessionTicket};
/// use hypogeum_udp::NetConfig;
/// use hypogeum_websocket::WebSocketConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let data = tempfile::tempdir()?;
/// # let data = data.path();
/// let content = Arc::new(Content::load(Path::new("assets")).map_err(|errors| format!("{errors:?}"))?);
///
/// // What can fail.
/// let persistence = PersistencePlugin::open(data, None, StarterKit::default())?;
/// let net = NetConfig::new("127.0.0.1:0".parse()?, [7; 32]);
/// let sockets = WebSocketConfig::default();
/// let workers = [net.workers_count(), sockets.workers];
/// let (link, [lent, lent_to_sockets]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, workers);
/// let udp = UdpTransportPlugin::bind(net, lent)?;
/// let websocket = WebSocketPlugin::open(&sockets, &lent_to_sockets)?;
/// let journal = JournalPlugin::open(data, JournalConfig::new(data.join("journal")))?;
/// let (mint, now_s) = (udp.edge().token_mint(), udp.edge().unix_clock());
/// let gateway = Gateway::new(
///     GatewayConfig::new(udp.edge().public_addr()),
///     persistence.store().clone(),
///     TokenKeys::new(&[9; 32], 900),
///     Arc::new(move |session: SessionId, ticket: &SessionTicket| mint.mint(session, ticket, now_s())),
///     Admission::default(),
/// );
/// let gateway = GatewayPlugin::bind("127.0.0.1:0".parse()?, gateway)?;
///
/// // What cannot.
/// let game = Game::shipped();
/// let locales = game.locales(Path::new("assets")).map_err(|errors| format!("{errors:?}"))?;
/// let host = HostPlugins { link, locales, ..HostPlugins::new(game.kinds().clone(), content) };
/// let (running, http) = ((udp.clone(), websocket.clone(), gateway.clone(), journal.clone(), persistence.clone()), gateway.clone());
/// let mut app = App::new();
/// let (world, chat) = (WorldPlugin { is_open: true, checkpoint_s: 60 }, ChatPlugin::default());
/// let (leaderboards, tournaments) = (LeaderboardsPlugin::default(), TournamentsPlugin::default());
/// let (social, ladders) = (SocialPlugin::default(), LaddersPlugin::default());
/// app.add_plugins(ServerPlugins {
///     persistence, journal, gateway, udp, websocket, host, world, social, chat, leaderboards, ladders, tournaments,
/// });
/// app.finish();
/// app.cleanup();
/// http.admission().open();
/// app.update(); // A tick.
///
/// // The end: the tick, then what it speaks to, edges first.
/// drop(app);
/// let (udp, websocket, gateway, journal, persistence) = running;
/// udp.edge().shutdown();
/// websocket.edge().shutdown();
/// gateway.finish();
/// journal.finish();
/// assert!(persistence.finish().is_empty(), "everything was kept");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ServerPlugins {
    /// What outlives the process.
    pub persistence: PersistencePlugin,
    /// The logs of its shards.
    pub journal: JournalPlugin,
    /// Accounts, logins and all else outside the game, over HTTP.
    pub gateway: GatewayPlugin,
    /// The game's port, over UDP.
    pub udp: UdpTransportPlugin,
    /// The same game over WebSocket.
    pub websocket: WebSocketPlugin,
    /// All between them.
    pub host: HostPlugins,
    /// The persistent world.
    pub world: WorldPlugin,
    /// Friends and parties.
    pub social: SocialPlugin,
    /// What people say to one another.
    pub chat: ChatPlugin,
    /// Boards of who is best.
    pub leaderboards: LeaderboardsPlugin,
    /// Ladders of rated battles.
    pub ladders: LaddersPlugin,
    /// The games of creatures.
    pub tournaments: TournamentsPlugin,
}

impl PluginGroup for ServerPlugins {
    fn build(self) -> PluginGroupBuilder {
        PluginGroupBuilder::start::<Self>()
            .add(self.persistence)
            .add(self.journal)
            .add(self.gateway)
            .add(self.udp)
            .add(self.websocket)
            .add_group(self.host)
            .add(self.world)
            .add(self.social)
            .add(self.chat)
            .add(self.leaderboards)
            .add(self.ladders)
            .add(self.tournaments)
            .add(ReadinessPlugin)
    }
}
