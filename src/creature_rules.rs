//! The rules of creatures for the HTTP door: those of the content, by the arithmetic of the battles.

use std::collections::BTreeMap;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_content::def::{BattleDef, CreatureBias};
use hypogeum_creature_messages::CreatureStats;
use hypogeum_creatures::{PointsError, create, grow};
use hypogeum_tournaments::{CreationNumbers, CreatureCatalogue, CreatureRuleError, CreatureRules, CreatureType};

/// The tournament by whose battle creatures are made, where the content has it.
const TOURNAMENT: &str = "cup";

/// The rules of one content. A creature may take part in tournaments of several battles, and is made once: by the rules of the
/// battle of the tournament `cup`, or where there is none, of the first battle in the order of keys.
struct ContentRules {
    catalogue: CreatureCatalogue,
    battle: BattleDef,
    biases: BTreeMap<String, CreatureBias>,
}

/// The rules of a content; `None` where it has no battles.
pub(crate) fn of(content: &Content) -> Option<Arc<dyn CreatureRules>> {
    let cup = content.tournaments.id(TOURNAMENT).map(|cup| content.tournaments[cup].battle.id());
    let battle = cup.or_else(|| content.battles.iter().next().map(|(id, ..)| id))?;
    let (key, battle) = (content.battles.key(battle), content.battles.find(battle)?);
    let creation = CreationNumbers {
        battle: key.to_owned(),
        stat_base: battle.stat_base,
        stat_min: battle.stat_min,
        stat_max: battle.stat_max,
        points: battle.points_at_creation,
    };
    let types = content.creatures.iter().map(|(_, key, def)| CreatureType {
        key: key.to_owned(),
        name: def.name.clone(),
        description: def.description.clone(),
        bias: values(def.bias),
        art: def.art.clone(),
    });
    let biases = content.creatures.iter().map(|(_, key, def)| (key.to_owned(), def.bias)).collect();
    Some(Arc::new(ContentRules {
        catalogue: CreatureCatalogue { types: types.collect(), creation },
        battle: battle.clone(),
        biases,
    }))
}

/// In the order of [`CreatureStats::NAMES`].
const fn values(CreatureBias { speed, health, defence, strength, luck }: CreatureBias) -> [i32; 5] {
    [speed, health, defence, strength, luck]
}

impl CreatureRules for ContentRules {
    fn catalogue(&self) -> &CreatureCatalogue {
        &self.catalogue
    }

    fn create(&self, kind: &str, points: CreatureStats) -> Result<(CreatureStats, u32), CreatureRuleError> {
        let bias = self.biases.get(kind).ok_or(CreatureRuleError::UnknownType)?;
        let stats = create(&self.battle, *bias, points).map_err(refusal)?;
        Ok((stats, left(self.battle.points_at_creation, points)?))
    }

    fn grow(
        &self,
        (stats, kept): (CreatureStats, u32),
        points: CreatureStats,
    ) -> Result<(CreatureStats, u32), CreatureRuleError> {
        let left = left(kept, points)?;
        Ok((grow(&self.battle, stats, points).map_err(refusal)?, left))
    }
}

/// What is left of so many points.
fn left(there_are: u32, points: CreatureStats) -> Result<u32, CreatureRuleError> {
    let wanted = points.sum();
    let left = u64::from(there_are).checked_sub(wanted).and_then(|left| u32::try_from(left).ok());
    left.ok_or(CreatureRuleError::TooManyPoints { wanted, left: there_are })
}

fn refusal(error: PointsError) -> CreatureRuleError {
    match error {
        PointsError::TooMany { wanted, left } => CreatureRuleError::TooManyPoints { wanted, left },
        PointsError::TooHigh { stat, found, most } => CreatureRuleError::TooHigh { stat, found, most },
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn rules() -> Arc<dyn CreatureRules> {
        let content = Content::load(Path::new("assets")).expect("the assets that ship are good");
        of(&content).expect("they have battles")
    }

    const fn points(values: [u32; 5]) -> CreatureStats {
        CreatureStats::of_values(values)
    }

    #[test]
    fn creatures_of_the_content_that_ships() {
        let rules = rules();
        let CreatureCatalogue { types, creation } = rules.catalogue();
        assert_eq!(creation.battle, "classic", "the battle of the cup");
        assert_eq!(
            [creation.stat_base, creation.stat_min, creation.stat_max, creation.points],
            [10, 1, 20, 6],
            "its numbers"
        );
        let fox = types.iter().find(|of| of.key == "emberfox").expect("it ships");
        assert_eq!((fox.bias, fox.art.is_empty()), ([2, -2, -1, 1, 0], false), "as it is written there");
        assert!(types.is_sorted_by_key(|of| &of.key), "types are in the order of keys");

        assert_eq!(
            rules.create("emberfox", points([1, 2, 0, 0, 1])),
            Ok((points([13, 10, 9, 11, 11]), 2)),
            "two are kept"
        );
        assert_eq!(rules.create("emberfox", points([0; 5])), Ok((points([12, 8, 9, 11, 10]), 6)), "or all");
        let refused = rules.create("emberfox", points([7, 0, 0, 0, 0]));
        assert_eq!(refused, Err(CreatureRuleError::TooManyPoints { wanted: 7, left: 6 }), "not more than there are");
        let refused = rules.create("emberfox", points([u32::MAX; 5]));
        assert!(matches!(refused, Err(CreatureRuleError::TooManyPoints { left: 6, .. })), "however many: {refused:?}");
        assert_eq!(rules.create("dragon", points([0; 5])), Err(CreatureRuleError::UnknownType), "nobody ships dragons");
    }

    #[test]
    fn points_that_were_kept_are_given_once() {
        let rules = rules();
        let was = (points([19, 8, 9, 11, 10]), 3);
        assert_eq!(rules.grow(was, points([1, 0, 1, 0, 0])), Ok((points([20, 8, 10, 11, 10]), 1)), "one is left");
        assert_eq!(rules.grow(was, points([0; 5])), Ok(was), "none given, none gone");
        let refused = rules.grow(was, points([2, 0, 0, 0, 0]));
        assert_eq!(
            refused,
            Err(CreatureRuleError::TooHigh { stat: "speed", found: 21, most: 20 }),
            "a stat has an end"
        );
        let refused = rules.grow(was, points([0, 4, 0, 0, 0]));
        assert_eq!(refused, Err(CreatureRuleError::TooManyPoints { wanted: 4, left: 3 }), "and so have points");
    }

    #[test]
    fn without_battles_there_are_no_creatures() {
        assert!(of(&Content::default()).is_none(), "nothing is known of how they are made");
    }
}
