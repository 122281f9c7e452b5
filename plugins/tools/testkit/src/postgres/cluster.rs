//! The files and the processes of one cluster.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::binaries::{Binaries, done};

/// Runs the server until its own input ends, as it does when the test's process ends in whatever way, and then takes
/// the files away, too. `$1` is the data directory, `$2` says whether to keep it, the rest is the server's command.
const GUARD: &str = r#"
data=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & server=$!
( read -r word <&3; [ "$word" = keep ] || { kill -QUIT $server 2>/dev/null; touch "$data.gone"; } ) &
watcher=$!
exec 3<&-
wait $server
if [ -e "$data.gone" ]; then rm -rf "$data" "$data.gone"; fi
kill $watcher 2>/dev/null
"#;
/// Connections a server takes: every test of a process may have some open.
const CONNECTIONS_MAX: u32 = 400;
/// How often a server that starts is asked whether it is ready.
const POLL: Duration = Duration::from_millis(20);
/// After how many polls it is given up.
const POLLS_MAX: u32 = 1_500;

/// A cluster's files, and its server while one runs.
#[derive(Debug)]
pub(crate) struct Cluster {
    binaries: Binaries,
    folder: PathBuf,
    pub(crate) port: u16,
    settings: Vec<(String, String)>,
    server: Option<Server>,
}

#[derive(Debug)]
struct Server {
    guard: Child,
    /// Its end ends the server.
    _input: ChildStdin,
    postmaster: Pid,
}

impl Cluster {
    /// Makes the files, without a server.
    pub(crate) fn new(settings: &[(&str, &str)]) -> Self {
        let binaries = Binaries::newest();
        let template = std::env::temp_dir().join("hypogeum-postgres-XXXXXX");
        let folder = PathBuf::from(done(binaries.command("mktemp").arg("-d").arg(template)));
        let data = folder.join("data");
        let initdb = binaries.path("initdb");
        let mut command = binaries.command(initdb);
        command.arg("-D").arg(&data).args(["-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"]);
        command.args(["--locale=C.UTF-8"]);
        done(&mut command);
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { binaries, folder, port: free_port(), settings, server: None }
    }

    /// Makes the files of a standby that follows a running primary, without a server.
    pub(crate) fn standby_of(primary: &Self) -> Self {
        let binaries = Binaries::newest();
        let template = std::env::temp_dir().join("hypogeum-postgres-XXXXXX");
        let folder = PathBuf::from(done(binaries.command("mktemp").arg("-d").arg(template)));
        let mut command = binaries.command(binaries.path("pg_basebackup"));
        command.args(["-h", "127.0.0.1", "-p", &primary.port.to_string(), "-U", "postgres", "-D"]);
        command.arg(folder.join("data")).args(["-R", "-c", "fast", "-X", "stream", "--no-sync"]);
        done(&mut command);
        Self { binaries, folder, port: free_port(), settings: primary.settings.clone(), server: None }
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn start(&mut self) {
        if self.server.is_some() {
            return;
        }
        let data = self.folder.join("data");
        let mut command = self.binaries.command("/bin/sh");
        command.args(["-c", GUARD, "guard"]).arg(&self.folder).arg(self.binaries.path("postgres")).arg("-D").arg(&data);
        command.arg("-k").arg(&self.folder);
        let fixed = [
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("port", self.port.to_string()),
            ("max_connections", CONNECTIONS_MAX.to_string()),
            ("log_min_messages", "fatal".to_owned()),
        ];
        for (name, value) in &fixed {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut guard = match command.spawn() {
            Ok(guard) => guard,
            Err(error) => panic!("{command:?} cannot be run: {error}"),
        };
        let Some(input) = guard.stdin.take() else { panic!("the server's guard has no input") };
        for _ in 0..POLLS_MAX {
            if self.answers() {
                let postmaster = self.postmaster();
                self.server = Some(Server { guard, _input: input, postmaster });
                return;
            }
            if let Ok(Some(status)) = guard.try_wait() {
                panic!("PostgreSQL does not start ({status}): {command:?}");
            }
            std::thread::sleep(POLL);
        }
        panic!("PostgreSQL does not answer on port {}", self.port)
    }

    fn answers(&self) -> bool {
        let mut command = self.binaries.command(self.binaries.path("pg_isready"));
        command.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        command.status().is_ok_and(|status| status.success())
    }

    /// Its process, as it notes it itself.
    fn postmaster(&self) -> Pid {
        let noted = done(self.binaries.command("head").arg("-n1").arg(self.folder.join("data/postmaster.pid")));
        match noted.parse() {
            Ok(pid) => Pid::from_raw(pid),
            Err(error) => panic!("PostgreSQL has noted no process but {noted:?}: {error}"),
        }
    }

    /// Ends the server and waits for its end: at once, as a crash would, or after what it is doing.
    pub(crate) fn stop(&mut self, immediate: bool) {
        let Some(mut server) = self.server.take() else { return };
        signal(server.postmaster, if immediate { Signal::SIGQUIT } else { Signal::SIGINT });
        if let Err(error) = server.guard.wait() {
            panic!("the end of PostgreSQL cannot be awaited: {error}");
        }
    }

    /// Stops all its processes where they stand, or lets them go on.
    pub(crate) fn freeze(&self, frozen: bool) {
        let Some(server) = &self.server else { return };
        let sent = if frozen { Signal::SIGSTOP } else { Signal::SIGCONT };
        // The postmaster first: stopped, it starts no more of them.
        signal(server.postmaster, sent);
        for child in children(server.postmaster) {
            signal(child, sent);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.freeze(false);
        self.stop(true);
        // What is left in the temporary directory harms nobody.
        let _ = self.binaries.command("rm").arg("-rf").arg(&self.folder).status();
    }
}

/// A process that is gone already has had its signal.
fn signal(process: Pid, signal: Signal) {
    let _ = kill(process, signal);
}

fn children(parent: Pid) -> Vec<Pid> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let parent_of = |process: i32| {
        let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name stands in parentheses and may hold anything; after it come the state and the parent.
        status.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<i32>().ok()
    };
    processes.filter(|&process| parent_of(process) == Some(parent.as_raw())).map(Pid::from_raw).collect()
}

/// A port nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    match listener {
        Ok(address) => address.port(),
        Err(error) => panic!("there is no free port: {error}"),
    }
}
