//! A battle of two creatures: a value that a turn changes, small enough to be copied and played on.

mod blow;
mod fighter;

use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::{ActNews, ActResult, BattleEnd, BattleMove, Side, TurnNews};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed};
use serde::{Deserialize, Serialize};

pub use fighter::{Fighter, PointsError, create, grow};

const BLOWS: Purpose = Purpose::named("creature blows");

/// Two creatures, and how they stand. The same seed and the same moves give the same battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Battle {
    seed: Seed,
    turn: u32,
    fighters: [Fighter; 2],
    end: Option<(Side, BattleEnd)>,
}

/// Why a move is not made. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The battle is over.
    #[error("the battle is over")]
    Over,
    /// It has been done as often as it can be in this round.
    #[error("{what} cannot be used again in this round")]
    UsedUp {
        /// Whose move it was.
        side: Side,
        /// What was to be done.
        what: BattleMove,
    },
}

impl Battle {
    /// A battle before its first turn.
    #[must_use]
    pub const fn new(seed: Seed, fighters: [Fighter; 2]) -> Self {
        Self { seed, turn: 0, fighters, end: None }
    }

    /// The turns that are over.
    #[must_use]
    pub const fn turns(&self) -> u32 {
        self.turn
    }

    /// One of the two.
    #[must_use]
    pub const fn fighter(&self, side: Side) -> &Fighter {
        &self.fighters[side.index()]
    }

    /// Who has won, and how; `None` while it goes on.
    #[must_use]
    pub const fn end(&self) -> Option<(Side, BattleEnd)> {
        self.end
    }

    /// What all its chance comes from.
    #[must_use]
    pub const fn seed(&self) -> Seed {
        self.seed
    }

    /// This battle with other dice from here on: what anyone knows of it who does not know its seed.
    #[must_use]
    pub const fn with_seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Whether a side can make a move now.
    ///
    /// # Errors
    /// [`MoveError`]: why it cannot.
    pub const fn check(&self, side: Side, what: BattleMove) -> Result<(), MoveError> {
        if self.end.is_some() {
            return Err(MoveError::Over);
        }
        let fighter = self.fighter(side);
        let left = match what {
            BattleMove::Attack => 1,
            BattleMove::Defend => fighter.defends,
            BattleMove::Special => fighter.specials,
        };
        if left == 0 { Err(MoveError::UsedUp { side, what }) } else { Ok(()) }
    }

    /// A turn: both do what they have chosen. The faster acts first, of equally fast ones the first; the other acts if it
    /// stands. Who defends does so for the whole turn, whoever is faster.
    ///
    /// # Errors
    /// [`MoveError`]: the battle is as it was.
    pub fn play(&mut self, rules: &BattleDef, moves: [BattleMove; 2]) -> Result<TurnNews, MoveError> {
        let mut acts = Vec::with_capacity(2);
        self.play_into(rules, moves, |act| acts.push(act))?;
        Ok(TurnNews { turn: self.turn, acts, end: self.end })
    }

    /// As [`Battle::play`], telling each act as it is done.
    pub(crate) fn play_into(
        &mut self,
        rules: &BattleDef,
        moves: [BattleMove; 2],
        mut tell: impl FnMut(ActNews),
    ) -> Result<(), MoveError> {
        for side in Side::BOTH {
            self.check(side, moves[side.index()])?;
        }
        self.turn += 1;
        for side in Side::BOTH {
            self.fighters[side.index()].use_up(moves[side.index()]);
        }
        let [first, second] = &self.fighters;
        let faster = if second.stats.speed > first.stats.speed { Side::Second } else { Side::First };
        for side in [faster, faster.other()] {
            let (what, other) = (moves[side.index()], side.other());
            let result = match what {
                BattleMove::Defend => ActResult::Defends,
                BattleMove::Attack | BattleMove::Special => {
                    self.strike(rules, side, what == BattleMove::Special, moves[other.index()] == BattleMove::Defend)
                }
            };
            let Fighter { defends, specials, .. } = *self.fighter(side);
            tell(ActNews { side, what, result, defends_left: defends, specials_left: specials });
            if self.fighter(other).hp == 0 {
                self.end = Some((side, BattleEnd::Knockout));
                return Ok(());
            }
        }
        if self.turn >= rules.turns_max {
            self.end = Some((self.ahead(), BattleEnd::TurnsOver));
        }
        Ok(())
    }

    /// A side does not go on: the other wins.
    ///
    /// # Errors
    /// [`MoveError::Over`].
    pub const fn forfeit(&mut self, side: Side) -> Result<(), MoveError> {
        if self.end.is_some() {
            return Err(MoveError::Over);
        }
        self.end = Some((side.other(), BattleEnd::Forfeit));
        Ok(())
    }

    fn strike(&mut self, rules: &BattleDef, side: Side, is_special: bool, is_defended: bool) -> ActResult {
        let mut dice = Dice::new(self.seed, self.turn, NetId(side.index() as u32 + 1), BLOWS);
        let (striker, target) = (self.fighter(side), self.fighter(side.other()));
        match blow::roll(rules, (&striker.stats, &target.stats), (is_special, is_defended), &mut dice) {
            None => ActResult::Dodged,
            Some(blow::Blow { damage, is_critical }) => {
                let hp_before = target.hp;
                let hp_after = hp_before.saturating_sub(damage);
                self.fighters[side.other().index()].hp = hp_after;
                ActResult::Hit { damage, is_critical, is_defended, hp_before, hp_after }
            }
        }
    }

    /// Who has the larger share of its hit points left; with equal shares the first.
    pub(crate) const fn ahead(&self) -> Side {
        let [first, second] = &self.fighters;
        let (of_first, of_second) = (first.hp as u64 * second.hp_max as u64, second.hp as u64 * first.hp_max as u64);
        if of_second > of_first { Side::Second } else { Side::First }
    }
}
