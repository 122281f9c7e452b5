//! Many datagrams per system call, in buffers that stay: `recvmmsg` and `sendmmsg`.

use std::io::{IoSlice, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};

use crate::counters::{CountersSnapshot, DropReason};
use crate::netcode::DATAGRAM_BYTES_MAX;

/// Datagrams per system call; more of them save nothing that could be measured.
pub(crate) const BATCH: usize = 64;
/// Longer than any datagram of the standard, so that an oversized one shows.
const RECEIVE_BYTES: usize = 1_536;
/// The longest a full send buffer may stop the thread, in milliseconds.
const SEND_WAIT_MS: u8 = 1;

/// Room for what one call receives.
pub(crate) struct ReceiveBatch {
    headers: MultiHeaders<SockaddrStorage>,
    buffers: Box<[[u8; RECEIVE_BYTES]]>,
    received: Vec<(usize, Option<SocketAddr>)>,
}

impl ReceiveBatch {
    pub(crate) fn new() -> Self {
        Self {
            headers: MultiHeaders::preallocate(BATCH, None),
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
        mut each: impl FnMut(SocketAddr, &mut [u8]),
    ) -> Result<usize, Errno> {
        self.received.clear();
        {
            let mut buffers = self.buffers.iter_mut();
            let mut slices: [[IoSliceMut<'_>; 1]; BATCH] =
                std::array::from_fn(|_| [IoSliceMut::new(buffers.next().map_or(&mut [], |buffer| &mut buffer[..]))]);
            let results =
                recvmmsg(socket.as_raw_fd(), &mut self.headers, slices.iter_mut(), MsgFlags::MSG_DONTWAIT, None)?;
            self.received
                .extend(results.map(|message| (message.bytes, message.address.as_ref().and_then(from_system))));
        }
        for ((length, from), buffer) in self.received.iter().zip(&mut self.buffers) {
            if let (Some(from), Some(datagram)) = (from, buffer.get_mut(..*length)) {
                each(*from, datagram);
            }
        }
        Ok(self.received.len())
    }
}

fn from_system(address: &SockaddrStorage) -> Option<SocketAddr> {
    match (address.as_sockaddr_in(), address.as_sockaddr_in6()) {
        (Some(address), _) => Some(SocketAddrV4::from(*address).into()),
        (_, Some(address)) => Some(SocketAddrV6::from(*address).into()),
        _ => None,
    }
}

/// Datagrams that wait to be sent together.
pub(crate) struct SendBatch {
    headers: MultiHeaders<SockaddrStorage>,
    buffers: Box<[[u8; DATAGRAM_BYTES_MAX]]>,
    lengths: [usize; BATCH],
    to: [Option<SockaddrStorage>; BATCH],
    count: usize,
    pub(crate) tally: CountersSnapshot,
}

impl SendBatch {
    pub(crate) fn new() -> Self {
        Self {
            headers: MultiHeaders::preallocate(BATCH, None),
            buffers: vec![[0; DATAGRAM_BYTES_MAX]; BATCH].into_boxed_slice(),
            lengths: [0; BATCH],
            to: [None; BATCH],
            count: 0,
            tally: CountersSnapshot::default(),
        }
    }

    /// Adds a datagram, and sends all of them where the batch is full.
    pub(crate) fn push(&mut self, socket: &UdpSocket, to: SocketAddr, datagram: &[u8]) {
        let Some(room) = self.buffers[self.count].get_mut(..datagram.len()) else {
            self.tally.count_drop(DropReason::Unsendable);
            return;
        };
        room.copy_from_slice(datagram);
        self.lengths[self.count] = datagram.len();
        self.to[self.count] = Some(to.into());
        self.count += 1;
        if self.count == BATCH {
            self.flush(socket);
        }
    }

    /// Sends what waits.
    pub(crate) fn flush(&mut self, socket: &UdpSocket) {
        let mut start = 0;
        let mut may_wait = true;
        while start < self.count {
            match self.send_from(socket, start) {
                Ok(sent) => {
                    for length in &self.lengths[start..start + sent] {
                        self.tally.count_out(*length);
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
                    self.tally.count_drop(DropReason::SendFailed);
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
        let results =
            sendmmsg(socket.as_raw_fd(), &mut self.headers, slices[..count].iter(), to, [], MsgFlags::MSG_DONTWAIT)?;
        Ok(results.count())
    }
}
