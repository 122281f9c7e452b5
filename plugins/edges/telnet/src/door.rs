//! How WebSockets come to the thread that speak as MUDs do.

use std::fmt;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::ServerConnection;

use crate::doorkeeper::Origin;
use crate::places::{Place, Places};
use crate::wire::Subprotocol;
use crate::worker::{Mail, Mailbox};

/// A WebSocket that speaks HTTP no more.
pub struct Upgraded {
    /// The socket.
    pub stream: TcpStream,
    /// The TLS session that its bytes belong to, if any. Its handshake is over.
    pub tls: Option<Box<ServerConnection>>,
    /// What has been read of it already, after the request, decrypted.
    pub received: Vec<u8>,
    /// What was agreed on.
    pub subprotocol: Subprotocol,
    /// Who is at its other end.
    pub origin: Origin,
    /// Its place.
    pub permit: Permit,
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upgraded").field("subprotocol", &self.subprotocol).finish_non_exhaustive()
    }
}

/// A place for one connection; it is free again when this is dropped.
#[derive(Debug)]
pub struct Permit(pub(crate) Place);

/// The way in for WebSockets. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Door {
    places: Arc<Places>,
    mailbox: Mailbox,
}

impl Door {
    pub(crate) const fn new(places: Arc<Places>, mailbox: Mailbox) -> Self {
        Self { places, mailbox }
    }

    /// Takes a place for a socket of this address, before it is upgraded; `None` where there is none.
    #[must_use]
    pub fn room_for(&self, address: std::net::IpAddr) -> Option<Permit> {
        self.places.take(address).map(Permit)
    }

    /// Hands a socket over. One that the system refuses to watch is closed.
    pub fn take(&self, upgraded: Upgraded) {
        self.mailbox.leave(Mail::Upgraded(Box::new(upgraded)));
    }
}
