//! `hypogeum verify`: is a log what a server wrote?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hypogeum_journal::{Close, LogError, PublicKey, Verified, verify};
use serde::Serialize;

use crate::game::Game;

/// The command line of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The log: a finished match's file, or the folder of one that is still written.
    #[arg(value_name = "FILE")]
    log: PathBuf,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogReport>,
}

#[derive(Serialize)]
struct LogReport {
    match_id: u64,
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
        let report = match verify(&self.log, key) {
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
        if let Some(log) = &report.log {
            sayln!(
                "{} match {}: {} ticks, {} records, {} signatures by {}",
                log.mode.as_deref().unwrap_or(&log.kind),
                log.match_id,
                log.ticks,
                log.records,
                log.signatures,
                log.public_key
            );
            if self.key.is_none() {
                sayln!("signer not checked; pass --key to verify it");
            }
        }
        match &report.problem {
            None => sayln!("OK: complete, every record signed"),
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
    fn good(game: &Game, verified: &Verified) -> Self {
        let missing = (!verified.complete).then(|| {
            format!(
                "the log has no end: it was cut off, or its match is not over; signatures vouch for its first {} records",
                verified.records_signed
            )
        });
        Self {
            ok: verified.complete,
            first_bad_record: missing.as_ref().map(|_| verified.records),
            problem: missing,
            log: Some(LogReport {
                match_id: verified.header.shard_id.0,
                kind: verified.header.kind.clone(),
                mode: verified.header.brief(game.kinds()).ok().map(|brief| brief.title),
                ticks: verified.ticks,
                records: verified.records,
                signatures: verified.heads,
                records_signed: verified.records_signed,
                close: verified.close.map(|close| match close {
                    Close::Settled => "settled",
                    Close::Undone => "undone",
                    Close::Continued => "continued",
                }),
                complete: verified.complete,
                public_key: PublicKey(verified.header.key).to_string(),
            }),
        }
    }

    fn bad(error: &LogError) -> Self {
        let record = if let LogError::Damaged { record, .. } = error { Some(*record) } else { None };
        Self { ok: false, problem: Some(error.to_string()), first_bad_record: record, log: None }
    }
}
