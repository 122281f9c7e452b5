//! A socket for each bot, watched together, and the bad link they may all go over.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::{DatagramPort, PortWire, Traffic, Wire, WireState};
use hypogeum_link_conditioner::{Link, LinkConditions};
use hypogeum_protocol::lane::Reader;
use hypogeum_protocol::link::Lane;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use parking_lot::{Mutex, MutexGuard};

use crate::lane_numbers::LaneNumbers;
use crate::link_report::{LinkReport, LinkSide};

/// Longest datagram taken.
const DATAGRAM_BYTES: usize = 2_048;
/// Sockets told of at once.
const READY_MAX: usize = 1_024;

#[derive(Debug)]
struct BotSocket {
    socket: UdpSocket,
    server: SocketAddr,
    lane: LaneNumbers,
    /// Of connections before this one: datagrams of the lane that were sent, and those that never came.
    earlier: (u64, u64),
}

impl BotSocket {
    fn lane_in_all(&self) -> (u64, u64) {
        let (expected, lost) = self.earlier;
        (expected + self.lane.expected(), lost + self.lane.lost())
    }
}

/// The sockets of one driver's bots. A bot's key is its place in the pool.
#[derive(Debug)]
pub(crate) struct Sockets {
    epoll: Epoll,
    bot_sockets: Vec<BotSocket>,
    /// Up and down.
    links: Option<(Link, Link)>,
    now: Duration,
    /// What arrived, for whom, and how long it is.
    arrived: Option<(usize, usize)>,
    buffer: Box<[u8; DATAGRAM_BYTES]>,
}

impl Sockets {
    pub(crate) fn new(link: Option<(LinkConditions, u64)>) -> std::io::Result<Self> {
        Ok(Self {
            epoll: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            bot_sockets: Vec::new(),
            links: link.map(|(conditions, seed)| Link::pair(conditions, seed)),
            now: Duration::ZERO,
            arrived: None,
            buffer: Box::new([0; DATAGRAM_BYTES]),
        })
    }

    /// Opens one more socket, for the bot of the next key.
    pub(crate) fn open(&mut self, server: SocketAddr) -> std::io::Result<usize> {
        let key = self.bot_sockets.len();
        let socket = self.watched(key, server)?;
        self.bot_sockets.push(BotSocket { socket, server, lane: LaneNumbers::default(), earlier: (0, 0) });
        Ok(key)
    }

    /// Opens another socket in the place of one, for a new connection of the same bot.
    pub(crate) fn reopen(&mut self, key: usize, server: SocketAddr) -> std::io::Result<()> {
        let socket = self.watched(key, server)?;
        if let Some(bot_socket) = self.bot_sockets.get_mut(key) {
            let (expected, lost) = bot_socket.lane_in_all();
            // The old socket leaves the epoll with its end.
            *bot_socket = BotSocket { socket, server, lane: LaneNumbers::default(), earlier: (expected, lost) };
        }
        Ok(())
    }

    /// Gives the newest one up again, which nobody wants.
    pub(crate) fn close_newest(&mut self) {
        self.bot_sockets.pop();
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

    /// Reads one datagram of a socket. Whether there is something for the bot to take now: over a link it comes later.
    pub(crate) fn read(&mut self, key: usize, now: Duration) -> bool {
        self.now = now;
        let Some(bot_socket) = self.bot_sockets.get(key) else { return false };
        // A refusal means the server's port is closed just now: its timeout decides.
        let Ok(length) = bot_socket.socket.recv(&mut self.buffer[..]) else { return false };
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

    /// Takes the next datagram off the link that arrives by now, for the bot of the key returned.
    pub(crate) fn next_arrived(&mut self, now: Duration) -> Option<usize> {
        self.now = now;
        let (_, down) = self.links.as_mut()?;
        let due = down.pop_due(now)?;
        let (key, length) = (due.key as usize, due.bytes.len());
        self.buffer.get_mut(..length)?.copy_from_slice(due.bytes);
        self.arrived = Some((key, length));
        Some(key)
    }

    /// Lets what is due leave the link for the server.
    pub(crate) fn send_due(&mut self, now: Duration) {
        self.now = now;
        let Some((up, _)) = &mut self.links else { return };
        while let Some(due) = up.pop_due(now) {
            if let Some(bot_socket) = self.bot_sockets.get(due.key as usize) {
                // A datagram that does not leave is a datagram lost.
                let _ = bot_socket.socket.send(due.bytes);
            }
        }
    }

    /// From now on the way is clear: for goodbyes.
    pub(crate) fn unlink(&mut self) -> Option<LinkReport> {
        let (up, down) = self.links.take()?;
        let conditions = up.conditions().to_string();
        Some(LinkReport { conditions, up: LinkSide::of(up.counters()), down: LinkSide::of(down.counters()) })
    }

    /// Datagrams the server sent on the datagram lane, and those of them that did not come.
    pub(crate) fn lane(&self) -> (u64, u64) {
        let lanes = self.bot_sockets.iter().map(BotSocket::lane_in_all);
        lanes.fold((0, 0), |(expected, lost), (more, gone)| (expected + more, lost + gone))
    }

    fn send(&mut self, key: usize, to: SocketAddr, datagram: &[u8]) {
        if self.bot_sockets.get(key).is_some_and(|bot_socket| bot_socket.server != to)
            && let Ok(socket) = self.watched(key, to)
            && let Some(bot_socket) = self.bot_sockets.get_mut(key)
        {
            // The token's next address. The old socket leaves the epoll with its end.
            (bot_socket.socket, bot_socket.server) = (socket, to);
        }
        match (&mut self.links, self.bot_sockets.get(key)) {
            (Some((up, _)), _) => {
                up.push(self.now, key as u32, datagram);
            }
            (None, Some(bot_socket)) => {
                // A datagram that does not leave is a datagram lost: renet sends again, netcode times out.
                let _ = bot_socket.socket.send(datagram);
            }
            (None, None) => {}
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
    socket_set: SocketSet,
    key: usize,
}

impl DatagramPort for Port {
    fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        self.socket_set.lock().send(self.key, to, datagram);
    }

    fn receive(&mut self, _server: SocketAddr, buffer: &mut [u8]) -> Option<usize> {
        self.socket_set.lock().take(self.key, buffer)
    }
}

/// A bot's wire: it also notes which of the server's datagrams never came.
#[derive(Debug)]
pub(crate) struct BotWire {
    wire: PortWire<Port>,
    socket_set: SocketSet,
    key: usize,
}

impl BotWire {
    /// A connection by a token, over the socket of this key.
    pub(crate) fn connect(token: &[u8], socket_set: &SocketSet, key: usize) -> Option<Self> {
        let port = Port { socket_set: socket_set.clone(), key };
        Some(Self { wire: PortWire::connect(token, port).ok()?, socket_set: socket_set.clone(), key })
    }
}

impl Wire for BotWire {
    fn update(&mut self, elapsed: Duration) {
        self.wire.update(elapsed);
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.wire.receive()
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        self.wire.send(lane, bytes);
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        self.wire.send_lane(datagram);
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        let taken = self.wire.take_lane(out);
        let mut reader = Reader::new(out);
        // The lane's byte, then the datagram's number.
        if taken
            && reader.byte().is_ok()
            && let Ok(seq) = reader.u16()
            && let Some(bot_socket) = self.socket_set.lock().bot_sockets.get_mut(self.key)
        {
            bot_socket.lane.note(seq);
        }
        taken
    }

    fn flush(&mut self) {
        self.wire.flush();
    }

    fn state(&self) -> WireState {
        self.wire.state()
    }

    fn traffic(&self) -> Traffic {
        self.wire.traffic()
    }

    fn close(&mut self) {
        self.wire.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    /// A server's socket, and one of ours that knows it.
    fn pair(link: Option<LinkConditions>) -> (UdpSocket, SocketSet) {
        let server = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let mut sockets = Sockets::new(link.map(|conditions| (conditions, 7))).expect("an epoll");
        sockets.open(server.local_addr().expect("bound")).expect("a socket");
        (server, SocketSet::new(sockets))
    }

    /// Sends to our socket and waits until that can be read.
    fn arrive(server: &UdpSocket, socket_set: &SocketSet, bytes: &[u8]) {
        let ours = socket_set.lock().bot_sockets[0].socket.local_addr().expect("bound");
        server.send_to(bytes, (Ipv4Addr::LOCALHOST, ours.port())).expect("it leaves");
        let mut keys = Vec::new();
        while keys.is_empty() {
            socket_set.lock().ready(Duration::from_secs(1), &mut keys);
        }
        assert_eq!(keys, [0], "the one socket there is");
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
