//! How many pairs can be made of entrants who have not met.

use std::collections::VecDeque;

use crate::entrants::{Entrant, EntrantSet};
use crate::rules::ENTRANTS_MAX;

const MAX: usize = ENTRANTS_MAX as usize;

/// Who has met whom.
#[derive(Clone, Debug)]
pub(crate) struct Meetings([EntrantSet; MAX]);

impl Meetings {
    pub(crate) fn of(pairs: impl IntoIterator<Item = [Entrant; 2]>) -> Self {
        let mut met = [EntrantSet::default(); MAX];
        for [one, other] in pairs {
            for (entrant, opponent) in [(one, other), (other, one)] {
                if let Some(opponents) = met.get_mut(usize::from(entrant.0)) {
                    opponents.insert(opponent);
                }
            }
        }
        Self(met)
    }

    pub(crate) fn have_met(&self, one: Entrant, other: Entrant) -> bool {
        self.0.get(usize::from(one.0)).is_some_and(|opponents| opponents.contains(other))
    }

    /// The fewest rematches with which so many can be paired. Of an odd number one is left over.
    pub(crate) fn rematches_min(&self, entrants: EntrantSet) -> u32 {
        entrants.len() / 2 - Matching::largest(self, entrants)
    }
}

/// No vertex.
const NONE: usize = MAX;

/// A largest matching in a graph, by Edmonds' blossoms ("Paths, trees, and flowers", 1965): from each vertex that is free an
/// alternating tree is grown breadth first, odd cycles in it are taken for one vertex each (their *base*), and where it
/// reaches another free vertex the path there is flipped. At most 64 trees of at most 64 vertices.
struct Matching {
    /// Neighbours of each vertex.
    neighbours: [Vec<usize>; MAX],
    /// Whom a vertex is matched with, or [`NONE`].
    mate: [usize; MAX],
    /// In the tree that grows: from where an odd vertex was reached, or [`NONE`].
    parent: [usize; MAX],
    /// The vertex that stands for the blossom a vertex is in; itself outside of any.
    base: [usize; MAX],
    /// Vertices that were queued to grow from.
    is_even: [bool; MAX],
    queue: VecDeque<usize>,
}

impl Matching {
    /// How many pairs there can be of entrants who have not met.
    fn largest(meetings: &Meetings, entrants: EntrantSet) -> u32 {
        let vertices: Vec<usize> = entrants.iter().map(|entrant| usize::from(entrant.0)).collect();
        let mut neighbours = [const { Vec::new() }; MAX];
        for one in entrants.iter() {
            let strangers = entrants.without(one).iter().filter(|other| !meetings.have_met(one, *other));
            neighbours[usize::from(one.0)] = strangers.map(|other| usize::from(other.0)).collect();
        }
        let mut matching = Self {
            neighbours,
            mate: [NONE; MAX],
            parent: [NONE; MAX],
            base: [NONE; MAX],
            is_even: [false; MAX],
            queue: VecDeque::new(),
        };
        let mut pairs = 0;
        for &vertex in &vertices {
            if matching.mate[vertex] == NONE && matching.grow_from(vertex) {
                pairs += 1;
            }
        }
        pairs
    }

    /// Looks for a free vertex at the end of an alternating path from a free one, and flips the path.
    fn grow_from(&mut self, root: usize) -> bool {
        self.parent = [NONE; MAX];
        self.base = std::array::from_fn(|vertex| vertex);
        self.is_even = [false; MAX];
        self.is_even[root] = true;
        self.queue = VecDeque::from([root]);
        while let Some(vertex) = self.queue.pop_front() {
            for at in 0..self.neighbours[vertex].len() {
                let next = self.neighbours[vertex][at];
                if self.base[vertex] == self.base[next] || self.mate[vertex] == next {
                    continue;
                }
                let mate = self.mate[next];
                if next == root || (mate != NONE && self.parent[mate] != NONE) {
                    self.shrink(vertex, next);
                } else if self.parent[next] == NONE {
                    self.parent[next] = vertex;
                    if mate == NONE {
                        self.flip(next);
                        return true;
                    }
                    self.is_even[mate] = true;
                    self.queue.push_back(mate);
                }
            }
        }
        false
    }

    /// Two even vertices of one tree are neighbours: the cycle they close becomes one vertex.
    fn shrink(&mut self, one: usize, other: usize) {
        let base = self.meeting_point(one, other);
        let mut is_in = [false; MAX];
        self.mark(one, base, other, &mut is_in);
        self.mark(other, base, one, &mut is_in);
        for vertex in 0..MAX {
            if is_in[self.base[vertex]] {
                self.base[vertex] = base;
                if !self.is_even[vertex] {
                    self.is_even[vertex] = true;
                    self.queue.push_back(vertex);
                }
            }
        }
    }

    /// The bases on one arm of a cycle, whose parents now lead around it.
    fn mark(&mut self, mut vertex: usize, base: usize, mut child: usize, is_in: &mut [bool; MAX]) {
        while self.base[vertex] != base {
            let mate = self.mate[vertex];
            is_in[self.base[vertex]] = true;
            is_in[self.base[mate]] = true;
            self.parent[vertex] = child;
            child = mate;
            vertex = self.parent[mate];
        }
    }

    /// Where the ways from two even vertices to the root come together.
    fn meeting_point(&self, one: usize, other: usize) -> usize {
        let mut is_on_way = [false; MAX];
        let mut vertex = self.base[one];
        loop {
            is_on_way[vertex] = true;
            if self.mate[vertex] == NONE {
                break;
            }
            vertex = self.base[self.parent[self.mate[vertex]]];
        }
        vertex = self.base[other];
        while !is_on_way[vertex] {
            vertex = self.base[self.parent[self.mate[vertex]]];
        }
        vertex
    }

    /// Matches along the path that ends at a free vertex.
    fn flip(&mut self, mut vertex: usize) {
        while vertex != NONE {
            let before = self.parent[vertex];
            let next = self.mate[before];
            self.mate[vertex] = before;
            self.mate[before] = vertex;
            vertex = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// By trying everything: the first is left over, or paired with any other.
    fn pairs_max(meetings: &Meetings, left: &[Entrant]) -> u32 {
        let Some((first, rest)) = left.split_first() else { return 0 };
        let strangers = rest.iter().filter(|other| !meetings.have_met(*first, **other));
        let with = strangers.map(|other| {
            let others: Vec<Entrant> = rest.iter().copied().filter(|entrant| entrant != other).collect();
            1 + pairs_max(meetings, &others)
        });
        with.max().unwrap_or(0).max(pairs_max(meetings, rest))
    }

    proptest! {
        #[test]
        fn a_matching_is_as_large_as_any(size in 0_u8..9, met in prop::collection::vec((0_u8..9, 0_u8..9), 0..40)) {
            let meetings = Meetings::of(met.into_iter().map(|(one, other)| [Entrant(one), Entrant(other)]));
            let left: Vec<Entrant> = (0..size).map(Entrant).collect();
            let largest = Matching::largest(&meetings, left.iter().copied().collect());
            prop_assert_eq!(largest, pairs_max(&meetings, &left), "of {} with {:?}", size, meetings);
        }

        #[test]
        fn pairs_that_are_hidden_among_others_are_found(
            order in Just((0..ENTRANTS_MAX).collect::<Vec<u8>>()).prop_shuffle(),
            others in prop::collection::vec((0..ENTRANTS_MAX, 0..ENTRANTS_MAX), 0..200),
        ) {
            // Strangers are 32 pairs that leave nobody out, and some more.
            let hidden: Vec<(u8, u8)> = order.chunks(2).map(|pair| (pair[0], pair[1])).collect();
            let strangers: BTreeSet<(u8, u8)> = hidden.into_iter().chain(others).collect();
            let pairs = (0..ENTRANTS_MAX).flat_map(|one| (0..one).map(move |other| (one, other)));
            let met = pairs.filter(|(one, other)| !strangers.contains(&(*one, *other)) && !strangers.contains(&(*other, *one)));
            let meetings = Meetings::of(met.map(|(one, other)| [Entrant(one), Entrant(other)]));
            prop_assert_eq!(meetings.rematches_min((0..ENTRANTS_MAX).map(Entrant).collect()), 0, "all can be paired");
        }
    }
}
