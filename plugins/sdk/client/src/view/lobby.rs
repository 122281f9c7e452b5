//! On the way into a match: the queue, and the choice of what to bring.

use hypogeum_protocol::{ItemId, MatchId, StashItem};

use super::{Change, View};

/// How the queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    /// Key of the mode queued for.
    pub mode: String,
    /// Tickets in reach, this one included.
    pub waiting: u16,
    /// Players the match wants.
    pub wanted: u16,
    /// Rating distance accepted now.
    pub window: u32,
}

/// A match found, not begun: what can be brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadoutOffer {
    /// The match that was found.
    pub match_id: MatchId,
    /// Key of its mode.
    pub mode: String,
    /// Time there was to choose when the offer came.
    pub closes_in_ms: u32,
    /// What there is to choose from.
    pub stash: Vec<StashItem>,
    /// What the server says is chosen.
    pub chosen: Vec<ItemId>,
}

impl View {
    pub(super) fn queued(&mut self, queue: QueueState) -> Change {
        self.queue = Some(queue);
        Change::Queued
    }

    /// A match that was found and falls through sends its players back, too.
    pub(super) fn unqueued(&mut self) -> Change {
        self.queue = None;
        self.loadout = None;
        Change::Unqueued
    }

    pub(super) fn loadout_opened(&mut self, offer: LoadoutOffer) -> Change {
        self.queue = None;
        self.loadout = Some(offer);
        Change::LoadoutOpened
    }

    pub(super) fn loadout_chosen(&mut self, items: Vec<ItemId>) -> Change {
        if let Some(offer) = &mut self.loadout {
            offer.chosen = items;
        }
        Change::LoadoutChosen
    }

    pub(super) fn loadout_refused(&mut self, items: Vec<ItemId>) -> Change {
        if let Some(offer) = &mut self.loadout {
            offer.chosen.retain(|chosen| !items.contains(chosen));
        }
        Change::LoadoutRefused(items)
    }
}
