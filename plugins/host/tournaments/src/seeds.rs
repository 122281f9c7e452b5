//! Who is the best seed of those who have entered.

use std::cmp::Reverse;

use hypogeum_creature_messages::CreatureId;
use hypogeum_store::Seeding;

/// The order of seeds, the best first: the places of `entered`, which is in the order of entry.
///
/// Drawn: by BLAKE3 of the 16 bytes of the key and the creature's number in 8, the lowest byte first; the least hash is the best seed.
/// Nobody knows the key before the game has started, so nobody can choose a creature by it; afterwards anybody can work it out again.
///
/// By rating: `ratings` says of each of `entered` what its owner is rated, as it is shown; it is not looked at otherwise. Of equals the one
/// who entered first is the better seed.
#[must_use]
pub fn order(seeding: &Seeding, draw: [u8; 16], entered: &[CreatureId], ratings: &[i32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entered.len()).collect();
    match seeding {
        Seeding::EntryOrder => {}
        Seeding::Drawn => order.sort_by_cached_key(|place| entered.get(*place).map(|creature| lot(draw, *creature))),
        // The sort is stable.
        Seeding::Rating { .. } => order.sort_by_key(|place| Reverse(ratings.get(*place))),
    }
    order
}

/// What a creature has drawn.
fn lot(draw: [u8; 16], creature: CreatureId) -> [u8; 32] {
    let mut bytes = [0; 24];
    let (key, number) = bytes.split_at_mut(16);
    key.copy_from_slice(&draw);
    number.copy_from_slice(&creature.0.to_le_bytes());
    *blake3::hash(&bytes).as_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ENTERED: [CreatureId; 5] = [CreatureId(9), CreatureId(3), CreatureId(7), CreatureId(1), CreatureId(4)];

    /// What the owners of these are rated.
    const RATINGS: [i32; 5] = [1_400, 1_500, 1_700, 1_500, 1_500];

    #[test]
    fn the_best_rated_is_the_best_seed() {
        let by_rating = Seeding::Rating { ladder: "duels".to_owned() };
        let seeds = |ratings: [i32; 5]| order(&by_rating, [7; 16], &ENTERED, &ratings);
        assert_eq!(seeds(RATINGS), [2, 1, 3, 4, 0], "of equals the one who came first");
        assert_eq!(seeds([1_500; 5]), [0, 1, 2, 3, 4], "where all are equals, all stand as they came");
        assert_eq!(seeds([0, 0, 0, 0, 12_000]), [4, 0, 1, 2, 3], "the last may be the best");
    }

    #[test]
    fn first_come_first_seeded() {
        assert_eq!(order(&Seeding::EntryOrder, [7; 16], &ENTERED, &RATINGS), [0, 1, 2, 3, 4], "whatever is drawn");
    }

    #[test]
    fn a_draw_is_the_same_for_the_same_key_alone() {
        let drawn = |key: u8| order(&Seeding::Drawn, [key; 16], &ENTERED, &RATINGS);
        assert_eq!(drawn(1), drawn(1), "it can be shown again");
        let mut sorted = drawn(1);
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4], "everyone has a seed");
        let orders: BTreeSet<Vec<usize>> = (0..=u8::MAX).map(drawn).collect();
        assert!(orders.len() > 80, "256 keys give most of the 120 orders, not {}", orders.len());
        let mut other = ENTERED;
        other.reverse();
        let by_creature = |entered: &[CreatureId]| -> Vec<CreatureId> {
            order(&Seeding::Drawn, [1; 16], entered, &[]).into_iter().map(|place| entered[place]).collect()
        };
        assert_eq!(by_creature(&ENTERED), by_creature(&other), "nobody gains by when they enter");
    }
}
