//! Messages on their way out.

use bevy_ecs::prelude::{Res, ResMut, Resource};
use hypogeum_protocol::link::{Class, ClassQueue, CloseReason, Lane, ToEdge};
use hypogeum_protocol::{ConnectionId, ErrorCode, ServerMessage, codec};

use crate::Edge;

/// Tag of the message an error answers where none could be read.
pub(crate) const ABOUT_NOTHING: u8 = 255;
/// Frames that may wait for an edge that does not take them.
const WAITING_MAX: usize = 65_536;

/// This tick's frames.
#[derive(Resource, Debug, Default)]
pub(crate) struct Post {
    frames: Vec<(Class, ToEdge)>,
    pub(crate) dropped: u64,
}

impl Post {
    /// Sends one message over the reliable ordered channel.
    pub(crate) fn tell(&mut self, connection: ConnectionId, message: &ServerMessage) {
        // One class for the whole channel, and for its end: classes overtake each other, and this channel keeps order.
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes: codec::encode(message) };
        self.frames.push((Class::Critical, frame));
    }

    /// Sends a snapshot already encoded.
    pub(crate) fn show(&mut self, connection: ConnectionId, bytes: Vec<u8>) {
        self.frames.push((Class::Cosmetic, ToEdge::Frame { connection, lane: Lane::Unreliable, bytes }));
    }

    /// Says that something was not done.
    pub(crate) fn refuse(&mut self, connection: ConnectionId, code: ErrorCode, about: u8, retry_after_ms: u32) {
        self.tell(connection, &ServerMessage::Error { code, about, retry_after_ms });
    }

    /// Ends a connection after what was said to it.
    pub(crate) fn close(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.frames.push((Class::Critical, ToEdge::Close { connection, reason }));
    }

    /// Whether everything has gone out.
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    fn flush(&mut self, queue: &ClassQueue<ToEdge>) {
        let mut kept = Vec::new();
        let mut full = false;
        for (class, frame) in self.frames.drain(..) {
            // What was promised waits for room, in its order; a snapshot is replaced by the next.
            let reliable = class == Class::Critical;
            if reliable && full {
                kept.push((class, frame));
            } else if let Err(frame) = queue.push(class, frame) {
                full |= reliable;
                if reliable {
                    kept.push((class, frame));
                }
            }
        }
        self.dropped += kept.len().saturating_sub(WAITING_MAX) as u64;
        kept.truncate(WAITING_MAX);
        self.frames = kept;
    }
}

/// Hands everything to the edges.
pub(crate) fn send(mut post: ResMut<Post>, edge: Res<Edge>) {
    post.flush(&edge.0.outgoing);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_edge_delays_promises_and_drops_snapshots() {
        let queue = ClassQueue::new(2);
        let mut post = Post::default();
        for nonce in 0..3 {
            post.tell(ConnectionId(1), &ServerMessage::Pong { nonce });
            post.show(ConnectionId(1), Vec::new());
        }
        post.flush(&queue);
        let mut out = Vec::new();
        queue.drain_into(&mut out, usize::MAX);
        post.flush(&queue);
        queue.drain_into(&mut out, usize::MAX);
        let reliable = out.iter().filter(|frame| matches!(frame, ToEdge::Frame { lane: Lane::ReliableOrdered, .. }));
        assert_eq!(reliable.count(), 3, "all three promises arrive, the last one a tick later");
        assert_eq!(out.len(), 5, "the third snapshot is dropped");
        assert!(post.is_empty(), "nothing waits any more");
    }
}
