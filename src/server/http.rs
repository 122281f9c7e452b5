//! The HTTP edge of a server: its gateway, and the threads it runs on.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::Context;
use hypogeum_accounts::TokenKeys;
use hypogeum_content::Content;
use hypogeum_economy::PriceList;
use hypogeum_gateway::axum::Router;
use hypogeum_gateway::{Admission, Gateway, GatewayConfig};
use hypogeum_persistence::Store;
use hypogeum_protocol::SessionId;
use hypogeum_protocol::link::SessionTicket;
use hypogeum_udp::UdpEdge;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::telemetry::Telemetry;

/// Opens the door, or says why not, in the words that the game's port has for it.
pub(super) fn listen(at: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            let (port, ip) = (at.port(), at.ip());
            anyhow::anyhow!("TCP port {port} is taken on {ip}: stop what uses it or configure another")
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen for HTTP on {at}")),
    })
}

/// What the shop asks for what it has.
pub(super) fn prices(content: &Content) -> PriceList {
    PriceList::new(content.items.iter().map(|(_, key, item)| (key.to_owned(), i64::from(item.value))))
}

/// The gateway's usual numbers, cut to so many connections.
fn sized(game: SocketAddr, connections_max: usize) -> GatewayConfig {
    let usual = GatewayConfig::new(game);
    GatewayConfig {
        connections_max,
        address_connections_max: usual.address_connections_max.min(connections_max / 4),
        network_connections_max: usual.network_connections_max.min(connections_max / 2),
        loopback_connections_max: usual.loopback_connections_max.min(connections_max),
        ..usual
    }
}

/// Opens the gateway on `listener`, on threads of its own; what it returns ends it.
pub(super) fn serve(
    listener: TcpListener,
    edge: &UdpEdge,
    store: Store,
    keys: TokenKeys,
    admission: Admission,
    telemetry: Telemetry,
    (config, (prices, journal_key), routes): (&Config, (PriceList, String), Router),
) -> anyhow::Result<(oneshot::Sender<()>, JoinHandle<()>)> {
    let mint = edge.token_mint();
    let game = mint.addresses().first().copied().unwrap_or_else(|| edge.local_addr());
    let now_s = edge.unix_clock();
    let tokens = Arc::new(move |session: SessionId, ticket: &SessionTicket| mint.mint(session, ticket, now_s()));
    let gateway = Gateway::new(
        GatewayConfig {
            guests: config.auth.guests.into(),
            trusted_proxies: config.http.trusted_proxies.to_proxies(),
            proxy_protocol: config.http.proxy_protocol,
            rates: config.rates.to_limits(),
            prices,
            journal_key: Some(journal_key),
            ..sized(game, telemetry.descriptors.http_max)
        },
        store,
        keys,
        tokens,
        admission,
    )
    .with_routes(routes)
    .with_numbers(Arc::new(move || serde_json::to_value(telemetry.read()).unwrap_or_default()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("http")
        .enable_all()
        .build()
        .context("cannot start the HTTP threads")?;
    let (shutdown, stopped) = oneshot::channel::<()>();
    let thread = thread::Builder::new()
        .name("gateway".to_owned())
        .spawn(move || {
            let stopped = async {
                // A sender dropped means the same as one used.
                let _ = stopped.await;
            };
            if let Err(error) = runtime.block_on(gateway.serve(listener, stopped)) {
                tracing::error!(%error, "HTTP ended");
            }
        })
        .context("cannot start the HTTP thread")?;
    Ok((shutdown, thread))
}
