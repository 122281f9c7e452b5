//! Scores that plugins submit, on their way to the store.

use std::collections::VecDeque;

use bevy_ecs::prelude::{MessageReader, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::AccountId;
use hypogeum_sessions::{HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_store::{
    SCORE_KEY_BYTES_MAX, SCORES_AT_ONCE_MAX, ScoreChange, ScoreOperator, ScoresReply, ScoresRequest, StoreReply,
    StoreRequest,
};

use crate::board::{BoardSource, Boards};
use crate::clock::UnixClock;

/// Scores that may wait for the store; one more is refused.
pub const SCORES_WAITING_MAX: usize = 16_384;
/// How long the store is left alone that has failed.
const RETRY_S: u32 = 2;

/// Why a score is not taken. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// There is no such board.
    #[error("there is no such board")]
    UnknownBoard,
    /// The board counts something else by itself.
    #[error("the board takes no scores from plugins")]
    NotForSubmissions,
    /// What is added up counts again when it comes again, unless it has a key by which it is known.
    #[error("a score that is added up needs a key")]
    KeyMissing,
    /// The key is too long.
    #[error("the key has more than {SCORE_KEY_BYTES_MAX} bytes")]
    KeyTooLong,
    /// As many wait as may.
    #[error("{SCORES_WAITING_MAX} scores wait, and no more are taken")]
    Full,
}

/// Takes scores for boards.
#[derive(SystemParam)]
pub struct Scores<'w> {
    boards: Res<'w, Boards>,
    clock: Res<'w, UnixClock>,
    waiting: ResMut<'w, ScoresWaiting>,
}

impl Scores<'_> {
    /// Submits a score, by which `key` it is known when it comes again: the same once more counts once. It is kept a few ticks later, and
    /// lost where the server dies before: whoever must not lose it submits it again with its key, from what a shard's log says.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub fn submit(&mut self, board: &str, account: AccountId, value: i64, key: &str) -> Result<(), SubmitError> {
        let board = self.boards.find(board).ok_or(SubmitError::UnknownBoard)?;
        if board.source != BoardSource::Submissions {
            return Err(SubmitError::NotForSubmissions);
        }
        if key.is_empty() && matches!(board.operator, ScoreOperator::Increment | ScoreOperator::Decrement) {
            return Err(SubmitError::KeyMissing);
        }
        if key.len() > SCORE_KEY_BYTES_MAX {
            return Err(SubmitError::KeyTooLong);
        }
        if self.waiting.scores.len() >= SCORES_WAITING_MAX {
            return Err(SubmitError::Full);
        }
        let change = board.change(self.clock.now_s(), account, value, key.to_owned());
        self.waiting.scores.push_back(change);
        Ok(())
    }
}

/// Scores that wait for the store.
#[derive(Resource, Debug, Default)]
pub(crate) struct ScoresWaiting {
    scores: VecDeque<ScoreChange>,
    /// The request that is on its way: the next waits for its answer, so that scores are counted in their order.
    asked: Option<u64>,
    /// The last tag.
    tag: u64,
    /// When the store may be asked again.
    ask_tick: u64,
}

/// Asks the store to count what waits.
pub(crate) fn send(tick: Res<HostTick>, mut waiting: ResMut<ScoresWaiting>, mut store: ResMut<Store>) {
    if waiting.scores.is_empty() || waiting.asked.is_some() || tick.0 < waiting.ask_tick {
        return;
    }
    let count = waiting.scores.len().min(SCORES_AT_ONCE_MAX);
    let changes = waiting.scores.drain(..count).collect();
    waiting.tag += 1;
    waiting.asked = Some(waiting.tag);
    store.ask(StoreRequest::Scores(ScoresRequest::Submit { changes, tag: waiting.tag }));
}

/// Takes what the store answers. What may work later waits again, in its place.
pub(crate) fn take_answers(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut answers: MessageReader<StoreAnswered>,
    mut waiting: ResMut<ScoresWaiting>,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Scores(ScoresReply::Submitted { tag }) if waiting.asked == Some(*tag) => waiting.asked = None,
            StoreReply::Failed { request, failure } => {
                let StoreRequest::Scores(ScoresRequest::Submit { changes, tag }) = &**request else { continue };
                if waiting.asked != Some(*tag) {
                    continue;
                }
                waiting.asked = None;
                if failure.is_passing() {
                    waiting.ask_tick = tick.0 + config.ticks(RETRY_S);
                    changes.iter().rev().for_each(|change| waiting.scores.push_front(change.clone()));
                } else {
                    tracing::error!(%failure, count = changes.len(), "scores cannot be counted: they are lost");
                }
            }
            _ => {}
        }
    }
}
