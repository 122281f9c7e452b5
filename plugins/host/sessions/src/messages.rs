//! Bevy messages to the crates above this one: each is read in the tick in which it is written.

use bevy_app::App;
use bevy_ecs::prelude::{Entity, Message, Messages, World};
use hypogeum_protocol::ClientMessage;
use hypogeum_store::StoreReply;

use crate::about::About;
use crate::session::Stage;

/// A message of a client that has said hello, for the crates above this one.
#[derive(Message, Clone, Debug)]
pub struct MessageReceived {
    /// The session's entity: by now it may be gone.
    pub session: Entity,
    /// What its answer is about.
    pub about: About,
    /// In its ranges, and within the session's allowance.
    pub message: ClientMessage,
}

/// The connection of a session with a place in a line, a lobby or a shard came or went. In the order in which it happened.
#[derive(Message, Clone, Copy, Debug)]
pub struct PresenceChanged {
    /// The session's entity.
    pub session: Entity,
    /// Where it is.
    pub stage: Stage,
    /// Its client has said hello and is welcomed; else its connection is gone.
    pub is_here: bool,
}

/// An answer of the store, for the crate that asked. Profiles have been handled here already.
#[derive(Message, Clone, Debug)]
pub struct StoreAnswered(pub StoreReply);

/// Makes room for them.
pub(crate) fn init(app: &mut App) {
    app.init_resource::<Messages<MessageReceived>>()
        .init_resource::<Messages<PresenceChanged>>()
        .init_resource::<Messages<StoreAnswered>>();
}

/// Forgets those of the tick before the last. Done here and not by the app's own registry: a host may be stepped without a
/// whole app around its world.
pub(crate) fn update(world: &mut World) {
    world.resource_mut::<Messages<MessageReceived>>().update();
    world.resource_mut::<Messages<PresenceChanged>>().update();
    world.resource_mut::<Messages<StoreAnswered>>().update();
}
