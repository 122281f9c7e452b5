//! Opponents that are machines: where their points go, and what they do in a turn.

mod points;
mod search;
mod weights;

use hypogeum_content::Content;
use hypogeum_content::def::{BattleDef, MoveRule, MoveWeight, OpponentDef};
use hypogeum_creature_messages::{BattleMove, Side};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed};

use crate::battle::Battle;

pub use points::allot;

const CHOICES: Purpose = Purpose::named("creature choices");

/// What moves come from where they are drawn by weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights<'a> {
    attack: &'a [MoveWeight],
    defend: &'a [MoveWeight],
    special: &'a [MoveWeight],
}

impl<'a> Weights<'a> {
    /// Nobody's: it attacks.
    const NONE: Self = Self { attack: &[], defend: &[], special: &[] };

    fn of(moves: &'a MoveRule) -> Option<Self> {
        match moves {
            MoveRule::Weights { attack, defend, special } => Some(Self { attack, defend, special }),
            MoveRule::Search { .. } => None,
        }
    }
}

/// What a machine does in the next turn of a battle. `seed` keys its chance, which is none of the battle's: it knows no more of the
/// dice to come than a person does. An attack where the battle is over.
#[must_use]
pub fn choose(
    (content, rules): (&Content, &BattleDef),
    opponent: &OpponentDef,
    (battle, side): (&Battle, Side),
    seed: Seed,
) -> BattleMove {
    let mut dice = Dice::new(seed, battle.turns() + 1, NetId(side.index() as u32 + 1), CHOICES);
    match &opponent.moves {
        MoveRule::Search { playouts, expects } => {
            let expected = content.opponents.find(expects.id()).and_then(|expected| Weights::of(&expected.moves));
            search::choose(rules, (battle, side), expected.unwrap_or(Weights::NONE), *playouts, &mut dice)
        }
        moves => weights::draw(Weights::of(moves).unwrap_or(Weights::NONE), (battle, side), &mut dice),
    }
}
