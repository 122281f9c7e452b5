//! Who is here: connections, and the sessions of accounts behind them.
//!
//! A session is one account's presence. Its way: **arriving** (before the hello) → **loading** (its profile) → **idle**, and
//! from there to whatever the crates above offer: **queued**, **joining** what is about to begin, **playing** in a shard, and
//! idle again. It outlives its connection where a seat waits for it, and there is one for each account: a later
//! connection takes over.
//!
//! In: [`FromEdge`](hypogeum_protocol::link::FromEdge) from a bounded queue, [`StoreReply`](hypogeum_store::StoreReply)
//! from the store. Out: [`ToEdge`](hypogeum_protocol::link::ToEdge), [`StoreRequest`](hypogeum_store::StoreRequest), and
//! for the crates above [`MessageReceived`], [`PresenceChanged`] and [`StoreAnswered`], which are read in the tick they are written in. Nothing
//! here waits, and nothing here knows what is played.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Receive | connections come | `receive.rs`, `pending.rs` |
//! | | and go | `parting.rs` |
//! | Admit | bytes become messages, the malformed is refused | `admit.rs`, `meter.rs` |
//! | | inputs and acks of the datagram lane | `datagrams.rs`, `steering.rs`, `backlog.rs` |
//! | Route, [`SessionSystems::Answer`] | hello, welcome, ping; the rest becomes messages | `answer.rs`, `greet.rs`, `messages.rs` |
//! | Route, [`SessionSystems::AdmitLate`] | what came since on the datagram lane | `datagrams.rs` |
//! | Settle, [`SessionSystems::TakeAnswers`] | answers of the store | `store.rs` |
//! | | reports of matches and visits | `settled.rs`, `in_turn.rs` |
//! | Settle, [`SessionSystems::SendAway`] | the end of the server | `drain.rs` |
//! | all | messages to bytes, and bytes to messages | `encoding.rs` |
//! | Send, Persist | out to the edges and the store | `outbound.rs`, `durability.rs`, `store.rs` |

mod about;
mod admit;
mod answer;
mod backlog;
mod config;
mod counters;
mod datagrams;
mod drain;
mod durability;
mod encoding;
mod greet;
mod in_turn;
mod messages;
mod meter;
mod outbound;
mod parting;
mod pending;
mod receive;
mod reply;
mod session;
mod settled;
mod steering;
mod store;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, Resource, SystemSet};
use hypogeum_locale::Locales;
use hypogeum_protocol::link::EdgeLink;
use hypogeum_shard::host::HostSystems;
use hypogeum_store::StorePort;

pub use about::About;
pub use config::{SecondDevice, SessionsConfig};
pub use counters::Counters;
pub use datagrams::{ClientAcks, DatagramLane};
pub use drain::{Drain, KeepsServer};
pub use encoding::{Prepared, reliable};
pub use greet::Greeting;
pub use in_turn::InTurn;
pub use messages::{MessageReceived, PresenceChanged, StoreAnswered};
pub use meter::Meter;
pub use outbound::Outbound;
pub use reply::Reply;
pub use session::{
    CachedAccount, CurrentMatch, Presence, Session, SessionIndex, SessionItem, SessionLocale, Stage, Who,
};
pub use settled::send_settled;
pub use steering::{Steering, steer};
pub use store::Store;

/// Puts sessions into the host's tick. Wants [`hypogeum_shard::host::ShardHostPlugin`] beside it. The [`StorePort`] it asks is a resource of
/// the app: that of whichever plugin has put one there, before or after this one.
#[derive(Clone, Debug)]
pub struct SessionsPlugin {
    /// What an operator sets.
    pub config: SessionsConfig,
    /// The queues to and from the edges, and so to clients.
    pub link: EdgeLink,
    /// Ends it all.
    pub drain: Drain,
}

/// Where sessions are looked after within the stages of the tick, for the crates above to stand before or after.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SessionSystems {
    /// In Route: messages are answered or become [`MessageReceived`], and connections are closed. After it [`PresenceChanged`] is
    /// complete for this tick.
    Answer,
    /// In Route: datagrams that came since Admit are taken, so that they need not wait for the next tick. What feeds shards comes after.
    AdmitLate,
    /// In Settle: answers of the store become [`StoreAnswered`].
    TakeAnswers,
    /// In Settle: once the server drains, sessions that are in nothing are disconnected. What the crates above decide about the end
    /// comes before.
    SendAway,
}

/// The queues to the edges.
#[derive(Resource, Clone, Debug)]
pub struct Edge(pub EdgeLink);

/// Ticks of the host since it started.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub struct HostTick(pub u64);

impl Plugin for SessionsPlugin {
    fn build(&self, app: &mut App) {
        use HostSystems::{Admit, Persist, Receive, Route, Send, Settle};
        messages::init(app);
        app.insert_resource(self.config.clone())
            .insert_resource(Edge(self.link.clone()))
            .insert_resource(self.drain.clone())
            .init_resource::<HostTick>()
            .init_resource::<Counters>()
            .init_resource::<Greeting>()
            .init_resource::<Locales>()
            .init_resource::<SessionIndex>()
            .init_resource::<pending::PendingConnections>()
            .init_resource::<Outbound>()
            .configure_sets(
                FixedUpdate,
                (
                    (SessionSystems::Answer, SessionSystems::AdmitLate).chain().in_set(Route),
                    SessionSystems::TakeAnswers.in_set(Settle),
                    SessionSystems::SendAway.in_set(Settle).after(SessionSystems::TakeAnswers),
                ),
            )
            .add_systems(
                FixedUpdate,
                (
                    (receive::receive, parting::close_mute, pending::clear, parting::end_lingering)
                        .chain()
                        .in_set(Receive),
                    (admit::admit, datagrams::admit_datagrams).chain().in_set(Admit),
                    (answer::answer, parting::close_connections).chain().in_set(SessionSystems::Answer),
                    datagrams::admit_datagrams.in_set(SessionSystems::AdmitLate),
                    store::take_answers.in_set(SessionSystems::TakeAnswers),
                    drain::send_away.in_set(SessionSystems::SendAway),
                    outbound::send.in_set(Send),
                    store::persist.in_set(Persist),
                ),
            );
    }

    fn finish(&self, app: &mut App) {
        let port = app.world_mut().get_resource_or_init::<StorePort>().clone();
        app.insert_resource(Store::new(port));
    }
}
