//! Bots' datagrams: a socket of UDP each, connected to the server it talks to.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use nix::sys::epoll::{EpollEvent, EpollFlags};

use super::Sockets;
use super::carrier::Carrier;

impl Sockets {
    pub(super) fn watched(&self, key: usize, server: SocketAddr) -> std::io::Result<UdpSocket> {
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

    pub(super) fn send(&mut self, key: usize, to: SocketAddr, datagram: &[u8]) {
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

    pub(super) fn take(&mut self, key: usize, buffer: &mut [u8]) -> Option<usize> {
        let (_, length) = self.arrived.take_if(|(arrived, _)| *arrived == key)?;
        buffer.get_mut(..length)?.copy_from_slice(self.buffer.get(..length)?);
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use hypogeum_link_conditioner::LinkConditions;

    use super::super::testing::wait;
    use super::super::{SocketSet, To};
    use super::*;

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
