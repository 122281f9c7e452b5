//! Friends of the caller, requests to become some, whom it blocks, and who may see where it is.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_protocol::{AccountId, Whereabouts};
use hypogeum_social::{FriendRecord, FriendState, SocialError, SocialNews};
use hypogeum_store::VisibleTo;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, PathId, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::FriendWord;
use crate::query::Query;
use crate::store::GatewayStore;

/// Most entries of one page.
pub(crate) const FRIENDS_PER_PAGE_MAX: usize = 100;

pub(crate) const fn status(error: SocialError) -> StatusCode {
    match error {
        SocialError::Oneself => StatusCode::BAD_REQUEST,
        SocialError::NoSuchName | SocialError::NoSuchRequest | SocialError::NotListed => StatusCode::NOT_FOUND,
        SocialError::Blocking
        | SocialError::TooManyFriends
        | SocialError::TooManyRequests
        | SocialError::TheirsFull
        | SocialError::TooManyBlocks => StatusCode::CONFLICT,
        SocialError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(crate) const fn code(error: SocialError) -> &'static str {
    match error {
        SocialError::NoSuchName => "no_such_name",
        SocialError::Oneself => "oneself",
        SocialError::Blocking => "blocking",
        SocialError::NoSuchRequest => "no_such_request",
        SocialError::NotListed => "not_listed",
        SocialError::TooManyFriends => "too_many_friends",
        SocialError::TooManyRequests => "too_many_friend_requests",
        SocialError::TheirsFull => "theirs_full",
        SocialError::TooManyBlocks => "too_many_blocks",
        SocialError::Unavailable => "unavailable",
    }
}

/// Which field of the request is meant.
pub(crate) fn details(error: SocialError) -> Option<Value> {
    match error {
        SocialError::NoSuchName | SocialError::Oneself | SocialError::Blocking => Some(json!({ "field": "name" })),
        SocialError::NoSuchRequest | SocialError::NotListed => Some(json!({ "field": "id" })),
        _ => None,
    }
}

/// Where somebody is.
#[derive(Serialize, ToSchema)]
#[schema(as = Presence)]
#[serde(tag = "state", rename_all = "snake_case")]
enum PresenceBody {
    Offline,
    Online,
    InMatch { mode: String },
    InPlace { place: String },
}

impl From<Whereabouts> for PresenceBody {
    fn from(whereabouts: Whereabouts) -> Self {
        match whereabouts {
            Whereabouts::Offline => Self::Offline,
            Whereabouts::Online => Self::Online,
            Whereabouts::InMatch { mode } => Self::InMatch { mode },
            Whereabouts::InPlace { place } => Self::InPlace { place },
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Friend)]
pub(crate) struct FriendBody {
    account_id: u64,
    name: String,
    #[schema(value_type = FriendWord)]
    state: &'static str,
    since_s: i64,
    presence: PresenceBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Friends)]
pub(crate) struct FriendsBody {
    friends: Vec<FriendBody>,
    next: Option<String>,
}

/// Somebody who is on a list no more.
#[derive(Serialize, ToSchema)]
#[schema(as = Unlisted)]
pub(crate) struct UnlistedBody {
    account_id: u64,
}

/// Somebody by name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SomebodyNamed {
    /// Of an account or a character, whole.
    name: String,
}

impl RequestBody for SomebodyNamed {
    const SHAPE: &'static str = r#"{"name": string}"#;
}

/// Who may see where the caller is.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VisibleWord {
    Everybody,
    Friends,
    Nobody,
}

impl From<VisibleTo> for VisibleWord {
    fn from(visible_to: VisibleTo) -> Self {
        match visible_to {
            VisibleTo::Everybody => Self::Everybody,
            VisibleTo::Friends => Self::Friends,
            VisibleTo::Nobody => Self::Nobody,
        }
    }
}

impl From<VisibleWord> for VisibleTo {
    fn from(word: VisibleWord) -> Self {
        match word {
            VisibleWord::Everybody => Self::Everybody,
            VisibleWord::Friends => Self::Friends,
            VisibleWord::Nobody => Self::Nobody,
        }
    }
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Visibility {
    visible_to: VisibleWord,
}

impl RequestBody for Visibility {
    const SHAPE: &'static str = r#"{"visible_to": "everybody", "friends" or "nobody"}"#;
}

/// A [`FriendState`] as a query names it.
struct StateWord(FriendState);

impl FromStr for StateWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        FriendState::of_name(text).map(Self).ok_or(())
    }
}

/// Records with where their people are, as far as the caller may see it.
async fn shown<S: GatewayStore>(
    gateway: &Gateway<S>,
    viewer: AccountId,
    records: Vec<FriendRecord>,
) -> Vec<FriendBody> {
    let others = records.iter().map(|record| record.account).collect();
    let seen = match &gateway.social {
        Some(port) => port.look(viewer, others).await.unwrap_or_default(),
        None => Vec::new(),
    };
    // Whom the tick does not answer about is away.
    let seen = seen.into_iter().chain(std::iter::repeat(Whereabouts::Offline));
    let body = |(record, whereabouts): (FriendRecord, Whereabouts)| FriendBody {
        account_id: record.account.0,
        name: record.name,
        state: record.state.name(),
        since_s: record.since_s,
        presence: whereabouts.into(),
    };
    records.into_iter().zip(seen).map(body).collect()
}

async fn shown_one<S: GatewayStore>(
    gateway: &Gateway<S>,
    viewer: AccountId,
    record: FriendRecord,
) -> Result<Json<FriendBody>, ApiError> {
    shown(gateway, viewer, vec![record]).await.pop().map(Json).ok_or(ApiError::Unavailable)
}

fn tell<S: GatewayStore>(gateway: &Gateway<S>, news: SocialNews) {
    if let Some(port) = &gateway.social {
        port.tell(news);
    }
}

fn accepted(caller: &Caller, record: &FriendRecord) -> SocialNews {
    SocialNews::Accepted { friends: [(caller.account, caller.name.clone()), (record.account, record.name.clone())] }
}

async fn page<S: GatewayStore>(
    gateway: &Gateway<S>,
    caller: AccountId,
    query: &Query<'_>,
    state: Option<FriendState>,
) -> Result<Json<FriendsBody>, ApiError> {
    let page = query.page::<u64>(FRIENDS_PER_PAGE_MAX)?;
    let records = gateway.store.friends(caller, state, page.after.map(AccountId), page.count).await?;
    let next = page.next(&records, |last| last.account.0.to_string());
    Ok(Json(FriendsBody { friends: shown(gateway, caller, records).await, next }))
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<FriendsBody>, ApiError> {
    let query = Query::read(query.as_deref(), &["state", "after", "count"])?;
    let state = query.value::<StateWord>("state")?.map(|StateWord(state)| state);
    page(&gateway, caller.account, &query, state).await
}

pub(crate) async fn blocks<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<FriendsBody>, ApiError> {
    let query = Query::read(query.as_deref(), &["after", "count"])?;
    page(&gateway, caller.account, &query, Some(FriendState::Blocked)).await
}

pub(crate) async fn ask<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(SomebodyNamed { name }): JsonBody<SomebodyNamed>,
) -> Result<Json<FriendBody>, ApiError> {
    let (record, is_told) = gateway.store.befriend(caller.account, &name).await?;
    if is_told && record.state == FriendState::Friend {
        tell(&gateway, accepted(&caller, &record));
    } else if is_told {
        let (from, from_name, to) = (caller.account, caller.name.clone(), record.account);
        tell(&gateway, SocialNews::Requested { from, from_name, to });
    }
    shown_one(&gateway, caller.account, record).await
}

pub(crate) async fn accept<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<FriendBody>, ApiError> {
    let record = gateway.store.accept_friend(caller.account, AccountId(id)).await?;
    tell(&gateway, accepted(&caller, &record));
    shown_one(&gateway, caller.account, record).await
}

pub(crate) async fn remove<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<UnlistedBody>, ApiError> {
    gateway.store.remove_friend(caller.account, AccountId(id)).await?;
    tell(&gateway, SocialNews::Parted { both: [caller.account, AccountId(id)] });
    Ok(Json(UnlistedBody { account_id: id }))
}

pub(crate) async fn block<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(SomebodyNamed { name }): JsonBody<SomebodyNamed>,
) -> Result<Json<FriendBody>, ApiError> {
    let record = gateway.store.block(caller.account, &name).await?;
    let (account, other) = (caller.account, record.account);
    tell(&gateway, SocialNews::Blocked { account, other, is_blocked: true });
    shown_one(&gateway, caller.account, record).await
}

pub(crate) async fn unblock<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<UnlistedBody>, ApiError> {
    let (account, other) = (caller.account, AccountId(id));
    gateway.store.unblock(account, other).await?;
    tell(&gateway, SocialNews::Blocked { account, other, is_blocked: false });
    Ok(Json(UnlistedBody { account_id: id }))
}

pub(crate) async fn visibility<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<Visibility>, ApiError> {
    let visible_to = gateway.store.visible_to(caller.account).await?;
    Ok(Json(Visibility { visible_to: visible_to.into() }))
}

pub(crate) async fn set_visibility<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(wanted): JsonBody<Visibility>,
) -> Result<Json<Visibility>, ApiError> {
    let (account, visible_to) = (caller.account, wanted.visible_to.into());
    gateway.store.set_visible_to(account, visible_to).await?;
    tell(&gateway, SocialNews::VisibleTo { account, visible_to });
    Ok(Json(wanted))
}
