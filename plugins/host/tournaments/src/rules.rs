//! What new creatures are made of: the game's types and numbers, as the HTTP door asks for them.

use hypogeum_creature_messages::CreatureStats;

/// The types of creatures of a game, and how people's own come of them. The composition makes it of the content: neither this crate
/// nor the door knows the rules of a battle.
pub trait CreatureRules: Send + Sync + 'static {
    /// What people choose from.
    fn catalogue(&self) -> &CreatureCatalogue;

    /// What a new creature of a type is made of where its owner gives these points, and how many of them are kept.
    ///
    /// # Errors
    /// [`CreatureRuleError`].
    fn create(&self, kind: &str, points: CreatureStats) -> Result<(CreatureStats, u32), CreatureRuleError>;

    /// What a creature is made of, and has left, once it was given some of the points that it has kept.
    ///
    /// # Errors
    /// [`CreatureRuleError::TooManyPoints`], [`CreatureRuleError::TooHigh`].
    fn grow(&self, was: (CreatureStats, u32), points: CreatureStats)
    -> Result<(CreatureStats, u32), CreatureRuleError>;
}

/// What people choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatureCatalogue {
    /// In the order of their keys.
    pub types: Vec<CreatureType>,
    /// What every new creature starts from.
    pub creation: CreationNumbers,
}

/// A type of creature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatureType {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one chooses, in the language of the content.
    pub description: String,
    /// What it has of each stat beyond the base, −100 to 100, in the order of [`CreatureStats::NAMES`].
    pub bias: [i32; 5],
    /// What it looks like in a terminal, line by line.
    pub art: Vec<String>,
}

/// The numbers of a battle's rules that say what a new creature is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreationNumbers {
    /// The key of the battle whose rules these are.
    pub battle: String,
    /// What each stat is before a type or a person changes it.
    pub stat_base: u32,
    /// The least a stat is after the type's bias.
    pub stat_min: u32,
    /// The most a stat can be.
    pub stat_max: u32,
    /// Points to give; those that are not given are kept.
    pub points: u32,
}

/// Why a creature cannot be made of that. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreatureRuleError {
    /// No type has this key.
    #[error("there is no such type of creature")]
    UnknownType,
    /// More points than there are.
    #[error("{wanted} points were given, there are {left}")]
    TooManyPoints {
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
