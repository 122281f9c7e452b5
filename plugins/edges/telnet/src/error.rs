//! What keeps the edge from starting.

use std::io;
use std::net::SocketAddr;

/// Why the edge did not start.
#[derive(Debug, thiserror::Error)]
pub enum TelnetError {
    /// Somebody has the port.
    #[error("TCP port {} is taken on {}: stop what uses it or configure another", .0.port(), .0.ip())]
    PortTaken(SocketAddr),
    /// The system does not let us listen there.
    #[error("cannot listen for telnet on {address}: {cause}")]
    Listen {
        /// The address that was to be listened on.
        address: SocketAddr,
        /// What it said.
        cause: io::Error,
    },
    /// The system gives no means to wait for sockets.
    #[error("cannot wait for telnet connections: {0}")]
    Poll(io::Error),
    /// The thread could not be started.
    #[error("cannot start the telnet thread: {0}")]
    Thread(io::Error),
    /// A configured value is outside its range.
    #[error("{field} must be {expected}")]
    OutOfRange {
        /// Which field of [`crate::TelnetConfig`].
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}
