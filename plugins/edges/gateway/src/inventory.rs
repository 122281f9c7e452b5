//! Everything the caller has, with where it is: the stash, what characters carry, and what was brought into play.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use hypogeum_economy::{Inventory, ItemPlace, StashEntry};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::NoBody;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::goods::StashBody;
use crate::matches::ExactMatchId;
use crate::openapi::values::{Currency, MatchNumber, PlaceWord};
use crate::store::GatewayStore;

#[derive(Serialize, ToSchema)]
#[schema(as = Inventory)]
pub(crate) struct InventoryBody {
    items: Vec<PlacedItem>,
    #[schema(value_type = Currency)]
    currency: i64,
    capacity: u32,
}

/// An item, and where it is.
#[derive(Serialize, ToSchema)]
struct PlacedItem {
    #[serde(flatten)]
    item: StashBody,
    #[schema(value_type = PlaceWord)]
    place: &'static str,
    /// Who carries it, or has brought it.
    #[schema(value_type = u64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    character_id: Option<u64>,
    /// The match or the visit it was brought into.
    #[schema(value_type = MatchNumber, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    match_id: Option<ExactMatchId>,
}

impl PlacedItem {
    fn of((entry, place): (StashEntry, ItemPlace)) -> Self {
        let (place, character, held) = match place {
            ItemPlace::Stash => ("stash", None, None),
            ItemPlace::Carried(character) => ("carried", Some(character), None),
            ItemPlace::Brought { into, by } => ("brought", by, Some(into)),
        };
        let (character_id, match_id) = (character.map(|character| character.0), held.map(ExactMatchId));
        Self { item: entry.into(), place, character_id, match_id }
    }
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<InventoryBody>, ApiError> {
    let Inventory { items, currency, capacity } = gateway.store.inventory(caller.account).await?;
    Ok(Json(InventoryBody { items: items.into_iter().map(PlacedItem::of).collect(), currency, capacity }))
}
