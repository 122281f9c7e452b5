//! Who meets in the next round of a Swiss tournament.

use std::cmp::Reverse;

use crate::bracket::Bracket;
use crate::entrants::{Entrant, EntrantSet};
use crate::matching::Meetings;

/// A round as it is paired.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct SwissRound {
    /// Who stands better is on the first side.
    pub(crate) pairs: Vec<[Entrant; 2]>,
    pub(crate) bye: Option<Entrant>,
}

/// Pairs all who have not withdrawn: the better half of each score group with the worse, the best first.
///
/// With an odd number the last in order among those with the fewest byes rests. Both choices give way where they would cost a
/// rematch that can be avoided: before anyone is paired it is known (exactly, by [`Meetings::rematches_min`]) with how few
/// the others can still be.
pub(crate) fn next_round(bracket: &Bracket) -> SwissRound {
    let points = bracket.points();
    let of = |entrant: Entrant| points.get(usize::from(entrant.0)).copied().unwrap_or(0);
    let mut order: Vec<Entrant> = bracket.entrants().filter(|entrant| !bracket.has_withdrawn(*entrant)).collect();
    order.sort_by_key(|entrant| (Reverse(of(*entrant)), *entrant));
    let meetings = Meetings::of(bracket.pairings.iter().filter_map(|pairing| pairing.entrants()));

    let everyone: EntrantSet = order.iter().copied().collect();
    let bye = (order.len() % 2 == 1).then(|| who_rests(bracket, &order, &meetings)).flatten();
    let mut left = bye.map_or(everyone, |entrant| everyone.without(entrant));
    order.retain(|entrant| left.contains(*entrant));

    let mut rematches = meetings.rematches_min(left);
    let mut pairs = Vec::new();
    while let Some((&first, others)) = order.split_first() {
        let group = others.iter().filter(|other| of(**other) == of(first)).count();
        let costs = |other: &Entrant| {
            let rest = left.without(first).without(*other);
            meetings.rematches_min(rest) + u32::from(meetings.have_met(first, *other))
        };
        // There is one: whom the first meets where the fewest of those left have a rematch.
        let wished = preferred(others, group);
        let Some(second) = wished.into_iter().find(|other| costs(other) <= rematches) else { break };
        left = left.without(first).without(second);
        rematches = meetings.rematches_min(left);
        order.retain(|entrant| left.contains(*entrant));
        pairs.push([first, second]);
    }
    SwissRound { pairs, bye }
}

/// Of those with the fewest byes the last, or the last whose rest saves the others a rematch.
fn who_rests(bracket: &Bracket, order: &[Entrant], meetings: &Meetings) -> Option<Entrant> {
    let everyone: EntrantSet = order.iter().copied().collect();
    let byes = |entrant: Entrant| bracket.byes.iter().filter(|bye| bye.entrant == entrant).count();
    let fewest = order.iter().map(|entrant| byes(*entrant)).min()?;
    let candidates = order.iter().rev().copied().filter(|entrant| byes(*entrant) == fewest);
    candidates.min_by_key(|entrant| meetings.rematches_min(everyone.without(*entrant)))
}

/// Whom the first of the order would meet, the most wished for first. Of the others the first `group` have as many points: the
/// best of the lower half comes first, then those after it, then those before it, the nearest first, and then the next groups
/// from above.
fn preferred(others: &[Entrant], group: usize) -> Vec<Entrant> {
    let (equals, lower) = others.split_at_checked(group).unwrap_or((others, &[]));
    // With the first there are group + 1; the lower half begins at (group + 1) / 2 of them, which is one before that here.
    let (upper_half, lower_half) =
        equals.split_at_checked(group.div_ceil(2).saturating_sub(1)).unwrap_or((equals, &[]));
    lower_half.iter().chain(upper_half.iter().rev()).chain(lower).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_half_is_met_from_its_top_then_the_upper_from_its_end() {
        let wished = |group| {
            let others: Vec<Entrant> = (1..10).map(Entrant).collect();
            preferred(&others, group).into_iter().map(|entrant| entrant.0).collect::<Vec<_>>()
        };
        assert_eq!(wished(7), [4, 5, 6, 7, 3, 2, 1, 8, 9], "0 to 7 are equals");
        assert_eq!(wished(6), [3, 4, 5, 6, 2, 1, 7, 8, 9], "0 to 6 are equals, and one will be left over");
        assert_eq!(wished(0), [1, 2, 3, 4, 5, 6, 7, 8, 9], "0 is left over, and meets the next group from above");
    }
}
