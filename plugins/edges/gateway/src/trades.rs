//! The stash, and trades between two players.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_economy::{TRADE_LIFE_S, TRADES_LISTED_MAX, Trade, TradeMark, TradeOffer, TradeState};
use hypogeum_protocol::{AccountId, TradeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, PathId, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::goods::{GoodsBody, StashBody};
use crate::openapi::values::{Currency, TradeStage};
use crate::query::Query;
use crate::store::GatewayStore;

#[derive(Serialize, ToSchema)]
pub(crate) struct Stash {
    items: Vec<StashBody>,
    #[schema(value_type = Currency)]
    currency: i64,
    capacity: u32,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proposal {
    to: u64,
    #[serde(default)]
    gives: GoodsBody,
    #[serde(default)]
    wants: GoodsBody,
}

impl RequestBody for Proposal {
    const SHAPE: &'static str = r#"{"to": number, "gives"?: goods, "wants"?: goods}, goods being {"items"?: [{"item": "HEX-NUMBER", "version": number}], "currency"?: number}"#;
}

#[derive(Serialize, ToSchema)]
#[schema(as = ProposedTrade)]
pub(crate) struct Proposed {
    trade_id: u64,
    expires_in_s: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Trade)]
pub(crate) struct TradeBody {
    trade_id: u64,
    from: u64,
    to: u64,
    gives: GoodsBody,
    wants: GoodsBody,
    #[schema(value_type = TradeStage)]
    state: &'static str,
    expires_in_s: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Trades {
    trades: Vec<TradeBody>,
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CancelledTrade)]
pub(crate) struct Cancelled {
    trade_id: u64,
    #[schema(value_type = TradeStage)]
    state: &'static str,
}

impl TradeBody {
    fn new(trade: &Trade, now_s: u64) -> Self {
        let Trade { id, offer, state, expires_s } = trade;
        let open = *state == TradeState::Open;
        Self {
            trade_id: id.0,
            from: offer.from.0,
            to: offer.to.0,
            gives: (&offer.gives).into(),
            wants: (&offer.wants).into(),
            state: state.word(),
            expires_in_s: if open { expires_s.saturating_sub(now_s) } else { 0 },
        }
    }
}

pub(crate) async fn stash<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Stash>, ApiError> {
    let stash = gateway.store.stash(caller.account).await?;
    let items = stash.items.into_iter().map(StashBody::from).collect();
    Ok(Json(Stash { items, currency: stash.currency, capacity: stash.capacity }))
}

/// A [`TradeMark`] as clients send it back: `open.7`, `over.3`.
struct After(TradeMark);

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (is_open, id) = match text.split_once('.').ok_or(())? {
            ("open", id) => (true, id),
            ("over", id) => (false, id),
            _ => return Err(()),
        };
        Ok(Self(TradeMark { is_open, id: TradeId(id.parse().map_err(drop)?) }))
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<Trades>, ApiError> {
    let page = Query::read(query.as_deref(), &["after", "count"])?.page::<After>(TRADES_LISTED_MAX)?;
    let after = page.after.as_ref().map(|After(mark)| *mark);
    let (trades, now_s) = (gateway.store.trades(caller.account, after, page.count).await?, Gateway::<S>::now_s()?);
    let next = page.next(&trades, |last| {
        let TradeMark { is_open, id } = last.mark();
        format!("{}.{id}", if is_open { "open" } else { "over" })
    });
    Ok(Json(Trades { trades: trades.iter().map(|trade| TradeBody::new(trade, now_s)).collect(), next }))
}

/// The first confirmation: by proposing exactly this.
pub(crate) async fn propose<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(Proposal { to, gives, wants }): JsonBody<Proposal>,
) -> Result<(StatusCode, Json<Proposed>), ApiError> {
    let (gives, wants) = (gives.try_into()?, wants.try_into()?);
    let offer = TradeOffer { from: caller.account, to: AccountId(to), gives, wants };
    offer.check()?;
    gateway.check_grants()?;
    let trade = gateway.store.propose(offer).await?;
    tracing::debug!(account = %caller.account, %trade, "trade proposed");
    Ok((StatusCode::CREATED, Json(Proposed { trade_id: trade.0, expires_in_s: TRADE_LIFE_S })))
}

/// The second confirmation: everything changes hands.
pub(crate) async fn accept<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<TradeBody>, ApiError> {
    gateway.check_grants()?;
    let trade = gateway.store.accept(caller.account, TradeId(id)).await?;
    tracing::debug!(account = %caller.account, trade = id, "trade accepted");
    Ok(Json(TradeBody::new(&trade, Gateway::<S>::now_s()?)))
}

pub(crate) async fn cancel<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<Cancelled>, ApiError> {
    gateway.store.cancel(caller.account, TradeId(id)).await?;
    Ok(Json(Cancelled { trade_id: id, state: TradeState::Cancelled.word() }))
}
