//! What waits to be written: bounded, so that a reader who stands still costs lines and nothing else.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};
use tracing_subscriber::fmt::MakeWriter;

/// Bytes that wait at most: some 7,000 lines.
const WAITING_BYTES_MAX: usize = 1 << 20;
/// How long the end of the process waits for a reader.
const FINISH_MAX: Duration = Duration::from_secs(1);

/// Lines on their way to the writer. A clone is another handle on the same queue.
#[derive(Clone, Debug, Default)]
pub(super) struct LineQueue(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Something is to be written, or nothing will be any more.
    changed: Condvar,
    /// Everything is written.
    written: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Lines there was no room for, all of them behind those that wait.
    lost: u64,
    /// Lines lost since the start, here or behind standard error.
    lost_in_all: u64,
    /// The writer has taken lines that are not written yet.
    is_writing: bool,
}

impl LineQueue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // A poisoned lock still guards whole lines.
        self.0.waiting.lock()
    }

    /// Appends a whole line, or counts it as lost where there is no room. Never waits for the reader.
    pub(super) fn push(&self, line: &[u8]) {
        let mut waiting = self.waiting();
        // After one was lost all are until the writer has said so: lines stay in order, with the gap in its place.
        if waiting.lost > 0 || waiting.lines.len() + line.len() > WAITING_BYTES_MAX {
            waiting.lost += 1;
            waiting.lost_in_all += 1;
        } else {
            waiting.lines.extend_from_slice(line);
        }
        drop(waiting);
        self.0.changed.notify_one();
    }

    /// For the writer: waits until there is something, or for `patience`. Swaps the lines that wait for `lines`, which is
    /// emptied, and returns how many were lost behind them.
    pub(super) fn take(&self, lines: &mut Vec<u8>, patience: Option<Duration>) -> u64 {
        lines.clear();
        let mut waiting = self.waiting();
        waiting.is_writing = false;
        self.0.written.notify_all();
        let is_idle = |waiting: &mut Waiting| waiting.lines.is_empty() && waiting.lost == 0;
        match patience {
            None => self.0.changed.wait_while(&mut waiting, is_idle),
            Some(patience) => {
                self.0.changed.wait_while_for(&mut waiting, is_idle, patience);
            }
        }
        waiting.is_writing = true;
        std::mem::swap(&mut waiting.lines, lines);
        std::mem::take(&mut waiting.lost)
    }

    /// For the writer: so many lines did not get there.
    pub(super) fn note_lost(&self, lines: u64) {
        self.waiting().lost_in_all += lines;
    }

    /// Lines lost since the start.
    pub(super) fn lost_in_all(&self) -> u64 {
        self.waiting().lost_in_all
    }

    /// Waits until everything is written, or for a second.
    pub(super) fn finish(&self) {
        let deadline = Instant::now() + FINISH_MAX;
        let mut waiting = self.waiting();
        while waiting.is_writing || !waiting.lines.is_empty() || waiting.lost > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.0.written.wait_for(&mut waiting, left);
        }
    }
}

/// One event of `tracing`, which writes each in one piece.
impl io::Write for LineQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for LineQueue {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_its_bound_lines_are_lost_and_counted_behind_those_that_wait() {
        let queue = LineQueue::default();
        let line = [b'x'; 1_024];
        for _ in 0..WAITING_BYTES_MAX / line.len() {
            queue.push(&line);
        }
        queue.push(b"lost\n");
        queue.push(b"\n");
        let mut lines = Vec::new();
        assert_eq!(queue.take(&mut lines, None), 2, "both had no room, the second because the first had none");
        assert_eq!(lines.len(), WAITING_BYTES_MAX, "what waited is there");
        queue.push(b"after\n");
        assert_eq!(queue.take(&mut lines, None), 0, "there is room again");
        assert_eq!(lines, b"after\n", "and what came since is there");
    }

    #[test]
    fn the_end_does_not_wait_where_nothing_is_left() {
        let queue = LineQueue::default();
        queue.finish();
        queue.push(b"one\n");
        let writer = queue.clone();
        let (mut lines, thread) = (Vec::new(), std::thread::spawn(move || queue.finish()));
        writer.take(&mut lines, None);
        writer.take(&mut lines, Some(Duration::ZERO));
        thread.join().expect("the waiting thread is woken");
    }
}
