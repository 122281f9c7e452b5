//! Servers that live as long as a test.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;

/// What a server wrote to standard error before and after it was ready.
type Log = Arc<Mutex<String>>;

/// A server process with free ports of loopback and, by default, a data directory of its own.
#[derive(Debug)]
pub struct TestServer {
    child: Child,
    /// Address of HTTP, as a URL.
    pub url: String,
    /// Where the game is served.
    pub udp: SocketAddr,
    log: Log,
    reader: Option<JoinHandle<()>>,
}

/// How a server ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// All it wrote to standard error.
    pub log: String,
}

impl TestServer {
    /// Starts `binary serve` on `data`, with more settings as environment overrides, and waits until it is ready.
    ///
    /// # Errors
    /// How it ended, where it never got ready.
    pub fn start(binary: &str, data: &Path, settings: &[(&str, &str)]) -> Result<Self, Ended> {
        Self::start_with(binary, &[], data, settings)
    }

    /// [`Self::start`] with more words on the command line.
    ///
    /// # Errors
    /// How it ended, where it never got ready.
    pub fn start_with(binary: &str, args: &[&str], data: &Path, settings: &[(&str, &str)]) -> Result<Self, Ended> {
        let config = data.join("server.toml");
        std::fs::write(&config, "").expect("the test's own directory can be written to");
        let mut child = Command::new(binary)
            .args([Path::new("serve"), Path::new("--config"), &config])
            .args(args)
            .current_dir(workspace())
            .env("HYPOGEUM_SERVER__DATA_DIR", data)
            .env("HYPOGEUM_UDP__LISTEN", "127.0.0.1:0")
            .env("HYPOGEUM_HTTP__LISTEN", "127.0.0.1:0")
            // A test that is about the world says so.
            .env("HYPOGEUM_WORLD__OPEN", "false")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be run");
        let log = Log::default();
        let mut lines = BufReader::new(child.stderr.take().expect("standard error is piped"));
        let mut ready = None;
        let mut line = String::new();
        while ready.is_none() && lines.read_line(&mut line).is_ok_and(|count| count > 0) {
            ready = addresses(&line);
            note(&log, &line);
            line.clear();
        }
        let Some((udp, url)) = ready else {
            let status = child.wait().expect("a child can be waited for");
            return Err(Ended { status, log: text(&log) });
        };
        let kept = Arc::clone(&log);
        let reader = thread::spawn(move || {
            let mut rest = [0; 4_096];
            while let Ok(count @ 1..) = lines.read(&mut rest) {
                note(&kept, &String::from_utf8_lossy(&rest[..count]));
            }
        });
        Ok(Self { child, url, udp, log, reader: Some(reader) })
    }

    /// Number of its process, for signals.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error so far.
    #[must_use]
    pub fn log(&self) -> String {
        text(&self.log)
    }

    /// Whether the process is still there.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends SIGTERM and waits for the end.
    #[must_use]
    pub fn terminate(mut self) -> Ended {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIGTERM could not be sent");
        self.wait()
    }

    /// Sends SIGKILL and waits for the end.
    #[must_use]
    pub fn kill(mut self) -> Ended {
        let _ = self.child.kill();
        self.wait()
    }

    /// Waits until it ends by itself.
    #[must_use]
    pub fn ended(mut self) -> Ended {
        self.wait()
    }

    fn wait(&mut self) -> Ended {
        let status = self.child.wait().expect("a child can be waited for");
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        Ended { status, log: self.log() }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let ended = self.wait();
        if thread::panicking() {
            eprintln!("-- the server's log --\n{}", ended.log);
        }
    }
}

/// Where the project's own `assets/` and `config/` lie.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Both addresses of a readiness line, as text or within JSON.
fn addresses(line: &str) -> Option<(SocketAddr, String)> {
    let (_, rest) = line.split_once("ready: game on udp://")?;
    let (udp, rest) = rest.split_once(", accounts on ")?;
    let url = rest.split(['"', '\n']).next()?;
    Some((udp.parse().ok()?, url.to_owned()))
}

fn note(log: &Log, line: &str) {
    log.lock().push_str(line);
}

fn text(log: &Log) -> String {
    log.lock().clone()
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn a_readiness_line_names_both_addresses() {
        let line = "ready: game on udp://127.0.0.1:4000, accounts on http://127.0.0.1:4001\n";
        let (udp, url) = addresses(line).expect("the line is as the server writes it");
        assert_eq!((udp.port(), url.as_str()), (4000, "http://127.0.0.1:4001"), "both addresses");
        let json = r#"{"fields":{"message":"ready: game on udp://127.0.0.1:4000, accounts on http://127.0.0.1:4001"}}"#;
        assert_eq!(addresses(json), addresses(line), "in JSON as well");
        assert_eq!(addresses("2026-01-01 INFO listening"), None, "another line is none");
    }
}
