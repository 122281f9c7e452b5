//! What a shard is told. The order of the list is the order of the acts.

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::{Act, Input, Seat};
use serde::{Deserialize, Serialize};

/// One order to a shard, from a participant or about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Whose.
    pub seat: Seat,
    /// What.
    pub body: CommandBody,
}

/// What is ordered. Shapes and ranges were checked at the door; meaning is checked by the system that obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandBody {
    /// Steer.
    Input(Input),
    /// Do something once.
    Act {
        /// The client's number for it, returned with a refusal.
        seq: u32,
        /// What.
        act: Act,
    },
    /// The participant's connection came or went.
    Present(bool),
    /// The participant leaves for good.
    GiveUp,
}

/// This tick's orders, in order. Filled before a step, empty after it.
#[derive(Resource, Clone, Debug, Default)]
pub struct Inbox(pub Vec<Command>);
