//! Kinds of shard as a server asks for their modes.

use std::ops::RangeInclusive;

use bevy_ecs::prelude::World;
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{Grant, Seat};
use hypogeum_shard::{
    MatchKind, MatchLineup, ModeRule, SetupError, Shard, ShardBrief, ShardConfig, ShardKind, ShardKinds,
};

/// A slow game of two modes: `usual` leaves its rate to the server, `own` says `HZ`.
struct Slow<const HZ: u32>;

impl<const HZ: u32> ShardKind for Slow<HZ> {
    const NAME: &'static str = "slow";
    const TICK_HZ: RangeInclusive<u32> = 2..=5;
    type Setup = MatchLineup;

    fn build(config: ShardConfig, _: &MatchLineup) -> Result<Shard, SetupError> {
        Ok(Shard::new(config, |_| {}))
    }

    fn content(_: &MatchLineup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }

    fn brief(lineup: &MatchLineup) -> ShardBrief {
        lineup.brief()
    }
}

impl<const HZ: u32> MatchKind for Slow<HZ> {
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        let own = ModeRule { tick_hz: Some(HZ), ..ModeRule::new("own", content.pack_of_items()) };
        Ok(vec![own, ModeRule::new("usual", content.pack_of_items())])
    }

    fn is_over(_: &World) -> bool {
        false
    }

    fn grant(_: &World, _: Seat) -> Option<Grant> {
        None
    }
}

#[test]
fn a_mode_that_says_no_rate_has_the_usual_one_as_far_as_its_kind_is_made_for_it() {
    let kinds = ShardKinds::default().with_match::<Slow<4>>();
    let modes = kinds.modes(&Content::default()).expect("both are good");
    let rates = |usual| modes.iter().map(|(kind, mode)| kind.tick_hz(mode.tick_hz, usual)).collect::<Vec<_>>();
    assert_eq!(rates(30), [4, 5], "a usual rate that is too high");
    assert_eq!(rates(3), [4, 3], "one that fits");
    assert_eq!(rates(1), [4, 2], "one that is too low");
}

#[test]
fn a_mode_that_its_kind_is_not_made_for_is_refused_before_anything_is_played() {
    let kinds = ShardKinds::default().with_match::<Slow<6>>();
    let refused = kinds.modes(&Content::default()).expect_err("six steps are too many");
    assert_eq!(refused.to_string(), "mode \"own\" has 6 steps a second, its kind allows 2 to 5");
}
