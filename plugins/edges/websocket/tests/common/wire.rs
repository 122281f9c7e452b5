//! Connections with TLS and without, of clients and of servers.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use hypogeum_testkit::{TestAuthority, TlsClient};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

/// A client's end.
pub(crate) enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsClient>),
}

/// What a server and its clients need for TLS.
pub(crate) struct Trust {
    authority: TestAuthority,
    server: Arc<ServerConfig>,
}

impl Trust {
    pub(crate) fn new() -> Self {
        let authority = TestAuthority::default();
        let server = authority.server();
        Self { authority, server }
    }

    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.server)
    }
}

impl Wire {
    /// A client's end of this connection, by the newest version of TLS or by the one before.
    pub(crate) fn new(stream: TcpStream, trust: Option<&Trust>, is_newest: bool) -> Self {
        let version: &'static SupportedProtocolVersion = if is_newest { &TLS13 } else { &TLS12 };
        match trust {
            None => Self::Plain(stream),
            Some(trust) => Self::Tls(Box::new(trust.authority.connect(stream, &[version]).expect("they shake hands"))),
        }
    }

    /// The socket below.
    pub(crate) fn socket(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &mut tls.sock,
        }
    }
}

impl Read for Wire {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(bytes),
            Self::Tls(tls) => tls.read(bytes),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

/// The server's end of a connection: the handshake is made as soon as something is read.
pub(crate) fn accept(stream: TcpStream, config: Arc<ServerConfig>) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(config).expect("it speaks TLS"), stream)
}
