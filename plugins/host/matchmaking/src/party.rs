//! What a mode asks of a party, and the one rating it is matched by.

use hypogeum_content::def::PartyRating;
use hypogeum_shard::ModeRule;

/// A mode's rules for parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartyTerms {
    /// Most members.
    pub members_max: usize,
    /// How far the ratings of its best and its worst member may be apart; `None`: any distance.
    pub rating_spread_max: Option<u32>,
    /// The rating that it is matched by.
    pub rated_by: PartyRating,
}

/// Why a party cannot queue for a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartyError {
    /// More members than the mode takes of one party.
    #[error("a party of {members} is larger than {members_max}")]
    TooLarge {
        /// How many it has.
        members: usize,
        /// How many it may have.
        members_max: usize,
    },
    /// The ratings of its best and its worst member are too far apart.
    #[error("ratings of a party that are {spread} apart are further than {spread_max}")]
    TooWide {
        /// How far they are apart.
        spread: u32,
        /// How far they may be.
        spread_max: u32,
    },
}

impl PartyTerms {
    /// The rules of `mode`.
    #[must_use]
    pub fn of(mode: &ModeRule) -> Self {
        let most = mode.teams.map_or(mode.players_max.max(mode.players_min), |teams| teams.size).max(1);
        let members_max = mode.party.map_or(most, |rule| rule.members_max.clamp(1, most));
        Self {
            members_max: members_max as usize,
            rating_spread_max: mode.party.map(|rule| rule.rating_spread_max),
            rated_by: mode.party.map_or(PartyRating::Mean, |rule| rule.rated_by),
        }
    }

    /// Whether the mode takes a party of so many.
    ///
    /// # Errors
    /// [`PartyError::TooLarge`].
    pub const fn takes(&self, members: usize) -> Result<(), PartyError> {
        let members_max = self.members_max;
        if members > members_max { Err(PartyError::TooLarge { members, members_max }) } else { Ok(()) }
    }

    /// The rating of a party by those of its members.
    ///
    /// # Errors
    /// [`PartyError`]: the mode does not take this party.
    pub fn rate(&self, ratings: &[i32]) -> Result<i32, PartyError> {
        self.takes(ratings.len())?;
        let (Some(&lowest), Some(&highest)) = (ratings.iter().min(), ratings.iter().max()) else { return Ok(0) };
        let spread = highest.abs_diff(lowest);
        if let Some(spread_max) = self.rating_spread_max.filter(|most| spread > *most) {
            return Err(PartyError::TooWide { spread, spread_max });
        }
        Ok(match self.rated_by {
            PartyRating::Highest => highest,
            PartyRating::Mean => mean(ratings),
        })
    }
}

/// Of some ratings, rounded down: between the lowest and the highest, and so a rating.
fn mean(ratings: &[i32]) -> i32 {
    let sum: i64 = ratings.iter().map(|rating| i64::from(*rating)).sum();
    let count = i64::try_from(ratings.len()).unwrap_or(i64::MAX).max(1);
    i32::try_from(sum.div_euclid(count)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: PartyTerms = PartyTerms { members_max: 3, rating_spread_max: Some(500), rated_by: PartyRating::Mean };

    #[test]
    fn a_party_is_rated_by_its_mean_or_its_best() {
        assert_eq!(TERMS.rate(&[1_000, 1_300, 1_101]), Ok(1_133), "the mean, rounded down");
        assert_eq!(TERMS.rate(&[-3, -4]), Ok(-4), "below nothing, too");
        let by_best = PartyTerms { rated_by: PartyRating::Highest, ..TERMS };
        assert_eq!(by_best.rate(&[1_000, 1_300, 1_101]), Ok(1_300), "the best");
        assert_eq!(TERMS.rate(&[i32::MAX]), Ok(i32::MAX), "whatever it is");
    }

    #[test]
    fn a_party_too_large_or_too_far_apart_is_not_rated() {
        let large = PartyError::TooLarge { members: 4, members_max: 3 };
        assert_eq!(TERMS.rate(&[0, 0, 0, 0]), Err(large), "four of three");
        assert_eq!(TERMS.rate(&[1_000, 1_500]), Ok(1_250), "as far apart as may be");
        let wide = PartyError::TooWide { spread: 501, spread_max: 500 };
        assert_eq!(TERMS.rate(&[1_000, 1_501]), Err(wide), "and one more");
        let any = PartyTerms { rating_spread_max: None, ..TERMS };
        assert_eq!(any.rate(&[i32::MIN, i32::MAX]), Ok(-1), "without a rule any distance will do");
    }
}
