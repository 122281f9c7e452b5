//! Named points at which a test lets the process die, to see what is left.
//!
//! [`crash_point!`] stands between two steps that together must look like one to anyone who starts the server again. A
//! process started with `HYPOGEUM_CRASH_AT=name` (or `name:3` for the third time) dies there at once, as if killed:
//! nothing is flushed, dropped or sent. Builds without debug assertions, so all releases, contain none of it.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The variable that names where to die.
pub const CRASH_AT: &str = "HYPOGEUM_CRASH_AT";

/// All points, in the order in which they are met: those of matches, at each of which `tests/crash.rs` dies, those of visits to
/// open shards and of the parts of their logs, which are for `tests/games`, and those of games of creatures and of boards, at which a
/// store dies in the tests of `persistence`, and of games a server in `tests/creatures.rs` and `tests/entries.rs`.
pub const CRASH_POINTS: [&str; 44] = [
    "before_escrow",
    "after_escrow",
    "log_opened",
    "before_write",
    "after_write",
    "after_sync",
    "snapshot_begun",
    "snapshot_written",
    "segment_packed",
    "segment_renamed",
    "extraction_durable",
    "before_seat_commit",
    "after_seat_commit",
    "seat_told",
    "settlement_logged",
    "settlement_durable",
    "before_settle_commit",
    "after_settle_commit",
    "settlement_told",
    "log_closed",
    "archive_written",
    "archive_renamed",
    "recovered",
    "before_check_out",
    "after_check_out",
    "visit_logged",
    "visit_durable",
    "before_visit_commit",
    "after_visit_commit",
    "visit_told",
    "part_ending",
    "part_ended",
    "part_begun",
    "part_durable",
    "before_game_commit",
    "after_game_commit",
    "before_entry_commit",
    "after_entry_commit",
    "before_start_commit",
    "after_start_commit",
    "before_season_commit",
    "after_season_commit",
    "before_rated_commit",
    "after_rated_commit",
];

/// Dies here if the environment says so.
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        if cfg!(debug_assertions) {
            const { assert!($crate::is_listed($name), "a crash point is listed in CRASH_POINTS") };
            $crate::reached($name);
        }
    };
}

/// Whether a point of this name is known, so that no test forgets it.
#[must_use]
pub const fn is_listed(name: &str) -> bool {
    let mut place = 0;
    while place < CRASH_POINTS.len() {
        if same(CRASH_POINTS[place].as_bytes(), name.as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// What [`crash_point!`] calls.
pub fn reached(name: &str) {
    static WISH: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static TIMES: AtomicU32 = AtomicU32::new(0);
    let wish = WISH.get_or_init(|| {
        let wish = std::env::var(CRASH_AT).ok()?;
        let (point, times) = wish.split_once(':').unwrap_or((&wish, "1"));
        Some((point.to_owned(), times.parse().ok()?))
    });
    if let Some((point, times)) = wish
        && point == name
        && TIMES.fetch_add(1, Ordering::Relaxed) + 1 == *times
    {
        // In one write: a log that another thread writes must not come between the words.
        let _ = io::stderr().write_all(format!("crash point {name}\n").as_bytes());
        // No destructor, no flush: what the system does to a process that is killed.
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_nobody_asked_for_is_passed() {
        crash_point!("before_escrow");
        assert!(is_listed("recovered") && !is_listed("recover"), "names are compared whole");
    }
}
