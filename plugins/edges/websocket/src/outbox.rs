//! What waits for one client: messages in their order, and the newest state.

use std::io::{self, ErrorKind, IoSlice, Write};
use std::time::Duration;

use crate::transport::Transport;

/// Memory that a connection keeps for what comes next.
const KEPT_BYTES: usize = 1_024;
/// The most that a client has to take at a time: one that takes a byte now and then would keep what waits for ever.
const DUE_BYTES_MAX: usize = 64 << 10;

/// What waits for one client, as frames.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// Frames that must arrive, in their order. What stands before `written` has been written.
    frames: Vec<u8>,
    written: usize,
    /// The newest state, of which nothing has been written: another one takes its place.
    state: Vec<u8>,
    /// Bytes that were given to the transport and wait there: they cannot be replaced any more.
    sealed_bytes: usize,
    /// What the client has to take next, where it has not taken all.
    lag: Option<Lag>,
}

/// What a client has to take of what waits.
#[derive(Clone, Copy, Debug)]
struct Lag {
    /// Since when it waits, or longer.
    since: Duration,
    /// Bytes that are left of it.
    due: usize,
}

/// The client reads too slowly: a channel with a hole in it would be a lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// What a write has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Bytes that were written now.
    pub(crate) bytes: usize,
    /// Calls of the system that took.
    pub(crate) writes: u64,
}

impl Outbox {
    /// Lets a frame wait that must arrive; `write` appends it.
    pub(crate) fn push(&mut self, bytes_max: usize, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Full> {
        if self.frames.len() - self.written + self.sealed_bytes > bytes_max {
            return Err(Full);
        }
        write(&mut self.frames);
        Ok(())
    }

    /// Lets the frame wait that is the last: no state comes behind it.
    pub(crate) fn push_last(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.state.clear();
        write(&mut self.frames);
    }

    /// Lets state wait in place of what waited so far. `true` where something did.
    pub(crate) fn replace_state(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> bool {
        let is_replaced = !self.state.is_empty();
        self.state.clear();
        write(&mut self.state);
        is_replaced
    }

    /// Whether nothing waits.
    pub(crate) const fn is_empty(&self) -> bool {
        self.sealed_bytes == 0 && self.has_given_all()
    }

    /// Whether nothing waits here, other than in the transport.
    const fn has_given_all(&self) -> bool {
        self.frames.len() == self.written && self.state.is_empty()
    }

    /// Since when the client has not taken all that waited then, or [`DUE_BYTES_MAX`] of it.
    pub(crate) fn lags_since(&self) -> Option<Duration> {
        self.lag.map(|lag| lag.since)
    }

    /// The client has taken so much, and something is left.
    fn note_lag(&mut self, taken: usize, now: Duration) {
        let waiting = self.sealed_bytes + self.frames.len() - self.written + self.state.len();
        self.lag = Some(match self.lag {
            Some(lag) if taken < lag.due => Lag { due: lag.due - taken, ..lag },
            _ => Lag { since: now, due: waiting.min(DUE_BYTES_MAX) },
        });
    }

    /// Writes what waits, all of it in one call of the system where the client reads.
    pub(crate) fn write_to(
        &mut self,
        transport: &mut Transport,
        socket: &mut impl Write,
        now: Duration,
    ) -> io::Result<Written> {
        let mut done = Written { bytes: 0, writes: 0 };
        loop {
            if !self.has_given_all() || transport.has_answer() {
                let sealed = transport.seal(&self.parts())?;
                self.advance(sealed);
            }
            self.sealed_bytes = transport.waiting_bytes();
            if self.is_empty() {
                break;
            }
            done.writes += 1;
            let wrote = transport.write(&self.parts(), socket);
            match wrote {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    done.bytes += count;
                    if transport.is_plain() {
                        self.advance(count);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.note_lag(done.bytes, now);
                    return Ok(done);
                }
                Err(error) => return Err(error),
            }
        }
        self.lag = None;
        Ok(done)
    }

    /// What waits here, in its order.
    fn parts(&self) -> [IoSlice<'_>; 2] {
        [IoSlice::new(&self.frames[self.written..]), IoSlice::new(&self.state)]
    }

    /// So many bytes have left.
    fn advance(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let waiting = self.frames.len() - self.written;
        if count < waiting {
            self.written += count;
            // What was written of a long wait is not kept for its end.
            if self.written > self.frames.len() / 2 {
                self.frames.drain(..self.written);
                self.written = 0;
            }
            return;
        }
        self.frames.clear();
        self.written = 0;
        let of_state = count - waiting;
        if of_state > 0 {
            // A frame that has begun goes on to its end: it waits with those that must arrive.
            self.frames.extend_from_slice(&self.state[of_state..]);
            self.state.clear();
        }
        if self.frames.is_empty() && self.frames.capacity() > KEPT_BYTES {
            self.frames = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then none before it is given more room.
    #[derive(Default)]
    struct Pipe {
        taken: Vec<u8>,
        room: usize,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.room);
            if count == 0 && !bytes.is_empty() {
                return Err(ErrorKind::WouldBlock.into());
            }
            self.room -= count;
            self.taken.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            let all: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
            self.write(&all)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn second(second: u64) -> Duration {
        Duration::from_secs(second)
    }

    fn push(outbox: &mut Outbox, frame: &str) -> Result<(), Full> {
        outbox.push(10, |out| out.extend_from_slice(frame.as_bytes()))
    }

    fn state(outbox: &mut Outbox, state: &str) -> bool {
        outbox.replace_state(|out| out.extend_from_slice(state.as_bytes()))
    }

    #[test]
    fn all_that_waits_leaves_in_one_write() {
        let (mut outbox, mut pipe) = (Outbox::default(), Pipe { room: 100, ..Pipe::default() });
        push(&mut outbox, "one ").and_then(|()| push(&mut outbox, "two ")).expect("there is room");
        assert!(!state(&mut outbox, "state"), "none waited");
        let done = outbox.write_to(&mut Transport::Plain, &mut pipe, second(1)).expect("it takes all");
        assert_eq!((done.writes, done.bytes), (1, 13), "one call, everything");
        assert_eq!(pipe.taken, b"one two state");
        assert!(outbox.is_empty() && outbox.lags_since().is_none(), "nothing waits");
    }

    #[test]
    fn state_is_replaced_unless_it_has_begun() {
        let (mut outbox, mut pipe) = (Outbox::default(), Pipe { room: 4, ..Pipe::default() });
        push(&mut outbox, "one ").expect("there is room");
        state(&mut outbox, "old");
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(1)).expect("it waits");
        assert!(state(&mut outbox, "new"), "nothing of the old one was written");
        pipe.room = 1;
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(2)).expect("it waits");
        assert!(!state(&mut outbox, "newer"), "the one before has begun");
        push(&mut outbox, "two ").expect("there is room");
        pipe.room = 100;
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(3)).expect("it takes all");
        assert_eq!(String::from_utf8_lossy(&pipe.taken), "one newtwo newer", "each frame is whole");
    }

    #[test]
    fn no_state_comes_behind_the_last_frame() {
        let (mut outbox, mut pipe) = (Outbox::default(), Pipe { room: 2, ..Pipe::default() });
        push(&mut outbox, "one ").expect("there is room");
        state(&mut outbox, "state");
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(1)).expect("it waits");
        outbox.push_last(|out| out.extend_from_slice(b"end"));
        pipe.room = 100;
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(2)).expect("it takes all");
        assert_eq!(String::from_utf8_lossy(&pipe.taken), "one end", "what waits is told, state is not");
    }

    #[test]
    fn whoever_takes_nothing_is_known_and_so_is_who_takes_too_little() {
        let (mut outbox, mut pipe) = (Outbox::default(), Pipe::default());
        push(&mut outbox, "0123456789").expect("there is room");
        for now in 1..4 {
            outbox.write_to(&mut Transport::Plain, &mut pipe, second(now)).expect("it waits");
            assert_eq!(outbox.lags_since(), Some(second(1)), "since the first try");
        }
        pipe.room = 1;
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(4)).expect("it waits");
        assert_eq!(outbox.lags_since(), Some(second(1)), "a byte is not what waits");
        push(&mut outbox, "abc").expect("there is room for one more");
        assert_eq!(push(&mut outbox, "d"), Err(Full), "more than 10 bytes wait");
        pipe.room = 100;
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(5)).expect("it takes all");
        assert_eq!(outbox.lags_since(), None, "nothing waits");
        assert_eq!(pipe.taken, b"0123456789abc", "nothing is missing");
    }

    #[test]
    fn whoever_takes_enough_goes_on_however_much_waits() {
        let (mut outbox, mut pipe) = (Outbox::default(), Pipe::default());
        let long = |out: &mut Vec<u8>| out.resize(out.len() + 10 * DUE_BYTES_MAX, 7);
        outbox.push(usize::MAX, long).expect("there is room");
        outbox.write_to(&mut Transport::Plain, &mut pipe, second(1)).expect("it waits");
        for now in 2..8 {
            pipe.room = DUE_BYTES_MAX / 2;
            outbox.write_to(&mut Transport::Plain, &mut pipe, second(now)).expect("it waits");
            assert_eq!(outbox.lags_since(), Some(second(now - (now + 1) % 2)), "half of it is due at {now}");
        }
    }
}
