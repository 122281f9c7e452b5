//! `trusted_proxies` of `[http]`: whose word counts on who asks.

use hypogeum_gateway::{Network, TrustedProxies};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// Networks that can be named: a request is compared with each.
const NETWORKS_MAX: usize = 64;

/// Addresses and networks, as a list of texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxiesConfig(TrustedProxies, bool);

impl TrustedProxiesConfig {
    pub(crate) fn to_proxies(&self) -> TrustedProxies {
        self.0.clone()
    }

    pub(super) const fn names_any(&self) -> bool {
        self.1
    }
}

impl<'de> Deserialize<'de> for TrustedProxiesConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        if texts.len() > NETWORKS_MAX {
            return Err(D::Error::custom(format!("found {} networks, expected at most {NETWORKS_MAX}", texts.len())));
        }
        let networks: Result<Vec<Network>, _> = texts.iter().map(|text| text.parse()).collect();
        let networks = networks.map_err(D::Error::custom)?;
        Ok(Self(TrustedProxies::new(networks), !texts.is_empty()))
    }
}
