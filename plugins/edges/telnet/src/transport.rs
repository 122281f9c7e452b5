//! What lies between a socket and telnet: nothing, or TLS; and what waits for the client.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

/// Bytes that are encrypted at once, at most.
const SEALED_BYTES_MAX: usize = 16 << 10;
/// Memory that a connection keeps for what comes next.
const KEPT_BYTES: usize = 1_024;
/// Bytes that a client has to take at a time: one that takes a byte now and then would keep what waits for ever.
const DUE_BYTES_MAX: usize = 16 << 10;

/// How a connection's bytes travel.
pub(crate) enum Transport {
    /// As they are.
    Plain,
    /// As records of TLS.
    Tls(Box<ServerConnection>),
}

impl Transport {
    /// # Errors
    /// TLS is not possible.
    pub(crate) fn new(tls: Option<&Arc<ServerConfig>>) -> Result<Self, rustls::Error> {
        let Some(config) = tls else { return Ok(Self::Plain) };
        let mut session = ServerConnection::new(Arc::clone(config))?;
        session.set_buffer_limit(Some(SEALED_BYTES_MAX));
        Ok(Self::Tls(Box::new(session)))
    }

    /// That of a session whose handshake is over, or none.
    pub(crate) fn of_session(tls: Option<Box<ServerConnection>>) -> Self {
        let Some(mut session) = tls else { return Self::Plain };
        session.set_buffer_limit(Some(SEALED_BYTES_MAX));
        Self::Tls(session)
    }

    /// Whether what is said can be read on the way.
    pub(crate) const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }

    /// Whether the client and this server have not agreed on keys yet.
    pub(crate) fn is_shaking_hands(&self) -> bool {
        matches!(self, Self::Tls(session) if session.is_handshaking())
    }

    /// Gives on what has come from the socket, decrypted where it has to be. Returns whether the client has said that nothing more
    /// comes.
    ///
    /// # Errors
    /// What came is no TLS.
    pub(crate) fn open(&mut self, mut bytes: &[u8], mut take: impl FnMut(&[u8])) -> io::Result<bool> {
        let session = match self {
            Self::Plain => {
                take(bytes);
                return Ok(false);
            }
            Self::Tls(session) => session,
        };
        let mut plain = [0; 4_096];
        loop {
            let count = session.read_tls(&mut bytes)?;
            let state = session.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            while let Ok(count @ 1..) = session.reader().read(&mut plain) {
                take(&plain[..count]);
            }
            if state.peer_has_closed() {
                return Ok(true);
            }
            if count == 0 || bytes.is_empty() {
                return Ok(false);
            }
        }
    }

    /// Says that nothing more comes.
    pub(crate) fn end(&mut self) {
        if let Self::Tls(session) = self {
            session.send_close_notify();
        }
    }
}

/// What waits for one client.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    /// What stands before it has been written.
    written: usize,
    lag: Option<Lag>,
}

/// What a client has to take of what waits.
#[derive(Clone, Copy, Debug)]
struct Lag {
    since: Duration,
    due: usize,
}

impl Outbox {
    /// Where more is appended.
    pub(crate) const fn end(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Bytes that wait.
    pub(crate) const fn waiting_bytes(&self) -> usize {
        self.bytes.len() - self.written
    }

    /// Since when the client has not taken what it had to.
    pub(crate) fn lags_since(&self) -> Option<Duration> {
        self.lag.map(|lag| lag.since)
    }

    /// Writes what waits, as far as the socket takes it. Returns bytes and calls of the system.
    ///
    /// # Errors
    /// The socket's, and those of TLS.
    pub(crate) fn write_to(
        &mut self,
        transport: &mut Transport,
        socket: &mut impl Write,
        now: Duration,
    ) -> io::Result<(usize, u64)> {
        let (mut bytes, mut calls) = (0, 0);
        loop {
            let is_done = match transport {
                Transport::Plain => self.waiting_bytes() == 0,
                Transport::Tls(session) => {
                    if !session.is_handshaking() {
                        let taken = session.writer().write(&self.bytes[self.written..])?;
                        self.advance(taken);
                    }
                    !session.wants_write()
                }
            };
            if is_done {
                self.lag = None;
                return Ok((bytes, calls));
            }
            calls += 1;
            let wrote = match transport {
                Transport::Plain => socket.write(&self.bytes[self.written..]),
                Transport::Tls(session) => session.write_tls(socket),
            };
            match wrote {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    bytes += count;
                    if transport.is_plain() {
                        self.advance(count);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.note_lag(bytes, now);
                    return Ok((bytes, calls));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn note_lag(&mut self, taken: usize, now: Duration) {
        self.lag = Some(match self.lag {
            Some(lag) if taken < lag.due => Lag { due: lag.due - taken, ..lag },
            _ => Lag { since: now, due: self.waiting_bytes().clamp(1, DUE_BYTES_MAX) },
        });
    }

    fn advance(&mut self, count: usize) {
        self.written += count;
        if self.written == self.bytes.len() {
            self.written = 0;
            self.bytes.clear();
            self.bytes.shrink_to(KEPT_BYTES);
        } else if self.written > self.bytes.len() / 2 {
            self.bytes.drain(..self.written);
            self.written = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then none.
    struct Pipe(usize);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.0);
            self.0 -= count;
            if count == 0 { Err(ErrorKind::WouldBlock.into()) } else { Ok(count) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_takes_a_byte_now_and_then_is_known() {
        let (mut outbox, second) = (Outbox::default(), Duration::from_secs);
        outbox.end().resize(100_000, b'x');
        for now in 1..5 {
            outbox.write_to(&mut Transport::Plain, &mut Pipe(1), second(now)).expect("it waits");
            assert_eq!(outbox.lags_since(), Some(second(1)), "a byte is not what waits");
        }
        outbox.write_to(&mut Transport::Plain, &mut Pipe(DUE_BYTES_MAX), second(5)).expect("it waits");
        assert_eq!(outbox.lags_since(), Some(second(5)), "whoever takes enough goes on");
        let rest = outbox.waiting_bytes();
        assert_eq!(rest, 100_000 - 4 - DUE_BYTES_MAX);
        let done = outbox.write_to(&mut Transport::Plain, &mut Pipe(rest), second(6)).expect("it takes all");
        assert_eq!((done, outbox.waiting_bytes(), outbox.lags_since()), ((rest, 1), 0, None));
    }
}
