//! What one bot's connection goes over.

use std::net::{SocketAddr, UdpSocket};

use super::stream_socket::StreamSocket;

/// What a bot's connection goes over.
#[derive(Debug)]
pub(super) enum Carrier {
    Udp { socket: UdpSocket, server: SocketAddr },
    WebSocket(Box<StreamSocket>),
}

/// Where a bot connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Udp(SocketAddr),
    WebSocket(SocketAddr),
}
