//! Items and currency as they stand in JSON.

use hypogeum_economy::{EconomyError, Goods, ItemVersion, StashEntry};
use hypogeum_protocol::{ItemId, ItemIdError, ItemState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::values::{Currency, ItemName};

/// An item's name: the text it is shown as, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ItemText(pub(crate) ItemId);

impl TryFrom<String> for ItemText {
    type Error = ItemIdError;

    fn try_from(text: String) -> Result<Self, ItemIdError> {
        text.parse().map(Self)
    }
}

impl From<ItemText> for String {
    fn from(ItemText(item): ItemText) -> Self {
        item.to_string()
    }
}

/// An item with the version it was seen at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ItemSeen)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemBody {
    #[schema(value_type = ItemName)]
    item: ItemText,
    version: u64,
}

impl From<ItemBody> for ItemVersion {
    fn from(ItemBody { item: ItemText(item), version }: ItemBody) -> Self {
        Self { item, version }
    }
}

/// What one side of a trade gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Goods)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsBody {
    /// None twice.
    #[serde(default)]
    #[schema(max_items = 32)]
    items: Vec<ItemBody>,
    #[serde(default)]
    #[schema(value_type = Currency)]
    currency: i64,
}

impl TryFrom<GoodsBody> for Goods {
    type Error = EconomyError;

    fn try_from(body: GoodsBody) -> Result<Self, EconomyError> {
        Self::new(body.items.into_iter().map(ItemVersion::from).collect(), body.currency)
    }
}

impl From<&Goods> for GoodsBody {
    fn from(goods: &Goods) -> Self {
        let body = |&ItemVersion { item, version }: &ItemVersion| ItemBody { item: ItemText(item), version };
        Self { items: goods.items().iter().map(body).collect(), currency: goods.currency() }
    }
}

/// An item of a stash.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StashItem)]
pub(crate) struct StashBody {
    #[schema(value_type = ItemName)]
    item: ItemText,
    template: String,
    version: u64,
    /// How many pieces it is.
    count: u32,
    /// How much of its durability is gone.
    wear: u32,
    /// Whether it stays with its account.
    bound: bool,
    /// In which other item it lies.
    #[schema(value_type = ItemName)]
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<ItemText>,
}

impl From<StashEntry> for StashBody {
    fn from(StashEntry { item, template, version, state }: StashEntry) -> Self {
        let ItemState { count, wear, is_bound: bound, inside } = state;
        Self { item: ItemText(item), template, version, count, wear, bound, inside: inside.map(ItemText) }
    }
}
