//! What a shard is told. The order of the list is the order of the acts.

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::{Act, Input, MatchId, Seat};
use serde::{Deserialize, Serialize};

use crate::LineupSeat;

/// One order to a shard, from a participant or about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The seat that orders it, or about which it is ordered.
    pub seat: Seat,
    /// What is ordered.
    pub body: CommandBody,
}

/// What is ordered. Shapes and ranges were checked at the door; meaning is checked by the system that obeys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandBody {
    /// How the participant steers from now on.
    Input(Input),
    /// Something to be done once.
    Act {
        /// The client's number for it, returned with a refusal.
        seq: u32,
        /// What is to be done, and with which entity.
        act: Act,
        /// Which version of that entity its participant has seen; `None`: whatever it is.
        seen: Option<u32>,
    },
    /// The participant's connection came or went.
    Present(bool),
    /// The participant leaves for good.
    Leave,
    /// A command that only this kind of shard knows.
    Custom {
        /// The client's number for it, as of an act.
        seq: u32,
        /// As the client sent it: its form is the kind's to check.
        body: Box<[u8]>,
    },
    /// Somebody enters a shard that is open. The seat is new: its number was never anyone else's here.
    Join {
        /// The number by which the store knows this visit: no match, shard or other visit has it.
        visit: MatchId,
        /// Who it is, and what it brings: the shard holds that until somebody leaves with it.
        brings: Box<LineupSeat>,
    },
}

/// This tick's orders, in order. Filled before a step, empty after it.
#[derive(Resource, Clone, Debug, Default)]
pub struct Inbox(pub Vec<Command>);
