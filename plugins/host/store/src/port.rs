//! The queues between the tick, which never waits, and the store, which does little else.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;

use crate::bounded::Bounded;
use crate::request::{StoreReply, StoreRequest};

/// Requests, and replies, that may wait: a settlement of every match of a full server, several times over.
pub const STORE_QUEUE_MAX: usize = 4_096;

/// Both queues, as the tick and the store share them. A clone is another handle on the same two. As a resource of the
/// host's app it is where sessions ask; the plugin of the database puts it there.
#[derive(Resource, Clone, Debug)]
pub struct StorePort {
    /// What is asked. The store waits on it.
    pub requests: Arc<Bounded<StoreRequest>>,
    /// What is answered. The tick looks into it.
    pub replies: Arc<Bounded<StoreReply>>,
}

impl StorePort {
    /// Two empty queues of at most `items_max` each.
    #[must_use]
    pub fn new(items_max: usize) -> Self {
        Self { requests: Arc::new(Bounded::new(items_max)), replies: Arc::new(Bounded::new(items_max)) }
    }

    /// Asks without waiting.
    ///
    /// # Errors
    /// The request itself where the queue is full or closed: keep it and ask again next tick.
    pub fn ask(&self, request: StoreRequest) -> Result<(), StoreRequest> {
        self.requests.try_push(request)
    }

    /// The next answer, without waiting.
    #[must_use]
    pub fn answer(&self) -> Option<StoreReply> {
        self.replies.try_pop()
    }

    /// Asks no more: the store answers what waits and then ends.
    pub fn close(&self) {
        self.requests.close();
    }
}

impl Default for StorePort {
    fn default() -> Self {
        Self::new(STORE_QUEUE_MAX)
    }
}
