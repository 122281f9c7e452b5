//! Bots' streams: TCP connections, read and written in parts.

use std::io;

use super::Sockets;
use super::carrier::Carrier;
use super::stream_socket::StreamSocket;

impl Sockets {
    /// Reads a bot's stream, as [`io::Read`] says.
    pub(crate) fn read_stream(&mut self, key: usize, buffer: &mut [u8]) -> io::Result<usize> {
        let (epoll, is_linked) = (&self.epoll, self.stream_link.is_some());
        match self.carriers.get_mut(key) {
            Some(Carrier::WebSocket(stream)) => stream.read(epoll, buffer, is_linked),
            _ => Ok(0),
        }
    }

    /// Writes to a bot's stream, as [`io::Write`] says.
    pub(crate) fn write_stream(&mut self, key: usize, bytes: &[u8]) -> io::Result<usize> {
        let link = (self.stream_link.as_mut(), self.now);
        match self.carriers.get_mut(key) {
            Some(Carrier::WebSocket(stream)) => stream.write(&self.epoll, key, bytes, link),
            _ => Ok(0),
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

    pub(super) fn stream_mut(&mut self, key: usize) -> Option<&mut StreamSocket> {
        match self.carriers.get_mut(key)? {
            Carrier::WebSocket(stream) => Some(stream),
            Carrier::Udp { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use hypogeum_link_conditioner::LinkConditions;

    use super::super::testing::wait;
    use super::super::{SocketSet, StreamPort, To};
    use super::*;

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
}
