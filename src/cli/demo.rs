//! `hypogeum demo`: one whole match on this machine, as players would have it.

mod lockstep;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use hypogeum_content::Content;
use hypogeum_content::def::FillRule;
use hypogeum_journal::JournalFolder;
use hypogeum_loadbots::{RunUntil, Swarm, SwarmConfig, SwarmReport, Transport};
use hypogeum_matches::MatchReport;
use hypogeum_netcode::CountersSnapshot;
use hypogeum_protocol::SettledReport;
use serde::Serialize;

use super::Stopped;
use super::bots::{BEHAVIOUR_DEFAULT, BOT_PASSWORD, behaviour};
use super::progress::Display;
use super::table::{Cell, table};
use crate::config::{Config, LogConfig};
use crate::game::Game;
use crate::log;
use crate::recovery::OnStuck;
use crate::runner::TickMs;
use crate::server::Server;
use crate::shutdown;

/// What `--lockstep` plays without `--seed`: the same match, too.
const LOCKSTEP_SEED: u64 = 1;
/// What becomes of a match that is stopped: unless somebody was told that they got out, it is as if it never was.
const NOTHING_CHANGED: &str = "the match was not finished, nothing was changed";
const GOES_ON: &str =
    "the match was not finished; it goes on with the next run, because somebody was told that they got out";
/// What a match takes beyond its own time: logging in, the queue, the loadout, the settlement.
const OVERHEAD: Duration = Duration::from_secs(90);

/// The command line of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many bots log in and play.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=200))]
    players: u32,
    /// What they play.
    #[arg(long, default_value = "blitz")]
    mode: String,
    /// A number for the match's seed: it repeats map, inhabitants and dice. What bots do also depends on timing, so the
    /// match itself differs: replay its log for the same match. Without it each run draws a seed of its own.
    #[arg(long)]
    seed: Option<u64>,
    /// Play in one process without sockets, as fast as it goes: the same seed and content give the same match each time.
    /// Each run begins in a new folder of the data directory. Without --seed it is seed 1.
    #[arg(long)]
    lockstep: bool,
    /// Where accounts, stashes and wallets are kept from run to run.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// The content to play with.
    #[arg(long, value_name = "DIR", default_value = "assets")]
    assets: PathBuf,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long)]
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    r#match: Match<'a>,
    players: Vec<Player<'a>>,
    /// Nothing where there are no sockets.
    network: Option<Network>,
    tick_ms: TickMs,
}

#[derive(Serialize)]
struct Match<'a> {
    id: u64,
    mode: &'a str,
    /// As it was given; nothing where the match drew its own.
    seed: Option<u64>,
    ticks: u32,
    tick_hz: u32,
    humans: usize,
    npcs: u32,
    content_hash: String,
    /// Map and NPC placement: the same for the same seed and content, independent of players.
    layout_hash: String,
    /// The state after the last tick.
    state_hash: String,
    /// The file of its log, for `replay` and `verify`.
    log: &'a Path,
}

#[derive(Serialize)]
struct Player<'a> {
    name: &'a str,
    #[serde(flatten)]
    report: &'a SettledReport,
}

#[derive(Serialize)]
struct Network {
    datagrams_in: u64,
    datagrams_out: u64,
    bytes_in: u64,
    bytes_out: u64,
}

impl Demo {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        log::start(&LogConfig { filter: "warn".to_owned(), json: false })?;
        let content = super::content(game, &self.assets)?;
        let modes = game.modes(&content)?;
        let Some(mode) = modes.iter().find(|mode| mode.key == self.mode) else {
            let known: Vec<&str> = modes.iter().map(|mode| mode.key.as_str()).collect();
            bail!("there is no mode {:?}, only {}", self.mode, known.join(", "));
        };
        let wanted = mode.players_min;
        if mode.fill == FillRule::Nobody && self.players < wanted {
            let (mode, players) = (&self.mode, self.players);
            bail!(
                "mode {mode:?} needs {wanted} players, --players is {players}, and empty seats stay empty (fill: Nobody)"
            );
        }
        let match_time = Duration::from_secs(mode.duration_s.into());
        let patience = OVERHEAD + match_time + Duration::from_millis(u64::from(mode.queue_wait_ms + mode.loadout_ms));
        let stop = shutdown::on_signal()?;
        if self.lockstep {
            return self.run_in_lockstep(game, content, patience, &stop);
        }
        let server = Server::start(game, &self.config(), content, OnStuck::Refuse, None)?;
        let swarm = Swarm::new(SwarmConfig {
            server: format!("http://{}", server.http()),
            certificates_pem: None,
            count: self.players as usize,
            modes: vec![self.mode.clone()],
            behaviours: vec![behaviour(BEHAVIOUR_DEFAULT)?],
            seed: self.seed.unwrap_or(1),
            name_prefix: "bot".to_owned(),
            password: BOT_PASSWORD.to_owned(),
            queue_again: false,
            muster: true,
            input_hz: 30,
            threads: 1,
            transport: Transport::Udp,
            link: None,
            beacons: false,
            world: false,
        })?;
        let display = Display::new();
        let swarm_report = swarm.run(RunUntil::AllSettledOnce(patience), &stop, |progress| {
            let (network, tick) = (server.network(), server.tick_times.percentiles());
            let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
            let more = [
                format!("tick {:.1}/{:.1} ms", tick.p50, tick.p99),
                format!("in/out {:.1}/{:.1} MiB", mib(network.bytes_in), mib(network.bytes_out)),
            ];
            display.show(progress, &more);
        })?;
        display.clear();
        let (network, tick_ms) = (server.network(), server.tick_times.percentiles());
        let finished = server.host_status.read().finished.last().cloned();
        let log = finished.as_ref().map(|finished| server.logs().finished(finished.id.into())).unwrap_or_default();
        let logs = server.logs().clone();
        server.stop(|| false);
        let Some(finished) = finished else {
            return Err(self.why_unsettled(&swarm_report, &logs, stop.load(Ordering::Relaxed)));
        };
        let report = Report::new(&finished, Some(&network), tick_ms, (&log, self.seed));
        self.print(&report)
    }

    /// Why there is nothing to report.
    fn why_unsettled(&self, swarm: &SwarmReport, logs: &JournalFolder, stopped: bool) -> anyhow::Error {
        if stopped {
            let goes_on = logs.unfinished().is_ok_and(|unfinished| !unfinished.is_empty());
            return Stopped(if goes_on { GOES_ON } else { NOTHING_CHANGED }).into();
        }
        let reasons: Vec<String> = swarm.errors.iter().map(|(code, count)| format!("{count} × {code}")).collect();
        anyhow!(
            "no match was settled: {} of {} bots connected, {} lost their connection; refusals: {}",
            swarm.connected,
            self.players,
            swarm.disconnected,
            if reasons.is_empty() { "none".to_owned() } else { reasons.join(", ") }
        )
    }

    fn run_in_lockstep(
        &self,
        game: &Game,
        content: Arc<Content>,
        patience: Duration,
        stop: &AtomicBool,
    ) -> anyhow::Result<ExitCode> {
        let seed = self.seed.unwrap_or(LOCKSTEP_SEED);
        let behaviour = behaviour(BEHAVIOUR_DEFAULT)?;
        let plan = lockstep::Plan { mode: &self.mode, players: self.players, seed, behaviour, patience };
        let (finished, times, log) =
            lockstep::play(game, &self.config(), content, plan, || stop.load(Ordering::Relaxed))?;
        self.print(&Report::new(&finished, None, times.percentiles(), (&log, Some(seed))))
    }

    fn print(&self, report: &Report<'_>) -> anyhow::Result<ExitCode> {
        if self.json {
            sayln!("{}", serde_json::to_string(report).context("the report cannot be written")?);
        } else {
            say!("{}", report.for_people());
        }
        Ok(ExitCode::SUCCESS)
    }

    /// A server for this machine alone, on ports nobody else has.
    fn config(&self) -> Config {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut config = Config::default();
        config.server.data_dir.clone_from(&self.data);
        config.server.match_seed = self.seed;
        // One match, and nothing beside it that would go on.
        config.world.open = false;
        config.udp.listen = any_port;
        config.http.listen = any_port;
        config
    }
}

impl<'a> Report<'a> {
    fn new(
        finished: &'a MatchReport,
        network: Option<&CountersSnapshot>,
        tick_ms: TickMs,
        (log, seed): (&'a Path, Option<u64>),
    ) -> Self {
        let mut players: Vec<Player<'a>> =
            finished.players.iter().map(|player| Player { name: &player.name, report: &player.report }).collect();
        players.sort_by_key(|player| {
            (player.report.outcome as u8, std::cmp::Reverse(player.report.xp_gained), player.name)
        });
        Self {
            r#match: Match {
                id: finished.id.0,
                mode: &finished.mode,
                seed,
                ticks: finished.ticks,
                tick_hz: finished.tick_hz,
                humans: finished.humans as usize,
                npcs: finished.npcs,
                content_hash: blake3::Hash::from_bytes(finished.content_hash).to_hex().to_string(),
                layout_hash: format!("{:016x}", finished.layout_hash),
                state_hash: finished.state_hash.to_string(),
                log,
            },
            players,
            network: network.map(|network| Network {
                datagrams_in: network.datagrams_in,
                datagrams_out: network.datagrams_out,
                bytes_in: network.bytes_in,
                bytes_out: network.bytes_out,
            }),
            tick_ms,
        }
    }

    fn for_people(&self) -> String {
        let heads = ["player", "outcome", "kills", "damage", "xp", "level", "items", "currency", "rating"];
        let rows: Vec<Vec<Cell>> = self
            .players
            .iter()
            .map(|Player { name, report }| {
                vec![
                    Cell::text(name),
                    Cell::text(outcome(report)),
                    Cell::number(report.kills),
                    Cell::number(report.damage_dealt),
                    Cell::number(format!("+{}", report.xp_gained)),
                    Cell::number(report.level),
                    Cell::number(report.items_secured),
                    Cell::number(format!("+{}", report.currency_gained)),
                    Cell::number(report.rating),
                ]
            })
            .collect();
        let played = &self.r#match;
        format!(
            "{}\n{} match {}: {}{} ticks at {} Hz, {} players, {} NPCs, state {}\n\
             {}tick: p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms\n\
             log: {}\n",
            table(&heads, &rows),
            played.mode,
            played.id,
            played.seed.map_or_else(String::new, |seed| format!("seed {seed}, ")),
            played.ticks,
            played.tick_hz,
            self.players.len(),
            played.npcs,
            played.state_hash,
            self.network.as_ref().map_or_else(String::new, |network| format!(
                "network: {} in, {} out · ",
                bytes(network.bytes_in),
                bytes(network.bytes_out)
            )),
            self.tick_ms.p50,
            self.tick_ms.p99,
            self.tick_ms.max,
            played.log.display(),
        )
    }
}

const fn outcome(report: &SettledReport) -> &'static str {
    match report.outcome {
        hypogeum_protocol::Outcome::Extracted => "extracted",
        hypogeum_protocol::Outcome::Died => "died",
        hypogeum_protocol::Outcome::TimedOut => "timed out",
    }
}

fn bytes(count: u64) -> String {
    indicatif::HumanBytes(count).to_string()
}
