//! No two systems that conflict run in an order that nobody has written down.

use std::path::Path;
use std::sync::Arc;

use bevy_app::FixedUpdate;
use hypogeum_arena::{Arena, MatchSetup, new_match};
use hypogeum_content::Content;
use hypogeum_matches::HostPlugins;
use hypogeum_protocol::MatchId;
use hypogeum_shard::{Seed, ShardConfig, ShardKinds, assert_app_ordered, assert_ordered};

fn content() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
}

#[test]
fn every_step_of_a_match_says_its_order() {
    let content = content();
    let mode = content.modes.id("blitz").expect("the mode ships");
    let setup = MatchSetup { match_id: MatchId(1), parties: Vec::new(), mode, seats: Vec::new() };
    assert_ordered(&mut new_match(ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content }, &setup));
}

#[test]
fn every_tick_of_the_host_says_its_order() {
    let plugins = HostPlugins::new(ShardKinds::default().with_match::<Arena>(), content());
    assert_app_ordered(&mut plugins.into_app(|_| {}), FixedUpdate);
}
