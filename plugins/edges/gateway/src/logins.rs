//! Logins that last: refreshing them, and ending them.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use hypogeum_accounts::{AccountRecord, LoginStore, NetworkMark, NewLogin, REFRESH_TOKEN_S, RefreshToken, Rotation};
use hypogeum_protocol::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, RequestBody};
use crate::caller::{Caller, NO_LOGIN};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::RefreshTokenText;
use crate::proxies::Origin;
use crate::rate::Operation;
use crate::store::GatewayStore;

/// What opens a login further, and what keeps it open.
#[derive(Serialize)]
pub(crate) struct LoggedIn {
    pub(crate) access_token: String,
    token_type: &'static str,
    pub(crate) expires_in_s: u64,
    account_id: u64,
    #[serde(flatten)]
    refresh: Option<Refresh>,
}

#[derive(Serialize)]
struct Refresh {
    refresh_token: String,
    refresh_expires_in_s: u64,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RefreshTokenShown)]
#[serde(deny_unknown_fields)]
pub(crate) struct Presented {
    #[schema(value_type = RefreshTokenText)]
    refresh_token: String,
}

impl RequestBody for Presented {
    const SHAPE: &'static str = r#"{"refresh_token": string}"#;
}

#[derive(Serialize, ToSchema)]
#[schema(as = ClosedLogins)]
pub(crate) struct Closed {
    logins_closed: u32,
}

impl<S: GatewayStore> Gateway<S> {
    /// A new login of an account whose owner has proved to be its owner.
    pub(crate) async fn open_login(&self, record: &AccountRecord, seen_at: NetworkMark) -> Result<LoggedIn, ApiError> {
        let now_s = Self::now_s()?;
        let token = RefreshToken::random();
        // Never NO_LOGIN.
        let login = rand::random_range(1..=u64::MAX);
        let expires_s = now_s.saturating_add(REFRESH_TOKEN_S);
        let new = NewLogin { login, account: record.id, token_digest: token.digest(), seen_at, now_s, expires_s };
        self.store.open_login(new).await?;
        self.logged_in(record.id, &record.name, login, Some(&token), now_s)
    }

    /// An access token for a guest, and nothing that outlives it: coming again is as easy.
    pub(crate) fn let_guest_in(&self, record: &AccountRecord) -> Result<LoggedIn, ApiError> {
        self.logged_in(record.id, &record.name, NO_LOGIN, None, Self::now_s()?)
    }

    /// Another access token of a login that is open, for an edge that keeps it open itself: see [`LoginPort`](crate::LoginPort).
    pub(crate) fn stay_logged_in(&self, caller: &Caller) -> Result<LoggedIn, ApiError> {
        self.logged_in(caller.account, &caller.name, caller.login, None, Self::now_s()?)
    }

    fn logged_in(
        &self,
        account: AccountId,
        name: &str,
        login: u64,
        token: Option<&RefreshToken>,
        now_s: u64,
    ) -> Result<LoggedIn, ApiError> {
        let refresh =
            |token: &RefreshToken| Refresh { refresh_token: token.to_text(), refresh_expires_in_s: REFRESH_TOKEN_S };
        Ok(LoggedIn {
            access_token: self.keys.issue(account, name, login, now_s).ok_or(ApiError::Unavailable)?,
            token_type: "Bearer",
            expires_in_s: self.keys.lifetime_s(),
            account_id: account.0,
            refresh: token.map(refresh),
        })
    }
}

/// Uses a refresh token up, for an access token and the next refresh token. Whoever lost the answer gets it again: the
/// next token is a function of this one, and the store knows whether it was used.
pub(crate) async fn refresh<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    JsonBody(Presented { refresh_token }): JsonBody<Presented>,
) -> Result<Json<LoggedIn>, ApiError> {
    gateway.check_rate(Operation::Refresh, origin, &refresh_token)?;
    let presented = RefreshToken::parse(&refresh_token).ok_or(ApiError::RefreshRefused)?;
    let (next, now_s) = (gateway.keys.refresh().successor(&presented), Gateway::<S>::now_s()?);
    let expires_s = now_s.saturating_add(REFRESH_TOKEN_S);
    match gateway.store.rotate(presented.digest(), next.digest(), now_s, expires_s).await? {
        Rotation::Rotated { login, account, name } => {
            gateway.logged_in(account, &name, login, Some(&next), now_s).map(Json)
        }
        Rotation::Reused { account, .. } => {
            tracing::warn!(%account, "a used refresh token was shown again: its login is closed");
            Err(ApiError::RefreshReused)
        }
        Rotation::Refused => Err(ApiError::RefreshRefused),
    }
}

/// Closes the login this request came with.
pub(crate) async fn logout<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    NoBody: NoBody,
) -> Result<Json<Closed>, ApiError> {
    close(&gateway.store, &caller).await.map(Json)
}

/// Closes the login of somebody, whichever way they came.
pub(crate) async fn close<S: LoginStore>(store: &S, caller: &Caller) -> Result<Closed, ApiError> {
    let was_open = caller.login != NO_LOGIN && store.close_login(caller.account, caller.login).await?;
    Ok(Closed { logins_closed: was_open.into() })
}

/// Closes every login of the account.
pub(crate) async fn logout_everywhere<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    NoBody: NoBody,
) -> Result<Json<Closed>, ApiError> {
    let logins_closed = gateway.store.close_all_logins(caller.account).await?;
    tracing::info!(account = %caller.account, logins_closed, "logged out everywhere");
    Ok(Json(Closed { logins_closed }))
}
