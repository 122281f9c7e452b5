//! A WebSocket over a TCP connection of its own.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use super::WebSocketWire;
use crate::client::Client;
use crate::http::SocketConnection;

/// How long a TCP connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

impl WebSocketWire<TcpStream> {
    /// A WebSocket over a TCP connection of its own, which is there when this returns. The rest begins with the first
    /// [`Wire::update`](crate::Wire::update).
    ///
    /// # Errors
    /// Where there is no connection within five seconds.
    pub fn connect(connection: SocketConnection) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&connection.address, CONNECT_TIMEOUT)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self::new(stream, connection))
    }
}

impl Client<WebSocketWire<TcpStream>> {
    /// A client over a WebSocket. The connection is there when this returns; the upgrade begins with the first
    /// [`Client::poll`], and [`crate::Change::Opened`] ends it.
    ///
    /// # Errors
    /// Where there is no connection within five seconds.
    pub fn connect_socket(connection: SocketConnection) -> io::Result<Self> {
        WebSocketWire::connect(connection).map(Self::new)
    }
}
