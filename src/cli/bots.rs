//! `hypogeum bots`: bots on any server, from a process of their own.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use hypogeum_content::check_form;
use hypogeum_loadbots::{
    BOTS_MAX, Behaviour, CROWD_INPUT_HZ, LinkConditions, Resumed, RunUntil, SMALL_SWARM, Spread, Swarm, SwarmConfig,
    SwarmReport, Transport,
};
use serde::Serialize;

use super::progress::Display;
use super::table::{Cell, table};
use crate::shutdown;

/// The behaviour bots have unless another is named.
pub(crate) const BEHAVIOUR_DEFAULT: &str = "contender";
/// Password of every bot's account: bots own nothing worth stealing, and their accounts carry over from run to run.
pub(crate) const BOT_PASSWORD: &str = "bots have nothing to hide";

/// Decisions a second of each of a few bots, as many as a server has ticks.
const INPUT_HZ: u32 = 30;

/// The command line of `bots`.
#[derive(Debug, Args)]
pub(crate) struct Bots {
    /// Where accounts are served.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:27580")]
    server: String,
    /// Certificates in PEM that vouch for the server by https and wss, and no others: for one whose own nobody else knows.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// How many bots.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=BOTS_MAX as i64))]
    count: u32,
    /// How long they play, in seconds, counted from when all that got in have come into a match. Only that is measured.
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// How long all may take to get in and into a match; then those who play are measured.
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    warm_up: u64,
    /// Nobody waits for the others before it queues, and `--seconds` counts from the start.
    #[arg(long)]
    no_muster: bool,
    #[arg(long, help = format!(
        "What they queue for; without it blitz, or throng for more than {SMALL_SWARM} bots where the server offers that"
    ))]
    mode: Option<String>,
    #[arg(
        long,
        value_name = "HZ",
        value_parser = clap::value_parser!(u32).range(1..=240),
        help = format!(
            "Decisions a second of each bot, and datagrams with the inputs of the ticks between; without it {INPUT_HZ}, \
             or {CROWD_INPUT_HZ} for more than {SMALL_SWARM} bots"
        )
    )]
    input_hz: Option<u32>,
    /// Threads that move the bots; one moves ten thousand. Without it one, or half the cores from four on.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: Option<u32>,
    /// What they connect over: UDP, WebSockets at /v1/socket of the server's HTTP port, or every other bot one of the two.
    #[arg(
        long,
        default_value = Transport::Udp.name(),
        value_parser = PossibleValuesParser::new(Transport::ALL.map(Transport::name))
            .try_map(|name| name.parse::<Transport>())
    )]
    transport: Transport,
    /// A bad link both ways between each bot and the server: delay, jitter and loss such as 100ms,15ms,2%, then perhaps
    /// burst=5%x8, dup=1%, reorder=4% or corrupt=1%; or one of perfect, lan, good, average, poor and gns_worst. What a
    /// WebSocket loses comes later instead, and what follows waits for it.
    #[arg(long, value_name = "CONDITIONS")]
    link: Option<LinkConditions>,
    /// Do not measure input-to-sight latency: no bot turns its head for others to see, so that all fight.
    #[arg(long)]
    no_beacons: bool,
    /// How they decide: one that ships (contender, hunter, pacifist) or a RON file; several take turns.
    #[arg(long = "behaviour", value_name = "NAME|FILE", default_value = BEHAVIOUR_DEFAULT)]
    behaviours: Vec<String>,
    /// They enter the persistent world, each as a character of its own, and type what they do there: `inputs` are lines then.
    #[arg(long, conflicts_with_all = ["mode", "behaviours", "input_hz"])]
    world: bool,
    /// What their accounts' names begin with.
    #[arg(long, value_name = "NAME", default_value = "bot")]
    prefix: String,
    /// Seed for bot decisions and link.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    pub(super) json: bool,
}

impl Bots {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let behaviours = self.behaviours.iter().map(|name| behaviour(name)).collect::<anyhow::Result<Vec<_>>>()?;
        let stop = shutdown::on_signal()?;
        let count = self.count as usize;
        let is_crowd = count > SMALL_SWARM;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let certificates_pem = self
            .ca
            .as_deref()
            .map(|ca| fs::read(ca).with_context(|| format!("{}: the certificates cannot be read", ca.display())));
        let certificates_pem = certificates_pem.transpose()?;
        let swarm = Swarm::new(SwarmConfig {
            server: self.server.clone(),
            certificates_pem,
            count,
            modes: match &self.mode {
                Some(mode) => vec![mode.clone()],
                None if is_crowd => vec!["throng".to_owned(), "blitz".to_owned()],
                None => vec!["blitz".to_owned()],
            },
            behaviours,
            seed: self.seed,
            name_prefix: self.prefix.clone(),
            password: BOT_PASSWORD.to_owned(),
            queue_again: true,
            muster: !self.no_muster,
            input_hz: self.input_hz.unwrap_or(if is_crowd { CROWD_INPUT_HZ } else { INPUT_HZ }),
            threads: self.threads.map_or((cores / 2).clamp(1, 4), |threads| threads as usize),
            transport: self.transport,
            link: self.link,
            beacons: !self.no_beacons && !self.world,
            world: self.world,
        })?;
        let display = Display::new();
        let play = Duration::from_secs(self.seconds);
        let until = match self.no_muster {
            true => RunUntil::Elapsed(play),
            false => RunUntil::Played { warm_up: Duration::from_secs(self.warm_up), play },
        };
        let mut noted = Resumed::default();
        let report = swarm.run(until, &stop, |progress| {
            let resumed = progress.resumed;
            if resumed.lost > 0 && resumed.resumed == resumed.lost && resumed != noted {
                noted = resumed;
                display.note(&resumed.to_string());
            }
            display.show(progress, &[]);
        })?;
        display.clear();
        // Stopping them before they play is no error: it only shows how far they came.
        let is_stopped = stop.load(Ordering::Relaxed);
        let error = (report.entered == 0 && !is_stopped).then(|| nobody_played(&report, &self.server));
        if self.json {
            sayln!("{}", serde_json::to_string(&JsonReport { report: &report, error: error.as_deref() })?);
        } else {
            say!("{}", summary(&report));
        }
        let Some(error) = error else { return Ok(ExitCode::SUCCESS) };
        complain!("error: {error}");
        Ok(ExitCode::FAILURE)
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(flatten)]
    report: &'a SwarmReport,
    /// Why nobody played.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// Why bots that wanted to play did not.
fn nobody_played(report: &SwarmReport, server: &str) -> String {
    let reasons: Vec<String> = report.errors.iter().map(|(code, count)| format!("{count} × {code}")).collect();
    let reasons = if reasons.is_empty() { "no match began in time".to_owned() } else { reasons.join(", ") };
    match report.connected {
        0 => format!("no bot could connect to {server}: {reasons}"),
        _ => format!("no bot entered a match on {server}: {reasons}"),
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
    if let Some(mistake) = check_form::<Behaviour>(name, &text).first() {
        bail!("{mistake}");
    }
    Ok(Behaviour::parse(name, &text)?)
}

fn summary(report: &SwarmReport) -> String {
    let ms = |us: u64| Cell::number(format!("{:.1}", us as f64 / 1_000.0));
    let (play, warm_up) = (&report.play, &report.warm_up);
    let percent = |part: u64, whole: u64| format!("{:.2}", part as f64 * 100.0 / whole.max(1) as f64);
    let mut rows = vec![
        vec![Cell::text("bots wanted"), Cell::number(report.wanted)],
        vec![Cell::text("connected"), Cell::number(report.connected)],
        vec![Cell::text("connected over UDP"), Cell::number(report.connected_over.udp)],
        vec![Cell::text("connected over WebSocket"), Cell::number(report.connected_over.websocket)],
        vec![Cell::text("entered a match"), Cell::number(report.entered)],
        vec![Cell::text("refused"), Cell::number(report.refused)],
        vec![Cell::text("dropped"), Cell::number(report.disconnected)],
        vec![Cell::text("lost their server"), Cell::number(report.resumed.lost)],
        vec![Cell::text("resumed"), Cell::number(report.resumed.resumed)],
        vec![Cell::text("resumed in their seats"), Cell::number(report.resumed.in_their_seats)],
        vec![Cell::text("warm-up, s"), Cell::number(format!("{:.1}", warm_up.seconds))],
        vec![Cell::text("measured, s"), Cell::number(format!("{:.1}", play.seconds))],
        vec![Cell::text("playing at the end"), Cell::number(play.playing)],
        vec![Cell::text("dropped while measured"), Cell::number(play.dropped)],
        vec![Cell::text("matches settled"), Cell::number(report.matches_settled)],
        vec![Cell::text("snapshots a second and bot, mean"), Cell::number(format!("{:.2}", play.snapshot_hz_mean))],
        vec![Cell::text("snapshots a second and bot, worst 1 %"), Cell::number(format!("{:.2}", play.snapshot_hz_p1))],
        vec![Cell::text("inputs"), Cell::number(play.inputs)],
        vec![Cell::text("datagrams in"), Cell::number(play.traffic.datagrams_in)],
        vec![Cell::text("datagrams out"), Cell::number(play.traffic.datagrams_out)],
        vec![Cell::text("bytes in"), Cell::number(play.traffic.bytes_in)],
        vec![Cell::text("bytes out"), Cell::number(play.traffic.bytes_out)],
        vec![Cell::text("lost on the datagram lane, %"), Cell::number(percent(play.lane_lost, play.lane_expected))],
        vec![Cell::text("divergences, each resynced"), Cell::number(play.divergences)],
        vec![Cell::text("corrections"), Cell::number(play.corrections)],
        vec![Cell::text("latency samples lost: not seen"), Cell::number(play.latency.unseen)],
        vec![Cell::text("latency samples lost: out of sight"), Cell::number(play.latency.out_of_sight)],
        vec![Cell::text("decisions skipped"), Cell::number(play.decisions_skipped)],
        vec![Cell::text("cores taken by bots"), Cell::number(format!("{:.2}", play.cpu_cores))],
    ];
    if let Some(link) = &report.link {
        for (way, side) in [("up", &link.up), ("down", &link.down)] {
            rows.push(vec![Cell::text(format!("link {way}: passed")), Cell::number(side.passed)]);
            rows.push(vec![Cell::text(format!("link {way}: lost, %")), Cell::number(percent(side.lost, side.pushed))]);
        }
    }
    rows.extend(report.errors.iter().map(|(code, count)| vec![Cell::text(code), Cell::number(count)]));
    let spreads = [
        ("token to welcome", &warm_up.connect),
        ("snapshot to snapshot", &play.snapshot_interval),
        ("input to own snapshot", &play.input_lag),
        ("input to another's sight", &play.latency.time),
    ];
    let times: Vec<Vec<Cell>> = spreads
        .iter()
        .map(|(what, Spread { count, p50_us, p99_us, p999_us, max_us })| {
            vec![Cell::text(what), Cell::number(count), ms(*p50_us), ms(*p99_us), ms(*p999_us), ms(*max_us)]
        })
        .chain([vec![
            Cell::text("ping and back"),
            Cell::number(report.round_trips.count),
            ms(report.round_trips.p50_us),
            ms(report.round_trips.p99_us),
        ]])
        .collect();
    let heads = ["time, ms", "count", "p50", "p99", "p99.9", "max"];
    let resumed = match report.resumed {
        Resumed { lost: 0, .. } => String::new(),
        resumed => format!("\n{resumed}\n"),
    };
    format!("{}\n{}{resumed}", table(&["what", "count"], &rows), table(&heads, &times))
}
