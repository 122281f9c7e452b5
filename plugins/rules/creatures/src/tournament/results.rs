//! What a tournament has made of the creatures that took part.

use bevy_ecs::prelude::World;
use hypogeum_brackets::Bracket;
use hypogeum_creature_messages::CreatureResult;

use super::state::{Draw, Entrant, Owner};
use super::view::each;

/// Creatures of people, the best seed first.
pub(super) fn results(world: &World) -> Vec<CreatureResult> {
    let Some(bracket) = world.resource::<Draw>().0.as_ref() else { return Vec::new() };
    let standings = bracket.standings();
    let mut found = Vec::new();
    each::<Entrant>(world, |entrant| {
        let Owner::Person { account, .. } = entrant.owner else { return };
        let number = hypogeum_brackets::Entrant(entrant.number);
        let Tally { won, lost, streak, best_streak } = tally(bracket, number);
        let rank = standings.iter().find(|one| one.entrant == number).map_or(u8::MAX, |one| one.rank);
        let sharing = standings.iter().filter(|one| one.rank == rank).count();
        let result = CreatureResult {
            creature: entrant.creature,
            owner: account,
            rank,
            sharing: u8::try_from(sharing).unwrap_or(u8::MAX),
            is_champion: bracket.champion() == Some(number),
            stats: entrant.stats,
            points: entrant.points,
            won,
            lost,
            streak,
            best_streak,
        };
        found.push((entrant.number, result));
    });
    found.sort_unstable_by_key(|entrant| entrant.0);
    found.into_iter().map(|entrant| entrant.1).collect()
}

/// Pairings of somebody.
#[derive(Default)]
struct Tally {
    won: u32,
    lost: u32,
    streak: u32,
    best_streak: u32,
}

/// In the order in which they are shown, which for one entrant is that in which they were fought.
fn tally(bracket: &Bracket, number: hypogeum_brackets::Entrant) -> Tally {
    let mut tally = Tally::default();
    for pairing in bracket.pairings() {
        let Some((side, winner)) = pairing.side_of(number).zip(pairing.winner()) else { continue };
        if side == winner {
            tally.won += 1;
            tally.streak += 1;
            tally.best_streak = tally.best_streak.max(tally.streak);
        } else {
            tally.lost += 1;
            tally.streak = 0;
        }
    }
    tally
}
