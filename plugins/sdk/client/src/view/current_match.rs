//! The match a client is in, from its announcement to its settlement.

use std::collections::BTreeMap;

use hypogeum_protocol::{
    Block, CarriedItem, ExitInfo, MatchId, MatchPhase, NetId, PoiInfo, RosterEntry, SettledReport,
};

use super::{Change, GroundView, View};
use crate::scores::{MatchTable, Scoreboard};

/// A match under way, as it was announced, and the phase it is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchView {
    /// Its number, which no other match has.
    pub id: MatchId,
    /// Key of its mode.
    pub mode: String,
    /// Steps a second, each of which takes one input.
    pub tick_hz: u16,
    /// The entity this client steers, or by whose eyes it sees.
    pub avatar: NetId,
    /// The client is dead or out, and watches: it steers nothing.
    pub is_watched: bool,
    /// Radius of the avatar's body in subunits.
    pub radius: i32,
    /// Side of the square map in subunits.
    pub side: i32,
    /// What stands in the way, as far as is known: of a match all of it, of a place of the world what is in the chunks that have
    /// come, and the doors in them that are not open.
    pub obstacles: Vec<Block>,
    /// Where something is to be found.
    pub pois: Vec<PoiInfo>,
    /// Where one gets out.
    pub exits: Vec<ExitInfo>,
    /// The ground of a place of the world, chunk by chunk.
    pub ground: GroundView,
    /// Where the match stands; none before the first word of it.
    pub phase: Option<PhaseView>,
    /// Names of participants by their avatars. In a crowd only of those asked for.
    pub names: BTreeMap<NetId, String>,
    /// How everyone stands; none where the mode hides it.
    pub scores: Option<Scoreboard>,
}

/// A phase of a match and its ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseView {
    /// The phase it is in.
    pub phase: MatchPhase,
    /// The tick it began.
    pub tick: u32,
    /// The tick it ends.
    pub ends_tick: u32,
}

impl View {
    /// A match begins, or one goes on after a reconnect: then the names learned so far stay.
    pub(super) fn match_started(&mut self, mut announced: MatchView) -> Change {
        self.queue = None;
        self.loadout = None;
        let goes_on = self.current.as_ref().is_some_and(|current| current.id == announced.id);
        if let Some(current) = self.current.as_mut().filter(|_| goes_on) {
            announced.names = std::mem::take(&mut current.names);
            announced.keep_ground_of(current);
        }
        if !goes_on {
            // Ticks begin again with a match: what was seen of another says nothing about this one.
            self.snapshot = None;
            self.inventory.clear();
            self.inventory_version = 0;
            self.recent.clear();
        }
        self.current = Some(announced);
        Change::MatchStarted
    }

    pub(super) fn phase_reached(&mut self, phase: PhaseView) -> Change {
        if let Some(current) = &mut self.current {
            current.phase = Some(phase);
        }
        Change::PhaseReached(phase.phase)
    }

    pub(super) fn names_learned(&mut self, match_id: MatchId, players: Vec<RosterEntry>) -> Change {
        if let Some(current) = self.current_if(match_id) {
            current.names.extend(players.into_iter().map(|player| (player.avatar, player.name)));
        }
        Change::NamesLearned
    }

    pub(super) fn scores_changed(&mut self, match_id: MatchId, scores: Scoreboard) -> Change {
        if let Some(current) = self.current_if(match_id) {
            current.scores = Some(scores);
        }
        Change::ScoresChanged
    }

    pub(super) fn match_settled(&mut self, match_id: MatchId, report: SettledReport) -> Change {
        // What is watched goes on: the report comes again where the server does not know that it arrived.
        if self.current_if(match_id).is_some_and(|current| !current.is_watched) {
            self.current = None;
        }
        self.settled = Some((match_id, report));
        self.settled_count += 1;
        Change::Settled
    }

    /// The rest of a match is seen by the eyes of another.
    pub(super) fn watching(&mut self, match_id: MatchId, avatar: NetId, name: String) -> Change {
        let Some(current) = self.current_if(match_id) else { return Change::Watching };
        if avatar == NetId::NONE {
            // Its own part in it is over, and settled.
            self.current = None;
            return Change::Watching;
        }
        (current.avatar, current.is_watched) = (avatar, true);
        current.names.insert(avatar, name);
        self.inventory.clear();
        self.inventory_version = 0;
        Change::Watching
    }

    pub(super) fn inventory_changed(&mut self, version: u32, items: Vec<CarriedItem>) -> Change {
        (self.inventory_version, self.inventory) = (version, items);
        Change::InventoryChanged
    }

    pub(super) fn match_ended(&mut self, table: MatchTable) -> Change {
        self.table = Some(table);
        Change::MatchEnded
    }

    /// The current match, if it is this one: messages about another come late.
    pub(super) fn current_if(&mut self, match_id: MatchId) -> Option<&mut MatchView> {
        self.current.as_mut().filter(|current| current.id == match_id)
    }
}
