//! Who asks: access tokens, looked at before anything that takes one.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use hypogeum_accounts::{Claims, LoginStore, Unauthorized};
use hypogeum_protocol::AccountId;

use crate::body::discard;
use crate::connections::Activity;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::proxies::Origin;
use crate::rate::Operation;
use crate::store::GatewayStore;

/// The login of access tokens that belong to none: those of guests, who have nothing to refresh and nothing to close.
pub(crate) const NO_LOGIN: u64 = 0;
/// Longest access token looked at: ours have some 300 bytes.
const ACCESS_TOKEN_BYTES_MAX: usize = 2_048;
/// How long a player who only wants to play waits for a store that does not answer.
const LOGIN_CHECK_PATIENCE: Duration = Duration::from_secs(2);

/// Whoever sent a request, proved; put into it by [`authenticate`] and [`authenticate_to_play`].
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) login: u64,
}

impl From<Claims> for Caller {
    fn from(claims: Claims) -> Self {
        Self { account: claims.account, name: claims.name, login: claims.login }
    }
}

/// Lets nobody pass whose access token is not good, or whose login was closed, or of whose login nobody knows now.
pub(crate) async fn authenticate<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let usual = if request.method().is_safe() { Operation::Read } else { Operation::Account };
    let operation = gateway.config.rates.routes.operation(&request, usual);
    let caller = match claims(&gateway, operation, origin, request.headers()) {
        Ok(claims) => check_login(&gateway.store, claims).await,
        Err(refusal) => Err(refusal),
    };
    pass(caller, request, next).await
}

/// The same for what only leads into play: there a store that does not answer locks nobody out. Whoever holds an access
/// token goes on playing for the quarter of an hour it is good for at most, though its login may have been closed.
pub(crate) async fn authenticate_to_play<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let operation = gateway.config.rates.routes.operation(&request, Operation::Connect);
    let caller = match claims(&gateway, operation, origin, request.headers()) {
        Ok(claims) => check_login_to_play(&gateway.store, claims).await,
        Err(refusal) => Err(refusal),
    };
    pass(caller, request, next).await
}

/// The same for a token that came without a request. Also when it ends, in seconds since 1970.
pub(crate) async fn prove_to_play<S: GatewayStore>(
    gateway: &Gateway<S>,
    origin: Origin,
    token: &str,
) -> Result<(Caller, u64), ApiError> {
    let token = if token.len() > ACCESS_TOKEN_BYTES_MAX { Err(Unauthorized::Malformed) } else { Ok(token) };
    let claims = claims_of(gateway, Operation::Connect, origin, token)?;
    let expires_s = claims.expires_s;
    Ok((check_login_to_play(&gateway.store, claims).await?, expires_s))
}

/// The same for a token by which something of the account is asked: nobody is trusted there whose login is not known to be open.
pub(crate) async fn prove<S: GatewayStore>(
    gateway: &Gateway<S>,
    operation: Operation,
    origin: Origin,
    token: &str,
) -> Result<Caller, ApiError> {
    let token = if token.len() > ACCESS_TOKEN_BYTES_MAX { Err(Unauthorized::Malformed) } else { Ok(token) };
    check_login(&gateway.store, claims_of(gateway, operation, origin, token)?).await
}

/// The same for whoever only ends a login: that is done once, whatever else was asked.
pub(crate) async fn prove_to_leave<S: GatewayStore>(gateway: &Gateway<S>, token: &str) -> Result<Caller, ApiError> {
    let token = if token.len() > ACCESS_TOKEN_BYTES_MAX { Err(Unauthorized::Malformed) } else { Ok(token) };
    check_login(&gateway.store, token.and_then(|token| gateway.keys.verify(token))?).await
}

async fn check_login_to_play<S: LoginStore>(store: &S, claims: Claims) -> Result<Caller, ApiError> {
    let checked = tokio::time::timeout(LOGIN_CHECK_PATIENCE, check_login(store, claims.clone()));
    match checked.await {
        Err(_) | Ok(Err(ApiError::Unavailable)) => Ok(Caller::from(claims)),
        Ok(checked) => checked,
    }
}

async fn pass(caller: Result<Caller, ApiError>, mut request: Request, next: Next) -> Result<Response, ApiError> {
    match caller {
        Ok(caller) => {
            if let Some(activity) = request.extensions().get::<Arc<Activity>>() {
                activity.note_player();
            }
            request.extensions_mut().insert(caller);
            Ok(next.run(request).await)
        }
        Err(refusal) => {
            // The refusal stands, however that goes.
            let _ = discard(request).await;
            Err(refusal)
        }
    }
}

/// What the access token says, if its account may ask this now. A token that is not good counts against its address.
fn claims<S: GatewayStore>(
    gateway: &Gateway<S>,
    operation: Operation,
    origin: Origin,
    headers: &HeaderMap,
) -> Result<Claims, ApiError> {
    claims_of(gateway, operation, origin, bearer(headers))
}

fn claims_of<S: GatewayStore>(
    gateway: &Gateway<S>,
    operation: Operation,
    origin: Origin,
    token: Result<&str, Unauthorized>,
) -> Result<Claims, ApiError> {
    match token.and_then(|token| gateway.keys.verify(token)) {
        Ok(claims) => gateway.check_own_rate(operation, origin, claims.account).map(|()| claims),
        Err(refusal) => {
            gateway.check_requests(Operation::Request, origin)?;
            Err(refusal.into())
        }
    }
}

async fn check_login<S: LoginStore>(store: &S, claims: Claims) -> Result<Caller, ApiError> {
    if claims.login != NO_LOGIN && !store.is_login_open(claims.account, claims.login).await? {
        return Err(ApiError::LoginClosed);
    }
    Ok(claims.into())
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Unauthorized> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        let is_missing = headers.get(header::AUTHORIZATION).is_none();
        return Err(if is_missing { Unauthorized::Missing } else { Unauthorized::Malformed });
    };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Unauthorized::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() > ACCESS_TOKEN_BYTES_MAX {
        return Err(Unauthorized::Malformed);
    }
    Ok(token)
}
