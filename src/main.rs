//! The `hypogeum` binary: one command a file under `cli/`.

mod cli;
mod config;
mod runner;
mod server;
mod shutdown;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
