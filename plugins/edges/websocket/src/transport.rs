//! What lies between a socket and the frames: nothing, or TLS.

use std::io::{self, BufRead, ErrorKind, IoSlice, Write};

use rustls::ServerConnection;

/// Bytes that are encrypted at once, at most: what is encrypted cannot be replaced any more, so the rest waits as it is.
const SEALED_BYTES_MAX: usize = 64 << 10;
/// Memory that a connection keeps for what is encrypted next: a tick's state with some events.
const KEPT_BYTES: usize = 2 << 10;

/// How a connection's bytes travel.
#[derive(Debug)]
pub(crate) enum Transport {
    /// As they are.
    Plain,
    /// As records of TLS.
    Tls(Box<Tls>),
}

/// A TLS session, and what it has encrypted for the socket.
#[derive(Debug)]
pub(crate) struct Tls {
    session: ServerConnection,
    /// Records that wait for the socket. What stands before `written` has been written.
    sealed: Vec<u8>,
    written: usize,
    /// The client has said that nothing more comes.
    has_ended: bool,
    /// What is sealed next is the last.
    is_ending: bool,
}

impl Transport {
    /// The transport of a socket: that of this session, whose handshake is over, or none.
    pub(crate) fn new(tls: Option<Box<ServerConnection>>) -> Self {
        let Some(mut session) = tls else { return Self::Plain };
        session.set_buffer_limit(Some(SEALED_BYTES_MAX));
        let tls = Tls { session: *session, sealed: Vec::new(), written: 0, has_ended: false, is_ending: false };
        Self::Tls(Box::new(tls))
    }

    /// Gives on what has come from the socket, decrypted where it has to be. With nothing: what the session has still kept.
    ///
    /// # Errors
    /// What came is no TLS. Nothing more can be read or written.
    pub(crate) fn open(&mut self, mut bytes: &[u8], mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let tls = match self {
            Self::Plain => {
                take(bytes);
                return Ok(());
            }
            Self::Tls(tls) => tls,
        };
        loop {
            let state =
                tls.session.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            tls.has_ended = state.peer_has_closed();
            let mut plain = tls.session.reader();
            while let Ok(part) = plain.fill_buf()
                && !part.is_empty()
            {
                take(part);
                let count = part.len();
                plain.consume(count);
            }
            // It takes nothing more after the end.
            if bytes.is_empty() || tls.has_ended || tls.session.read_tls(&mut bytes)? == 0 {
                return Ok(());
            }
        }
    }

    /// Whether the client has said that nothing more comes, other than by closing the socket.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self, Self::Tls(tls) if tls.has_ended)
    }

    /// Whether it has something to say itself: session tickets, or a refusal. An answer to a change of keys leaves with what is said next.
    pub(crate) fn has_answer(&self) -> bool {
        matches!(self, Self::Tls(tls) if tls.session.wants_write())
    }

    /// Bytes that are encrypted and wait for the socket.
    pub(crate) fn waiting_bytes(&self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Tls(tls) => tls.sealed.len() - tls.written,
        }
    }

    /// Says that what is sealed next is the last: the end of the session follows it at once.
    pub(crate) fn end_with_next(&mut self) {
        if let Self::Tls(tls) = self {
            tls.is_ending = true;
        }
    }

    /// Encrypts these, unless something that is encrypted waits. Returns how many bytes it has taken: those wait here now.
    pub(crate) fn seal(&mut self, parts: &[IoSlice<'_>; 2]) -> io::Result<usize> {
        let Self::Tls(tls) = self else { return Ok(0) };
        if !tls.sealed.is_empty() {
            return Ok(0);
        }
        let mut plain = tls.session.writer();
        let taken = match parts {
            [only, none] | [none, only] if none.is_empty() => plain.write(only)?,
            both => plain.write_vectored(both)?,
        };
        if tls.is_ending && taken == parts.iter().map(|part| part.len()).sum::<usize>() {
            // The session says it once, however often it is told to.
            tls.session.send_close_notify();
        }
        while tls.session.wants_write() {
            tls.session.write_tls(&mut tls.sealed)?;
        }
        Ok(taken)
    }

    /// Writes to the socket, in one call of the system: these as they are, or what is encrypted. Returns how many bytes it took.
    pub(crate) fn write(&mut self, parts: &[IoSlice<'_>], socket: &mut impl Write) -> io::Result<usize> {
        let tls = match self {
            Self::Plain => return socket.write_vectored(parts),
            Self::Tls(tls) => tls,
        };
        let count = socket.write(&tls.sealed[tls.written..])?;
        tls.written += count;
        if tls.written == tls.sealed.len() {
            tls.sealed.clear();
            tls.sealed.shrink_to(KEPT_BYTES);
            tls.written = 0;
        }
        Ok(count)
    }

    /// Tells the client what was wrong with its records, if the socket takes that at once.
    pub(crate) fn complain(&mut self, socket: &mut impl Write) {
        if let Self::Tls(tls) = self
            && tls.sealed.is_empty()
        {
            // The connection ends, whether it hears that or not.
            let _ = tls.session.write_tls(socket);
        }
    }

    /// Whether bytes go through it as they are.
    pub(crate) const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}
