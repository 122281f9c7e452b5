//! Moves that are found by playing on: each is tried in many copies of the battle, with dice of the searcher's own.

use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::{BattleMove, Side};
use hypogeum_shard::{Dice, Seed};

use super::{Weights, weights};
use crate::battle::Battle;

/// Turns of a copy that are played: few battles are longer, and of those the one ahead counts as the winner.
const TURNS_MAX: u32 = 64;

/// The move that wins the most of `playouts` copies, of those that a side can make; but the [`plain`] one where none wins clearly
/// more, for so few battles do not tell small differences from luck. Every move is tried with the same dice, so that these make
/// less of a difference.
pub(super) fn choose(
    rules: &BattleDef,
    (battle, side): (&Battle, Side),
    expected: Weights<'_>,
    playouts: u32,
    dice: &mut Dice,
) -> BattleMove {
    let seeds: Vec<Seed> = (0..playouts).map(|_| Seed::numbered(dice.bits())).collect();
    let wins = |first: BattleMove| -> u32 {
        let is_won = |seed: &Seed| is_won(rules, (battle.with_seed(*seed), side), first, expected, *seed);
        seeds.iter().map(|seed| u32::from(is_won(seed))).sum()
    };
    let plain = plain(battle, side);
    // About one standard deviation of the difference of two independent counts.
    let clearly = (playouts / 2).isqrt();
    let mut best = (wins(plain) + clearly, plain);
    for first in BattleMove::ALL.into_iter().filter(|what| *what != plain && battle.check(side, *what).is_ok()) {
        let won = wins(first);
        if won > best.0 {
            best = (won, first);
        }
    }
    best.1
}

/// What strikes hardest: the special as long as there is one.
fn plain(battle: &Battle, side: Side) -> BattleMove {
    if battle.check(side, BattleMove::Special).is_ok() { BattleMove::Special } else { BattleMove::Attack }
}

/// Whether a side wins that begins with a move, and then strikes as hard as it can.
fn is_won(
    rules: &BattleDef,
    (mut battle, side): (Battle, Side),
    first: BattleMove,
    expected: Weights<'_>,
    seed: Seed,
) -> bool {
    let mut own = first;
    let mut dice = Dice::new(seed, 0, hypogeum_protocol::NetId::NONE, super::CHOICES);
    for _ in 0..TURNS_MAX {
        let others = weights::draw(expected, (&battle, side.other()), &mut dice);
        let moves = if side == Side::First { [own, others] } else { [others, own] };
        if battle.play_into(rules, moves, |_| {}).is_err() || battle.end().is_some() {
            break;
        }
        own = plain(&battle, side);
    }
    battle.end().map_or_else(|| battle.ahead(), |(winner, _)| winner) == side
}
