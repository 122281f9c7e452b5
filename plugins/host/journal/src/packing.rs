//! The thread that packs what is complete: segments, and whole logs into their files.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use crate::config::Retention;
use crate::folder::JournalFolder;
use crate::log_state::LogState;
use crate::part::LogId;
use crate::port::Shared;
use crate::thread::RETRY;
use crate::write_error::passes;

/// How long a journal that ends waits for its packing: each log waits for the disk several times.
const ENDING_MAX: Duration = Duration::from_secs(5);

/// What is left to do once a segment or a log is complete.
pub(crate) enum Packing {
    Segment {
        log: LogId,
        number: u32,
    },
    /// Of a shard that goes on in its next part.
    Part {
        log: LogId,
    },
    Log {
        log: LogId,
        state: Arc<LogState>,
    },
}

/// Packs what is complete, one thing after another, until nobody writes any more. What cannot be done now is tried again.
/// Once the journal ends it goes on for [`ENDING_MAX`] at most: a server that ends two thousand matches has its logs whole,
/// and the next start packs the rest.
pub(crate) fn pack(folder: &JournalFolder, retention: &Retention, packing: &Receiver<Packing>, shared: &Shared) {
    prune(folder, retention);
    let mut waiting = Vec::new();
    let mut ending: Option<Instant> = None;
    loop {
        let next = if waiting.is_empty() {
            packing.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            packing.recv_timeout(RETRY)
        };
        if shared.waiting().ending && ending.get_or_insert_with(Instant::now).elapsed() > ENDING_MAX {
            return;
        }
        let is_news = waiting.is_empty();
        match next {
            Ok(job) => waiting.push(job),
            Err(RecvTimeoutError::Timeout) => {}
            // What still lies unpacked is packed at the next start.
            Err(RecvTimeoutError::Disconnected) => return,
        }
        waiting.retain(|job| match job.done(folder, retention) {
            Ok(()) => false,
            Err(error) => {
                let is_passing = passes(&error);
                if is_news || !is_passing {
                    let (Packing::Segment { log, .. } | Packing::Part { log } | Packing::Log { log, .. }) = job;
                    tracing::error!(%log, %error, "a log could not be packed; it stays where it is, and is whole");
                }
                is_passing
            }
        });
    }
}

fn prune(folder: &JournalFolder, retention: &Retention) {
    if let Err(error) = folder.prune(retention, SystemTime::now()) {
        tracing::warn!(%error, "old logs could not be removed");
    }
}

impl Packing {
    fn done(&self, folder: &JournalFolder, retention: &Retention) -> io::Result<()> {
        match self {
            Self::Segment { log, number } => folder.pack(&folder.running_log(*log), *number),
            Self::Part { log } => {
                let done = folder.put_away(*log);
                prune(folder, retention);
                done
            }
            Self::Log { log, state } => {
                let done = folder.put_away(*log).map(|()| state.note_put_away());
                // Also where there was no room: old logs may make some.
                prune(folder, retention);
                done
            }
        }
    }
}
