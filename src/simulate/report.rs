//! What is told of the matches of one mode.

use serde::Serialize;

use super::batch::Batch;
use super::findings::{Finding, findings};
use super::measures::{MEASURES, Spread};
use super::play::Plan;
use super::tables::Tables;

/// What `--json` prints of a mode.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(super) mode: String,
    /// Of the content, so that two reports can be told apart.
    pub(super) content_hash: String,
    /// Matches played to their end, and how many were wanted.
    pub(super) matches: usize,
    pub(super) matches_wanted: usize,
    /// Of the first match; each further one has the next.
    pub(super) seed: u64,
    pub(super) players: u32,
    pub(super) tick_hz: u32,
    /// Of the last states of all matches: equal where every match went the same way.
    pub(super) state_hash: String,
    pub(super) measures: Vec<MeasureRow>,
    #[serde(flatten)]
    pub(super) tables: Tables,
    pub(crate) findings: Vec<Finding>,
}

/// A measure over all matches.
#[derive(Debug, Serialize)]
pub(super) struct MeasureRow {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    #[serde(flatten)]
    pub(super) spread: Spread,
}

impl Report {
    /// Of a batch of matches.
    pub(crate) fn new(plan: &Plan, seed: u64, batch: &Batch) -> Self {
        let measures: Vec<MeasureRow> = MEASURES
            .iter()
            .map(|measure| MeasureRow {
                name: measure.name,
                unit: measure.unit,
                spread: Spread::of(batch.finished().filter_map(measure.of)),
            })
            .collect();
        let exits = plan.definition().map_or(0, |mode| mode.exits.count as usize);
        let tables = Tables::of(batch.finished(), exits);
        let spread =
            |name: &str| measures.iter().find(|row| row.name == name).map_or_else(Spread::default, |row| row.spread);
        let mut hasher = blake3::Hasher::new();
        batch.finished().for_each(|record| {
            hasher.update(&record.state_hash.to_le_bytes());
        });
        Self {
            mode: plan.key().to_owned(),
            content_hash: blake3::Hash::from_bytes(plan.content().hash).to_hex().to_string(),
            matches: batch.finished().count(),
            matches_wanted: batch.records.len(),
            seed,
            players: plan.players,
            tick_hz: plan.tick_hz(),
            state_hash: hasher.finalize().to_hex().chars().take(16).collect(),
            findings: findings(plan, (spread("extracted"), spread("kills per player")), &tables),
            measures,
            tables,
        }
    }
}
