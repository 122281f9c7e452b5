//! What the caller was told while it was away; and the door by which operators of this machine tell it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_economy::EconomyError;
use hypogeum_social::{ClaimedMessage, InboxError, InboxMessage, NewMessage, SentMessage, SocialNews};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, PathId, RequestBody};
use crate::caller::Caller;
use crate::economy;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::Currency;
use crate::proxies::Origin;
use crate::query::Query;
use crate::store::GatewayStore;

/// Most messages of one page.
pub(crate) const MESSAGES_PER_PAGE_MAX: usize = 100;
/// How long a message is kept that says nothing of it: 30 days.
const KEPT_S_DEFAULT: u64 = 30 * 86_400;

pub(crate) const fn status(error: InboxError) -> StatusCode {
    match error {
        InboxError::NoSuchName | InboxError::NoSuchMessage => StatusCode::NOT_FOUND,
        InboxError::Invalid { .. } => StatusCode::BAD_REQUEST,
        InboxError::Unclaimed | InboxError::Full => StatusCode::CONFLICT,
        InboxError::WalletFull => economy::status(&EconomyError::WalletFull),
        InboxError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(crate) const fn code(error: InboxError) -> &'static str {
    match error {
        InboxError::NoSuchName => "no_such_name",
        InboxError::NoSuchMessage => "no_such_message",
        InboxError::Invalid { .. } => "invalid_message",
        InboxError::Unclaimed => "unclaimed",
        InboxError::Full => "inbox_full",
        InboxError::WalletFull => economy::code(&EconomyError::WalletFull),
        InboxError::Unavailable => "unavailable",
    }
}

/// Which field of the request is meant.
pub(crate) fn details(error: InboxError) -> Option<Value> {
    match error {
        InboxError::NoSuchName | InboxError::Full => Some(json!({ "field": "name" })),
        InboxError::NoSuchMessage | InboxError::Unclaimed => Some(json!({ "field": "id" })),
        InboxError::Invalid { field } => Some(json!({ "field": field })),
        InboxError::WalletFull | InboxError::Unavailable => None,
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = InboxMessage)]
struct MessageBody {
    message_id: u64,
    /// In the language that was asked for, or the nearest there is.
    text: String,
    /// What may be claimed, or was.
    #[schema(value_type = Currency)]
    currency: i64,
    sent_s: i64,
    /// When it is kept no longer; what is not claimed by then is lost.
    expires_s: i64,
    is_read: bool,
    is_claimed: bool,
}

impl MessageBody {
    fn of(message: &InboxMessage, locale: &str) -> Self {
        Self {
            message_id: message.id,
            text: message.text(locale).to_owned(),
            currency: message.currency,
            sent_s: message.sent_s,
            expires_s: message.expires_s,
            is_read: message.is_read,
            is_claimed: message.is_claimed,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Inbox)]
pub(crate) struct InboxBody {
    messages: Vec<MessageBody>,
    /// Of all of them.
    unread: u64,
    next: Option<String>,
}

/// A message that was read or deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageDone {
    message_id: u64,
    /// How many are not read now.
    unread: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MessageClaimed {
    message_id: u64,
    #[schema(value_type = Currency)]
    currency: i64,
    #[schema(value_type = Currency)]
    balance: i64,
    /// `false`: it was claimed before.
    is_new: bool,
}

/// What an operator tells somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorMessage {
    /// Of an account or a character, whole.
    name: String,
    /// The same again to the same account, by its key, is sent once.
    key: String,
    texts: Vec<LocalText>,
    /// Left out: 30 days.
    kept_s: Option<u64>,
}

/// Words in one language.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LocalText {
    locale: String,
    text: String,
}

impl RequestBody for OperatorMessage {
    const SHAPE: &'static str =
        r#"{"name": string, "key": string, "texts": [{"locale": string, "text": string}], "kept_s"?: number}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MessageSent {
    account_id: u64,
    message_id: u64,
    /// `false`: it was sent before.
    is_new: bool,
}

/// A language as a query names it.
struct Locale(String);

impl FromStr for Locale {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_locale = text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_locale { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<InboxBody>, ApiError> {
    let query = Query::read(query.as_deref(), &["locale", "after", "count"])?;
    let Locale(locale) = query.value("locale")?.unwrap_or_else(|| Locale(String::new()));
    let page = query.page::<u64>(MESSAGES_PER_PAGE_MAX)?;
    let (messages, unread) = gateway.store.inbox(caller.account, page.after, page.count).await?;
    let next = page.next(&messages, |last| last.id.to_string());
    let messages = messages.iter().map(|message| MessageBody::of(message, &locale)).collect();
    Ok(Json(InboxBody { messages, unread, next }))
}

pub(crate) async fn read<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(message_id): PathId,
) -> Result<Json<MessageDone>, ApiError> {
    let unread = gateway.store.read_message(caller.account, message_id).await?;
    Ok(Json(MessageDone { message_id, unread }))
}

pub(crate) async fn claim<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(message_id): PathId,
) -> Result<Json<MessageClaimed>, ApiError> {
    gateway.check_grants()?;
    let claimed = gateway.store.claim_message(caller.account, message_id).await?;
    let ClaimedMessage { currency, balance, is_new } = claimed;
    Ok(Json(MessageClaimed { message_id, currency, balance, is_new }))
}

pub(crate) async fn delete<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(message_id): PathId,
) -> Result<Json<MessageDone>, ApiError> {
    let unread = gateway.store.delete_message(caller.account, message_id).await?;
    Ok(Json(MessageDone { message_id, unread }))
}

/// Words alone: currency is not for whoever may talk to this port.
pub(crate) async fn send<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    body: Result<JsonBody<OperatorMessage>, ApiError>,
) -> Result<Json<MessageSent>, ApiError> {
    if !origin.is_local {
        return Err(ApiError::LocalOnly);
    }
    let JsonBody(OperatorMessage { name, key, texts, kept_s }) = body?;
    let texts_count = texts.len();
    let texts: BTreeMap<String, String> = texts.into_iter().map(|LocalText { locale, text }| (locale, text)).collect();
    if texts.len() < texts_count {
        // Of two texts in one language nobody knows which is meant.
        return Err(InboxError::Invalid { field: "texts" }.into());
    }
    let kept_s = kept_s.unwrap_or(KEPT_S_DEFAULT);
    let message = NewMessage { key, texts, currency: 0, kept_s };
    let sent = gateway.store.send_message(&name, message).await?;
    let SentMessage { account, id, is_new, unread } = sent;
    if let Some(port) = gateway.social.as_ref().filter(|_| is_new) {
        port.tell(SocialNews::Messaged { to: account, unread });
    }
    Ok(Json(MessageSent { account_id: account.0, message_id: id, is_new }))
}
