//! A game of two who count together: no map, one number, and a grant for both once it is ten. It is here to show how little a
//! kind of shard needs.

use bevy_ecs::prelude::{IntoScheduleConfigs, Res, ResMut, Resource, World};
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{AccountId, Grant, Outcome, Seat};
use hypogeum_shard::{
    CommandBody, Inbox, MatchKind, MatchLineup, ModeRule, ResourceState, SetupError, Shard, ShardApp, ShardBrief,
    ShardConfig, ShardKind, ShardSchedule, ShardSystems, Stepping,
};
use serde::{Deserialize, Serialize};

const GOAL: u32 = 10;

pub(crate) struct Counter;

/// How far they have counted, and who counts.
#[derive(Resource, Default, Serialize, Deserialize)]
struct Count {
    number: u32,
    accounts: Vec<AccountId>,
}

impl ResourceState for Count {
    const NAME: &'static str = "count";
}

/// Every press of an ability counts one.
fn count(inbox: Res<Inbox>, mut count: ResMut<Count>) {
    let is_press = |body: &CommandBody| matches!(body, CommandBody::Input(input) if input.ability != 0);
    count.number += inbox.0.iter().filter(|command| is_press(&command.body)).count() as u32;
}

impl ShardKind for Counter {
    const NAME: &'static str = "counter";
    const STEPPING: Stepping = Stepping::OnCommand;
    type Setup = MatchLineup;

    fn build(config: ShardConfig, lineup: &MatchLineup) -> Result<Shard, SetupError> {
        let accounts = lineup.seats.iter().filter_map(|seat| seat.occupant.account()).collect();
        Ok(Shard::new(config, |app| {
            app.register_resource_state::<Count>().add_systems(ShardSchedule, count.in_set(ShardSystems::Apply));
            app.insert_resource(Count { number: 0, accounts });
        }))
    }
    fn content(_lineup: &MatchLineup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }
    fn brief(lineup: &MatchLineup) -> ShardBrief {
        lineup.brief()
    }
}

impl MatchKind for Counter {
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        let rating_window = RatingWindow { start: 10_000, per_s: 0, max: 10_000 };
        Ok(vec![ModeRule {
            players_min: 2,
            players_max: 2,
            fill: FillRule::Nobody,
            rating_window,
            ..ModeRule::new("counter", content.pack_of_items())
        }])
    }
    fn is_over(world: &World) -> bool {
        world.resource::<Count>().number >= GOAL
    }
    fn grant(world: &World, seat: Seat) -> Option<Grant> {
        let account = *world.resource::<Count>().accounts.get(usize::from(seat.0))?;
        let grant = Grant { account, xp_gained: GOAL, currency_gained: 5, ..Grant::nothing(Outcome::Extracted) };
        Self::is_over(world).then_some(grant)
    }
}
