//! A whole server in one value: opened part by part, so that what cannot start leaves nothing behind, and ended in order.

mod gauges;
mod open;
mod published;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use bevy_app::App;
use hypogeum_content::Content;
use hypogeum_hosting::HostPort;
use hypogeum_journal::{JournalFolder, PublicKey};
use hypogeum_ladders::Ladders;
use hypogeum_leaderboards::Boards;
use hypogeum_matches::{ResumedPlugin, SharedHostStatus, TicketsPort};
use hypogeum_netcode::CountersSnapshot;
use hypogeum_progression::StarterKit;
use hypogeum_sessions::Drain;
use hypogeum_shard::ModeRule;

use crate::config::Config;
use crate::descriptors::Descriptors;
use crate::game::Game;
use crate::load_bots::{LoadBotsPlan, LoadBotsPlugin};
use crate::plugins::{
    GatewayPlugin, JournalPlugin, LaddersPlugin, LeaderboardsPlugin, PersistencePlugin, ServerPlugins, SocialPlugin,
    TelnetPlugin, TournamentsPlugin, UdpTransportPlugin, WebSocketPlugin, WorldPlugin,
};
use crate::recovery::{OnStuck, Recovery};
use crate::runner::{TickThread, TickTimes};
use crate::secret;
use crate::telemetry::Telemetry;
use crate::tournament_kinds;
use crate::watchdog::Watchdog;
use gauges::Gauges;
use open::{Doors, Earlier};

/// How often the end of a drain is looked for.
const DRAIN_POLL: Duration = Duration::from_millis(20);
/// How much longer than its grace a drain may take before the server ends anyway; escrow then returns at the next start.
const DRAIN_OVERTIME: Duration = Duration::from_secs(10);

/// A running server. Dropping it without [`Server::stop`] ends it less politely.
pub(crate) struct Server {
    /// What goes on, tick by tick.
    pub(crate) host_status: SharedHostStatus,
    /// How long ticks take.
    pub(crate) tick_times: TickTimes,
    /// Every number there is.
    pub(crate) telemetry: Telemetry,
    /// What an earlier run had left unfinished, and what became of it.
    pub(crate) recovery: Recovery,
    drain_grace: Duration,
    drain: Drain,
    watchdog: Option<Watchdog>,
    tick: TickThread,
    udp: UdpTransportPlugin,
    websocket: WebSocketPlugin,
    telnet: Option<TelnetPlugin>,
    gateway: GatewayPlugin,
    journal: JournalPlugin,
    persistence: Option<PersistencePlugin>,
}

/// Players of one match, so that its log takes one descriptor for as many connections.
const PLAYERS_PER_MATCH: usize = 8;

impl Server {
    /// Opens everything that is wanted to play a game, then lets it run. `on_stuck`: what becomes of matches of an
    /// earlier run that this build cannot go on with. `bots`: who plays in this process besides.
    ///
    /// # Errors
    /// One sentence that says what is in the way. Nothing is left half started.
    pub(crate) fn start(
        game: &Game,
        config: &Config,
        content: Arc<Content>,
        on_stuck: OnStuck,
        bots: Option<LoadBotsPlan>,
    ) -> anyhow::Result<Self> {
        let sockets_max = if config.websocket.open { config.websocket.connections_max } else { 0 };
        let lines_max = if config.telnet.open { config.telnet.connections_max } else { 0 };
        let descriptors = Descriptors::raise(config.udp.connections_max / PLAYERS_PER_MATCH, sockets_max + lines_max)?;
        let persistence = open::persistence(game, config, &content)?;
        let secret = secret::of_directory(config)?;
        let (chat, locales) = (open::chat(config)?, open::locales(game, config)?);
        let delivery = published::publish(&content, &locales)?;
        let (link, doors) = open::doors(config, &secret, descriptors)?;
        let mut journal = open::journal(config)?;
        let (gauges, port, tickets) = (Gauges::default(), HostPort::default(), TicketsPort::default());
        let tournaments = TournamentsPlugin { kinds: tournament_kinds::of(&content), ..TournamentsPlugin::default() };
        let ladders = LaddersPlugin { ladders: Ladders::of(&content), ..LaddersPlugin::default() };
        let leaderboards = LeaderboardsPlugin { boards: Boards::of(&content), ..LeaderboardsPlugin::default() };
        let telemetry = gauges.telemetry(descriptors, (&doors, &journal, &persistence), locales.clone());
        let services = (&persistence, &journal, &doors);
        let (games, bell) = ((tournaments.port.clone(), tournaments.kinds.clone()), tournaments.port.bell());
        let social = SocialPlugin { config: config.party.to_social(), ..SocialPlugin::default() };
        let ports = (port.clone(), games, (ladders.port.clone(), social.port.clone(), tickets.clone()));
        let gateway =
            open::gateway((game, config, &content, &delivery.1), &secret, services, telemetry.clone(), ports)?;
        let Doors { udp, websocket, telnet, memory } = doors;
        let telnet = open::telnet((config, &content, &locales), (telnet, &gateway), &telemetry)?;
        let earlier = open::earlier(game, config, &persistence, &mut journal, on_stuck)?;
        let Earlier { recovery, resumed, next_match } = earlier;
        published::tell_apart(delivery, &resumed)?;
        let tick_hz = rate(&recovery, game.host_hz(&content, config.server.tick_hz)?, config);
        let bots = bots.map(|plan| LoadBotsPlugin::new(plan, persistence.store(), memory, tick_hz)).transpose()?;
        let host = open::host((game, config, content), tick_hz, next_match, &gauges, (link, (port, tickets), locales));
        let drain = host.drain.clone();

        let plugins = ServerPlugins {
            persistence: persistence.clone(),
            journal: journal.clone(),
            gateway: gateway.clone(),
            udp: udp.clone(),
            websocket: websocket.clone(),
            host,
            world: WorldPlugin { is_open: config.world.open, checkpoint_s: config.world.checkpoint_s },
            social,
            chat,
            leaderboards,
            ladders,
            tournaments,
        };
        let game = game.clone();
        let lines = telnet.clone();
        let build = move || app((plugins, lines), ResumedPlugin::new(resumed), &game, bots);
        let tick = TickThread::start(build, tick_hz, (&gauges.tick_times, &gauges.load, &gauges.heartbeat), bell)
            .context("cannot start the tick thread")?;
        let watched = gauges.watched(&gateway, &udp);
        let mut server = Self {
            host_status: gauges.host_status,
            tick_times: gauges.tick_times,
            telemetry,
            recovery,
            drain_grace: Duration::from_secs(config.server.drain_s.into()),
            drain,
            watchdog: None,
            tick,
            udp,
            websocket,
            telnet,
            gateway,
            journal,
            persistence: Some(persistence),
        };
        let watchdog = Watchdog::start(watched).context("cannot start the thread that looks after the others")?;
        server.watchdog = Some(watchdog);
        server.gateway.admission().open();
        Ok(server)
    }

    /// Where HTTP is served.
    pub(crate) const fn http(&self) -> SocketAddr {
        self.gateway.local_addr()
    }

    /// Where the game is served.
    pub(crate) fn udp(&self) -> SocketAddr {
        self.udp.edge().public_addr()
    }

    /// Where match logs lie.
    pub(crate) const fn logs(&self) -> &JournalFolder {
        self.journal.logs()
    }

    /// What verifies them.
    pub(crate) const fn public_key(&self) -> PublicKey {
        self.journal.public_key()
    }

    /// Traffic of the game's port so far.
    pub(crate) fn network(&self) -> CountersSnapshot {
        self.udp.edge().counters()
    }

    /// Whether every part still runs.
    pub(crate) fn is_alive(&self) -> bool {
        self.tick.is_running()
            && self.gateway.is_running()
            && self.persistence.as_ref().is_some_and(PersistencePlugin::is_running)
            && self.journal.is_running()
            && self.udp.edge().is_running()
            && self.websocket.edge().is_running()
            && self.telnet.as_ref().is_none_or(|telnet| telnet.edge().is_running())
    }

    /// Admits nobody more, settles or undoes what runs, notifies everyone, and ends every part. Once `is_hastened`, matches
    /// get no more grace. Returns whether all of it was done in time; what was not is undone at the next start.
    pub(crate) fn stop(mut self, mut is_hastened: impl FnMut() -> bool) -> bool {
        self.gateway.admission().close();
        self.drain.begin();
        let mut deadline = Instant::now() + self.drain_grace + DRAIN_OVERTIME;
        let mut hastened = false;
        while !self.drain.is_done() && self.is_alive() && Instant::now() < deadline {
            if !hastened && is_hastened() {
                hastened = true;
                tracing::info!("hastened: running matches get no more grace");
                self.drain.hasten();
                deadline = deadline.min(Instant::now() + DRAIN_OVERTIME);
            }
            thread::sleep(DRAIN_POLL);
        }
        let orderly = self.drain.is_done();
        self.end();
        orderly
    }

    fn end(&mut self) {
        // Before the ticks end, so that it does not miss them.
        drop(self.watchdog.take());
        self.tick.finish();
        self.udp.edge().shutdown();
        self.websocket.edge().shutdown();
        if let Some(telnet) = &self.telnet {
            telnet.edge().shutdown();
        }
        self.gateway.finish();
        self.journal.finish();
        if let Some(persistence) = self.persistence.take() {
            let unheard = persistence.finish();
            tracing::debug!(unheard = unheard.len(), "the store is closed");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// The app of a server: the usual plugins, the game's own, bots, and what an earlier run has left.
fn app(
    (plugins, telnet): (ServerPlugins, Option<TelnetPlugin>),
    resumed: ResumedPlugin,
    game: &Game,
    bots: Option<LoadBotsPlugin>,
) -> App {
    let mut app = App::new();
    app.add_plugins(plugins);
    if let Some(telnet) = telnet {
        app.add_plugins(telnet);
    }
    game.extend(&mut app);
    if let Some(bots) = bots {
        app.add_plugins(bots);
    }
    app.add_plugins(resumed);
    app.finish();
    app.cleanup();
    app
}

/// Ticks a second: as configured, or more where a mode or a match that goes on takes more steps.
fn rate(recovery: &Recovery, of_modes: u16, config: &Config) -> u16 {
    let configured = config.server.tick_hz;
    let tick_hz = of_modes.max(recovery.tick_hz.unwrap_or(0));
    if tick_hz > configured {
        tracing::info!(tick_hz, configured, "the server ticks more often than configured, as its fastest matches do");
    }
    tick_hz
}

/// What a new account owns: everything any mode starts with, once; and the largest purse of any.
pub(crate) fn starter_kit(modes: &[ModeRule]) -> StarterKit {
    let mut templates: Vec<String> = modes.iter().flat_map(|mode| mode.starter_items.iter().cloned()).collect();
    templates.sort_unstable();
    templates.dedup();
    let currency = modes.iter().map(|mode| mode.starter_currency).max();
    StarterKit { templates, currency: currency.unwrap_or_default() }
}
