//! One body, three doors: whatever is played over UDP is played over MessagePack and JSON by the very same lines.

mod door;
mod duel;
mod line;
mod person;
mod socket_line;
mod stroll;
mod world;

use std::path::Path;
use std::thread;

use door::{DOORS, Door};
use hypogeum_testkit::TestServer;

/// A server for all three doors, and somebody at each of them at the same time.
fn through_every_door(body: impl Fn(&str, &'static dyn Door) + Sync) {
    let data = tempfile::tempdir().expect("a directory");
    let assets = data.path().join("assets");
    stroll::content(&assets);
    let server = start(data.path(), &assets);
    thread::scope(|scope| {
        let running = DOORS.map(|door| {
            let (body, url) = (&body, server.url.as_str());
            (door, scope.spawn(move || body(url, door)))
        });
        for (door, running) in running {
            assert!(running.join().is_ok(), "over {}; {}", door.name(), server.log());
        }
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
}

fn start(data: &Path, assets: &Path) -> TestServer {
    let assets = assets.to_str().expect("a path of text");
    let settings = [
        ("HYPOGEUM_SERVER__ASSETS_DIR", assets),
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_WORLD__OPEN", "true"),
    ];
    TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}
