//! A pooler that gives each transaction another session: behind it nobody can hold a database, for the lock that says so
//! is the session's, and stays behind in the pool for the next client.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Row};

use crate::refusal::Refusal;
use crate::sql::in_time;

/// Connections that each keep a transaction open: one of them gets the session of the first connection, which rests, or
/// that gets another. What evades it is found out when the lease is taken, and whenever it is looked after.
const HOLDING: usize = 2;

/// Whether connections share sessions. It takes no lock and leaves nothing behind.
pub(crate) async fn shares_sessions(options: &PgConnectOptions) -> Result<bool, Refusal> {
    let mut resting = in_time(options.connect()).await?;
    let mut holding = Vec::with_capacity(HOLDING);
    let shares = interleaved(options, &mut resting, &mut holding).await;
    // They asked for nothing but a number, so how they end is all the same; but in order, so that a pooler keeps them.
    for mut connection in holding {
        let _ = in_time(sqlx::raw_sql("ROLLBACK").execute(&mut connection)).await;
        let _ = in_time(connection.close()).await;
    }
    let _ = in_time(resting.close()).await;
    shares
}

async fn interleaved(
    options: &PgConnectOptions,
    resting: &mut PgConnection,
    holding: &mut Vec<PgConnection>,
) -> Result<bool, Refusal> {
    let session = session_of(resting).await?;
    for _ in 0..HOLDING {
        let mut other = in_time(options.connect()).await?;
        in_time(sqlx::raw_sql("BEGIN").execute(&mut other)).await?;
        let others = session_of(&mut other).await;
        holding.push(other);
        if others? == session || session_of(resting).await? != session {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Without a prepared statement: those are the session's, too.
async fn session_of(connection: &mut PgConnection) -> Result<i32, Refusal> {
    let row = in_time(sqlx::raw_sql("SELECT pg_backend_pid() AS pid").fetch_one(connection)).await?;
    Ok(row.try_get("pid")?)
}
