//! Machines choose, and turns are fought.

use bevy_ecs::prelude::{Query, Res, ResMut};
use hypogeum_content::Id;
use hypogeum_content::def::{BattleDef, MoveRule, OpponentDef};
use hypogeum_creature_messages::{Side, TurnNews};
use hypogeum_shard::{KindOutbox, NetIdOf, Rules};

use super::clock::definitions;
use super::news;
use super::state::{Duel, Entrant, Owner, Time, TournamentRef};
use crate::opponent::choose;

/// How much is done in one step, in turns that machines fight by weights: some milliseconds at most. The rest is done in the next.
const WORK_PER_STEP_MAX: u32 = 4_000;

/// What one choice of a level costs of [`WORK_PER_STEP_MAX`]: a battle that is played on has some ten turns, for each of three moves.
fn cost(opponent: &OpponentDef) -> u32 {
    match opponent.moves {
        MoveRule::Weights { .. } => 1,
        MoveRule::Search { playouts, .. } => 1 + playouts * 30 / 8,
    }
}

/// The levels of the machines on both sides.
pub(super) fn levels(duel: &Duel, entrants: &[(u8, Option<Id<OpponentDef>>)]) -> [Option<Id<OpponentDef>>; 2] {
    duel.entrants.map(|number| entrants.iter().find(|entrant| entrant.0 == number).and_then(|entrant| entrant.1))
}

/// Each by number, with the level of a machine.
pub(super) fn numbered<'a>(entrants: impl Iterator<Item = &'a Entrant>) -> Vec<(u8, Option<Id<OpponentDef>>)> {
    let level = |entrant: &Entrant| match entrant.owner {
        Owner::Machine { level, .. } => Some(level),
        Owner::Person { .. } => None,
    };
    entrants.map(|entrant| (entrant.number, level(entrant))).collect()
}

/// Fights each battle on as far as it goes without a person: battles of machines to their end.
pub(super) fn fight(
    (rules, which, time): (Res<Rules>, Res<TournamentRef>, Res<Time>),
    entrants: Query<&Entrant>,
    mut duels: Query<(&NetIdOf, &mut Duel)>,
    mut outbox: ResMut<KindOutbox>,
) {
    let Some((def, battle)) = definitions(&which, &rules) else { return };
    let numbered = numbered(entrants.iter());
    let mut left = WORK_PER_STEP_MAX;
    let mut in_order: Vec<_> = duels.iter_mut().collect();
    in_order.sort_unstable_by_key(|(name, _)| name.0);
    for (_, mut duel) in in_order {
        let levels = levels(&duel, &numbered);
        if levels == [None; 2] && duel.chosen.contains(&None) {
            continue;
        }
        while left > 0 && duel.battle.end().is_none() {
            for side in Side::BOTH {
                let opponent = levels[side.index()].and_then(|level| rules.content.opponents.find(level));
                let Some(opponent) = opponent.filter(|_| duel.chosen[side.index()].is_none()) else { continue };
                left = left.saturating_sub(cost(opponent));
                let what = choose((&rules.content, battle), opponent, (&duel.battle, side), duel.minds);
                duel.choose(side, what, time.now_ms, def.clock);
            }
            let Some(fought) = turn(&mut duel, battle, time.now_ms) else { break };
            if levels.contains(&None) {
                news::turn(&mut outbox, &duel, &fought, news::names(&duel, entrants.iter()));
            }
        }
    }
}

/// A turn, where both have chosen.
fn turn(duel: &mut Duel, rules: &BattleDef, now_ms: u64) -> Option<TurnNews> {
    let [Some(first), Some(second)] = duel.chosen else { return None };
    duel.chosen = [None; 2];
    match duel.battle.play(rules, [first, second]) {
        Ok(news) => {
            duel.record.moves.push([first, second]);
            duel.last.clone_from(&news.acts);
            duel.since_ms = now_ms;
            Some(news)
        }
        Err(error) => {
            debug_assert!(false, "what was chosen was possible: {error}");
            None
        }
    }
}
