//! `hypogeum simulate`: what comes of a mode when it is played a hundred times.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::bail;
use clap::Args;
use hypogeum_content::Content;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::{EXIT_CODE_STOPPED, Stopped, unknown};
use crate::config::LogConfig;
use crate::game::Game;
use crate::log;
use crate::shutdown;
use crate::simulate::{Batch, Comparison, Plan, Report, markdown, play_all};

/// What `--help` says below the options.
const EXPLAINED: &str = "\
Autopilots sit in all seats, armed as newcomers are. The same seeds on the same content give the same report on every machine and with any \
number of threads. ctrl-c ends it: what is played by then is reported.

At its end stand findings: more than 80 % or less than 20 % get out, less than half a kill for each player, a loot table that never gave \
anything, an NPC that never came or never hurt anybody, an exit that nobody used. With few matches chance finds some, too.

--compare plays the same seeds on another folder. A difference is marked where its mean over all pairs of matches is beyond twice its \
standard error: chance alone gets there once in twenty numbers. More matches make the error smaller.";

/// The command line of `simulate`.
#[derive(Debug, Args)]
#[command(after_long_help = EXPLAINED)]
pub(crate) struct Simulate {
    /// The modes, each by its key.
    #[arg(value_name = "MODE", required = true)]
    modes: Vec<String>,
    /// How many matches of each.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    matches: u32,
    /// The seed of the first match; each further one has the next number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many take part; without it as many as the mode has room for, at most 24.
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    players: Option<u32>,
    /// How they decide: a key of behaviours. Without it as the mode says.
    #[arg(long, value_name = "BEHAVIOUR")]
    bots: Option<String>,
    /// Play the same seeds on the content of this folder, too, and show what changes.
    #[arg(long, value_name = "DIR")]
    compare: Option<PathBuf>,
    /// The content to play with.
    #[arg(long, value_name = "DIR", default_value = "assets")]
    assets: PathBuf,
    /// Threads; without it as many as this machine has processors.
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Exit with 1 where something is found.
    #[arg(long)]
    strict: bool,
    /// Print a Markdown table with a row for each mode instead.
    #[arg(long, conflicts_with_all = ["json", "compare"])]
    markdown: bool,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long)]
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'a> {
    /// Whether a signal has ended it.
    interrupted: bool,
    modes: &'a [Report],
    /// Of each mode, in their order; nothing without `--compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparisons: Option<&'a [Comparison]>,
}

impl Simulate {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        log::start(&LogConfig { filter: "warn".to_owned(), json: false })?;
        let here = super::content(game, &self.assets)?;
        let there = self.compare.as_deref().map(|dir| super::content(game, dir)).transpose()?;
        // Everything that is mistyped is said before anything is played.
        let plans: Vec<Plan> = self.modes.iter().map(|mode| self.plan(game, mode, &here)).collect::<Result<_, _>>()?;
        let others = there.iter().flat_map(|there| self.modes.iter().map(move |mode| self.plan(game, mode, there)));
        let others: Vec<Plan> = others.collect::<Result<_, _>>()?;
        let stop = shutdown::on_signal()?;
        let (mut reports, mut comparisons) = (Vec::new(), Vec::new());
        for (index, plan) in plans.iter().enumerate() {
            let batch = self.play(plan, &self.modes[index], &stop)?;
            if batch.is_empty() {
                break;
            }
            reports.push(Report::new(plan, self.seed, &batch));
            if let (Some(other), Some(dir)) = (others.get(index), &self.compare) {
                let other = self.play(other, &self.modes[index], &stop)?;
                comparisons.push(Comparison::new(dir.display().to_string(), &batch, &other));
            }
        }
        let interrupted = stop.load(Ordering::Relaxed);
        if reports.is_empty() {
            return Err(Stopped("no match was played to its end").into());
        }
        self.print(interrupted, &reports, &comparisons)?;
        let has_found = reports.iter().any(|report| !report.findings.is_empty());
        Ok(match (interrupted, self.strict && has_found) {
            (true, _) => ExitCode::from(EXIT_CODE_STOPPED),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        })
    }

    fn plan(&self, game: &Game, key: &str, content: &Arc<Content>) -> anyhow::Result<Plan> {
        let modes = game.kinds().modes(content)?;
        match modes.iter().find(|(_, mode)| mode.key == key) {
            Some((kind, mode)) => {
                Plan::new((*kind, mode.clone()), Arc::clone(content), self.players, self.bots.as_deref())
            }
            None if content.zones.id(key).is_some() => {
                bail!("{key:?} is a zone: only modes are simulated; `hypogeum map {key}` draws it")
            }
            None => bail!(unknown("mode", key, modes.iter().map(|(_, mode)| mode.key.as_str()))),
        }
    }

    fn play(&self, plan: &Plan, mode: &str, stop: &AtomicBool) -> anyhow::Result<Batch> {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.jobs.map_or_else(processors, usize::from).min(self.matches as usize);
        let bar = bar(self.matches, mode);
        let tell = |done: u32| {
            if let Some(bar) = &bar {
                bar.set_position(done.into());
            }
        };
        let batch = play_all(plan, (self.seed, self.matches, jobs), stop, &tell);
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        batch
    }

    fn print(&self, interrupted: bool, reports: &[Report], comparisons: &[Comparison]) -> anyhow::Result<()> {
        if self.json {
            let comparisons = Some(comparisons).filter(|comparisons| !comparisons.is_empty());
            let output = Output { interrupted, modes: reports, comparisons };
            sayln!("{}", serde_json::to_string(&output)?);
        } else if self.markdown {
            say!("{}", markdown(reports));
        } else {
            for (index, report) in reports.iter().enumerate() {
                let gap = if index > 0 { "\n" } else { "" };
                let changes = comparisons.get(index).map(Comparison::for_people).unwrap_or_default();
                say!("{gap}{}{changes}", report.for_people());
            }
            if interrupted {
                complain!("stopped: the report is of the matches that were over");
            }
        }
        Ok(())
    }
}

/// How many matches are over, where somebody looks.
fn bar(matches: u32, mode: &str) -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(matches.into()), ProgressDrawTarget::stderr()).with_style(style);
        bar.set_message(mode.to_owned());
        bar
    })
}
