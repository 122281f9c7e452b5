//! Modes: `assets/modes/*.ron`. A mode is a whole game: map, people, dangers, exits, rewards.

use serde::{Deserialize, Serialize};

use super::item::is_false;
use super::{AbilityDef, BehaviourDef, GroundDef, HazardDef, ItemDef, MapDef, NpcDef, Stats, TeamsDef, WavesDef};
use crate::Link;

/// A way to play.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ModeDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// The map it is played on, laid out from the seed of each match.
    pub map: Link<MapDef>,
    /// Fewest participants, humans and filled seats, 1–10,000.
    pub players_min: u32,
    /// Most participants, from `players_min` to 10,000; 50 m² of map for each.
    pub players_max: u32,
    /// What sits in a seat nobody took.
    pub fill: FillRule,
    /// What plays for someone whose connection is gone.
    pub absent: FillRule,
    /// How a seat without a player decides.
    pub autopilot: Link<BehaviourDef>,
    /// Longest wait for `players_min` before seats are filled, 0–600,000.
    pub queue_wait_ms: u32,
    /// How far apart ratings may be.
    pub rating_window: RatingWindow,
    /// How long a ticket waits before one should clause of its query is let go, the last one first, and then again, 100–600,000; without it,
    /// all hold for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relax_queries_ms: Option<u32>,
    /// How parties queue; without it as many as a match takes, by the mean of their ratings, however far apart those are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyRule>,
    /// Time to choose a loadout, 0–300,000.
    pub loadout_ms: u32,
    /// Time everyone stands safe at the start, 0–60,000.
    pub deploy_ms: u32,
    /// Time from then to the end, 10,000–3,600,000.
    pub duration_ms: u32,
    /// Steps a second of its matches, 10–60; without it as many as the server usually has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick_hz: Option<u32>,
    /// Who plays together; without it everyone plays for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<TeamsDef>,
    /// What everyone may know of how the others do.
    #[serde(default)]
    pub scoreboard: ScoreboardRule,
    /// Whom those may watch who are dead or out.
    #[serde(default)]
    pub watch: WatchRule,
    /// What a participant is.
    pub avatar: AvatarDef,
    /// Who lives there besides the guards of points of interest.
    #[serde(default)]
    pub spawners: Vec<SpawnerDef>,
    /// What endangers everyone.
    #[serde(default)]
    pub hazards: Vec<HazardUse>,
    /// Whether hazards hurt NPCs, too; without it they know the place and take no harm.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hazards_hurt_npcs: bool,
    /// How one gets out.
    pub exits: ExitsDef,
    /// Where an NPC's loot goes.
    pub npc_drops: DropRule,
    /// What becomes of what lies on the ground; without it, it lies there to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<GroundDef>,
    /// What it is worth.
    pub rewards: RewardsDef,
}

/// What a seat without a player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum FillRule {
    /// Stays empty; a participant who is gone stands still.
    Nobody,
    /// A brain plays.
    Autopilot,
}

/// How the accepted rating distance grows while a ticket waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RatingWindow {
    /// At first, from 0 to `max`.
    pub start: u32,
    /// More each second, 0–10,000.
    pub per_s: u32,
    /// At most, 0–10,000.
    pub max: u32,
}

/// How a party queues: it stays together, and is matched as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PartyRule {
    /// Most members, from 1 (nobody brings a party) to the mode's `players_max`, of a mode of teams to their `size`.
    pub members_max: u32,
    /// How far the ratings of its best and its worst member may be apart, 0–20,000.
    pub rating_spread_max: u32,
    /// The rating that it is matched by.
    pub rated_by: PartyRating,
}

/// What the rating of a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum PartyRating {
    /// The mean of its members', rounded down.
    Mean,
    /// That of its best member: nobody is carried by a weak friend.
    Highest,
}

/// A participant's body.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AvatarDef {
    /// Base stats at level 1; a speed above 0.
    pub stats: Stats,
    /// Half its width, 10–200.
    pub radius_cm: u32,
    /// Ability slots 2 and on; slot 1 is the weapon's; at most 7.
    #[serde(default)]
    pub abilities: Vec<Link<AbilityDef>>,
    /// Slot 1 with no weapon worn.
    pub unarmed: Link<AbilityDef>,
    /// Items it can carry, worn ones included, 1–64.
    pub inventory_slots: u32,
    /// Most that all of it may weigh, worn items and what is in bags included, 1–100,000,000 grams; without it, only slots count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_max_g: Option<u32>,
    /// How far it sees, 500–20,000.
    pub sight_cm: u32,
    /// How what it sees is chosen.
    #[serde(default)]
    pub interest: InterestRule,
    /// Hit points regained each second while unhurt for five, 0–1,000.
    #[serde(default)]
    pub regeneration_per_s: u32,
}

/// What participants may know of how the others do while the match runs. At its end there is a table for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum ScoreboardRule {
    /// Nothing: who lives and who killed whom is for each to find out.
    #[default]
    Hidden,
    /// Kills, and who is dead or out, once a second.
    Live,
}

/// Whom those may watch who are dead or out, while the match goes on. They see what that one sees, and no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum WatchRule {
    /// Nobody: for who is dead or out the match is over.
    Nobody,
    /// Those of their party: what one of them sees all of them may tell each other anyway.
    #[default]
    Party,
    /// Everyone, autopilots too, of 256 at most: for modes in which it does not matter that the dead tell the living where others are.
    Everyone,
}

/// How what a participant is shown is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum InterestRule {
    /// Each body is tested against sight and line of sight: exact, for tens to hundreds of participants.
    #[default]
    Exact,
    /// Whole 32 m cells of the map that the square of sight touches, where nothing obstructs, and only those near learn
    /// who got out: for thousands.
    Cells,
}

/// NPCs that appear during a match.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SpawnerDef {
    /// The kind of NPC that appears.
    pub npc: Link<NpcDef>,
    /// How many live at once at most, 1–500; with all guards of the map at most 1,000.
    pub count: u32,
    /// Only at points of interest of this kind; without it anywhere.
    #[serde(default)]
    pub at: Option<String>,
    /// When the first ones appear, before the end.
    #[serde(default)]
    pub first_ms: u32,
    /// Time from a death to the next one's appearance; 500–3,600,000; 0: never again.
    #[serde(default)]
    pub respawn_ms: u32,
    /// Lets them come in waves: `count` is then the size of the first, and `respawn_ms` the time from the end of the last wave to
    /// the first again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<WavesDef>,
}

impl SpawnerDef {
    /// How many NPCs it has alive at once, at most.
    #[must_use]
    pub fn living_max(&self) -> u64 {
        self.waves.map_or(u64::from(self.count), |waves| waves.living_max(self.count))
    }
}

/// A hazard in this mode.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HazardUse {
    /// What it is: its shape, its times and what it does.
    pub hazard: Link<HazardDef>,
    /// When it is first shown, from the beginning of the live phase; it hurts before the end.
    pub at_ms: u32,
    /// Where; a storm about the middle.
    pub place: HazardPlace,
    /// How many, 1–32; one storm, no more than there are places.
    pub count: u32,
}

/// Where a hazard lies.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum HazardPlace {
    /// Somewhere about the middle of the map.
    Middle,
    /// Anywhere on the map, drawn for each; not for a storm.
    Anywhere,
    /// At points of interest of this kind.
    At(String),
}

/// The exits of a mode.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExitsDef {
    /// How many, 1–32.
    pub count: u32,
    /// Radius, from 100 to 5,000 and an eighth of the map's side.
    pub radius_cm: u32,
    /// How long one stands inside, unhurt, 100–60,000.
    pub channel_ms: u32,
    /// When they open and close, from the beginning of the live phase; exit n takes entry n, and so round again. 1 to `count`
    /// entries, each long enough to channel and closed by the end.
    pub open_ms: Vec<(u32, u32)>,
}

/// Where an NPC's loot goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum DropRule {
    /// To the ground.
    Ground,
    /// Into the killer's inventory; what does not fit, to the ground.
    Killer,
}

/// What deeds are worth.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RewardsDef {
    /// Experience for a participant killed, 0–100,000.
    pub xp_per_player: u32,
    /// Experience for getting out, 0–1,000,000.
    pub xp_extracted: u32,
    /// Currency for getting out, 0–1,000,000.
    pub currency_extracted: u32,
    /// Share of experience kept without getting out, 0–100.
    pub xp_kept_on_death_percent: u32,
    /// What a new account's stash holds: at most 16, and no more than the inventory.
    #[serde(default)]
    pub starter_items: Vec<Link<ItemDef>>,
    /// Currency a new account's wallet holds, 0–1,000,000; of several modes the most.
    #[serde(default)]
    pub starter_currency: u32,
}
