//! Opening a database: SQLite in the data directory, or PostgreSQL behind a URL.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool};

use crate::error::OpenError;
use crate::health::Watch;
use crate::lease::{APPLICATION, Lease, LeaseHolder};
use crate::migrate::{self, Migrated};
use crate::name_keys;
use crate::place::Place;
use crate::pooler::shares_sessions;
use crate::refusal::Refusal;
use crate::sql::{Pool, STATEMENT_TIMEOUT};
use crate::transaction::Pools;

const DATABASE_FILE: &str = "hypogeum.db";
/// How long a connection waits for another's lock: a backup tool may hold one for a moment.
const BUSY_TIMEOUT: Duration = STATEMENT_TIMEOUT;
/// How long a request waits for a connection before it is answered with "unavailable".
const ACQUIRE_TIMEOUT: Duration = STATEMENT_TIMEOUT;
/// Connections that only read. SQLite has one writer at a time anyway.
const SQLITE_READERS: u32 = 2;
/// Connections to PostgreSQL: the tick's thread, new accounts, and some callers of the gateway at the same time.
const POSTGRES_CONNECTIONS: u32 = 8;

/// How long a connection to PostgreSQL is kept that nobody uses, and how long any is: what it leads to may move.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
const LIFETIME_MAX: Duration = Duration::from_secs(600);
/// What each session is to have. A client that hangs in the middle must not hold its locks for ever.
const SESSION: &str = "SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s';
    SET synchronous_commit = on";
const _: () = assert!(STATEMENT_TIMEOUT.as_secs() == 5, "what a session is to have says the same");

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    /// The database of that directory, or the one at `url`.
    pub(crate) fn of(directory: &Path, url: Option<&str>) -> Result<(Self, Place), OpenError> {
        let Some(url) = url else {
            return Ok((Self::Sqlite(directory.join(DATABASE_FILE)), Place::directory(directory)));
        };
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(OpenError::Url { cause: "it does not begin with postgres:// or postgresql://".to_owned() });
        }
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| OpenError::Url { cause: Place::without_password(url, &error.to_string()) })?
            .disable_statement_logging();
        let place = Place::server(&options, url);
        Ok((Self::Postgres(Box::new(options)), place))
    }
}

/// What an open database is used through.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) pools: Pools,
    pub(crate) lease: Option<Lease>,
    pub(crate) migrated: Migrated,
    /// Which database it is: drawn when it was made, and the same in its backups.
    pub(crate) identity: String,
}

/// Connects, makes sure that no other server writes there, and migrates.
pub(crate) async fn open(address: &Address, place: &Place) -> Result<Database, OpenError> {
    match address {
        Address::Sqlite(file) => open_sqlite(file, place).await,
        Address::Postgres(options) => open_postgres(options, place).await,
    }
}

pub(crate) fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .disable_statement_logging()
}

async fn open_sqlite(file: &Path, place: &Place) -> Result<Database, OpenError> {
    let options = sqlite_options(file);
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    let failed = |error: sqlx::Error| place.failed(&error);
    let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
    let migrated = {
        let mut connection = writer.acquire().await.map_err(failed)?;
        migrate::forward_sqlite(&mut connection, place).await?
    };
    // Not `read_only`: a reader of a write-ahead log must be able to recover it.
    let reader = pool(SQLITE_READERS).connect_with(options.pragma("query_only", "ON")).await.map_err(failed)?;
    let pools = Pools {
        writer: Pool::Sqlite(writer),
        reader: Pool::Sqlite(reader),
        watch: Watch::new(),
        rules: Arc::default(),
    };
    let migrated = renew_names(&pools, migrated, place).await?;
    let identity = identity(&pools).await.map_err(|refusal| place.failed(&refusal))?;
    Ok(Database { pools, lease: None, migrated, identity })
}

async fn open_postgres(options: &PgConnectOptions, place: &Place) -> Result<Database, OpenError> {
    // No float crosses, and poolers refuse parameters at the start that they do not know: what a session is to have is
    // set in it.
    let options = options.clone().application_name(APPLICATION).extra_float_digits(None);
    let failed = |refusal: Refusal| match refusal {
        Refusal::Pooled => OpenError::Pooled { place: place.clone() },
        refusal => place.failed(&refusal),
    };
    // The lease's own connection is no server's of transactions: it is not ended with those of the holder before.
    let lease_options = options.clone().application_name("hypogeum lease");
    if shares_sessions(&lease_options).await.map_err(failed)? {
        return Err(OpenError::Pooled { place: place.clone() });
    }
    let mut lease = Lease::new(lease_options);
    if !lease.take().await.map_err(failed)? {
        return Err(OpenError::DatabaseInUse { place: place.clone() });
    }
    let migrated = {
        // Without a limit on statements: a migration takes what it takes.
        let mut connection = options.connect().await.map_err(|error| place.failed(&error))?;
        let migrated = migrate::forward_postgres(&mut connection, place).await?;
        // It was asked for nothing more, so how it ends is all the same.
        let _ = connection.close().await;
        migrated
    };
    let pool = connect_pool(options, lease.holder()).await.map_err(|error| place.failed(&error))?;
    let pools = Pools {
        writer: Pool::Postgres(pool.clone()),
        reader: Pool::Postgres(pool),
        watch: Watch::new(),
        rules: Arc::default(),
    };
    let migrated = renew_names(&pools, migrated, place).await?;
    let identity = identity(&pools).await.map_err(failed)?;
    lease.expect(&identity);
    Ok(Database { pools, lease: Some(lease), migrated, identity })
}

/// Connections that lead to where the lease is held, and nowhere else.
async fn connect_pool(options: PgConnectOptions, holder: LeaseHolder) -> Result<PgPool, sqlx::Error> {
    let (new, used) = (holder.clone(), holder);
    PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(IDLE_TIMEOUT)
        .max_lifetime(LIFETIME_MAX)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let holder = new.clone();
            Box::pin(async move {
                sqlx::raw_sql(SESSION).execute(&mut *connection).await?;
                if holder.is_confirmed(connection).await? {
                    return Ok(());
                }
                // After a restart of the database the lease is taken again within a second.
                Err(sqlx::Error::Protocol("the database is not held by this server now".to_owned()))
            })
        })
        .before_acquire(move |connection, about| {
            let is_good = used.covers(about.age);
            Box::pin(async move { if is_good { connection.ping().await.map(|()| true) } else { Ok(false) } })
        })
        .connect_with(options)
        .await
}

/// Which database this is.
async fn identity(pools: &Pools) -> Result<String, Refusal> {
    let rows = pools.read("SELECT id FROM identity", &[]).await?;
    Ok(rows.first().ok_or(sqlx::Error::RowNotFound)?.text("id")?.to_owned())
}

/// Makes the keys of names again where the rules have changed.
async fn renew_names(pools: &Pools, migrated: Migrated, place: &Place) -> Result<Migrated, OpenError> {
    let clashes = name_keys::renew(pools).await.map_err(|refusal| place.failed(&refusal))?;
    if !clashes.is_empty() {
        tracing::warn!(count = clashes.len(), "names clash by today's rules: `hypogeum migrate --check` lists them");
    }
    Ok(Migrated { clashes, ..migrated })
}
