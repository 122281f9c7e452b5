//! The commands, what they share, and how they end.

mod bots;
mod check;
mod demo;
mod migrate;
mod progress;
mod replay;
mod serve;
mod table;
mod verify;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::{Parser, Subcommand};
use hypogeum_content::{CheckReport, Content};

use crate::log;

/// Used where it stands and nothing else is named.
const CONFIG_DEFAULT: &str = "config/server.toml";

/// A headless, server-authoritative game server: every arena, player, NPC, effect and hazard an ECS entity.
#[derive(Debug, Parser)]
#[command(name = "hypogeum", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play one whole match on this machine: a server, bots over real UDP, and a reward table.
    Demo(demo::Demo),
    /// Run a server until SIGTERM or ctrl-c.
    Serve(serve::Serve),
    /// Let bots play on a server, from this process, each over a UDP socket of its own.
    Bots(bots::Bots),
    /// Validate configuration and content; each mistake is `file:line:column: what, found, expected`.
    Check(check::Check),
    /// Play a match again from its log and compare every step with what was recorded.
    Replay(replay::ReplayCommand),
    /// Prove that nobody has changed a match's log since a server wrote it.
    Verify(verify::Verify),
    /// Bring the database to this version, or say what that would do.
    Migrate(migrate::Migrate),
}

/// Runs the command of the command line; errors go to standard error in one line and make the exit code 1.
pub(crate) fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Demo(demo) => demo.run(),
        Command::Serve(serve) => serve.run(),
        Command::Bots(bots) => bots.run(),
        Command::Check(check) => check.run(),
        Command::Replay(replay) => replay.run(),
        Command::Verify(verify) => verify.run(),
        Command::Migrate(migrate) => migrate.run(),
    };
    let code = result.unwrap_or_else(|error| {
        complain!("error: {error:#}");
        ExitCode::FAILURE
    });
    log::finish();
    code
}

/// The configuration file to read: the one named, or the default one where there is one.
fn config_path(named: Option<&Path>) -> Option<&Path> {
    let default = Path::new(CONFIG_DEFAULT);
    named.or_else(|| default.exists().then_some(default))
}

/// Loads content, or fails with every mistake, a line each. Warnings are for `check`.
fn content(dir: &Path) -> anyhow::Result<Arc<Content>> {
    let CheckReport { content, errors, .. } = check::check(dir);
    if let Some(content) = content {
        return Ok(Arc::new(content));
    }
    for error in &errors {
        complain!("{error}");
    }
    bail!("the content in {} has {}", dir.display(), check::said(errors.len(), 0))
}
