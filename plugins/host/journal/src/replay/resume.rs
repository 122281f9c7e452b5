//! Going on where a crash has left a shard.

use hypogeum_shard::{HostedKind, Shard, ShardBrief, ShardKinds, StateHash, Visitor};

use super::error::ReplayError;
use crate::entry::EndedVisit;
use crate::tail::Tail;

/// A shard as it was after the last step on record.
#[derive(Debug)]
pub struct Resumed {
    /// Its world, on the content it began with.
    pub shard: Shard,
    /// The kind of shard that its log names.
    pub kind: HostedKind,
    /// What people call it, and who is in it from the beginning.
    pub brief: ShardBrief,
    /// Its state's hash.
    pub hash: StateHash,
    /// Steps that were taken again to get there.
    pub steps: u32,
    /// What visits were worth that ended in the last step, where the log does not say so.
    pub ended_visits: Vec<EndedVisit>,
}

/// Builds the world of a log on the content it began with: its newest snapshot, and every step since, each compared with
/// what was recorded.
///
/// # Errors
/// [`ReplayError`]: this build does not know the kind or cannot use that content, or the world goes another way than it did.
pub fn resume(kinds: &ShardKinds, tail: &Tail) -> Result<Resumed, ReplayError> {
    let kind = kinds.find(&tail.header.kind)?;
    let (mut shard, brief) = tail.header.build(kind, tail.header.pack()?.content())?;
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
    let ended_visits = ended_visits(tail, kind, &shard);
    Ok(Resumed { shard, kind, brief, hash, steps, ended_visits })
}

/// What visits were worth that ended in the last step, where the log does not say so.
fn ended_visits(tail: &Tail, kind: HostedKind, shard: &Shard) -> Vec<EndedVisit> {
    let shard = (tail.header.shard_id, shard.world());
    let ended = tail.visitors.leaving().filter_map(|(seat, visit)| {
        let who = Visitor { account: visit.account, character: visit.character, has_brought: visit.has_brought() };
        let grant = kind.grant_visit(shard, seat, who)?;
        let (brought, character) = (visit.brought.clone(), visit.character);
        Some(EndedVisit { seat, visit: visit.id, brought, character, grant })
    });
    ended.collect()
}

fn compare(tick: u32, recorded: Option<StateHash>, found: StateHash) -> Result<(), ReplayError> {
    match recorded {
        Some(recorded) if recorded != found => Err(ReplayError::Diverged { tick, recorded, found }),
        _ => Ok(()),
    }
}
