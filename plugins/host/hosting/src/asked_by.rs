//! What somebody has asked to enter a shard by: who does not get in after all is told so by it.

use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::link::RequestId;
use hypogeum_sessions::{About, Presence};

/// The number of a request, and the connection on which it means something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AskedBy {
    connection: Option<ConnectionId>,
    request: Option<RequestId>,
}

impl AskedBy {
    /// What a session has asked now.
    pub(crate) const fn now(presence: &Presence, about: About) -> Self {
        Self { connection: presence.connection, request: about.request }
    }

    /// What an error is about that undoes it: no message, as whatever a player did not cause; but it answers the request, unless its
    /// client has come by another connection since.
    pub(crate) fn about(self, presence: &Presence) -> About {
        About { request: self.request.filter(|_| presence.connection == self.connection), ..About::NOTHING }
    }
}
