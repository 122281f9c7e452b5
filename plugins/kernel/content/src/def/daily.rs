//! What comes for each day in a row: `assets/daily/*.ron`.

use serde::{Deserialize, Serialize};

use super::CosmeticDef;
use crate::Link;

/// A table of daily rewards. Who comes on days in a row goes down the table and begins again behind its end; who leaves a day
/// out begins again. A day is one of UTC, by the clock of the database.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DailyDef {
    /// The first day first, 1–31.
    pub days: Vec<DayDef>,
}

/// What one day brings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DayDef {
    /// Currency, 0–1,000,000.
    #[serde(default)]
    pub currency: u32,
    /// What is theirs to wear then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosmetic: Option<Link<CosmeticDef>>,
}
