//! A pooler between server and database: in the mode in which a session is a session, or not.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hypogeum_persistence::OpenError;
use hypogeum_testkit::postgres::TestPostgres;
use tempfile::TempDir;

use crate::world::{Directory, found, profile, register, reports, settle, starter_item, take};

/// Where Debian's package puts it.
const PGBOUNCER: &str = "/usr/sbin/pgbouncer";

/// A pooler before a server, gone with the test.
struct Pooler {
    port: u16,
    process: Child,
    _folder: TempDir,
}

impl Pooler {
    /// `more` are lines of its configuration.
    fn start(server: &TestPostgres, mode: &str, more: &str) -> Self {
        assert!(Path::new(PGBOUNCER).exists(), "there is no {PGBOUNCER}: install Debian's package `pgbouncer`");
        let folder = tempfile::tempdir().unwrap();
        // It refuses to run as root, as PostgreSQL does.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\nadmin_users = postgres\n{more}\n",
            server.port()
        );
        // Whoever it lets in is this user to the server.
        fs::write(&file, text.replace("port=", "user=postgres port=")).unwrap();
        let mut command = Command::new(PGBOUNCER);
        if fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0) {
            command.args(["-u", "postgres"]);
        }
        let process = command.arg("-q").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let pooler = Self { port, process, _folder: folder };
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        pooler
    }

    fn directory(&self, database: &str) -> Directory {
        Directory::at(&format!("postgres://postgres@127.0.0.1:{}/{database}", self.port))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn name(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

#[test]
fn a_pooler_that_shares_sessions_is_refused_and_keeps_nothing() {
    let server = TestPostgres::new();
    let url = server.url();
    for more in ["", "ignore_startup_parameters = extra_float_digits,options", "server_round_robin = 1"] {
        let pooler = Pooler::start(&server, "transaction", more);
        // Again and again: its pool holds idle sessions by then.
        for _ in 0..3 {
            let refusal = pooler.directory(name(&url)).try_open().unwrap_err();
            assert!(matches!(refusal, OpenError::Pooled { .. }), "{more:?}: it is recognised: {refusal}");
            let sentence = refusal.to_string();
            assert!(sentence.contains("pool_mode = session") && !sentence.contains('\n'), "{more:?}: {sentence}");
        }
        let locks = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'";
        assert_eq!(server.run(name(&url), &[locks]), "0", "{more:?}: nobody holds the database");
        let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(server.run(name(&url), &[tables]), "0", "{more:?}: nothing was made in it");
    }
    drop(Directory::at(&url).open());
}

#[test]
fn a_pooler_that_keeps_sessions_apart_serves() {
    let server = TestPostgres::new();
    let url = server.url();
    let pooler = Pooler::start(&server, "session", "");
    let directory = pooler.directory(name(&url));
    let ada = {
        let store = directory.open();
        let refusal = Directory::at(&url).try_open().unwrap_err();
        assert!(matches!(refusal, OpenError::DatabaseInUse { .. }), "it holds the database: {refusal}");
        let ada = register(&store, "Ada").unwrap();
        let knife = starter_item(ada, 1);
        let _ = store.answer(take(1, &[(ada, &[knife.id])]));
        let reported = reports(store.answer(settle(1, &[(ada, &[knife, found(1, 1)])])));
        assert_eq!(reported[0].1.items_secured, 2, "it grants");
        ada
    };
    assert_eq!(profile(&directory.open(), ada).stash.len(), 4, "closed, it is free, and has everything");
}
