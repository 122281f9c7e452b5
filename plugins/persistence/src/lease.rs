//! Who writes to a PostgreSQL database: one server, the holder of an advisory lock on a connection of its own.
//!
//! The lock goes with its connection, so a server that dies lets go of it. Whoever takes it ends what the holder before
//! has left in the database, commits on their way included, before anything is read there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
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

const TRY_LOCK: &str = "SELECT pg_try_advisory_lock($1) AS locked, pg_backend_pid() AS pid";
/// The two halves of the lock's name, as `pg_locks` shows them.
const HOLDER: &str = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::BIGINT = $1 >> 32 AND objid::BIGINT = $1 & 4294967295";
const END_OTHERS: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
const END_ONE: &str = "SELECT pg_terminate_backend($1, 5000)";

/// The backend that holds the lease, as every new connection checks; 0: none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holder(Arc<AtomicI32>);

impl Holder {
    /// Whether the lease is ours still, asked on `connection`.
    pub(crate) async fn is_confirmed(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let holder = sqlx::query(HOLDER).bind(LOCK).fetch_optional(connection).await?;
        let pid = holder.map(|row| row.try_get::<i32, _>("pid")).transpose()?;
        Ok(pid.is_some() && pid == Some(self.0.load(Ordering::Acquire)))
    }
}

/// The lease of one database.
#[derive(Debug)]
pub(crate) struct Lease {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    holder: Holder,
}

impl Lease {
    pub(crate) fn new(options: PgConnectOptions) -> Self {
        Self { options, connection: None, holder: Holder::default() }
    }

    pub(crate) fn holder(&self) -> Holder {
        self.holder.clone()
    }

    /// Takes the lease; `false`: another server has it, and is alive.
    pub(crate) async fn take(&mut self) -> Result<bool, Refusal> {
        let mut connection = in_time(self.options.connect()).await?;
        for _ in 0..TRIES {
            let row = in_time(sqlx::query(TRY_LOCK).bind(LOCK).fetch_one(&mut connection)).await?;
            if row.try_get("locked")? {
                in_time(sqlx::query(END_OTHERS).bind(APPLICATION).fetch_all(&mut connection)).await?;
                self.holder.0.store(row.try_get("pid")?, Ordering::Release);
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
        let lost = self.holder.0.load(Ordering::Acquire);
        if lost != 0 && self.holder.is_confirmed(connection).await? {
            in_time(sqlx::query(END_ONE).bind(lost).fetch_all(connection)).await?;
        }
        Ok(())
    }

    /// Sees to it that the lease is still ours, and takes it again where its connection is lost; `false`: another has it.
    pub(crate) async fn keep(&mut self) -> Result<bool, Refusal> {
        if let Some(connection) = &mut self.connection {
            match in_time(sqlx::query("SELECT 1").execute(connection)).await {
                Ok(_) => return Ok(true),
                Err(refusal) => tracing::warn!(error = %refusal, "the connection that holds the database is lost"),
            }
            self.connection = None;
        }
        self.take().await
    }
}
