//! A whole game of a studio in one file: two build a tower, in turns. README, "Your own game", goes through it.

use std::process::ExitCode;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Query, Res, ResMut, Resource, World};
use hypogeum::Game;
use hypogeum::axum::{Extension, Router, http::StatusCode, routing::get};
use hypogeum_content::{Content, ContentPack, def::RatingWindow};
use hypogeum_hosting::HostPort;
use hypogeum_protocol::{AccountId, Grant, Outcome, Seat, codec};
use hypogeum_shard::host::HostSystems;
use hypogeum_shard::{
    Audience, CommandBody, Inbox, KindOutbox, MatchKind, MatchLineup, ModeRule, NetIds, SetupError, Shard, ShardApp,
    ShardBrief, ShardConfig, ShardKind, ShardSchedule, ShardSystems, State,
};
use serde::{Deserialize, Serialize};

/// What designers write: `assets/own/tower.ron`.
#[derive(Resource, Clone, Serialize, Deserialize)]
struct TowerDef {
    goal: u32,
    stones_max: u32,
    xp: u32,
}

/// A component with state: it is hashed, saved, restored and replayed.
#[derive(Component, Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tower {
    height: u32,
    /// Whose turn it is: a place in `builders`.
    turn: u16,
    builders: Vec<AccountId>,
}

impl State for Tower {
    const NAME: &'static str = "tower";
}

/// What a player may do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    Lay { stones: u32 },
}

/// What everyone at the tower sees happen.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum News {
    Grown { by: AccountId, height: u32 },
    NotYourTurn,
}

/// The rule: anyone who has the turn lays some stones.
fn build(inbox: Res<Inbox>, rules: Res<TowerDef>, mut towers: Query<&mut Tower>, mut outbox: ResMut<KindOutbox>) {
    let Ok(mut tower) = towers.single_mut() else { return };
    for command in &inbox.0 {
        let CommandBody::Custom { body, .. } = &command.body else { continue };
        // What a client says is checked here: nobody else knows its form.
        let Ok(Order::Lay { stones }) = codec::decode::<Order, 16>(body) else { continue };
        let news = if command.seat.0 == tower.turn && (1..=rules.stones_max).contains(&stones) {
            tower.height += stones;
            tower.turn = (tower.turn + 1) % tower.builders.len() as u16;
            News::Grown { by: tower.builders[usize::from(command.seat.0)], height: tower.height }
        } else {
            News::NotYourTurn
        };
        outbox.tell(Audience::Everyone, codec::encode(&news));
    }
}

/// The kind of shard: this is all that the server is told of the game.
pub(crate) struct TowerGame;

impl ShardKind for TowerGame {
    const NAME: &'static str = "tower";
    const COMMAND_BYTES_MAX: usize = 16;
    type Setup = MatchLineup;

    fn build(config: ShardConfig, lineup: &MatchLineup) -> Result<Shard, SetupError> {
        let rules: TowerDef = Content::read_own("tower", &lineup.definition)?;
        let builders: Vec<AccountId> = lineup.seats.iter().filter_map(|seat| seat.occupant.account()).collect();
        Ok(Shard::new(config, |app| {
            app.register_state::<Tower>().insert_resource(rules);
            app.add_systems(ShardSchedule, build.in_set(ShardSystems::Apply));
            let name = app.world_mut().resource_mut::<NetIds>().allocate();
            app.world_mut().spawn((name, Tower { height: 0, turn: 0, builders }));
        }))
    }

    fn content(_: &MatchLineup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }

    fn brief(lineup: &MatchLineup) -> ShardBrief {
        lineup.brief()
    }
}

impl MatchKind for TowerGame {
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        let definition = content.own_text::<TowerDef>("tower")?;
        let rating_window = RatingWindow { start: 10_000, per_s: 0, max: 10_000 };
        let mode = ModeRule::new("tower", content.pack_of_items());
        Ok(vec![ModeRule { players_min: 2, players_max: 2, rating_window, definition, ..mode }])
    }

    fn is_over(world: &World) -> bool {
        tower(world).is_some_and(|tower| tower.height >= world.resource::<TowerDef>().goal)
    }

    fn grant(world: &World, seat: Seat) -> Option<Grant> {
        let account = *tower(world)?.builders.get(usize::from(seat.0))?;
        let xp_gained = world.resource::<TowerDef>().xp;
        Self::is_over(world).then(|| Grant { account, xp_gained, ..Grant::nothing(Outcome::Extracted) })
    }
}

fn tower(world: &World) -> Option<&Tower> {
    world.iter_entities().find_map(|entity| entity.get::<Tower>())
}

/// A plugin of the host: it counts the stones that lie in all towers now.
#[derive(Resource, Clone, Default)]
struct Stones(u32);

impl Plugin for Stones {
    fn build(&self, app: &mut App) {
        let count = |shards: Query<&Shard>, mut stones: ResMut<Stones>| {
            stones.0 = shards.iter().filter_map(|shard| tower(shard.world())).map(|tower| tower.height).sum();
        };
        app.insert_resource(self.clone()).add_systems(FixedUpdate, count.in_set(HostSystems::Persist));
    }
}

/// A path: it asks the tick what the plugin has counted.
async fn stones(Extension(tick): Extension<HostPort>) -> Result<String, StatusCode> {
    let stones = tick.ask(|world: &mut World| world.resource::<Stones>().0).await;
    stones.map(|stones| format!("{{\"stones\":{stones}}}")).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

/// The game: a kind, a plugin, and a path.
pub(crate) fn game() -> Game {
    let game = Game::new().add_match_kind::<TowerGame>().add_plugins(Stones::default());
    game.add_routes(Router::new().route("/v1/stones", get(stones)))
}

#[allow(dead_code, reason = "the test plays the game as a module")]
fn main() -> ExitCode {
    game().run()
}
