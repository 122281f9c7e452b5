//! What is written down of one match, by keys: matches on other content can be laid beside it.

use std::collections::BTreeMap;

use hypogeum_protocol::Outcome;

/// One match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MatchRecord {
    pub(super) ticks: u32,
    pub(super) tick_hz: u32,
    /// The state after the last tick.
    pub(super) state_hash: u64,
    pub(super) seats: Vec<SeatRecord>,
    /// When a participant first struck or was struck by somebody.
    pub(super) first_fight_tick: Option<u32>,
    pub(super) deeds: BTreeMap<DeedKey, Amounts>,
    /// Participants who died, by what and where.
    pub(super) deaths: BTreeMap<(String, String), u64>,
    pub(super) loot: BTreeMap<String, Flow>,
    /// NPCs that came, by kind.
    pub(super) came: BTreeMap<String, u64>,
}

/// Who did something, with what, to whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DeedKey {
    /// `players`, the key of an NPC, or `the place`.
    pub(super) by: String,
    /// Key of an ability, effect or hazard.
    pub(super) with: String,
    /// `players` or the key of an NPC.
    pub(super) to: String,
}

/// Of participants together, where a key of an NPC could stand.
pub(super) const PLAYERS: &str = "players";
/// Where nobody did it.
pub(super) const PLACE: &str = "the place";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    pub(super) damage: u64,
    pub(super) kills: u64,
}

/// One participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SeatRecord {
    pub(super) outcome: Outcome,
    pub(super) kills: u32,
    pub(super) damage: u32,
    pub(super) currency: i64,
    /// What it had in its hand last: a key, or nothing.
    pub(super) weapon: Option<String>,
    /// What it got out with, in pieces and in currency.
    pub(super) pieces: u64,
    pub(super) worth: u64,
    /// By which exit it got out.
    pub(super) exit: Option<u8>,
}

/// What went through a table of loot: pieces, and their worth in currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) found: u64,
    pub(super) found_worth: u64,
    pub(super) out: u64,
    pub(super) out_worth: u64,
}
