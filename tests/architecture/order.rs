//! No two systems that conflict run in an order that nobody has written down.

use std::path::Path;
use std::sync::Arc;

use bevy_app::FixedUpdate;
use hypogeum_arena::{Arena, MatchSetup, new_match};
use hypogeum_content::Content;
use hypogeum_protocol::MatchId;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::EdgeLink;
use hypogeum_sessions::{Drain, HostBoard, SeedSource, SessionsConfig, SessionsPlugin};
use hypogeum_shard::{Genesis, Seed, ShardKinds, assert_app_ordered, assert_ordered};
use hypogeum_store::StorePort;

fn content() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
}

#[test]
fn every_step_of_a_match_says_its_order() {
    let content = content();
    let mode = content.modes.id("blitz").expect("the mode ships");
    let setup = MatchSetup { match_id: MatchId(1), mode, seats: Vec::new() };
    assert_ordered(&mut new_match(Genesis { seed: Seed::numbered(1), tick_hz: 30, content }, &setup));
}

#[test]
fn every_tick_of_the_host_says_its_order() {
    let sessions = SessionsPlugin {
        config: SessionsConfig::default(),
        kinds: ShardKinds::default().with_match::<Arena>(),
        content: content(),
        link: EdgeLink::new(1, EDGE_QUEUE_FRAMES_MAX),
        store: StorePort::default(),
        board: HostBoard::default(),
        recording: None,
        drain: Drain::default(),
        seeds: SeedSource::new(|| Seed::numbered(1)),
        load: Default::default(),
        clock: Default::default(),
        stages: Default::default(),
    };
    assert_app_ordered(&mut sessions.into_app(1, |_| {}), FixedUpdate);
}
