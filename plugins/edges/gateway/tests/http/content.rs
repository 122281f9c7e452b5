//! What clients are given of the content and the protocol, to be kept.

use hypogeum_client::{Api, ApiError};
use hypogeum_content::Content;
use hypogeum_content_delivery::{ContentSet, PublishedContent};
use hypogeum_gateway::GatewayConfig;
use hypogeum_locale::Locales;
use hypogeum_protocol::limits;
use serde_json::Value;

use crate::memory::Memory;
use crate::server::{SECRET, Server, gateway, refused};

/// A content of one item, worth so much.
pub(crate) fn set(value: u32) -> ContentSet {
    let coin = format!("(name: \"Coin\", kind: Valuable, value: {value})");
    let content = Content::from_files([("items/coin.ron", coin)]).unwrap();
    ContentSet::of(&content, &Locales::new([]).unwrap()).unwrap()
}

/// A gateway with this content.
pub(crate) fn server(published: &PublishedContent) -> Server {
    let config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
    Server::serve(gateway(config, &SECRET, Memory::default()).with_content(published.clone()))
}

fn ask(server: &Server, path: &str, headers: &str) -> String {
    server.raw(format!("GET {path} HTTP/1.1\r\nhost: x\r\n{headers}connection: close\r\n\r\n").as_bytes())
}

fn header(answer: &str, name: &str) -> String {
    let line = answer.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("{name} is said: {answer}")).to_owned()
}

#[test]
fn a_manifest_names_blobs_that_are_kept_for_ever() {
    let published = PublishedContent::new(set(1));
    let server = server(&published);
    let (status, manifest) = server.get("/v1/content");
    assert_eq!(
        (status, &manifest["content_hash"]),
        (200, &set(1).content_hash().into()),
        "without a login: {manifest}"
    );
    let blobs = manifest["blobs"].as_array().expect("blobs");
    let names: Vec<&str> = blobs.iter().map(|blob| blob["name"].as_str().unwrap()).collect();
    assert!(names.is_sorted() && names.contains(&"tables/items") && names.contains(&"names/en"), "by name: {names:?}");
    for blob in blobs {
        let hash = blob["hash"].as_str().unwrap();
        let path = format!("/v1/content/{hash}");
        let answer = ask(&server, &path, "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{blob} is there: {answer}");
        assert_eq!(header(&answer, "cache-control"), "public, max-age=31536000, immutable", "it is never another");
        assert_eq!(header(&answer, "etag"), format!("\"{hash}\""), "its hash is its tag");
        let body = answer.split("\r\n\r\n").nth(1).expect("a body");
        assert_eq!(blob["bytes"], body.len(), "as long as the manifest says");
        assert!(serde_json::from_str::<Value>(body).is_ok(), "JSON: {body}");
        let again = ask(&server, &path, &format!("if-none-match: \"{hash}\"\r\n"));
        assert!(
            again.starts_with("HTTP/1.1 304 ") && again.ends_with("\r\n\r\n"),
            "whoever has it is told so: {again}"
        );
    }
    let answer = ask(&server, "/v1/content", "");
    assert_eq!(header(&answer, "cache-control"), "no-cache", "which blobs there are may change at any moment");
    let again = ask(&server, "/v1/content", &format!("if-none-match: {}\r\n", header(&answer, "etag")));
    assert!(again.starts_with("HTTP/1.1 304 "), "but mostly has not: {again}");
}

#[test]
fn what_has_changed_is_told_since_a_manifest_that_is_known() {
    let published = PublishedContent::new(set(1));
    let server = server(&published);
    let (_, first) = server.get("/v1/content");
    published.publish(set(2));
    let since = first["manifest_hash"].as_str().unwrap();
    let (status, changes) = server.get(&format!("/v1/content?since={since}"));
    assert_eq!((status, &changes["since"]), (200, &first["manifest_hash"]), "{changes}");
    let names: Vec<&Value> = changes["blobs"].as_array().unwrap().iter().map(|blob| &blob["name"]).collect();
    assert_eq!(names, ["tables/items"], "only that");
    let old = first["blobs"].as_array().unwrap().iter().find(|blob| blob["name"] == "tables/items").unwrap();
    assert_eq!(
        server.get(&format!("/v1/content/{}", old["hash"].as_str().unwrap())).0,
        200,
        "the old one is there, too"
    );
    let (_, whole) = server.get("/v1/content?since=0123");
    assert_eq!(
        (whole.get("since"), &whole["blobs"].as_array().map(Vec::len)),
        (None, &first["blobs"].as_array().map(Vec::len))
    );
    assert_ne!(whole["content_hash"], first["content_hash"], "of the content that counts now");
}

#[test]
fn what_is_not_there_is_not_found() {
    let with = server(&PublishedContent::new(set(1)));
    let unknown = format!("/v1/content/{}", "0".repeat(64));
    for path in [unknown.as_str(), "/v1/content/x", "/v1/content/%ff", "/v1/content/"] {
        assert_eq!(refused(&with.get(path)), (404, "not_found"), "{path}");
    }
    for query in ["?other=1", "?since=1&since=2", "?since"] {
        assert_eq!(refused(&with.get(&format!("/v1/content{query}"))), (400, "malformed_query"), "{query}");
    }
    let without = Server::without_creatures();
    for path in ["/v1/content", unknown.as_str()] {
        assert_eq!(refused(&without.get(path)), (404, "not_found"), "a server that gives nothing away: {path}");
    }
}

#[test]
fn the_rust_client_fetches_what_has_changed() {
    let published = PublishedContent::new(set(1));
    let server = server(&published);
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    let whole = api.content(None).unwrap();
    assert_eq!(whole.content_hash, set(1).content_hash(), "which content it is");
    for blob in &whole.blobs {
        assert_eq!(api.content_blob(&blob.hash).map(|bytes| bytes.len() as u64), Ok(blob.bytes), "{blob:?}");
    }
    assert!(api.content(Some(&whole.manifest_hash)).unwrap().blobs.is_empty(), "nothing has changed");
    published.publish(set(2));
    let changes = api.content(Some(&whole.manifest_hash)).unwrap();
    assert_eq!(changes.blobs.len(), 1, "one has: {changes:?}");
    let unknown = api.content_blob(&"0".repeat(64)).expect_err("there is none");
    assert!(matches!(unknown, ApiError::Refused { status: 404, .. }), "{unknown}");
}

#[test]
fn the_schema_of_the_protocol_is_for_everyone_to_keep() {
    let server = Server::plain();
    let (status, schema) = server.get("/v1/protocol.json");
    assert_eq!(
        (status, &schema["protocol_version"]),
        (200, &limits::PROTOCOL_VERSION.into()),
        "what this server speaks"
    );
    let answer = ask(&server, "/v1/protocol.json", "");
    assert!(answer.ends_with(hypogeum_protocol_schema::PROTOCOL_JSON), "the file as it is");
    let again = ask(&server, "/v1/protocol.json", &format!("if-none-match: {}\r\n", header(&answer, "etag")));
    assert!(again.starts_with("HTTP/1.1 304 "), "whoever has it is told so: {again}");
    assert_eq!(refused(&server.post("/v1/protocol.json", &Value::Null)), (405, "method_not_allowed"), "it is read");
}
