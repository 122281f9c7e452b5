//! Rules of creatures that are simple enough to be seen through: two types, three points, 12 at most.

use hypogeum_creature_messages::CreatureStats;
use hypogeum_store::{Seeding, Sizes};
use hypogeum_tournaments::{
    CreationNumbers, CreatureCatalogue, CreatureRuleError, CreatureRules, CreatureType, TournamentKind, TournamentKinds,
};

/// What every new creature has of each stat.
const BASE: u32 = 10;
/// What no stat goes beyond.
const MOST: u32 = 12;
/// What is given to a new creature.
const POINTS: u32 = 3;

pub(crate) struct TestRules(CreatureCatalogue);

impl TestRules {
    pub(crate) fn new() -> Self {
        let of = |key: &str, name: &str, speed| CreatureType {
            key: key.to_owned(),
            name: name.to_owned(),
            description: "It has \"teeth\".".to_owned(),
            bias: [speed, 0, 0, 0, 0],
            art: vec!["(\\_/)".to_owned()],
        };
        let creation = CreationNumbers {
            battle: "classic".to_owned(),
            stat_base: BASE,
            stat_min: 1,
            stat_max: MOST,
            points: POINTS,
        };
        Self(CreatureCatalogue {
            types: vec![of("emberfox", "Emberfox", 1), of("stoneback", "Stoneback", -1)],
            creation,
        })
    }
}

impl CreatureRules for TestRules {
    fn catalogue(&self) -> &CreatureCatalogue {
        &self.0
    }

    fn create(&self, kind: &str, points: CreatureStats) -> Result<(CreatureStats, u32), CreatureRuleError> {
        let kind = self.0.types.iter().find(|of| of.key == kind).ok_or(CreatureRuleError::UnknownType)?;
        let base = CreatureStats::of_values(kind.bias.map(|by| BASE.strict_add_signed(by)));
        self.grow((base, POINTS), points)
    }

    fn grow(
        &self,
        (stats, left): (CreatureStats, u32),
        points: CreatureStats,
    ) -> Result<(CreatureStats, u32), CreatureRuleError> {
        let wanted = points.sum();
        if wanted > u64::from(left) {
            return Err(CreatureRuleError::TooManyPoints { wanted, left });
        }
        let mut grown = stats.values();
        for ((value, more), stat) in grown.iter_mut().zip(points.values()).zip(CreatureStats::NAMES) {
            *value += more;
            if *value > MOST {
                return Err(CreatureRuleError::TooHigh { stat, found: u64::from(*value), most: MOST });
            }
        }
        Ok((CreatureStats::of_values(grown), left - wanted as u32))
    }
}

/// One kind of tournament: of two or four, for 100 each.
pub(crate) fn test_kinds() -> TournamentKinds {
    TournamentKinds::new([TournamentKind {
        key: "cup".to_owned(),
        name: "Cup".to_owned(),
        description: "Lose once and you are out.".to_owned(),
        battle: "classic".to_owned(),
        format: "single_elimination",
        best_of: 1,
        entrants_min: 2,
        entrants_max: 4,
        sizes: Sizes::of(|size| size == 2 || size == 4),
        fill: vec!["novice".to_owned()],
        per_person_max: 2,
        people_min: 1,
        entry_fee: 100,
        purse: 500,
        prizes_percent: vec![60, 30],
        seeding: Seeding::Drawn,
        schedule: None,
    }])
}
