//! The thread that writes the log. Standard error may be anything: a pipe that nobody reads, a full disk, nothing at all.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use super::line;
use super::queue::LineQueue;

/// After so long the writer tries again to say what was lost, where nothing else is to be said.
const TRY_AGAIN: Duration = Duration::from_millis(500);
/// Pause where standard error takes nothing without waiting.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Starts the thread; it ends with the process.
pub(super) fn start(queue: LineQueue, is_json: bool) -> io::Result<()> {
    // A file of its own: the standard handle is locked by its writer, and one who waits would lock others out.
    let out = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    thread::Builder::new().name("log".into()).spawn(move || write_all(&queue, out, is_json))?;
    Ok(())
}

fn write_all(queue: &LineQueue, mut out: impl Write, is_json: bool) -> ! {
    let mut lines = Vec::new();
    let mut lost = 0;
    loop {
        let lost_behind = queue.take(&mut lines, (lost > 0).then_some(TRY_AGAIN));
        // What was lost earlier lies before these.
        lost = write_lost(&mut out, lost, is_json);
        let unwritten = write(&mut out, &lines);
        queue.note_lost(unwritten);
        lost += unwritten;
        lost = write_lost(&mut out, lost + lost_behind, is_json);
    }
}

/// Writes how many lines are missing, and returns how many still have to be reported.
fn write_lost(out: &mut impl Write, lost: u64, is_json: bool) -> u64 {
    if lost == 0 {
        return 0;
    }
    let message = if lost == 1 { "lost 1 line".to_owned() } else { format!("lost {lost} lines") };
    let line = if is_json { line::json("WARN", &message, &[("lines", &lost)]) } else { line::text("WARN", &message) };
    if write(out, line.as_bytes()) == 0 { 0 } else { lost }
}

/// Writes lines, and returns how many of them did not get there whole.
fn write(out: &mut impl Write, mut lines: &[u8]) -> u64 {
    while !lines.is_empty() {
        match out.write(lines) {
            Ok(0) => break,
            Ok(count) => lines = &lines[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Set so by somebody who shares the terminal or pipe.
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(BUSY_PAUSE),
            Err(_) => break,
        }
    }
    lines.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes and fails then.
    struct Full(Vec<u8>, usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.1 - self.0.len());
            if count == 0 && !bytes.is_empty() {
                return Err(ErrorKind::StorageFull.into());
            }
            self.0.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_finds_no_room_is_counted_and_reported_once_there_is_some() {
        let mut out = Full(Vec::new(), 8);
        assert_eq!(write(&mut out, b"one\ntwo\nthree\nfour\n"), 2, "two lines got there, two did not");
        assert_eq!(write_lost(&mut out, 2, false), 2, "nor does word of them");
        out.1 = 1_000;
        assert_eq!(write_lost(&mut out, 2, false), 0, "with room it does");
        let text = String::from_utf8(out.0).expect("text");
        assert!(text.starts_with("one\ntwo\n") && text.contains("lost 2 lines"), "{text}");
    }
}
