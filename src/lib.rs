//! A game server as a library: a studio's `main.rs` says which game is played, and has the whole command line with it.
//!
//! ```no_run
//! use hypogeum::Game;
//!
//! fn main() -> std::process::ExitCode {
//!     // `add_match_kind::<YourKind>()` and `add_plugins(YourPlugin)` stand here.
//!     Game::shipped().run()
//! }
//! ```

// They panic where nobody reads any more; what is said goes through `say.rs` or the log.
#![warn(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod say;
mod allocator;
mod autopilot_match;
mod cli;
mod config;
mod creature_rules;
mod descriptors;
mod game;
mod heartbeat;
mod load_bots;
mod log;
mod map;
pub mod plugins;
mod readiness;
mod recovery;
mod restored;
mod runner;
mod secret;
mod server;
mod shutdown;
mod simulate;
mod socket_door;
mod telemetry;
mod telnet_door;
mod tournament_kinds;
mod watchdog;

pub use game::Game;
/// For [`Game::add_routes`].
pub use hypogeum_gateway::axum;
