//! Every number the server keeps about itself, read where somebody asks.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use hypogeum_hosting::{Load, StageTimes};
use hypogeum_journal::{JournalHealth, JournalWatch};
use hypogeum_locale::Locales;
use hypogeum_matches::{HostSummary, SharedHostStatus};
use hypogeum_netcode::{Counters, CountersSnapshot, DropReason};
use hypogeum_protocol::link::{Class, CloseReason, EdgeLink};
use hypogeum_store::StoreHealth;
use hypogeum_telnet::TelnetCounters;
use hypogeum_websocket::WebSocketCounters;
use serde::Serialize;

use crate::descriptors::Descriptors;
use crate::heartbeat::Heartbeat;
use crate::plugins::{TelnetPlugin, WebSocketPlugin};
use crate::runner::{TickMs, TickTimes};

/// Handles on everything that counts. Reading takes no lock for longer than a copy.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry {
    pub(crate) started: Instant,
    pub(crate) descriptors: Descriptors,
    pub(crate) heartbeat: Heartbeat,
    pub(crate) tick_times: TickTimes,
    pub(crate) load: Load,
    pub(crate) stages: StageTimes,
    pub(crate) host_status: SharedHostStatus,
    pub(crate) counters: Arc<Counters>,
    pub(crate) websocket: WebSocketPlugin,
    /// Set once it is opened, where it is wanted.
    pub(crate) telnet: Arc<OnceLock<TelnetPlugin>>,
    pub(crate) link: EdgeLink,
    pub(crate) journal: JournalWatch,
    pub(crate) store: StoreHealth,
    pub(crate) locales: Locales,
}

/// All of it at one moment. Counts are totals since the start.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    uptime_s: u64,
    files_max: u64,
    ticks: Ticks,
    sessions: Sessions,
    matches: Matches,
    /// What sessions refused and dropped, and passed on.
    counters: hypogeum_sessions::Counters,
    udp: Udp,
    websocket: WebSocket,
    #[serde(skip_serializing_if = "Option::is_none")]
    telnet: Option<Telnet>,
    /// What had no room in the queues between the edge and the tick.
    queues: Queues,
    store: &'static str,
    journal: &'static str,
    log_lines_lost: u64,
    /// Messages that were wanted in a language and are not there, by language.
    missing_messages: BTreeMap<String, u64>,
}

#[derive(Debug, Serialize)]
struct Ticks {
    count: u64,
    late: u64,
    since_last_ms: u128,
    ms: TickMs,
    stages: Vec<Stage>,
    load_level: u32,
    load_steps: u32,
}

/// How long one stage of the tick took.
#[derive(Debug, Serialize)]
pub(crate) struct Stage {
    pub(crate) stage: &'static str,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
}

#[derive(Debug, Serialize)]
struct Sessions {
    all: usize,
    connected: usize,
    queued: usize,
    lobbies: usize,
}

#[derive(Debug, Serialize)]
struct Matches {
    running: usize,
    settling: usize,
    settled: u64,
}

#[derive(Debug, Serialize)]
struct Udp {
    datagrams_in: u64,
    datagrams_out: u64,
    bytes_in: u64,
    bytes_out: u64,
    opened: u64,
    closed: BTreeMap<&'static str, u64>,
    dropped: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Serialize)]
struct WebSocket {
    upgraded: u64,
    /// Refused an upgrade, because as many were open as may be: in all, of one address, of one network.
    no_room: u64,
    no_room_for_address: u64,
    no_room_for_network: u64,
    opened: u64,
    refused: u64,
    closed: BTreeMap<&'static str, u64>,
    bytes_in: u64,
    bytes_out: u64,
    writes: u64,
    messages_in: u64,
    malformed: u64,
    /// State of clients that came too often.
    state_dropped: u64,
    /// State for clients that had not read the one before.
    state_replaced: u64,
}

#[derive(Debug, Serialize)]
struct Telnet {
    accepted: u64,
    refused: u64,
    opened: u64,
    closed: BTreeMap<&'static str, u64>,
    bytes_in: u64,
    bytes_out: u64,
    writes: u64,
    lines_in: u64,
    /// Lines that were too long, or too many.
    lines_dropped: u64,
    hostile: u64,
}

#[derive(Debug, Serialize)]
struct Queues {
    incoming: Dropped,
    incoming_datagrams: u64,
    /// Of all workers of the edge together.
    outgoing: Dropped,
    outgoing_datagrams: u64,
}

/// By how much it matters.
#[derive(Debug, Default, Serialize)]
struct Dropped {
    critical: u64,
    gameplay: u64,
    cosmetic: u64,
}

impl Dropped {
    fn add(mut self, dropped: [u64; Class::COUNT]) -> Self {
        self.critical += dropped[Class::Critical as usize];
        self.gameplay += dropped[Class::Gameplay as usize];
        self.cosmetic += dropped[Class::Cosmetic as usize];
        self
    }
}

impl Telemetry {
    pub(crate) fn read(&self) -> Status {
        let HostSummary { sessions, connected, queued, lobbies, matches, settling, finished_count, counters, .. } =
            self.host_status.summary();
        let (count, late) = self.tick_times.on_time();
        Status {
            version: env!("CARGO_PKG_VERSION"),
            uptime_s: self.started.elapsed().as_secs(),
            files_max: self.descriptors.limit,
            ticks: Ticks {
                count,
                late,
                since_last_ms: self.heartbeat.silence().as_millis(),
                ms: self.tick_times.percentiles(),
                stages: self.stages(),
                load_level: self.load.level(),
                load_steps: self.load.steps_up(),
            },
            sessions: Sessions { all: sessions, connected, queued, lobbies },
            matches: Matches { running: matches, settling, settled: finished_count },
            counters,
            udp: udp(&self.counters.snapshot()),
            websocket: websocket(&self.websocket.edge().counters()),
            telnet: self.telnet.get().map(|telnet| self::telnet(&telnet.edge().counters())),
            queues: self.queues(),
            store: if self.store.is_degraded() { "degraded" } else { "good" },
            journal: match self.journal.health() {
                JournalHealth::Good => "good",
                JournalHealth::Full => "waiting",
                JournalHealth::Broken => "broken",
            },
            log_lines_lost: crate::log::lines_lost(),
            missing_messages: self.locales.missing().filter(|(_, count)| *count > 0).collect(),
        }
    }

    /// How long each stage of the tick takes.
    pub(crate) fn stages(&self) -> Vec<Stage> {
        let stage = |(stage, times): (_, &hypogeum_metering::Histogram)| Stage {
            stage,
            p50_us: times.at(500),
            p99_us: times.at(990),
        };
        self.stages.iter().map(stage).collect()
    }

    fn queues(&self) -> Queues {
        let workers = &self.link.workers;
        Queues {
            incoming: Dropped::default().add(self.link.incoming.dropped()),
            incoming_datagrams: self.link.datagrams.dropped(),
            outgoing: workers.iter().fold(Dropped::default(), |sum, worker| sum.add(worker.frames.dropped())),
            outgoing_datagrams: workers.iter().map(|worker| worker.datagrams.dropped()).sum(),
        }
    }
}

fn websocket(now: &WebSocketCounters) -> WebSocket {
    WebSocket {
        upgraded: now.upgraded,
        no_room: now.no_room,
        no_room_for_address: now.no_room_for_address,
        no_room_for_network: now.no_room_for_network,
        opened: now.opened,
        refused: now.refused,
        closed: CloseReason::ALL.into_iter().zip(now.closed).map(|(reason, count)| (reason.label(), count)).collect(),
        bytes_in: now.bytes_in,
        bytes_out: now.bytes_out,
        writes: now.writes,
        messages_in: now.messages_in,
        malformed: now.malformed,
        state_dropped: now.state_dropped,
        state_replaced: now.state_replaced,
    }
}

fn telnet(now: &TelnetCounters) -> Telnet {
    Telnet {
        accepted: now.accepted,
        refused: now.refused,
        opened: now.opened,
        closed: CloseReason::ALL.into_iter().zip(now.closed).map(|(reason, count)| (reason.label(), count)).collect(),
        bytes_in: now.bytes_in,
        bytes_out: now.bytes_out,
        writes: now.writes,
        lines_in: now.lines_in,
        lines_dropped: now.lines_dropped,
        hostile: now.hostile,
    }
}

fn udp(now: &CountersSnapshot) -> Udp {
    Udp {
        datagrams_in: now.datagrams_in,
        datagrams_out: now.datagrams_out,
        bytes_in: now.bytes_in,
        bytes_out: now.bytes_out,
        opened: now.connections_opened,
        closed: CloseReason::ALL.into_iter().map(|reason| (reason.label(), now.closed(reason))).collect(),
        dropped: DropReason::ALL.iter().map(|reason| (reason.label(), now.dropped(*reason))).collect(),
    }
}
