//! Experience to levels.

/// Highest level an account can reach.
pub const LEVEL_MAX: u32 = 100;
/// Half of what the step from level 1 to level 2 costs.
const XP_HALF_STEP: u64 = 50;

/// Experience needed in total for `level`: `50 · level · (level − 1)`. So the step from level `n` to the next costs
/// `100 · n`. Level 1 needs none; beyond [`LEVEL_MAX`] there is nothing.
#[must_use]
pub fn xp_for_level(level: u32) -> u64 {
    let level = u64::from(level.clamp(1, LEVEL_MAX));
    XP_HALF_STEP * level * (level - 1)
}

/// The level `xp` is enough for, 1 to [`LEVEL_MAX`]: the largest `n` with `50 · n · (n − 1) ≤ xp`, that is
/// `n = (1 + √(1 + 4 · xp / 50)) / 2`, all of it rounded down.
#[must_use]
pub fn level_of(xp: u64) -> u32 {
    let steps = (xp / XP_HALF_STEP).min(u64::from(LEVEL_MAX) * u64::from(LEVEL_MAX));
    let level = u64::midpoint(1, (1 + 4 * steps).isqrt());
    u32::try_from(level).unwrap_or(LEVEL_MAX).min(LEVEL_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_begins_exactly_at_its_experience() {
        for level in 2..=LEVEL_MAX {
            let xp = xp_for_level(level);
            assert_eq!(level_of(xp), level, "{xp} xp is enough for level {level}");
            assert_eq!(level_of(xp - 1), level - 1, "one less is not");
        }
    }

    #[test]
    fn the_ends_of_the_scale_hold() {
        assert_eq!(level_of(0), 1, "everyone begins at level 1");
        assert_eq!(level_of(u64::MAX), LEVEL_MAX, "no experience goes beyond the highest level");
    }
}
