//! What keeps an edge or a client end from starting.

use std::io;
use std::net::SocketAddr;

use hypogeum_netcode::TokenError;

/// Why an edge or a client end did not start.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// Another process holds the port.
    #[error("UDP port {port} is taken on {ip}: stop what uses it or configure another", port = .0.port(), ip = .0.ip())]
    PortTaken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen for UDP on {address}: {source}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The socket thread could not be started.
    #[error("cannot start the socket thread: {0}")]
    Thread(io::Error),
    /// A configured number is outside its range.
    #[error("{field} is {value}, but must be {expected}")]
    OutOfRange {
        /// Which field of [`crate::NetConfig`].
        field: &'static str,
        /// What it is.
        value: u64,
        /// What it should be.
        expected: &'static str,
    },
    /// The connect token cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
}
