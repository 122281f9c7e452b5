//! Accepting connections, and letting go of them.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::connections::Connection;
use crate::gateway::Gateway;
use crate::proxies::Peer;
use crate::proxy_protocol::read_header;
use crate::routes::router;
use crate::store::GatewayStore;
use crate::tls::{HandshakeError, Handshakes, Tls};

/// Bytes of a request's head, and the buffer behind it.
const HEAD_BYTES_MAX: usize = 16 * 1_024;
/// Pause after the system refused a connection, as it does when it is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

impl<S: GatewayStore> Gateway<S> {
    /// Answers requests on `listener` until `shutdown` is done; requests that are being answered then are answered to
    /// the end, but no longer than the configured drain time. Runs on the calling tokio runtime.
    ///
    /// # Errors
    /// Where the listener cannot be used at all. A single connection's trouble ends that connection only.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        Arc::new(self).serve_shared(listener, shutdown).await
    }

    /// The same of a gateway that others ask, too.
    pub(crate) async fn serve_shared(
        self: Arc<Self>,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let gateway = self;
        let router = router(&gateway);
        let connections = Arc::clone(&gateway.connections);
        let tls = gateway.tls.clone();
        let watching = tls.clone().map(|tls| tokio::spawn(async move { tls.watch().await }));
        // Each connection has a receiver, for as long as it lasts.
        let (ending, _) = watch::channel(());
        let mut shutdown = pin!(shutdown);
        let mut refused_before = false;
        loop {
            let accepting = async {
                let room = connections.room().await;
                (room, listener.accept().await)
            };
            let (room, accepted) = tokio::select! {
                accepted = accepting => accepted,
                () = &mut shutdown => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    refused_before = false;
                    let server = Server {
                        router: router.clone(),
                        tls: tls.clone(),
                        handshakes: Arc::clone(&gateway.handshakes),
                        connection: connections.accept(room),
                        ending: ending.subscribe(),
                        first_request_timeout: gateway.config.first_request_timeout,
                        read_timeout: gateway.config.read_timeout,
                    };
                    let is_proxy = gateway.config.trusted_proxies.include(peer.ip());
                    if !gateway.config.proxy_protocol {
                        // A proxy connects for many: the connections of all bound it.
                        if is_proxy || server.is_admitted(peer) {
                            tokio::spawn(server.serve(stream, Peer::new(peer)));
                        }
                    } else if is_proxy {
                        tokio::spawn(server.serve_introduced(stream, peer));
                    } else {
                        tracing::debug!(peer = %peer.ip(), "only trusted proxies may connect, and it is none");
                    }
                }
                Err(error) => {
                    if !refused_before {
                        tracing::warn!(%error, "connections cannot be accepted");
                    }
                    refused_before = true;
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        if let Some(watching) = watching {
            watching.abort();
        }
        ending.send_replace(());
        if tokio::time::timeout(gateway.config.drain_timeout, ending.closed()).await.is_err() {
            tracing::warn!("requests were still open when the time to drain was over");
        }
        Ok(())
    }
}

/// Serves one connection.
struct Server {
    router: Router,
    tls: Option<Arc<Tls>>,
    handshakes: Arc<Handshakes>,
    connection: Connection,
    /// Changes once the server ends.
    ending: watch::Receiver<()>,
    first_request_timeout: Duration,
    read_timeout: Duration,
}

impl Server {
    fn is_admitted(&self, peer: SocketAddr) -> bool {
        let is_admitted = self.connection.count_for(peer.ip());
        if !is_admitted {
            tracing::debug!(peer = %peer.ip(), "its address or network has too many connections open");
        }
        is_admitted
    }

    /// Serves the one that a proxy's header names, or the proxy itself where it asks for nobody else.
    async fn serve_introduced(self, mut stream: TcpStream, proxy: SocketAddr) {
        let announced = match tokio::time::timeout(self.first_request_timeout, read_header(&mut stream)).await {
            Ok(Ok(announced)) => announced,
            Ok(Err(error)) => {
                tracing::debug!(peer = %proxy.ip(), %error, "a proxy does not say who has connected");
                return;
            }
            Err(_) => return,
        };
        if announced.is_none_or(|peer| self.is_admitted(peer)) {
            let peer = Peer::new(announced.unwrap_or(proxy));
            self.serve(stream, Peer { is_announced: announced.is_some(), ..peer }).await;
        }
    }

    /// Lets a connection begin: at once, or with the handshake of TLS, which gets no more time than the first request has.
    async fn serve(mut self, stream: TcpStream, peer: Peer) {
        // Answers are single small writes: waiting to fill a segment only delays them. Failing to say so harms nothing.
        let _ = stream.set_nodelay(true);
        let activity = Arc::clone(&self.connection.activity);
        let mut closing = pin!(activity.closing(self.first_request_timeout));
        let Some(tls) = self.tls.take() else { return self.answer(stream, peer, closing).await };
        let handshakes = Arc::clone(&self.handshakes);
        let shaking = tls.shake_hands(stream, || handshakes.admit(peer.address.ip()));
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.read_timeout, shaking) => shaken.ok(),
            () = closing.as_mut() => None,
            _ = self.ending.changed() => return,
        };
        match shaken {
            Some(Ok(stream)) => {
                handshakes.note_end(true);
                self.answer(stream, Peer { is_encrypted: true, ..peer }, closing).await;
            }
            Some(Err(error)) => {
                if matches!(error, HandshakeError::Broken(_)) {
                    handshakes.note_end(false);
                }
                tracing::debug!(peer = %peer.address.ip(), %error, "no handshake");
            }
            None => {
                handshakes.note_end(false);
                tracing::debug!(peer = %peer.address.ip(), "no handshake in time, or others need the room");
            }
        }
    }

    /// Answers requests until the connection ends, or has to make room for another: then `closing` is done.
    async fn answer(
        mut self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: Peer,
        mut closing: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) {
        let activity = &self.connection.activity;
        let router = self.router.layer(Extension(peer)).layer(Extension(Arc::clone(activity)));
        // A WebSocket leaves it by its upgrade, and is no connection of ours from then on.
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.read_timeout)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
            .with_upgrades();
        let mut connection = pin!(connection);
        let mut is_ending = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(peer = %peer.address.ip(), %error, "a connection ended badly");
                    }
                    return;
                }
                () = closing.as_mut() => {
                    tracing::debug!(peer = %peer.address.ip(), "an idle connection is closed");
                    return;
                }
                _ = self.ending.changed(), if !is_ending => {
                    is_ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}
