//! A thread that owns a socket: receives in batches, works, sends in batches, sleeps where nothing comes.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use socket2::{Domain, Protocol, Socket, Type};

use crate::batches::{BATCH, ReceiveBatch, SendBatches};
use crate::host::Host;
use hypogeum_netcode::Counters;
use hypogeum_netcode::LAST_WORDS_MAX;

/// Asked of the system for each direction; the default of 212,992 bytes holds 250 datagrams. It grants what it allows.
const SOCKET_BUFFER_BYTES: usize = 4 << 20;
/// How long a worker that hears nothing sleeps; then it looks for timeouts and resends.
const IDLE_MS: u8 = 20;
/// How long one that hears something lets more arrive: waking for each datagram would cost more than the datagram. So much
/// of 10,000 clients at 30 Hz fits the socket's buffer even where the system grants no larger one.
const GATHER_MS: u8 = 2;
/// Datagrams taken per round, so that a flood cannot keep the tick's messages from leaving.
const DATAGRAMS_PER_ROUND_MAX: usize = 16 * BATCH;
/// How long shutdown waits for clients to acknowledge what was sent: as long as any connection may take that is closed.
/// Where all have, it waits no longer.
const SHUTDOWN_LINGER: Duration = LAST_WORDS_MAX;

/// Opens one socket per worker, all on the same port; the system spreads clients over them by their addresses.
pub(crate) fn open_sockets(listen: SocketAddr, count: usize) -> io::Result<Vec<UdpSocket>> {
    // The first one asks for the port alone, so that one held by another server is found taken. Only then it shares.
    let first = open_socket(listen, false)?;
    if count > 1 {
        first.set_reuse_port(true)?;
    }
    let first = UdpSocket::from(first);
    let bound = first.local_addr()?;
    let mut sockets = vec![first];
    for _ in 1..count {
        sockets.push(open_socket(bound, true)?.into());
    }
    Ok(sockets)
}

fn open_socket(listen: SocketAddr, shares_port: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(listen), Type::DGRAM, Some(Protocol::UDP))?;
    if listen.is_ipv6() {
        // "Any" of IPv6 is any of both families, as the gateway has it.
        socket.set_only_v6(!listen.ip().is_unspecified())?;
    }
    // The system cuts these to what it allows, or refuses where it allows no change: slower, but it works.
    for result in [socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES), socket.set_send_buffer_size(SOCKET_BUFFER_BYTES)] {
        if let Err(error) = result {
            tracing::warn!(%error, "the socket keeps its small buffers");
        }
    }
    if shares_port {
        socket.set_reuse_port(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&listen.into())?;
    Ok(socket)
}

/// What ends the sleep of one worker.
pub(crate) fn open_alarm() -> io::Result<EventFd> {
    Ok(EventFd::from_value_and_flags(0, EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC)?)
}

/// Monotonic time, and the wall clock as it was at the start moved along by it: a clock set back or forth later
/// neither times anybody out nor makes tokens younger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    unix_at_start: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let unix_at_start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), unix_at_start }
    }

    pub(crate) fn now_unix_s(&self) -> u64 {
        self.unix_s(self.started.elapsed())
    }

    #[cfg(test)]
    pub(crate) fn started_at(unix_at_start: Duration) -> Self {
        Self { started: Instant::now(), unix_at_start }
    }

    pub(crate) fn unix_s(&self, elapsed: Duration) -> u64 {
        (self.unix_at_start + elapsed).as_secs()
    }
}

pub(crate) struct Worker {
    pub(crate) socket: UdpSocket,
    /// All alarms of the edge, and which is this worker's.
    pub(crate) alarms: Arc<[EventFd]>,
    pub(crate) number: usize,
    pub(crate) host: Host,
    pub(crate) clock: Clock,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) receiving: ReceiveBatch,
    pub(crate) sending: SendBatches,
}

/// What a round leaves to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// Nothing: there is more to do.
    Work,
    /// More datagrams are likely within a moment.
    Gather,
    /// The next datagram or alarm.
    Idle,
}

impl Worker {
    pub(crate) fn run(&mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            let rest = self.round();
            self.sleep(rest);
        }
        // What the tick said last is in the queues: take it before closing.
        let deadline = Instant::now() + SHUTDOWN_LINGER;
        while self.round() == Rest::Work && Instant::now() < deadline {}
        self.host.begin_shutdown();
        while self.host.connections_count() > 0 && Instant::now() < deadline {
            let rest = self.round();
            self.sleep(rest);
        }
        let (sending, socket) = (&mut self.sending, &self.socket);
        self.host.end_all(&mut |to, bytes| sending.push(socket, to, bytes));
        self.host.work(&mut |_, _| {});
        self.settle();
    }

    /// Takes what arrived, does the rest of the work once, and sends what came of both.
    fn round(&mut self) -> Rest {
        let Self { socket, host, sending, receiving, .. } = self;
        let now = self.clock.started.elapsed();
        host.advance(now, self.clock.unix_s(now));
        let mut received_count = 0;
        let (mut is_drained, mut is_faulty) = (true, false);
        while received_count < DATAGRAMS_PER_ROUND_MAX {
            let outcome = receiving.receive(socket, |from, datagram| {
                sending.tally.count_in(datagram.len());
                host.receive(from, datagram, &mut |to, bytes| sending.push(socket, to, bytes));
            });
            match outcome {
                Ok(count) => {
                    received_count += count;
                    is_drained = count < BATCH;
                }
                // The port of some earlier receiver is closed; that says nothing about the next datagram.
                Err(Errno::EINTR | Errno::ECONNREFUSED | Errno::ECONNRESET) => is_drained = false,
                Err(Errno::EAGAIN) => is_drained = true,
                // The interface is gone, or the like: wait instead of spinning until it is back.
                Err(_) => (is_drained, is_faulty) = (true, true),
            }
            if is_drained {
                break;
            }
        }
        let has_more = host.work(&mut |to, bytes| sending.push(socket, to, bytes));
        self.settle();
        match (has_more || !is_drained, received_count) {
            (true, _) => Rest::Work,
            (false, 0) if !is_faulty => Rest::Idle,
            (false, _) => Rest::Gather,
        }
    }

    fn settle(&mut self) {
        self.sending.flush(&self.socket);
        self.counters.add(&std::mem::take(&mut self.sending.tally));
    }

    fn sleep(&self, rest: Rest) {
        let alarm = &self.alarms[self.number];
        let mut watched =
            [PollFd::new(alarm.as_fd(), PollFlags::POLLIN), PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
        let (watched, timeout_ms) = match rest {
            Rest::Work => return,
            Rest::Gather => (&mut watched[..1], GATHER_MS),
            Rest::Idle => (&mut watched[..], IDLE_MS),
        };
        // An interrupted sleep is a short one.
        let _ = poll(watched, PollTimeout::from(timeout_ms));
        if watched[0].any() == Some(true) {
            // Reading it resets it; that it was reset already is no error.
            let _ = alarm.read();
        }
    }
}
