//! A whole server in one value: opened part by part, so that what cannot start leaves nothing behind, and ended in order.

mod http;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use hypogeum_accounts::TokenKeys;
use hypogeum_content::Content;
use hypogeum_gateway::Admission;
use hypogeum_gateway::axum::Extension;
use hypogeum_hosting::{HostClock, HostingConfig, Load, RecordingConfig, ResumedShard, SeedSource, StageTimes};
use hypogeum_journal::{JournalFolder, JournalThread, JournalWatch, PublicKey, SigningKey};
use hypogeum_matches::{HostBoard, HostPlugins, MatchesConfig, resume_matches};
use hypogeum_netcode::CountersSnapshot;
use hypogeum_persistence::{Store, StoreThread};
use hypogeum_progression::StarterKit;
use hypogeum_protocol::MatchId;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{EdgeLink, LentLink};
use hypogeum_sessions::{Drain, SessionsConfig};
use hypogeum_shard::{ModeRule, Seed};
use hypogeum_store::StoreHealth;
use hypogeum_udp::{NetConfig, UdpEdge};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::descriptors::Descriptors;
use crate::game::Game;
use crate::heartbeat::Heartbeat;
use crate::load_bots::{LoadBotsPlan, LoadBotsPlugin};
use crate::recovery::{OnStuck, Recovery, recover};
use crate::runner::{self, TickTimes};
use crate::secret;
use crate::telemetry::Telemetry;
use crate::watch::Watch;
use crate::watchdog::{Watchdog, Watched};

/// Life of an access token: the longest the accounts allow.
const ACCESS_TOKEN_S: u64 = 15 * 60;
/// How often the end of a drain is looked for.
const DRAIN_POLL: Duration = Duration::from_millis(20);
/// How much longer than its grace a drain may take before the server ends anyway; escrow then goes home at the next start.
const DRAIN_OVERTIME: Duration = Duration::from_secs(10);

/// A running server. Dropping it without [`Server::stop`] ends it less politely.
pub(crate) struct Server {
    /// Where HTTP is served.
    pub(crate) http: SocketAddr,
    /// Where the game is served.
    pub(crate) udp: SocketAddr,
    /// What goes on, tick by tick.
    pub(crate) board: HostBoard,
    /// How long ticks take.
    pub(crate) tick_times: TickTimes,
    /// Every number there is.
    pub(crate) telemetry: Telemetry,
    /// What an earlier run had left unfinished, and what became of it.
    pub(crate) recovery: Recovery,
    /// Where match logs lie.
    pub(crate) logs: JournalFolder,
    /// What verifies them.
    pub(crate) public_key: PublicKey,
    drain_grace: Duration,
    admission: Admission,
    drain: Drain,
    edge: UdpEdge,
    store: Option<StoreThread>,
    journal: Option<JournalThread>,
    gateway: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    host: Option<JoinHandle<()>>,
    watchdog: Option<Watchdog>,
    stop: Arc<AtomicBool>,
}

/// Players of one match, so that its log takes one descriptor for as many connections.
const PLAYERS_PER_MATCH: usize = 8;

impl Server {
    /// Opens everything that is wanted to play a game: the store, both ports, then the threads. `on_stuck`: what becomes of
    /// matches of an earlier run that this build cannot go on with. `bots`: who plays in this process besides.
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
        let descriptors = Descriptors::raise(config.udp.connections_max / PLAYERS_PER_MATCH)?;
        let store = open_store(config, starter_kit(&game.modes(&content)?))?;
        let secret = secret::of_directory(config)?;
        let (link, edge, lent) = open_edge(config, &secret)?;
        let listener = http::listen(config.http.listen)?;
        let http_address = listener.local_addr().context("the HTTP socket has no address")?;

        let Recorded { public_key, logs, journal, recording, recovery, resumed, next_match } =
            open_journal((game, config), &store, on_stuck)?;
        let tick_hz = rate(&recovery, config);
        let bots = bots.map(|plan| LoadBotsPlugin::new(plan, &store, lent, tick_hz)).transpose()?;
        let gauges = Gauges::default();
        let admission = Admission::default();
        let plugins = HostPlugins {
            sessions: sessions_config(config, tick_hz),
            hosting: hosting_config(config, next_match),
            matches: matches_config(config),
            link,
            board: gauges.board.clone(),
            recording: Some(recording),
            seeds: SeedSource::new(draw_seed),
            load: gauges.load.clone(),
            clock: HostClock::new(move || gauges.started.elapsed()),
            stages: gauges.stages.clone(),
            threads: step_threads(config),
            ..HostPlugins::new(game.kinds().clone(), content)
        };
        let (drain, port) = (plugins.drain.clone(), plugins.store.clone());
        let (board, waiting_max) = (gauges.board.clone(), config.database.settlements_waiting_max);
        let watch = Watch::new(admission.clone(), journal.watch(), store.health(), board, waiting_max);
        let telemetry = gauges.telemetry(descriptors, &edge, journal.watch(), store.health());
        let keys = TokenKeys::new(&blake3::derive_key("hypogeum 2026 access tokens", &secret), ACCESS_TOKEN_S);
        let about = (http::prices(&plugins.content), public_key.to_string());
        let routes = game.routes().layer(Extension(plugins.port.clone()));
        let asked = (config, about, routes);
        let gateway = http::serve(listener, &edge, store.clone(), keys, admission.clone(), telemetry.clone(), asked)?;
        let store = StoreThread::start(store, port)?;
        let stop = Arc::new(AtomicBool::new(false));
        let ticked = after_each_tick(&edge, watch);
        let host = host((game, bots), tick_hz, plugins, resumed, gauges.clone(), Arc::clone(&stop), ticked)?;
        let watchdog = Watchdog::start(gauges.watched(admission.clone(), &edge))
            .context("cannot start the thread that looks after the others")?;
        admission.open();
        Ok(Self {
            http: http_address,
            udp: edge.token_mint().addresses().first().copied().unwrap_or_else(|| edge.local_addr()),
            board: gauges.board,
            tick_times: gauges.tick_times,
            telemetry,
            recovery,
            logs,
            public_key,
            drain_grace: Duration::from_secs(config.server.drain_s.into()),
            admission,
            drain,
            edge,
            store: Some(store),
            journal: Some(journal),
            gateway: Some(gateway),
            host: Some(host),
            watchdog: Some(watchdog),
            stop,
        })
    }

    /// Traffic of the game's port so far.
    pub(crate) fn network(&self) -> CountersSnapshot {
        self.edge.counters()
    }

    /// Whether every part still runs.
    pub(crate) fn is_alive(&self) -> bool {
        self.host.as_ref().is_some_and(|host| !host.is_finished())
            && self.gateway.as_ref().is_some_and(|gateway| !gateway.1.is_finished())
            && self.store.as_ref().is_some_and(StoreThread::is_running)
            && self.journal.as_ref().is_some_and(JournalThread::is_running)
            && self.edge.is_running()
    }

    /// Admits nobody more, settles or undoes what runs, tells everyone, and ends every part. Once `is_hastened`, matches
    /// get no more grace. Returns whether all of it was done in time; what was not is undone at the next start.
    pub(crate) fn stop(mut self, mut is_hastened: impl FnMut() -> bool) -> bool {
        self.admission.close();
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
        self.stop.store(true, Ordering::Relaxed);
        if self.host.take().is_some_and(|host| host.join().is_err()) {
            tracing::error!("the tick thread panicked");
        }
        self.edge.shutdown();
        if let Some((shutdown, thread)) = self.gateway.take() {
            // Its receiver is gone only if the thread has ended already.
            let _ = shutdown.send(());
            if thread.join().is_err() {
                tracing::error!("the HTTP thread panicked");
            }
        }
        if let Some(journal) = self.journal.take() {
            journal.finish();
        }
        if let Some(store) = self.store.take() {
            let unheard = store.finish();
            tracing::debug!(unheard = unheard.len(), "the store is closed");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a server measures itself by. A clone measures the same.
#[derive(Clone)]
struct Gauges {
    started: Instant,
    board: HostBoard,
    tick_times: TickTimes,
    load: Load,
    stages: StageTimes,
    heartbeat: Heartbeat,
}

impl Default for Gauges {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            board: HostBoard::default(),
            tick_times: TickTimes::default(),
            load: Load::default(),
            stages: StageTimes::default(),
            heartbeat: Heartbeat::default(),
        }
    }
}

impl Gauges {
    /// What the watchdog looks at.
    fn watched(&self, admission: Admission, edge: &UdpEdge) -> Watched {
        let counters = edge.shared_counters();
        Watched { heartbeat: self.heartbeat.clone(), admission, counters, board: self.board.clone() }
    }

    /// All of it for whoever asks, with what the edges count.
    fn telemetry(
        &self,
        descriptors: Descriptors,
        edge: &UdpEdge,
        journal: JournalWatch,
        store: StoreHealth,
    ) -> Telemetry {
        Telemetry {
            started: self.started,
            descriptors,
            heartbeat: self.heartbeat.clone(),
            tick_times: self.tick_times.clone(),
            load: self.load.clone(),
            stages: self.stages.clone(),
            board: self.board.clone(),
            counters: edge.shared_counters(),
            link: edge.link(),
            journal,
            store,
        }
    }
}

/// The logs of a server, and what an earlier run has left in them.
struct Recorded {
    public_key: PublicKey,
    logs: JournalFolder,
    journal: JournalThread,
    recording: RecordingConfig,
    recovery: Recovery,
    resumed: Vec<ResumedShard>,
    next_match: MatchId,
}

fn open_journal((game, config): (&Game, &Config), store: &Store, on_stuck: OnStuck) -> anyhow::Result<Recorded> {
    let data = &config.server.data_dir;
    let key = SigningKey::of_directory(data).context("the key that signs match logs")?;
    let public_key = key.public();
    let journal_config = config.journal.to_journal(data);
    let logs = JournalFolder::open(journal_config.folder.clone()).context("the folder of match logs")?;
    let (journal, mut port) = JournalThread::start(journal_config, key).context("the journal")?;
    let (recovery, resumed) = recover(store, game.kinds(), (&logs, &mut port), public_key, on_stuck)?;
    let number = config.server.number;
    let next_match = store.next_match(number).max(logs.next_shard(number).context("the folder of match logs")?.into());
    let recording = RecordingConfig { port, key: public_key.0, snapshot_s: config.journal.snapshot_s, unix_s };
    Ok(Recorded { public_key, logs, journal, recording, recovery, resumed, next_match })
}

/// Ticks a second: as configured, unless matches of an earlier run go on at their own rate.
fn rate(recovery: &Recovery, config: &Config) -> u16 {
    let configured = config.server.tick_hz;
    let tick_hz = recovery.tick_hz.unwrap_or(configured);
    if tick_hz != configured {
        tracing::warn!(
            tick_hz,
            configured,
            "matches go on at their own rate, and so does this server until its next start"
        );
    }
    tick_hz
}

/// What is done after each tick: the edge has something to send, and somebody may have to be told how things stand.
fn after_each_tick(edge: &UdpEdge, mut watch: Watch) -> impl FnMut() + Send + use<> {
    let waker = edge.waker();
    move || {
        waker.wake();
        watch.look();
    }
}

fn open_store(config: &Config, starter_kit: StarterKit) -> anyhow::Result<Store> {
    let data = &config.server.data_dir;
    Ok(match &config.database.url {
        Some(url) => Store::connect(data, url, starter_kit)?,
        None => Store::open(data, starter_kit)?,
    })
}

/// The link of all edges to the tick, the port that players connect to, and the share of the link for those in this process.
fn open_edge(config: &Config, secret: &[u8]) -> anyhow::Result<(EdgeLink, UdpEdge, LentLink)> {
    let mut net = NetConfig::new(config.udp.listen, secret::connect_token_key(secret));
    net.public = config.udp.public.resolve().map_err(anyhow::Error::msg)?;
    net.connections_max = config.udp.connections_max;
    net.workers = config.udp.workers;
    let (link, [udp, memory]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [net.workers_count(), 1]);
    let edge = UdpEdge::bind_to(net, udp)?;
    say_where_clients_go(&edge);
    Ok((link, edge, memory))
}

fn sessions_config(config: &Config, tick_hz: u16) -> SessionsConfig {
    SessionsConfig {
        tick_hz: tick_hz.into(),
        linger_s: config.server.linger_s,
        queue_linger_s: config.server.queue_linger_s,
        second_device: config.server.second_device.into(),
        sessions_max: config.udp.connections_max,
        ..SessionsConfig::default()
    }
}

fn hosting_config(config: &Config, next_match: MatchId) -> HostingConfig {
    let resume_s = config.server.resume_s;
    HostingConfig { first_id: next_match.0, resume_s, ..HostingConfig::default() }
}

fn matches_config(config: &Config) -> MatchesConfig {
    MatchesConfig {
        drain_grace_s: config.server.drain_s,
        match_seed: config.server.match_seed,
        on_drain: config.server.on_stop.into(),
        settlements_waiting_max: config.database.settlements_waiting_max,
        matches_max: config.server.matches_max,
    }
}

/// Threads that step shards: as configured, or as many as the machine has cores.
fn step_threads(config: &Config) -> usize {
    match config.server.step_threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// Says what clients are told, and warns where only this machine could come.
fn say_where_clients_go(edge: &UdpEdge) {
    let (listening, mint) = (edge.local_addr(), edge.token_mint());
    let told = mint.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    tracing::info!(%listening, %told, "the game's port is open");
    if listening.ip().is_unspecified() && mint.addresses().iter().all(|address| address.ip().is_loopback()) {
        tracing::warn!(
            "the game listens on every address ({listening}), but clients are told {told}, which only this machine \
             reaches: set public of [udp] to the address they should call"
        );
    }
}

/// Seconds since 1970.
pub(crate) fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What a new account owns: everything any mode starts with, once; and the largest purse of any.
pub(crate) fn starter_kit(modes: &[ModeRule]) -> StarterKit {
    let mut templates: Vec<String> = modes.iter().flat_map(|mode| mode.starter_items.iter().cloned()).collect();
    templates.sort_unstable();
    templates.dedup();
    let currency = modes.iter().map(|mode| mode.starter_currency).max();
    StarterKit { templates, currency: currency.unwrap_or_default() }
}

fn host(
    (game, bots): (&Game, Option<LoadBotsPlugin>),
    tick_hz: u16,
    plugins: HostPlugins,
    resumed: Vec<ResumedShard>,
    gauges: Gauges,
    stop: Arc<AtomicBool>,
    mut ticked: impl FnMut() + Send + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let game = game.clone();
    thread::Builder::new()
        .name("tick".to_owned())
        .spawn(move || {
            let mut app = plugins.into_app(|app| {
                game.extend(app);
                if let Some(bots) = bots {
                    app.add_plugins(bots);
                }
            });
            resume_matches(&mut app, resumed);
            let Gauges { tick_times, load, heartbeat, .. } = &gauges;
            heartbeat.beat();
            runner::run(&mut app, tick_hz, (tick_times, load, heartbeat), &stop, &mut ticked);
        })
        .context("cannot start the tick thread")
}

/// 128 bits from the operating system; should it have none, from the generator it seeded.
fn draw_seed() -> Seed {
    let mut bytes = [0; 16];
    if SysRng.try_fill_bytes(&mut bytes).is_err() {
        bytes = rand::random();
    }
    Seed::from_bytes(bytes)
}
