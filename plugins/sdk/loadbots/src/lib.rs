//! Bots that play: behaviours in RON, over real sockets or inside one process.
//!
//! A [`Bot`] is a client and a [`Behaviour`]: it knows what any player's client is told, and no more. A [`BotPool`] is
//! many of them on one thread over any [`Wire`](hypogeum_client::Wire); a [`Swarm`] is a pool for each of few threads
//! with accounts, sockets and a clock. Ten thousand bots are one thread's work: only sockets that have something to read
//! are read, decisions are spread over time, and one that has seen nothing new goes on as before.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! use std::time::Duration;
//! use hypogeum_loadbots::{Behaviour, RunUntil, Swarm, SwarmConfig, Transport};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let behaviour = Behaviour::shipped("contender").ok_or("no such behaviour")??;
//! let swarm = Swarm::new(SwarmConfig {
//!     server: "http://127.0.0.1:27580".into(),
//!     certificates_pem: None,
//!     count: 24,
//!     modes: vec!["throng".into(), "blitz".into()],
//!     behaviours: vec![behaviour],
//!     seed: 7,
//!     name_prefix: "bot".into(),
//!     password: "correct horse battery".into(),
//!     queue_again: false,
//!     muster: true,
//!     input_hz: 30,
//!     threads: 1,
//!     transport: Transport::Mixed,
//!     link: Some("100ms,15ms,2%".parse()?),
//!     beacons: true,
//!     world: false,
//! })?;
//! let limit = RunUntil::AllSettledOnce(Duration::from_secs(180));
//! let report = swarm.run(limit, &AtomicBool::new(false), |progress| println!("{progress:?}"))?;
//! println!("{} of {} got in", report.connected, report.bots.len());
//! # Ok(())
//! # }
//! ```

mod beacon;
mod behaviour;
mod bot;
mod bot_wire;
mod brain;
mod descriptors;
mod driver;
mod enlist;
mod entrance;
mod geometry;
mod input_lag;
mod kit;
mod link_report;
mod loadout;
mod pace;
mod pool;
mod report;
mod route;
mod senses;
mod sockets;
mod spread;
mod swarm;
mod talker;
mod tally;
mod terrain;
mod transport;

pub use behaviour::{
    AbilityUse, Activity, BEHAVIOUR_BYTES_MAX, Behaviour, BehaviourError, Centimetres, Condition, Drive, Milliseconds,
    Percent, WeaponUse, Whole,
};
pub use bot::{Bot, Orders, Stage};
pub use link_report::{LinkReport, LinkSide};
pub use pool::BotPool;
pub use report::{BotReport, Latency, MatchProgress, Play, Progress, Resumed, RoundTrips, SwarmReport, WarmUp};
pub use spread::Spread;
pub use swarm::{BOTS_MAX, CROWD_INPUT_HZ, RunUntil, SMALL_SWARM, Swarm, SwarmConfig, SwarmError};
pub use transport::{ConnectedOver, Transport, UnknownTransport};

pub use hypogeum_link_conditioner::LinkConditions;
