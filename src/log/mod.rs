//! The log: lines go to standard error through a bounded queue and a thread of their own, so that nobody who logs waits
//! for the reader.
//!
//! | idea | file |
//! |---|---|
//! | what waits to be written, and what was lost | `queue.rs` |
//! | the thread that writes | `writer.rs` |
//! | which lines there are | `filter.rs` |
//! | many lines of one kind become few | `flood.rs` |
//! | lines that no filter hides, as text or JSON | `line.rs` |
//! | panics are logged like everything else | `panics.rs` |

mod filter;
mod flood;
mod line;
mod panics;
mod queue;
mod writer;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use anyhow::Context;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogConfig;
use flood::Flood;
use queue::LineQueue;

pub(crate) use filter::check as check_filter;

/// The log of this process, once it is started.
struct Log {
    queue: LineQueue,
    flood: Flood,
    is_json: bool,
    /// Exchanges the filter.
    refilter: Box<dyn Fn(EnvFilter) -> bool + Send + Sync>,
}

static LOG: OnceLock<Log> = OnceLock::new();

/// Starts logging to standard error, so that standard output stays for results. Panics are logged from then on.
///
/// # Errors
/// Where the filter means nothing, or the system gives no thread.
pub(crate) fn start(config: &LogConfig) -> anyhow::Result<()> {
    let queue = LineQueue::default();
    writer::start(queue.clone(), config.json).context("cannot start the thread that writes the log")?;
    let filter = EnvFilter::try_new(&config.filter)?;
    let flood = Flood::default();
    let builder = tracing_subscriber::fmt()
        .with_writer(queue.clone())
        // It would complain on standard error.
        .log_internal_errors(false)
        .with_ansi(io::stderr().is_terminal());
    let refilter: Box<dyn Fn(EnvFilter) -> bool + Send + Sync> = if config.json {
        let builder = builder.json().with_env_filter(filter).with_filter_reloading();
        let handle = builder.reload_handle();
        builder.finish().with(flood.clone()).try_init()?;
        Box::new(move |filter| handle.reload(filter).is_ok())
    } else {
        let builder = builder.with_env_filter(filter).with_filter_reloading();
        let handle = builder.reload_handle();
        builder.finish().with(flood.clone()).try_init()?;
        Box::new(move |filter| handle.reload(filter).is_ok())
    };
    // Only the first start gets this far: a second one finds a subscriber in its place.
    let _ = LOG.set(Log { queue, flood, is_json: config.json, refilter });
    panics::log_them();
    Ok(())
}

/// Logs by another filter from now on. `false` where it means nothing.
pub(crate) fn set_filter(filter: &str) -> bool {
    let Ok(filter) = EnvFilter::try_new(filter) else { return false };
    LOG.get().is_some_and(|log| (log.refilter)(filter))
}

/// Writes a line that no filter hides: a JSON object with `fields` beside the message where the log is JSON, else the
/// message alone. Without a log it goes straight to standard error, and is lost where that is broken.
pub(crate) fn line(level: &str, message: &dyn Display, fields: &[(&str, &dyn Display)]) {
    match LOG.get() {
        Some(log) if log.is_json => log.queue.push(line::json(level, message, fields).as_bytes()),
        Some(log) => log.queue.push(format!("{message}\n").as_bytes()),
        None => {
            let _ = writeln!(io::stderr(), "{message}");
        }
    }
}

/// Lines that nobody got to read, since the start.
pub(crate) fn lines_lost() -> u64 {
    LOG.get().map_or(0, |log| log.queue.lost_in_all())
}

/// Says how many lines of each kind were held back since the last call, because there were many of them.
pub(crate) fn write_held_back() {
    let Some(log) = LOG.get() else { return };
    for kind in log.flood.take() {
        let message = format!("{} more like this: {}", kind.lines, kind.message);
        let line = if log.is_json {
            line::json(kind.level.as_str(), &message, &[("lines", &kind.lines)])
        } else {
            line::text(kind.level.as_str(), &message)
        };
        log.queue.push(line.as_bytes());
    }
}

/// Waits until everything logged so far is written, or for a second where nobody reads.
pub(crate) fn finish() {
    if let Some(log) = LOG.get() {
        write_held_back();
        log.queue.finish();
    }
}
