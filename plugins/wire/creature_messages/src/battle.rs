//! The moves of a battle, and what came of them.

use core::fmt;
use core::str::FromStr;

use hypogeum_protocol::codec;
use serde::{Deserialize, Serialize};

/// What a creature does in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BattleMove {
    /// A blow.
    Attack,
    /// Takes less of what it is dealt in this turn.
    Defend,
    /// A harder blow.
    Special,
}

impl BattleMove {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Attack, Self::Defend, Self::Special];

    /// Its name, as it is written in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Defend => "defend",
            Self::Special => "special",
        }
    }
}

impl fmt::Display for BattleMove {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// There is no such move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchMove;

impl FromStr for BattleMove {
    type Err = NoSuchMove;

    fn from_str(name: &str) -> Result<Self, NoSuchMove> {
        Self::ALL.into_iter().find(|one| one.name() == name).ok_or(NoSuchMove)
    }
}

/// One of the two creatures of a battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The one that is named first.
    First,
    /// The other.
    Second,
}

impl Side {
    /// Both sides, in the order in which a battle lists them.
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// 0 or 1.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// What one creature did in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActNews {
    /// Whose act it was.
    pub side: Side,
    /// What it did.
    pub what: BattleMove,
    /// What came of it.
    pub result: ActResult,
    /// How often it can still defend in this round.
    pub defends_left: u32,
    /// How often it can still use its special.
    pub specials_left: u32,
}

/// What came of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActResult {
    /// It defends until the turn is over.
    Defends,
    /// The other was gone when it came.
    Dodged,
    /// It struck the other.
    Hit {
        /// What it took, 0 and up.
        damage: u32,
        /// Whether it was critical.
        is_critical: bool,
        /// Whether the other defended.
        is_defended: bool,
        /// The other's hit points before.
        hp_before: u32,
        /// And after.
        hp_after: u32,
    },
}

/// A turn of a battle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnNews {
    /// Which, from 1.
    pub turn: u32,
    /// What was done, in the order in which it was: two acts, or one where it brought the other down.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub acts: Vec<ActNews>,
    /// How the battle ended with it, if it did.
    pub end: Option<(Side, BattleEnd)>,
}

/// How a battle was won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BattleEnd {
    /// The other has no hit points left.
    Knockout,
    /// The last turn is over, and the other had a smaller share of its hit points.
    TurnsOver,
    /// The other did not come, left, or had no time left.
    Forfeit,
}

impl BattleEnd {
    /// Its name, as it is written in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Knockout => "knockout",
            Self::TurnsOver => "turns_over",
            Self::Forfeit => "forfeit",
        }
    }
}
