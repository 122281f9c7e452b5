//! What a server measures itself by.

use std::sync::Arc;
use std::time::Instant;

use hypogeum_hosting::{HostClock, Load, StageTimes};
use hypogeum_locale::Locales;
use hypogeum_matches::SharedHostStatus;

use crate::descriptors::Descriptors;
use crate::heartbeat::Heartbeat;
use crate::plugins::{GatewayPlugin, JournalPlugin, PersistencePlugin, UdpTransportPlugin};
use crate::runner::TickTimes;
use crate::telemetry::Telemetry;
use crate::watchdog::Watched;

use super::open::Doors;

/// What a server measures itself by. A clone measures the same.
#[derive(Clone)]
pub(super) struct Gauges {
    started: Instant,
    pub(super) host_status: SharedHostStatus,
    pub(super) tick_times: TickTimes,
    pub(super) load: Load,
    pub(super) stages: StageTimes,
    pub(super) heartbeat: Heartbeat,
}

impl Default for Gauges {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            host_status: SharedHostStatus::default(),
            tick_times: TickTimes::default(),
            load: Load::default(),
            stages: StageTimes::default(),
            heartbeat: Heartbeat::default(),
        }
    }
}

impl Gauges {
    /// What stages are measured by.
    pub(super) fn clock(&self) -> HostClock {
        let started = self.started;
        HostClock::new(move || started.elapsed())
    }

    /// What the watchdog looks at.
    pub(super) fn watched(&self, gateway: &GatewayPlugin, udp: &UdpTransportPlugin) -> Watched {
        Watched {
            heartbeat: self.heartbeat.clone(),
            admission: gateway.admission().clone(),
            counters: udp.edge().shared_counters(),
            host_status: self.host_status.clone(),
        }
    }

    /// All of it, with what the edges count.
    pub(super) fn telemetry(
        &self,
        descriptors: Descriptors,
        (Doors { udp, websocket, .. }, journal, persistence): (&Doors, &JournalPlugin, &PersistencePlugin),
        locales: Locales,
    ) -> Telemetry {
        Telemetry {
            started: self.started,
            descriptors,
            heartbeat: self.heartbeat.clone(),
            tick_times: self.tick_times.clone(),
            load: self.load.clone(),
            stages: self.stages.clone(),
            host_status: self.host_status.clone(),
            counters: udp.edge().shared_counters(),
            websocket: websocket.clone(),
            telnet: Arc::default(),
            link: udp.edge().link(),
            journal: journal.watch(),
            store: persistence.store().health(),
            locales,
        }
    }
}
