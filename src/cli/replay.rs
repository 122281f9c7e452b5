//! `hypogeum replay`: a match or a place again from its log, every step compared with what was recorded; or a battle of creatures.

mod battle;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use hypogeum_journal::{Divergence, LogId, LogReader, Replay, Replayed};
use hypogeum_protocol::NetId;
use hypogeum_shard::StateHash;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::Value;

use super::logs::{close, logs};
use crate::game::Game;

/// Entities named for each component that differs, for people; `--json` names all.
const NAMED_MAX: usize = 12;
/// Hexadecimal digits of a hash that people are shown.
const HASH_DIGITS_SHOWN: usize = 8;
/// Steps between two looks at the progress display.
const STEPS_SHOWN: u32 = 256;

/// The command line of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayCommand {
    /// The log: a finished match's file, or the folder of one that is still written. Of a place's log, any parts in any order, or a folder
    /// with such files. The text of a battle of creatures, too.
    #[arg(value_name = "FILE", required = true)]
    logs: Vec<PathBuf>,
    /// Stop after this step.
    #[arg(long, value_name = "TICK", value_parser = clap::value_parser!(u32).range(1..))]
    until: Option<u32>,
    /// Replay on the content of this folder, and say where the match goes another way. Without it the match is replayed
    /// on the content it was played with, which its log holds. Not for a part that is not the first, which begins with a world of that.
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long)]
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    match_id: u64,
    /// The number of the part; None where the log has no parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    /// Of which kind of shard.
    kind: &'a str,
    mode: &'a str,
    /// 32 hexadecimal digits.
    seed: String,
    tick_hz: u32,
    participants: usize,
    /// What the match was played with, as it stands in its log: BLAKE3.
    content: String,
    /// What it was replayed on.
    replayed_on: String,
    ticks: u32,
    hashes_compared: u32,
    state_hash: String,
    /// `settled`, `undone`, `continued`, or nothing where the log was not read to its end or has none.
    close: Option<&'static str>,
    /// Whether what was granted is what the match was worth.
    settlement_agrees: Option<bool>,
    /// Whether it begins as the part before it has ended; None where that was not replayed to its end just before.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<bool>,
    seconds: f64,
    times_real_time: f64,
    divergence: Option<DivergenceReport<'a>>,
}

#[derive(Serialize)]
struct DivergenceReport<'a> {
    tick: u32,
    recorded: String,
    found: String,
    snapshot_tick: Option<u32>,
    differences: Vec<DifferenceReport<'a>>,
}

#[derive(Serialize)]
struct DifferenceReport<'a> {
    component: &'a str,
    /// None where the component is the match's own and no entity's.
    entities: Vec<u32>,
}

impl ReplayCommand {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        let (mut reports, mut agree, mut ended) = (Vec::new(), true, None);
        let mut others = Vec::new();
        for log in logs(&self.logs)? {
            match battle::read(&log)? {
                Some(text) => reports.push(battle::replay(&log, &text, self.json)?),
                None => others.push(log),
            }
        }
        let logs = if others.is_empty() { others } else { in_order(others)? };
        for log in &logs {
            let (report, agrees) = self.replay(game, log, &mut ended)?;
            agree &= agrees;
            reports.push(report);
        }
        if self.json {
            let report = match reports.as_slice() {
                [report] => report.clone(),
                parts => serde_json::json!({ "parts": parts }),
            };
            sayln!("{report}");
        }
        Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Replays one log. `ended` is how the one before has ended, and becomes how this one does. Returns what it has shown, and whether all
    /// of it is as it was recorded.
    fn replay(&self, game: &Game, log: &Path, ended: &mut Option<Ended>) -> anyhow::Result<(Value, bool)> {
        let mut replay = match &self.content {
            None => Replay::open(game.kinds(), log)?,
            Some(folder) => Replay::open_on(game.kinds(), log, &*super::content(game, folder)?)?,
        };
        let bar = progress_bar();
        let began = Instant::now();
        let follows = ended.take().and_then(|before| before.is_followed_by(&replay));
        let replayed = replay.run(self.until, |tick| {
            if tick.is_multiple_of(STEPS_SHOWN)
                && let Some(bar) = &bar
            {
                bar.set_message(format!("step {tick}"));
                bar.tick();
            }
        });
        let took = began.elapsed();
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        let replayed = replayed?.clone();
        *ended = replayed.close.map(|_| Ended {
            log: replay.header().log_id(),
            tick: replayed.tick,
            hash: replayed.state_hash,
        });
        let report = Report { follows, ..Report::new(&replay, &replayed, took) };
        if !self.json {
            say!("{}", for_people(&report, &replayed));
        }
        let agrees =
            replayed.divergence.is_none() && replayed.settlement_agrees != Some(false) && follows != Some(false);
        Ok((serde_json::to_value(&report)?, agrees))
    }
}

/// How a log ends that was replayed to its end.
struct Ended {
    log: LogId,
    tick: u32,
    hash: StateHash,
}

impl Ended {
    /// Whether the next part begins so; `None` where that is another part or log.
    fn is_followed_by(&self, next: &Replay) -> Option<bool> {
        let is_next = next.header().log_id().before() == Some(self.log);
        let begins = (next.replayed().tick, next.replayed().state_hash);
        is_next.then(|| begins == (self.tick, self.hash))
    }
}

/// Logs in the order of their parts.
fn in_order(logs: Vec<PathBuf>) -> anyhow::Result<Vec<PathBuf>> {
    if logs.len() == 1 {
        return Ok(logs);
    }
    let mut numbered = Vec::new();
    for path in logs {
        let (_, header) = LogReader::open(&path)?;
        numbered.push((header.log_id(), path));
    }
    numbered.sort();
    Ok(numbered.into_iter().map(|(_, path)| path).collect())
}

fn progress_bar() -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let style = ProgressStyle::with_template("{spinner} replaying: {msg}");
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
    })
}

impl<'a> Report<'a> {
    fn new(replay: &'a Replay, replayed: &'a Replayed, took: Duration) -> Self {
        let header = replay.header();
        let played_s = f64::from(replayed.ticks) / f64::from(header.tick_hz.max(1));
        Self {
            match_id: header.shard_id.0,
            part: Some(header.log_id().part).filter(|part| *part > 0),
            kind: &header.kind,
            mode: &replay.brief().title,
            seed: header.seed.to_string(),
            tick_hz: header.tick_hz,
            participants: replay.brief().seats.len(),
            content: hex(header.content_hash()),
            replayed_on: hex(replay.content_hash()),
            ticks: replayed.ticks,
            hashes_compared: replayed.hashes_compared,
            state_hash: replayed.state_hash.to_string(),
            close: replayed.close.map(close),
            settlement_agrees: replayed.settlement_agrees,
            follows: None,
            seconds: took.as_secs_f64(),
            times_real_time: played_s / took.as_secs_f64().max(1e-9),
            divergence: replayed.divergence.as_ref().map(DivergenceReport::new),
        }
    }
}

impl<'a> DivergenceReport<'a> {
    fn new(divergence: &'a Divergence) -> Self {
        let differences = divergence.differences.iter().map(|difference| DifferenceReport {
            component: difference.column,
            entities: difference.entities.iter().filter(|id| id.is_some()).map(|id| id.0).collect(),
        });
        Self {
            tick: divergence.tick,
            recorded: divergence.recorded.to_string(),
            found: divergence.found.to_string(),
            snapshot_tick: divergence.snapshot_tick,
            differences: differences.collect(),
        }
    }
}

fn for_people(report: &Report<'_>, replayed: &Replayed) -> String {
    let mut text = format!(
        "{} match {}{}: seed {}, {} participants, {} ticks at {} Hz in {:.2} s, {:.0} times real time\n",
        report.mode,
        report.match_id,
        report.part.map(|part| format!(" part {part}")).unwrap_or_default(),
        report.seed,
        report.participants,
        report.ticks,
        report.tick_hz,
        report.seconds,
        report.times_real_time,
    );
    if report.content != report.replayed_on {
        let (played, here) = (&report.content[..HASH_DIGITS_SHOWN], &report.replayed_on[..HASH_DIGITS_SHOWN]);
        text += &format!("played with content {played}, replayed on {here}\n");
    }
    let Some(divergence) = &replayed.divergence else {
        let end = report.close.map_or_else(
            || "stopped at --until, or where the log ends".to_owned(),
            |end| {
                if end == "continued" {
                    "it goes on in its next part".to_owned()
                } else {
                    format!("the match was {end}")
                }
            },
        );
        text += &format!("{0} of {0} states match; state {1}; {end}\n", report.hashes_compared, report.state_hash);
        if report.follows == Some(false) {
            text += "but it begins with another state than the part before it ends with\n";
        }
        if replayed.settlement_agrees == Some(false) {
            text += "but what was granted is not what the log is worth when it is played again\n";
        }
        return text;
    };
    text += &format!(
        "tick {}: state {} where {} was recorded; {} states before it match\n",
        divergence.tick,
        divergence.found,
        divergence.recorded,
        report.hashes_compared.saturating_sub(1),
    );
    match divergence.snapshot_tick {
        None => text += "the log has no snapshot from there on to compare with\n",
        Some(tick) => {
            text += &format!("at the snapshot of tick {tick} these differ:\n");
            for difference in &divergence.differences {
                text += &format!("  {}{}\n", difference.column, named(&difference.entities));
            }
        }
    }
    text
}

fn hex(hash: [u8; 32]) -> String {
    blake3::Hash::from_bytes(hash).to_hex().to_string()
}

fn named(entities: &[NetId]) -> String {
    if entities.iter().all(|id| !id.is_some()) {
        return String::new();
    }
    let names: Vec<String> = entities.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    let more = entities.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(" of {}{more}", names.join(", "))
}
