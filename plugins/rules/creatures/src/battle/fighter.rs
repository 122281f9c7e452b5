//! A creature in a battle.

use hypogeum_content::def::{BattleDef, CreatureBias};
use hypogeum_creature_messages::{BattleMove, CreatureStats};
use serde::{Deserialize, Serialize};

/// A creature in a battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fighter {
    /// What it is made of, for the whole battle.
    pub stats: CreatureStats,
    /// Hit points, 0 to `hp_max`.
    pub hp: u32,
    /// Most hit points, 1 and up.
    pub hp_max: u32,
    /// How often it can still defend.
    pub defends: u32,
    /// How often it can still use its special.
    pub specials: u32,
}

impl Fighter {
    /// A creature of these stats at the beginning of a round: healed, and with all its uses.
    #[must_use]
    pub fn fresh(rules: &BattleDef, stats: CreatureStats) -> Self {
        let hp_max = rules.hp_base.saturating_add(stats.health.saturating_mul(rules.hp_per_health)).max(1);
        Self { stats, hp: hp_max, hp_max, defends: rules.defends, specials: rules.specials }
    }

    /// Whether it has less than a share of its hit points, in percent.
    #[must_use]
    pub(crate) const fn is_below(&self, percent: u32) -> bool {
        self.hp as u64 * 100 < self.hp_max as u64 * percent as u64
    }

    pub(super) const fn use_up(&mut self, what: BattleMove) {
        match what {
            BattleMove::Attack => {}
            BattleMove::Defend => self.defends = self.defends.saturating_sub(1),
            BattleMove::Special => self.specials = self.specials.saturating_sub(1),
        }
    }
}

/// Why points cannot be given so. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// More than there are.
    #[error("{wanted} points were given, there are {left}")]
    TooMany {
        /// How many were to be given.
        wanted: u64,
        /// How many there are.
        left: u32,
    },
    /// A stat would be more than it can be.
    #[error("{stat} would be {found}, at most {most} is possible")]
    TooHigh {
        /// Which stat.
        stat: &'static str,
        /// What it would be.
        found: u64,
        /// What it can be.
        most: u32,
    },
}

/// The stats of a new creature of a type: the base of all, its type's bias, and the points that its owner gives. What a bias
/// takes beyond the least or gives beyond the most of a stat is lost.
///
/// # Errors
/// [`PointsError`]: points over the budget, or beyond the most of a stat.
pub fn create(rules: &BattleDef, bias: CreatureBias, points: CreatureStats) -> Result<CreatureStats, PointsError> {
    let (wanted, left) = (points.sum(), rules.points_at_creation);
    if wanted > u64::from(left) {
        return Err(PointsError::TooMany { wanted, left });
    }
    let of = |by: i32| {
        let biased = i64::from(rules.stat_base) + i64::from(by);
        let clamped = biased.clamp(i64::from(rules.stat_min), i64::from(rules.stat_max));
        u32::try_from(clamped).unwrap_or(rules.stat_min)
    };
    let CreatureBias { speed, health, defence, strength, luck } = bias;
    grow(rules, CreatureStats::of_values([speed, health, defence, strength, luck].map(of)), points)
}

/// Stats with points given to them.
///
/// # Errors
/// [`PointsError::TooHigh`].
pub fn grow(rules: &BattleDef, stats: CreatureStats, points: CreatureStats) -> Result<CreatureStats, PointsError> {
    let mut grown = stats.values();
    for ((value, more), stat) in grown.iter_mut().zip(points.values()).zip(CreatureStats::NAMES) {
        let found = u64::from(*value) + u64::from(more);
        match u32::try_from(found) {
            Ok(sum) if sum <= rules.stat_max || more == 0 => *value = sum,
            _ => return Err(PointsError::TooHigh { stat, found, most: rules.stat_max }),
        }
    }
    Ok(CreatureStats::of_values(grown))
}
