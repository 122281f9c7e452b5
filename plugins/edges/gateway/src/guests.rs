//! Guests: accounts without a password, for those who may have one.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use hypogeum_accounts::{AccountName, AccountRecord};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{JsonBody, RequestBody};
use crate::config::Guests;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::logins::LoggedIn;
use crate::openapi::values::AccountNameText;
use crate::proxies::Origin;
use crate::rate::Operation;
use crate::store::GatewayStore;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuestName {
    #[schema(value_type = AccountNameText)]
    name: String,
}

impl RequestBody for GuestName {
    const SHAPE: &'static str = r#"{"name": string}"#;
}

/// Lets a guest in, by a new account where the name is free.
pub(crate) async fn guest<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    JsonBody(GuestName { name }): JsonBody<GuestName>,
) -> Result<Json<LoggedIn>, ApiError> {
    let_in(&gateway, origin, &name).await.map(Json)
}

/// Lets a guest in, whichever way it comes.
pub(crate) async fn let_in<S: GatewayStore>(
    gateway: &Gateway<S>,
    origin: Origin,
    name: &str,
) -> Result<LoggedIn, ApiError> {
    if !gateway.config.guests.include(origin) {
        return Err(ApiError::GuestsRefused);
    }
    let name = AccountName::parse(name).map_err(ApiError::InvalidName)?;
    gateway.check_rate(Operation::Guest, origin, name.canonical())?;
    let record = match gateway.check_grants() {
        Ok(()) => gateway.store.guest(&name).await?,
        // A guest that comes again is granted nothing.
        Err(refusal) => gateway.store.find(&name).await?.filter(AccountRecord::is_guest).ok_or(refusal)?,
    };
    tracing::debug!(account = %record.id, "guest let in");
    gateway.let_guest_in(&record)
}

impl Guests {
    const fn include(self, origin: Origin) -> bool {
        match self {
            Self::Nobody => false,
            Self::Loopback => origin.is_local,
            Self::Anyone => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_be_a_guest_is_what_the_setting_says() {
        let local = Origin { address: [127, 0, 0, 1].into(), is_local: true };
        let forwarded = Origin { is_local: false, ..local };
        let elsewhere = Origin { address: [192, 0, 2, 1].into(), is_local: false };
        for origin in [local, forwarded, elsewhere] {
            assert!(!Guests::Nobody.include(origin), "nobody means not {origin:?} either");
            assert!(Guests::Anyone.include(origin), "anyone means {origin:?}, too");
        }
        assert!(Guests::Loopback.include(local), "this machine is this machine");
        assert!(!Guests::Loopback.include(forwarded), "not where it asks for somebody else");
        assert!(!Guests::Loopback.include(elsewhere), "another is not");
    }
}
