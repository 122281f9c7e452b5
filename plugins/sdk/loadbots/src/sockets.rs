//! A socket for each bot, watched together, and the bad link they may all go over.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::DatagramPort;
use hypogeum_link_conditioner::{Link, LinkConditions};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use parking_lot::{Mutex, MutexGuard};

use crate::link_report::{LinkReport, LinkSide};
use crate::streams::{StreamLink, StreamSocket};

/// Longest datagram taken.
const DATAGRAM_BYTES: usize = 2_048;
/// Sockets told of at once.
const READY_MAX: usize = 1_024;

/// What a bot's connection goes over.
#[derive(Debug)]
enum Carrier {
    Udp { socket: UdpSocket, server: SocketAddr },
    WebSocket(Box<StreamSocket>),
}

/// Where a bot connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Udp(SocketAddr),
    WebSocket(SocketAddr),
}

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
    pub(crate) fn new(link: Option<(LinkConditions, u64)>) -> std::io::Result<Self> {
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
    pub(crate) fn open(&mut self, to: To) -> std::io::Result<usize> {
        let key = self.carriers.len();
        let carrier = self.carrier(key, to)?;
        self.carriers.push(carrier);
        Ok(key)
    }

    /// Opens another socket in the place of one, for a new connection of the same bot.
    pub(crate) fn reopen(&mut self, key: usize, to: To) -> std::io::Result<()> {
        let carrier = self.carrier(key, to)?;
        if let Some(place) = self.carriers.get_mut(key) {
            // The old socket leaves the epoll with its end.
            *place = carrier;
        }
        Ok(())
    }

    fn carrier(&mut self, key: usize, to: To) -> std::io::Result<Carrier> {
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

    fn watched(&self, key: usize, server: SocketAddr) -> std::io::Result<UdpSocket> {
        let any: SocketAddr = match server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(any)?;
        socket.set_nonblocking(true)?;
        // No way there, perhaps no IPv6 at all: nothing leaves, and the token's next address gets its turn.
        let _ = socket.connect(server);
        self.epoll.add(&socket, EpollEvent::new(EpollFlags::EPOLLIN, key as u64))?;
        Ok(socket)
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

    /// Takes the next datagram or segment off the link that arrives by now, for the bot of the key returned.
    pub(crate) fn next_arrived(&mut self, now: Duration) -> Option<usize> {
        self.now = now;
        let (_, down) = self.links.as_mut()?;
        if let Some(due) = down.pop_due(now) {
            let (key, length) = (due.key as usize, due.bytes.len());
            self.buffer.get_mut(..length)?.copy_from_slice(due.bytes);
            self.arrived = Some((key, length));
            return Some(key);
        }
        loop {
            let (key, link_key, segment) = self.stream_link.as_mut()?.next_arrived(now)?;
            if self.stream_mut(key).is_some_and(|stream| stream.arrive(link_key, &segment)) {
                return Some(key);
            }
        }
    }

    /// Lets what is due leave the link for the server.
    pub(crate) fn send_due(&mut self, now: Duration) {
        self.now = now;
        let Some((up, _)) = &mut self.links else { return };
        while let Some(due) = up.pop_due(now) {
            if let Some(Carrier::Udp { socket, .. }) = self.carriers.get(due.key as usize) {
                // A datagram that does not leave is a datagram lost.
                let _ = socket.send(due.bytes);
            }
        }
        self.send_segments(now);
    }

    fn send_segments(&mut self, now: Duration) {
        while let Some((key, link_key, segment)) = self.stream_link.as_mut().and_then(|link| link.next_leaving(now)) {
            if let Some(Carrier::WebSocket(stream)) = self.carriers.get_mut(key) {
                stream.leave(&self.epoll, key, link_key, &segment);
            }
        }
    }

    fn stream_mut(&mut self, key: usize) -> Option<&mut StreamSocket> {
        match self.carriers.get_mut(key)? {
            Carrier::WebSocket(stream) => Some(stream),
            Carrier::Udp { .. } => None,
        }
    }

    /// The stream of a key is at its end, whatever it may still bring.
    pub(crate) fn unwatch(&mut self, key: usize) {
        if let Some(Carrier::WebSocket(stream)) = self.carriers.get_mut(key) {
            stream.unwatch(&self.epoll);
        }
    }

    /// Whether the bot of a key has a WebSocket.
    pub(crate) fn is_web_socket(&self, key: usize) -> bool {
        matches!(self.carriers.get(key), Some(Carrier::WebSocket(_)))
    }

    /// From now on the way is clear: for goodbyes. What is under way in a stream leaves at once, for its end must not overtake it.
    pub(crate) fn unlink(&mut self) -> Option<LinkReport> {
        self.send_segments(Duration::MAX);
        let (up, down) = self.links.take()?;
        let conditions = up.conditions().to_string();
        let mut report =
            LinkReport { conditions, up: LinkSide::of(up.counters()), down: LinkSide::of(down.counters()) };
        if let Some(link) = self.stream_link.take() {
            let (up, down) = link.sides();
            report.up.add(&up);
            report.down.add(&down);
        }
        Some(report)
    }

    /// A login was not let in, by this code of HTTP.
    pub(crate) fn note_refusal(&mut self, code: &str) {
        *self.refusals.entry(code.to_owned()).or_default() += 1;
    }

    /// The codes by which logins were not let in, and how often.
    pub(crate) fn take_refusals(&mut self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.refusals)
    }

    /// Reads a bot's stream, as [`std::io::Read`] says.
    pub(crate) fn read_stream(&mut self, key: usize, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (epoll, is_linked) = (&self.epoll, self.stream_link.is_some());
        match self.carriers.get_mut(key) {
            Some(Carrier::WebSocket(stream)) => stream.read(epoll, buffer, is_linked),
            _ => Ok(0),
        }
    }

    /// Writes to a bot's stream, as [`std::io::Write`] says.
    pub(crate) fn write_stream(&mut self, key: usize, bytes: &[u8]) -> std::io::Result<usize> {
        let link = (self.stream_link.as_mut(), self.now);
        match self.carriers.get_mut(key) {
            Some(Carrier::WebSocket(stream)) => stream.write(&self.epoll, key, bytes, link),
            _ => Ok(0),
        }
    }

    fn send(&mut self, key: usize, to: SocketAddr, datagram: &[u8]) {
        let Some(Carrier::Udp { server, .. }) = self.carriers.get(key) else { return };
        if *server != to
            && let Ok(socket) = self.watched(key, to)
            && let Some(place) = self.carriers.get_mut(key)
        {
            // The token's next address. The old socket leaves the epoll with its end.
            *place = Carrier::Udp { socket, server: to };
        }
        match (&mut self.links, self.carriers.get(key)) {
            (Some((up, _)), _) => {
                up.push(self.now, key as u32, datagram);
            }
            (None, Some(Carrier::Udp { socket, .. })) => {
                // A datagram that does not leave is a datagram lost: renet sends again, netcode times out.
                let _ = socket.send(datagram);
            }
            (None, _) => {}
        }
    }

    fn take(&mut self, key: usize, buffer: &mut [u8]) -> Option<usize> {
        let (_, length) = self.arrived.take_if(|(arrived, _)| *arrived == key)?;
        buffer.get_mut(..length)?.copy_from_slice(self.buffer.get(..length)?);
        Some(length)
    }
}

/// The sockets, as their bots and their driver share them: all on one thread, so that nobody ever waits here.
#[derive(Clone, Debug)]
pub(crate) struct SocketSet(Arc<Mutex<Sockets>>);

impl SocketSet {
    pub(crate) fn new(sockets: Sockets) -> Self {
        Self(Arc::new(Mutex::new(sockets)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Sockets> {
        // Each change is whole by itself.
        self.0.lock()
    }
}

/// One bot's part of the sockets.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) socket_set: SocketSet,
    pub(crate) key: usize,
}

impl DatagramPort for Port {
    fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        self.socket_set.lock().send(self.key, to, datagram);
    }

    fn receive(&mut self, _server: SocketAddr, buffer: &mut [u8]) -> Option<usize> {
        self.socket_set.lock().take(self.key, buffer)
    }
}

/// One bot's stream among the sockets.
#[derive(Debug)]
pub(crate) struct StreamPort {
    pub(crate) socket_set: SocketSet,
    pub(crate) key: usize,
}

impl Read for StreamPort {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.socket_set.lock().read_stream(self.key, buffer)
    }
}

impl Write for StreamPort {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.socket_set.lock().write_stream(self.key, bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::net::{TcpListener, TcpStream};

    /// A server's socket, and one of ours that knows it.
    fn pair(link: Option<LinkConditions>) -> (UdpSocket, SocketSet) {
        let server = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let mut sockets = Sockets::new(link.map(|conditions| (conditions, 7))).expect("an epoll");
        sockets.open(To::Udp(server.local_addr().expect("bound"))).expect("a socket");
        (server, SocketSet::new(sockets))
    }

    /// Sends to our socket and waits until that can be read.
    fn arrive(server: &UdpSocket, socket_set: &SocketSet, bytes: &[u8]) {
        let port = match &socket_set.lock().carriers[0] {
            Carrier::Udp { socket, .. } => socket.local_addr().expect("bound").port(),
            Carrier::WebSocket(_) => panic!("it is one of UDP"),
        };
        server.send_to(bytes, (Ipv4Addr::LOCALHOST, port)).expect("it leaves");
        wait(socket_set);
    }

    fn wait(socket_set: &SocketSet) {
        let mut keys = Vec::new();
        while keys.is_empty() {
            socket_set.lock().ready(Duration::from_secs(1), &mut keys);
        }
        assert_eq!(keys, [0], "the one socket there is");
    }

    /// A server's stream, and one of ours that is connected to it.
    fn streams(link: Option<LinkConditions>) -> (TcpStream, SocketSet) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let mut sockets = Sockets::new(link.map(|conditions| (conditions, 7))).expect("an epoll");
        sockets.open(To::WebSocket(listener.local_addr().expect("bound"))).expect("a socket");
        let (server, _) = listener.accept().expect("it connects");
        let socket_set = SocketSet::new(sockets);
        // It is told that it is connected, once.
        wait(&socket_set);
        socket_set.lock().read(0, Duration::ZERO);
        (server, socket_set)
    }

    #[test]
    fn a_stream_is_read_and_written_at_once_where_there_is_no_link() {
        let (mut server, socket_set) = streams(None);
        let mut port = StreamPort { socket_set: socket_set.clone(), key: 0 };
        let mut buffer = [0; 16];
        let empty = port.read(&mut buffer).map_err(|error| error.kind());
        assert_eq!(empty, Err(ErrorKind::WouldBlock), "nothing has come");
        server.write_all(b"hello").expect("it leaves");
        wait(&socket_set);
        assert!(socket_set.lock().read(0, Duration::ZERO), "there is something to take");
        assert_eq!(port.read(&mut buffer).ok(), Some(5), "all of it");
        port.write_all(b"you").expect("there is room");
        assert_eq!(server.read(&mut buffer).ok(), Some(3), "and back");
        drop(server);
        wait(&socket_set);
        assert!(socket_set.lock().read(0, Duration::ZERO), "the end is something, too");
        assert_eq!(port.read(&mut buffer).ok(), Some(0), "it is the end");
        assert_eq!(port.read(&mut buffer).ok(), Some(0), "and stays the end");
        assert!(socket_set.lock().is_web_socket(0), "that is what it is");
        let mut keys = Vec::new();
        socket_set.lock().ready(Duration::ZERO, &mut keys);
        assert_eq!(keys, [] as [usize; 0], "and is told once");
    }

    #[test]
    fn over_a_link_a_stream_takes_its_time_and_then_ends() {
        let conditions = "100ms,0ms,0%".parse().expect("conditions");
        let (mut server, socket_set) = streams(Some(conditions));
        let mut port = StreamPort { socket_set: socket_set.clone(), key: 0 };
        let (at, mut buffer) = (Duration::from_millis, [0; 16]);
        server.write_all(b"down").expect("it leaves");
        wait(&socket_set);
        assert!(!socket_set.lock().read(0, at(10)), "it is under way");
        assert_eq!(socket_set.lock().next_arrived(at(109)), None, "until a moment before");
        assert!(port.read(&mut buffer).is_err(), "nothing has come");
        assert_eq!(socket_set.lock().next_arrived(at(110)), Some(0), "there it is");
        assert_eq!(port.read(&mut buffer).ok(), Some(4), "whole");

        port.write_all(b"up").expect("there is room");
        server.set_nonblocking(true).expect("a socket can be asked");
        socket_set.lock().send_due(at(209));
        assert_eq!(server.read(&mut buffer).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock), "under way");
        port.write_all(b"last").expect("there is room");
        let report = socket_set.lock().unlink().expect("there is a link");
        assert_eq!((report.up.passed, report.down.passed), (2, 1), "and it is told: {report:?}");
        port.write_all(b"bye").expect("there is room");
        server.set_nonblocking(false).expect("a socket can wait");
        let mut heard = [0; 9];
        server.read_exact(&mut heard).expect("all of it comes");
        assert_eq!(&heard, b"uplastbye", "in its order, though nobody waited for the link");
    }

    #[test]
    fn what_arrives_is_for_one_bot_and_once() {
        let (server, socket_set) = pair(None);
        arrive(&server, &socket_set, b"hello");
        assert!(socket_set.lock().read(0, Duration::ZERO), "there is something to take");
        let mut buffer = [0; 16];
        assert_eq!(socket_set.lock().take(1, &mut buffer), None, "it is not for another");
        assert_eq!(socket_set.lock().take(0, &mut buffer), Some(5), "it is for this one");
        assert_eq!(&buffer[..5], b"hello", "whole");
        assert_eq!(socket_set.lock().take(0, &mut buffer), None, "once");
        assert!(!socket_set.lock().read(0, Duration::ZERO), "nothing more is there");
    }

    #[test]
    fn over_a_link_everything_takes_its_time_both_ways() {
        let conditions = "100ms,0ms,0%".parse().expect("conditions");
        let (server, socket_set) = pair(Some(conditions));
        arrive(&server, &socket_set, b"down");
        let at = Duration::from_millis;
        assert!(!socket_set.lock().read(0, at(10)), "it is under way still");
        assert_eq!(socket_set.lock().next_arrived(at(109)), None, "until a moment before");
        assert_eq!(socket_set.lock().next_arrived(at(110)), Some(0), "there it is");
        assert_eq!(socket_set.lock().take(0, &mut [0; 16]), Some(4), "whole");

        let to = server.local_addr().expect("bound");
        socket_set.lock().send(0, to, b"up");
        server.set_nonblocking(true).expect("a socket can be asked");
        socket_set.lock().send_due(at(209));
        let mut buffer = [0; 16];
        assert_eq!(server.recv(&mut buffer).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock), "under way");
        socket_set.lock().send_due(at(210));
        assert_eq!(server.recv(&mut buffer).ok(), Some(2), "then it is there");
        let report = socket_set.lock().unlink().expect("there is a link");
        assert_eq!((report.up.passed, report.down.passed), (1, 1), "and it is told: {report:?}");
    }
}
