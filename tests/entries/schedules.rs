//! Games that the house opens: once for each time, over restarts and clocks that jump.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bevy_app::App;
use bevy_tasks::block_on;
use hypogeum::Game;
use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_content::Content;
use hypogeum_content::def::{Schedule, TimeOfDay};
use hypogeum_creature_messages::{CreatureStats, GameId};
use hypogeum_journal::{JournalConfig, JournalPlugin};
use hypogeum_matches::HostPlugins;
use hypogeum_persistence::{PersistencePlugin, Store};
use hypogeum_progression::StarterKit;
use hypogeum_protocol::link::EdgeLink;
use hypogeum_store::{Seeding, Sizes};
use hypogeum_tournaments::{
    CreatureName, CreatureStore, EntryStage, EntryStore, GamesClock, OpenGame, TournamentKind, TournamentKinds,
    TournamentSchedule, TournamentsPlugin,
};

/// How often a host ticks until something has happened: its store answers from another thread.
const TICKS_MAX: usize = 20_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A host whose clock a test sets.
struct ClockedHost {
    app: App,
    persistence: PersistencePlugin,
    _journal: JournalPlugin,
    now_s: Arc<AtomicU64>,
}

/// A duel every day at 18:00, open two hours before, for a purse of 100.
fn daily() -> TournamentKinds {
    let starts = Schedule::Daily { at: TimeOfDay::new(18, 0).expect("a time of day") };
    TournamentKinds::new([TournamentKind {
        key: "duel".to_owned(),
        name: "Duel".to_owned(),
        description: "Every evening.".to_owned(),
        battle: "classic".to_owned(),
        format: "single_elimination",
        best_of: 1,
        entrants_min: 2,
        entrants_max: 2,
        sizes: Sizes::of(|size| size == 2),
        fill: vec!["novice".to_owned()],
        per_person_max: 1,
        people_min: 1,
        entry_fee: 0,
        purse: 100,
        prizes_percent: vec![100],
        seeding: Seeding::EntryOrder,
        schedule: Some(TournamentSchedule { starts, registration_s: 7_200 }),
    }])
}

impl ClockedHost {
    fn start(data: &Path, now_s: u64) -> Self {
        let store = Store::open(data, StarterKit::default()).expect("the test's own directory");
        let persistence = PersistencePlugin::over(store).expect("the system gives a thread");
        let journal = JournalPlugin::open(data, JournalConfig::new(data.join("journal"))).expect("it can be written");
        let content = Arc::new(Content::load(Path::new("assets")).expect("what ships is good"));
        let (link, _) = EdgeLink::lend(8, [1]);
        let kinds = Game::shipped().kinds().clone();
        let plugins = HostPlugins { link, ..HostPlugins::new(kinds, content) };
        let now = Arc::new(AtomicU64::new(now_s));
        let read = Arc::clone(&now);
        let clock = GamesClock::new(move || read.load(Ordering::SeqCst) * 1_000);
        let app = plugins.into_app(|app| {
            app.add_plugins((persistence.clone(), journal.clone()));
            app.add_plugins(TournamentsPlugin { clock, kinds: daily(), ..TournamentsPlugin::default() });
        });
        Self { app, persistence, _journal: journal, now_s: now }
    }

    fn store(&self) -> &Store {
        self.persistence.store()
    }

    fn open(&self) -> Vec<OpenGame> {
        block_on(self.store().open_games(GameId(0), 100)).expect("the database answers")
    }

    fn game(&self, id: GameId) -> OpenGame {
        block_on(self.store().entered_game(id)).expect("the database answers").expect("it is there")
    }

    /// Ticks until it is so.
    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..TICKS_MAX {
            if is_so(self) {
                return;
            }
            self.app.update();
            std::thread::yield_now();
        }
        panic!("{what} does not happen");
    }

    /// Sets the clock, and lets a look at the open games be asked for and answered, and one more: what was to come of it has come.
    fn jump(&mut self, now_s: u64) {
        self.now_s.store(now_s, Ordering::SeqCst);
        // A minute of ticks has sixty looks at the open games; each waits for the answer to the one before.
        for _ in 0..1_800 {
            self.app.update();
        }
    }
}

#[test]
fn the_game_of_a_schedule_is_opened_once_over_restarts_and_jumps() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path().join("data");
    let noon = 20_000 * DAY + 12 * HOUR;
    let mut host = ClockedHost::start(&data, noon);
    host.jump(noon + HOUR);
    assert_eq!(host.open(), [], "it is too early");
    host.jump(noon + 5 * HOUR);
    host.until("a game", |host| host.open().len() == 1);
    let first = host.open().remove(0);
    assert_eq!(first.terms.starts_s, noon + 6 * HOUR, "for 18:00");
    assert_eq!((first.account.0, first.pot()), (0, 100), "by the house, with its purse");
    host.jump(noon + 5 * HOUR + 60);
    drop(host);

    let mut host = ClockedHost::start(&data, noon + 5 * HOUR + 120);
    host.jump(noon + 5 * HOUR + 180);
    assert_eq!(host.open().len(), 1, "another run of the server opens no other");
    let ada = block_on(host.store().create(&AccountName::parse("Ada").expect("a name"), String::new()));
    let ada = ada.expect("it is free");
    let name = CreatureName::parse("Cinder").expect("a name");
    let made_of = (CreatureStats::of_values([10; 5]), 0);
    let made = block_on(host.store().create_creature(ada, &name, "emberfox", made_of, ""));
    let cinder = made.expect("it can be made").0;
    block_on(host.store().enter_game(first.id, (ada, cinder.id), "")).expect("there is room");
    host.jump(noon + 5 * HOUR - 600);
    assert_eq!(host.open().len(), 1, "a clock that goes back opens nothing twice, and starts nothing");

    host.jump(noon + 6 * HOUR);
    host.until("the start", |host| host.game(first.id).stage == EntryStage::Running);
    let entrants = host.game(first.id);
    assert_eq!((entrants.terms.size, entrants.entered), (2, 1), "a machine makes it two");
    host.jump(noon + 5 * HOUR);
    assert_eq!(host.open(), [], "one that has started is not opened again, whatever the clock says");

    // The server is away for ten days, and comes back between two times.
    drop(host);
    let mut host = ClockedHost::start(&data, noon + 10 * DAY);
    host.jump(noon + 10 * DAY + HOUR);
    assert_eq!(host.open(), [], "those of the days between are not made up for");
    host.jump(noon + 10 * DAY + 5 * HOUR);
    host.until("the next", |host| host.open().len() == 1);
    let next = host.open().remove(0);
    assert_eq!(next.terms.starts_s, noon + 10 * DAY + 6 * HOUR, "the next is opened at its time");
    host.jump(noon + 11 * DAY);
    host.until("its end", |host| host.game(next.id).stage == EntryStage::CalledOff);
    let audit = host.store().audit().expect("it answers");
    assert!(audit.is_sound(), "{audit}");
}
