//! Who talks and who trades: parts of `assets/npcs/*.ron`.

use serde::{Deserialize, Serialize};

use super::ItemDef;
use crate::Link;

/// What an NPC says to who talks to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TalkDef {
    /// Said to who begins to talk: words, or the id of a message; 1–512 bytes.
    pub greeting: String,
    /// What it knows something about, at most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicDef>,
    /// Said about everything else: words, or the id of a message; at most 512 bytes, and nothing where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub otherwise: String,
}

/// Something an NPC can be asked about.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TopicDef {
    /// Words by which it knows what is meant, 1–8, each 1–16 letters and digits, small ones.
    pub words: Vec<String>,
    /// What it says about that: words, or the id of a message; 1–512 bytes.
    pub says: String,
}

/// What an NPC trades in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ShopDef {
    /// What is paid with.
    pub coin: Link<ItemDef>,
    /// What it sells, as much as anybody wants; at most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sells: Vec<PriceDef>,
    /// What it buys, at most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buys: Vec<PriceDef>,
}

/// What a piece of something costs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PriceDef {
    /// What it is.
    pub item: Link<ItemDef>,
    /// Coins for one piece, 1–500.
    pub price: u32,
}
