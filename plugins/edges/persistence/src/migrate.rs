//! Forward, migration by migration, and never back: what stands in a database is known by what was applied to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use crate::directory::lock_directory;
use crate::error::OpenError;
use crate::known::{Known, POSTGRES, SQLITE};
use crate::name_keys::{KeptName, Plan};
use crate::open::{self, Address};
use crate::outside_async;
use crate::place::Place;
use crate::sql::in_time;

/// Where it is noted what was applied.
const APPLIED_TABLE: &str = "_sqlx_migrations";

/// How a database stands, or what was done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// `sqlite` or `postgresql`.
    pub database: &'static str,
    /// The migration it stood at; 0: none, it was empty.
    pub from: i64,
    /// The migration it stands at, or would.
    pub to: i64,
    /// What was applied, or would be, in order.
    pub applied: Vec<String>,
    /// Accounts and characters whose names are one by today's rules, each a sentence.
    pub clashes: Vec<String>,
}

/// Migrates the database of a data directory, or the one at `url`, as opening it would; nobody may have it open.
///
/// # Errors
/// As [`crate::Store::open`] and [`crate::Store::connect`].
pub fn migrate(path: &Path, url: Option<&str>) -> Result<Migrated, OpenError> {
    let (address, place) = Address::of(path, url)?;
    let _lock = lock_directory(path)?;
    blocking(async {
        let database = open::open(&address, &place).await?;
        database.pools.close().await;
        Ok(database.migrated)
    })
}

/// What [`migrate`] would do. Changes nothing, and may be asked while a server runs.
///
/// # Errors
/// [`OpenError`]: the database cannot be read, or is not one that this build can migrate.
pub fn migration_status(path: &Path, url: Option<&str>) -> Result<Migrated, OpenError> {
    let (address, place) = Address::of(path, url)?;
    blocking(async {
        match address {
            Address::Sqlite(file) => {
                if !file.exists() {
                    return pending("sqlite", &SQLITE, &[], &place);
                }
                let options = SqliteConnectOptions::new().filename(&file).read_only(true).disable_statement_logging();
                let mut connection = options.connect().await.map_err(|error| place.failed(&error))?;
                let table = "SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = $1";
                let row = sqlx::query(table).bind(APPLIED_TABLE).fetch_one(&mut connection).await;
                let tables: i64 = row.and_then(|row| row.try_get("tables")).map_err(|error| place.failed(&error))?;
                let applied = if tables == 0 { Vec::new() } else { applied(&mut connection, &place).await? };
                let migrated = pending("sqlite", &SQLITE, &applied, &place)?;
                let mut clashing: [Vec<KeptName>; 2] = [Vec::new(), Vec::new()];
                for (names, &statement) in clashing.iter_mut().zip(names_at(migrated.from)) {
                    let rows = sqlx::query_as(statement).fetch_all(&mut connection).await;
                    *names = kept(rows.map_err(|error| place.failed(&error))?);
                }
                Ok(clashing_in(migrated, &clashing))
            }
            Address::Postgres(options) => {
                let options = options.application_name("hypogeum migrate");
                let mut connection = in_time(options.connect()).await.map_err(|error| place.failed(&error))?;
                let table = "SELECT to_regclass($1) IS NOT NULL AS there";
                let row = in_time(sqlx::query(table).bind(APPLIED_TABLE).fetch_one(&mut connection)).await;
                let row = row.map_err(|error| place.failed(&error))?;
                let there: bool = row.try_get("there").map_err(|error| place.failed(&error))?;
                let applied = if there { applied(&mut connection, &place).await? } else { Vec::new() };
                let migrated = pending("postgresql", &POSTGRES, &applied, &place)?;
                let mut clashing: [Vec<KeptName>; 2] = [Vec::new(), Vec::new()];
                for (names, &statement) in clashing.iter_mut().zip(names_at(migrated.from)) {
                    let rows = sqlx::query_as(statement).fetch_all(&mut connection).await;
                    *names = kept(rows.map_err(|error| place.failed(&error))?);
                }
                // Nothing was begun on it, so how it ends is all the same.
                let _ = connection.close().await;
                Ok(clashing_in(migrated, &clashing))
            }
        }
    })
}

/// What finds all names of a database at this migration: those of accounts, and of living characters.
const fn names_at(migration: i64) -> &'static [&'static str] {
    const NAMES: [&str; 2] = [
        "SELECT id, id, name FROM accounts ORDER BY id",
        "SELECT id, account, name FROM characters WHERE deleted_s IS NULL ORDER BY id",
    ];
    match migration {
        ..1 => NAMES.split_at(0).0,
        1 => NAMES.split_at(1).0,
        _ => &NAMES,
    }
}

fn kept(rows: Vec<(i64, i64, String)>) -> Vec<KeptName> {
    rows.into_iter().map(|(id, account, name)| KeptName { id, account, name }).collect()
}

fn clashing_in(migrated: Migrated, [accounts, characters]: &[Vec<KeptName>; 2]) -> Migrated {
    Migrated { clashes: Plan::of(accounts, characters).clashes, ..migrated }
}

pub(crate) async fn forward_sqlite(connection: &mut SqliteConnection, place: &Place) -> Result<Migrated, OpenError> {
    forward("sqlite", &SQLITE, connection, place).await
}

pub(crate) async fn forward_postgres(connection: &mut PgConnection, place: &Place) -> Result<Migrated, OpenError> {
    forward("postgresql", &POSTGRES, connection, place).await
}

async fn forward<C: Migrate>(
    database: &'static str,
    migrations: &[Known],
    connection: &mut C,
    place: &Place,
) -> Result<Migrated, OpenError> {
    let refuse = |error| refused(migrations, place, error);
    connection.ensure_migrations_table(APPLIED_TABLE).await.map_err(refuse)?;
    if let Some(half_done) = connection.dirty_version(APPLIED_TABLE).await.map_err(refuse)? {
        return Err(refuse(MigrateError::Dirty(half_done)));
    }
    let stood = applied(connection, place).await?;
    let migrated = pending(database, migrations, &stood, place)?;
    let done: BTreeSet<i64> = stood.iter().map(|migration| migration.version).collect();
    for known in migrations.iter().filter(|known| !done.contains(&known.migration.version)) {
        connection.apply(APPLIED_TABLE, &known.migration).await.map_err(refuse)?;
    }
    Ok(migrated)
}

async fn applied<C: Migrate>(connection: &mut C, place: &Place) -> Result<Vec<AppliedMigration>, OpenError> {
    connection.list_applied_migrations(APPLIED_TABLE).await.map_err(|error| place.failed(&error))
}

/// What is missing in a database where `applied` was done, if that is a beginning of what this build knows.
fn pending(
    database: &'static str,
    migrations: &[Known],
    applied: &[AppliedMigration],
    place: &Place,
) -> Result<Migrated, OpenError> {
    let mut missing: BTreeMap<i64, &Known> = migrations.iter().map(|known| (known.migration.version, known)).collect();
    let to = missing.keys().max().copied().unwrap_or(0);
    for found in applied {
        match missing.remove(&found.version) {
            None => return Err(refused(migrations, place, MigrateError::VersionMissing(found.version))),
            Some(known) if !known.is_noted_as(&found.checksum) => {
                return Err(refused(migrations, place, MigrateError::VersionMismatch(found.version)));
            }
            Some(_) => {}
        }
    }
    let from = applied.iter().map(|migration| migration.version).max().unwrap_or(0);
    let named = |(version, known): (&i64, &&Known)| format!("{version:04} {}", known.migration.description);
    Ok(Migrated { database, from, to, applied: missing.iter().map(named).collect(), clashes: Vec::new() })
}

fn refused(migrations: &[Known], place: &Place, error: MigrateError) -> OpenError {
    let known = migrations.last().map_or(0, |known| known.migration.version);
    match error {
        MigrateError::VersionMissing(found) => OpenError::Newer { place: place.clone(), found, known },
        MigrateError::VersionMismatch(migration) | MigrateError::Dirty(migration) => {
            OpenError::Differs { place: place.clone(), migration }
        }
        other => place.failed(&other),
    }
}

fn blocking<T: Send>(work: impl Future<Output = Result<T, OpenError>> + Send) -> Result<T, OpenError> {
    outside_async::run(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(OpenError::Threads)?;
        runtime.block_on(work)
    })
}
