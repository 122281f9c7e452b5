//! Places in line for matches that programs on this machine ask for, and why somebody still waits.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_hosting::AnswerError;
use hypogeum_matches::{NewTicket, TicketAnswer, TicketError, TicketState, TicketsPort};
use hypogeum_protocol::limits::{PARTY_MEMBERS_MAX, PROPERTIES_MAX, QUERY_BYTES_MAX};
use hypogeum_protocol::{AccountId, Property, PropertyValue, QueryWhy, QueueRefusal, QueueWhy};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, PathId, RequestBody};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::proxies::Origin;
use crate::store::GatewayStore;

pub(crate) const fn status(error: TicketError) -> StatusCode {
    match error {
        TicketError::UnknownMode | TicketError::NoTicket => StatusCode::NOT_FOUND,
        TicketError::Refused(QueueRefusal::BadProperty { .. } | QueueRefusal::BadQuery { .. }) => {
            StatusCode::BAD_REQUEST
        }
        TicketError::Refused(_) => StatusCode::CONFLICT,
        TicketError::Full | TicketError::Draining => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(crate) const fn code(error: TicketError) -> &'static str {
    match error {
        TicketError::UnknownMode => "unknown_mode",
        TicketError::NoTicket => "no_ticket",
        TicketError::Refused(why) => refusal_code(why),
        TicketError::Full => "busy",
        TicketError::Draining => "draining",
    }
}

const fn refusal_code(why: QueueRefusal) -> &'static str {
    match why {
        QueueRefusal::PartyTooLarge { .. } => "party_too_large",
        QueueRefusal::MemberAway { .. } => "member_away",
        // Nobody leads such a ticket.
        QueueRefusal::NotLeader { .. } | QueueRefusal::MemberBusy { .. } => "member_busy",
        QueueRefusal::RatingsTooWide { .. } => "ratings_too_wide",
        QueueRefusal::BadProperty { .. } => "bad_property",
        QueueRefusal::BadQuery { .. } => "bad_query",
    }
}

/// Which field is meant, and what a program needs to know to do better.
pub(crate) fn details(error: TicketError) -> Option<Value> {
    let TicketError::Refused(why) = error else {
        return matches!(error, TicketError::UnknownMode).then(|| json!({ "field": "mode" }));
    };
    Some(match why {
        QueueRefusal::NotLeader { leader: account }
        | QueueRefusal::MemberAway { account }
        | QueueRefusal::MemberBusy { account } => json!({ "field": "account_ids", "account_id": account.0 }),
        QueueRefusal::PartyTooLarge { members, members_max } => {
            json!({ "field": "account_ids", "found": members, "most": members_max })
        }
        QueueRefusal::RatingsTooWide { spread, spread_max } => {
            json!({ "field": "account_ids", "found": spread, "most": spread_max })
        }
        QueueRefusal::BadProperty { place, fault } => json!({ "field": "properties", "place": place, "fault": fault }),
        QueueRefusal::BadQuery { at, fault } => json!({ "field": "query", "at": at, "fault": fault }),
    })
}

/// People who are to play together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTicket)]
pub(crate) struct TicketWanted {
    /// Key of the mode.
    mode: String,
    /// Who, each once, at most 32: connected, and in nothing.
    account_ids: Vec<u64>,
    /// What the ticket says of itself, at most 16.
    #[serde(default)]
    properties: Vec<TicketProperty>,
    /// What it asks of others, at most 512 bytes.
    #[serde(default)]
    query: String,
}

/// One thing that a ticket says of itself: a text or a number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketProperty {
    key: String,
    text: Option<String>,
    number: Option<i64>,
}

impl RequestBody for TicketWanted {
    const SHAPE: &'static str = r#"{"mode": string, "account_ids": [number], "properties"?: [{"key": string, "text"?: string, "number"?: number}], "query"?: string}"#;
}

impl TicketWanted {
    fn checked(self) -> Result<NewTicket, ApiError> {
        let Self { mode, account_ids, properties, query } = self;
        let invalid = |field| ApiError::InvalidTicket { field };
        let mut seen = account_ids.clone();
        seen.sort_unstable();
        seen.dedup();
        if !(1..=PARTY_MEMBERS_MAX).contains(&account_ids.len()) || seen.len() < account_ids.len() {
            return Err(invalid("account_ids"));
        }
        if properties.len() > PROPERTIES_MAX {
            return Err(invalid("properties"));
        }
        if query.len() > QUERY_BYTES_MAX {
            return Err(invalid("query"));
        }
        let property = |TicketProperty { key, text, number }| match (text, number) {
            (Some(text), None) => Ok(Property { key, value: PropertyValue::Text { text } }),
            (None, Some(number)) => Ok(Property { key, value: PropertyValue::Number { number } }),
            (Some(_), Some(_)) | (None, None) => Err(invalid("properties")),
        };
        let properties = properties.into_iter().map(property).collect::<Result<_, _>>()?;
        Ok(NewTicket { mode, accounts: account_ids.into_iter().map(AccountId).collect(), properties, query })
    }
}

/// A ticket in line, and why it waits.
#[derive(Serialize, ToSchema)]
#[schema(as = Ticket)]
pub(crate) struct TicketBody {
    /// Whom it is for.
    account_ids: Vec<u64>,
    mode: String,
    waited_ms: u32,
    /// How much longer it may take, going by those who went last.
    #[schema(value_type = u32, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate_ms: Option<u32>,
    /// Rating distance accepted now.
    window: u32,
    window_start: u32,
    window_per_s: u32,
    window_max: u32,
    /// People in line for the mode, its own included.
    in_line: u16,
    /// Others that were looked at, the nearest in rating: each is one of the four that follow.
    looked_at: u16,
    fitting: u16,
    beyond_window: u16,
    beyond_theirs: u16,
    too_many: u16,
    /// Where it has a query or properties.
    #[schema(value_type = TicketQuery, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<TicketQuery>,
}

/// How the query of a ticket stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketQuery {
    /// Others that it rules out, or that rule it out.
    ruled_out: u16,
    /// Clauses without a sign that still hold.
    shoulds: u16,
    /// Until one fewer of them does.
    #[schema(value_type = u32, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next_relaxed_ms: Option<u32>,
}

impl From<TicketState> for TicketBody {
    fn from(TicketState { accounts, why, query }: TicketState) -> Self {
        let QueueWhy { mode, waited_ms, estimate_ms, window, window_start, window_per_s, window_max, .. } = why;
        let QueueWhy { in_line, looked_at, fitting, beyond_window, beyond_theirs, too_many, .. } = why;
        let query = query.map(|QueryWhy { ruled_out, shoulds, next_relaxed_ms }| TicketQuery {
            ruled_out,
            shoulds,
            next_relaxed_ms,
        });
        Self {
            account_ids: accounts.into_iter().map(|account| account.0).collect(),
            mode,
            waited_ms,
            estimate_ms,
            window,
            window_start,
            window_per_s,
            window_max,
            in_line,
            looked_at,
            fitting,
            beyond_window,
            beyond_theirs,
            too_many,
            query,
        }
    }
}

/// The way to the line.
fn port<S: GatewayStore>(gateway: &Gateway<S>) -> Result<&TicketsPort, ApiError> {
    gateway.tickets.as_ref().ok_or(ApiError::NotFound)
}

const fn check_local(origin: Origin) -> Result<(), ApiError> {
    if origin.is_local { Ok(()) } else { Err(ApiError::LocalOnly) }
}

/// What the tick has answered.
fn answered(answer: Result<TicketAnswer, AnswerError>) -> Result<Json<TicketBody>, ApiError> {
    match answer {
        Ok(Ok(state)) => Ok(Json(state.into())),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(ApiError::Unavailable),
    }
}

pub(crate) async fn join<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    body: Result<JsonBody<TicketWanted>, ApiError>,
) -> Result<Json<TicketBody>, ApiError> {
    check_local(origin)?;
    let JsonBody(wanted) = body?;
    let wanted = wanted.checked()?;
    answered(port(&gateway)?.join(wanted).await)
}

pub(crate) async fn look<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    PathId(account): PathId,
) -> Result<Json<TicketBody>, ApiError> {
    check_local(origin)?;
    answered(port(&gateway)?.look(AccountId(account)).await)
}

pub(crate) async fn leave<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    PathId(account): PathId,
) -> Result<Json<TicketBody>, ApiError> {
    check_local(origin)?;
    answered(port(&gateway)?.leave(AccountId(account)).await)
}
