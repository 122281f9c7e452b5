//! What server messages are made of.

use serde::{Deserialize, Serialize};

use crate::grant::ItemState;
use crate::ids::{ItemId, NetId};
use crate::readable;

/// A mode that can be queued for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeInfo {
    /// Its key in the content, by which it is queued for.
    pub name: String,
    /// Participants a match has at most.
    pub players: u16,
    /// How long a match takes at most, deployment included.
    pub duration_s: u16,
}

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchPhase {
    /// Everyone stands at their start; nobody can be hurt.
    Deploy,
    /// The match proper.
    Live,
    /// It is over.
    Over,
}

/// How a match ended for one participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Got out with everything carried.
    Extracted,
    /// Was killed or gave up: everything unsecured is lost.
    Died,
    /// Was still inside at the end: the same loss.
    TimedOut,
}

/// An obstacle: an upright box that stops bodies, shots and sight. Subunits, corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Left edge, in subunits from the map's left edge.
    pub x_min: i32,
    /// Lower edge, in subunits from the map's lower edge.
    pub y_min: i32,
    /// Right edge, beyond `x_min`.
    pub x_max: i32,
    /// Upper edge, beyond `y_min`.
    pub y_max: i32,
}

/// A point of interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoiInfo {
    /// What it is: `camp`, `ruin`, …
    pub kind: String,
    /// Centre, in subunits from the map's left edge.
    pub x: i32,
    /// Centre, in subunits from the map's lower edge.
    pub y: i32,
    /// Radius in subunits.
    pub radius: i32,
}

/// An extraction zone and its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitInfo {
    /// Centre, in subunits from the map's left edge.
    pub x: i32,
    /// Centre, in subunits from the map's lower edge.
    pub y: i32,
    /// Radius in subunits.
    pub radius: i32,
    /// First tick it is open.
    pub opens_tick: u32,
    /// First tick it is closed again.
    pub closes_tick: u32,
    /// How long one must stand inside, unhurt.
    pub channel_ticks: u32,
}

/// A participant of a match by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterEntry {
    /// Its avatar, also once that is gone.
    pub avatar: NetId,
    /// The name as shown.
    pub name: String,
}

/// How one participant of a running match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Its avatar, also once that is gone.
    pub avatar: NetId,
    /// Players and NPCs killed.
    pub kills: u32,
    /// How it ended; none while it is inside.
    pub outcome: Option<Outcome>,
}

/// How a match ended for one participant, as everyone in it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Its avatar, also once that is gone.
    pub avatar: NetId,
    /// The name as shown.
    pub name: String,
    /// Place among all, 1 is best; equal places are a draw.
    pub placement: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
}

/// An item kept at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StashItem {
    /// Its name for ever, by which it is chosen for a match.
    pub item: ItemId,
    /// Key of its template.
    pub template: String,
    /// What it has besides its kind.
    pub state: ItemState,
}

/// An item carried in a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedItem {
    /// Its name in this match, for acts.
    pub id: NetId,
    /// Its name for ever.
    pub item: ItemId,
    /// Key of its template.
    pub template: String,
    /// Whether it is worn.
    pub equipped: bool,
    /// What it has besides its kind; its wear as it was when the inventory changed last.
    pub state: ItemState,
    /// Which version of it this is: an act on it can name it as seen. Rises with each change of it but the blows it stands.
    pub version: u32,
}

/// What a match meant for one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledReport {
    /// How it ended.
    pub outcome: Outcome,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
    /// Experience gained, as the account got it.
    pub xp_gained: u32,
    /// Level after it.
    pub level: u32,
    /// Items that are in the stash now and were not before, or came back.
    pub items_secured: u32,
    /// By how much the wallet grew: less than was earned where it is full.
    #[serde(deserialize_with = "readable::wide_signed")]
    pub currency_gained: i64,
    /// Rating after it.
    pub rating: i32,
}
