//! A server of a test's own, with a mode short enough to wait for its end.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_testkit::{Ended, TestServer, content_with_dash};
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// The mode of all these tests: a dash with more time, for two people who leave when the test says so.
pub(crate) const MODE: &str = "stroll";
/// The same, with time to think before it.
pub(crate) const SLOW_MODE: &str = "dawdle";
/// After so long without what was waited for, a test has failed; nothing is measured by it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(20);

/// Seeds of all matches, so that a failure can be seen again.
const MATCH_SEED: &str = "11";

/// Content and data of one server.
pub(crate) struct TestFiles {
    dir: TempDir,
}

impl TestFiles {
    pub(crate) fn new() -> Self {
        println!("match seed {MATCH_SEED}");
        let files = Self { dir: tempfile::tempdir().expect("a directory for the test") };
        let assets = files.assets();
        content_with_dash(&assets);
        let dash = fs::read_to_string(assets.join("modes/dash.ron")).expect("a dash is there");
        let stroll = changed(
            dash,
            &[
                ("name: \"Dash\"", "name: \"Stroll\""),
                ("duration_ms: 12000", "duration_ms: 180000"),
                ("open_ms: [(1500, 12000)]", "open_ms: [(500, 180000)]"),
            ],
        );
        let dawdle = changed(
            stroll.clone(),
            &[("name: \"Stroll\"", "name: \"Dawdle\""), ("loadout_ms: 5000", "loadout_ms: 120000")],
        );
        for (name, text) in [(MODE, stroll), (SLOW_MODE, dawdle)] {
            fs::write(assets.join(format!("modes/{name}.ron")), text).expect("the copy can be written to");
        }
        fs::create_dir(files.data()).expect("a directory for the server");
        files
    }

    pub(crate) fn assets(&self) -> PathBuf {
        self.dir.path().join("assets")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A place for whatever else a test needs.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn start(&self, settings: &[(&str, &str)]) -> TestServer {
        match self.try_start(settings) {
            Ok(server) => server,
            Err(ended) => panic!("the server does not start ({}): {}", ended.status, ended.log),
        }
    }

    /// Starts a server, or says how it ended.
    pub(crate) fn try_start(&self, settings: &[(&str, &str)]) -> Result<TestServer, Ended> {
        self.try_start_with(&[], settings)
    }

    /// The same, with more words on its command line.
    pub(crate) fn try_start_with(&self, args: &[&str], settings: &[(&str, &str)]) -> Result<TestServer, Ended> {
        let assets = self.assets();
        let mut all = vec![
            ("HYPOGEUM_SERVER__ASSETS_DIR", assets.to_str().expect("a path in UTF-8")),
            ("HYPOGEUM_SERVER__MATCH_SEED", MATCH_SEED),
            ("HYPOGEUM_SERVER__RESUME_S", "60"),
            ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ];
        all.extend_from_slice(settings);
        TestServer::start_with(BINARY, args, &self.data(), &all)
    }

    /// What the server has kept, in the database at `url` or in its own directory, once it is gone.
    pub(crate) fn store(&self, url: Option<&str>) -> Store {
        let starter = StarterKit { templates: Vec::new(), currency: 0 };
        let opened = match url {
            Some(url) => Store::connect(&self.data(), url, starter),
            None => Store::open(&self.data(), starter),
        };
        opened.unwrap_or_else(|error| panic!("the database does not open: {error}"))
    }
}

/// A text with some of its words exchanged, each of which must be there.
fn changed(mut text: String, changes: &[(&str, &str)]) -> String {
    for (from, to) in changes {
        assert!(text.contains(from), "a dash has no {from:?} any more");
        text = text.replacen(from, to, 1);
    }
    text
}

/// What `/readyz` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Readiness {
    pub(crate) status: u16,
    pub(crate) word: String,
    pub(crate) reasons: Vec<String>,
}

impl Readiness {
    pub(crate) fn ready() -> Self {
        Self { status: 200, word: "ready".into(), reasons: Vec::new() }
    }

    pub(crate) fn degraded(reason: &str) -> Self {
        Self { status: 200, word: "degraded".into(), reasons: vec![reason.into()] }
    }

    pub(crate) fn unready(reason: &str) -> Self {
        Self { status: 503, word: "unready".into(), reasons: vec![reason.into()] }
    }

    pub(crate) fn of(url: &str) -> Self {
        let host = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the server takes connections");
        write!(stream, "GET /readyz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
            .expect("it takes a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let body: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}"));
        let word = body.get("status").or_else(|| body.get("code")).and_then(|word| word.as_str());
        let reasons = body["reasons"].as_array().into_iter().flatten().filter_map(|reason| reason.as_str());
        Self {
            status: answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line"),
            word: word.expect("one word for it").into(),
            reasons: reasons.map(str::to_owned).collect(),
        }
    }
}

/// Waits until something holds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(POLL);
    }
}

/// Waits until `/readyz` says so.
pub(crate) fn until_readiness(url: &str, wanted: &Readiness) {
    let mut last = None;
    let began = Instant::now();
    while last.as_ref() != Some(wanted) {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {wanted:?}: it is {last:?}");
        thread::sleep(POLL);
        last = Some(Readiness::of(url));
    }
}
