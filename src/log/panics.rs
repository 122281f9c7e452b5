//! Panics are lines of the log: a shard that panics is caught, and must not end the process by what it says.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic;
use std::thread;

/// Longest message or backtrace kept of one panic, in bytes.
const TEXT_BYTES_MAX: usize = 8 << 10;

/// From now on panics are logged, in one line each.
pub(super) fn log_them() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("something that is no text");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let thread = thread::current();
        let thread = thread.name().unwrap_or("without a name");
        let backtrace = Backtrace::capture();
        let message = shortened(message);
        if backtrace.status() == BacktraceStatus::Captured {
            let backtrace = backtrace.to_string();
            let backtrace = shortened(&backtrace);
            tracing::error!(thread, place, ?message, ?backtrace, "a thread panicked");
        } else {
            tracing::error!(thread, place, ?message, "a thread panicked");
        }
    }));
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}
