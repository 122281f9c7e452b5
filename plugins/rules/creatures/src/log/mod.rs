//! A battle as text, one line a fact, by the grammar of `BATTLE_LOG.md`: people read it, programs read it, and it can be played again.

mod field;
mod read;
mod write;

use hypogeum_creature_messages::{BattleEnd, CreatureStats, Side};

pub use read::{BattleLogError, replay};
pub use write::write;

/// What the first line says: another grammar has another number.
const VERSION: &str = "1";
/// Most bytes of a log that is read: the longest battle has a thousand turns of three lines.
pub const BATTLE_LOG_BYTES_MAX: usize = 512 * 1_024;

/// Who fought, and by which rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BattleHead {
    /// The key of the rules.
    pub rules_key: String,
    /// The rules themselves, in one line of RON.
    pub rules: String,
    /// Both sides.
    pub sides: [BattleSide; 2],
}

/// One of those who fought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BattleSide {
    /// The key of its type.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// What its owner is called, or the level of the machine.
    pub owner: String,
}

/// A log that was played again and is true in every line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedBattle {
    /// Who fought, and by which rules.
    pub head: BattleHead,
    /// What both were made of.
    pub stats: [CreatureStats; 2],
    /// Turns that were played.
    pub turns: u32,
    /// Who won, and how.
    pub end: (Side, BattleEnd),
}
