//! The matches that the caller has played to their end. What others have played is as if it never was.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use hypogeum_progression::{MATCHES_PER_PAGE_MAX, MatchMark, PlayedMatch};
use hypogeum_protocol::{EXACT_MAX, MatchId, Outcome, SettledReport};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::body::{NoBody, PathId};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{Currency, MatchNumber, OutcomeWord};
use crate::query::Query;
use crate::store::GatewayStore;

/// A match, or a visit to a place that stays, as every reader of JSON keeps it exact: a number, and a string of its digits beyond
/// [`EXACT_MAX`], where matches of servers are that have numbers from 8,192 on. So it is over WebSocket, too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExactMatchId(pub(crate) MatchId);

impl Serialize for ExactMatchId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(MatchId(id)) = *self;
        if id > EXACT_MAX { serializer.collect_str(&id) } else { serializer.serialize_u64(id) }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = PlayedMatch)]
pub(crate) struct MatchBody {
    #[schema(value_type = MatchNumber)]
    match_id: ExactMatchId,
    mode: String,
    started_s: u64,
    ended_s: u64,
    #[schema(value_type = OutcomeWord)]
    outcome: Outcome,
    /// Place among all seats, 1 is best.
    #[schema(value_type = u16, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    placement: Option<u16>,
    kills: u32,
    damage_dealt: u32,
    xp_gained: u32,
    #[schema(value_type = Currency)]
    currency_gained: i64,
    items_secured: u32,
    /// After it.
    level: u32,
    /// After it.
    rating: i32,
    #[schema(value_type = i32, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_change: Option<i32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PlayedMatches)]
pub(crate) struct MatchesBody {
    matches: Vec<MatchBody>,
    next: Option<String>,
}

impl From<PlayedMatch> for MatchBody {
    fn from(played: PlayedMatch) -> Self {
        let PlayedMatch { id, mode, started_s, ended_s, placement, rating_before, rating, report } = played;
        let SettledReport { outcome, kills, damage_dealt, xp_gained, level, items_secured, currency_gained, .. } =
            report;
        Self {
            match_id: ExactMatchId(id),
            mode,
            started_s,
            ended_s,
            outcome,
            placement,
            kills,
            damage_dealt,
            xp_gained,
            currency_gained,
            items_secured,
            level,
            rating,
            rating_change: rating_before.map(|before| rating.saturating_sub(before)),
        }
    }
}

/// A [`MatchMark`] as clients send it back.
struct After(MatchMark);

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (ended_s, id) = text.split_once('.').ok_or(())?;
        Ok(Self(MatchMark { ended_s: ended_s.parse().map_err(drop)?, id: MatchId(id.parse().map_err(drop)?) }))
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<MatchesBody>, ApiError> {
    let page = Query::read(query.as_deref(), &["after", "count"])?.page::<After>(MATCHES_PER_PAGE_MAX)?;
    let after = page.after.as_ref().map(|After(mark)| *mark);
    let matches = gateway.store.matches_played(caller.account, after, page.count).await?;
    let next = page.next(&matches, |last| format!("{}.{}", last.ended_s, last.id));
    Ok(Json(MatchesBody { matches: matches.into_iter().map(MatchBody::from).collect(), next }))
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    PathId(id): PathId,
) -> Result<Response, ApiError> {
    let played = gateway.store.match_played(caller.account, MatchId(id)).await?.ok_or(ApiError::NoSuchMatch)?;
    // It never changes, and is nobody else's to keep.
    let answer = KeptAnswer::new(&MatchBody::from(played)).map_err(|_| ApiError::Unavailable)?;
    Ok(answer.asked_each_time().respond(&headers))
}
