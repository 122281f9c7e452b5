//! Who writes to a PostgreSQL database: one server, the holder of an advisory lock on a connection of its own.
//!
//! The lock goes with its connection, so a server that dies lets go of it. Whoever takes it ends what the holder before
//! has left in the database, commits on their way included, before anything is read there. A database that takes no
//! writes is let go of, too: after a failover another node has the name, and the old one may still answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions, Row};

use crate::refusal::Refusal;
use crate::sql::in_time;

/// What connections of servers are called in the database.
pub(crate) const APPLICATION: &str = "hypogeum";
/// The lock's name in the database: "hypogeum" as ASCII.
const LOCK: i64 = i64::from_be_bytes(*b"hypogeum");
/// How often it is tried while a holder that may be dying still has it.
const RETRY: Duration = Duration::from_millis(50);
/// Tries before the holder is taken for alive: a database notices within this time that a client has died.
const TRIES: u32 = 30;

const TRY_LOCK: &str = "SELECT pg_try_advisory_lock($1) AS locked, pid, backend_start::TEXT AS began
    FROM pg_stat_activity WHERE pid = pg_backend_pid()";
/// The two halves of the lock's name, as `pg_locks` shows them.
const HOLDER: &str = "SELECT pg_locks.pid AS pid, COALESCE(backend_start::TEXT, '') AS began
    FROM pg_locks LEFT JOIN pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::BIGINT = $1 >> 32 AND objid::BIGINT = $1 & 4294967295";
const END_OTHERS: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
const END_ONE: &str = "SELECT pg_terminate_backend($1, 5000)";
const STATE: &str = "SELECT pg_backend_pid() AS pid,
    pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only";
const IDENTITY: &str = "SELECT id FROM identity";

/// A process of the database, and when it began: a number alone may be another's on another node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Backend {
    pid: i32,
    began: String,
}

impl Backend {
    fn of(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { pid: row.try_get("pid")?, began: row.try_get("began")? })
    }
}

/// The backend that holds the lease, and since when, as every other connection checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeaseHolder(Arc<Mutex<Option<(Backend, Instant)>>>);

impl LeaseHolder {
    fn held(&self) -> MutexGuard<'_, Option<(Backend, Instant)>> {
        self.0.lock()
    }

    /// Whether the lease is ours still, asked on `connection`.
    pub(crate) async fn is_confirmed(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let holder = holder(connection).await?;
        Ok(holder.is_some() && holder == self.held().as_ref().map(|(backend, _)| backend.clone()))
    }

    /// Whether a connection of that age leads to where the lease was taken: one from before may lead to another node.
    pub(crate) fn covers(&self, age: Duration) -> bool {
        self.held().as_ref().is_some_and(|(_, since)| age <= since.elapsed())
    }
}

/// Who has the lock.
async fn holder(connection: &mut PgConnection) -> Result<Option<Backend>, sqlx::Error> {
    let row = sqlx::query(HOLDER).bind(LOCK).fetch_optional(connection).await?;
    row.as_ref().map(Backend::of).transpose()
}

/// The lease of one database.
#[derive(Debug)]
pub(crate) struct Lease {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    holder: LeaseHolder,
    /// Held on a connection that is lost.
    lost: Option<Backend>,
    /// Which database it is, once that is known.
    identity: Option<String>,
}

impl Lease {
    pub(crate) fn new(options: PgConnectOptions) -> Self {
        Self { options, connection: None, holder: LeaseHolder::default(), lost: None, identity: None }
    }

    pub(crate) fn holder(&self) -> LeaseHolder {
        self.holder.clone()
    }

    /// From now on no other database will do.
    pub(crate) fn expect(&mut self, identity: &str) {
        self.identity = Some(identity.to_owned());
    }

    /// Takes the lease; `false`: another server has it, and is alive.
    pub(crate) async fn take(&mut self) -> Result<bool, Refusal> {
        let mut connection = in_time(self.options.connect()).await?;
        check_state(&mut connection, None).await?;
        self.check_identity(&mut connection).await?;
        for _ in 0..TRIES {
            let row = in_time(sqlx::query(TRY_LOCK).bind(LOCK).fetch_one(&mut connection)).await?;
            if row.try_get("locked")? {
                let backend = Backend::of(&row)?;
                if let Err(refusal) = check_state(&mut connection, Some(&backend)).await {
                    // Ended, no pool keeps it with our lock on it.
                    in_time(sqlx::query(END_ONE).bind(backend.pid).fetch_all(&mut connection)).await?;
                    return Err(refusal);
                }
                in_time(sqlx::query(END_OTHERS).bind(APPLICATION).fetch_all(&mut connection)).await?;
                *self.holder.held() = Some((backend, Instant::now()));
                self.lost = None;
                self.connection = Some(connection);
                return Ok(true);
            }
            self.end_own(&mut connection).await?;
            tokio::time::sleep(RETRY).await;
        }
        Ok(false)
    }

    /// Ends the backend that holds the lease for us on a connection we have lost.
    async fn end_own(&self, connection: &mut PgConnection) -> Result<(), Refusal> {
        if let Some(lost) = &self.lost
            && in_time(holder(connection)).await?.as_ref() == Some(lost)
        {
            in_time(sqlx::query(END_ONE).bind(lost.pid).fetch_all(connection)).await?;
        }
        Ok(())
    }

    /// A failover may lead to a node that was never a copy of ours.
    async fn check_identity(&self, connection: &mut PgConnection) -> Result<(), Refusal> {
        let Some(expected) = &self.identity else { return Ok(()) };
        match in_time(sqlx::query(IDENTITY).fetch_optional(connection)).await {
            Ok(Some(row)) if row.try_get::<&str, _>("id")? == expected => Ok(()),
            Err(Refusal::Sql(sqlx::Error::Database(_))) | Ok(_) => Err(Refusal::OtherDatabase),
            Err(refusal) => Err(refusal),
        }
    }

    /// Sees to it that the lease is still ours and the database takes writes, and takes it again where its connection is
    /// lost; `false`: another has it. An error: nobody may write for us until this has succeeded.
    pub(crate) async fn keep(&mut self) -> Result<bool, Refusal> {
        let backend = self.holder.held().as_ref().map(|(backend, _)| backend.clone());
        if let (Some(connection), Some(backend)) = (&mut self.connection, backend) {
            match check_state(connection, Some(&backend)).await {
                Ok(()) => return Ok(true),
                Err(refusal) => tracing::warn!(error = %refusal, "the connection that holds the database is given up"),
            }
            self.connection = None;
            self.lost = Some(backend);
            *self.holder.held() = None;
        }
        self.take().await
    }
}

/// Whether the database takes writes, and this is the session it was.
async fn check_state(connection: &mut PgConnection, expected: Option<&Backend>) -> Result<(), Refusal> {
    let row = in_time(sqlx::raw_sql(STATE).fetch_one(connection)).await?;
    if expected.is_some_and(|expected| row.try_get("pid").ok() != Some(expected.pid)) {
        return Err(Refusal::Pooled);
    }
    if row.try_get("read_only")? { Err(Refusal::ReadOnly) } else { Ok(()) }
}
