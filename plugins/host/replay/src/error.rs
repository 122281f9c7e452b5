//! Why a match cannot be had again.

use hypogeum_content::PackError;
use hypogeum_journal::LogError;
use hypogeum_shard::{RestoreError, StateHash};

/// Why a log cannot be replayed or resumed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The log itself is refused.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The content that stands in the log means nothing to this build.
    #[error(transparent)]
    Content(#[from] PackError),
    /// A rate no server has; the match's durations would mean nothing.
    #[error("the match has {0} steps a second, a server 10 to 60")]
    Rate(u32),
    /// The content has no such mode.
    #[error("the content has no mode {0:?}")]
    Mode(String),
    /// The content has no such item.
    #[error("the content has no item {0:?}")]
    Item(String),
    /// More participants than the mode allows.
    #[error("the log has {found} participants, the mode at most {most}")]
    Participants {
        /// Found.
        found: usize,
        /// Possible.
        most: usize,
    },
    /// A snapshot is not one of such a world.
    #[error("the snapshot of step {tick}: {cause}")]
    Snapshot {
        /// After which step.
        tick: u32,
        /// Why.
        cause: RestoreError,
    },
    /// The world went another way than was recorded.
    #[error("step {tick} gives state {found} where {recorded} was recorded")]
    Diverged {
        /// The first such step.
        tick: u32,
        /// As recorded.
        recorded: StateHash,
        /// As it is here.
        found: StateHash,
    },
}
