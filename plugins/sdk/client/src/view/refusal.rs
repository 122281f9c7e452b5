//! What the server refuses.

use hypogeum_protocol::ErrorCode;

use super::{Change, View};

/// A refusal of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What was in the way.
    pub code: ErrorCode,
    /// Tag of the client message it answers, 255 where none could be read.
    pub about: u8,
    /// When trying again may help; 0: never.
    pub retry_after_ms: u32,
}

impl Refusal {
    /// What `about` is where the refusal answers no message.
    pub const ABOUT_NOTHING: u8 = 255;

    /// Whether the server could not go on with what the session was in: queue, loadout or match are undone, and items
    /// taken along are back in the stash.
    #[must_use]
    pub const fn is_undoing(&self) -> bool {
        self.about == Self::ABOUT_NOTHING
            && matches!(self.code, ErrorCode::Unavailable | ErrorCode::Draining | ErrorCode::TryLater)
    }
}

impl View {
    pub(super) fn refused(&mut self, refusal: Refusal) -> Change {
        self.last_refusal = Some(refusal);
        if refusal.is_undoing() {
            self.queue = None;
            self.loadout = None;
            self.current = None;
        }
        Change::Refused(refusal)
    }
}
