//! The TCP socket of a bot that comes over a WebSocket.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::TcpStream;
use nix::sys::epoll::{Epoll, EpollEvent, EpollFlags};

use super::stream_link::{SEGMENT_BYTES, StreamLink, push};

/// Bytes taken from one socket in one turn.
const READ_BYTES: usize = 16 * 1_024;
/// Bytes that wait for a server that does not read, beyond which the link takes no more from its bot.
const WAITING_BYTES_MAX: usize = 64 * 1_024;

/// One bot's TCP connection.
#[derive(Debug)]
pub(super) struct StreamSocket {
    stream: TcpStream,
    /// What its segments have as key on the link: another one for each connection, so that nothing of an old one reaches a new one.
    link_key: u32,
    /// Something can be read, or is at an end. To ask the system each time costs more than everything else.
    is_readable: bool,
    /// Nobody waits for room any more.
    is_watched_for_room: bool,
    has_ended: bool,
    /// Bytes on their way down the link, then those that have come.
    under_way: usize,
    arrived: Vec<u8>,
    /// Bytes that have come up the link, and found no room in the socket.
    leaving: Vec<u8>,
}

impl StreamSocket {
    /// Begins to connect. The epoll tells of `key` when it is connected, and whenever something can be read.
    pub(super) fn connect(
        epoll: &Epoll,
        key: usize,
        server: SocketAddr,
        link: Option<&mut StreamLink>,
    ) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        // A socket that is still connecting may refuse it: then small frames wait for each other, and that is all.
        let _ = stream.set_nodelay(true);
        epoll.add(&stream, EpollEvent::new(EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT, key as u64))?;
        let link_key = link.map_or(0, |link| link.next_key(key));
        Ok(Self {
            stream,
            link_key,
            is_readable: true,
            is_watched_for_room: true,
            has_ended: false,
            under_way: 0,
            arrived: Vec::new(),
            leaving: Vec::new(),
        })
    }

    /// Takes note that the epoll has told of it. Whether there is something for the bot to do now: over a link it comes later.
    pub(super) fn note_ready(
        &mut self,
        epoll: &Epoll,
        key: usize,
        now: Duration,
        link: Option<&mut StreamLink>,
    ) -> bool {
        self.is_readable = true;
        if self.is_watched_for_room {
            self.is_watched_for_room = false;
            let _ = epoll.modify(&self.stream, &mut EpollEvent::new(EpollFlags::EPOLLIN, key as u64));
        }
        let Some(link) = link else { return true };
        self.send_leaving(epoll, key);
        let mut buffer = [0; READ_BYTES];
        if !link.down.has_room_for(READ_BYTES.div_ceil(SEGMENT_BYTES), READ_BYTES) {
            return false;
        }
        match self.read_socket(epoll, &mut buffer) {
            Ok(length) => {
                self.under_way += length;
                push(&mut link.down, now, self.link_key, buffer.get(..length).unwrap_or_default());
                // Its end is told when everything before it has come.
                self.has_ended && self.under_way == 0
            }
            Err(_) => false,
        }
    }

    /// Reads for the bot.
    pub(super) fn read(&mut self, epoll: &Epoll, buffer: &mut [u8], is_linked: bool) -> io::Result<usize> {
        if !is_linked && self.arrived.is_empty() {
            return self.read_socket(epoll, buffer);
        }
        if self.arrived.is_empty() && !(self.has_ended && self.under_way == 0) {
            return Err(ErrorKind::WouldBlock.into());
        }
        let length = buffer.len().min(self.arrived.len());
        for (place, byte) in buffer.iter_mut().zip(self.arrived.drain(..length)) {
            *place = byte;
        }
        Ok(length)
    }

    /// Reads from the system. 0: it has ended, or broken.
    fn read_socket(&mut self, epoll: &Epoll, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_ended {
            return Ok(0);
        }
        if !self.is_readable {
            return Err(ErrorKind::WouldBlock.into());
        }
        match self.stream.read(buffer) {
            Ok(length @ 1..) => {
                // What came in part was all there is; the epoll tells of more.
                self.is_readable = length == buffer.len();
                Ok(length)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                self.is_readable = false;
                Err(ErrorKind::WouldBlock.into())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Ok(_) | Err(_) => {
                self.unwatch(epoll);
                Ok(0)
            }
        }
    }

    /// It is at its end: the epoll would tell of that for ever.
    pub(super) fn unwatch(&mut self, epoll: &Epoll) {
        if !std::mem::replace(&mut self.has_ended, true) {
            let _ = epoll.delete(&self.stream);
        }
    }

    /// Writes for the bot: into the link, or the system.
    pub(super) fn write(
        &mut self,
        epoll: &Epoll,
        key: usize,
        bytes: &[u8],
        (link, now): (Option<&mut StreamLink>, Duration),
    ) -> io::Result<usize> {
        let Some(link) = link else {
            // What a link has left behind comes first.
            self.send_leaving(epoll, key);
            return match self.leaving.is_empty() {
                true => self.write_socket(epoll, key, bytes),
                false => Err(ErrorKind::WouldBlock.into()),
            };
        };
        let has_room = link.up.has_room_for(bytes.len().div_ceil(SEGMENT_BYTES), bytes.len());
        if !has_room || self.leaving.len() > WAITING_BYTES_MAX {
            return Err(ErrorKind::WouldBlock.into());
        }
        push(&mut link.up, now, self.link_key, bytes);
        Ok(bytes.len())
    }

    fn write_socket(&mut self, epoll: &Epoll, key: usize, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes);
        let is_full = match &written {
            Ok(count) => *count < bytes.len(),
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        if is_full && !self.is_watched_for_room && !self.has_ended {
            self.is_watched_for_room = true;
            let both = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT;
            let _ = epoll.modify(&self.stream, &mut EpollEvent::new(both, key as u64));
        }
        written
    }

    /// Takes a segment that has left the link for the server.
    pub(super) fn leave(&mut self, epoll: &Epoll, key: usize, link_key: u32, segment: &[u8]) {
        if link_key == self.link_key {
            self.leaving.extend_from_slice(segment);
            self.send_leaving(epoll, key);
        }
    }

    fn send_leaving(&mut self, epoll: &Epoll, key: usize) {
        if self.leaving.is_empty() {
            return;
        }
        let leaving = std::mem::take(&mut self.leaving);
        // What breaks here is found when it is read.
        let written = self.write_socket(epoll, key, &leaving).unwrap_or(0);
        self.leaving = leaving;
        self.leaving.drain(..written);
    }

    /// Takes a segment that has come down the link. Whether it is of this connection.
    pub(super) fn arrive(&mut self, link_key: u32, segment: &[u8]) -> bool {
        let is_ours = link_key == self.link_key;
        if is_ours {
            self.under_way = self.under_way.saturating_sub(segment.len());
            self.arrived.extend_from_slice(segment);
        }
        is_ours
    }
}
