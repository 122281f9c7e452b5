//! Who gets what of a pot: whole coins, and never more than it holds.

/// What somebody wins of `pot`, the fees and the purse together, 0 or more. `percent` says what each place gets, the first first;
/// `rank` is 1 for the best, and `sharing` how many have that rank, machines included, at least 1.
///
/// Those who share a rank have as many places, and share what these get evenly. Everything is rounded down; what is left over by it, what
/// no place gets and what machines would have won stays with the house.
#[must_use]
pub fn prize(pot: i64, percent: &[u8], (rank, sharing): (u8, u8)) -> i64 {
    let (first, count) = (usize::from(rank.max(1)) - 1, usize::from(sharing.max(1)));
    let places: i64 = percent.iter().skip(first).take(count).map(|percent| i64::from(*percent)).sum();
    let together = i128::from(pot.max(0)) * i128::from(places.min(100)) / 100;
    i64::try_from(together / count as i128).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_gets_its_part() {
        let won = |rank| prize(1_000, &[60, 30, 10], (rank, 1));
        assert_eq!([1, 2, 3, 4, 64].map(won), [600, 300, 100, 0, 0], "by rank");
        assert_eq!(prize(999, &[60], (1, 1)), 599, "rounded down");
        assert_eq!(prize(0, &[100], (1, 1)), 0, "nothing comes of nothing");
        assert_eq!(prize(1_000, &[], (1, 1)), 0, "where there are no prizes, there are none");
    }

    #[test]
    fn those_who_share_a_rank_share_its_places() {
        assert_eq!(prize(1_000, &[60, 30, 10], (1, 2)), 450, "of the first two");
        assert_eq!(prize(1_000, &[60, 30, 10], (3, 2)), 50, "the third alone has a prize, and two share it");
        assert_eq!(prize(100, &[50, 30, 20], (1, 3)), 33, "what cannot be shared is nobody's");
        assert_eq!(prize(100, &[50, 30, 20], (1, u8::MAX)), 0, "a hundred among 255");
    }

    #[test]
    fn nobody_gets_more_than_there_is() {
        for entrants in 1..=64_u8 {
            for sharing in 1..=entrants {
                // The first so many share the first rank, the others have one each.
                let shared = prize(12_345, &[40, 25, 15, 10, 5, 5], (1, sharing)) * i64::from(sharing);
                let others: i64 =
                    (sharing + 1..=entrants).map(|rank| prize(12_345, &[40, 25, 15, 10, 5, 5], (rank, 1))).sum();
                assert!(shared + others <= 12_345, "{entrants} of whom {sharing} share the first rank");
            }
        }
        assert_eq!(prize(i64::MAX, &[100], (1, 1)), i64::MAX, "no pot is too large");
        assert_eq!(prize(-5, &[100], (0, 0)), 0, "nor too small");
    }
}
