//! `hypogeum verify`: is a log, or are its parts, what a server wrote?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hypogeum_journal::{Close, LogError, PartsVerified, PublicKey, Verified, verify_parts};
use serde::Serialize;

use super::logs::{close, logs, numbers};
use crate::game::Game;

/// The command line of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The log: a finished match's file, or the folder of one that is still written. Of a place's log, any parts in any order, or a folder
    /// with such files.
    #[arg(value_name = "FILE", required = true)]
    logs: Vec<PathBuf>,
    /// The server's public key: 64 hexadecimal digits, or a file with them, such as `journal.pub` in its data directory.
    /// Without it the log is only as good as its own word.
    #[arg(long, value_name = "PUB")]
    key: Option<String>,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long)]
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Serialize, Default)]
struct Report {
    /// Nothing is wrong, and nothing is missing.
    ok: bool,
    /// What is wrong, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// The first record that cannot be vouched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_bad_record: Option<u64>,
    /// The log, or the last of its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogReport>,
    /// The parts before that one, where several were looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts_before: Vec<LogReport>,
    /// Numbers of parts that were not looked at, each from the first to the last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts_missing: Vec<(u32, u32)>,
}

#[derive(Serialize)]
struct LogReport {
    match_id: u64,
    /// The number of the part; None where the log has no parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    kind: String,
    /// None where this build cannot read what the match was made from.
    mode: Option<String>,
    ticks: u32,
    records: u64,
    signatures: u32,
    records_signed: u64,
    close: Option<&'static str>,
    complete: bool,
    public_key: String,
}

impl Verify {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        let key = self.key.as_deref().map(public_key).transpose()?;
        let report = match verify_parts(&logs(&self.logs)?, key) {
            Ok(verified) => Report::good(game, &verified),
            Err(error) => Report::bad(&error),
        };
        if self.json {
            sayln!("{}", serde_json::to_string(&report)?);
        } else {
            self.print(&report);
        }
        Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, report: &Report) {
        for log in report.parts_before.iter().chain(&report.log) {
            sayln!(
                "{} match {}{}: {} ticks, {} records, {} signatures by {}",
                log.mode.as_deref().unwrap_or(&log.kind),
                log.match_id,
                log.part.map(|part| format!(" part {part}")).unwrap_or_default(),
                log.ticks,
                log.records,
                log.signatures,
                log.public_key
            );
        }
        if report.log.is_some() && self.key.is_none() {
            sayln!("signer not checked; pass --key to verify it");
        }
        if let Some(&(1, last)) = report.parts_missing.first() {
            sayln!("{}: nothing is proved of what came before part {}", numbers(&[(1, last)]), last + 1);
        }
        let goes_on = report.log.as_ref().filter(|log| log.close == Some(close(Close::Continued)));
        let goes_on = goes_on.and_then(|log| Some(format!("; the log goes on in part {}", log.part? + 1)));
        match &report.problem {
            None => sayln!("OK: complete, every record signed{}", goes_on.unwrap_or_default()),
            Some(problem) => complain!("error: {problem}"),
        }
    }
}

/// A key, or the file it stands in.
fn public_key(text: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let content = std::fs::read_to_string(Path::new(text))
        .with_context(|| format!("{text:?} is neither a public key of 64 hexadecimal digits nor a file with one"))?;
    content.parse().with_context(|| format!("{text} holds no key"))
}

impl Report {
    fn good(game: &Game, verified: &PartsVerified) -> Self {
        let Some((last, before)) = verified.parts.split_last() else { return Self::default() };
        let parts_missing: Vec<(u32, u32)> = verified.missing.iter().map(|gap| (*gap.start(), *gap.end())).collect();
        // What is kept may begin at any part; from there on it is whole or it is not.
        let begins_with = verified.parts.first().map_or(0, |part| part.header.log_id().part);
        let gaps: Vec<(u32, u32)> = parts_missing.iter().filter(|(first, _)| *first > begins_with).copied().collect();
        let problem = if !gaps.is_empty() {
            Some(format!("{}: that the parts around follow each other is not proved", numbers(&gaps)))
        } else if !last.complete {
            Some(format!(
                "the log has no end: it was cut off, or its match is not over; signatures vouch for its first {} records",
                last.records_signed
            ))
        } else {
            None
        };
        Self {
            ok: problem.is_none(),
            first_bad_record: (!last.complete).then_some(last.records),
            problem,
            log: Some(LogReport::new(game, last)),
            parts_before: before.iter().map(|part| LogReport::new(game, part)).collect(),
            parts_missing,
        }
    }

    fn bad(error: &LogError) -> Self {
        let record = if let LogError::Damaged { record, .. } = error { Some(*record) } else { None };
        Self { ok: false, problem: Some(error.to_string()), first_bad_record: record, ..Self::default() }
    }
}

impl LogReport {
    fn new(game: &Game, verified: &Verified) -> Self {
        let part = verified.header.log_id().part;
        Self {
            match_id: verified.header.shard_id.0,
            part: (part > 0).then_some(part),
            kind: verified.header.kind.clone(),
            mode: verified.header.brief(game.kinds()).ok().map(|brief| brief.title),
            ticks: verified.ticks,
            records: verified.records,
            signatures: verified.heads,
            records_signed: verified.records_signed,
            close: verified.close.map(close),
            complete: verified.complete,
            public_key: PublicKey(verified.header.key).to_string(),
        }
    }
}
