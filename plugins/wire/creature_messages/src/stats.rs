//! What a creature is made of.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The five stats of a creature, or points for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreatureStats {
    /// Who acts first, and who dodges.
    pub speed: u32,
    /// Hit points.
    pub health: u32,
    /// What takes from blows.
    pub defence: u32,
    /// What makes blows harder.
    pub strength: u32,
    /// Critical blows.
    pub luck: u32,
}

impl CreatureStats {
    /// The names of the stats, in the order of [`CreatureStats::values`].
    pub const NAMES: [&'static str; 5] = ["speed", "health", "defence", "strength", "luck"];

    /// All five, in the order of [`CreatureStats::NAMES`].
    #[must_use]
    pub const fn values(&self) -> [u32; 5] {
        [self.speed, self.health, self.defence, self.strength, self.luck]
    }

    /// From all five, in the order of [`CreatureStats::NAMES`].
    #[must_use]
    pub const fn of_values([speed, health, defence, strength, luck]: [u32; 5]) -> Self {
        Self { speed, health, defence, strength, luck }
    }

    /// All five together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.values().into_iter().map(u64::from).sum()
    }
}

/// `speed=12 health=10 defence=9 strength=11 luck=10`.
impl fmt::Display for CreatureStats {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in Self::NAMES.iter().zip(self.values()).enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(formatter, "{space}{name}={value}")?;
        }
        Ok(())
    }
}
