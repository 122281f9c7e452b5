//! Requests that are cheaper together: those of one kind that stand in a row are answered together, each in its turn.

use hypogeum_protocol::{AccountId, CharacterId, MatchId};
use hypogeum_store::{StoreFailure, StorePort, StoreReply, StoreRequest};

use crate::change::Change;
use crate::outbox::AcknowledgeReports;
use crate::refusal::Refusal;
use crate::rows::{signed, table};
use crate::store::{Asked, Store};
use crate::transaction::Transaction;
use crate::{escrow, profile};

/// Profiles read together: ten thousand who arrive at once wait for forty reads, and whatever comes after them for one.
const PROFILES_AT_ONCE: usize = 256;
/// Reports acknowledged together: each commit waits for the disk.
const REPORTS_AT_ONCE: usize = 1_024;
/// Matches undone together: a server that ends undoes all it has.
const ABANDONED_AT_ONCE: usize = 256;

/// Visits that begin or end together: a crowd that walks into a place comes in one commit, and not in hundreds.
const VISITS_AT_ONCE: usize = 64;

/// Answers a request and, where it is of a kind that is cheaper together, those after it of the same kind, too.
pub(crate) fn answer(store: &Store, port: &StorePort, request: StoreRequest) -> Vec<StoreReply> {
    match request {
        StoreRequest::LoadProfile { account, character, tag } => {
            let next = || match port.requests.try_pop_if(|next| matches!(next, StoreRequest::LoadProfile { .. })) {
                Some(StoreRequest::LoadProfile { account, character, tag }) => Some((account, character, tag)),
                _ => None,
            };
            store.answer_profiles(&together((account, character, tag), next, PROFILES_AT_ONCE))
        }
        StoreRequest::AcknowledgeReport { account, match_id } => {
            let next = || match port.requests.try_pop_if(|next| matches!(next, StoreRequest::AcknowledgeReport { .. }))
            {
                Some(StoreRequest::AcknowledgeReport { account, match_id }) => Some((account, match_id)),
                _ => None,
            };
            store.answer_acknowledgements(&together((account, match_id), next, REPORTS_AT_ONCE))
        }
        StoreRequest::AbandonMatch { match_id } => {
            let next = || match port.requests.try_pop_if(|next| matches!(next, StoreRequest::AbandonMatch { .. })) {
                Some(StoreRequest::AbandonMatch { match_id }) => Some(match_id),
                _ => None,
            };
            store.answer_abandoned(&together(match_id, next, ABANDONED_AT_ONCE))
        }
        StoreRequest::CheckOut(_) => {
            let next = || port.requests.try_pop_if(|next| matches!(next, StoreRequest::CheckOut(_)));
            store.answer_in_one(together(request, next, VISITS_AT_ONCE))
        }
        StoreRequest::SettleVisit { .. } => {
            let next = || port.requests.try_pop_if(|next| matches!(next, StoreRequest::SettleVisit { .. }));
            store.answer_in_one(together(request, next, VISITS_AT_ONCE))
        }
        other => vec![store.answer(other)],
    }
}

/// The first and whatever comes right after it, at most so many.
fn together<T>(first: T, next: impl FnMut() -> Option<T>, count_max: usize) -> Vec<T> {
    std::iter::once(first).chain(std::iter::from_fn(next).take(count_max - 1)).collect()
}

impl Store {
    /// Answers many [`StoreRequest::LoadProfile`], in the order asked, at little more than the cost of one. `asked` is
    /// account, character and tag of each.
    fn answer_profiles(&self, asked: &[(AccountId, Option<CharacterId>, u64)]) -> Vec<StoreReply> {
        let each: Vec<_> = asked.iter().map(|(account, character, _)| (*account, *character)).collect();
        let loaded = self.wait_for(profile::load(self.pools(), &each));
        let reply = |&(account, character, tag): &(AccountId, Option<CharacterId>, u64)| match &loaded {
            Ok(loaded) => {
                let profile = loaded.profiles.get(&account).cloned().map(Box::new);
                StoreReply::Profile { tag, account, profile, character: loaded.sheet(account, character) }
            }
            Err(failure) => StoreReply::Failed {
                request: Box::new(StoreRequest::LoadProfile { account, character, tag }),
                failure: failure.clone(),
            },
        };
        asked.iter().map(reply).collect()
    }

    /// Answers many [`StoreRequest::AcknowledgeReport`], in the order asked, in one transaction.
    fn answer_acknowledgements(&self, reports: &[(AccountId, MatchId)]) -> Vec<StoreReply> {
        let noted = self.wait_for(self.pools().change(&AcknowledgeReports(reports)));
        let reply = |&(account, match_id): &(AccountId, MatchId)| match &noted {
            Ok(()) => StoreReply::ReportAcknowledged { account, match_id },
            Err(failure) => StoreReply::Failed {
                request: Box::new(StoreRequest::AcknowledgeReport { account, match_id }),
                failure: failure.clone(),
            },
        };
        reports.iter().map(reply).collect()
    }

    /// Answers many [`StoreRequest::AbandonMatch`], in the order asked, in one transaction; one by one where that is refused,
    /// so that a match which cannot be undone keeps none of the others.
    fn answer_abandoned(&self, matches: &[MatchId]) -> Vec<StoreReply> {
        let undone = self.wait_for(self.pools().change(&Abandoned(matches)));
        let request = |&match_id: &MatchId| StoreRequest::AbandonMatch { match_id };
        match undone {
            Ok(undone) => {
                let reply = |(&match_id, items_returned)| StoreReply::Abandoned { match_id, items_returned };
                matches.iter().zip(undone).map(reply).collect()
            }
            Err(failure) if failure.is_passing() || matches.len() == 1 => {
                let reply =
                    |match_id| StoreReply::Failed { request: Box::new(request(match_id)), failure: failure.clone() };
                matches.iter().map(reply).collect()
            }
            Err(_) => matches.iter().map(|match_id| self.answer(request(match_id))).collect(),
        }
    }

    /// Answers requests that change something, in the order asked, in one transaction; one by one where that is refused, so that
    /// one that cannot be done keeps none of the others.
    fn answer_in_one(&self, mut requests: Vec<StoreRequest>) -> Vec<StoreReply> {
        if requests.len() < 2 {
            return requests.pop().map(|request| self.answer(request)).into_iter().collect();
        }
        match self.wait_for(self.pools().change(&InOne(&requests))) {
            Ok(replies) => replies,
            Err(failure) if failure.is_passing() => {
                let reply = |request| StoreReply::Failed { request: Box::new(request), failure: failure.clone() };
                requests.into_iter().map(reply).collect()
            }
            Err(_) => requests.into_iter().map(|request| self.answer(request)).collect(),
        }
    }

    fn wait_for<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<T, StoreFailure> {
        match self.runtime() {
            Some(runtime) => runtime.block_on(work).map_err(StoreFailure::from),
            None => Err(StoreFailure::Unavailable("the store is closing".into())),
        }
    }
}

/// Requests that change something, one after the other.
struct InOne<'a>(&'a [StoreRequest]);

impl Change for InOne<'_> {
    type Done = Vec<StoreReply>;

    async fn apply(&self, changes: &mut Transaction) -> Result<Vec<StoreReply>, Refusal> {
        // In one order for everyone: two who want the same accounts do not wait for each other for ever.
        let accounts = self.0.iter().filter_map(|request| match request {
            StoreRequest::CheckOut(asked) => Some(asked.account),
            StoreRequest::SettleVisit { grant, .. } => Some(grant.account),
            _ => None,
        });
        let mut accounts: Vec<i64> = accounts.map(|account| signed(account.0)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        changes.lock_accounts(&table(&accounts)?).await?;
        let mut replies = Vec::with_capacity(self.0.len());
        for request in self.0 {
            replies.push(Asked(request).apply(changes).await?);
        }
        Ok(replies)
    }
}

/// Matches that will not end properly.
struct Abandoned<'a>(&'a [MatchId]);

impl Change for Abandoned<'_> {
    /// How many items of each returned to stashes.
    type Done = Vec<u32>;

    async fn apply(&self, changes: &mut Transaction) -> Result<Vec<u32>, Refusal> {
        let mut in_order = self.0.to_vec();
        in_order.sort_unstable();
        for &match_id in &in_order {
            escrow::match_state(changes, match_id).await?;
        }
        escrow::lock_seats(changes, &in_order).await?;
        let mut items_returned = Vec::with_capacity(self.0.len());
        for &match_id in self.0 {
            items_returned.push(escrow::abandon(changes, match_id).await?);
        }
        Ok(items_returned)
    }
}
