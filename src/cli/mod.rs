//! The commands, what they share, and how they end.

mod bots;
mod check;
mod demo;
mod duel;
mod logs;
mod map;
mod migrate;
mod progress;
mod replay;
mod serve;
mod simulate;
pub(crate) mod table;
mod verify;
mod why;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::{Parser, Subcommand};
use hypogeum_content::{CheckReport, Content, nearest};

use crate::game::Game;
use crate::log;

/// Used where it stands and nothing else is named.
const CONFIG_DEFAULT: &str = "config/server.toml";

/// A headless, server-authoritative game server: every arena, player, NPC, effect and hazard an ECS entity.
#[derive(Debug, Parser)]
#[command(name = "hypogeum", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play one whole match on this machine: a server, bots over real UDP, and a reward table.
    Demo(demo::Demo),
    /// Fight with a creature of yours against a machine, in this terminal, without a server.
    Duel(duel::DuelCommand),
    /// Run a server until SIGTERM or ctrl-c.
    Serve(serve::Serve),
    /// Let bots play on a server, from this process, each over a socket of its own.
    Bots(bots::Bots),
    /// Validate configuration and content; each mistake is `file:line:column: what, found, expected`.
    Check(check::Check),
    /// Draw the map of a mode or a zone, as SVG or for this terminal.
    Map(map::MapCommand),
    /// Play many matches of a mode by autopilots, and tell what comes of it.
    Simulate(simulate::Simulate),
    /// Play a match again from its log and compare every step with what was recorded.
    Replay(replay::ReplayCommand),
    /// Prove that nobody has changed a match's log since a server wrote it.
    Verify(verify::Verify),
    /// Run database migrations; with --check a dry run.
    Migrate(migrate::Migrate),
    /// Say why somebody still waits for a match on the server of this machine.
    Why(why::Why),
}

impl Command {
    fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        match self {
            Self::Demo(demo) => demo.run(game),
            Self::Duel(duel) => duel.run(game),
            Self::Serve(serve) => serve.run(game),
            Self::Bots(bots) => bots.run(),
            Self::Check(check) => check.run(game),
            Self::Map(map) => map.run(game),
            Self::Simulate(simulate) => simulate.run(game),
            Self::Replay(replay) => replay.run(game),
            Self::Verify(verify) => verify.run(game),
            Self::Migrate(migrate) => migrate.run(),
            Self::Why(why) => why.run(),
        }
    }

    /// Whether standard output is for programs.
    fn is_json(&self) -> bool {
        match self {
            Self::Demo(demo) => demo.json,
            Self::Duel(duel) => duel.json,
            Self::Serve(serve) => serve.json,
            Self::Bots(bots) => bots.json,
            Self::Check(check) => check.json,
            Self::Map(map) => map.json,
            Self::Simulate(simulate) => simulate.json,
            Self::Replay(replay) => replay.json,
            Self::Verify(verify) => verify.json,
            Self::Migrate(migrate) => migrate.json,
            Self::Why(why) => why.json,
        }
    }
}

/// A command that a signal ended before it had done what it is for.
#[derive(Debug, thiserror::Error)]
#[error("stopped: {0}")]
struct Stopped(&'static str);

/// Exit code of a command that was [`Stopped`], as shells report SIGINT.
const EXIT_CODE_STOPPED: u8 = 130;

/// Runs the command of the command line; errors go to standard error in one line and make the exit code 1. Where the
/// command prints JSON, they are also an object on standard output: `{"error": …}`.
pub(crate) fn run(game: &Game, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = Cli::parse_from(arguments).command;
    let code = command.run(game).unwrap_or_else(|error| {
        let (text, code) = match error.downcast_ref::<Stopped>() {
            Some(stopped) => (stopped.to_string(), ExitCode::from(EXIT_CODE_STOPPED)),
            None => (sentence(&error), ExitCode::FAILURE),
        };
        if command.is_json() {
            sayln!("{}", serde_json::json!({ "error": text }));
        }
        let prefix = if error.is::<Stopped>() { "" } else { "error: " };
        complain!("{prefix}{text}");
        code
    });
    log::finish();
    code
}

/// An error and its causes. Some say their cause themselves: each is written once.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text.as_str() {
        "" => cause,
        text if text.ends_with(&cause) => text.to_owned(),
        text => format!("{text}: {cause}"),
    })
}

/// Says that there is nothing of that key, what there is, and what was probably meant.
pub(crate) fn unknown<'k>(what: &str, key: &str, known: impl Iterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.collect();
    let hint = nearest(key, known.iter().copied()).map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default();
    format!("there is no {what} {key:?}: there are {}{hint}", known.join(", "))
}

/// The configuration file to read: the one named, or the default one where there is one.
fn config_path(named: Option<&Path>) -> Option<&Path> {
    let default = Path::new(CONFIG_DEFAULT);
    named.or_else(|| default.exists().then_some(default))
}

/// Loads content, or fails with every mistake, a line each. Warnings are for `check`.
fn content(game: &Game, dir: &Path) -> anyhow::Result<Arc<Content>> {
    if !dir.is_dir() {
        bail!(
            "there is no folder {} with content: name one by assets_dir of [server], or --assets of demo",
            dir.display()
        );
    }
    let CheckReport { content, errors, .. } = check::check(game, dir);
    if let Some(content) = content {
        return Ok(Arc::new(content));
    }
    for error in &errors {
        complain!("{error}");
    }
    bail!("the content in {} has {}", dir.display(), check::error_counts(errors.len(), 0))
}
