//! What a program keeps with an account outlives the server: what was answered is there after a crash.

use std::path::Path;

use hypogeum_client::{Api, ObjectChange, ObjectReader};
use hypogeum_testkit::TestServer;
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn start(data: &Path) -> TestServer {
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

#[test]
fn what_was_written_is_there_after_a_crash_and_others_see_what_is_shown() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let api = Api::new(&server.url).expect("a URL");
    let ada = api.guest("Ada").expect("guests are taken");
    let at = ("saves", "slot-1");
    let first = ObjectChange { if_version: Some(0), ..ObjectChange::new(json!({ "level": 1 })) };
    let written = api.write_object(&ada, at, &first).expect("it is new");
    let shown = ObjectChange {
        if_version: Some(written.version),
        readable_by: ObjectReader::Public,
        ..ObjectChange::new(json!({ "level": 2 }))
    };
    let written = api.write_object(&ada, at, &shown).expect("it is written over as it was seen");
    let _ = server.kill();

    let server = start(data.path());
    let api = Api::new(&server.url).expect("a URL");
    let [ada, bob] = ["Ada", "Bob"].map(|name| api.guest(name).expect("guests are taken"));
    assert_eq!(api.object(&ada, None, at).as_ref(), Ok(&written), "as it was answered");
    assert_eq!(api.object(&bob, Some(written.owner), at).as_ref(), Ok(&written), "he may see it");
    let lost = api.write_object(&ada, at, &shown).expect_err("a late request changes nothing");
    let version = i64::try_from(written.version).expect("it fits");
    assert_eq!((lost.code(), lost.found()), ("stale_version", Some(version)), "it is told what there is");
    api.delete_object(&ada, at, Some(written.version)).expect("it is deleted as it is");
    let gone = api.object(&bob, Some(written.owner), at).expect_err("it is gone");
    assert_eq!(gone.code(), "no_such_object", "for everybody");
}
