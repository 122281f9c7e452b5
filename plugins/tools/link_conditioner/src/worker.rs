//! The thread between the sockets.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket as StdSocket};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};

use crate::capture::Capture;
use crate::clients::{Client, Clients};
use crate::conditions::LinkConditions;
use crate::link::Link;
use crate::udp_proxy::{CLIENTS_MAX, Direction, UdpProxyCounters, near};

const LISTENER: Token = Token(usize::MAX);
const ERRANDS: Token = Token(usize::MAX - 1);
/// Sockets heard of per wait.
const EVENTS_MAX: usize = 1_024;
/// Datagrams taken from one socket before others have their turn.
const DATAGRAMS_PER_TURN_MAX: usize = 64;
/// The longest UDP can carry, so that none is cut short.
const DATAGRAM_BYTES_MAX: usize = 65_536;
/// After a failure of the system that may pass.
const PAUSE: Duration = Duration::from_millis(10);

/// Something to do on the proxy's thread.
pub(crate) type Errand = Box<dyn FnOnce(&mut Worker) + Send>;

pub(crate) struct Worker {
    poll: Poll,
    listener: UdpSocket,
    server: SocketAddr,
    started: Instant,
    up: Link,
    down: Link,
    captured_up: Capture,
    captured_down: Capture,
    clients: Clients,
    /// Sockets that may have more to say than they were asked: the system tells only once.
    unfinished: Vec<Token>,
    refused: u64,
    unsent: u64,
    replayed: u64,
}

impl Worker {
    pub(crate) fn new(
        listener: StdSocket,
        server: SocketAddr,
        conditions: LinkConditions,
        seed: u64,
    ) -> io::Result<(Self, Waker)> {
        let poll = Poll::new()?;
        listener.set_nonblocking(true)?;
        let mut listener = UdpSocket::from_std(listener);
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), ERRANDS)?;
        let (up, down) = Link::pair(conditions, seed);
        let worker = Self {
            poll,
            listener,
            server,
            started: Instant::now(),
            up,
            down,
            captured_up: Capture::default(),
            captured_down: Capture::default(),
            clients: Clients::default(),
            unfinished: Vec::new(),
            refused: 0,
            unsent: 0,
            replayed: 0,
        };
        Ok((worker, waker))
    }

    /// Forwards until nobody can send errands any more.
    pub(crate) fn run(&mut self, errands: &Receiver<Errand>) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut ready = Vec::new();
        let mut buffer = vec![0; DATAGRAM_BYTES_MAX];
        loop {
            if let Err(error) = self.poll.poll(&mut events, self.patience())
                && error.kind() != ErrorKind::Interrupted
            {
                std::thread::sleep(PAUSE);
            }
            ready.append(&mut self.unfinished);
            ready.extend(events.iter().map(mio::event::Event::token));
            ready.sort_unstable();
            ready.dedup();
            for token in ready.drain(..) {
                match token {
                    ERRANDS => {}
                    LISTENER => self.hear_clients(&mut buffer),
                    Token(key) => self.hear_server(key, &mut buffer),
                }
            }
            self.deliver();
            for gone in self.clients.sweep(self.now()) {
                self.captured_up.forget(gone);
                self.captured_down.forget(gone);
            }
            loop {
                match errands.try_recv() {
                    Ok(errand) => errand(self),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long nothing needs doing unless something comes.
    fn patience(&self) -> Option<Duration> {
        if !self.unfinished.is_empty() {
            return Some(Duration::ZERO);
        }
        let due = [self.up.next_due(), self.down.next_due()].into_iter().flatten().min()?;
        Some(due.saturating_sub(self.now()))
    }

    fn hear_clients(&mut self, buffer: &mut [u8]) {
        for _ in 0..DATAGRAMS_PER_TURN_MAX {
            match self.listener.recv_from(buffer) {
                Ok((length, from)) => {
                    let Some(key) = self.key_of(from) else {
                        self.refused += 1;
                        continue;
                    };
                    let now = self.now();
                    if let Some(client) = self.clients.with_mut(key) {
                        client.heard_at = now;
                    }
                    self.captured_up.add(key, &buffer[..length]);
                    self.up.push(now, key, &buffer[..length]);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // Some client's port is closed; that says nothing about the next datagram.
                Err(_) => {}
            }
        }
        self.unfinished.push(LISTENER);
    }

    fn hear_server(&mut self, index: usize, buffer: &mut [u8]) {
        let (now, key) = (self.now(), index as u32);
        let Some(client) = self.clients.with_mut(key) else { return };
        for _ in 0..DATAGRAMS_PER_TURN_MAX {
            match client.upstream.recv(buffer) {
                Ok(length) => {
                    client.heard_at = now;
                    self.captured_down.add(key, &buffer[..length]);
                    self.down.push(now, key, &buffer[..length]);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // The server's port is closed, for now.
                Err(_) => {}
            }
        }
        self.unfinished.push(Token(index));
    }

    /// Sends what is due.
    fn deliver(&mut self) {
        let now = self.now();
        while let Some(due) = self.up.pop_due(now) {
            if let Some(client) = self.clients.with(due.key) {
                self.unsent += u64::from(!sent(|| client.upstream.send(due.bytes)));
            }
        }
        while let Some(due) = self.down.pop_due(now) {
            if let Some(client) = self.clients.with(due.key) {
                self.unsent += u64::from(!sent(|| self.listener.send_to(due.bytes, client.address)));
            }
        }
    }

    /// The key of a client, which gets a socket with its first datagram; none if there is no room.
    fn key_of(&mut self, address: SocketAddr) -> Option<u32> {
        if let Some(key) = self.clients.key_of(address) {
            return Some(key);
        }
        if self.clients.count() >= CLIENTS_MAX {
            return None;
        }
        let mut upstream = self.upstream().ok()?;
        let key = self.clients.next_key();
        self.poll.registry().register(&mut upstream, Token(key as usize), Interest::READABLE).ok()?;
        self.clients.admit(Client { address, upstream, heard_at: self.now() });
        Some(key)
    }

    fn upstream(&self) -> io::Result<UdpSocket> {
        let socket = StdSocket::bind((near(self.server), 0))?;
        socket.connect(self.server)?;
        socket.set_nonblocking(true)?;
        Ok(UdpSocket::from_std(socket))
    }

    pub(crate) fn set_conditions(&mut self, conditions: LinkConditions) {
        self.up.set_conditions(conditions);
        self.down.set_conditions(conditions);
    }

    pub(crate) fn cut(&mut self, length: Duration) {
        let end = self.now() + length;
        self.up.cut_until(end);
        self.down.cut_until(end);
    }

    pub(crate) fn set_server(&mut self, server: SocketAddr) -> io::Result<()> {
        for client in self.clients.iter() {
            client.upstream.connect(server)?;
        }
        self.server = server;
        Ok(())
    }

    pub(crate) fn renew_ports(&mut self) -> io::Result<()> {
        for key in self.clients.keys() {
            let mut upstream = self.upstream()?;
            self.poll.registry().register(&mut upstream, Token(key as usize), Interest::READABLE)?;
            if let Some(client) = self.clients.with_mut(key) {
                // The old one closes, and with it ends its registration.
                client.upstream = upstream;
            }
        }
        Ok(())
    }

    pub(crate) fn replay(&mut self, direction: Direction, count: usize) -> usize {
        let captured = match direction {
            Direction::Up => &self.captured_up,
            Direction::Down => &self.captured_down,
        };
        let mut replayed = 0;
        for (key, bytes) in captured.oldest(count) {
            let Some(client) = self.clients.with(key) else { continue };
            replayed += usize::from(sent(|| match direction {
                Direction::Up => client.upstream.send(bytes),
                Direction::Down => self.listener.send_to(bytes, client.address),
            }));
        }
        self.replayed += replayed as u64;
        replayed
    }

    pub(crate) fn replay_as_stranger(&mut self, count: usize) -> io::Result<usize> {
        let stranger = self.upstream()?;
        let replayed = self.captured_up.oldest(count).filter(|(_, bytes)| sent(|| stranger.send(bytes))).count();
        self.replayed += replayed as u64;
        Ok(replayed)
    }

    pub(crate) fn counters(&self) -> UdpProxyCounters {
        UdpProxyCounters {
            up: self.up.counters(),
            down: self.down.counters(),
            clients: self.clients.count() as u64,
            refused: self.refused,
            unsent: self.unsent,
            replayed: self.replayed,
        }
    }
}

/// Sends once more if the first try only reported that an earlier datagram found a closed port.
fn sent(mut send: impl FnMut() -> io::Result<usize>) -> bool {
    match send() {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => send().is_ok(),
        result => result.is_ok(),
    }
}
