//! Bots that come over UDP and over WebSockets, in the clear and by TLS, into the same matches of the binary.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use hypogeum_loadbots::{Behaviour, ConnectedOver, RunUntil, Swarm, SwarmConfig, SwarmReport, Transport};
use hypogeum_testkit::{DASH, TestAuthority, TestServer, content_with_dash};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// A match takes a few seconds; bots that are not done by then have failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server whose matches take two players and a few seconds.
fn server(folder: &tempfile::TempDir) -> TestServer {
    server_with(folder, &[])
}

/// The same by `https` and `wss`, with a certificate of this authority.
fn secure_server(folder: &tempfile::TempDir, authority: &TestAuthority) -> TestServer {
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    authority.certificate().write(&chain, &key);
    let [chain, key] = [&chain, &key].map(|path| path.to_str().expect("a path in UTF-8"));
    let server = server_with(folder, &[("HYPOGEUM_TLS__CERTIFICATE", chain), ("HYPOGEUM_TLS__KEY", key)]);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    server
}

fn server_with(folder: &tempfile::TempDir, more: &[(&str, &str)]) -> TestServer {
    let (assets, data) = (folder.path().join("assets"), folder.path().join("data"));
    content_with_dash(&assets);
    std::fs::create_dir(&data).expect("the test's own directory can be written to");
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, &data, &[&settings[..], more].concat()).expect("the server starts")
}

/// Lets so many play until each has settled a match.
fn settled(server: &TestServer, count: usize, transport: Transport, link: Option<&str>) -> SwarmReport {
    settled_by(server, count, transport, link, None)
}

/// The same, where this authority vouches for the server.
fn settled_by(
    server: &TestServer,
    count: usize,
    transport: Transport,
    link: Option<&str>,
    authority: Option<&TestAuthority>,
) -> SwarmReport {
    let swarm = Swarm::new(SwarmConfig {
        server: server.url.clone(),
        certificates_pem: authority.map(|authority| authority.pem().into_bytes()),
        count,
        modes: vec![DASH.to_owned()],
        behaviours: vec![Behaviour::shipped("contender").expect("it ships").expect("it is good")],
        seed: 3,
        name_prefix: "mixed".to_owned(),
        password: "correct horse battery".to_owned(),
        queue_again: false,
        muster: true,
        input_hz: 30,
        threads: 1,
        transport,
        link: link.map(|link| link.parse().expect("conditions")),
        beacons: false,
        world: false,
    });
    let stop = AtomicBool::new(false);
    let report = swarm.expect("it can be started").run(RunUntil::AllSettledOnce(PATIENCE), &stop, |_| {});
    report.expect("the system has an epoll")
}

#[test]
fn half_of_a_mixed_swarm_comes_over_either_and_all_settle() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(&folder);
    let report = settled(&server, 16, Transport::Mixed, None);
    assert_eq!(report.connected_over, ConnectedOver { udp: 8, websocket: 8 }, "half of them each: {report:?}");
    assert_eq!((report.entered, report.matches_settled), (16, 16), "all played and settled: {report:?}");
    assert_eq!(report.disconnected, 0, "nobody was lost on the way: {report:?}");
    let ended = server.terminate();
    assert!(ended.status.success(), "it ends in order: {}", ended.log);
}

#[test]
fn a_bad_link_makes_a_websocket_late_and_loses_nothing_of_it() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(&folder);
    let report = settled(&server, 4, Transport::WebSocket, Some("30ms,10ms,2%"));
    assert_eq!(report.connected_over, ConnectedOver { udp: 0, websocket: 4 }, "none over UDP: {report:?}");
    assert_eq!((report.matches_settled, report.disconnected), (4, 0), "all played to the end: {report:?}");
    let link = report.link.expect("there was a link");
    assert!(link.up.lost > 0 && link.down.lost > 0, "some of it had to be sent again: {link:?}");
    let round_trip = Duration::from_micros(report.round_trips.p50_us);
    assert!(round_trip >= Duration::from_millis(40), "and all of it took its time: {round_trip:?}");
}

#[test]
fn bots_play_by_tls_over_a_bad_link_too() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let authority = TestAuthority::default();
    let server = secure_server(&folder, &authority);
    let report = settled_by(&server, 4, Transport::Mixed, Some("30ms,10ms,2%"), Some(&authority));
    assert_eq!(report.connected_over, ConnectedOver { udp: 2, websocket: 2 }, "half of them each: {report:?}");
    assert_eq!((report.matches_settled, report.disconnected), (4, 0), "all played to the end: {report:?}");
    let ended = server.terminate();
    assert!(ended.status.success(), "it ends in order: {}", ended.log);
}

#[test]
fn the_command_line_names_who_vouches_for_a_server_whose_certificate_nobody_knows() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let authority = TestAuthority::default();
    let server = secure_server(&folder, &authority);
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, authority.pem()).expect("the test's own file can be written");
    let bots = |ca: Option<&Path>| {
        let mut command = Command::new(BINARY);
        command.args(["bots", "--server", &server.url, "--mode", DASH, "--json", "--count", "2", "--seconds", "1"]);
        command.args(["--transport", "websocket"]);
        command.args(ca.into_iter().flat_map(|ca| [Path::new("--ca"), ca]));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("bots run")
    };
    let output = bots(Some(&ca));
    assert!(output.status.success(), "they played: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object on standard output");
    assert_eq!(
        (&report["connected_over"], &report["entered"]),
        (&json!({"udp": 0, "websocket": 2}), &json!(2)),
        "{report}"
    );

    let output = bots(None);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "nobody else vouches for it: {error}");
    let output = bots(Some(&folder.path().join("none.pem")));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "there is no such file: {error}");
    assert!(error.contains("none.pem: the certificates cannot be read"), "and it says so: {error}");
}

#[test]
fn the_command_line_says_who_came_over_what_and_knows_no_other_way() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(&folder);
    let bots = |arguments: &[&str]| {
        let mut command = Command::new(BINARY);
        command.args(["bots", "--server", &server.url, "--mode", DASH, "--json"]).args(arguments);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("bots run")
    };
    let output = bots(&["--count", "4", "--transport", "mixed", "--seconds", "1"]);
    assert!(output.status.success(), "they played: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object on standard output");
    assert_eq!(report["connected_over"], json!({"udp": 2, "websocket": 2}), "{report}");
    assert_eq!(report["entered"], 4, "all of them played: {report}");

    let output = bots(&["--transport", "pigeon"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "it is a mistake of the command line: {error}");
    assert!(error.contains("'pigeon'") && error.contains("udp, websocket, mixed"), "it says what there is: {error}");
}
