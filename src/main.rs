//! The `hypogeum` binary: one command a file under `cli/`.

// They panic where nobody reads any more; what is said goes through `say.rs` or the log.
#![warn(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod say;
mod cli;
mod config;
mod descriptors;
mod heartbeat;
mod log;
mod recovery;
mod restored;
mod runner;
mod secret;
mod server;
mod shutdown;
mod telemetry;
mod watch;
mod watchdog;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
