//! Creatures of people, and the games that they are in.
//!
//! The database owns a creature, and a game that it is in holds it: one game at a time. A game is a shard of a kind that goes by turns
//! ([`TurnBasedKind`](hypogeum_shard::TurnBasedKind)): people who are connected or not tell it what they want through a [`GamesPort`], and
//! are answered once that would survive a crash. Once it is over, what it has made of its creatures is written in one
//! transaction, keyed by the game.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Route | shards of games are adopted, games are woken | `service.rs`, `game.rs` |
//! | | games are opened, what is asked of them is taken | `asked.rs` |
//! | Settle | what came of commands is answered | `asked.rs` |
//! | | clients that follow games are told what happened in them | `following.rs` |
//! | | games that are over are settled, and count on boards | `service.rs`, `worth.rs` |
//! | between ticks | what is asked is taken, obeyed and answered | `asked.rs` |
//! | beside it | how other threads ask | `port.rs` |
//! | | what is asked of a database | `store.rs`, `entry_store.rs`, `record.rs`, `name.rs` |
//! | | what is asked of the game's rules | `rules.rs`, `kinds.rs` |
//! | | who is the best seed, and who wins what | `seeds.rs`, `prizes.rs` |
//!
//! A game may first be open: people enter it one by one over HTTP, and the service starts it once it is full or its time has come
//! (`entering.rs`). Whether it starts or is called off is one transaction, so it happens once whatever crashes.

mod asked;
mod check;
mod config;
mod entering;
mod entry_store;
mod following;
mod game;
mod kinds;
mod name;
mod port;
mod prizes;
mod record;
mod rules;
mod seeds;
mod service;
mod store;
mod worth;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_hosting::HostingSystems;
use hypogeum_ladders::Ladders;
use hypogeum_leaderboards::Boards;
use hypogeum_sessions::SessionSystems;
use hypogeum_shard::host::{BetweenTicks, HostSystems};

pub use check::GameCheck;
pub use config::{GamesClock, GamesConfig};
pub use entry_store::{
    ENTRIES_OF_ACCOUNT_MAX, Entry, EntryError, EntryStage, EntryStore, NewOpenGame, OPEN_GAMES_MAX,
    OPEN_GAMES_OF_ACCOUNT_MAX, OPEN_GAMES_PER_PAGE_MAX, OpenGame,
};
pub use kinds::{TournamentKind, TournamentKinds, TournamentSchedule};
pub use name::{CREATURE_NAME_CHARS_MAX, CreatureName, CreatureNameError};
pub use port::{ASKED_WAITING_MAX, GameAnswer, GameRefusal, GamesPort};
pub use prizes::prize;
pub use record::{CreatureRecord, GameLine, GameRecord, GameState, NewGame};
pub use rules::{CreationNumbers, CreatureCatalogue, CreatureRuleError, CreatureRules, CreatureType};
pub use seeds::order as seed_order;
pub use store::{CREATURES_MAX, CreatureError, CreatureStore, GAMES_PER_PAGE_MAX, GAMES_RUNNING_MAX};

/// Runs the games of creatures. Wants [`HostingPlugin`](hypogeum_hosting::HostingPlugin) beside it.
#[derive(Clone, Debug, Default)]
pub struct TournamentsPlugin {
    /// What games are made of.
    pub config: GamesConfig,
    /// How other threads ask for them.
    pub port: GamesPort,
    /// What time it is.
    pub clock: GamesClock,
    /// The kinds of tournaments that people can enter.
    pub kinds: TournamentKinds,
}

impl Plugin for TournamentsPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.config.clone())
            .insert_resource(self.port.clone())
            .insert_resource(self.clock.clone())
            .insert_resource(entering::Kinds(self.kinds.clone()))
            .init_resource::<entering::Entering>()
            .init_resource::<Boards>()
            .init_resource::<Ladders>()
            .init_resource::<game::Games>()
            .init_resource::<game::OpenedBy>()
            .init_resource::<following::FollowedGames>()
            .init_resource::<service::Reading>()
            .add_systems(
                FixedUpdate,
                (
                    (
                        service::adopt,
                        service::read_running,
                        entering::look,
                        asked::open_asked,
                        asked::take_asked,
                        service::wake,
                    )
                        .chain()
                        .in_set(HostSystems::Route)
                        .after(HostingSystems::RouteCommands)
                        .before(HostingSystems::Answer),
                    (asked::follow, following::take_follows, following::tell_followers, service::settle)
                        .chain()
                        .in_set(HostSystems::Settle)
                        .after(HostingSystems::Record)
                        .before(SessionSystems::TakeAnswers),
                    (service::take_answers, entering::take_answers, following::part_followers, service::put_away)
                        .chain()
                        .in_set(HostSystems::Settle)
                        .after(HostingSystems::Grant)
                        .before(SessionSystems::SendAway),
                ),
            )
            .add_systems(
                BetweenTicks,
                (
                    asked::take_between.in_set(HostSystems::Route),
                    asked::follow.in_set(HostSystems::Settle).after(HostingSystems::Record),
                ),
            );
    }
}
