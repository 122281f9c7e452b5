//! What a server that died has left, found at the next start: matches go on, are granted, or are undone.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use hypogeum_content::Content;
use hypogeum_crash::crash_point;
use hypogeum_journal::{Close, JournalFolder, JournalPort, LogError, Tail};
use hypogeum_persistence::Store;
use hypogeum_progression::{StoreReply, StoreRequest};
use hypogeum_protocol::MatchId;
use hypogeum_replay::resume;
use hypogeum_sessions::ResumedMatch;
use hypogeum_shard::StateHash;
use serde::Serialize;

/// What was found and done.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Recovery {
    /// Matches that go on, and after which step.
    pub(crate) resumed: Vec<(MatchId, u32)>,
    /// Matches that were over and are still to be granted.
    pub(crate) settling: Vec<MatchId>,
    /// Matches that were granted already, and whose logs were only put away.
    pub(crate) put_away: u32,
    /// Matches that were undone, and why where there is a reason to tell.
    pub(crate) undone: Vec<(MatchId, String)>,
    /// Items that went home with them.
    pub(crate) items_returned: u32,
    /// Steps that were taken again.
    pub(crate) steps: u64,
    /// Bytes that a crash had left half written.
    pub(crate) bytes_torn: u64,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
}

impl Recovery {
    /// Whether there was nothing to do.
    pub(crate) fn is_nothing(&self) -> bool {
        self.resumed.is_empty() && self.settling.is_empty() && self.undone.is_empty() && self.put_away == 0
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resumed, settling, put_away, undone, items_returned, steps, bytes_torn, seconds } = self;
        let mut parts = Vec::new();
        if !resumed.is_empty() {
            let places = resumed.iter().map(|(id, tick)| format!("match {id} after tick {tick}"));
            parts.push(format!("resumed {} ({steps} steps taken again)", places.collect::<Vec<_>>().join(", ")));
        }
        if !settling.is_empty() {
            let ids: Vec<String> = settling.iter().map(ToString::to_string).collect();
            parts.push(format!("granting match {}", ids.join(", ")));
        }
        if *put_away > 0 {
            parts.push(format!("put away {put_away} logs"));
        }
        if !undone.is_empty() {
            let ids: Vec<String> = undone.iter().map(|(id, _)| id.to_string()).collect();
            parts.push(format!("unfinished matches undone: {}, {items_returned} items are home again", ids.join(", ")));
        }
        if *bytes_torn > 0 {
            parts.push(format!("{bytes_torn} half-written bytes cut off"));
        }
        write!(formatter, "{} in {seconds:.2} s", parts.join("; "))
    }
}

/// Looks at every match that has a log or an escrow and no end, and decides what becomes of it. The world is only trusted
/// where every step on record gives the state on record.
pub(crate) fn recover(
    store: &Store,
    folder: &JournalFolder,
    port: &mut JournalPort,
    content: &Arc<Content>,
) -> anyhow::Result<(Recovery, Vec<ResumedMatch>)> {
    let began = Instant::now();
    let mut running: BTreeSet<MatchId> = store.unfinished().into_iter().collect();
    let mut recovery = Recovery::default();
    let mut resumed = Vec::new();
    for match_id in folder.unfinished().context("the journal cannot be read")? {
        let holds_escrow = running.remove(&match_id);
        let path = folder.running(match_id);
        let tail = match Tail::read(&path) {
            Ok(tail) => tail,
            Err(LogError::NoLog { .. }) => {
                // It died before it had written anything.
                folder.discard(match_id).context("an empty log cannot be removed")?;
                running.extend(holds_escrow.then_some(match_id));
                continue;
            }
            Err(error) => {
                let aside = folder.set_aside(match_id).context("a damaged log cannot be moved")?;
                let why = format!("its log is refused: {error}; it is kept in {}", aside.display());
                if holds_escrow {
                    undo(store, match_id, why, &mut recovery)?;
                } else {
                    tracing::error!(%match_id, "{why}");
                }
                continue;
            }
        };
        tail.mend(&path)?;
        recovery.bytes_torn += tail.cut_off.as_ref().map_or(0, |cut| cut.bytes_torn);
        if tail.complete {
            folder.put_away(match_id).context("a log cannot be put away")?;
            recovery.put_away += 1;
        } else if holds_escrow && tail.close.is_none() {
            match resume(&tail, Arc::clone(content)) {
                Ok(found) => resumed.push(go_on(&tail, found, port, &mut recovery)),
                Err(error) => {
                    undo(store, match_id, error.to_string(), &mut recovery)?;
                    close(&tail, port, Close::Undone);
                }
            }
        } else {
            close(&tail, port, ending(store, &tail)?);
            recovery.put_away += 1;
        }
    }
    for match_id in running {
        undo(store, match_id, "it has no log".to_owned(), &mut recovery)?;
    }
    port.hand_over();
    recovery.seconds = began.elapsed().as_secs_f64();
    crash_point!("recovered");
    Ok((recovery, resumed))
}

fn go_on(
    tail: &Tail,
    mut found: hypogeum_replay::Resumed,
    port: &mut JournalPort,
    recovery: &mut Recovery,
) -> ResumedMatch {
    let match_id = tail.header.match_id;
    recovery.steps += u64::from(found.steps);
    let settlement = tail.settlement.as_ref().map(|entry| entry.order.clone());
    if settlement.is_some() {
        recovery.settling.push(match_id);
    } else {
        recovery.resumed.push((match_id, tail.tick()));
    }
    // After the settlement nothing but the end may follow.
    let snapshot = settlement.is_none().then(|| found.shard.snapshot());
    let recorder = port.resume(tail, found.hash, snapshot);
    ResumedMatch { setup: found.setup, seed: tail.header.seed, shard: found.shard, settlement, recorder }
}

/// How a match has ended that holds no escrow any more: as the store knows it.
fn ending(store: &Store, tail: &Tail) -> anyhow::Result<Close> {
    if let Some(close) = tail.close {
        return Ok(close);
    }
    let Some(settlement) = &tail.settlement else { return Ok(Close::Undone) };
    // The same order again grants nothing, and says whether it was granted.
    match store.answer(StoreRequest::Settle(settlement.order.clone())) {
        StoreReply::Settled { .. } => Ok(Close::Settled),
        StoreReply::Failed { failure, .. } if failure.is_passing() => {
            anyhow::bail!("match {} cannot be looked up: {failure}", tail.header.match_id)
        }
        _ => Ok(Close::Undone),
    }
}

fn close(tail: &Tail, port: &mut JournalPort, how: Close) {
    let recorder = port.resume(tail, StateHash::default(), None);
    port.close(&recorder, how);
}

fn undo(store: &Store, match_id: MatchId, why: String, recovery: &mut Recovery) -> anyhow::Result<()> {
    match store.answer(StoreRequest::AbandonMatch { match_id }) {
        StoreReply::Abandoned { items_returned, .. } => recovery.items_returned += items_returned,
        other => anyhow::bail!("match {match_id} cannot be undone: {other:?}"),
    }
    tracing::warn!(%match_id, %why, "an unfinished match is undone");
    recovery.undone.push((match_id, why));
    Ok(())
}
