//! Guests: accounts without a password, for those who may have one.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::{Extension, Json};
use hypogeum_accounts::{AccountName, AccountRecord, network_of};
use serde::Deserialize;

use crate::body::{JsonBody, RequestBody};
use crate::config::Guests;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::logins::LoggedIn;
use crate::routes::Peer;
use crate::store::GatewayStore;

/// Headers by which a proxy says that it asks for somebody else.
const FORWARDED: [HeaderName; 4] =
    [header::FORWARDED, header::VIA, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuestName {
    name: String,
}

impl RequestBody for GuestName {
    const SHAPE: &'static str = r#"{"name": string}"#;
}

/// Lets a guest in, by a new account where the name is free.
pub(crate) async fn guest<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(GuestName { name }): JsonBody<GuestName>,
) -> Result<Json<LoggedIn>, ApiError> {
    if !gateway.config.guests.include(peer.ip(), &headers) {
        return Err(ApiError::GuestsRefused);
    }
    let name = AccountName::parse(&name).map_err(ApiError::InvalidName)?;
    gateway.check_guest_rate(peer.ip())?;
    let record = match gateway.check_grants() {
        Ok(()) => gateway.store.guest(&name).await?,
        // A guest that comes again is granted nothing.
        Err(refusal) => gateway.store.find(&name).await?.filter(AccountRecord::is_guest).ok_or(refusal)?,
    };
    tracing::debug!(account = %record.id, "guest let in");
    gateway.let_guest_in(&record).map(Json)
}

impl Guests {
    fn include(self, address: IpAddr, headers: &HeaderMap) -> bool {
        match self {
            Self::Nobody => false,
            Self::Loopback => {
                network_of(address).is_loopback() && !FORWARDED.iter().any(|name| headers.contains_key(name))
            }
            Self::Anyone => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_be_a_guest_is_what_the_setting_says() {
        let none = HeaderMap::new();
        let (here, mapped): (IpAddr, IpAddr) = ("127.0.0.1".parse().unwrap(), "::ffff:127.0.0.1".parse().unwrap());
        let elsewhere: IpAddr = "192.0.2.1".parse().unwrap();
        for address in [here, mapped, elsewhere] {
            assert!(!Guests::Nobody.include(address, &none), "nobody means not {address} either");
            assert!(Guests::Anyone.include(address, &none), "anyone means {address}, too");
        }
        assert!(Guests::Loopback.include(here, &none), "this machine is this machine");
        assert!(Guests::Loopback.include(mapped, &none), "however its address is written");
        assert!(!Guests::Loopback.include(elsewhere, &none), "another is not");
        for name in FORWARDED {
            let forwarded = HeaderMap::from_iter([(name.clone(), "192.0.2.1".parse().unwrap())]);
            assert!(!Guests::Loopback.include(here, &forwarded), "{name} says that a proxy asks for somebody else");
        }
    }
}
