//! Who begins where in an elimination.

use crate::entrants::Entrant;

/// The lines of a first round, two for each of its pairings: who begins there, or nobody, which is a bye for the neighbour.
///
/// Standard seeding, by folding: a round of two is `[1, 2]`, and each round twice as large puts beside seed `s` the one that
/// makes `size + 1` with it: `[1, 4, 2, 3]`, `[1, 8, 4, 5, 2, 7, 3, 6]`. So the best `2^k` seeds meet only where no more than
/// `2^k` are left, and the numbers that nobody has stand beside the best seeds.
pub(crate) fn lines(entrants: u8) -> Vec<Option<Entrant>> {
    let mut seeds = vec![0_u8];
    while seeds.len() < usize::from(entrants) {
        let last = u8::try_from(seeds.len() * 2 - 1).unwrap_or(u8::MAX);
        seeds = seeds.into_iter().flat_map(|seed| [seed, last.saturating_sub(seed)]).collect();
    }
    seeds.into_iter().map(|seed| (seed < entrants).then_some(Entrant(seed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{ENTRANTS_MAX, ENTRANTS_MIN};

    #[test]
    fn eight_are_folded() {
        let seeds: Vec<u8> = lines(8).into_iter().flatten().map(|entrant| entrant.0).collect();
        assert_eq!(seeds, [0, 7, 3, 4, 1, 6, 2, 5]);
    }

    #[test]
    fn the_best_of_any_power_of_two_are_kept_apart() {
        for entrants in ENTRANTS_MIN..=ENTRANTS_MAX {
            let lines = lines(entrants);
            let everyone: std::collections::BTreeSet<_> = lines.iter().flatten().collect();
            assert_eq!(everyone.len(), usize::from(entrants), "everyone begins somewhere");
            for pair in lines.chunks(2) {
                assert!(pair[0].is_some(), "nobody meets nobody, with {entrants}");
            }
            let mut best = 1;
            while best <= usize::from(entrants) {
                for part in lines.chunks(lines.len() / best) {
                    let among = part.iter().flatten().filter(|entrant| usize::from(entrant.0) < best).count();
                    assert_eq!(among, 1, "one of the best {best} of {entrants} in each part");
                }
                best *= 2;
            }
        }
    }
}
