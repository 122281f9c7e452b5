//! A whole server without sockets and without waiting: real sessions, matches and database, ticked as fast as it goes.

use std::path::Path;
use std::sync::Arc;

use bevy_app::App;
use bevy_tasks::block_on;
use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_arena::Arena;
use hypogeum_client::{MemoryEdge, MemoryWire};
use hypogeum_content::Content;
use hypogeum_hosting::HostingConfig;
use hypogeum_journal::{JournalConfig, JournalFolder, JournalPlugin, PublicKey};
use hypogeum_matches::{HostPlugins, MatchesConfig, SharedHostStatus};
use hypogeum_persistence::{PersistencePlugin, Store};
use hypogeum_progression::StarterKit;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{EdgeLink, SessionTicket};
use hypogeum_sessions::SessionsConfig;
use hypogeum_shard::ShardKinds;

/// Steps a second, as far as matches know.
const TICK_HZ: u32 = 30;

/// A server whose clients sit in the same process.
pub struct TestHost {
    app: App,
    edge: MemoryEdge,
    persistence: PersistencePlugin,
    _journal: JournalPlugin,
    /// How things stand.
    pub status: SharedHostStatus,
    /// Where the logs of its matches lie. Each is whole once the host is dropped.
    pub logs: JournalFolder,
    /// What verifies them.
    pub public_key: PublicKey,
}

impl TestHost {
    /// Opens one on a data directory; all its matches have this seed.
    ///
    /// # Panics
    /// Where the directory cannot be used.
    #[must_use]
    pub fn open(content: Arc<Content>, data: &Path, starter: StarterKit, match_seed: u64) -> Self {
        let store = Store::open(data, starter).expect("the test's own directory can be opened");
        store.abandon_unfinished(&store.unfinished());
        Self::over(store, content, data, match_seed)
    }

    /// Opens one over a store of the caller's; its logs go to the data directory.
    ///
    /// # Panics
    /// Where the directory cannot be used.
    #[must_use]
    pub fn over(store: Store, content: Arc<Content>, data: &Path, match_seed: u64) -> Self {
        let first_id = store.next_match(0).0;
        let persistence = PersistencePlugin::over(store).expect("the system gives a thread");
        let mut journal = JournalPlugin::open(data, JournalConfig::new(data.join("journal")))
            .expect("the test's own directory can be written to");
        journal.recording.unix_s = || 0;
        let (link, [edge]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [1]);
        let plugins = HostPlugins {
            link,
            sessions: SessionsConfig { tick_hz: TICK_HZ, ..SessionsConfig::default() },
            hosting: HostingConfig { first_id, ..HostingConfig::default() },
            matches: MatchesConfig { match_seed: Some(match_seed), ..MatchesConfig::default() },
            ..HostPlugins::new(ShardKinds::default().with_match::<Arena>(), content)
        };
        let (status, logs, public_key) = (plugins.host_status.clone(), journal.logs().clone(), journal.public_key());
        let app = plugins.into_app(|app| {
            app.add_plugins((persistence.clone(), journal.clone()));
        });
        Self { app, edge: MemoryEdge::new(edge), persistence, _journal: journal, status, logs, public_key }
    }

    /// The database, to look at.
    #[must_use]
    pub const fn store(&self) -> &Store {
        self.persistence.store()
    }

    /// Makes an account of this name if there is none, and connects as it.
    ///
    /// # Panics
    /// Where the name is none, or the database fails.
    pub fn connect(&mut self, name: &str) -> MemoryWire {
        let parsed = AccountName::parse(name).expect("the name is one");
        let account = match block_on(self.store().find(&parsed)).expect("the database answers") {
            Some(record) => record.id,
            None => block_on(self.store().create(&parsed, String::new())).expect("the database answers"),
        };
        let ticket = SessionTicket { account, name: name.to_owned(), character: None };
        self.edge.connect(ticket).expect("a test's clients never fill the queue")
    }

    /// Carries messages both ways and lets one tick pass.
    ///
    /// # Panics
    /// Where clients say more than the server takes in a tick.
    pub fn tick(&mut self) {
        self.edge.take_in().expect("a test's clients never fill the queue");
        self.app.update();
        self.edge.give_out();
    }
}
