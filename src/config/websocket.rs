//! `[websocket]`

use hypogeum_websocket::WebSocketConfig;
use serde::Deserialize;

/// Who plays over WebSocket: at `/v1/socket` of the port of `[http]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WebSocketTable {
    /// Whether anybody does.
    pub(crate) open: bool,
    /// Most sockets at once.
    pub(crate) connections_max: usize,
    /// Most of one address.
    pub(crate) connections_per_address_max: usize,
    /// Most of one network.
    pub(crate) connections_per_network_max: usize,
    /// Pages of other hosts that may open one, and ask over HTTP from a browser, by their origins; a page of this very host always
    /// may.
    pub(crate) origins: Vec<String>,
    /// Threads that share the sockets.
    pub(crate) workers: usize,
}

impl Default for WebSocketTable {
    fn default() -> Self {
        let usual = WebSocketConfig::default();
        Self {
            open: true,
            connections_max: usual.connections_max,
            connections_per_address_max: usual.connections_per_address_max,
            connections_per_network_max: usual.connections_per_network_max,
            origins: Vec::new(),
            workers: usual.workers,
        }
    }
}

impl WebSocketTable {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if !(1..=65_536).contains(&self.connections_max) {
            return Err(("connections_max", format!("found {}, expected 1 to 65536", self.connections_max)));
        }
        if self.connections_per_address_max == 0 {
            return Err(("connections_per_address_max", "found 0, expected 1 or more".to_owned()));
        }
        if self.connections_per_network_max == 0 {
            return Err(("connections_per_network_max", "found 0, expected 1 or more".to_owned()));
        }
        if !(1..=WebSocketConfig::WORKERS_MAX).contains(&self.workers) {
            return Err(("workers", format!("found {}, expected 1 to {}", self.workers, WebSocketConfig::WORKERS_MAX)));
        }
        for origin in &self.origins {
            let is_origin = origin == "null"
                || origin.split_once("://").is_some_and(|(scheme, host)| {
                    ["http", "https"].contains(&scheme) && !host.is_empty() && !host.contains(['/', ' ', '*'])
                });
            if !is_origin {
                return Err((
                    "origins",
                    format!("found {origin:?}, expected one such as \"https://play.example.org\""),
                ));
            }
        }
        Ok(())
    }

    /// How the edge is set up.
    pub(crate) fn to_websocket(&self) -> WebSocketConfig {
        WebSocketConfig {
            connections_max: self.connections_max,
            connections_per_address_max: self.connections_per_address_max,
            connections_per_network_max: self.connections_per_network_max,
            workers: self.workers,
            ..WebSocketConfig::default()
        }
    }
}
