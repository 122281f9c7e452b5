//! A database that is older than the match logs beside it, as after it was restored from a backup: what was granted since
//! is granted again, as the logs have it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use hypogeum_journal::{Close, Entry, Header, JournalFolder, LogReader, PublicKey, ReplayError, VisitEntry, verify};
use hypogeum_persistence::{RememberedMatch, Store};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, Grant, MatchId};
use hypogeum_shard::{ShardBrief, ShardKinds};
use hypogeum_store::{StoreReply, StoreRequest};

/// Grants what finished logs have and the database does not. A log that this server has not signed to its end grants
/// nothing. Returns the matches that are settled by it.
pub(crate) fn grant_finished(
    store: &Store,
    kinds: &ShardKinds,
    folder: &JournalFolder,
    key: PublicKey,
) -> anyhow::Result<BTreeSet<MatchId>> {
    let finished = folder.finished_shards().context("the folder of finished logs cannot be read")?;
    let finished: Vec<MatchId> = finished.into_iter().map(MatchId::from).collect();
    let running: BTreeSet<MatchId> = store.unfinished().into_iter().collect();
    let mut behind = store.forgotten(&finished)?;
    behind.extend(finished.iter().filter(|id| running.contains(id)));
    // Whoever brought something had it from a match with a lower number.
    behind.sort_unstable();
    let mut granted = BTreeSet::new();
    for match_id in behind {
        match of_finished_log(kinds, folder, match_id, key) {
            Ok(Some((remembered, visits))) => {
                grant_visits(store, &remembered.mode, &visits)?;
                let is_settled = remembered.order.is_some();
                // One that runs in the database and was undone has its escrow there: that is undone elsewhere.
                if is_settled || !running.contains(&match_id) {
                    grant(store, &remembered)?;
                }
                granted.extend(is_settled.then_some(match_id));
            }
            Ok(None) => tracing::warn!(%match_id, "a finished log is not signed to its end, and grants nothing"),
            Err(error) => tracing::warn!(%match_id, %error, "a finished log is refused, and grants nothing"),
        }
    }
    Ok(granted)
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

/// Grants the visits to an open shard that the database does not know. Returns which those are.
pub(crate) fn grant_visits(store: &Store, place: &str, visits: &[VisitEntry]) -> anyhow::Result<Vec<MatchId>> {
    let ids: Vec<MatchId> = visits.iter().map(|entry| entry.visit).collect();
    let unheard = store.forgotten(&ids).context("visits on record cannot be looked up")?;
    let is_unheard: BTreeSet<MatchId> = unheard.iter().copied().collect();
    for VisitEntry { visit, grant, .. } in visits.iter().filter(|entry| is_unheard.contains(&entry.visit)) {
        let order = SettlementOrder { match_id: *visit, results: vec![grant.clone()] };
        let seats = vec![(grant.account, Vec::new())];
        let remembered =
            RememberedMatch { match_id: *visit, mode: place.to_owned(), seed: 0, seats, order: Some(order) };
        let done = store.grant_again(&remembered).with_context(|| format!("visit {visit} cannot be granted"))?;
        tracing::info!(%visit, account = %grant.account, is_gone = done.accounts_gone > 0, "a visit on record is granted");
    }
    Ok(unheard)
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
            match store.answer(StoreRequest::AbandonMatch { match_id }) {
                StoreReply::Abandoned { .. } => Ok(false),
                other => bail!("match {match_id} cannot be undone: {other:?}"),
            }
        }
        other => bail!("what was brought into match {match_id} cannot be taken again: {other:?}"),
    }
}

/// A match as its log has it.
pub(crate) fn remembered(header: &Header, brief: &ShardBrief, grants: Option<Vec<Grant>>) -> RememberedMatch {
    RememberedMatch {
        match_id: header.shard_id.into(),
        mode: brief.title.clone(),
        seed: header.seed.fingerprint(),
        seats: brief.players().map(|(_, account, seat)| (account, seat.items.clone())).collect(),
        order: grants.map(|results| SettlementOrder { match_id: header.shard_id.into(), results }),
    }
}

fn of_finished_log(
    kinds: &ShardKinds,
    folder: &JournalFolder,
    match_id: MatchId,
    key: PublicKey,
) -> Result<Option<(RememberedMatch, Vec<VisitEntry>)>, ReplayError> {
    let path = folder.finished(match_id.into());
    let verified = verify(&path, Some(key))?;
    if !verified.complete || verified.header.shard_id != match_id.into() {
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
    Ok(Some((remembered(&verified.header, &brief, grants), visits)))
}
