//! What players wear to be looked at, and which changes nothing else: `assets/cosmetics/*.ron`.

use serde::{Deserialize, Serialize};

use crate::Link;

/// A cosmetic, or several in a bundle.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CosmeticDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// Where it is worn: one of each kind at a time.
    pub kind: CosmeticKind,
    /// What clients paint it with: 24 bits of red, green and blue, 0–16,777,215.
    #[serde(default = "white")]
    pub colour: u32,
    /// Currency, 1–1,000,000. One that is not sold has a price, too: by it the price of a bundle is shared among its parts.
    pub price: u32,
    /// Whether the shop sells it. What it does not sell is a reward.
    #[serde(default = "yes")]
    pub is_sold: bool,
    /// The level that the buyer must have, 0–100.
    #[serde(default)]
    pub level_min: u32,
    /// What a bundle is made of, 2–16, none twice and no bundles; nothing but a bundle has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Link<CosmeticDef>>,
}

/// Where a cosmetic is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum CosmeticKind {
    /// The colour of the body.
    Colour,
    /// What the body leaves behind as it moves.
    Trail,
    /// What stands beside the name.
    Banner,
    /// Words before the name.
    Title,
    /// It is not worn: it is other cosmetics at one price.
    Bundle,
}

const fn white() -> u32 {
    0x00FF_FFFF
}

const fn yes() -> bool {
    true
}
