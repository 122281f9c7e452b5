//! Bots that play: behaviours in RON, over real sockets or inside one process.
//!
//! A [`Bot`] is a client and a [`Behaviour`]: it knows what any player's client is told, and no more. A [`Crew`] is
//! many of them on one thread over any [`Wire`](hypogeum_client::Wire); a [`Swarm`] is a crew with accounts, sockets
//! and a clock.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! use std::time::Duration;
//! use hypogeum_loadbots::{Behaviour, RunUntil, Swarm, SwarmConfig};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let behaviour = Behaviour::shipped("contender").ok_or("no such behaviour")??;
//! let mut swarm = Swarm::new(SwarmConfig {
//!     server: "http://127.0.0.1:27580".into(),
//!     count: 24,
//!     mode: "blitz".into(),
//!     behaviours: vec![behaviour],
//!     seed: 7,
//!     name_prefix: "bot".into(),
//!     password: "correct horse battery".into(),
//!     queue_again: false,
//!     muster: true,
//!     tick_hz: 30,
//! })?;
//! let limit = RunUntil::AllSettledOnce(Duration::from_secs(180));
//! let report = swarm.run(limit, &AtomicBool::new(false), |progress| println!("{progress:?}"));
//! println!("{} of {} got in", report.connected, report.bots.len());
//! # Ok(())
//! # }
//! ```

mod behaviour;
mod bot;
mod brain;
mod crew;
mod enlist;
mod geometry;
mod report;
mod route;
mod senses;
mod swarm;
mod terrain;

pub use behaviour::{
    AbilityUse, Activity, BEHAVIOUR_BYTES_MAX, Behaviour, BehaviourError, Centimetres, Condition, Drive, Milliseconds,
    Percent, WeaponUse, Whole,
};
pub use bot::{Bot, Orders, Stage};
pub use crew::Crew;
pub use report::{BotReport, MatchProgress, Progress, RoundTrips, SwarmReport};
pub use swarm::{BOTS_MAX, RunUntil, Swarm, SwarmConfig, SwarmError};
