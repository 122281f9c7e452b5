//! A match that nobody but autopilots plays: the one that `map` draws and `simulate` plays.

use hypogeum_protocol::MatchId;
use hypogeum_shard::{LineupSeat, MatchLineup, ModeRule, Occupant};

/// Steps a second where a mode does not say how many, as on a server.
pub(crate) const TICK_HZ_USUAL: u32 = 30;

/// So many autopilots, each with what a newcomer has.
pub(crate) fn lineup(mode: &ModeRule, seats: u32) -> MatchLineup {
    let seat = |number| LineupSeat {
        occupant: Occupant::Autopilot,
        name: format!("Autopilot {number}"),
        level: 1,
        rating: 1_500,
        items: Vec::new(),
        character: None,
    };
    MatchLineup {
        match_id: MatchId(1),
        mode: mode.key.clone(),
        definition: mode.definition.clone(),
        parties: Vec::new(),
        seats: (1..=seats).map(seat).collect(),
    }
}
