//! A data directory of its own for each test, and short ways to ask its store.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use hypogeum_accounts::{AccountName, AccountStore, AccountStoreError};
use hypogeum_persistence::{OpenError, Store};
use hypogeum_progression::{Profile, SettlementOrder, StarterKit};
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, Outcome, SettledReport, StashedItem};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::postgres::TestPostgres;
use sqlx::Connection;
use tempfile::TempDir;

/// What the starter kit holds.
pub(crate) const KIT: [&str; 3] = ["knife", "vest", "bandage"];
/// What the starter kit pays.
pub(crate) const PURSE: i64 = 250;

/// The databases that the suite runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A temporary data directory, with a database of its own.
pub(crate) struct Directory {
    folder: TempDir,
    url: Option<String>,
}

impl Directory {
    pub(crate) fn of(database: Database) -> Self {
        let url = (database == Database::Postgres).then(|| TestPostgres::shared().url());
        Self { folder: tempfile::tempdir().unwrap(), url }
    }

    /// One for a database that is there already.
    pub(crate) fn at(url: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), url: Some(url.to_owned()) }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    pub(crate) fn try_open(&self) -> Result<Store, OpenError> {
        open(&self.path(), self.url())
    }

    pub(crate) fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    /// Runs SQL of the test's own in the database, beside whatever store has it open, and returns its first number.
    pub(crate) fn sql(&self, statement: &str) -> i64 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let Some(url) = self.url() else {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path().join("hypogeum.db"));
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                let statement = sqlx::AssertSqlSafe(statement.to_owned());
                let number: Option<i64> = sqlx::query_scalar(statement).fetch_optional(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                return number.unwrap_or(0);
            };
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            let number = if statement.starts_with("SELECT") {
                // Its sums are of another type than what they sum.
                let statement = sqlx::AssertSqlSafe(format!("SELECT CAST(({statement}) AS BIGINT)"));
                sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
            } else {
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
                None
            };
            connection.close().await.unwrap();
            number.unwrap_or(0)
        })
    }

    /// Breaks one kind of change, as a full disk might at any of them.
    pub(crate) fn break_change(&self, change: &str, table: &str) {
        if self.url.is_none() {
            let refuse = "BEGIN SELECT RAISE (ABORT, 'broken'); END";
            self.sql(&format!("CREATE TRIGGER broken BEFORE {change} ON {table} {refuse}"));
        } else {
            self.sql(&format!(
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = 'disk_full'; END $$;
                 CREATE TRIGGER broken BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION broken()"
            ));
        }
    }

    /// Mends what [`Directory::break_change`] broke.
    pub(crate) fn mend(&self, table: &str) {
        let drop = if self.url.is_none() { "DROP TRIGGER broken" } else { &format!("DROP TRIGGER broken ON {table}") };
        self.sql(drop);
    }
}

/// Opens the database of a data directory, or the one at `url`.
pub(crate) fn open(path: &Path, url: Option<&str>) -> Result<Store, OpenError> {
    match url {
        Some(url) => Store::connect(path, url, kit()),
        None => Store::open(path, kit()),
    }
}

/// Makes a test of each of these for each database.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $test() {
                super::$test(&$crate::world::Directory::of($crate::world::Database::Sqlite));
            })*
        }

        mod on_postgres {
            $(#[test]
            fn $test() {
                super::$test(&$crate::world::Directory::of($crate::world::Database::Postgres));
            })*
        }
    };
}

pub(crate) fn kit() -> StarterKit {
    StarterKit { templates: KIT.map(String::from).into(), currency: PURSE }
}

/// Waits for a future without any async runtime, as proof that the store needs none of the caller's.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

pub(crate) fn register(store: &Store, name: &str) -> Result<AccountId, AccountStoreError> {
    wait(store.create(&AccountName::parse(name).unwrap(), "$argon2id$…".into()))
}

pub(crate) fn profile(store: &Store, account: AccountId) -> Profile {
    match store.answer(StoreRequest::LoadProfile { account, character: None, tag: 7 }) {
        StoreReply::Profile { tag: 7, profile: Some(profile), .. } => *profile,
        other => panic!("a profile was asked for, but the answer is {other:?}"),
    }
}

pub(crate) fn stash(store: &Store, account: AccountId) -> Vec<ItemId> {
    profile(store, account).stash.iter().map(|item| item.id).collect()
}

pub(crate) fn starter_item(account: AccountId, serial: u32) -> StashedItem {
    let id = ItemId { origin: ItemId::STARTER_BIT | account.0, serial };
    StashedItem::new(id, KIT[serial as usize - 1])
}

pub(crate) fn found(match_id: u64, serial: u32) -> StashedItem {
    StashedItem::new(ItemId { origin: match_id, serial }, "relic")
}

pub(crate) fn take(match_id: u64, seats: &[(AccountId, &[ItemId])]) -> StoreRequest {
    let seats = seats.iter().map(|(account, items)| (*account, items.to_vec())).collect();
    StoreRequest::TakeEscrow { match_id: MatchId(match_id), mode: "blitz".into(), seed: u64::MAX, seats }
}

pub(crate) fn settle(match_id: u64, results: &[(AccountId, &[StashedItem])]) -> StoreRequest {
    StoreRequest::Settle(order(match_id, results))
}

/// Seats that are done while their match goes on.
pub(crate) fn settle_seats(match_id: u64, results: &[(AccountId, &[StashedItem])]) -> StoreRequest {
    StoreRequest::SettleSeats(order(match_id, results))
}

fn order(match_id: u64, results: &[(AccountId, &[StashedItem])]) -> SettlementOrder {
    let results = (1..)
        .zip(results)
        .map(|(placement, (account, items))| Grant {
            account: *account,
            outcome: if items.is_empty() { Outcome::Died } else { Outcome::Extracted },
            kills: 1,
            damage_dealt: 40,
            xp_gained: 120,
            currency_gained: 35,
            placement,
            items_secured: items.to_vec(),
            items_changed: Vec::new(),
            character: None,
        })
        .collect();
    SettlementOrder::of_match(MatchId(match_id), results)
}

pub(crate) fn reports(reply: StoreReply) -> Vec<(AccountId, SettledReport)> {
    match reply {
        StoreReply::Settled { reports, .. } | StoreReply::SeatsSettled { reports, .. } => reports,
        other => panic!("a settlement was asked for, but the answer is {other:?}"),
    }
}
