//! Colyseus, as it comes from npm, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cost::Load;
use crate::process::cpu_s;
use crate::swarm::{Speaks, Swarm};

/// What is installed: the newest of this line.
const PACKAGES: [&str; 2] = ["@colyseus/core@0.18", "@colyseus/ws-transport@0.18"];
/// A room that sends everyone 600 bytes in each tick, the same to all, and takes what they send. Each line it is given is answered by
/// how many clients there are, and what was received and sent so far. It keeps no state of its own: to encode that would come on top.
const SCRIPT: &str = r"
const {Server, Room} = require('@colyseus/core');
const {WebSocketTransport} = require('@colyseus/ws-transport');
const TICK = Number(process.argv[1]), BYTES = Number(process.argv[2]);
let room, received = 0, sent = 0;
class Bench extends Room {
    onCreate() {
        room = this;
        this.maxClients = 1e6; this.patchRate = null; this.autoDispose = false;
        this.onMessageBytes('i', () => { received += 1; });
        const bytes = new Uint8Array(BYTES);
        this.setSimulationInterval(() => {
            bytes[0] += 1;
            this.broadcastBytes('s', bytes);
            sent += this.clients.length;
        }, TICK);
    }
}
const server = new Server({greet: false, transport: new WebSocketTransport({pingInterval: 0})});
server.define('bench', Bench);
server.listen(0, '127.0.0.1').then(() => {
    const transport = server.transport.server || server.transport;
    console.log(transport.address().port);
    require('readline').createInterface({input: process.stdin}).on('line', () =>
        console.log([room ? room.clients.length : 0, received, sent].join(' '))).on('close', () => process.exit(0));
});
";
/// The longest all clients may take to connect.
const PATIENCE: Duration = Duration::from_secs(60);
const WARM_UP: Duration = Duration::from_secs(2);

/// Its process.
struct Colyseus {
    child: Child,
    input: ChildStdin,
    lines: BufReader<ChildStdout>,
}

/// Its cost in µs per client and tick.
pub(crate) fn us_per_client_tick(load: Load) -> f64 {
    let mut peer = Colyseus::start(&installed(), load.tick);
    let port = peer.line();
    let swarm = Swarm::start(Speaks::Colyseus, &format!("127.0.0.1:{}", port.trim()), (1, load.clients), load.tick);
    let started = Instant::now();
    loop {
        let [connected, ..] = peer.counts();
        if connected as usize == load.clients {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "{connected} of {} clients are connected", load.clients);
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(WARM_UP);
    let process = peer.child.id();
    let (before, used) = (peer.counts(), cpu_s(process));
    std::thread::sleep(load.measured);
    let (after, used) = (peer.counts(), cpu_s(process) - used);
    let saw = swarm.end();
    let (received, sent) = (after[1] - before[1], after[2] - before[2]);
    println!("Colyseus sent {sent} and received {received} messages, {} of all reached its clients", saw.received);
    assert!(received * 10 > sent * 9 && saw.received * 10 > sent * 9, "what is measured took place");
    used * 1e6 / sent as f64
}

impl Colyseus {
    fn start(folder: &Path, tick: Duration) -> Self {
        let numbers = [tick.as_millis().to_string(), crate::traffic::DOWN_BYTES.to_string()];
        let mut child = Command::new("node")
            .args(["-e", SCRIPT])
            .args(numbers)
            .current_dir(folder)
            .env("NODE_ENV", "production")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let input = child.stdin.take().expect("its input is piped");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, input, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("it says something");
        assert!(!line.is_empty(), "it has ended");
        line
    }

    /// Clients, messages received and sent.
    fn counts(&mut self) -> [u64; 3] {
        self.input.write_all(b"how\n").expect("it still runs");
        let line = self.line();
        let mut numbers = line.split_whitespace().map(|number| number.parse().expect("a number"));
        std::array::from_fn(|_| numbers.next().expect("three numbers"))
    }
}

impl Drop for Colyseus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder it is installed in, once, among what is built.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("colyseus");
    if !folder.join("node_modules/@colyseus/ws-transport").is_dir() {
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(folder.join("package.json"), r#"{"private": true}"#).expect("a file can be written");
        let words = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
        let ran = Command::new("npm").args(words).args(PACKAGES).current_dir(&folder).output().expect("npm runs");
        assert!(ran.status.success(), "npm: {}", String::from_utf8_lossy(&ran.stderr));
    }
    folder
}
