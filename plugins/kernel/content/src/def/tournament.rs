//! Tournaments of creatures: `assets/tournaments/*.ron`.

use serde::{Deserialize, Serialize};

use super::{BattleDef, LadderDef, OpponentDef, Schedule};
use crate::Link;

/// A kind of tournament, from the entries to the champion.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TournamentDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// How battles are fought.
    pub battle: Link<BattleDef>,
    /// Who meets whom.
    pub format: TournamentFormat,
    /// Battles of two who meet, of which more than half win: 1, 3, 5, 7 or 9.
    #[serde(default = "one")]
    pub best_of: u32,
    /// Fewest creatures, machines included, 2–64.
    pub entrants_min: u32,
    /// Most creatures, machines included, `entrants_min`–64.
    pub entrants_max: u32,
    /// Whether numbers are allowed at which some have nobody to meet in a round; else an elimination wants a power of two.
    #[serde(default)]
    pub allows_byes: bool,
    /// Machines that may be asked to fill it; none: only people's creatures take part. At most 9.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<Link<OpponentDef>>,
    /// Most creatures of one person, 1–64.
    #[serde(default = "one")]
    pub per_person_max: u32,
    /// Points that a creature is given for whoever it has beaten, for its stats, 0–100.
    #[serde(default)]
    pub points_between: u32,
    /// Seconds to do so, 1–86,400; after them the round begins, and what is not given is kept. Where it is left out there is no limit.
    #[serde(default)]
    pub points_s: Option<u32>,
    /// Whether people say that they are ready before each round, and how long they are waited for.
    #[serde(default)]
    pub ready: Option<ReadyDef>,
    /// How long people may think; without it they may for ever.
    #[serde(default)]
    pub clock: Option<ClockDef>,
    /// Who is the best seed of a game that people enter one by one.
    #[serde(default, skip_serializing_if = "SeedingDef::is_default")]
    pub seeding: SeedingDef,
    /// Currency that it costs to enter one, 0–1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub entry_fee: u32,
    /// Currency that the house adds to the fees of one that is opened by `schedule`, 0–1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub purse: u32,
    /// Percent of fees and purse for each rank, the first first, each 1–100 and together at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prizes_percent: Vec<u32>,
    /// Fewest people who must have entered one at its time, 1–64; else it is called off.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub people_min: u32,
    /// When one starts that the house opens by itself; never, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Seconds before that in which people may enter it, 60–604,800.
    #[serde(default = "an_hour", skip_serializing_if = "is_an_hour")]
    pub registration_s: u32,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_one(number: &u32) -> bool {
    *number == 1
}

const fn an_hour() -> u32 {
    3_600
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_an_hour(seconds: &u32) -> bool {
    *seconds == an_hour()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Who is the best seed of a game that people enter one by one.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub enum SeedingDef {
    /// Whoever entered first.
    #[default]
    EntryOrder,
    /// Chance, drawn when the game starts.
    Drawn,
    /// Whoever is rated highest on this ladder when the game starts; of equals the one who entered first.
    Rating(Link<LadderDef>),
}

impl SeedingDef {
    const fn is_default(&self) -> bool {
        matches!(self, Self::EntryOrder)
    }
}

/// Who meets whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum TournamentFormat {
    /// Whoever loses is out.
    SingleElimination {
        /// Whether those who lost in the semi-finals meet.
        #[serde(default)]
        third_place: bool,
    },
    /// Whoever loses twice is out.
    DoubleElimination {
        /// Whether the final is fought again where it is its winner's first loss that is missing.
        #[serde(default)]
        grand_final_reset: bool,
    },
    /// Everyone plays so many rounds, against others who stand alike.
    Swiss {
        /// How many, 1–16.
        rounds: u32,
    },
    /// Everyone meets everyone.
    RoundRobin {
        /// How often, 1 or 2.
        legs: u32,
    },
}

/// A check before a round.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyDef {
    /// Seconds to say so, 1–3,600.
    pub within_s: u32,
    /// What becomes of who does not: it loses, or plays all the same.
    pub absent: Lapse,
}

/// How long people may think.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClockDef {
    /// Seconds for each move, 1–3,600.
    pub turn_s: u32,
    /// Seconds besides for all moves of a battle, 0–86,400: used up once those of a move are over.
    #[serde(default)]
    pub bank_s: u32,
    /// What becomes of who has no time left.
    pub lapse: Lapse,
}

/// What becomes of who does not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Lapse {
    /// A machine does it in its place: the first of `fill`, or attacks where there is none.
    Autoplay,
    /// It loses the battle.
    Forfeit,
}
