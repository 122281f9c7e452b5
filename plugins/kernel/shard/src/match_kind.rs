//! Kinds of shard that are played as matches: what a queue, a lobby and a settlement ask of them.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{FillRule, PartyRule, RatingWindow, WatchRule};
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{Block, ExitInfo, Grant, MatchPhase, PoiInfo, ScoreRow, Seat};

use crate::{MatchLineup, SetupError, ShardKind, TeamShape};

/// A kind that players queue for: it has seats from its beginning, an end, and something to be won.
///
/// A host learns of it by [`ShardKindsApp::add_match_kind`](crate::ShardKindsApp::add_match_kind). Whatever has a default
/// here a small game can do without.
pub trait MatchKind: ShardKind<Setup = MatchLineup> {
    /// The modes of this kind, as a content has them.
    ///
    /// # Errors
    /// [`SetupError`]: a definition that this kind cannot use. The server does not start then.
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError>;

    /// Whether the match is over: every seat has its grant, and no further step is taken.
    fn is_over(world: &World) -> bool;

    /// What the match is worth for a seat, and how it went there; `None` while the seat is inside.
    fn grant(world: &World, seat: Seat) -> Option<Grant>;

    /// How many seats are done while others play. A host looks at each of them once this has changed.
    fn done_count(_world: &World) -> u32 {
        0
    }

    /// The step in which a seat was done; `None` while it is inside. It is settled from then on, and free to play another
    /// match. Without this every seat is settled at the end.
    fn done_tick(_world: &World, _seat: Seat) -> Option<u32> {
        None
    }

    /// How every seat stands, in their order; `None` where players are not to know before the end.
    fn scores(_world: &World) -> Option<Vec<ScoreRow>> {
        None
    }

    /// Whom those may watch who are done, while others play. They see what that one sees, so a kind without a map shows them nothing.
    fn watch(_world: &World) -> WatchRule {
        WatchRule::Nobody
    }

    /// The ground, as clients are told at the beginning. Without a map it is empty.
    fn map(_world: &World) -> MapBrief {
        MapBrief::default()
    }

    /// How it stands, for those who watch the server.
    fn status(_world: &mut World) -> MatchOverview {
        MatchOverview::default()
    }
}

/// A mode as a host forms its matches.
#[derive(Clone, Debug)]
pub struct ModeRule {
    /// Its key: what clients queue for.
    pub key: String,
    /// Fewest participants, filled seats included, 1 and up.
    pub players_min: u32,
    /// Most participants, from `players_min` on.
    pub players_max: u32,
    /// What sits in a seat nobody took.
    pub fill: FillRule,
    /// Longest wait for `players_min` before seats are filled.
    pub queue_wait_ms: u32,
    /// How far apart ratings may be.
    pub rating_window: RatingWindow,
    /// After each so many milliseconds of waiting one fewer of the should clauses of a ticket's query holds; `None`: all hold for good.
    pub relax_queries_ms: Option<u32>,
    /// How parties queue; `None`: as many as a match takes, by the mean of their ratings.
    pub party: Option<PartyRule>,
    /// Who plays together; `None`: each for itself. Parties are put together so that none has to be split.
    pub teams: Option<TeamShape>,
    /// Time to choose what to bring; 0: nothing is brought.
    pub loadout_ms: u32,
    /// Items that one may bring.
    pub loadout_items_max: u32,
    /// What a new account owns, so that it may play: keys of items.
    pub starter_items: Vec<String>,
    /// And the currency it has.
    pub starter_currency: i64,
    /// Steps a second of its matches, within [`ShardKind::TICK_HZ`]; `None`: as many as is usual on the server.
    pub tick_hz: Option<u32>,
    /// The longest it takes, in seconds; clients are told.
    pub duration_s: u32,
    /// What its matches run on.
    pub pack: ContentPack,
    /// What its matches are told besides, in the words of their kind; it stands in their setups, and so in their logs. At most
    /// some kilobytes; empty where the content says it all.
    pub definition: String,
}

impl ModeRule {
    /// A mode for one player at once, to whom nothing is given and who brings nothing: the base of others.
    #[must_use]
    pub fn new(key: &str, pack: ContentPack) -> Self {
        Self {
            key: key.to_owned(),
            players_min: 1,
            players_max: 1,
            fill: FillRule::Nobody,
            queue_wait_ms: 0,
            rating_window: RatingWindow { start: 0, per_s: 0, max: 0 },
            relax_queries_ms: None,
            party: None,
            teams: None,
            loadout_ms: 0,
            loadout_items_max: 0,
            starter_items: Vec::new(),
            starter_currency: 0,
            tick_hz: None,
            duration_s: 0,
            pack,
            definition: String::new(),
        }
    }
}

/// The ground, as clients are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapBrief {
    /// Half the width of a participant's body in subunits.
    pub radius: i32,
    /// Side of the square map in subunits; 0: there is none.
    pub side: i32,
    /// What stands in the way.
    pub obstacles: Vec<Block>,
    /// Where something is to be found.
    pub pois: Vec<PoiInfo>,
    /// Where one gets out, with ticks of this match.
    pub exits: Vec<ExitInfo>,
}

/// How a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchOverview {
    /// The phase it is in.
    pub phase: MatchPhase,
    /// The tick this phase ends; 0: it has no time.
    pub ends_tick: u32,
    /// Participants inside: neither dead nor out.
    pub players_alive: u32,
    /// Participants that got out.
    pub players_extracted: u32,
    /// NPCs alive now.
    pub npcs_alive: u32,
    /// NPCs that live there when nobody disturbs them.
    pub npcs_total: u32,
    /// Of the map and of who stands there before anyone comes; the same for the same seed, mode and content. 0: no map.
    pub layout_hash: u64,
}

impl Default for MatchOverview {
    fn default() -> Self {
        Self {
            phase: MatchPhase::Live,
            ends_tick: 0,
            players_alive: 0,
            players_extracted: 0,
            npcs_alive: 0,
            npcs_total: 0,
            layout_hash: 0,
        }
    }
}
