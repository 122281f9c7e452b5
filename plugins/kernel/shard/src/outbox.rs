//! What a shard tells the world outside, tick by tick.

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::{GameEvent, NetId};

/// Whom an event concerns; who among them perceives it is decided by replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Only the participant with this avatar.
    Only(NetId),
    /// Whoever perceives this place (subunits).
    Near {
        /// Place.
        x: i32,
        /// Place.
        y: i32,
    },
    /// Everyone in the shard.
    Everyone,
}

/// One event on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// To whom.
    pub audience: Audience,
    /// What.
    pub event: GameEvent,
}

/// This tick's events in the order they happened; emptied at the start of the next step.
#[derive(Resource, Clone, Debug, Default)]
pub struct Outbox(pub Vec<Outgoing>);

impl Outbox {
    /// Adds an event.
    pub fn tell(&mut self, audience: Audience, event: GameEvent) {
        self.0.push(Outgoing { audience, event });
    }
}
