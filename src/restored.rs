//! A database that is older than the match logs beside it, as after it was restored from a backup: what was granted since
//! is granted again, as the logs have it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::iter;

use anyhow::{Context, bail};
use hypogeum_journal::{
    Close, EndedVisit, Entry, Header, JournalFolder, LogId, LogReader, PublicKey, ReplayError, Visit, VisitEntry,
    VisitsOnRecord, verify,
};
use hypogeum_persistence::{RememberedMatch, Store};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, ShardId};
use hypogeum_shard::{ShardBrief, ShardKinds};
use hypogeum_store::{CheckOut, StoreReply, StoreRequest};

/// Grants what finished logs have and the database does not. A log that this server has not signed to its end grants
/// nothing. Returns the matches that are settled by it.
pub(crate) fn grant_finished(
    store: &Store,
    kinds: &ShardKinds,
    folder: &JournalFolder,
    key: PublicKey,
) -> anyhow::Result<BTreeSet<MatchId>> {
    let logs = ended_logs(folder).context("the folders of logs cannot be read")?;
    let finished: Vec<MatchId> = logs.keys().copied().collect();
    let running: BTreeSet<MatchId> = store.unfinished().into_iter().collect();
    let mut behind = store.forgotten(&finished)?;
    behind.extend(finished.iter().filter(|id| running.contains(id)));
    // Whoever brought something had it from a match with a lower number.
    behind.sort_unstable();
    let mut granted = BTreeSet::new();
    for match_id in behind {
        let Some(log) = logs.get(&match_id) else { continue };
        match of_finished_log(kinds, folder, *log, key) {
            Ok(Some((header, remembered, visits))) => {
                let visits = visits_on_record(store, folder, (&header, &visits), key)?;
                if !visits.is_empty() {
                    grant_visits(store, (match_id.into(), &remembered.mode), &visits, iter::empty())?;
                    // It is over: what was left there returns to whoever brought it.
                    undo(store, match_id)?;
                }
                let is_settled = remembered.order.is_some();
                // One that runs in the database and was undone has its escrow there: that is undone elsewhere.
                if is_settled || !running.contains(&match_id) {
                    grant(store, &remembered)?;
                }
                granted.extend(is_settled.then_some(match_id));
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%match_id, %error, "a finished log is refused, and grants nothing"),
        }
    }
    Ok(granted)
}

/// The logs of shards that are over, of each the last part.
fn ended_logs(folder: &JournalFolder) -> std::io::Result<BTreeMap<MatchId, LogId>> {
    let go_on: BTreeSet<ShardId> = folder.unfinished()?.into_iter().map(|log| log.shard_id).collect();
    let ended = folder.finished_logs()?.into_iter().filter(|log| log.part == 0 || !go_on.contains(&log.shard_id));
    // They come in the order of their parts.
    Ok(ended.map(|log| (log.shard_id.into(), log)).collect())
}

/// What visits to a shard were worth of which the database may not know: of those of the part of its log with this header, which are
/// `visits`, and of those of as many parts before it as the database is behind.
pub(crate) fn visits_on_record(
    store: &Store,
    folder: &JournalFolder,
    (header, visits): (&Header, &[VisitEntry]),
    key: PublicKey,
) -> anyhow::Result<Vec<VisitEntry>> {
    let knows = |visit| store.forgotten(&[visit]).map(|forgotten| forgotten.is_empty());
    let found = hypogeum_journal::visits_on_record(folder, (header, visits), key, knows);
    let VisitsOnRecord { visits, refused } = found.context("visits on record cannot be looked up")?;
    if let Some((log, error)) = refused {
        tracing::warn!(%log, %error, "the database is older than a part of a log that cannot be read: visits that ended in it are not granted again");
    }
    Ok(visits)
}

/// Grants one match again.
pub(crate) fn grant(store: &Store, remembered: &RememberedMatch) -> anyhow::Result<()> {
    let match_id = remembered.match_id;
    let done = store.grant_again(remembered).with_context(|| format!("match {match_id} cannot be granted again"))?;
    if remembered.order.is_some() {
        let (accounts, accounts_gone, items_left) = (done.accounts, done.accounts_gone, done.items_left);
        tracing::warn!(%match_id, accounts, accounts_gone, items_left, "a match that the database had forgotten is granted again");
    }
    Ok(())
}

/// Brings the database to what the log of an open shard says of its visits, `open` those that go on: what was brought is checked
/// out, and what visits were worth that have ended is granted, wherever the database has not heard of it. Returns which those are.
pub(crate) fn grant_visits<'a>(
    store: &Store,
    (shard, place): (ShardId, &str),
    ended: &[VisitEntry],
    open: impl Iterator<Item = &'a Visit>,
) -> anyhow::Result<Vec<MatchId>> {
    let ids: Vec<MatchId> = ended.iter().map(|entry| entry.ended.visit).collect();
    let open: Vec<&Visit> = open.filter(|visit| visit.has_brought()).collect();
    let forgotten = |ids: &[MatchId]| store.forgotten(ids).context("visits on record cannot be looked up");
    let mut due: BTreeSet<MatchId> = forgotten(&ids)?.into_iter().collect();
    let unfinished = store.unfinished_visits();
    let on_record: BTreeSet<MatchId> = ids.iter().copied().collect();
    due.extend(unfinished.iter().map(|(visit, _)| *visit).filter(|visit| on_record.contains(visit)));
    let lost: BTreeSet<MatchId> =
        forgotten(&open.iter().map(|visit| visit.id).collect::<Vec<_>>())?.into_iter().collect();

    let bringing = |visit, account, items: &[ItemId], character| {
        let (place, items) = (place.to_owned(), items.to_vec());
        CheckOut { visit, shard, place, account, items, character }
    };
    let ended: Vec<&EndedVisit> = ended.iter().map(|entry| &entry.ended).filter(|it| due.contains(&it.visit)).collect();
    let mut check_outs = CheckOutQueue::default();
    for EndedVisit { visit, brought, character, grant, .. } in &ended {
        check_outs.add(bringing(*visit, grant.account, brought, *character));
    }
    for Visit { id, account, brought, character } in open.into_iter().filter(|visit| lost.contains(&visit.id)) {
        check_outs.add(bringing(*id, *account, brought, *character));
    }
    check_outs.begin(store)?;
    for EndedVisit { visit, grant, .. } in &ended {
        let (visit, account) = (*visit, grant.account);
        let (place, grant) = (place.to_owned(), Box::new(grant.clone()));
        match store.answer(StoreRequest::SettleVisit { visit, shard, place, grant }) {
            StoreReply::VisitSettled { report, .. } => {
                tracing::info!(%visit, %account, is_gone = report.is_none(), "a visit on record is granted");
            }
            other => bail!("visit {visit} cannot be granted: {other:?}"),
        }
        check_outs.next_of(store, account)?;
    }
    Ok(ended.into_iter().map(|ended| ended.visit).collect())
}

/// What accounts brought into one shard, in the order in which each of them came: nobody brings a thing again before
/// having left with it.
#[derive(Default)]
struct CheckOutQueue(BTreeMap<AccountId, VecDeque<CheckOut>>);

impl CheckOutQueue {
    fn add(&mut self, visit: CheckOut) {
        self.0.entry(visit.account).or_default().push_back(visit);
    }

    /// Checks out what everyone brought first.
    fn begin(&mut self, store: &Store) -> anyhow::Result<()> {
        let accounts: Vec<AccountId> = self.0.keys().copied().collect();
        accounts.into_iter().try_for_each(|account| self.next_of(store, account))
    }

    /// Checks out what an account brought next.
    fn next_of(&mut self, store: &Store, account: AccountId) -> anyhow::Result<()> {
        let Some(next) = self.0.get_mut(&account).and_then(VecDeque::pop_front) else { return Ok(()) };
        let visit = next.visit;
        let elsewhere =
            store.check_out_again(&next).with_context(|| format!("visit {visit} cannot be taken up again"))?;
        if elsewhere > 0 {
            tracing::warn!(%visit, %account, elsewhere, "what was brought into an open shard is elsewhere in the restored database and stays there");
        }
        Ok(())
    }
}

/// Takes what was brought into a match that goes on and that the database has forgotten. Where it has not all of it any
/// more, nothing is taken, and the match cannot go on.
pub(crate) fn take_again(store: &Store, header: &Header, brief: &ShardBrief) -> anyhow::Result<bool> {
    let RememberedMatch { match_id, mode, seed, seats, .. } = remembered(header, brief, None);
    let seated = seats.len();
    match store.answer(StoreRequest::TakeEscrow { match_id, mode, seed, seats }) {
        StoreReply::EscrowTaken { taken, refused, .. } if refused.is_empty() && taken.len() == seated => Ok(true),
        StoreReply::EscrowTaken { .. } => {
            let why = "the database was restored from before the match, and lacks what was brought into it";
            tracing::warn!(%match_id, why, "an unfinished match cannot go on");
            undo(store, match_id).map(|()| false)
        }
        other => bail!("what was brought into match {match_id} cannot be taken again: {other:?}"),
    }
}

fn undo(store: &Store, match_id: MatchId) -> anyhow::Result<()> {
    match store.answer(StoreRequest::AbandonMatch { match_id }) {
        StoreReply::Abandoned { .. } => Ok(()),
        other => bail!("match {match_id} cannot be undone: {other:?}"),
    }
}

/// A match as its log has it.
pub(crate) fn remembered(header: &Header, brief: &ShardBrief, grants: Option<Vec<Grant>>) -> RememberedMatch {
    RememberedMatch {
        match_id: header.shard_id.into(),
        mode: brief.title.clone(),
        seed: header.seed.fingerprint(),
        seats: brief.players().map(|(_, account, seat)| (account, seat.items.clone())).collect(),
        order: grants.map(|results| SettlementOrder::of_match(header.shard_id.into(), results)),
    }
}

fn of_finished_log(
    kinds: &ShardKinds,
    folder: &JournalFolder,
    log: LogId,
    key: PublicKey,
) -> Result<Option<(Header, RememberedMatch, Vec<VisitEntry>)>, ReplayError> {
    let path = folder.finished_log(log);
    // What went by turns has no row of a match, and grants nothing: the games of the database have it.
    let (_, header) = LogReader::open(&path)?;
    if kinds.find(&header.kind).is_ok_and(|kind| kind.as_turn_based.is_some()) {
        return Ok(None);
    }
    let verified = verify(&path, Some(key))?;
    if !verified.complete || verified.header.log_id() != log {
        tracing::warn!(%log, "a finished log is not signed to its end, and grants nothing");
        return Ok(None);
    }
    let brief = verified.header.brief(kinds)?;
    let (mut grants, mut visits): (Option<BTreeMap<AccountId, Grant>>, Vec<VisitEntry>) = (None, Vec::new());
    if verified.close == Some(Close::Settled) || kinds.find(&verified.header.kind)?.is_open {
        let (mut reader, _) = LogReader::open(&path)?;
        while let Some(read) = reader.next_entry()? {
            match read.entry {
                // What is granted later says it all again.
                Entry::Grants(entry) => {
                    grants.get_or_insert_default().extend(entry.grants.into_iter().map(|grant| (grant.account, grant)));
                }
                Entry::Visit(entry) => visits.push(*entry),
                _ => {}
            }
        }
    }
    let grants = grants.map(|grants| grants.into_values().collect());
    let remembered = remembered(&verified.header, &brief, grants);
    Ok(Some((verified.header, remembered, visits)))
}
