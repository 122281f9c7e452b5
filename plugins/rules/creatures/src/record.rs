//! What a battle was: enough to play it again.

use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::{BattleMove, CreatureStats, Side, TurnNews};
use hypogeum_shard::Seed;
use serde::{Deserialize, Serialize};

use crate::battle::{Battle, Fighter, MoveError};

/// A battle by its seed and its moves: some hundred bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BattleRecord {
    /// What its chance came from.
    pub seed: Seed,
    /// What both were made of.
    pub stats: [CreatureStats; 2],
    /// What both did, turn by turn.
    pub moves: Vec<[BattleMove; 2]>,
    /// Who did not go on after that.
    pub forfeit: Option<Side>,
}

impl BattleRecord {
    /// Of a battle that begins.
    #[must_use]
    pub const fn new(seed: Seed, stats: [CreatureStats; 2]) -> Self {
        Self { seed, stats, moves: Vec::new(), forfeit: None }
    }

    /// The battle before its first turn.
    #[must_use]
    pub fn beginning(&self, rules: &BattleDef) -> Battle {
        Battle::new(self.seed, self.stats.map(|stats| Fighter::fresh(rules, stats)))
    }

    /// Plays it again, telling each turn, and returns it as it stands after the last.
    ///
    /// # Errors
    /// [`MoveError`] where a move was not possible: then the record is none of a battle by these rules.
    pub fn replay(&self, rules: &BattleDef, mut tell: impl FnMut(&TurnNews)) -> Result<Battle, MoveError> {
        let mut battle = self.beginning(rules);
        for moves in &self.moves {
            tell(&battle.play(rules, *moves)?);
        }
        if let Some(side) = self.forfeit {
            battle.forfeit(side)?;
        }
        Ok(battle)
    }
}
