//! The host: one headless app, put together here for the binary, the test kit and the benches alike.

use std::sync::Arc;

use bevy_app::{App, Plugin, PluginGroup, PluginGroupBuilder};
use bevy_time::{Fixed, Time, TimePlugin, TimeUpdateStrategy};
use hypogeum_content::Content;
use hypogeum_hosting::{HostClock, HostPort, HostingConfig, HostingPlugin, Load, SeedSource, StageTimes};
use hypogeum_locale::Locales;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::EdgeLink;
use hypogeum_sessions::{Drain, SessionsConfig, SessionsPlugin};
use hypogeum_shard::host::ShardHostPlugin;
use hypogeum_shard::{Seed, ShardKinds};

use crate::{MatchesConfig, MatchesPlugin, SharedHostStatus, TicketsPort};

/// Sessions, shards and matches: everything between the edges and the database. The handles in it are what the rest of a
/// server holds on to; clone those before this is added to an app, every update of which is then exactly one tick.
///
/// The database is whatever answers the app's [`StorePort`](hypogeum_store::StorePort), and shards are recorded where the
/// app has a [`RecordingConfig`](hypogeum_journal::RecordingConfig): plugins of those services put both there, before this
/// group or after it.
#[derive(Clone, Debug)]
pub struct HostPlugins {
    /// How sessions are held.
    pub sessions: SessionsConfig,
    /// How shards are hosted.
    pub hosting: HostingConfig,
    /// How matches are held.
    pub matches: MatchesConfig,
    /// What can be played.
    pub kinds: ShardKinds,
    /// What new matches are made of.
    pub content: Arc<Content>,
    /// What players read, in their languages.
    pub locales: Locales,
    /// The queues to and from the edges, and so to clients.
    pub link: EdgeLink,
    /// The status of the host, for progress displays and metrics.
    pub host_status: SharedHostStatus,
    /// Ends it all.
    pub drain: Drain,
    /// Seeds of matches, unless configured.
    pub seeds: SeedSource,
    /// How busy the ticks are, as the program that runs them says.
    pub load: Load,
    /// What stages are measured by.
    pub clock: HostClock,
    /// How long stages take.
    pub stages: StageTimes,
    /// Asks the tick, from other threads.
    pub port: HostPort,
    /// Puts people in line, from other threads.
    pub tickets: TicketsPort,
    /// Threads that step shards and write snapshots, 1–64.
    pub threads: usize,
}

impl HostPlugins {
    /// A host with queues of its own for one edge worker, on one thread, that records nothing and says what its kinds say. Its matches have the seeds 1, 1, 1, …: a
    /// server in earnest says where they come from.
    #[must_use]
    pub fn new(kinds: ShardKinds, content: Arc<Content>) -> Self {
        Self {
            sessions: SessionsConfig::default(),
            hosting: HostingConfig::default(),
            matches: MatchesConfig::default(),
            locales: Locales::new(kinds.messages()).unwrap_or_default(),
            kinds,
            content,
            link: EdgeLink::new(1, EDGE_QUEUE_FRAMES_MAX),
            host_status: SharedHostStatus::default(),
            drain: Drain::default(),
            seeds: SeedSource::new(|| Seed::numbered(1)),
            load: Load::default(),
            clock: HostClock::default(),
            stages: StageTimes::default(),
            port: HostPort::default(),
            tickets: TicketsPort::default(),
            threads: 1,
        }
    }

    /// An app whose every update is exactly one tick; its owner decides when. `extend` adds what else is to run in it.
    pub fn into_app(self, extend: impl FnOnce(&mut App)) -> App {
        let mut app = App::new();
        app.add_plugins(self);
        extend(&mut app);
        app.finish();
        app.cleanup();
        app
    }
}

impl PluginGroup for HostPlugins {
    fn build(self) -> PluginGroupBuilder {
        PluginGroupBuilder::start::<Self>()
            .add(TickPlugin { hz: self.sessions.tick_hz })
            .add(ShardHostPlugin { step_threads: self.threads })
            .add(SessionsPlugin { config: self.sessions, link: self.link, drain: self.drain })
            .add(HostingPlugin {
                config: self.hosting,
                kinds: self.kinds.clone(),
                content: Arc::clone(&self.content),
                locales: self.locales,
                seeds: self.seeds,
                load: self.load,
                clock: self.clock,
                stages: self.stages,
                port: self.port,
            })
            .add(MatchesPlugin {
                config: self.matches,
                kinds: self.kinds,
                content: self.content,
                host_status: self.host_status,
                tickets: self.tickets,
            })
    }
}

/// Lets each update of the app be one step of `FixedUpdate`, whatever clocks say.
struct TickPlugin {
    /// Ticks a second, as systems see it.
    hz: u32,
}

impl Plugin for TickPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(TimePlugin)
            .insert_resource(Time::<Fixed>::from_hz(self.hz.into()))
            .insert_resource(TimeUpdateStrategy::FixedTimesteps(1));
    }
}
