//! Going on where a crash has left a match.

use std::sync::Arc;

use hypogeum_arena::MatchSetup;
use hypogeum_content::Content;
use hypogeum_journal::Tail;
use hypogeum_shard::{Shard, StateHash};

use crate::error::ReplayError;
use crate::origin::{at_its_beginning, content};

/// A match as it was after the last step on record.
#[derive(Debug)]
pub struct Resumed {
    /// Its world.
    pub shard: Shard,
    /// What it runs on: the content it began with.
    pub content: Arc<Content>,
    /// Who takes part in what.
    pub setup: MatchSetup,
    /// Its state's hash.
    pub hash: StateHash,
    /// Steps that were taken again to get there.
    pub steps: u32,
}

/// Builds the world of a log on the content it began with: its newest snapshot, and every step since, each compared with
/// what was recorded.
///
/// # Errors
/// [`ReplayError`]: this build cannot use that content, or the world goes another way than it did.
pub fn resume(tail: &Tail) -> Result<Resumed, ReplayError> {
    let content = Arc::clone(content(&tail.header)?.content());
    let (mut shard, setup) = at_its_beginning(&tail.header, &content)?;
    if let Some(snapshot) = &tail.snapshot {
        let refused = |cause| ReplayError::Snapshot { tick: snapshot.tick, cause };
        shard.restore(&snapshot.bytes).map_err(refused)?;
        compare(snapshot.tick, Some(snapshot.hash), shard.hash_from_nothing())?;
    }
    let mut steps = 0;
    for entry in &tail.ticks {
        compare(entry.tick, entry.hash, shard.step(&entry.commands))?;
        steps += 1;
    }
    let hash = shard.hash();
    Ok(Resumed { shard, content, setup, hash, steps })
}

fn compare(tick: u32, recorded: Option<StateHash>, found: StateHash) -> Result<(), ReplayError> {
    match recorded {
        Some(recorded) if recorded != found => Err(ReplayError::Diverged { tick, recorded, found }),
        _ => Ok(()),
    }
}
