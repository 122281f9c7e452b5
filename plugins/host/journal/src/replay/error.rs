//! Why a shard cannot be had again.

use hypogeum_content::PackError;
use hypogeum_shard::{RestoreError, SetupError, StateHash};

use crate::error::LogError;

/// Why a log cannot be replayed or resumed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The log itself is refused.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The content that stands in the log means nothing to this build.
    #[error(transparent)]
    Content(#[from] PackError),
    /// The shard cannot be built: its kind, its rate, or what the content lacks.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// A snapshot is not one of such a world.
    #[error("the snapshot of step {tick}: {cause}")]
    Snapshot {
        /// After which step.
        tick: u32,
        /// What the world refused.
        cause: RestoreError,
    },
    /// The world went another way than was recorded.
    #[error("step {tick} gives state {found} where {recorded} was recorded")]
    Diverged {
        /// The first such step.
        tick: u32,
        /// The hash that the log has for the step.
        recorded: StateHash,
        /// As it is here.
        found: StateHash,
    },
}
