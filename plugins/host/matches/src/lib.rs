//! The way through a match: the queue, the lobby, the loadout, the beginning, the end, and the settlement.
//!
//! A lobby is an entity of the host that becomes a hosted shard with a `RunningMatch` beside it; any kind that is a
//! [`MatchKind`](hypogeum_shard::MatchKind) is played so. What has worth leaves the database with the loadout and comes back with a
//! settlement, which is on the disk before the store is asked for it.
//!
//! In: [`MessageReceived`](hypogeum_sessions::MessageReceived), [`PresenceChanged`](hypogeum_sessions::PresenceChanged) and
//! [`StoreAnswered`](hypogeum_sessions::StoreAnswered) of sessions; worlds of hosted shards; parties ([`PartyLookup`]) and [`Blocks`]. Out: seats
//! ([`Stage`](hypogeum_sessions::Stage)), questions for the store, grants for the journal, and the [`SharedHostStatus`].
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Route | who comes back, and what clients want | `answer.rs` |
//! | | what a ticket says and asks | `wanted.rs` |
//! | | lines, and parties in them | `queueing.rs`, `party_queue.rs` |
//! | | tickets that programs on the server's machine make | `tickets.rs` |
//! | Settle | from the line into a lobby | `forming.rs` |
//! | | loadouts and their escrow | `lobby.rs` |
//! | | a match begins | `begin.rs`, `running_match.rs` |
//! | | what its kind is asked | `rules.rs` |
//! | | names, and how everyone stands | `names.rs`, `scoreboard.rs` |
//! | | players who are done are settled alone, while others play | `done_seats.rs` |
//! | Route, Settle | whom players watch who are done | `watching.rs` |
//! | Settle | the end of a match, and the order of settlements | `settle.rs`, `granted.rs` |
//! | | an end for a reason other than the rules | `ends.rs` |
//! | | the end of the server | `drain.rs` |
//! | Persist | the status of the host | `host_status.rs` |
//! | before the first tick | matches of a server that died | `resuming.rs` |
//! | the app they run in | | `app.rs` |

mod answer;
mod app;
mod begin;
mod catalog;
mod config;
mod done_seats;
mod drain;
mod ends;
mod forming;
mod granted;
mod host_status;
mod lobby;
mod names;
mod party_queue;
mod queueing;
mod resuming;
mod rules;
mod running_match;
mod scoreboard;
mod seating;
mod settle;
mod tickets;
mod wanted;
mod watching;

use std::sync::Arc;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_content::Content;
use hypogeum_hosting::HostingSystems;
use hypogeum_matchmaking::Matchmaker;
use hypogeum_sessions::{SessionSystems, SessionsConfig, Who};
use hypogeum_shard::ShardKinds;
use hypogeum_shard::host::HostSystems;
use hypogeum_social::{Blocks, PartyLookup, SocialSystems};

pub use app::HostPlugins;
pub use config::{MatchesConfig, OnDrain};
pub use host_status::{
    HostStatus, HostSummary, InputLag, MATCH_REPORTS_MAX, MatchReport, MatchStatus, MatchStep, PlayerReport,
    SharedHostStatus,
};
pub use resuming::ResumedPlugin;
pub use tickets::{NewTicket, TicketAnswer, TicketError, TicketState, TicketsPort};

/// Puts matches into the host's tick. Wants [`HostingPlugin`](hypogeum_hosting::HostingPlugin) added before it; usually
/// [`HostPlugins`] adds both.
#[derive(Clone, Debug)]
pub struct MatchesPlugin {
    /// What an operator sets.
    pub config: MatchesConfig,
    /// What can be played.
    pub kinds: ShardKinds,
    /// What new matches are made of.
    pub content: Arc<Content>,
    /// The status of the host, for progress displays and metrics.
    pub host_status: SharedHostStatus,
    /// Puts people in line, from other threads.
    pub tickets: TicketsPort,
}

impl Plugin for MatchesPlugin {
    fn build(&self, app: &mut App) {
        use HostSystems::{Persist, Route, Settle};
        let tick_hz = app.world().resource::<SessionsConfig>().tick_hz;
        let catalog = catalog::ModeCatalog::new(&self.kinds, Arc::clone(&self.content));
        app.register_required_components::<Who, queueing::InLine>();
        app.insert_resource(queueing::Queues::new(Matchmaker::new(catalog.modes(), tick_hz)))
            .insert_resource(catalog.greeting(tick_hz))
            .insert_resource(catalog)
            .insert_resource(self.config.clone())
            .insert_resource(self.host_status.clone())
            .insert_resource(self.tickets.clone())
            .init_resource::<host_status::Finished>()
            .init_resource::<settle::Settlements>()
            .init_resource::<PartyLookup>()
            .init_resource::<Blocks>()
            .add_systems(
                FixedUpdate,
                (
                    (
                        answer::welcome_back,
                        answer::answer,
                        tickets::answer_asked,
                        watching::answer,
                        queueing::send_positions,
                    )
                        .chain()
                        .in_set(Route)
                        .after(HostingSystems::RouteCommands)
                        .before(HostingSystems::Answer),
                    (
                        (lobby::take_answers, granted::take_answers, begin::open_built).chain(),
                        (scoreboard::send_scores, done_seats::settle_done, settle::settle_matches, watching::follow)
                            .chain(),
                        (
                            ends::end_deserted,
                            ends::end_unrecorded,
                            ends::end_lost,
                            ends::end_stuck,
                            ends::end_unanswered,
                        )
                            .chain(),
                        settle::order_settlements,
                        (drain::empty_lines, drain::end_matches).chain(),
                        (party_queue::end_changed, forming::admit_late, forming::form_lobbies, lobby::close_loadouts)
                            .chain()
                            .after(SocialSystems::Push),
                    )
                        .chain()
                        .in_set(Settle)
                        .after(HostingSystems::Grant)
                        .before(SessionSystems::SendAway),
                    host_status::write.in_set(Persist),
                ),
            );
    }
}
