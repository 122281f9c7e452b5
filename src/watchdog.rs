//! Looks at the server from a thread of its own: whether ticks still end, and what came and went.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hypogeum_gateway::Admission;
use hypogeum_matches::SharedHostStatus;
use hypogeum_netcode::{Counters, CountersSnapshot};
use hypogeum_protocol::link::CloseReason;

use crate::heartbeat::Heartbeat;
use crate::log;

/// What `/readyz` calls a tick that does not end.
const TICK: &str = "tick";
/// A tick that has not ended for so long stands still.
const SILENCE_MAX: Duration = Duration::from_secs(2);
/// How often the heartbeat is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Between two lines about who came and went.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);

/// What is looked at.
pub(crate) struct Watched {
    pub(crate) heartbeat: Heartbeat,
    pub(crate) admission: Admission,
    pub(crate) counters: Arc<Counters>,
    pub(crate) host_status: SharedHostStatus,
}

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Watchdog {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Starts looking.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(crate) fn start(watched: Watched) -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let thread = thread::Builder::new().name("watchdog".into()).spawn(move || watched.watch(&ended))?;
        Ok(Self { over, thread: Some(thread) })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there was logged when it happened.
            let _ = thread.join();
        }
    }
}

impl Watched {
    fn watch(&self, over: &AtomicBool) {
        let mut stands = false;
        let (mut reported, mut reported_at) = (self.counters.snapshot(), Instant::now());
        while !over.load(Ordering::Relaxed) {
            thread::park_timeout(LOOK_EVERY);
            let silence = self.heartbeat.silence();
            if stands != (silence >= SILENCE_MAX) {
                stands = !stands;
                self.report_ticks(stands, silence);
            }
            if reported_at.elapsed() >= SUMMARY_EVERY {
                let now = self.counters.snapshot();
                self.summarise(&reported, &now);
                log::write_held_back();
                (reported, reported_at) = (now, Instant::now());
            }
        }
        if stands {
            self.admission.allow(TICK);
        }
        self.summarise(&reported, &self.counters.snapshot());
    }

    fn report_ticks(&self, stands: bool, silence: Duration) {
        if stands {
            self.admission.refuse(TICK);
            tracing::error!(silence_ms = silence.as_millis(), "ticks have stalled: nobody is served");
        } else {
            self.admission.allow(TICK);
            tracing::warn!("ticks are running again");
        }
    }

    /// One line about all that came and went since the last, if anybody did.
    fn summarise(&self, before: &CountersSnapshot, now: &CountersSnapshot) {
        let opened = now.connections_opened - before.connections_opened;
        let closed = now.connections_closed - before.connections_closed;
        if opened + closed == 0 {
            return;
        }
        let of = |reason| now.closed(reason) - before.closed(reason);
        let host_status = self.host_status.summary();
        tracing::info!(
            opened,
            closed,
            timed_out = of(CloseReason::TimedOut),
            hostile = of(CloseReason::Hostile),
            congested = of(CloseReason::Congested),
            connected = host_status.connected,
            queued = host_status.queued,
            matches = host_status.matches,
            "connections opened and closed"
        );
    }
}
