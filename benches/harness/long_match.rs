//! The long match, played by bots within this process through sessions and datagrams, recorded as a server records it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_client::{Client, MemoryWire};
use hypogeum_content::Content;
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_protocol::MatchId;
use hypogeum_testkit::TestHost;

/// Participants, all of them bots with accounts.
pub(crate) const PLAYERS: usize = 40;
/// The match of a fresh data directory.
pub(crate) const MATCH: MatchId = MatchId(1);
const SEED: u64 = 7;
const MODE: &str = "extraction";
const TICK: Duration = Duration::from_millis(33);
/// Only a backstop: the mode takes at most some 22,000.
const TICKS_MAX: u32 = 60_000;

/// The content that ships.
pub(crate) fn shipped() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Arc::new(Content::load(&assets).expect("the content that ships is sound"))
}

/// What everyone has in the stash.
pub(crate) fn starter() -> StarterKit {
    StarterKit { templates: ["medkit", "padded_coat", "rusty_sword"].map(str::to_owned).to_vec(), currency: 0 }
}

/// The match and those who play it.
pub(crate) struct LongMatch {
    pub(crate) host: TestHost,
    pool: BotPool<MemoryWire>,
    mustered: bool,
}

/// Plays it to its settlement. Once the host is dropped, the log is whole.
pub(crate) fn play(content: &Arc<Content>, data: &Path) -> TestHost {
    let store = Store::open(data, starter()).expect("the folder is new");
    let mut game = LongMatch::begin(store, content, data);
    for _ in 0..TICKS_MAX {
        game.tick();
        if game.pool.all_settled_once() {
            let report = game.host.status.read().finished;
            let report = report.last().expect("the match is reported");
            println!("played: {} participants, {} NPCs, {} ticks", report.humans, report.npcs, report.ticks);
            return game.host;
        }
    }
    panic!("the match was never settled: {:?}", game.pool.progress());
}

impl LongMatch {
    /// Brings everyone in; they queue once all are there.
    pub(crate) fn begin(store: Store, content: &Arc<Content>, data: &Path) -> Self {
        let mut host = TestHost::over(store, Arc::clone(content), data, SEED);
        let pool = pool(&mut host);
        Self { host, pool, mustered: false }
    }

    /// One tick of the players and of the server; how long the server's took.
    pub(crate) fn tick(&mut self) -> Duration {
        self.pool.poll(TICK);
        self.mustered = self.mustered || self.pool.all_welcomed();
        self.pool.hold(!self.mustered);
        self.pool.tick();
        let began = Instant::now();
        self.host.tick();
        began.elapsed()
    }
}

fn pool(host: &mut TestHost) -> BotPool<MemoryWire> {
    let behaviour = Arc::new(Behaviour::shipped("contender").expect("it ships").expect("it is good"));
    let mut pool = BotPool::default();
    for index in 0..PLAYERS {
        let name = format!("bot-{index:03}");
        let client = Client::new(host.connect(&name));
        let orders = Orders { mode: MODE.to_owned(), queue_again: false };
        pool.join(Bot::new(name, client, Arc::clone(&behaviour), orders, SEED ^ index as u64));
    }
    pool
}
