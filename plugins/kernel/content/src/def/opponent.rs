//! Opponents that are machines: `assets/opponents/*.ron`.

use serde::{Deserialize, Serialize};

use super::CreatureStat;
use crate::Link;

/// A level of opponents: how they spend points, and how they choose what they do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OpponentDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// By which people choose it, 1–9: no two have the same.
    pub level: u32,
    /// What its creatures are called, 1–64 names of 1–24 characters. Where there are more creatures than names, they are numbered.
    pub names: Vec<String>,
    /// Where its points go.
    pub points: PointsRule,
    /// What it does in a turn.
    pub moves: MoveRule,
}

/// Where a machine's points go. A stat that has its most gets none.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum PointsRule {
    /// Each into some stat.
    Random,
    /// Each into one of a few stats, drawn for each creature.
    Focus {
        /// How many at least, 1–5.
        stats_min: u32,
        /// How many at most, `stats_min`–5.
        stats_max: u32,
    },
    /// So many into one stat after the other, and over again: 1–32 entries of 1–100 points. Of several stats one is drawn for each
    /// creature.
    Order(Vec<(Vec<CreatureStat>, u32)>),
}

/// How a machine chooses its moves.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum MoveRule {
    /// By weights: of each move the first entry whose conditions all hold, and 0 where none does.
    Weights {
        /// Of an attack.
        attack: Vec<MoveWeight>,
        /// Of defending, where it can.
        defend: Vec<MoveWeight>,
        /// Of its special, where it can.
        special: Vec<MoveWeight>,
    },
    /// By playing the battle to its end many times, from each move it can make, with dice of its own.
    Search {
        /// Battles for each move, 1–2,000.
        playouts: u32,
        /// As whom it expects the other to move, of whom it knows nothing more: one that moves by weights.
        expects: Link<OpponentDef>,
    },
}

/// A weight, and when it counts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MoveWeight {
    /// What must hold; nothing: it always counts. At most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<MoveCondition>,
    /// How likely beside the other moves, 0–1,000.
    pub weight: u32,
}

/// What may hold of a battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum MoveCondition {
    /// It has less than this share of its hit points, in percent, 1–100.
    HpBelow(u32),
    /// The other has less than this share of its hit points, in percent, 1–100.
    OpponentHpBelow(u32),
    /// The other's strength is more than this, 1–100.
    OpponentStrengthAbove(u32),
    /// It is this turn of the battle or an earlier one, 1–1,000.
    TurnUpTo(u32),
}
