//! Many lines of one kind become few: the first of each ten seconds are written, the rest are counted and reported as a number.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// So long lines of one kind are counted together.
const WINDOW: Duration = Duration::from_secs(10);
/// Lines of one kind in a window: of what may matter each, and of what goes wrong again and again.
const INFO_MAX: u32 = 7;
const WARN_MAX: u32 = 5;
/// What is broken.
const ERROR_MAX: u32 = 20;

/// Lets through the first events of each kind, which is a place in the code. Events below INFO all pass: who asks for them
/// wants each. A clone counts with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Flood(Arc<Mutex<BTreeMap<Kind, Count>>>);

/// A place in the code.
type Kind = (&'static str, u32);

#[derive(Debug)]
struct Count {
    level: Level,
    message: String,
    window_began: Instant,
    passed: u32,
    held_back: u64,
}

/// Lines of one kind that were not written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeldBack {
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) lines: u64,
}

impl Flood {
    fn counts(&self) -> MutexGuard<'_, BTreeMap<Kind, Count>> {
        // Counts are whole after each change.
        self.0.lock()
    }

    /// Whether one more of this kind may be written.
    fn admits(&self, kind: Kind, level: Level, now: Instant, message: impl FnOnce() -> String) -> bool {
        let mut counts = self.counts();
        let count = counts.entry(kind).or_insert_with(|| Count {
            level,
            message: message(),
            window_began: now,
            passed: 0,
            held_back: 0,
        });
        if now.saturating_duration_since(count.window_began) >= WINDOW {
            (count.window_began, count.passed) = (now, 0);
        }
        let most = match level {
            Level::ERROR => ERROR_MAX,
            Level::WARN => WARN_MAX,
            _ => INFO_MAX,
        };
        let is_admitted = count.passed < most;
        if is_admitted {
            count.passed += 1;
        } else {
            count.held_back += 1;
        }
        is_admitted
    }

    /// What was held back since the last call, kind by kind.
    pub(super) fn take(&self) -> Vec<HeldBack> {
        let mut counts = self.counts();
        let held_back = counts.values_mut().filter(|count| count.held_back > 0);
        held_back
            .map(|count| HeldBack {
                level: count.level,
                message: count.message.clone(),
                lines: std::mem::take(&mut count.held_back),
            })
            .collect()
    }
}

impl<S: Subscriber> Layer<S> for Flood {
    fn event_enabled(&self, event: &Event<'_>, _context: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let kind = (metadata.file().unwrap_or_default(), metadata.line().unwrap_or_default());
        *metadata.level() > Level::INFO || self.admits(kind, *metadata.level(), Instant::now(), || message_of(event))
    }
}

fn message_of(event: &Event<'_>) -> String {
    #[derive(Default)]
    struct Message(String);
    impl Visit for Message {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            if field.name() == "message" {
                self.0 = format!("{value:?}");
            }
        }
    }
    let mut message = Message::default();
    event.record(&mut message);
    message.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_kind_pass_and_the_rest_are_counted() {
        let (flood, began) = (Flood::default(), Instant::now());
        let one_more = |line, level, at| flood.admits(("a.rs", line), level, at, || format!("line {line}"));
        let passed = (0..1_000).filter(|_| one_more(1, Level::INFO, began)).count();
        assert_eq!(passed, INFO_MAX as usize, "so many are read at a glance");
        assert!(one_more(2, Level::INFO, began), "another kind counts by itself");
        let passed = (0..1_000).filter(|_| one_more(3, Level::ERROR, began)).count();
        assert_eq!(passed, ERROR_MAX as usize, "trouble may say more");
        let held_back = flood.take();
        let counts: Vec<_> = held_back.iter().map(|it| (it.message.as_str(), it.lines)).collect();
        assert_eq!(counts, [("line 1", 993), ("line 3", 980)], "none is forgotten");
        assert_eq!(flood.take(), [], "and each is reported once");
        assert!(one_more(1, Level::INFO, began + WINDOW), "after ten seconds there is room again");
    }
}
