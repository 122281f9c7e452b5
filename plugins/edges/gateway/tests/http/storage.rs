//! Objects that programs keep with accounts: written by version, read by whom they are for, refused by field.

use hypogeum_accounts::{STORAGE_BYTES_MAX, STORAGE_OBJECTS_MAX, STORAGE_VALUE_BYTES_MAX};
use hypogeum_client::{Api, ObjectChange};
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{GOOD, Server, bearer, refused};

const NOTHING: Value = Value::Null;
const PATH: &str = "/v1/storage/saves/slot-1";

#[test]
fn an_object_is_written_by_version_and_read() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let write = |body: Value| server.ask(&ada, "POST", PATH, &body);
    let written = write(json!({ "value": { "level": 3 }, "if_version": 0 }));
    let object = json!({
        "owner": ada["account_id"], "collection": "saves", "key": "slot-1", "value": { "level": 3 },
        "readable_by": "owner", "writable_by": "owner", "version": 1, "written_s": 5,
    });
    assert_eq!(written, (200, object.clone()), "it is new");
    assert_eq!(server.ask(&ada, "GET", PATH, &NOTHING), (200, object.clone()), "and kept");
    let list = json!({ "objects": [object], "next": null });
    assert_eq!(server.ask(&ada, "GET", "/v1/storage/saves", &NOTHING), (200, list), "among its collection");
    assert_eq!(write(json!({ "value": {}, "if_version": 1 })).1["version"], 2, "it is written over as it was seen");

    let stale = write(json!({ "value": {}, "if_version": 1 }));
    assert_eq!(refused(&stale), (409, "stale_version"), "once");
    let told = (&stale.1["field"], &stale.1["expected"], &stale.1["found"]);
    assert_eq!(told, (&json!("if_version"), &json!(1), &json!(2)), "the answer says which version it is");
    let old = server.ask(&ada, "DELETE", &format!("{PATH}?if_version=1"), &NOTHING);
    assert_eq!(refused(&old), (409, "stale_version"), "nor is it deleted unseen");
    let gone = json!({ "collection": "saves", "key": "slot-1" });
    let deleted = server.ask(&ada, "DELETE", &format!("{PATH}?if_version=2"), &NOTHING);
    assert_eq!(deleted, (200, gone), "as it is");
    assert_eq!(write(json!({ "value": {}, "if_version": 2 })).1["found"], NOTHING, "there is none any more");
}

#[test]
fn others_read_what_is_public_and_write_their_own() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let of_ada = format!("{PATH}?owner={}", ada["account_id"]);
    server.ask(&ada, "POST", PATH, &json!({ "value": { "a": 1 } }));
    let hidden = server.ask(&bob, "GET", &of_ada, &NOTHING);
    assert_eq!(refused(&hidden), (404, "no_such_object"), "it is hers alone");
    server.ask(&ada, "POST", PATH, &json!({ "value": { "a": 2 }, "readable_by": "public" }));
    assert_eq!(server.ask(&bob, "GET", &of_ada, &NOTHING).1["value"], json!({ "a": 2 }), "he may read it now");
    server.ask(&bob, "POST", PATH, &json!({ "value": { "b": 1 } }));
    assert_eq!(server.ask(&bob, "GET", &of_ada, &NOTHING).1["value"], json!({ "a": 2 }), "what he writes is his");
    let wrong = server.ask(&bob, "DELETE", &of_ada, &NOTHING);
    assert_eq!(refused(&wrong), (400, "malformed_query"), "nobody deletes for others");
}

#[test]
fn refusals_name_the_field_and_the_limit() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    let write = |path: &str, value: Value| server.ask(&ada, "POST", path, &json!({ "value": value }));
    for (path, field) in [("/v1/storage/-x/k", "collection"), ("/v1/storage/x/a%20b", "key")] {
        let answer = write(path, json!({}));
        assert_eq!((refused(&answer), &answer.1["field"]), ((400, "invalid_storage_name"), &json!(field)), "{path}");
    }
    let long = write(PATH, json!({ "a": "x".repeat(15_361) }));
    assert_eq!(refused(&long), (413, "value_too_large"), "a value has a size");
    assert_eq!((&long.1["field"], &long.1["most"]), (&json!("value"), &json!(STORAGE_VALUE_BYTES_MAX)), "as it says");
    assert_eq!(refused(&write(PATH, json!([1]))), (400, "malformed_json"), "a value is an object");

    store.keep(1, "saves", "given");
    let given = write("/v1/storage/saves/given", json!({}));
    assert_eq!((refused(&given), &given.1["field"]), ((403, "object_read_only"), &json!("key")), "the server's");
    let usage = server.ask(&ada, "GET", "/v1/storage", &NOTHING);
    let expected = json!({
        "objects": 1, "objects_max": STORAGE_OBJECTS_MAX, "bytes": "savesgiven{}".len(),
        "bytes_max": STORAGE_BYTES_MAX, "value_bytes_max": STORAGE_VALUE_BYTES_MAX,
    });
    assert_eq!(usage, (200, expected), "all of it is counted");
    for number in 1..STORAGE_OBJECTS_MAX {
        store.keep(1, "saves", &format!("k{number}"));
    }
    let more = write(PATH, json!({}));
    assert_eq!((refused(&more), &more.1["most"]), ((409, "too_many_objects"), &json!(STORAGE_OBJECTS_MAX)), "too many");
}

#[test]
fn numbers_are_kept_as_they_were_written() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let token = bearer(&ada);
    // Read in a hurry each of them becomes its neighbour.
    let value = r#"{"a":[-93.31137037688033,51.248178375505404,97.45365320034685],"b":18446744073709551615}"#;
    let whole = format!(r#"{{"value":{value}}}"#);
    let access_token = ada["access_token"].as_str();
    assert_eq!(server.post_as(PATH, access_token, "application/json", &whole).0, 200, "it is written");
    let read = server.whole("GET", PATH, &[("authorization", &token)], &NOTHING).body;
    assert!(read.contains(value), "to the last digit: {read}");
    for no_number in ["NaN", "1e999", "01"] {
        let body = format!(r#"{{"value":{{"a":{no_number}}}}}"#);
        let answer = server.post_as(PATH, access_token, "application/json", &body);
        assert_eq!(refused(&answer), (400, "malformed_json"), "{no_number}");
    }
}

#[test]
fn what_is_written_can_be_listed() {
    let server = Server::plain();
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let ada = api.login("Ada", GOOD).unwrap();
    let write = |levels: usize| {
        let value = format!(r#"{}{{}}{}"#, r#"{"a":"#.repeat(levels - 1), "}".repeat(levels - 1));
        let body = format!(r#"{{"value":{value}}}"#);
        server.post_as(PATH, Some(&ada.access_token), "application/json", &body)
    };
    for levels in [65, 126, 2_000] {
        assert_eq!(refused(&write(levels)), (400, "malformed_json"), "{levels} levels");
    }
    assert_eq!(write(64).0, 200, "as many as may be");
    assert_eq!(api.objects(&ada, None, "saves", None).map(|page| page.objects.len()), Ok(1), "and the SDK reads them");
}

#[test]
fn pages_follow_one_another() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    for key in ["a", "b", "c"] {
        store.keep(1, "saves", key);
    }
    let first = server.ask(&ada, "GET", "/v1/storage/saves?count=2", &NOTHING).1;
    assert_eq!((first["objects"].as_array().map(Vec::len), &first["next"]), (Some(2), &json!("b")), "two of them");
    let second = server.ask(&ada, "GET", "/v1/storage/saves?count=2&after=b", &NOTHING).1;
    assert_eq!((&second["objects"][0]["key"], &second["next"]), (&json!("c"), &NOTHING), "and the rest");
}

#[test]
fn objects_are_kept_by_the_sdk() {
    let server = Server::plain();
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let ada = api.login("Ada", GOOD).unwrap();
    let change = ObjectChange { if_version: Some(0), ..ObjectChange::new(json!({ "level": 3 })) };
    let written = api.write_object(&ada, ("saves", "one"), &change).unwrap();
    assert_eq!((&written.value, written.version), (&json!({ "level": 3 }), 1), "it is written");
    let stale = api.write_object(&ada, ("saves", "one"), &change).expect_err("it is there");
    assert_eq!((stale.code(), stale.found()), ("stale_version", Some(1)), "and the SDK says which version it is");
    assert_eq!(api.object(&ada, None, ("saves", "one")).as_ref(), Ok(&written), "it is read");
    assert_eq!(api.objects(&ada, None, "saves", None).map(|page| page.objects), Ok(vec![written]), "and listed");
    assert_eq!(api.storage(&ada).map(|usage| usage.objects), Ok(1), "and counted");
    for key in ["one#2", "one?owner=2", "../one"] {
        let bad = api.write_object(&ada, ("saves", key), &change).expect_err("nothing is called so");
        assert_eq!(bad.code(), "invalid_storage_name", "{key} is not another object");
    }
    assert_eq!(api.delete_object(&ada, ("saves", "one"), Some(1)), Ok(()), "and deleted");
    assert_eq!(api.object(&ada, None, ("saves", "one")).expect_err("it is gone").code(), "no_such_object", "for good");
}
