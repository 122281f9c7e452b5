//! `hypogeum serve`: a server until a signal ends it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use hypogeum_content::Content;
use hypogeum_shard::ModeRule;
use serde::Serialize;

use super::bots::{BEHAVIOUR_DEFAULT, behaviour};
use super::table::{Cell, table};
use crate::config::Config;
use crate::game::Game;
use crate::load_bots::LoadBotsPlan;
use crate::log;
use crate::recovery::{OnStuck, Recovery};
use crate::runner::TickMs;
use crate::server::Server;
use crate::shutdown::{Asked, ServerSignals};
use crate::telemetry::{Stage, Status};

/// How often a signal is looked for.
const POLL: Duration = Duration::from_millis(50);

/// The command line of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Configuration; without it `config/server.toml` if that is there, else the defaults.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Undo matches of an earlier run that this build cannot go on with, instead of refusing to start: everyone gets back
    /// what they brought, and nothing else.
    #[arg(long)]
    give_up_matches: bool,
    /// So many bots play here besides, in this process and without sockets, as local-bot-001 and so on: somebody to play with on a
    /// laptop, or load.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    bots: u32,
    /// What these bots queue for, again and again; without it the first of the modes.
    #[arg(long, value_name = "MODE", requires = "bots")]
    bots_mode: Option<String>,
    /// At the end, print one JSON object about how it went.
    #[arg(long)]
    pub(super) json: bool,
}

/// How a server's ticks went, from its start to its end.
#[derive(Debug, Serialize)]
struct Report {
    /// What an earlier run had left unfinished, and what became of it.
    recovery: Recovery,
    ticks: u64,
    /// Share of the ticks that began less than a period late, in percent.
    on_time_percent: f64,
    tick_ms: TickMs,
    stages: Vec<Stage>,
    /// How often something was given up because ticks were too busy: send rate first, then what is far.
    load_steps: u32,
    snapshots: u64,
    /// Inputs and acts passed on to matches.
    commands: u64,
    /// What happened in all matches.
    events: u64,
    connections_opened: u64,
    connections_closed: u64,
    datagrams_in: u64,
    datagrams_out: u64,
    bytes_in: u64,
    bytes_out: u64,
    /// Datagrams and messages that went nowhere, for whatever reason.
    dropped: u64,
    /// Every number there is, as `GET /v1/status` shows them.
    status: Status,
}

impl Report {
    fn of(server: &Server) -> Self {
        let ((ticks, late), network, host_status) =
            (server.tick_times.on_time(), server.network(), server.host_status.read());
        Self {
            recovery: server.recovery.clone(),
            ticks,
            on_time_percent: 100.0 - 100.0 * late as f64 / ticks.max(1) as f64,
            tick_ms: server.tick_times.percentiles(),
            stages: server.telemetry.stages(),
            load_steps: server.telemetry.load.steps_up(),
            snapshots: host_status.counters.snapshots,
            commands: host_status.counters.commands,
            events: host_status.counters.events,
            connections_opened: network.connections_opened,
            connections_closed: network.connections_closed,
            datagrams_in: network.datagrams_in,
            datagrams_out: network.datagrams_out,
            bytes_in: network.bytes_in,
            bytes_out: network.bytes_out,
            dropped: network.dropped_in_all(),
            status: server.telemetry.read(),
        }
    }
}

impl Serve {
    /// The bots of this process, if there are to be any.
    fn load_bots(&self, modes: &[ModeRule]) -> anyhow::Result<Option<LoadBotsPlan>> {
        if self.bots == 0 {
            return Ok(None);
        }
        let known = modes.iter().map(|mode| mode.key.as_str()).collect::<Vec<_>>();
        let mode = match &self.bots_mode {
            Some(mode) if known.contains(&mode.as_str()) => mode.clone(),
            Some(mode) => bail!("there is no mode {mode:?} for bots, only {}", known.join(", ")),
            None => (*known.first().context("there is no mode for bots")?).to_owned(),
        };
        let behaviour = behaviour(BEHAVIOUR_DEFAULT)?;
        Ok(Some(LoadBotsPlan { count: self.bots, mode, behaviour, seed: 1 }))
    }

    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        crate::allocator::prepare();
        let path = super::config_path(self.config.as_deref());
        let config = Config::load(path)?;
        log::start(&config.log)?;
        let mut signals = ServerSignals::take(path.is_some())?;
        let content = super::content(game, &config.server.assets_dir)?;
        let modes = game.modes(&content)?;
        let (about, bots) = (About::of(&modes, &config, &content), self.load_bots(&modes)?);
        let on_stuck = if self.give_up_matches { OnStuck::Leave } else { OnStuck::Refuse };
        let server = Server::start(game, &config, content, on_stuck, bots)?;
        if !server.recovery.is_nothing() {
            log::line("INFO", &format_args!("recovered: {}", server.recovery), &[]);
        }
        about.log(&server);
        loop {
            match signals.look() {
                Some(Asked::End) => break,
                Some(Asked::Reload) => reload(path),
                None if server.is_alive() => thread::sleep(POLL),
                None => {
                    server.stop(|| signals.is_hastened());
                    bail!("a part of the server ended by itself; the log says why");
                }
            }
        }
        let report = Report::of(&server);
        let Report { ticks, on_time_percent, tick_ms, load_steps, .. } = &report;
        tracing::info!(
            ticks,
            on_time_percent,
            p99_ms = tick_ms.p99,
            load_steps,
            "stopping: no longer accepting players"
        );
        if !server.stop(|| signals.is_hastened()) {
            tracing::warn!("not everything was settled in time; the rest is undone at the next start");
        }
        if self.json {
            sayln!("{}", serde_json::to_string(&report)?);
        } else {
            say!("{}", stages(&report));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How long each stage of a tick took.
fn stages(report: &Report) -> String {
    let ms = |us: u64| Cell::number(format!("{:.2}", us as f64 / 1_000.0));
    let rows: Vec<Vec<Cell>> =
        report.stages.iter().map(|stage| vec![Cell::text(stage.stage), ms(stage.p50_us), ms(stage.p99_us)]).collect();
    table(&["stage, ms", "p50", "p99"], &rows)
}

/// Reads the file again and takes over what can change while the server runs: the filter of the log.
fn reload(path: Option<&Path>) {
    match Config::load(path) {
        Ok(config) if log::set_filter(&config.log.filter) => {
            tracing::info!(filter = config.log.filter, "reloaded: the log has this filter");
        }
        Ok(_) => tracing::warn!("nothing is reloaded: the filter of the log cannot be exchanged"),
        Err(mistake) => tracing::warn!(%mistake, "nothing is reloaded"),
    }
}

/// What the start line says beside addresses.
struct About {
    data_dir: String,
    database: &'static str,
    content: String,
    modes: String,
    /// What HTTP is asked by.
    scheme: &'static str,
    has_page: bool,
}

impl About {
    fn of(modes: &[ModeRule], config: &Config, content: &Content) -> Self {
        Self {
            data_dir: config.server.data_dir.display().to_string(),
            database: if config.database.url.is_some() { "PostgreSQL" } else { "SQLite" },
            content: content.hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect(),
            modes: modes.iter().map(|mode| mode.key.as_str()).collect::<Vec<_>>().join(" "),
            scheme: if config.tls.is_on() { "https" } else { "http" },
            has_page: config.http.play,
        }
    }

    fn log(&self, server: &Server) {
        let (udp, scheme, http) = (server.udp(), self.scheme, server.http());
        let page = self.has_page.then(|| format!("{scheme}://{http}/play/"));
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            data_dir = self.data_dir,
            database = self.database,
            content = self.content,
            modes = self.modes,
            udp = %server.udp(),
            http = %server.http(),
            page,
            files_max = server.telemetry.descriptors.limit,
            public_key = %server.public_key(),
            "serving"
        );
        let ready = format!("ready: game on udp://{udp}, accounts on {scheme}://{http}");
        log::line("INFO", &ready, &[("udp", &server.udp()), ("http", &server.http())]);
    }
}
