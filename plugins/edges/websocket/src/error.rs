//! What keeps the edge from starting.

use std::io;

/// Why the edge did not start.
#[derive(Debug, thiserror::Error)]
pub enum WebSocketError {
    /// The system gives no means to wait for sockets.
    #[error("cannot wait for WebSockets: {0}")]
    Poll(io::Error),
    /// A thread could not be started.
    #[error("cannot start a WebSocket thread: {0}")]
    Thread(io::Error),
    /// A configured number is outside its range.
    #[error("{field} must be {expected}")]
    OutOfRange {
        /// Which field of [`crate::WebSocketConfig`].
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}
