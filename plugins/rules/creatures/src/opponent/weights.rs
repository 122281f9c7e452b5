//! Moves that are drawn by weights.

use hypogeum_content::def::{MoveCondition, MoveWeight};
use hypogeum_creature_messages::{BattleMove, Side};
use hypogeum_shard::Dice;

use super::Weights;
use crate::battle::Battle;

/// Draws a move of those that a side can make; an attack where none has a weight.
pub(super) fn draw(weights: Weights<'_>, (battle, side): (&Battle, Side), dice: &mut Dice) -> BattleMove {
    let weigh = |what: BattleMove| {
        let entries = match what {
            BattleMove::Attack => weights.attack,
            BattleMove::Defend => weights.defend,
            BattleMove::Special => weights.special,
        };
        if battle.check(side, what).is_ok() { weight(entries, battle, side) } else { 0 }
    };
    let drawn = dice.weighted(BattleMove::ALL.map(weigh).into_iter());
    drawn.and_then(|index| BattleMove::ALL.get(index)).copied().unwrap_or(BattleMove::Attack)
}

/// The first weight whose conditions hold.
fn weight(entries: &[MoveWeight], battle: &Battle, side: Side) -> u32 {
    let holds = |entry: &&MoveWeight| entry.when.iter().all(|condition| holds(*condition, battle, side));
    entries.iter().find(holds).map_or(0, |entry| entry.weight)
}

fn holds(condition: MoveCondition, battle: &Battle, side: Side) -> bool {
    let (own, other) = (battle.fighter(side), battle.fighter(side.other()));
    match condition {
        MoveCondition::HpBelow(percent) => own.is_below(percent),
        MoveCondition::OpponentHpBelow(percent) => other.is_below(percent),
        MoveCondition::OpponentStrengthAbove(strength) => other.stats.strength > strength,
        MoveCondition::TurnUpTo(turn) => battle.turns() < turn,
    }
}
