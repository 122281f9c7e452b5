//! PostgreSQL for a test: a cluster that is made, paused, killed, and gone with its test.
//!
//! [`TestPostgres`] starts a cluster of its own from Debian's binaries, on a Unix socket and a free port of the
//! loopback, and is gone with all its data when dropped, or when its process ends however it ends. A test that only
//! needs a database takes one of [`TestPostgres::shared`]; one that stops or pauses the server has its own.
//!
//! Where a server of this kind cannot be had, everything panics with a sentence that says what is missing: in a test
//! there is nothing else to do.

mod binaries;
mod cluster;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use binaries::{Binaries, done};
use cluster::Cluster;

/// Names a server to make databases in, as the URL of a superuser, so that test processes need no cluster each.
pub const SHARED_SERVER: &str = "HYPOGEUM_TEST_POSTGRES";
/// For a cluster whose commits reach the disk, as figures need it. Otherwise they only leave the process: no test takes
/// the machine's power away.
pub const DURABLE: &[(&str, &str)] = &[("fsync", "on")];

/// A PostgreSQL server to take databases from.
#[derive(Debug)]
pub struct TestPostgres {
    server: Where,
    databases: AtomicU64,
}

#[derive(Debug)]
enum Where {
    /// A cluster of its own.
    Own(Mutex<Cluster>),
    /// A server that was there before, up to its port.
    Given(String),
}

impl TestPostgres {
    /// Makes and starts a cluster of its own.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn new() -> Self {
        Self::with(&[("fsync", "off")])
    }

    /// As [`TestPostgres::new`], with settings of `postgresql.conf`.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let mut cluster = Cluster::new(settings);
        cluster.start();
        Self { server: Where::Own(Mutex::new(cluster)), databases: AtomicU64::new(0) }
    }

    /// Makes and starts a standby of this server: a copy of its databases that follows it, and takes no writes.
    ///
    /// # Panics
    /// For a server that is not its own, or where the copy does not start.
    #[must_use]
    pub fn standby(&self) -> Self {
        let mut cluster = self.own(|primary| Cluster::standby_of(primary));
        cluster.start();
        Self { server: Where::Own(Mutex::new(cluster)), databases: AtomicU64::new(0) }
    }

    /// Makes a primary of a standby.
    ///
    /// # Panics
    /// Where it is none.
    pub fn promote(&self) {
        self.run("postgres", &["SELECT pg_promote()"]);
    }

    /// Whether the server refuses to write from now on, as a primary that was replaced may. Connections stay.
    ///
    /// # Panics
    /// Where nobody may say so.
    pub fn read_only(&self, read_only: bool) {
        let setting = format!("ALTER SYSTEM SET default_transaction_read_only = {read_only}");
        // Anyone who lifts it writes, too.
        self.run("postgres", &["SET default_transaction_read_only = false", &setting, "SELECT pg_reload_conf()"]);
    }

    /// Runs statements in one of its databases and returns what they print, a line for each row.
    ///
    /// # Panics
    /// Where one fails.
    pub fn run(&self, database: &str, statements: &[&str]) -> String {
        let binaries = Binaries::newest();
        let mut command = binaries.command(binaries.path("psql"));
        command.args(["-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", &format!("{}/{database}", self.server_url())]);
        for statement in statements {
            command.args(["-c", statement]);
        }
        done(&mut command)
    }

    /// The server that the environment names in [`SHARED_SERVER`], or one for all tests of this process. Nobody may stop
    /// it.
    ///
    /// # Panics
    /// As [`TestPostgres::new`].
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<TestPostgres> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var(SHARED_SERVER) {
            Ok(url) => {
                let server = url.trim_end_matches('/');
                let path = server.find("://").map_or(0, |at| at + 3);
                let end = server[path..].find('/').map_or(server.len(), |at| path + at);
                Self { server: Where::Given(server[..end].to_owned()), databases: AtomicU64::new(0) }
            }
            Err(_) => Self::new(),
        })
    }

    /// The URL of a new, empty database, of a superuser who needs no password.
    ///
    /// # Panics
    /// Where it cannot be made, as on a server that is stopped.
    #[must_use]
    pub fn url(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let (drop, create) =
            (format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}"));
        self.run("postgres", &[&drop, &create]);
        let server = self.server_url();
        format!("{server}/{name}")
    }

    fn server_url(&self) -> String {
        match &self.server {
            Where::Own(cluster) => {
                let port = cluster.lock().port;
                format!("postgres://postgres@127.0.0.1:{port}")
            }
            Where::Given(server) => server.clone(),
        }
    }

    /// The port it listens on, on the loopback.
    ///
    /// # Panics
    /// For a server that is not its own.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.own(|cluster| cluster.port)
    }

    /// Ends the server and waits for its end: at once, as a crash would, or after what it is doing.
    ///
    /// # Panics
    /// For a server that is not its own.
    pub fn stop(&self, immediate: bool) {
        self.own(|cluster| cluster.stop(immediate));
    }

    /// Starts the server again, with all that was committed, and waits until it answers.
    ///
    /// # Panics
    /// For a server that is not its own, or does not start.
    pub fn start(&self) {
        self.own(Cluster::start);
    }

    /// Stops all processes of the server where they stand: connections stay, and nothing is answered.
    ///
    /// # Panics
    /// For a server that is not its own.
    pub fn pause(&self) {
        self.own(|cluster| cluster.freeze(true));
    }

    /// Lets them go on.
    ///
    /// # Panics
    /// For a server that is not its own.
    pub fn resume(&self) {
        self.own(|cluster| cluster.freeze(false));
    }

    fn own<T>(&self, act: impl FnOnce(&mut Cluster) -> T) -> T {
        match &self.server {
            Where::Own(cluster) => act(&mut cluster.lock()),
            Where::Given(server) => panic!("{server} is shared: no test may stop it"),
        }
    }
}

impl Default for TestPostgres {
    fn default() -> Self {
        Self::new()
    }
}
