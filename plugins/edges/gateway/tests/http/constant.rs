//! Answers that stay the same have a tag, and who shows it is told that nothing has changed.

use hypogeum_economy::PriceList;
use hypogeum_gateway::GatewayConfig;
use serde_json::Value;

use crate::memory::Memory;
use crate::server::{Server, bearer};

const NOTHING: Value = Value::Null;

#[test]
fn whoever_has_an_answer_that_still_stands_is_told_so() {
    let change = |config: &mut GatewayConfig| {
        config.prices = PriceList::new([("knife".into(), 75)]);
        config.journal_key = Some("ab".into());
    };
    let store = Memory::default();
    let server = Server::start(change, store.clone());
    let ada = server.player("Ada");
    store.play(1, 5, 1_000);
    let token = bearer(&ada);
    let cases = [
        ("/v1/creature-types", "public, max-age=60"),
        ("/v1/tournaments", "public, max-age=60"),
        ("/v1/ladders", "public, max-age=60"),
        ("/v1/leaderboards", "public, max-age=60"),
        ("/v1/journal-key", "public, max-age=60"),
        ("/v1/shop", "private, max-age=60"),
        ("/v1/matches/5", "private, no-cache"),
    ];
    for (path, cache) in cases {
        let own = [("authorization", token.as_str())];
        let first = server.whole("GET", path, &own, &NOTHING);
        assert_eq!((first.status, first.header("cache-control")), (200, Some(cache)), "{path}: {first:?}");
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has a tag: {first:?}")).to_owned();
        for shown in [tag.clone(), format!("W/{tag}, \"other\""), "*".to_owned()] {
            let again = server.whole("GET", path, &[own[0], ("if-none-match", shown.as_str())], &NOTHING);
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} by {shown}: {again:?}");
            assert_eq!(
                (again.header("etag"), again.header("cache-control")),
                (Some(tag.as_str()), Some(cache)),
                "{path}"
            );
        }
        let other = server.whole("GET", path, &[own[0], ("if-none-match", "\"other\"")], &NOTHING);
        assert_eq!((other.status, &other.body), (200, &first.body), "{path}: another tag is another answer");
    }
    let bob = bearer(&server.player("Bob"));
    let tag = server.whole("GET", "/v1/matches/5", &[("authorization", token.as_str())], &NOTHING);
    let shown = [("authorization", bob.as_str()), ("if-none-match", tag.header("etag").unwrap())];
    assert_eq!(server.whole("GET", "/v1/matches/5", &shown, &NOTHING).status, 404, "a tag opens nothing to others");
}
