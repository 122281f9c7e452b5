//! What the system's allocator is told before a server starts its threads.
//!
//! By itself glibc's learns from each large block that is freed: the next one of its size is no longer the system's own pages but
//! part of an arena, and up to twice as much stays on top of every arena. So the database's thread keeps for good what it
//! needed once, when ten thousand came in together, and no other thread finds it. `benches/README.md` has the figures.

use std::fs;

/// Blocks from so many bytes on are the system's own pages, and go back when they are freed. What a tick makes and frees
/// again and again is smaller.
const MAPPED_BYTES_MIN: i32 = 4 << 20;
/// So many free bytes on top of an arena are given back.
const TRIMMED_BYTES_MIN: i32 = 2 << 20;
const _: () = assert!(MAPPED_BYTES_MIN <= 32 << 20, "glibc refuses more: half of what an arena's heap takes");

/// glibc's own variables: if an operator sets one of them, we set nothing.
const VARIABLES: [&str; 3] = ["GLIBC_TUNABLES", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];

/// Tells the allocator how a server's threads use it. Where there are other threads already, or it is not glibc's, it does
/// nothing: a server works without it, and takes some more memory.
pub(crate) fn prepare() {
    if is_alone() && VARIABLES.iter().all(|name| std::env::var_os(name).is_none()) {
        limit();
    }
}

/// Whether this thread is the only one of the process.
fn is_alone() -> bool {
    fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() == 1)
}

#[cfg(target_env = "gnu")]
#[expect(
    unsafe_code,
    reason = "only a call of the C library tells its allocator anything after the process has started"
)]
fn limit() {
    use nix::libc::{M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, mallopt};

    for (what, value) in [(M_MMAP_THRESHOLD, MAPPED_BYTES_MIN), (M_TRIM_THRESHOLD, TRIMMED_BYTES_MIN)] {
        // SAFETY: mallopt(3) takes two integers, follows no pointer of ours, and changes no block that is allocated; a
        // parameter or value it does not know it refuses. It must not race with another thread: there is none, `prepare`
        // has looked, and only this thread could start one.
        if unsafe { mallopt(what, value) } == 0 {
            tracing::debug!(what, value, "the allocator does not know this");
        }
    }
}

#[cfg(not(target_env = "gnu"))]
fn limit() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_other_threads_is_left_alone() {
        std::thread::scope(|scope| {
            let (end, wait) = std::sync::mpsc::channel::<()>();
            scope.spawn(move || wait.recv());
            assert!(!is_alone(), "a second thread runs");
            drop(end);
        });
    }
}
