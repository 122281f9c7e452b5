//! Who is here and what they may do: connections, sessions and the way through a match.
//!
//! A session is one account's presence. Its way: **arriving** (before the hello) → **loading** (its profile) → **idle**
//! → **queued** → **loadout** → **in match** → idle. It outlives its connection where a seat waits for it, and there is
//! one for each account: whoever connects later takes over.
//!
//! In: [`FromEdge`](hypogeum_protocol::link::FromEdge) from a bounded queue, [`StoreReply`](hypogeum_store::StoreReply) from the store. Out:
//! [`ToEdge`](hypogeum_protocol::link::ToEdge), [`StoreRequest`](hypogeum_store::StoreRequest), commands for shards, and the [`HostBoard`] for
//! whoever watches. Nothing here waits.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Receive | connections come and go | `receive.rs` |
//! | Admit | bytes become messages, the malformed is refused | `admit.rs`, `meter.rs` |
//! | | inputs and acks of the datagram lane | `datagrams.rs` |
//! | Route | each message to the one place that may answer it | `route.rs` |
//! | | hello, welcome | `greet.rs` |
//! | | wanting to play, and a lobby found | `queueing.rs` |
//! | | what is brought, and its escrow | `lobby.rs` |
//! | | steering and deeds | `playing.rs`, `steering.rs`, `backlog.rs` |
//! | | seats of players who stay away are given up, and what goes on without any is undone | `absence.rs` |
//! | | matches of a server that died go on | `resuming.rs` |
//! | Settle | a match whose shard panicked is built again | `rebuilding.rs`, `offender.rs` |
//! | | answers of the store | `answers.rs` |
//! | | a match begins | `begin.rs`, `game.rs` |
//! | | what was commanded goes into the log, and what waits for it | `recording.rs` |
//! | | names, and how everyone stands | `names.rs`, `scoreboard.rs` |
//! | | who is done is settled alone, while others play | `done_seats.rs` |
//! | | the end of a match | `settle.rs`, `settling.rs` |
//! | | the end of the server | `drain.rs` |
//! | Replicate | what each participant sees | `replicate.rs` |
//! | | how often, and what is given up when it gets tight | `load.rs` |
//! | Send, Persist | out to the edges, the store and the board | `post.rs`, `store.rs`, `board.rs` |
//! | all | how long each takes | `stages.rs` |
//! | the app they run in | | `app.rs` |

mod absence;
mod admit;
mod answers;
mod app;
mod backlog;
mod begin;
mod board;
mod config;
mod datagrams;
mod desk;
mod done_seats;
mod doorstep;
mod drain;
mod game;
mod greet;
mod host;
mod load;
mod lobby;
mod meter;
mod names;
mod offender;
mod playing;
mod post;
mod queueing;
mod rebuilding;
mod receive;
mod recording;
mod replicate;
mod resuming;
mod route;
mod scoreboard;
mod session;
mod settle;
mod settling;
mod stages;
mod steering;
mod store;

use std::sync::Arc;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::IntoScheduleConfigs;
use hypogeum_content::Content;
use hypogeum_matchmaking::Matchmaker;
use hypogeum_protocol::link::EdgeLink;
use hypogeum_shard::ShardKinds;
use hypogeum_shard::host::HostSystems;
use hypogeum_store::StorePort;

pub use board::{
    Board, BoardSummary, Counters, HostBoard, InputLag, MATCH_REPORTS_MAX, MatchReport, MatchStatus, MatchStep,
    PlayerReport,
};
pub use config::{OnDrain, SecondDevice, SeedSource, SessionsConfig};
pub use drain::Drain;
pub use load::Load;
pub use recording::RecordingConfig;
pub use resuming::{ResumedMatch, resume_matches};
pub use stages::{Histogram, HostClock, STAGES, StageTimes};

use host::{Edge, HostTick, Library, Queues};

/// Puts sessions into the host's tick. Wants [`hypogeum_shard::host::ShardHostPlugin`] beside it.
#[derive(Clone, Debug)]
pub struct SessionsPlugin {
    /// What an operator sets.
    pub config: SessionsConfig,
    /// What can be played.
    pub kinds: ShardKinds,
    /// What matches are made of.
    pub content: Arc<Content>,
    /// To clients.
    pub link: EdgeLink,
    /// To the database.
    pub store: StorePort,
    /// To whoever watches.
    pub board: HostBoard,
    /// How matches are recorded; `None`: they are not, and cannot be resumed, proved or seen again.
    pub recording: Option<RecordingConfig>,
    /// Ends it all.
    pub drain: Drain,
    /// Seeds of matches, unless configured.
    pub seeds: SeedSource,
    /// How busy the ticks are, as whoever runs them says.
    pub load: Load,
    /// What stages are measured by.
    pub clock: HostClock,
    /// How long stages take.
    pub stages: StageTimes,
}

impl Plugin for SessionsPlugin {
    fn build(&self, app: &mut App) {
        use HostSystems::{Admit, Persist, Receive, Replicate, Route, Send, Settle};
        let library = Library::new(&self.kinds, Arc::clone(&self.content));
        app.insert_resource(Queues { line: Matchmaker::new(library.modes(), self.config.tick_hz), is_held: false })
            .insert_resource(self.kinds.clone())
            .insert_resource(library)
            .insert_resource(lobby::MatchIds::starting_at(self.config.match_id_base))
            .insert_resource(self.config.clone())
            .insert_resource(Edge(self.link.clone()))
            .insert_resource(store::Store::new(self.store.clone()))
            .insert_resource(self.board.clone())
            .insert_resource(self.drain.clone())
            .insert_resource(self.seeds.clone())
            .insert_resource(self.load.clone())
            .insert_resource(recording::Journal::new(self.recording.clone()))
            .init_resource::<HostTick>()
            .init_resource::<Counters>()
            .init_resource::<board::Finished>()
            .init_resource::<settling::Settlements>()
            .init_resource::<session::SessionIndex>()
            .init_resource::<doorstep::Doorstep>()
            .init_resource::<post::Post>()
            .init_resource::<replicate::Copyists>()
            .add_systems(
                FixedUpdate,
                (
                    (receive::receive, receive::close_mute, doorstep::clear, receive::end_lingering)
                        .chain()
                        .in_set(Receive),
                    (admit::admit, datagrams::admit_datagrams).chain().in_set(Admit),
                    (
                        route::route,
                        receive::close_connections,
                        resuming::go_on,
                        absence::give_up_absent,
                        playing::feed,
                        queueing::tell_positions,
                    )
                        .chain()
                        .in_set(Route),
                    (
                        rebuilding::take_out_crashed,
                        rebuilding::go_on_rebuilt,
                        recording::record,
                        answers::take_answers,
                        begin::open_built,
                        scoreboard::tell_scores,
                        done_seats::settle_done,
                        settle::settle_matches,
                        absence::end_deserted,
                        settle::end_lost,
                        rebuilding::end_stuck,
                        settle::order_settlements,
                        drain::drain,
                        queueing::form_lobbies,
                        lobby::close_loadouts,
                    )
                        .chain()
                        .in_set(Settle),
                    replicate::replicate.in_set(Replicate),
                    post::send.in_set(Send),
                    (recording::hand_over, store::persist, board::write_board).chain().in_set(Persist),
                ),
            );
        stages::measure(app, self.clock.clone(), self.stages.clone());
    }
}
