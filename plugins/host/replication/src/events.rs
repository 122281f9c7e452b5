//! Events as they are sent to one participant.

use hypogeum_protocol::{GameEvent, NetId, ServerMessage};

/// A message of events for one viewer's reliable channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ReliableEvents {
    /// The message as it is sent.
    pub message: ServerMessage,
    /// It promises the viewer something: it may go out once its step would survive a power failure.
    pub is_durable: bool,
}

/// The event as it is sent to a viewer who sees only some: an unseen doer is nobody. The victim always learns who did it.
pub(crate) fn conceal(event: GameEvent, own: NetId, sees: impl Fn(NetId) -> bool) -> GameEvent {
    let (source, target) = event.subjects();
    if target == own || source == own || source == target || sees(source) { event } else { event.unnamed() }
}
