//! Shards and who is in them, whatever kind they are.
//!
//! A hosted shard is one entity: [`HostedShard`], its world ([`Shard`](hypogeum_shard::Shard)), the commands for its next step
//! ([`ShardInbox`](hypogeum_shard::host::ShardInbox)), the eyes on it, and its [`Recording`]. A crate above opens it with
//! [`NewShard`] and gives sessions their seats ([`Stage::Playing`](hypogeum_sessions::Stage)); from then on this crate takes
//! its players' commands, records the shard and sends it to them. A shard without `ShardInbox` is over and takes no
//! commands.
//!
//! In: [`MessageReceived`](hypogeum_sessions::MessageReceived) and [`PresenceChanged`](hypogeum_sessions::PresenceChanged) of sessions. Out: commands,
//! records for the journal, frames and datagrams; [`Stuck`] and [`Lost`] on shards that panicked and cannot go on: of those, open
//! ones are [`Halted`] here, others are left to the crate that opened them.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Route, [`HostingSystems::RouteCommands`] | players come back, go, steer and act | `client_commands.rs` |
//! | | shards of a server that died go on | `resuming.rs` |
//! | | seats of players who stay away are given up | `absence.rs` |
//! | | players enter an open shard | `entering.rs` |
//! | Route, [`HostingSystems::Answer`] | questions from beside the tick | `host_port.rs` |
//! | Route, [`HostingSystems::Feed`] | each seat its next input | `client_commands.rs` |
//! | any | a shard is opened, at a rate | `opening.rs`, `hosted.rs`, `config.rs` |
//! | Settle, [`HostingSystems::Record`] | a shard that panicked is built again | `rebuilding.rs`, `offender.rs` |
//! | | what was commanded goes into the log | `recording.rs` |
//! | | who entered has an avatar, and who left an open shard is free | `entering.rs` |
//! | | open shards in which nothing is to happen rest | `resting.rs` |
//! | | players who were entering as an open shard crashed, or are in one that is halted, become idle | `evicting.rs` |
//! | | what visits to open shards were worth is recorded, | `visits.rs` |
//! | Settle, [`HostingSystems::Grant`] | granted and reported | |
//! | | who brings something enters once that is checked out | `entering.rs` |
//! | Settle | open shards at the end of the server | `drain.rs` |
//! | Replicate | what each participant sees, by its own eyes or, once it is done, by another's ([`Views::watch`]) | `replicate.rs` |
//! | | how often, and what is given up when it gets tight | `load.rs` |
//! | between ticks | the tick's thread is woken for what cannot wait for the next | `bell.rs` |
//! | | what shards were commanded that step on command goes into the log | `recording.rs` |
//! | all | how long each takes | `stages.rs` |
//! | | what a kind is asked | `asking.rs` |
//! | | by which request somebody enters | `asked_by.rs` |

mod absence;
mod asked_by;
mod asking;
mod bell;
mod client_commands;
mod config;
mod drain;
mod entering;
mod evicting;
mod host_port;
mod hosted;
mod load;
mod notes;
mod offender;
mod opening;
mod rebuilding;
mod recording;
mod replicate;
mod resting;
mod resuming;
mod stages;
mod visits;

use std::sync::Arc;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_content::Content;
use hypogeum_journal::RecordingConfig;
use hypogeum_locale::Locales;
use hypogeum_sessions::SessionSystems;
use hypogeum_shard::ShardKinds;
use hypogeum_shard::host::{BetweenTicks, HostSystems};

pub use asking::ask;
pub use bell::Bell;
pub use config::{HostingConfig, Rates};
pub use entering::{Entrance, IdleSession, LeftShard};
pub use evicting::Halted;
pub use host_port::{Answer, AnswerError, HostPort, Promise, QUESTIONS_PER_TICK_MAX, QUESTIONS_WAITING_MAX, promise};
pub use hosted::{AutopilotSeat, HostedShard, NewShard, PlayerSeat, SeatInfo, Seatless};
pub use load::Load;
pub use opening::{HostContent, Opening, SeedSource, ShardIds, build};
pub use rebuilding::{Lost, Stuck};
pub use recording::{GrantScope, Journal, Recording};
pub use replicate::Views;
pub use resuming::{ResumedShard, resume, suspend};
pub use stages::{HostClock, STAGES, StageTimes};

/// Puts shards into the host's tick. Wants [`hypogeum_shard::host::ShardHostPlugin`] and
/// [`SessionsPlugin`](hypogeum_sessions::SessionsPlugin) beside it. Shards are recorded where some plugin has put a [`RecordingConfig`] into the
/// app; without one they are not, and cannot be resumed, proved or seen again.
#[derive(Clone, Debug)]
pub struct HostingPlugin {
    /// What an operator sets.
    pub config: HostingConfig,
    /// The kinds there are.
    pub kinds: ShardKinds,
    /// What new shards are made of.
    pub content: Arc<Content>,
    /// What players read, in their languages.
    pub locales: Locales,
    /// Seeds of new shards.
    pub seeds: SeedSource,
    /// How busy the ticks are, as the program that runs them says.
    pub load: Load,
    /// What stages are measured by.
    pub clock: HostClock,
    /// How long stages take.
    pub stages: StageTimes,
    /// Asks the tick.
    pub port: HostPort,
}

/// When shards are looked after within the stages of the tick, so that other crates can order their systems by it.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostingSystems {
    /// In Route: players come back, leave and act.
    RouteCommands,
    /// In Route: questions asked through [`HostPort`] are answered.
    Answer,
    /// In Route, at its end: each shard gets its commands in order. What the crates above command comes before.
    Feed,
    /// In Settle, at its beginning: the step goes into the log.
    Record,
    /// In Settle: what visits to open shards were worth is granted.
    Grant,
}

impl Plugin for HostingPlugin {
    fn build(&self, app: &mut App) {
        use HostSystems::{Persist, Replicate, Route, Settle};
        use HostingSystems::{Answer, Feed, Grant, Record, RouteCommands};
        entering::init(app);
        app.insert_resource(self.config.clone())
            .insert_resource(self.kinds.clone())
            .insert_resource(HostContent(Arc::clone(&self.content)))
            .insert_resource(self.locales.clone())
            .insert_resource(self.seeds.clone())
            .insert_resource(ShardIds::starting_at(self.config.first_id))
            .insert_resource(self.load.clone())
            .insert_resource(self.port.clone())
            .insert_resource(host_port::HostEnd(self.port.clone()))
            .init_resource::<replicate::SnapshotEncoders>()
            .init_resource::<visits::Visits>()
            .configure_sets(
                FixedUpdate,
                (
                    (RouteCommands, Answer, Feed).chain().in_set(Route).after(SessionSystems::Answer),
                    Feed.after(SessionSystems::AdmitLate),
                    SessionSystems::AdmitLate.after(Answer),
                    Record.in_set(Settle).before(SessionSystems::TakeAnswers),
                    Grant.in_set(Settle).after(SessionSystems::TakeAnswers).before(SessionSystems::SendAway),
                ),
            )
            .add_systems(
                FixedUpdate,
                (
                    (
                        // Of an earlier run, whose last step this is about.
                        visits::record_visits,
                        entering::forget_left,
                        client_commands::follow_presence,
                        client_commands::route_commands,
                        resuming::go_on,
                        absence::give_up_absent,
                    )
                        .chain()
                        .in_set(RouteCommands),
                    host_port::answer_questions.in_set(Answer),
                    client_commands::feed.in_set(Feed),
                    (
                        rebuilding::take_out_crashed,
                        rebuilding::go_on_rebuilt,
                        notes::write_notes,
                        // The log takes what was obeyed away with it.
                        entering::follow_occupants,
                        evicting::evict_dropped,
                        recording::record,
                        visits::record_visits,
                        resting::rest,
                        recording::take_snapshots,
                        evicting::halt_open,
                        drain::suspend_open,
                    )
                        .chain()
                        .in_set(Record),
                    (entering::take_answers, visits::take_answers, visits::ask_to_grant).chain().in_set(Grant),
                    replicate::replicate.in_set(Replicate),
                    recording::hand_over.in_set(Persist),
                ),
            );
        app.configure_sets(BetweenTicks, Record.in_set(Settle)).add_systems(
            BetweenTicks,
            ((notes::write_notes, recording::record).chain().in_set(Record), recording::hand_over.in_set(Persist)),
        );
        stages::measure(app, self.clock.clone(), self.stages.clone());
    }

    fn finish(&self, app: &mut App) {
        let recording = app.world_mut().remove_resource::<RecordingConfig>();
        app.insert_resource(Journal::new(recording));
    }
}
