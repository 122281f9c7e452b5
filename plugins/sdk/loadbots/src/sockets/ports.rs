//! What each bot's wire has of the sockets.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use hypogeum_client::DatagramPort;
use parking_lot::{Mutex, MutexGuard};

use super::Sockets;

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
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket_set.lock().read_stream(self.key, buffer)
    }
}

impl Write for StreamPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket_set.lock().write_stream(self.key, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
