//! How parties find places in teams: the one rule by which a matchmaker says who fits together, and a kind who plays for which team.

use std::cmp::Reverse;

/// How many teams a mode has, and how large they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamShape {
    /// How many teams.
    pub count: u32,
    /// Members of each at most. No party is larger.
    pub size: u32,
}

/// Which of the teams that have room takes a party; of equal ones the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The one with most places left.
    Emptiest,
    /// The one with fewest places left.
    Fullest,
}

/// The places that teams have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamPlaces {
    /// By team.
    free: Vec<u32>,
}

impl TeamShape {
    /// Whether each of some parties has a team to itself or with others. `sizes` are theirs, the largest first; who came alone has a place
    /// wherever one is left and does not count.
    ///
    /// ```
    /// # use hypogeum_shard::TeamShape;
    /// let threes = TeamShape { count: 2, size: 3 };
    /// assert!(threes.keeps_together(&[3, 2]) && !threes.keeps_together(&[2, 2, 2]));
    /// ```
    #[must_use]
    pub fn keeps_together(self, sizes: &[u32]) -> bool {
        Fit::BOTH.into_iter().any(|fit| {
            let mut places = TeamPlaces::new(self);
            sizes.iter().all(|size| places.take(*size, fit).is_some())
        })
    }
}

impl Fit {
    /// Both, in the order in which they are tried.
    pub const BOTH: [Self; 2] = [Self::Emptiest, Self::Fullest];
}

impl TeamPlaces {
    /// Empty teams.
    #[must_use]
    pub fn new(shape: TeamShape) -> Self {
        Self { free: vec![shape.size; shape.count as usize] }
    }

    /// Takes so many places in one team, and says which, from 0; `None` where none has as many left.
    pub fn take(&mut self, places: u32, fit: Fit) -> Option<usize> {
        let roomy = (0..self.free.len()).filter(|team| self.free[*team] >= places);
        let team = match fit {
            Fit::Emptiest => roomy.min_by_key(|team| (Reverse(self.free[*team]), *team)),
            Fit::Fullest => roomy.min_by_key(|team| (self.free[*team], *team)),
        }?;
        self.free[team] -= places;
        Some(team)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_fit_or_do_not() {
        let shape = |count, size| TeamShape { count, size };
        for (teams, sizes, fits) in [
            (shape(2, 3), &[][..], true),
            (shape(2, 3), &[3, 3], true),
            (shape(2, 3), &[2, 2], true),
            (shape(2, 3), &[2, 2, 2], false),
            (shape(2, 3), &[4], false),
            (shape(2, 6), &[3, 3, 2, 2, 2], true),
            (shape(3, 4), &[3, 3, 3, 2], false),
            (shape(3, 4), &[4, 4, 2, 2], true),
        ] {
            assert_eq!(teams.keeps_together(sizes), fits, "{sizes:?} in {teams:?}");
        }
    }

    #[test]
    fn a_place_that_is_taken_is_gone() {
        let mut places = TeamPlaces::new(TeamShape { count: 2, size: 2 });
        let taken: Vec<_> = (0..5).map(|_| places.take(1, Fit::Emptiest)).collect();
        assert_eq!(taken, [Some(0), Some(1), Some(0), Some(1), None]);
    }
}
