//! Bots on a server that is killed and started again, by the very lines that README tells people to type.

use std::fs::{self, File};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Only a backstop.
const PATIENCE: Duration = Duration::from_secs(240);

/// The first lines that are indented after README's heading.
fn script() -> Vec<String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).expect("there is a README");
    let section = readme.split("## Pull the plug\n").nth(1).expect("README.md pulls the plug");
    let lines =
        section.lines().skip_while(|line| !line.starts_with("    ")).map_while(|line| line.strip_prefix("    "));
    lines.map(str::to_owned).collect()
}

/// Whatever the script started ends with the test.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

#[test]
fn they_resume_in_their_seats_as_the_readme_shows() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    for folder in ["assets", "config"] {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        symlink(ours, dir.path().join(folder)).expect("a link can be made");
    }
    // Free a moment ago: a second server must find the ports of the first.
    let udp = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let http = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let lines = script();
    assert!(lines.iter().any(|line| line.contains("kill -9 $server")), "only the server is killed: {lines:#?}");
    let typed: Vec<String> = lines
        .iter()
        .filter(|line| !line.starts_with("cargo "))
        .map(|line| {
            line.replace("target/release/hypogeum", BINARY)
                .replace(" bots ", &format!(" bots --server http://{http} "))
                .replace("--seconds 100", "--seconds 6")
        })
        .collect();
    // What README sleeps for is the middle of the match.
    let prelude = "sleep() { until grep -q '^blitz' all.log; do command sleep 0.1; done; }";
    let log = File::create(dir.path().join("all.log")).expect("a file can be made");
    let child = Command::new("bash")
        .args(["-c", &format!("{prelude}\n{}\nwait $server", typed.join("\n"))])
        .current_dir(dir.path())
        .env("HYPOGEUM_UDP__LISTEN", udp.to_string())
        .env("HYPOGEUM_HTTP__LISTEN", http.to_string())
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a file can be shared"))
        .stderr(log)
        .process_group(0)
        .spawn()
        .expect("bash can be run");
    let mut group = Group(child);
    let began = Instant::now();
    let status = loop {
        if let Some(status) = group.0.try_wait().expect("a child can be waited for") {
            break status;
        }
        let said = fs::read_to_string(dir.path().join("all.log")).unwrap_or_default();
        assert!(began.elapsed() < PATIENCE, "the script does not end: {said}");
        thread::sleep(Duration::from_millis(50));
    };
    let said = fs::read_to_string(dir.path().join("all.log")).expect("what was said can be read");
    assert!(status.success(), "the script ends well: {said}");
    assert!(said.contains("recovered: resumed match 1 after tick "), "the next server goes on with the match: {said}");
    let resumed: Vec<&str> = said.lines().filter(|line| line.starts_with("resumed 24 of 24 in ")).collect();
    assert_eq!(resumed.len(), 2, "everyone is back, said at once and with the table: {said}");
    let counts = [("lost their server", 24), ("resumed", 24), ("resumed in their seats", 24), ("dropped", 0)];
    for (name, count) in counts {
        let row = said.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        assert_eq!(row, Some(count), "the table's row {name:?}: {said}");
    }
    assert!(!said.contains("\nHelloFirst"), "nothing is said before the hello of the next connection: {said}");
}
