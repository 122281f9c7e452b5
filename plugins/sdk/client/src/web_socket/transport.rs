//! What lies between a WebSocket's frames and its stream: nothing, or TLS.

use std::io::{self, ErrorKind, Read, Write};

use rustls::ClientConnection;

/// Memory that is kept for what is encrypted next: a tick's inputs and some messages.
const KEPT_BYTES: usize = 4 * 1_024;

/// A stream that does not block, and how bytes travel over it.
#[derive(Debug)]
pub(super) struct Transport<S> {
    stream: S,
    tls: Option<Box<Tls>>,
    /// Of the stream, encrypted where it is.
    bytes_in: u64,
    bytes_out: u64,
}

/// A TLS session, and what it has encrypted for the stream.
#[derive(Debug)]
struct Tls {
    session: ClientConnection,
    /// Records that wait for the stream. What stands before `written` is gone.
    sealed: Vec<u8>,
    written: usize,
    /// What is sealed next is the last.
    is_ending: bool,
}

impl<S: Read + Write> Transport<S> {
    /// Over this session, or over none. Hands are shaken as reads and writes go.
    pub(super) fn new(stream: S, session: Option<ClientConnection>) -> Self {
        let tls = session.map(|session| Tls { session, sealed: Vec::new(), written: 0, is_ending: false });
        Self { stream, tls: tls.map(Box::new), bytes_in: 0, bytes_out: 0 }
    }

    /// Reads, as [`Read`] says; 0: it is at its end.
    ///
    /// # Errors
    /// Those of the stream, and [`ErrorKind::InvalidData`] where what came is no TLS, or of a server that nobody vouches for.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { stream, tls, bytes_in, bytes_out } = self;
        let Some(tls) = tls else {
            let length = stream.read(buffer)?;
            *bytes_in += length as u64;
            return Ok(length);
        };
        loop {
            match tls.session.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                outcome => return outcome,
            }
            let length = tls.session.read_tls(stream)?;
            if length == 0 {
                return Ok(0);
            }
            *bytes_in += length as u64;
            if let Err(error) = tls.session.process_new_packets() {
                // It hears what was wrong, if the stream takes that at once.
                let _ = tls.seal().and_then(|()| tls.send(stream, bytes_out));
                return Err(io::Error::new(ErrorKind::InvalidData, error));
            }
        }
    }

    /// Sends what it has to say, these bytes in the end, in one write where the stream takes that. Returns how many of them it has
    /// taken, which is all of them or a part; with none it sends what has waited.
    ///
    /// # Errors
    /// Those of the stream, [`ErrorKind::WouldBlock`] where it has taken nothing for now.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self { stream, tls, bytes_out, .. } = self;
        match tls {
            None if bytes.is_empty() => Ok(0),
            None => write_some(stream, bytes, bytes_out),
            Some(tls) => tls.write(bytes, stream, bytes_out),
        }
    }

    /// Says that what is written next is the last: the end of a TLS session follows it at once.
    pub(super) fn end_with_next(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.is_ending = true;
        }
    }

    /// Bytes that are encrypted and wait for the stream.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.tls.as_ref().map_or(0, |tls| tls.sealed.len() - tls.written)
    }

    /// Bytes that came and went.
    pub(super) const fn carried(&self) -> (u64, u64) {
        (self.bytes_in, self.bytes_out)
    }
}

impl<S> Transport<S> {
    pub(super) const fn stream(&self) -> &S {
        &self.stream
    }
}

impl Tls {
    fn write(&mut self, bytes: &[u8], stream: &mut impl Write, bytes_out: &mut u64) -> io::Result<usize> {
        self.send(stream, bytes_out)?;
        let taken = if bytes.is_empty() { 0 } else { self.session.writer().write(bytes)? };
        if self.is_ending && taken == bytes.len() {
            // The session says it once, however often it is told to.
            self.session.send_close_notify();
        }
        self.seal()?;
        match self.send(stream, bytes_out) {
            // It is taken all the same, and waits here.
            Err(error) if is_for_now(&error) => {}
            outcome => outcome?,
        }
        if taken == 0 && !bytes.is_empty() { Err(ErrorKind::WouldBlock.into()) } else { Ok(taken) }
    }

    fn seal(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            self.session.write_tls(&mut self.sealed)?;
        }
        Ok(())
    }

    fn send(&mut self, stream: &mut impl Write, bytes_out: &mut u64) -> io::Result<()> {
        while self.written < self.sealed.len() {
            self.written += write_some(stream, &self.sealed[self.written..], bytes_out)?;
        }
        self.sealed.clear();
        self.sealed.shrink_to(KEPT_BYTES);
        self.written = 0;
        Ok(())
    }
}

fn write_some(stream: &mut impl Write, bytes: &[u8], bytes_out: &mut u64) -> io::Result<usize> {
    match stream.write(bytes)? {
        0 => Err(ErrorKind::WriteZero.into()),
        count => {
            *bytes_out += count as u64;
            Ok(count)
        }
    }
}

/// Whether a stream that says this may take something later. One that is still connecting says one or the other.
pub(super) fn is_for_now(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected | ErrorKind::Interrupted)
}
