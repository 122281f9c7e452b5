//! How many wait around a rating, however many wait.

/// Ratings from 0 to one below this are counted apart; those beyond count with the nearest. Shown ratings end at 12,000.
const RATINGS: usize = 1 << 14;

/// Counts of ratings in a Fenwick tree (Fenwick 1994): adding, removing and counting a range take 14 steps each.
#[derive(Debug)]
pub(crate) struct Census {
    /// Node `n` (from 1 on) holds the count of the `n & -n` ratings that end at place `n`.
    nodes: Vec<u32>,
}

impl Census {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![0; RATINGS + 1] }
    }

    /// Counts so many people of one rating.
    pub(crate) fn add(&mut self, rating: i32, people: u16) {
        self.change(rating, |count| count + u32::from(people));
    }

    /// Only for a rating and a number that were added.
    pub(crate) fn remove(&mut self, rating: i32, people: u16) {
        self.change(rating, |count| count - u32::from(people));
    }

    /// How many are at most `distance` away from `rating`.
    pub(crate) fn around(&self, rating: i32, distance: u32) -> usize {
        let (rating, distance) = (i64::from(rating), i64::from(distance));
        self.upto(place(rating + distance)) - self.upto(place(rating - distance) - 1)
    }

    fn change(&mut self, rating: i32, by: impl Fn(u32) -> u32) {
        let mut node = place(rating.into());
        while let Some(count) = self.nodes.get_mut(node) {
            *count = by(*count);
            node += node & node.wrapping_neg();
        }
    }

    fn upto(&self, mut node: usize) -> usize {
        let mut sum = 0;
        while node > 0 {
            sum += self.nodes[node] as usize;
            node &= node - 1;
        }
        sum
    }
}

/// From 1 on.
fn place(rating: i64) -> usize {
    usize::try_from(rating.max(0)).unwrap_or(0).min(RATINGS - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_census_counts_what_counting_counts() {
        let mut census = Census::new();
        let ratings: Vec<i32> = (0..500).map(|number| number * 7_919 % 12_001).collect();
        ratings.iter().for_each(|rating| census.add(*rating, 1));
        ratings.iter().step_by(3).for_each(|rating| census.remove(*rating, 1));
        let left: Vec<i32> = (0..500).filter(|place| place % 3 != 0).map(|place| ratings[place]).collect();
        for (rating, distance) in [(0, 0), (0, 50), (1_500, 0), (1_500, 100), (6_000, 6_000), (12_000, 300), (7_919, 0)]
        {
            let counted = left.iter().filter(|other| other.abs_diff(rating) <= distance).count();
            assert_eq!(census.around(rating, distance), counted, "within {distance} of {rating}");
        }
        assert_eq!(census.around(1_500, u32::MAX), left.len(), "the widest window holds all");
    }

    #[test]
    fn ratings_beyond_the_scale_are_counted_at_its_ends() {
        let mut census = Census::new();
        [i32::MIN, -5, i32::MAX, 20_000].into_iter().for_each(|rating| census.add(rating, 1));
        assert_eq!(census.around(0, 10), 2, "below all");
        assert_eq!(census.around(i32::MAX, 10), 2, "above all");
        assert_eq!(census.around(i32::MIN, 10), 2, "however far below");
    }
}
