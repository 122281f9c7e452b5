//! A server whose standard error says nothing to a test: its ports are chosen before it starts.

use std::fs::File;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use hypogeum_testkit::Player;

use crate::files::{Readiness, until, until_readiness};
use crate::people::until_answered;

/// The process; killed where a test lets go of it.
pub(crate) struct MuteServer {
    child: Child,
    pub(crate) url: String,
}

impl MuteServer {
    /// Starts `serve` with that standard error, and waits until it is ready.
    pub(crate) fn start(data: &Path, stderr: Stdio, settings: &[(&str, &str)]) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_hypogeum")).arg("serve"), data, stderr, settings)
    }

    /// Starts what `command` is, which becomes the server, and waits until it is ready.
    pub(crate) fn run(command: &mut Command, data: &Path, stderr: Stdio, settings: &[(&str, &str)]) -> Self {
        let server = Self::open(command, data, stderr, settings);
        until_readiness(&server.url, &Readiness::ready());
        server
    }

    /// The same, as far as that its port is open: nobody can ask whether it is ready where only a proxy may.
    pub(crate) fn open(command: &mut Command, data: &Path, stderr: Stdio, settings: &[(&str, &str)]) -> Self {
        let http = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
        let udp = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
        let child = command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("HYPOGEUM_SERVER__DATA_DIR", data)
            .env("HYPOGEUM_UDP__LISTEN", udp.to_string())
            .env("HYPOGEUM_HTTP__LISTEN", http.to_string())
            .env("HYPOGEUM_AUTH__GUESTS", "loopback")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("the binary can be run");
        let mut server = Self { child, url: format!("http://{http}") };
        until("the server's port", || {
            let ended = server.child.try_wait().expect("a child can be waited for");
            assert!(ended.is_none(), "it ended at once: {ended:?}");
            TcpStream::connect(http).is_ok()
        });
        server
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} could not be sent");
    }

    pub(crate) fn terminate(mut self) -> ExitStatus {
        self.signal("TERM");
        let mut status = None;
        until("the server's end", || {
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        status.expect("just seen")
    }

    /// Somebody comes in, is answered, and goes.
    pub(crate) fn serves_somebody(&self, name: &str) {
        let mut player = Player::guest(&self.url, name);
        until_answered(&mut player);
        assert_eq!(Readiness::of(&self.url), Readiness::ready(), "all is well");
    }
}

impl Drop for MuteServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A pipe: what reads and what writes.
pub(crate) fn pipe() -> (File, OwnedFd) {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    (File::from(OwnedFd::from(reader)), OwnedFd::from(writer))
}
