//! Every number that the server counts can be read while it runs, and at its end.

use hypogeum_testkit::{Player, TestServer, http_get};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

#[test]
fn numbers_are_there_while_it_runs() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[("HYPOGEUM_AUTH__GUESTS", "loopback")]);
    let server = server.expect("the server starts");
    let mut ada = Player::guest(&server.url, "Ada");
    ada.queue("blitz");
    ada.bring(&[]);
    ada.until("the match", |player| player.own().is_some());
    let (head, body) = http_get(&server.url, "/v1/status");
    assert!(head.starts_with("HTTP/1.1 200"), "this machine is answered: {head}");
    let status: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"), "{status:#}");
    assert_eq!(status["readiness"]["status"], "ready", "{status:#}");
    assert_eq!((&status["sessions"]["connected"], &status["matches"]["running"]), (&1.into(), &1.into()), "{status:#}");
    for (part, number) in [("ticks", "count"), ("udp", "datagrams_in"), ("counters", "snapshots"), ("http", "open")] {
        assert!(status[part][number].as_u64() > Some(0), "{part}.{number} has counted: {status:#}");
    }
    for (part, number) in [("udp", "dropped"), ("udp", "closed"), ("queues", "incoming"), ("queues", "outgoing")] {
        assert!(status[part][number].is_object(), "{part}.{number} is listed by kind: {status:#}");
    }
    assert_eq!((&status["store"], &status["journal"]), (&"good".into(), &"good".into()), "{status:#}");
}
