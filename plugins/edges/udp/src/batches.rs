//! Many datagrams per system call, in buffers that stay: `recvmmsg` and `sendmmsg`.

use std::io::{IoSlice, IoSliceMut};
use std::net::{IpAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};

use crate::sources::{SocketKind, Source, called_address, from_system};
use hypogeum_netcode::{CountersSnapshot, DropReason};
use hypogeum_netcode::{DATAGRAM_BYTES_MAX, Route};

/// Datagrams per system call; more of them save nothing that could be measured.
pub(crate) const BATCH: usize = 64;
/// Longer than any datagram of the standard, so that an oversized one shows.
const RECEIVE_BYTES: usize = 1_536;
const _: () = assert!(RECEIVE_BYTES > DATAGRAM_BYTES_MAX, "an oversized datagram is known by its length");
/// The longest a full send buffer may stop the thread, in milliseconds.
const SEND_WAIT_MS: u8 = 1;

/// Room for what one call receives.
pub(crate) struct ReceiveBatch {
    kind: SocketKind,
    headers: MultiHeaders<SockaddrStorage>,
    buffers: Box<[[u8; RECEIVE_BYTES]]>,
    received: Vec<(usize, Option<Route>)>,
}

impl ReceiveBatch {
    pub(crate) fn new(kind: SocketKind) -> Self {
        Self {
            kind,
            headers: MultiHeaders::preallocate(BATCH, kind.room()),
            buffers: vec![[0; RECEIVE_BYTES]; BATCH].into_boxed_slice(),
            received: Vec::with_capacity(BATCH),
        }
    }

    /// Takes what waits at the socket, at most [`BATCH`] datagrams, and gives each to `each`. Returns how many there were.
    ///
    /// # Errors
    /// What the system says; [`Errno::EAGAIN`] where nothing waits.
    pub(crate) fn receive(
        &mut self,
        socket: &UdpSocket,
        mut each: impl FnMut(Route, &mut [u8]),
    ) -> Result<usize, Errno> {
        self.received.clear();
        {
            let mut buffers = self.buffers.iter_mut();
            let mut slices: [[IoSliceMut<'_>; 1]; BATCH] =
                std::array::from_fn(|_| [IoSliceMut::new(buffers.next().map_or(&mut [], |buffer| &mut buffer[..]))]);
            let results =
                recvmmsg(socket.as_raw_fd(), &mut self.headers, slices.iter_mut(), MsgFlags::MSG_DONTWAIT, None)?;
            self.received.extend(results.map(|message| {
                let peer = message.address.as_ref().and_then(from_system);
                (message.bytes, peer.map(|peer| Route { peer, local: called_address(&message) }))
            }));
        }
        // The system leaves in a header how much it said, and next time takes that for the room it has: where it once said
        // nothing it would stay silent. New headers have the whole room again.
        let is_silent = |&(_, route): &(usize, Option<Route>)| route.is_some_and(|route| route.local.is_none());
        if self.kind.reports_called_address() && self.received.iter().any(is_silent) {
            self.headers = MultiHeaders::preallocate(BATCH, self.kind.room());
        }
        for ((length, from), buffer) in self.received.iter().zip(&mut self.buffers) {
            if let (Some(from), Some(datagram)) = (from, buffer.get_mut(..*length)) {
                each(*from, datagram);
            }
        }
        Ok(self.received.len())
    }
}

/// Addresses of this machine that are answered from in batches of their own; where it has more, the last one changes hands.
const SOURCES_MAX: usize = 8;

/// Everything that waits to be sent, a batch for each address it leaves from: all of one system call leave from the same.
pub(crate) struct SendBatches {
    kind: SocketKind,
    batches: Vec<SendBatch>,
    pub(crate) tally: CountersSnapshot,
}

impl SendBatches {
    pub(crate) fn new(kind: SocketKind) -> Self {
        Self { kind, batches: vec![SendBatch::new(kind, None)], tally: CountersSnapshot::default() }
    }

    /// Adds a datagram, and sends its batch where that is full.
    pub(crate) fn push(&mut self, socket: &UdpSocket, route: Route, datagram: &[u8]) {
        let Self { kind, batches, tally } = self;
        let index = match batches.iter().position(|batch| batch.local == route.local) {
            Some(index) => index,
            None if batches.len() < SOURCES_MAX => {
                batches.push(SendBatch::new(*kind, route.local));
                batches.len() - 1
            }
            None => {
                let last = batches.len() - 1;
                batches[last].flush(socket, tally);
                batches[last] = SendBatch::new(*kind, route.local);
                last
            }
        };
        batches[index].push(socket, kind.to_system(route.peer), datagram, tally);
    }

    /// Sends what waits.
    pub(crate) fn flush(&mut self, socket: &UdpSocket) {
        for batch in &mut self.batches {
            batch.flush(socket, &mut self.tally);
        }
    }
}

/// Datagrams that wait to be sent together.
struct SendBatch {
    /// The address of this machine they leave from; `None` leaves it to the system.
    local: Option<IpAddr>,
    source: Option<Source>,
    headers: MultiHeaders<SockaddrStorage>,
    buffers: Box<[[u8; DATAGRAM_BYTES_MAX]]>,
    lengths: [usize; BATCH],
    to: [Option<SockaddrStorage>; BATCH],
    count: usize,
}

impl SendBatch {
    fn new(kind: SocketKind, local: Option<IpAddr>) -> Self {
        let source = Source::new(kind, local);
        Self {
            local,
            source,
            headers: MultiHeaders::preallocate(BATCH, source.and_then(|_| kind.room())),
            buffers: vec![[0; DATAGRAM_BYTES_MAX]; BATCH].into_boxed_slice(),
            lengths: [0; BATCH],
            to: [None; BATCH],
            count: 0,
        }
    }

    fn push(&mut self, socket: &UdpSocket, to: SockaddrStorage, datagram: &[u8], tally: &mut CountersSnapshot) {
        let Some(room) = self.buffers[self.count].get_mut(..datagram.len()) else {
            tally.count_drop(DropReason::Unsendable);
            return;
        };
        room.copy_from_slice(datagram);
        self.lengths[self.count] = datagram.len();
        self.to[self.count] = Some(to);
        self.count += 1;
        if self.count == BATCH {
            self.flush(socket, tally);
        }
    }

    fn flush(&mut self, socket: &UdpSocket, tally: &mut CountersSnapshot) {
        let mut start = 0;
        let mut may_wait = true;
        while start < self.count {
            match self.send_from(socket, start) {
                Ok(sent) => {
                    for length in &self.lengths[start..start + sent] {
                        tally.count_out(*length);
                    }
                    start += sent.max(1);
                }
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) if may_wait => {
                    // A full send buffer drains quickly, or it does not and what waits is lost.
                    may_wait = false;
                    let mut writable = [PollFd::new(socket.as_fd(), PollFlags::POLLOUT)];
                    let _ = poll(&mut writable, PollTimeout::from(SEND_WAIT_MS));
                }
                Err(_) => {
                    // It is the first one's fault: no way to its address, or a firewall. The others have their own.
                    tally.count_drop(DropReason::SendFailed);
                    start += 1;
                }
            }
        }
        self.count = 0;
    }

    fn send_from(&mut self, socket: &UdpSocket, start: usize) -> Result<usize, Errno> {
        let mut waiting = self.buffers.iter().zip(&self.lengths).skip(start);
        let slices: [[IoSlice<'_>; 1]; BATCH] = std::array::from_fn(|_| {
            [IoSlice::new(waiting.next().and_then(|(buffer, length)| buffer.get(..*length)).unwrap_or_default())]
        });
        let count = self.count - start;
        let to = &self.to[start..self.count];
        let (slices, socket) = (slices[..count].iter(), socket.as_raw_fd());
        let results = match &self.source {
            Some(source) => {
                sendmmsg(socket, &mut self.headers, slices, to, [source.message()], MsgFlags::MSG_DONTWAIT)?
            }
            None => {
                let nothing: [ControlMessage<'_>; 0] = [];
                sendmmsg(socket, &mut self.headers, slices, to, nothing, MsgFlags::MSG_DONTWAIT)?
            }
        };
        Ok(results.count())
    }
}
