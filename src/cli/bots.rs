//! `hypogeum bots`: bots on any server, from a process of their own.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use hypogeum_loadbots::{BOTS_MAX, Behaviour, RunUntil, Swarm, SwarmConfig, SwarmReport};

use super::progress::Display;
use super::table::{Cell, table};
use crate::shutdown;

/// The behaviour bots have unless another is named.
pub(crate) const BEHAVIOUR_DEFAULT: &str = "contender";
/// Password of every bot's account: bots own nothing worth stealing, and their accounts carry over from run to run.
pub(crate) const BOT_PASSWORD: &str = "bots have nothing to hide";

/// The command line of `bots`.
#[derive(Debug, Args)]
pub(crate) struct Bots {
    /// Where accounts are served.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:27580")]
    server: String,
    /// How many bots.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=BOTS_MAX as i64))]
    count: u32,
    /// How long they play, in seconds.
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// What they queue for.
    #[arg(long, default_value = "blitz")]
    mode: String,
    /// How they decide: one that ships (contender, hunter, pacifist) or a RON file; several take turns.
    #[arg(long = "behaviour", value_name = "NAME|FILE", default_value = BEHAVIOUR_DEFAULT)]
    behaviours: Vec<String>,
    /// What their accounts' names begin with.
    #[arg(long, value_name = "NAME", default_value = "bot")]
    prefix: String,
    /// What chance there is in their decisions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

impl Bots {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let behaviours = self.behaviours.iter().map(|name| behaviour(name)).collect::<anyhow::Result<Vec<_>>>()?;
        let stop = shutdown::on_signal()?;
        let mut swarm = Swarm::new(SwarmConfig {
            server: self.server.clone(),
            count: self.count as usize,
            mode: self.mode.clone(),
            behaviours,
            seed: self.seed,
            name_prefix: self.prefix.clone(),
            password: BOT_PASSWORD.to_owned(),
            queue_again: true,
            muster: false,
            tick_hz: 30,
        })?;
        let display = Display::new();
        let until = RunUntil::Elapsed(Duration::from_secs(self.seconds));
        let report = swarm.run(until, &stop, |progress| display.show(progress, ""));
        display.clear();
        if self.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print!("{}", summary(&report));
        }
        if report.connected == 0 {
            let reasons: Vec<String> = report.errors.iter().map(|(code, count)| format!("{count} × {code}")).collect();
            bail!("no bot could play on {}: {}", self.server, reasons.join(", "));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A behaviour that ships, or one of a file.
pub(crate) fn behaviour(name: &str) -> anyhow::Result<Behaviour> {
    if let Some(shipped) = Behaviour::shipped(name) {
        return Ok(shipped?);
    }
    let path = PathBuf::from(name);
    if !path.exists() {
        let known: Vec<&str> = Behaviour::shipped_names().collect();
        bail!("there is no behaviour {name:?}: neither a file nor one of {}", known.join(", "));
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
    Ok(Behaviour::parse(name, &text)?)
}

fn summary(report: &SwarmReport) -> String {
    let traffic = &report.traffic;
    let mut rows = vec![
        vec![Cell::text("connected"), Cell::number(report.connected)],
        vec![Cell::text("refused"), Cell::number(report.refused)],
        vec![Cell::text("disconnected"), Cell::number(report.disconnected)],
        vec![Cell::text("matches settled"), Cell::number(report.matches_settled)],
        vec![Cell::text("snapshots"), Cell::number(report.snapshots)],
        vec![Cell::text("datagrams in"), Cell::number(traffic.datagrams_in)],
        vec![Cell::text("datagrams out"), Cell::number(traffic.datagrams_out)],
        vec![Cell::text("bytes in"), Cell::number(traffic.bytes_in)],
        vec![Cell::text("bytes out"), Cell::number(traffic.bytes_out)],
        vec![Cell::text("round trip p50, µs"), Cell::number(report.round_trips.p50_us)],
        vec![Cell::text("round trip p99, µs"), Cell::number(report.round_trips.p99_us)],
    ];
    rows.extend(report.errors.iter().map(|(code, count)| vec![Cell::text(code), Cell::number(count)]));
    table(&["what", "count"], &rows)
}
