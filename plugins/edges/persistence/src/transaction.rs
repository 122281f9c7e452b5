//! A transaction on either database: all of it happens, or nothing.

use std::sync::{Arc, OnceLock};

use hypogeum_progression::RewardRules;

use crate::health::Watch;
use crate::refusal::{FailureKind, Refusal};
use crate::sql::{Bind, Connection, Pool, Row};

/// The connections of one database. Whoever writes to SQLite waits for the one writer in a queue, not in SQLite's busy
/// loop.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) writer: Pool,
    pub(crate) reader: Pool,
    pub(crate) watch: Watch,
    /// What settled matches count for, once it is known.
    pub(crate) rules: Arc<OnceLock<RewardRules>>,
}

impl Pools {
    /// Begins to write. SQLite gives the write lock at once, so that nothing has to be undone half way because somebody
    /// else wrote first; PostgreSQL locks rows as they are named: see [`Transaction::lock_accounts`].
    pub(crate) async fn begin(&self) -> Result<Transaction, Refusal> {
        let begin = match &self.writer {
            Pool::Sqlite(_) => "BEGIN IMMEDIATE",
            Pool::Postgres(_) => "BEGIN",
        };
        self.begin_with(&self.writer, begin).await
    }

    /// Begins to read: everything read sees the same moment.
    pub(crate) async fn view(&self) -> Result<Transaction, Refusal> {
        let begin = match &self.reader {
            Pool::Sqlite(_) => "BEGIN",
            Pool::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.begin_with(&self.reader, begin).await
    }

    async fn begin_with(&self, pool: &Pool, begin: &'static str) -> Result<Transaction, Refusal> {
        self.watch.check()?;
        let begun = Transaction::begin(pool, begin, self.watch.clone()).await;
        let begun = begun.map(|mut begun| {
            begun.rules = Arc::clone(&self.rules);
            begun
        });
        if let Err(refusal) = &begun {
            self.watch.note(refusal);
        }
        begun
    }

    /// Reads with one statement: it needs no transaction to see one moment.
    pub(crate) async fn read(&self, statement: &'static str, binds: &[Bind]) -> Result<Vec<Row>, Refusal> {
        self.watch.check()?;
        let mut connection = match self.reader.acquire().await {
            Ok(connection) => connection,
            Err(refusal) => {
                self.watch.note(&refusal);
                return Err(refusal);
            }
        };
        let found = connection.rows(statement, binds).await;
        match &found {
            Ok(_) => self.watch.good(),
            Err(refusal) => {
                self.watch.note(refusal);
                connection.discard();
            }
        }
        found
    }

    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// What happens together. Dropped unfinished, its connection is given up, which undoes it.
#[derive(Debug)]
pub(crate) struct Transaction {
    connection: Option<Connection>,
    watch: Watch,
    rules: Arc<OnceLock<RewardRules>>,
}

impl Transaction {
    /// Begins on a connection of `pool`, whatever the health of the database was.
    pub(crate) async fn begin(pool: &Pool, begin: &'static str, watch: Watch) -> Result<Self, Refusal> {
        let mut transaction = Self { connection: Some(pool.acquire().await?), watch, rules: Arc::default() };
        transaction.run(begin, &[]).await?;
        Ok(transaction)
    }

    /// What settled matches count for; nothing before anybody has said so.
    pub(crate) fn reward_rules(&self) -> RewardRules {
        self.rules.get().cloned().unwrap_or_default()
    }

    fn connection(&mut self) -> Result<&mut Connection, Refusal> {
        self.connection.as_mut().ok_or(Refusal::TimedOut)
    }

    /// Runs a statement; returns how many rows it changed.
    pub(crate) async fn run(&mut self, statement: &'static str, binds: &[Bind]) -> Result<u64, Refusal> {
        let done = self.connection()?.run(statement, binds).await;
        self.kept_if_answered(done)
    }

    /// Runs a statement; returns what it found.
    pub(crate) async fn rows(&mut self, statement: &'static str, binds: &[Bind]) -> Result<Vec<Row>, Refusal> {
        let found = self.connection()?.rows(statement, binds).await;
        self.kept_if_answered(found)
    }

    /// Gives the connection up where it did not answer in time, or leads to a node that will not.
    fn kept_if_answered<T>(&mut self, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        if answer.as_ref().is_err_and(|refusal| refusal.kind() == FailureKind::Unreachable) {
            self.give_up();
        }
        answer
    }

    fn give_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.discard();
        }
    }

    /// The text for the database at hand, where one text cannot serve both.
    pub(crate) const fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match &self.connection {
            Some(Connection::Postgres(_)) => postgres,
            _ => sqlite,
        }
    }

    /// Keeps everyone else from changing what these accounts own until the end. Always in the order of ids and before
    /// anything of theirs is touched, so two that want the same accounts wait for each other, but never both.
    pub(crate) async fn lock_accounts(&mut self, accounts: &str) -> Result<(), Refusal> {
        // As an array they are looked up by key at any size: joined, PostgreSQL would rather read ten thousand profiles.
        let these = "SELECT account FROM profiles
             WHERE account = ANY (ARRAY (SELECT CAST(value AS BIGINT) FROM json_each($1))) ORDER BY account FOR UPDATE";
        self.lock(these, accounts).await
    }

    /// Locks rows of PostgreSQL. SQLite has one writer.
    pub(crate) async fn lock(&mut self, statement: &'static str, rows: &str) -> Result<(), Refusal> {
        if let Some(Connection::Postgres(_)) = &self.connection {
            self.rows(statement, &[rows.into()]).await?;
        }
        Ok(())
    }

    /// Keeps everyone else from giving these names away until the end, be it to an account or to a character: those are
    /// rows of two tables, and no index sees both. `names` are rows of one canonical name each; where an account is locked
    /// as well, that comes first. SQLite has one writer.
    pub(crate) async fn lock_names(&mut self, names: &str) -> Result<(), Refusal> {
        /// Tells these locks from others: "name" in ASCII.
        const NAMES: i64 = 0x6E61_6D65;
        if let Some(Connection::Postgres(_)) = &self.connection {
            self.run(
                "SELECT pg_advisory_xact_lock(CAST($2 AS INTEGER), key)
                 FROM (SELECT DISTINCT hashtext(value ->> 0) AS key FROM json_each($1) ORDER BY key) AS names",
                &[names.into(), NAMES.into()],
            )
            .await?;
        }
        Ok(())
    }

    /// Keeps everyone else from opening games for people to enter until the end, so that they are counted and none is opened twice; where
    /// an account is locked as well, that comes first. SQLite has one writer.
    pub(crate) async fn lock_open_games(&mut self) -> Result<(), Refusal> {
        /// Tells this lock from others: "open" in ASCII.
        const OPEN_GAMES: i64 = 0x6F70_656E;
        if let Some(Connection::Postgres(_)) = &self.connection {
            self.run("SELECT pg_advisory_xact_lock(CAST($1 AS INTEGER), 0)", &[OPEN_GAMES.into()]).await?;
        }
        Ok(())
    }

    /// Keeps what was done, or undoes it where `done` is an error. An error of the keeping itself leaves open whether
    /// it was kept: the same must be asked again, by its key.
    pub(crate) async fn finish<T>(mut self, done: Result<T, Refusal>) -> Result<T, Refusal> {
        let finished = match done {
            Ok(value) => self.run("COMMIT", &[]).await.map(|_| value),
            Err(refusal) => Err(refusal),
        };
        match &finished {
            Ok(_) => self.watch.good(),
            Err(refusal) => {
                self.watch.note(refusal);
                if self.run("ROLLBACK", &[]).await.is_err() {
                    self.give_up();
                }
            }
        }
        // It has ended, so the connection is good for the next.
        drop(self.connection.take());
        finished
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.give_up();
    }
}
