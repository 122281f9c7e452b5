//! A kind that panics when it is asked takes its own match with it, and no other.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{ErrorCode, Grant, Outcome, ScoreRow, Seat, ServerMessage};
use hypogeum_shard::{
    MapBrief, MatchKind, MatchLineup, MatchOverview, ModeRule, SetupError, Shard, ShardBrief, ShardConfig, ShardKind,
    Tick,
};

use crate::test_host::TestHost;

/// A kind that answers until a tick, and panics then: at the question of this number.
struct Oracle<const QUESTION: u32>;

const SCORES: u32 = 0;
const IS_OVER: u32 = 1;
const GRANT: u32 = 2;
const STATUS: u32 = 3;
const MAP: u32 = 4;

fn answer(world: &World, asked: u32, question: u32) {
    let tick = world.resource::<Tick>().0;
    assert!(asked != question || (tick < 5 && question != MAP), "this question is not answered, as the test wants it");
}

impl<const QUESTION: u32> ShardKind for Oracle<QUESTION> {
    const NAME: &'static str = "oracle";
    type Setup = MatchLineup;

    fn build(config: ShardConfig, _lineup: &MatchLineup) -> Result<Shard, SetupError> {
        Ok(Shard::new(config, |_app| {}))
    }
    fn content(_lineup: &MatchLineup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }
    fn brief(lineup: &MatchLineup) -> ShardBrief {
        lineup.brief()
    }
}

impl<const QUESTION: u32> MatchKind for Oracle<QUESTION> {
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        let rating_window = RatingWindow { start: 10_000, per_s: 0, max: 10_000 };
        let (players_min, players_max, fill) = (2, 2, FillRule::Nobody);
        let mode = ModeRule::new("oracle", content.pack_of_items());
        Ok(vec![ModeRule { players_min, players_max, fill, rating_window, ..mode }])
    }
    fn is_over(world: &World) -> bool {
        answer(world, IS_OVER, QUESTION);
        world.resource::<Tick>().0 >= 15
    }
    fn grant(world: &World, _seat: Seat) -> Option<Grant> {
        answer(world, GRANT, QUESTION);
        Some(Grant::nothing(Outcome::Extracted))
    }
    fn scores(world: &World) -> Option<Vec<ScoreRow>> {
        answer(world, SCORES, QUESTION);
        None
    }
    fn map(world: &World) -> MapBrief {
        answer(world, MAP, QUESTION);
        MapBrief::default()
    }
    fn status(world: &mut World) -> MatchOverview {
        answer(world, STATUS, QUESTION);
        MatchOverview::default()
    }
}

fn play<const QUESTION: u32>() {
    let mut host = TestHost::with(|host| host.kinds = host.kinds.clone().with_match::<Oracle<QUESTION>>());
    let bystanders = [host.enter(3), host.enter(4)];
    for connection in bystanders {
        host.queue(connection, "duel");
    }
    for connection in bystanders {
        host.started(connection);
    }
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "oracle");
    }
    for connection in both {
        host.hear(connection, "that the match is undone", |message| match message {
            ServerMessage::Error { code: ErrorCode::Unavailable, .. } => Some(()),
            _ => None,
        });
    }
    host.until("the match is gone", |host| host.status().matches.len() == 1);
    assert_eq!(host.status().finished_count, 0, "nothing of it was granted");
    host.queue(both[0], "duel");
    host.hear(both[0], "that it waits again", |message| match message {
        ServerMessage::Queued { .. } => Some(()),
        _ => None,
    });
    for connection in bystanders {
        host.settled(connection);
    }
}

#[test]
fn a_kind_that_cannot_say_how_it_stands_loses_its_match_alone() {
    play::<SCORES>();
    play::<STATUS>();
}

#[test]
fn a_kind_that_cannot_say_whether_it_is_over_loses_its_match_alone() {
    play::<IS_OVER>();
}

#[test]
fn a_kind_that_cannot_say_what_it_was_worth_grants_nothing() {
    play::<GRANT>();
}

#[test]
fn a_kind_that_cannot_say_where_it_is_played_begins_nothing() {
    play::<MAP>();
}
