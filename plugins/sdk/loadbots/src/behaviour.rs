//! Behaviours: `assets/bots/*.ron`. A bot adds up each drive's score and follows the highest.
//!
//! The words are those of the server's own `assets/behaviours`; a bot only knows what a client is told, so it has fewer.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Unexpected};

/// Bytes of a behaviour file; the shipped ones have 3 KiB.
pub const BEHAVIOUR_BYTES_MAX: usize = 64 * 1_024;
/// Drives, weapons, abilities or lists in one behaviour.
const ENTRIES_MAX: usize = 64;

/// A whole number from `MIN` to `MAX`, checked where it is read so that a mistake has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Whole<MIN, MAX> {
    /// The number, from `MIN` to `MAX`.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        match u32::try_from(number) {
            Ok(value) if (MIN..=MAX).contains(&value) => Ok(Self(value)),
            _ => Err(D::Error::invalid_value(Unexpected::Signed(number), &format!("{MIN} to {MAX}").as_str())),
        }
    }
}

/// A distance in centimetres.
pub type Centimetres = Whole<0, 200_000>;
/// A share in percent.
pub type Percent = Whole<0, 100>;
/// A time in milliseconds, up to an hour.
pub type Milliseconds = Whole<0, 3_600_000>;

/// How a bot decides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// What reports call it.
    pub name: String,
    /// Ticks between two decisions; aiming and dodging happen each tick.
    pub think_every_ticks: Whole<1, 60>,
    /// Whether it uses its abilities on anyone who comes into reach, whatever else it does.
    pub attacks: bool,
    /// How far it aims beside its target at most, in 1/65536 turns.
    pub aim_error: Whole<0, 16_384>,
    /// From how near another player counts as an enemy. One farther away is left alone, unless it struck this bot within
    /// the last three seconds.
    pub wary_of_players_cm: Centimetres,
    /// The same while it is on its way out or stands in an exit: a fight there keeps everyone in.
    pub wary_when_leaving_cm: Centimetres,
    /// From how near it attacks with ability 1 and none of `weapons` worn.
    pub unarmed_reach_cm: Centimetres,
    /// Weapons it knows, best first.
    #[serde(deserialize_with = "few")]
    pub weapons: Vec<WeaponUse>,
    /// What else it wears: a list of templates per place, best first.
    #[serde(deserialize_with = "few")]
    pub wear: Vec<Vec<String>>,
    /// Abilities besides the weapon's, first choice first.
    #[serde(deserialize_with = "few")]
    pub abilities: Vec<AbilityUse>,
    /// Templates of consumables that heal, first choice first.
    #[serde(deserialize_with = "few")]
    pub heals: Vec<String>,
    /// It heals below this health.
    pub heal_below_hp: Percent,
    /// Templates of consumables it takes in a fight.
    #[serde(deserialize_with = "few")]
    pub boosts: Vec<String>,
    /// Items it brings along.
    pub loadout_items_max: Whole<0, 16>,
    /// What it may want, the first winning a tie.
    #[serde(deserialize_with = "drives")]
    pub drives: Vec<Drive>,
}

/// A weapon and how it is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeaponUse {
    /// Key of the weapon's template.
    pub item: String,
    /// From how near it attacks with it.
    pub reach_cm: Centimetres,
}

/// An ability and when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbilityUse {
    /// The ability slot, as inputs name it.
    pub slot: Whole<1, 8>,
    /// The farthest distance to the enemy at which it is used.
    pub within_cm: Centimetres,
    /// With how much mana at least.
    #[serde(default = "no_mana")]
    pub mana: Whole<0, 1_000_000>,
}

/// One thing a bot may want.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drive {
    /// What it does then.
    pub activity: Activity,
    /// Where the score starts.
    pub score: i32,
    /// All must hold, else the drive is out.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Each that holds adds its score.
    #[serde(default)]
    pub add: Vec<(Condition, i32)>,
}

/// What a bot can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Activity {
    /// Stand still. What a bot does where no drive holds.
    Idle,
    /// Walk to points of interest, one after the other.
    Explore,
    /// Walk to items and containers in sight and take what they hold.
    Loot,
    /// Close in on the nearest enemy.
    Fight,
    /// Get away from the nearest enemies.
    Flee,
    /// Walk to the exit that lets it out first, and stay inside.
    Extract,
    /// Walk out of a hazard.
    EscapeHazard,
    /// Walk to the nearest downed team-mate in sight and stay by it.
    Revive,
}

/// What a bot can tell from what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Condition {
    /// Health below this.
    HpBelow(Percent),
    /// Health at or above this.
    HpAbove(Percent),
    /// A living player or NPC within this distance.
    EnemyWithin(Centimetres),
    /// A living player within this distance.
    PlayerWithin(Centimetres),
    /// An item or container within this distance.
    LootWithin(Centimetres),
    /// At least so many items carried.
    CarriesAtLeast(Whole<0, 64>),
    /// An exit is open now.
    ExitOpen,
    /// There is an exit it can still get out by, open or not.
    ExitReachable,
    /// To leave later than in this time would be too late for every exit.
    ExitSlackBelowMs(Milliseconds),
    /// Less than this is left of the phase.
    TimeLeftBelowMs(Milliseconds),
    /// Stands in a hazard, or outside a storm's circle.
    InHazard,
    /// Hurt within the last second.
    RecentlyHurt,
    /// On its way out of an exit already.
    Extracting,
    /// A downed team-mate in sight within this distance.
    MateDownWithin(Centimetres),
}

const fn no_mana() -> Whole<0, 1_000_000> {
    Whole(0)
}

fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let entries = Vec::deserialize(deserializer)?;
    if entries.len() > ENTRIES_MAX {
        return Err(D::Error::invalid_length(entries.len(), &format!("at most {ENTRIES_MAX}").as_str()));
    }
    Ok(entries)
}

fn drives<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Drive>, D::Error> {
    let drives: Vec<Drive> = few(deserializer)?;
    if drives.is_empty() {
        return Err(D::Error::invalid_length(0, &"one drive at least: a bot without any wants nothing"));
    }
    Ok(drives)
}

/// A mistake in a behaviour, shown as `file:line:column: what`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct BehaviourError {
    /// Path of the file, as it was given.
    pub file: String,
    /// Line of the mistake, from 1.
    pub line: usize,
    /// Column of the mistake in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

const SHIPPED: [(&str, &str); 3] = [
    ("assets/bots/contender.ron", include_str!("../../../../assets/bots/contender.ron")),
    ("assets/bots/hunter.ron", include_str!("../../../../assets/bots/hunter.ron")),
    ("assets/bots/pacifist.ron", include_str!("../../../../assets/bots/pacifist.ron")),
];

impl Behaviour {
    /// Reads a behaviour; `file` is what errors call it.
    ///
    /// # Errors
    /// [`BehaviourError`] for the first mistake.
    pub fn parse(file: &str, text: &str) -> Result<Self, BehaviourError> {
        let error = |line, column, what| BehaviourError { file: file.to_owned(), line, column, what };
        if text.len() > BEHAVIOUR_BYTES_MAX {
            return Err(error(1, 1, format!("{} bytes are more than {BEHAVIOUR_BYTES_MAX}", text.len())));
        }
        ron::from_str(text).map_err(|spanned: ron::error::SpannedError| {
            error(spanned.span.start.line, spanned.span.start.col, spanned.code.to_string())
        })
    }

    /// Names of the behaviours that ship with the crate.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(file, _)| file.trim_start_matches("assets/bots/").trim_end_matches(".ron"))
    }

    /// A behaviour that ships with the crate, by name; `None` where there is none of that name.
    ///
    /// # Errors
    /// [`BehaviourError`], which a test of this crate rules out.
    pub fn shipped(name: &str) -> Option<Result<Self, BehaviourError>> {
        let place = Self::shipped_names().position(|shipped| shipped == name)?;
        SHIPPED.get(place).map(|(file, text)| Self::parse(file, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error after a change, and the line the change stands in.
    fn error(from: &str, to: &str) -> (BehaviourError, usize) {
        let (file, text) = SHIPPED[0];
        let place = text.find(from).expect("what is changed stands in the behaviour");
        let line = text[..place].lines().count();
        let error = Behaviour::parse(file, &text.replacen(from, to, 1)).expect_err("the change is a mistake");
        (error, line)
    }

    #[test]
    fn every_shipped_behaviour_reads_and_has_its_files_name() {
        for name in Behaviour::shipped_names() {
            let behaviour = Behaviour::shipped(name).expect("it ships").expect("it reads");
            assert_eq!(behaviour.name, name, "the name in the file is the file's");
        }
        assert!(Behaviour::shipped("dragon").is_none(), "no dragon ships");
    }

    #[test]
    fn a_number_out_of_range_is_shown_with_its_place_and_range() {
        let (error, line) = error("heal_below_hp: 70", "heal_below_hp: 170");
        assert_eq!((error.line, error.column), (line, 20), "the place of the number: {error}");
        assert!(error.what.contains("170") && error.what.contains("0 to 100"), "found and expected: {error}");
        let place = format!("assets/bots/contender.ron:{line}:20: ");
        assert!(error.to_string().starts_with(&place), "an editor can jump there: {error}");
    }

    #[test]
    fn an_unknown_field_a_word_too_many_and_a_broken_bracket_have_places() {
        for (from, to) in [
            ("aim_error", "aim_eror"),
            ("activity: Explore", "activity: Exploer"),
            ("CarriesAtLeast(5)", "CarriesAtLeast(-5)"),
            ("weapons: [", "weapons: ("),
        ] {
            let (error, line) = error(from, to);
            assert_eq!(error.line, line, "`{to}` is shown where it stands: {error}");
            assert!(error.column > 1, "with its column: {error}");
        }
    }

    #[test]
    fn a_bot_that_wants_nothing_is_refused() {
        let (file, text) = SHIPPED[2];
        let cut = format!("{}drives: [])", &text[..text.find("drives:").expect("it has drives")]);
        let error = Behaviour::parse(file, &cut).expect_err("no drives");
        assert!(error.what.contains("one drive at least"), "it says what is expected: {error}");
    }
}
