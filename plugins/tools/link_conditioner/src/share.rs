//! A share of all datagrams, exact to the millionth.

use std::fmt;
use std::str::FromStr;

use crate::rng::below;
use crate::text::{decimal, scaled};

const WHOLE_PPM: u32 = 1_000_000;
/// Decimals of a percent that a millionth needs.
const DECIMALS: usize = 4;

/// A share of all datagrams in parts per million, at most all of them. Read and written as `2%` or `0.25%`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self(WHOLE_PPM);

    /// So many in a hundred; more than 100 is [`Share::ALL`].
    pub const fn percent(percent: u32) -> Self {
        Self::ppm(percent.saturating_mul(WHOLE_PPM / 100))
    }

    /// So many in a million; more than a million is [`Share::ALL`].
    pub const fn ppm(ppm: u32) -> Self {
        Self(if ppm > WHOLE_PPM { WHOLE_PPM } else { ppm })
    }

    /// Parts per million, 0 to 1,000,000.
    pub const fn as_ppm(self) -> u32 {
        self.0
    }

    /// Whether an evenly distributed `roll` falls into this share.
    pub(crate) fn takes(self, roll: u64) -> bool {
        below(roll, u64::from(WHOLE_PPM)) < u64::from(self.0)
    }
}

/// Not a share: a number from 0 to 100 with at most four decimals and a percent sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share is written like 2% or 0.25%, from 0% to 100%, with at most four decimals")]
pub struct ShareError;

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.trim().strip_suffix('%').ok_or(ShareError)?;
        let ppm = scaled(number.trim(), DECIMALS).ok_or(ShareError)?;
        u32::try_from(ppm).ok().filter(|ppm| *ppm <= WHOLE_PPM).map(Self).ok_or(ShareError)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}%", decimal(u64::from(self.0), DECIMALS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_to_the_millionth() {
        for (text, ppm) in [("0%", 0), ("2%", 20_000), ("0.25%", 2_500), (" 12.5 %", 125_000), ("100%", 1_000_000)] {
            assert_eq!(text.parse(), Ok(Share::ppm(ppm)), "{text} is {ppm} in a million");
        }
        assert_eq!(Share::ppm(2_500).to_string(), "0.25%", "no more decimals than it takes");
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "%", "2", "-1%", "100.0001%", "0.00001%", "1.%", ".5%", "1e2%", "999999999999999999999%"] {
            assert_eq!(text.parse::<Share>(), Err(ShareError), "`{text}` is no share");
        }
    }

    #[test]
    fn none_takes_nothing_and_all_takes_everything() {
        for roll in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(!Share::NONE.takes(roll), "nothing falls into no share");
            assert!(Share::ALL.takes(roll), "everything falls into the whole");
        }
    }
}
