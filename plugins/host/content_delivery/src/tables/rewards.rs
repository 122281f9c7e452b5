//! What players wear to be looked at, and what earns some of it.

use hypogeum_content::Link;
use hypogeum_content::def::{AchievementDef, CosmeticDef};
use serde::Serialize;
use serde_json::Value;

use super::word;

/// A cosmetic. Over the wire it is known by its place among these.
#[derive(Serialize)]
pub(super) struct Cosmetic<'c> {
    kind: Value,
    /// 24 bits of red, green and blue.
    colour: u32,
    price: u32,
    is_sold: bool,
    level_min: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<&'c str>,
}

pub(super) fn cosmetic(def: &CosmeticDef) -> Cosmetic<'_> {
    let CosmeticDef { colour, price, is_sold, level_min, .. } = *def;
    let parts = def.parts.iter().map(Link::key).collect();
    Cosmetic { kind: word(&def.kind), colour, price, is_sold, level_min, parts }
}

#[derive(Serialize)]
pub(super) struct Achievement<'c> {
    counts: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'c str>,
    /// What it counts to.
    at: u32,
    currency: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cosmetic: Option<&'c str>,
}

pub(super) fn achievement(def: &AchievementDef) -> Achievement<'_> {
    let AchievementDef { at, currency, .. } = *def;
    let (mode, cosmetic) = (def.mode.as_ref().map(Link::key), def.cosmetic.as_ref().map(Link::key));
    Achievement { counts: word(&def.counts), mode, at, currency, cosmetic }
}
