//! A server and its players in one process, one tick after the other: the same match each time.
//!
//! There are no sockets, no clock and no thread whose pace could show: bots and server take turns, the store answers
//! before the next tick, and time is what the ticks say. Only the log is written by a thread of its own, and nothing that
//! happens in the match waits for it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bevy_app::App;
use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_client::{Client, MemoryEdge, MemoryWire};
use hypogeum_content::Content;
use hypogeum_hosting::HostingConfig;
use hypogeum_journal::JournalPlugin;
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders};
use hypogeum_matches::{HostPlugins, MatchReport, MatchStep, MatchesConfig, SharedHostStatus};
use hypogeum_persistence::Store;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{EdgeLink, SessionTicket};
use hypogeum_sessions::SessionsConfig;
use hypogeum_store::StorePort;

use super::super::Stopped;
use super::super::progress::Display;
use super::NOTHING_CHANGED;
use crate::config::Config;
use crate::game::Game;
use crate::runner::TickTimes;
use crate::server::starter_kit;

/// Folders looked at for a free one.
const RUNS_MAX: u32 = 100_000;
/// Between two looks at the log's thread, once the match is over.
const LOG_POLL: Duration = Duration::from_millis(1);

/// What is played.
pub(super) struct Plan<'a> {
    pub(super) mode: &'a str,
    pub(super) players: u32,
    pub(super) seed: u64,
    pub(super) behaviour: Behaviour,
    /// Longest that a match with all around it takes, in its own time.
    pub(super) patience: Duration,
}

/// A folder nobody has played in: what was played before would change what is played next.
fn new_folder(data: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
    for run in 1..=RUNS_MAX {
        let folder = data.join(format!("lockstep-{run}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot make {}", folder.display())),
        }
    }
    bail!("{} holds {RUNS_MAX} runs: remove some", data.display())
}

/// Plays one match. Returns it, how long the ticks took, and its log.
pub(super) fn play(
    game: &Game,
    config: &Config,
    content: Arc<Content>,
    plan: Plan<'_>,
    stopped: impl Fn() -> bool,
) -> anyhow::Result<(MatchReport, TickTimes, PathBuf)> {
    let folder = new_folder(&config.server.data_dir)?;
    let (finished, times, logs) = {
        let mut server = LockstepServer::open(game, config, content, &folder, plan.seed)?;
        let mut pool = server.pool(&plan)?;
        let finished = server.play(&mut pool, &plan, stopped)?;
        server.journal.finish();
        (finished, server.times, server.journal.logs().clone())
    };
    let log = logs.finished(finished.id.into());
    Ok((finished, times, log))
}

/// A server without sockets and threads, but for its log's.
struct LockstepServer {
    app: App,
    edge: MemoryEdge,
    store: Store,
    port: StorePort,
    journal: JournalPlugin,
    host_status: SharedHostStatus,
    tick: Duration,
    times: TickTimes,
}

impl LockstepServer {
    fn open(game: &Game, config: &Config, content: Arc<Content>, folder: &Path, seed: u64) -> anyhow::Result<Self> {
        let store = Store::open(folder, starter_kit(&game.modes(&content)?))?;
        let mut journal = JournalPlugin::open(folder, config.journal.to_journal(folder))?;
        journal.recording.snapshot_s = config.journal.snapshot_s;
        let (usual_hz, tick_hz) = (config.server.tick_hz, game.host_hz(&content, config.server.tick_hz)?);
        let (link, [edge]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [1]);
        let plugins = HostPlugins {
            link,
            sessions: SessionsConfig { tick_hz: tick_hz.into(), ..SessionsConfig::default() },
            hosting: HostingConfig {
                first_id: store.next_match(0).0,
                shard_hz: Some(usual_hz.into()),
                ..HostingConfig::default()
            },
            matches: MatchesConfig { match_seed: Some(seed), ..MatchesConfig::default() },
            ..HostPlugins::new(game.kinds().clone(), content)
        };
        let host_status = plugins.host_status.clone();
        let app = plugins.into_app(|app| {
            app.add_plugins(journal.clone());
            game.extend(app);
        });
        let port = app.world().resource::<StorePort>().clone();
        Ok(Self {
            app,
            edge: MemoryEdge::new(edge),
            store,
            port,
            journal,
            host_status,
            tick: Duration::from_secs(1) / u32::from(tick_hz).max(1),
            times: TickTimes::default(),
        })
    }

    /// The players, each on a connection of its own.
    fn pool(&mut self, plan: &Plan<'_>) -> anyhow::Result<BotPool<MemoryWire>> {
        let behaviour = Arc::new(plan.behaviour.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let mut pool = BotPool::default();
        for index in 0..plan.players {
            let name = format!("bot-{:03}", index + 1);
            let parsed = AccountName::parse(&name).context("the name of a bot")?;
            let account = runtime.block_on(self.store.create(&parsed, String::new())).context("an account of a bot")?;
            let wire = self.edge.connect(SessionTicket { account, name: name.clone(), character: None })?;
            let orders = Orders { mode: plan.mode.to_owned(), queue_again: false };
            let seed = plan.seed ^ (u64::from(index) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            pool.join(Bot::new(name, Client::new(wire), Arc::clone(&behaviour), orders, seed));
        }
        Ok(pool)
    }

    /// Bots and server in turn, until every bot has its settlement.
    fn play(
        &mut self,
        pool: &mut BotPool<MemoryWire>,
        plan: &Plan<'_>,
        stopped: impl Fn() -> bool,
    ) -> anyhow::Result<MatchReport> {
        let display = Display::new();
        let (mut mustered, mut passed) = (false, Duration::ZERO);
        while !pool.all_settled_once() {
            if stopped() {
                bail!(Stopped(NOTHING_CHANGED));
            }
            if passed > plan.patience {
                bail!("the match was not settled within {} s of its own time", plan.patience.as_secs());
            }
            pool.poll(self.tick);
            mustered = mustered || pool.all_welcomed();
            pool.hold(!mustered);
            pool.tick();
            self.tick()?;
            let settling = self.host_status.read().matches.iter().any(|game| game.step == MatchStep::Settling);
            // The match is over and the log's thread takes its own time: that is not the match's.
            if settling {
                std::thread::sleep(LOG_POLL)
            } else {
                passed += self.tick
            }
            display.show(&pool.progress(), &[]);
        }
        display.clear();
        self.host_status.read().finished.last().cloned().context("no match was settled")
    }

    /// Carries messages both ways, lets one tick pass, and has the store answer all it was asked.
    fn tick(&mut self) -> anyhow::Result<()> {
        self.edge.take_in()?;
        let began = Instant::now();
        self.app.update();
        self.times.record(began.elapsed(), false);
        while let Some(request) = self.port.requests.try_pop() {
            let reply = self.store.answer(request);
            self.port.replies.try_push(reply).ok().context("more answers than the server takes in a tick")?;
        }
        self.edge.give_out();
        Ok(())
    }
}
