//! The ground comes in: a client asks for the chunks that lie near and that it does not know.

use std::collections::BTreeSet;
use std::time::Duration;

use hypogeum_protocol::{ChunkHash, ChunkPlace, ClientMessage, limits};

use super::Client;
use crate::chunk_cache::ChunkCache;
use crate::view::{Change, Refusal};
use crate::wire::Wire;

/// Tag of the ask for chunks, as refusals name it.
const ABOUT_ASK_CHUNKS: u8 = 15;
/// When chunks that were asked for and have not come are asked for again. A server sends even the largest ones faster.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// Least wait after a refusal.
const REFUSED_WAIT: Duration = Duration::from_secs(1);

/// Chunks that were asked for and have not come.
#[derive(Debug, Default)]
pub(super) struct ChunkAsks {
    waiting: BTreeSet<ChunkHash>,
    /// When to ask again for whatever is lacking then.
    again_at: Option<Duration>,
}

impl<W: Wire> Client<W> {
    /// Keeps chunks of ground in this cache from now on, and looks there before it asks the server. Each client has one of its own
    /// until then.
    pub fn keep_chunks_in(&mut self, cache: ChunkCache) {
        self.chunks = cache;
    }

    /// The cache in which it keeps chunks of ground.
    #[must_use]
    pub const fn chunk_cache(&self) -> &ChunkCache {
        &self.chunks
    }

    /// Chunks lie near: lays those that are known, and asks for the others.
    pub(super) fn find_chunks(&mut self) {
        let Some(current) = &self.view.current else { return };
        let lacking = current.ground.lacking();
        let known: Vec<_> = lacking.keys().filter_map(|hash| Some((*hash, self.chunks.find(*hash)?))).collect();
        self.view.lay_chunks(known);
        self.is_ground_new = true;
        self.ask_chunks();
    }

    /// A chunk has come, or what came is none.
    pub(super) fn take_chunk(&mut self, body: &[u8], change: &Change) {
        if *change == Change::GroundChanged {
            self.chunks.insert(body);
        }
        self.chunk_asks.waiting.remove(&ChunkHash::of(body));
        self.ask_chunks();
    }

    /// Asks for what is lacking, unless something is on its way: a server sends as fast as it will in any case.
    fn ask_chunks(&mut self) {
        let Some(current) = self.view.current.as_ref().filter(|_| self.chunk_asks.waiting.is_empty()) else { return };
        let lacking = current.ground.lacking();
        self.chunk_asks.again_at = (!lacking.is_empty()).then_some(self.clock + ANSWER_WITHIN);
        if lacking.is_empty() {
            return;
        }
        let asked: Vec<(ChunkHash, ChunkPlace)> = lacking.into_iter().take(limits::CHUNKS_ASKED_MAX).collect();
        self.chunk_asks.waiting = asked.iter().map(|(hash, _)| *hash).collect();
        let chunks = asked.into_iter().map(|(_, at)| at).collect();
        let match_id = current.id;
        self.send(&ClientMessage::AskChunks { match_id, chunks });
    }

    /// The server refused what was asked for.
    pub(super) fn chunks_refused(&mut self, refusal: Refusal) {
        if refusal.about == ABOUT_ASK_CHUNKS {
            let wait = Duration::from_millis(refusal.retry_after_ms.into()).max(REFUSED_WAIT);
            self.chunk_asks.again_at = Some(self.clock + wait);
        }
    }

    /// Asks again where it is time, and predicts on the ground as it is now.
    pub(super) fn follow_ground(&mut self) {
        if self.chunk_asks.again_at.is_some_and(|at| at <= self.clock) {
            self.forget_chunk_asks();
            self.ask_chunks();
        }
        if std::mem::take(&mut self.is_ground_new)
            && self.predicts
            && let Some(current) = self.view.current.as_ref().filter(|current| current.ground.is_in_chunks())
        {
            self.prediction.change_ground(current.side, &current.obstacles, current.radius);
            self.note_phase();
        }
    }

    /// What was asked for on another connection, or of another place, does not come.
    pub(super) fn forget_chunk_asks(&mut self) {
        self.chunk_asks = ChunkAsks::default();
    }
}
