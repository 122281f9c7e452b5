//! `protocol.json` is what the types are, and enough to read every message.

mod bodies;
mod describe;
mod document;
mod quick_reference;
mod read;
#[expect(dead_code, reason = "these tests need the lists alone")]
#[path = "../../../protocol/tests/samples/mod.rs"]
mod samples;

use std::collections::BTreeSet;
use std::path::Path;

use hypogeum_creature_messages::GameNews;
use hypogeum_envelope::{Codec, Payload, read_head};
use hypogeum_protocol::{Chunk, codec};
use hypogeum_protocol_schema::PROTOCOL_JSON;
use hypogeum_world_messages::{WorldCommand, WorldNews};
use serde::Serialize;
use serde_json::Value;

use crate::read::Reader;

/// Set to anything, this makes the files anew.
const WRITE: &str = "WRITE_PROTOCOL_JSON";
/// What to do about a file that is not as it should be.
const HINT: &str = "`WRITE_PROTOCOL_JSON=1 cargo test -p hypogeum-protocol-schema` makes it anew";

fn schema() -> Value {
    serde_json::from_str(PROTOCOL_JSON).expect("it is JSON")
}

#[test]
fn the_file_is_made_of_the_types() {
    let made = document::text();
    if std::env::var_os(WRITE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol.json");
        std::fs::write(path, &made).expect("it can be written");
    } else {
        let line = made.lines().zip(PROTOCOL_JSON.lines()).find(|(made, kept)| made != kept);
        assert!(made == PROTOCOL_JSON, "protocol.json is not what the types are: {HINT}; first: {line:?}");
    }
}

/// Where the table of all messages begins in `PROTOCOL.md`; it ends with an empty line.
const TABLE: &str = "<!-- websocket messages -->\n";

#[test]
fn the_table_of_messages_is_made_of_the_types() {
    const DOCUMENT: &str = include_str!("../../../protocol/PROTOCOL.md");
    let made = quick_reference::table(&serde_json::from_str(&document::text()).expect("it is JSON"));
    let (before, rest) = DOCUMENT.split_once(TABLE).expect("PROTOCOL.md has a table of all messages");
    let (written, after) = rest.split_once("\n\n").expect("something follows it");
    if std::env::var_os(WRITE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/PROTOCOL.md");
        std::fs::write(path, format!("{before}{TABLE}{made}\n{after}")).expect("it can be written");
    } else {
        let line = made.lines().zip(written.lines()).find(|(made, written)| made != written);
        assert!(
            made.trim_end() == written,
            "the table of PROTOCOL.md is not what the types are: {HINT}; first: {line:?}"
        );
    }
}

/// Reads values of a type by the schema alone, from the bytes of our codec, and compares what comes with their JSON.
fn compare<T: Serialize>(name: &str, values: &[T], json: impl Fn(&T) -> Value, seen: &mut BTreeSet<String>) {
    let schema = schema();
    for value in values {
        let bytes = codec::encode(value);
        let mut reader = Reader::new(&schema, &bytes);
        assert_eq!(reader.read_type(name), json(value), "a {name} as the schema has it");
        assert!(reader.is_at_end(), "all of a {name} is described");
        seen.append(&mut reader.seen);
    }
}

/// A message as its envelope has it in JSON: by its type, as enums are.
fn enveloped<T: Serialize>(message: &T) -> Value {
    let envelope = Payload::of_message(Codec::Json, message).expect("it can be written").envelope(None);
    let kind = read_head(Codec::Json, &envelope).expect("it has a head").kind;
    let envelope: Value = serde_json::from_slice(&envelope).expect("it is JSON");
    match envelope.get("payload") {
        Some(payload) => Value::Object([(kind, payload.clone())].into_iter().collect()),
        None => Value::String(kind),
    }
}

fn plain<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("it can be written")
}

#[test]
fn whoever_has_the_schema_can_read_every_message() {
    let mut seen = BTreeSet::new();
    compare("ClientMessage", &samples::client_messages(), enveloped, &mut seen);
    compare("ServerMessage", &samples::server_messages(), enveloped, &mut seen);
    compare::<WorldCommand>("WorldCommand", &bodies::commands(), plain, &mut seen);
    compare::<WorldNews>("WorldNews", &bodies::world_news(), plain, &mut seen);
    compare::<GameNews>("GameNews", &bodies::game_news(), plain, &mut seen);
    compare::<Chunk>("Chunk", &[bodies::chunk()], plain, &mut seen);
    let schema = schema();
    let described = schema["types"].as_object().expect("types by name").keys().cloned().collect();
    assert_eq!(seen, described, "each type of the schema was read, and no other");
}

#[test]
fn requests_and_bodies_name_what_is_described() {
    let schema = schema();
    let variants = |key: &str| -> BTreeSet<String> {
        let name = schema[key].as_str().expect("the name of a type");
        let variants = schema["types"][name]["enum"].as_array().expect("an enum");
        variants.iter().map(|variant| variant["name"].as_str().expect("a name").to_owned()).collect()
    };
    let (said, told) = (variants("client_messages"), variants("server_messages"));
    for (request, answer) in schema["requests"].as_object().expect("requests") {
        let answer = answer.as_str().expect("a type");
        let is_own = schema["envelope"].get(request).is_some() && schema["envelope"].get(answer).is_some();
        assert!(is_own || said.contains(request) && told.contains(answer), "{request} is answered with {answer}");
    }
    for (message, body) in schema["bodies"].as_object().expect("bodies") {
        assert!(said.contains(message) || told.contains(message), "there is a message {message}");
        assert!(schema["types"].get(body.as_str().expect("a name")).is_some(), "its body is described");
    }
}
