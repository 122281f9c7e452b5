//! Accepting connections, and letting go of them.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::gateway::Gateway;
use crate::proxies::Peer;
use crate::proxy_protocol::read_header;
use crate::routes::router;
use crate::seats::AddressSeats;
use crate::store::GatewayStore;

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
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let gateway = Arc::new(self);
        let router = router(&gateway);
        let seats = Arc::new(Semaphore::new(gateway.config.connections_max.clamp(1, Semaphore::MAX_PERMITS)));
        let address_seats =
            AddressSeats::new(gateway.config.address_connections_max, gateway.config.loopback_connections_max);
        let connections = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        let mut refused_before = false;
        loop {
            let accepting = async {
                let seat = Arc::clone(&seats).acquire_owned().await;
                (seat, listener.accept().await)
            };
            let (seat, accepted) = tokio::select! {
                accepted = accepting => accepted,
                () = &mut shutdown => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    refused_before = false;
                    let is_proxy = gateway.config.trusted_proxies.include(peer.ip());
                    if gateway.config.proxy_protocol && !is_proxy {
                        tracing::debug!(peer = %peer.ip(), "only trusted proxies may connect, and it is none");
                        continue;
                    }
                    // A proxy connects for many: the connections of all bound it.
                    let Some(address_seat) = address_seats.take_unless(is_proxy, peer.ip()) else {
                        tracing::debug!(peer = %peer.ip(), "an address has too many connections open");
                        continue;
                    };
                    let seats = (seat, address_seat);
                    let read_timeout = gateway.config.read_timeout;
                    if gateway.config.proxy_protocol {
                        let (router, watcher) = (router.clone(), connections.watcher());
                        let address_seats = Arc::clone(&address_seats);
                        tokio::spawn(async move {
                            let _seats = seats;
                            if let Some((stream, peer)) = introduced(stream, peer, read_timeout).await
                                && let Some(_seat) = address_seats.take_unless(!peer.is_told, peer.address.ip())
                            {
                                finish(watcher.watch(connection(stream, peer, &router, read_timeout)), peer).await;
                            }
                        });
                        continue;
                    }
                    let peer = Peer { address: peer, is_told: false };
                    let connection = connections.watch(connection(stream, peer, &router, read_timeout));
                    tokio::spawn(async move {
                        let _seats = seats;
                        finish(connection, peer).await;
                    });
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
        if tokio::time::timeout(gateway.config.drain_timeout, connections.shutdown()).await.is_err() {
            tracing::warn!("requests were still open when the time to drain was over");
        }
        Ok(())
    }
}

async fn finish(connection: impl Future<Output = hyper::Result<()>>, peer: Peer) {
    if let Err(error) = connection.await {
        tracing::debug!(peer = %peer.address.ip(), %error, "a connection ended badly");
    }
}

/// Reads by its PROXY header who a connection comes from; `None`: it has none, so nobody is served on it.
async fn introduced(mut stream: TcpStream, peer: SocketAddr, timeout: Duration) -> Option<(TcpStream, Peer)> {
    match tokio::time::timeout(timeout, read_header(&mut stream)).await {
        Ok(Ok(told)) => Some((stream, Peer { address: told.unwrap_or(peer), is_told: told.is_some() })),
        Ok(Err(error)) => {
            tracing::debug!(peer = %peer.ip(), %error, "a proxy does not say who has connected");
            None
        }
        Err(_) => None,
    }
}

fn connection(
    stream: TcpStream,
    peer: Peer,
    router: &Router,
    read_timeout: Duration,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Answers are single small writes: waiting to fill a segment only delays them. Failing to say so harms nothing.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router.clone().layer(Extension(peer)));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(read_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
}
