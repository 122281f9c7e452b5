//! What a client knows: everything the server told, kept without I/O.
//!
//! - [`View`]: all of it, and how each message changes it;
//! - [`Change`]: what a message changed;
//! - [`Session`], [`Refusal`]: who this client is to the server, and what the server did not do;
//! - [`QueueState`], [`LoadoutOffer`]: on the way into a match;
//! - [`MatchView`], [`PhaseView`]: the match under way;
//! - [`GroundView`], [`ChunkView`]: the ground of a place of the world;
//! - [`ChatView`]: what was said;
//! - `seen`: snapshots and events.

mod change;
mod chat;
mod current_match;
mod elsewhere;
mod ground;
mod lobby;
mod refusal;
mod seen;
mod session;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use hypogeum_protocol::{CarriedItem, GameEvent, MatchId, ServerMessage, SettledReport, Snapshot};

use crate::scores::{MatchTable, Scoreboard};

pub use change::Change;
pub use chat::{ChatView, RECENT_LINES_MAX};
pub use current_match::{MatchView, PhaseView};
pub use ground::{ChunkView, GroundView};
pub use lobby::{LoadoutOffer, QueueState};
pub use refusal::Refusal;
pub use seen::RECENT_EVENTS_MAX;
pub use session::Session;

/// Everything the server told. It changes by [`View::apply`], and by what a client hears on the datagram lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Set by the welcome.
    pub session: Option<Session>,
    /// Set while queued.
    pub queue: Option<QueueState>,
    /// Set from a match's discovery to its beginning.
    pub loadout: Option<LoadoutOffer>,
    /// Set while in a match, until it is settled.
    pub current: Option<MatchView>,
    /// The newest snapshot of the current or last match. On the datagram lane its records are everything known of what is
    /// around, in the order of names and areas last; else they are what one message holds, nearest first.
    pub snapshot: Option<Snapshot>,
    /// What the avatar carries.
    pub inventory: Vec<CarriedItem>,
    /// Rises with the inventory's changes; 0 before the first.
    pub inventory_version: u32,
    /// The last [`RECENT_EVENTS_MAX`] events with their ticks, oldest first.
    pub recent: VecDeque<(u32, GameEvent)>,
    /// The last match settled and what came of it.
    pub settled: Option<(MatchId, SettledReport)>,
    /// Matches settled in this connection.
    pub settled_count: u32,
    /// How the last match that is over for all went for everyone.
    pub table: Option<MatchTable>,
    /// The last refusal.
    pub last_refusal: Option<Refusal>,
    /// What was said that this client heard.
    pub chat: ChatView,
    /// The server said goodbye.
    pub goodbye: bool,
}

impl View {
    /// Takes in one message and says what it changed.
    pub fn apply(&mut self, message: ServerMessage) -> Change {
        use ServerMessage as Message;
        match message {
            Message::Welcome {
                session: id,
                account,
                name,
                protocol_version,
                tick_hz,
                content_hash,
                modes,
                current_match,
                locale,
            } => self.welcomed(Session {
                id,
                account,
                name,
                protocol_version,
                tick_hz,
                content_hash,
                modes,
                current_match,
                locale,
            }),
            Message::Error { code, about, retry_after_ms } => self.refused(Refusal { code, about, retry_after_ms }),
            Message::Queued { mode, waiting, wanted, window } => {
                self.queued(QueueState { mode, waiting, wanted, window })
            }
            Message::Unqueued => self.unqueued(),
            Message::LoadoutOpen { match_id, mode, closes_in_ms, stash } => {
                self.loadout_opened(LoadoutOffer { match_id, mode, closes_in_ms, stash, chosen: Vec::new() })
            }
            Message::LoadoutChosen { items } => self.loadout_chosen(items),
            Message::LoadoutRefused { items } => self.loadout_refused(items),
            Message::MatchStarted { match_id: id, mode, tick_hz, avatar, radius, side, obstacles, pois, exits } => self
                .match_started(MatchView {
                    id,
                    mode,
                    tick_hz,
                    avatar,
                    radius,
                    side,
                    obstacles,
                    pois,
                    exits,
                    ..MatchView::default()
                }),
            Message::Phase { phase, tick, ends_tick } => self.phase_reached(PhaseView { phase, tick, ends_tick }),
            Message::Roster { match_id, players } => self.names_learned(match_id, players),
            Message::Scoreboard { match_id, tick, rows, own } => {
                self.scores_changed(match_id, Scoreboard { tick, rows, own })
            }
            Message::Inventory { version, items } => self.inventory_changed(version, items),
            Message::Snapshot(snapshot) => self.see(snapshot),
            Message::Events { tick, events } => self.happened(tick, events),
            Message::Told { body, .. } => Change::Told(body),
            Message::ChatLine(line) => self.chat.heard(line),
            Message::ChatPage { channel, with, lines, before } => self.chat.read(channel, with, lines, before),
            Message::ChatNotice { notice, name, text } => Change::ChatNotice { notice, name, text },
            Message::ChunksNear { match_id, chunk_side, chunks } => self.chunks_near(match_id, chunk_side, chunks),
            Message::Chunk { match_id, at, body } => self.chunk_came(match_id, at, &body),
            Message::DoorsChanged { match_id, doors } => self.doors_changed(match_id, &doors),
            Message::Settled { match_id, report } => self.match_settled(match_id, report),
            Message::MatchEnded { match_id, players, rows, own, rating } => {
                self.match_ended(MatchTable { match_id, players, rows, own, rating })
            }
            Message::Watching { match_id, avatar, name } => self.watching(match_id, avatar, name),
            Message::Pong { nonce } => Change::Pong { nonce },
            Message::Goodbye => self.left_alone(),
            elsewhere => elsewhere::told(elsewhere),
        }
    }
}
