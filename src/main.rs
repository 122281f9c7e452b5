//! The `hypogeum` binary: one command a file under `cli/`.

mod cli;
mod config;
mod descriptors;
mod recovery;
mod restored;
mod runner;
mod secret;
mod server;
mod shutdown;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
