//! What client and server say to each other. `PROTOCOL.md` beside this crate shows every byte.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{AccountId, ItemId, MatchId, NetId, SessionId};
use crate::snapshot::Snapshot;
use crate::{codec, limits};

/// From a client. `Inputs` goes over the unreliable channel, everything else over the reliable ordered one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientMessage {
    /// The first message.
    Hello {
        /// The protocol the client speaks.
        protocol_version: u16,
        /// What the client calls itself, for logs; at most 64 bytes.
        client: String,
    },
    /// Wants to play.
    JoinQueue {
        /// A mode of [`ServerMessage::Welcome`].
        mode: String,
    },
    /// Wants to play no longer.
    LeaveQueue,
    /// Takes these items of the stash into the match; until the loadout closes, the last choice counts.
    ChooseLoadout {
        /// At most [`limits::LOADOUT_ITEMS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<ItemId>,
    },
    /// Does something once.
    Act {
        /// Counts up by any step; an old or repeated one is refused.
        seq: u32,
        /// What.
        act: Act,
    },
    /// Steers the avatar: the newest inputs, oldest first.
    Inputs {
        /// At most [`limits::INPUTS_PER_BATCH_MAX`], sequence rising.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        batch: Vec<Input>,
    },
    /// Gives the match up; the avatar dies.
    LeaveMatch,
    /// Asks for a [`ServerMessage::Pong`].
    Ping {
        /// Comes back as it is.
        nonce: u64,
    },
}

/// A single deed. Entities are named by [`NetId`], as snapshots and inventories show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Picks an item up from the ground.
    PickUp {
        /// The item.
        item: NetId,
    },
    /// Takes what fits out of a container.
    Loot {
        /// The container.
        container: NetId,
    },
    /// Puts a carried item on, replacing what its slot holds.
    Equip {
        /// The item.
        item: NetId,
    },
    /// Takes a worn item off.
    Unequip {
        /// The item.
        item: NetId,
    },
    /// Lets a carried item fall.
    Drop {
        /// The item.
        item: NetId,
    },
    /// Consumes a carried item.
    Use {
        /// The item.
        item: NetId,
    },
}

/// How a client steers for one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Rises with every input; an applied one is never applied again.
    pub seq: u32,
    /// Direction to walk, in 1/65536 turns, 0 along +x, a quarter turn along +y.
    pub walk: u16,
    /// Share of the full speed, 0–100 %.
    pub pace: u8,
    /// Direction to look and aim, as `walk`.
    pub aim: u16,
    /// Ability slot to use, 1–8; 0 uses none.
    pub ability: u8,
}

impl Input {
    /// Full pace in percent.
    pub const PACE_MAX: u8 = 100;
    /// Highest ability slot.
    pub const ABILITY_MAX: u8 = 8;

    /// Whether every field is within its range.
    #[must_use]
    pub const fn in_range(&self) -> bool {
        self.pace <= Self::PACE_MAX && self.ability <= Self::ABILITY_MAX
    }
}

impl ClientMessage {
    /// Checks every range that a type cannot.
    ///
    /// # Errors
    /// [`ErrorCode::OutOfRange`] for a count, percent, slot or length beyond its bound.
    pub fn validate(&self) -> Result<(), ErrorCode> {
        let good = match self {
            Self::Hello { client, .. } => client.len() <= 64,
            Self::JoinQueue { mode } => mode.len() <= 32,
            Self::ChooseLoadout { items } => items.len() <= limits::LOADOUT_ITEMS_MAX,
            Self::Inputs { batch } => {
                (1..=limits::INPUTS_PER_BATCH_MAX).contains(&batch.len())
                    && batch.iter().all(Input::in_range)
                    && batch.is_sorted_by(|earlier, later| earlier.seq < later.seq)
            }
            Self::LeaveQueue | Self::Act { .. } | Self::LeaveMatch | Self::Ping { .. } => true,
        };
        if good { Ok(()) } else { Err(ErrorCode::OutOfRange) }
    }
}

/// From the server. `Snapshot` comes over the unreliable channel, everything else over the reliable ordered one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMessage {
    /// Answers the hello.
    Welcome {
        /// This session.
        session: SessionId,
        /// The account it belongs to.
        account: AccountId,
        /// The account's name.
        name: String,
        /// The protocol both speak from here on.
        protocol_version: u16,
        /// Steps a second of every match.
        tick_hz: u16,
        /// BLAKE3 of the server's content: another one means other templates.
        content_hash: [u8; 32],
        /// What can be queued for.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        modes: Vec<ModeInfo>,
        /// The match this account is in already, if any.
        current_match: Option<MatchId>,
    },
    /// Something asked for was not done.
    Error {
        /// Why.
        code: ErrorCode,
        /// Tag of the client message it answers, 255 where none could be read.
        about: u8,
        /// When trying again may help; 0: never.
        retry_after_ms: u32,
    },
    /// How the queue stands; sent when joined and at least every second.
    Queued {
        /// For which mode.
        mode: String,
        /// How many wait in reach of this ticket, itself included.
        waiting: u16,
        /// How many the match wants.
        wanted: u16,
        /// Rating distance accepted now.
        window: u32,
    },
    /// No longer queued.
    Unqueued,
    /// A match was found: choose what to bring.
    LoadoutOpen {
        /// The match.
        match_id: MatchId,
        /// Its mode.
        mode: String,
        /// Time left to choose.
        closes_in_ms: u32,
        /// What there is to choose from.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        stash: Vec<StashItem>,
    },
    /// The choice stands until another replaces it.
    LoadoutChosen {
        /// As chosen.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<ItemId>,
    },
    /// The match begins.
    MatchStarted {
        /// The match.
        match_id: MatchId,
        /// Its mode.
        mode: String,
        /// Its seed.
        seed: u64,
        /// The entity this client steers.
        avatar: NetId,
        /// Side of the square map in subunits (1/256 m); the origin is its lower left corner.
        side: i32,
        /// What stands in the way.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        obstacles: Vec<Block>,
        /// Where something is to be found.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        pois: Vec<PoiInfo>,
        /// Where one gets out.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        exits: Vec<ExitInfo>,
    },
    /// The match has reached a phase.
    Phase {
        /// Which.
        phase: MatchPhase,
        /// The tick it began.
        tick: u32,
        /// The tick it ends.
        ends_tick: u32,
    },
    /// What the avatar carries; sent whole when it changes.
    Inventory {
        /// Rises with every change.
        version: u32,
        /// At most [`limits::INVENTORY_ITEMS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<CarriedItem>,
    },
    /// What happened that this client perceives.
    Events {
        /// When.
        tick: u32,
        /// In order, at most [`limits::EVENTS_PER_MESSAGE_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        events: Vec<GameEvent>,
    },
    /// The match is over for this client, and what it got is kept for good.
    Settled {
        /// The match.
        match_id: MatchId,
        /// How it went.
        report: SettledReport,
    },
    /// Answers a ping.
    Pong {
        /// As sent.
        nonce: u64,
    },
    /// What the client sees now.
    Snapshot(Snapshot),
    /// The server ends; matches are saved or undone, escrow returns to the stash.
    Goodbye,
}

/// A mode that can be queued for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeInfo {
    /// Its key.
    pub name: String,
    /// Participants a match has at most.
    pub players: u16,
    /// How long a match takes at most, deployment included.
    pub duration_s: u16,
}

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Left edge.
    pub x_min: i32,
    /// Lower edge.
    pub y_min: i32,
    /// Right edge.
    pub x_max: i32,
    /// Upper edge.
    pub y_max: i32,
}

/// A point of interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoiInfo {
    /// What it is: `camp`, `ruin`, …
    pub kind: String,
    /// Centre.
    pub x: i32,
    /// Centre.
    pub y: i32,
    /// Radius in subunits.
    pub radius: i32,
}

/// An extraction zone and its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitInfo {
    /// Centre.
    pub x: i32,
    /// Centre.
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

/// An item kept at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StashItem {
    /// Its name.
    pub item: ItemId,
    /// Key of its template.
    pub template: String,
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
}

/// Something a client perceives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GameEvent {
    /// `target` lost `amount` hp to `source` (nobody: a hazard).
    Damaged {
        /// Who did it.
        source: NetId,
        /// Who was hit.
        target: NetId,
        /// Hit points lost.
        amount: u32,
        /// A critical hit.
        critical: bool,
    },
    /// `target` evaded `source`.
    Dodged {
        /// Who attacked.
        source: NetId,
        /// Who evaded.
        target: NetId,
    },
    /// `who` died.
    Died {
        /// Who.
        who: NetId,
        /// By whom; nobody: a hazard or giving up.
        by: NetId,
    },
    /// An effect begins on `who`.
    EffectBegan {
        /// Who.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// An effect ends on `who`.
    EffectEnded {
        /// Who.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// `who` stands in an open exit and will be out in `ticks`.
    ExtractionBegan {
        /// Who.
        who: NetId,
        /// How long it takes.
        ticks: u32,
    },
    /// `who` was hurt or left the exit.
    ExtractionBroken {
        /// Who.
        who: NetId,
    },
    /// `who` is out.
    Extracted {
        /// Who.
        who: NetId,
    },
    /// An exit opens or closes.
    ExitChanged {
        /// Its place in [`ServerMessage::MatchStarted`].
        exit: u8,
        /// Open now.
        open: bool,
    },
    /// An act of this client was refused by the world.
    Refused {
        /// Its sequence.
        seq: u32,
        /// Why.
        code: ErrorCode,
    },
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
    /// Experience gained.
    pub xp_gained: u32,
    /// Level after it.
    pub level: u32,
    /// Items that are in the stash now and were not before, or came back.
    pub items_secured: u32,
    /// Currency gained.
    pub currency_gained: i64,
    /// Rating after it.
    pub rating: i32,
}
