//! A link between real sockets.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mio::Waker;

use crate::conditions::LinkConditions;
use crate::link::LinkCounters;
use crate::worker::{Errand, Worker};

/// Clients that can be there at once; each costs a socket, so the process needs as many file descriptors. Who has been
/// silent for a minute makes room.
pub const CLIENTS_MAX: usize = 16_384;

/// The longest a [`UdpProxy::blackout`] lasts.
pub const CUT_MAX: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Which way a datagram goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a client to the server.
    Up,
    /// From the server to a client.
    Down,
}

/// What a proxy did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UdpProxyCounters {
    /// From clients to the server.
    pub up: LinkCounters,
    /// From the server to clients.
    pub down: LinkCounters,
    /// Clients there now.
    pub clients: u64,
    /// Datagrams of strangers for whom there was no socket.
    pub refused: u64,
    /// Datagrams the system would not send, for want of room or a way.
    pub unsent: u64,
    /// Datagrams sent again by [`UdpProxy::replay_old`] and [`UdpProxy::replay_old_as_stranger`].
    pub replayed: u64,
}

/// Stands between UDP clients and a server, on a thread of its own, until dropped.
///
/// Clients talk to [`addr`](Self::addr) as if it were the server; to the server each of them comes from an address of its
/// own. Clients are keyed in the order they first spoke, so with the same seed the first client's n-th datagram has the
/// same fate every time. Timing is real: datagrams leave up to about a millisecond late, plus what the machine adds.
///
/// Whatever changes the proxy has taken effect when the method returns. All methods panic if the proxy's thread has
/// panicked, so that no test passes on a proxy that does nothing.
#[derive(Debug)]
pub struct UdpProxy {
    addr: SocketAddr,
    waker: Waker,
    errands: Option<Sender<Errand>>,
    thread: Option<JoinHandle<()>>,
}

impl UdpProxy {
    /// A proxy to `server`, on a port of its own: of the loopback if the server is there, else of all interfaces.
    ///
    /// # Errors
    /// When sockets or the thread cannot be made.
    pub fn start(server: SocketAddr, conditions: LinkConditions, seed: u64) -> io::Result<Self> {
        Self::over(UdpSocket::bind((near(server), 0))?, server, conditions, seed)
    }

    /// A proxy to `server` that clients reach over a socket made elsewhere: at a port that is known beforehand, or with a
    /// larger receive buffer, which thousands of clients need (Linux' usual one holds some 250 datagrams).
    ///
    /// # Errors
    /// When sockets or the thread cannot be made.
    pub fn over(listener: UdpSocket, server: SocketAddr, conditions: LinkConditions, seed: u64) -> io::Result<Self> {
        let addr = listener.local_addr()?;
        let (errands, inbox) = mpsc::channel();
        let (mut worker, waker) = Worker::new(listener, server, conditions, seed)?;
        let thread = thread::Builder::new().name("udp-proxy".to_owned()).spawn(move || worker.run(&inbox))?;
        Ok(Self { addr, waker, errands: Some(errands), thread: Some(thread) })
    }

    /// Where clients reach it. If it listens on all interfaces, the address is unspecified and only the port is useful.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Other conditions, both ways, for what comes from now on.
    pub fn set_conditions(&self, conditions: LinkConditions) {
        self.ask(move |worker| worker.set_conditions(conditions));
    }

    /// Cuts both directions for so long, from now, at most [`CUT_MAX`]. What is under way arrives. Zero ends a cut.
    pub fn blackout(&self, length: Duration) {
        self.ask(move |worker| worker.cut(length.min(CUT_MAX)));
    }

    /// Another server from now on, for clients that are there too: one that was restarted elsewhere, or one that has to be
    /// told the proxy's address as its own before it starts (until then any address of its kind will do, as `127.0.0.1:9`).
    ///
    /// # Errors
    /// When it cannot be reached from the sockets there are, as IPv6 from IPv4.
    pub fn set_server(&self, server: SocketAddr) -> io::Result<()> {
        self.ask(move |worker| worker.set_server(server))
    }

    /// Every client that is there reaches the server from another port from now on, as behind a router that forgot them. What
    /// the server sends to the old ports is lost.
    ///
    /// # Errors
    /// When there are no more sockets.
    pub fn renew_ports(&self) -> io::Result<()> {
        self.ask(Worker::renew_ports)
    }

    /// Sends the oldest `count` datagrams of this direction that are remembered again, as an attacker on the way would:
    /// untouched, at once, from the addresses they came from. The last 1,024 are remembered. Returns how many were sent.
    pub fn replay_old(&self, direction: Direction, count: usize) -> usize {
        self.ask(move |worker| worker.replay(direction, count))
    }

    /// Sends the oldest `count` datagrams from clients to the server again, from an address the server has not seen.
    /// Returns how many were sent.
    ///
    /// # Errors
    /// When there is no socket to send from.
    pub fn replay_old_as_stranger(&self, count: usize) -> io::Result<usize> {
        self.ask(move |worker| worker.replay_as_stranger(count))
    }

    /// What it did so far.
    pub fn counters(&self) -> UdpProxyCounters {
        self.ask(|worker| worker.counters())
    }

    /// Lets the thread do something, and waits until it has.
    fn ask<T: Send + 'static>(&self, question: impl FnOnce(&mut Worker) -> T + Send + 'static) -> T {
        let (answer, answered) = mpsc::channel();
        let errand: Errand = Box::new(move |worker| {
            // Nobody listens only if the asking thread is gone.
            let _ = answer.send(question(worker));
        });
        let sent = self.errands.as_ref().is_some_and(|errands| errands.send(errand).is_ok());
        let woken = self.waker.wake().is_ok();
        match answered.recv() {
            Ok(answer) if sent && woken => answer,
            _ => panic!("the proxy's thread has panicked"),
        }
    }
}

impl Drop for UdpProxy {
    fn drop(&mut self) {
        // The thread ends when nobody can ask anything any more.
        self.errands = None;
        let _ = self.waker.wake();
        if let Some(thread) = self.thread.take() {
            // If it panicked, it has said so, and panicking in drop would hide why.
            let _ = thread.join();
        }
    }
}

/// The address to bind to in order to reach `server`.
pub(crate) fn near(server: SocketAddr) -> IpAddr {
    match server.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_loopback() => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_datagrams_than_one_turn_takes_are_not_left_lying() {
        const COUNT: u64 = 200;
        let socket = || UdpSocket::bind("127.0.0.1:0").expect("the loopback has ports");
        let (server, client) = (socket(), socket());
        server.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout is set");
        let proxy =
            UdpProxy::start(server.local_addr().expect("it is bound"), LinkConditions::PERFECT, 1).expect("it starts");
        let (busy, is_busy) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(|| {
                proxy.ask(move |_| {
                    busy.send(()).expect("the test waits for it");
                    // Ends when the test lets go.
                    let _ = wait.recv();
                });
            });
            is_busy.recv().expect("the proxy gets to it");
            for number in 0..COUNT {
                client.send_to(&number.to_le_bytes(), proxy.addr()).expect("the loopback takes it");
            }
            drop(go_on);
        });
        for number in 0..COUNT {
            let mut buffer = [0; 8];
            server.recv(&mut buffer).expect("the system said once that there is something, and nothing more comes");
            assert_eq!(u64::from_le_bytes(buffer), number, "in order");
        }
    }
}
