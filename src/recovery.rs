//! What a server that died has left, found at the next start: matches are granted, go on, or are undone.
//!
//! What is on record as over is granted before anything else is looked at: that needs no world and no content. Every other
//! match goes on by its log alone, which holds the content it began with. One that this build cannot go on with keeps the
//! server from starting, until somebody has decided what becomes of it.

mod parts;
mod stuck;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use anyhow::Context;
use hypogeum_crash::crash_point;
use hypogeum_hosting::ResumedShard;
use hypogeum_journal::{Close, JournalFolder, JournalPort, LogError, LogId, PublicKey, Resumed, Tail, resume};
use hypogeum_persistence::Store;
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::MatchId;
use hypogeum_shard::{ShardKinds, StateHash};
use hypogeum_store::{StoreReply, StoreRequest};
use serde::Serialize;

use crate::restored;
use stuck::{Stakes, Stuck};

/// Why a match cannot go on whose world panics.
const PANICS: &str = "its world panics";

/// What becomes of matches that this build cannot go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnStuck {
    /// The server does not start.
    Refuse,
    /// They are undone, and what was promised in them is broken.
    Leave,
}

/// What was found and done.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Recovery {
    /// Matches that go on, and after which step.
    pub(crate) resumed: Vec<(MatchId, u32)>,
    /// Matches that were over, and are granted now.
    pub(crate) granted: Vec<MatchId>,
    /// Matches that the database had forgotten, and that are granted again as their logs have them.
    pub(crate) granted_again: Vec<MatchId>,
    /// Visits to open shards that the database did not know, and that are granted now.
    pub(crate) visits_granted: Vec<MatchId>,
    /// Matches that were granted already, and whose logs were only put away.
    pub(crate) put_away: u32,
    /// Matches that were undone, and the reason where there is one to give.
    pub(crate) undone: Vec<(MatchId, String)>,
    /// Items that returned to stashes with them.
    pub(crate) items_returned: u32,
    /// Steps a second of the fastest match that goes on: each keeps its rate, and no server is slower than its matches.
    pub(crate) tick_hz: Option<u16>,
    /// The last visit on record of each server: the next number is higher.
    #[serde(skip)]
    pub(crate) last_visits: BTreeMap<u16, MatchId>,
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
        self.resumed.is_empty()
            && self.granted.is_empty()
            && self.granted_again.is_empty()
            && self.visits_granted.is_empty()
            && self.undone.is_empty()
            && self.put_away == 0
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resumed, granted, granted_again, visits_granted, put_away, undone, items_returned, .. } = self;
        let Self { steps, bytes_torn, seconds, .. } = self;
        let mut parts = Vec::new();
        if !resumed.is_empty() {
            let places = resumed.iter().map(|(id, tick)| format!("match {id} after tick {tick}"));
            parts.push(format!("resumed {} ({steps} steps taken again)", places.collect::<Vec<_>>().join(", ")));
        }
        if !granted.is_empty() {
            let ids: Vec<String> = granted.iter().map(ToString::to_string).collect();
            parts.push(format!("granted match {}", ids.join(", ")));
        }
        if !granted_again.is_empty() {
            let ids: Vec<String> = granted_again.iter().map(ToString::to_string).collect();
            parts.push(format!("granted again match {}, which the database had forgotten", ids.join(", ")));
        }
        if !visits_granted.is_empty() {
            let ids: Vec<String> = visits_granted.iter().map(ToString::to_string).collect();
            parts.push(format!("granted visit {}", ids.join(", ")));
        }
        if *put_away > 0 {
            parts.push(format!("put away {put_away} logs"));
        }
        if !undone.is_empty() {
            let ids: Vec<String> = undone.iter().map(|(id, _)| id.to_string()).collect();
            parts.push(format!(
                "unfinished matches undone: {}, {items_returned} items are back in their stashes",
                ids.join(", ")
            ));
        }
        if *bytes_torn > 0 {
            parts.push(format!("{bytes_torn} half-written bytes cut off"));
        }
        write!(formatter, "{} in {seconds:.2} s", parts.join("; "))
    }
}

/// Looks at every match that has a log or an escrow and no end, and decides what becomes of it. The world is only trusted
/// where every step on record gives the state on record.
///
/// # Errors
/// One sentence that says which matches this build cannot go on with, and what was promised in them; or what cannot be read
/// or written.
pub(crate) fn recover(
    store: &Store,
    kinds: &ShardKinds,
    (folder, port): (&JournalFolder, &mut JournalPort),
    key: PublicKey,
    on_stuck: OnStuck,
) -> anyhow::Result<(Recovery, Vec<ResumedShard>)> {
    let began = Instant::now();
    let mut running: BTreeSet<MatchId> = store.unfinished().into_iter().collect();
    let (interrupted, stuck) = (Vec::new(), Vec::new());
    let mut left = Left { store, kinds, folder, port, key, interrupted, stuck, recovery: Recovery::default() };
    let granted_again = restored::grant_finished(store, kinds, folder, key)?;
    running.retain(|match_id| !granted_again.contains(match_id));
    left.recovery.granted_again.extend(granted_again);
    let unfinished = folder.unfinished().context("the journal cannot be read")?;
    for logs in unfinished.chunk_by(|one, next| one.shard_id == next.shard_id) {
        let Some(match_id) = logs.first().map(|log| MatchId::from(log.shard_id)) else { continue };
        let holds_escrow = running.remove(&match_id);
        if left.is_without_log(logs, holds_escrow)? {
            running.insert(match_id);
        }
    }
    let resumed = left.go_on(on_stuck)?;
    for match_id in running {
        left.undo(match_id, "it has no log".to_owned())?;
    }
    left.port.hand_over();
    left.recovery.seconds = began.elapsed().as_secs_f64();
    crash_point!("recovered");
    Ok((left.recovery, resumed))
}

/// What is left, as far as it has been looked at.
struct Left<'a> {
    store: &'a Store,
    kinds: &'a ShardKinds,
    folder: &'a JournalFolder,
    port: &'a mut JournalPort,
    key: PublicKey,
    /// Matches to go on with.
    interrupted: Vec<Tail>,
    /// Matches that cannot go on here.
    stuck: Vec<Stuck>,
    recovery: Recovery,
}

impl Left<'_> {
    /// Does with the log of a shard, whose unfinished parts `logs` are, whatever needs no world. Returns whether the match holds an
    /// escrow and has no log to go on with.
    fn is_without_log(&mut self, logs: &[LogId], holds_escrow: bool) -> anyhow::Result<bool> {
        let Some((log, read)) = self.newest(logs)? else { return Ok(holds_escrow) };
        let (match_id, path) = (MatchId::from(log.shard_id), self.folder.running_log(log));
        let tail = match read {
            Ok(tail) => tail,
            Err(error) => {
                self.refused(log, holds_escrow, &error)?;
                return Ok(false);
            }
        };
        if tail.header.key != self.key.0 && (!tail.complete || tail.goes_on()) {
            self.of_another_key(&tail, holds_escrow)?;
            return Ok(false);
        }
        tail.mend(&path)?;
        self.grant_visits(&tail)?;
        self.recovery.bytes_torn += tail.cut_off.as_ref().map_or(0, |cut| cut.bytes_torn);
        // Players enter and leave an open shard one by one: whether it holds anything now says nothing about it.
        if self.kinds.find(&tail.header.kind).is_ok_and(|kind| kind.is_open) && tail.goes_on() {
            self.interrupted.push(tail);
            return Ok(false);
        }
        // Nor has a match's row what goes by turns: the games of the database say what it holds, and it is settled by their numbers.
        if self.kinds.find(&tail.header.kind).is_ok_and(|kind| kind.as_turn_based.is_some()) {
            if tail.goes_on() {
                self.interrupted.push(tail);
            } else {
                self.put_away(&tail)?;
            }
            return Ok(false);
        }
        if holds_escrow || self.is_remembered(&tail)? {
            match (&tail.settlement, tail.close) {
                // On record already, but the store had not learned of it.
                (_, Some(Close::Undone)) => self.undo(match_id, "it was being undone".to_owned())?,
                (Some(_), _) => return self.grant(&tail).map(|()| false),
                (None, None | Some(Close::Continued)) => {
                    self.interrupted.push(tail);
                    return Ok(false);
                }
                (None, Some(Close::Settled)) => {}
            }
        }
        self.put_away(&tail)?;
        Ok(false)
    }

    /// Visits on record that the database does not know, or thinks go on, whatever becomes of the shard: the server died before it
    /// asked, or the database was restored from a backup. And the other way round: visits of which the log knows nothing.
    fn grant_visits(&mut self, tail: &Tail) -> anyhow::Result<()> {
        let shard = tail.header.shard_id;
        // First, for what they hold may be what is checked out again below.
        let visits = restored::visits_on_record(self.store, self.folder, (&tail.header, &tail.visits), self.key)?;
        let ended = visits.iter().map(|entry| entry.ended.visit);
        let known: BTreeSet<MatchId> = ended.chain(tail.open_visits().map(|visit| visit.id)).collect();
        for (visit, of_shard) in self.store.unfinished_visits() {
            if of_shard == shard && !known.contains(&visit) {
                self.undo(visit, "its player had not entered yet".to_owned())?;
            }
        }
        // Nobody ever enters a match, and the setup of ten thousand seats takes its time to read.
        if !visits.is_empty() || tail.open_visits().next().is_some() {
            let place = tail.header.brief(self.kinds).map_or_else(|_| tail.header.kind.clone(), |brief| brief.title);
            let granted = restored::grant_visits(self.store, (shard, &place), &visits, tail.open_visits())?;
            self.recovery.visits_granted.extend(granted);
        }
        for id in visits.iter().map(|entry| entry.ended.visit).chain(tail.last_visits()) {
            let last = self.recovery.last_visits.entry(id.server()).or_insert(id);
            *last = id.max(*last);
        }
        Ok(())
    }

    /// A match that a restored database has forgotten: it is granted again if it was over; else what was brought into it
    /// is taken again. Returns whether it holds that now.
    fn is_remembered(&mut self, tail: &Tail) -> anyhow::Result<bool> {
        let match_id = match_of(tail);
        if tail.close == Some(Close::Undone) || self.store.forgotten(&[match_id])?.is_empty() {
            return Ok(false);
        }
        let Ok(brief) = tail.header.brief(self.kinds) else {
            tracing::error!(%match_id, kind = tail.header.kind, "the database has forgotten a match of a kind that this build does not know");
            return Ok(false);
        };
        let Some(settlement) = &tail.settlement else {
            return restored::take_again(self.store, &tail.header, &brief);
        };
        let remembered = restored::remembered(&tail.header, &brief, Some(settlement.grants.clone()));
        restored::grant(self.store, &remembered)?;
        self.recovery.granted_again.push(match_id);
        Ok(false)
    }

    /// A match that is over: the store grants it now.
    fn grant(&mut self, tail: &Tail) -> anyhow::Result<()> {
        let match_id = match_of(tail);
        match self.store.answer(StoreRequest::Settle(settlement_of(tail))) {
            StoreReply::Settled { .. } => {
                tracing::info!(%match_id, "match settled");
                self.recovery.granted.push(match_id);
            }
            StoreReply::Failed { failure, .. } if failure.is_passing() => {
                anyhow::bail!("match {match_id} is over and cannot be granted now: {failure}")
            }
            other => self.undo(match_id, format!("the store refuses what it was worth: {other:?}"))?,
        }
        if tail.complete {
            self.folder.put_away(tail.header.log_id()).context("a log cannot be put away")?;
        } else {
            let granted = self.recovery.granted.last() == Some(&match_id);
            self.close(tail, tail.close.unwrap_or(if granted { Close::Settled } else { Close::Undone }));
        }
        Ok(())
    }

    /// The log of a match that holds nothing any more.
    fn put_away(&mut self, tail: &Tail) -> anyhow::Result<()> {
        if tail.complete {
            self.folder.put_away(tail.header.log_id()).context("a log cannot be put away")?;
        } else {
            let how = ending(self.store, tail)?;
            self.close(tail, how);
        }
        self.recovery.put_away += 1;
        Ok(())
    }

    /// A log that cannot be read.
    fn refused(&mut self, log: LogId, holds_escrow: bool, error: &LogError) -> anyhow::Result<()> {
        if holds_escrow {
            let read = Tail::promised_in_damaged(&self.folder.running_log(log));
            let stakes = read.map(|(header, promised)| Stakes::of(&header, &promised, self.kinds));
            self.stuck.push(Stuck { log, stakes, why: error.to_string(), tail: None });
            return Ok(());
        }
        self.set_aside(log, false, &format!("its log is refused: {error}"))
    }

    fn set_aside(&mut self, log: LogId, holds_escrow: bool, why: &str) -> anyhow::Result<()> {
        let aside = self.folder.set_aside(log).context("a log cannot be set aside")?;
        let match_id = MatchId::from(log.shard_id);
        let why = format!("{why}; it is kept in {}", aside.display());
        if holds_escrow {
            self.undo(match_id, why)?;
        } else {
            tracing::error!(%match_id, "{why}");
        }
        Ok(())
    }

    /// Heads of another key than its header names would make an honest log look forged.
    fn of_another_key(&mut self, tail: &Tail, holds_escrow: bool) -> anyhow::Result<()> {
        let is_granted = tail.settlement.is_some() && ending(self.store, tail)? == Close::Settled;
        self.set_aside(tail.header.log_id(), holds_escrow && !is_granted, "its log is signed by another key")
    }

    /// Builds the worlds of all matches that were interrupted, and goes on with them once all are there.
    fn go_on(&mut self, on_stuck: OnStuck) -> anyhow::Result<Vec<ResumedShard>> {
        let mut worlds = Vec::new();
        for tail in std::mem::take(&mut self.interrupted) {
            match resume_or_explain(self.kinds, &tail) {
                Ok(found) => worlds.push((tail, found)),
                // Nobody was promised anything, and no other build is known to do better.
                Err(why) if why == PANICS && tail.promised.is_empty() => {
                    self.undo(match_of(&tail), why)?;
                    self.close(&tail, Close::Undone);
                }
                Err(why) => self.stuck.push(Stuck::new(tail, why, self.kinds)),
            }
        }
        // A match on record has a rate that fits.
        self.recovery.tick_hz = worlds.iter().filter_map(|(tail, _)| u16::try_from(tail.header.tick_hz).ok()).max();
        let stuck = std::mem::take(&mut self.stuck);
        if !stuck.is_empty() && on_stuck == OnStuck::Refuse {
            anyhow::bail!(stuck::sentence(&stuck));
        }
        for Stuck { log, why, tail, .. } in stuck {
            match tail {
                Some(tail) => {
                    self.undo(log.shard_id.into(), why)?;
                    self.close(&tail, Close::Undone);
                }
                None => self.set_aside(log, true, &format!("its log is refused: {why}"))?,
            }
        }
        Ok(worlds.into_iter().map(|(tail, found)| self.resumed(&tail, found)).collect())
    }

    fn resumed(&mut self, tail: &Tail, mut found: Resumed) -> ResumedShard {
        self.recovery.steps += u64::from(found.steps);
        self.recovery.resumed.push((match_of(tail), tail.tick()));
        let snapshot = found.shard.snapshot();
        let recorder = self.port.resume(tail, found.hash, Some(snapshot));
        let Resumed { shard, kind, brief, ended_visits, .. } = found;
        let has_promised = !tail.promised.is_empty();
        ResumedShard { id: match_of(tail).into(), kind, brief, has_promised, shard, recorder, ended_visits }
    }

    fn close(&mut self, tail: &Tail, how: Close) {
        let recorder = self.port.resume(tail, StateHash::default(), None);
        self.port.close(&recorder, how);
    }

    fn undo(&mut self, match_id: MatchId, why: String) -> anyhow::Result<()> {
        match self.store.answer(StoreRequest::AbandonMatch { match_id }) {
            StoreReply::Abandoned { items_returned, .. } => self.recovery.items_returned += items_returned,
            other => anyhow::bail!("match {match_id} cannot be undone: {other:?}"),
        }
        tracing::warn!(%match_id, %why, "an unfinished match is undone");
        self.recovery.undone.push((match_id, why));
        Ok(())
    }
}

fn match_of(tail: &Tail) -> MatchId {
    tail.header.shard_id.into()
}

/// What everyone got, as it is on record.
fn settlement_of(tail: &Tail) -> SettlementOrder {
    let results = tail.settlement.as_ref().map(|settlement| settlement.grants.clone()).unwrap_or_default();
    SettlementOrder::of_match(match_of(tail), results)
}

/// A match whose world panics must not end the start, whatever is wrong with it.
fn resume_or_explain(kinds: &ShardKinds, tail: &Tail) -> Result<Resumed, String> {
    match catch_unwind(AssertUnwindSafe(|| resume(kinds, tail))) {
        Ok(Ok(found)) if found.kind.as_match.is_none() && found.kind.as_turn_based.is_none() && !found.kind.is_open => {
            Err(format!("its kind {:?} is no match, does not go by turns, and nobody enters it", found.kind.name))
        }
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err(PANICS.to_owned()),
    }
}

/// How a match has ended that holds no escrow any more: as the store knows it.
fn ending(store: &Store, tail: &Tail) -> anyhow::Result<Close> {
    if let Some(close) = tail.close {
        return Ok(close);
    }
    if tail.settlement.is_none() {
        return Ok(Close::Undone);
    }
    // The same order again grants nothing, and says whether it was granted.
    match store.answer(StoreRequest::Settle(settlement_of(tail))) {
        StoreReply::Settled { .. } => Ok(Close::Settled),
        StoreReply::Failed { failure, .. } if failure.is_passing() => {
            anyhow::bail!("match {} cannot be looked up: {failure}", match_of(tail))
        }
        _ => Ok(Close::Undone),
    }
}
