//! The peer's process.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// bevy_replicon in a process of its own, waiting for commands.
pub(crate) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What one turn came to, for each client and entity.
pub(crate) struct PeerTurn {
    pub(crate) ns: f64,
    pub(crate) bytes: f64,
}

impl Peer {
    /// Builds it where that has not been done, and starts it.
    pub(crate) fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = root.join("target/peer");
        println!("building the peer, which takes a few minutes the first time");
        // bevy's umbrella crate asks for a newer compiler than it needs.
        let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--release", "--quiet", "--locked", "--ignore-rust-version", "--manifest-path"])
            .arg(root.join("benches/peer/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .status()
            .expect("cargo can be started");
        assert!(built.success(), "there is no peer to compare with");
        let mut child = Command::new(target.join("release/hypogeum-bench-peer"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the peer was built");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, input, output }
    }

    /// One turn with so many clients and 1,000 entities.
    pub(crate) fn turn(&mut self, clients: usize, ticks: u32) -> PeerTurn {
        let input = self.input.as_mut().expect("its input is piped");
        writeln!(input, "{clients} {ticks}").expect("the peer still runs");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the peer answers");
        let numbers: Vec<f64> = line.split_whitespace().map(|number| number.parse().expect("a number")).collect();
        let [ns, bytes, records] = numbers[..] else { panic!("the peer says three numbers, not {line:?}") };
        PeerTurn { ns: ns / records, bytes: bytes / records }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
