//! A socket for each bot, watched together.

mod carrier;
mod datagrams;
mod link;
mod ports;
mod stream_link;
mod stream_socket;
mod streams;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use hypogeum_link_conditioner::{Link, LinkConditions};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollTimeout};

use self::carrier::Carrier;
pub(crate) use self::carrier::To;
pub(crate) use self::ports::{Port, SocketSet, StreamPort};
use self::stream_link::StreamLink;
use self::stream_socket::StreamSocket;

/// Longest datagram taken.
const DATAGRAM_BYTES: usize = 2_048;
/// Sockets told of at once.
const READY_MAX: usize = 1_024;

/// The sockets of one driver's bots. A bot's key is its place in the pool.
#[derive(Debug)]
pub(crate) struct Sockets {
    epoll: Epoll,
    carriers: Vec<Carrier>,
    /// Up and down.
    links: Option<(Link, Link)>,
    /// The same for streams.
    stream_link: Option<StreamLink>,
    /// Codes of HTTP by which logins were not let in.
    refusals: BTreeMap<String, u64>,
    now: Duration,
    /// What arrived, for whom, and how long it is.
    arrived: Option<(usize, usize)>,
    buffer: Box<[u8; DATAGRAM_BYTES]>,
}

impl Sockets {
    pub(crate) fn new(link: Option<(LinkConditions, u64)>) -> io::Result<Self> {
        Ok(Self {
            epoll: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            carriers: Vec::new(),
            links: link.map(|(conditions, seed)| Link::pair(conditions, seed)),
            stream_link: link.map(|(conditions, seed)| StreamLink::new(conditions, seed)),
            refusals: BTreeMap::new(),
            now: Duration::ZERO,
            arrived: None,
            buffer: Box::new([0; DATAGRAM_BYTES]),
        })
    }

    /// Opens one more socket, for the bot of the next key.
    pub(crate) fn open(&mut self, to: To) -> io::Result<usize> {
        let key = self.carriers.len();
        let carrier = self.carrier(key, to)?;
        self.carriers.push(carrier);
        Ok(key)
    }

    /// Opens another socket in the place of one, for a new connection of the same bot.
    pub(crate) fn reopen(&mut self, key: usize, to: To) -> io::Result<()> {
        let carrier = self.carrier(key, to)?;
        if let Some(place) = self.carriers.get_mut(key) {
            // The old socket leaves the epoll with its end.
            *place = carrier;
        }
        Ok(())
    }

    fn carrier(&mut self, key: usize, to: To) -> io::Result<Carrier> {
        Ok(match to {
            To::Udp(server) => Carrier::Udp { socket: self.watched(key, server)?, server },
            To::WebSocket(server) => {
                let stream = StreamSocket::connect(&self.epoll, key, server, self.stream_link.as_mut())?;
                Carrier::WebSocket(Box::new(stream))
            }
        })
    }

    /// Gives the newest one up again, which nobody wants.
    pub(crate) fn close_newest(&mut self) {
        self.carriers.pop();
    }

    /// Waits for at most so long until something can be read, and says of which keys.
    pub(crate) fn ready(&self, timeout: Duration, keys: &mut Vec<usize>) {
        keys.clear();
        let mut events = [EpollEvent::empty(); READY_MAX];
        let timeout = EpollTimeout::try_from(timeout).unwrap_or(EpollTimeout::ZERO);
        let count = self.epoll.wait(&mut events, timeout).unwrap_or_default();
        keys.extend(events.iter().take(count).map(|event| event.data() as usize));
    }

    /// Reads what one socket has: one datagram of UDP. Whether there is something for the bot to take now: over a link it comes
    /// later.
    pub(crate) fn read(&mut self, key: usize, now: Duration) -> bool {
        self.now = now;
        let Some(carrier) = self.carriers.get_mut(key) else { return false };
        let socket = match carrier {
            Carrier::Udp { socket, .. } => socket,
            Carrier::WebSocket(stream) => return stream.note_ready(&self.epoll, key, now, self.stream_link.as_mut()),
        };
        // A refusal means the server's port is closed just now: its timeout decides.
        let Ok(length) = socket.recv(&mut self.buffer[..]) else { return false };
        match (&mut self.links, self.buffer.get(..length)) {
            (Some((_, down)), Some(datagram)) => {
                down.push(now, key as u32, datagram);
                false
            }
            _ => {
                self.arrived = Some((key, length));
                true
            }
        }
    }

    /// A login was not let in, by this code of HTTP.
    pub(crate) fn note_refusal(&mut self, code: &str) {
        *self.refusals.entry(code.to_owned()).or_default() += 1;
    }

    /// The codes by which logins were not let in, and how often.
    pub(crate) fn take_refusals(&mut self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.refusals)
    }
}
