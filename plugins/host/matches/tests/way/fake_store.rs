//! A store in memory.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{Balance, EscrowedItem, Profile, SeatSettlement, SettlementOrder, rate, settle_seats};
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, SettledReport, StashedItem};
use hypogeum_store::{CheckOut, RefusedItem, SeatEscrow, StoreFailure, StoreReply, StoreRequest};

/// What the store fails at now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Load,
    Escrow,
    Settle,
    SettleForGood,
    Abandon,
}

#[derive(Default)]
struct Escrow {
    held: Vec<EscrowedItem>,
    seats: Vec<AccountId>,
    granted: BTreeMap<AccountId, SettledReport>,
    settled: Option<Vec<(AccountId, SettledReport)>>,
    abandoned: bool,
}

/// The store, in memory, answering at once.
#[derive(Default)]
pub(crate) struct FakeStore {
    profiles: BTreeMap<AccountId, Profile>,
    matches: BTreeMap<MatchId, Escrow>,
    pub(crate) faults: BTreeSet<Fault>,
    pub(crate) silent: bool,
    pub(crate) settle_asks: usize,
}

impl FakeStore {
    pub(crate) fn add(&mut self, profile: Profile) {
        self.profiles.insert(profile.account, profile);
    }

    /// Takes an item out of a stash, as a trade would.
    pub(crate) fn trade_away(&mut self, account: u64, item: ItemId) {
        let profile = self.profiles.get_mut(&AccountId(account)).expect("it has a profile");
        profile.stash.retain(|stashed| stashed.id != item);
    }

    pub(crate) fn profile(&self, account: u64) -> &Profile {
        &self.profiles[&AccountId(account)]
    }

    pub(crate) fn abandoned(&self) -> usize {
        self.matches.values().filter(|escrow| escrow.abandoned).count()
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each request that there is, in their order")]
    pub(crate) fn answer(&mut self, request: StoreRequest) -> StoreReply {
        let fault = match &request {
            StoreRequest::LoadProfile { .. } => Some(Fault::Load),
            StoreRequest::TakeEscrow { .. } | StoreRequest::CheckOut(_) => Some(Fault::Escrow),
            StoreRequest::Settle(_) | StoreRequest::SettleSeats(_) | StoreRequest::SettleVisit { .. } => {
                Some(Fault::Settle)
            }
            StoreRequest::AbandonMatch { .. } => Some(Fault::Abandon),
            StoreRequest::AcknowledgeReport { .. } => None,
        };
        if matches!(request, StoreRequest::Settle(_) | StoreRequest::SettleSeats(_)) {
            self.settle_asks += 1;
        }
        if fault.is_some_and(|fault| self.faults.contains(&fault)) {
            return StoreReply::Failed {
                request: Box::new(request),
                failure: StoreFailure::Unavailable("the test says so".into()),
            };
        }
        match request {
            StoreRequest::LoadProfile { account, tag, .. } => {
                let profile = self.profiles.get(&account).cloned().map(Box::new);
                StoreReply::Profile { tag, account, profile, character: None }
            }
            StoreRequest::TakeEscrow { match_id, seats, .. } => self.take(match_id, seats),
            StoreRequest::Settle(order) => {
                let escrow = self.matches.entry(order.match_id).or_default();
                if escrow.abandoned || self.faults.contains(&Fault::SettleForGood) {
                    let failure = StoreFailure::MatchClosed(order.match_id);
                    return StoreReply::Failed { request: Box::new(StoreRequest::Settle(order)), failure };
                }
                let match_id = order.match_id;
                if escrow.settled.is_none() {
                    let balances = self.profiles.iter().map(|(account, profile)| {
                        let (xp, currency, skill) = (profile.xp, profile.currency, profile.skill);
                        (*account, Balance { xp, currency, skill, stash_free: 100 })
                    });
                    let balances = balances.collect();
                    let mut fresh = order.clone();
                    fresh.results.retain(|result| !escrow.granted.contains_key(&result.account));
                    let skills = rate(&order, &balances);
                    let mut grants = settle_seats(&fresh, &balances, &escrow.held);
                    for grant in &mut grants {
                        grant.report.rating = skills[&grant.account].shown();
                    }
                    give(&mut self.profiles, escrow, match_id, grants);
                    for (account, skill) in skills {
                        self.profiles.get_mut(&account).expect("only accounts with a profile play").skill = skill;
                    }
                    escrow.held.clear();
                    let report = |result: &Grant| (result.account, escrow.granted[&result.account].clone());
                    escrow.settled = Some(order.accounts().map(report).collect());
                }
                let reports = escrow.settled.clone().unwrap_or_default();
                let rating = |(account, _): &(AccountId, _)| (*account, self.profiles[account].skill.shown());
                let ratings = reports.iter().map(rating).collect();
                StoreReply::Settled { match_id, reports, ratings, seatless: Vec::new() }
            }
            StoreRequest::SettleSeats(order) => {
                let match_id = order.match_id;
                let escrow = self.matches.entry(match_id).or_default();
                if escrow.abandoned || self.faults.contains(&Fault::SettleForGood) {
                    let failure = StoreFailure::MatchClosed(match_id);
                    return StoreReply::Failed { request: Box::new(StoreRequest::SettleSeats(order)), failure };
                }
                let balances = self.profiles.iter().map(|(account, profile)| {
                    let (xp, currency, skill) = (profile.xp, profile.currency, profile.skill);
                    (*account, Balance { xp, currency, skill, stash_free: 100 })
                });
                let mut fresh = order.clone();
                fresh.results.retain(|result| !escrow.granted.contains_key(&result.account));
                let grants = settle_seats(&fresh, &balances.collect(), &escrow.held);
                give(&mut self.profiles, escrow, match_id, grants);
                let report = |result: &Grant| (result.account, escrow.granted[&result.account].clone());
                StoreReply::SeatsSettled { match_id, reports: order.accounts().map(report).collect() }
            }
            StoreRequest::CheckOut(CheckOut { visit, account, items, .. }) => {
                match self.take(visit, vec![(account, items)]) {
                    StoreReply::EscrowTaken { taken, refused, .. } => {
                        let taken = taken.into_iter().flat_map(|seat| seat.items).collect();
                        let refused = refused.into_iter().map(|refused| refused.item).collect();
                        StoreReply::CheckedOut { visit, taken, refused, character: None }
                    }
                    failed => failed,
                }
            }
            StoreRequest::SettleVisit { visit, shard, grant, .. } => {
                let account = grant.account;
                let order = SettlementOrder { match_id: visit, shard, results: vec![(*grant).clone()] };
                match self.answer(StoreRequest::Settle(order)) {
                    StoreReply::Settled { mut reports, .. } => {
                        let report = reports.pop().map(|(_, report)| report);
                        StoreReply::VisitSettled { visit, account, report }
                    }
                    failed => failed,
                }
            }
            StoreRequest::AcknowledgeReport { account, match_id } => {
                if let Some(profile) = self.profiles.get_mut(&account) {
                    profile.unacknowledged.retain(|(unacknowledged, _)| *unacknowledged != match_id);
                }
                StoreReply::ReportAcknowledged { account, match_id }
            }
            StoreRequest::AbandonMatch { match_id } => {
                let escrow = self.matches.entry(match_id).or_default();
                escrow.abandoned = true;
                let items_returned = escrow.held.len() as u32;
                for held in escrow.held.drain(..) {
                    self.profiles.get_mut(&held.owner).expect("it had a profile").stash.push(held.item);
                }
                StoreReply::Abandoned { match_id, items_returned }
            }
        }
    }

    fn take(&mut self, match_id: MatchId, seats: Vec<(AccountId, Vec<ItemId>)>) -> StoreReply {
        let escrow = self.matches.entry(match_id).or_default();
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for (account, items) in seats {
            let profile = self.profiles.get_mut(&account).expect("only accounts with a profile play");
            let is_there = |item: &ItemId| profile.stash.iter().any(|stashed| stashed.id == *item);
            refused.extend(items.iter().filter(|item| !is_there(item)).map(|&item| RefusedItem { account, item }));
            let kept: Vec<StashedItem> = profile.stash.extract_if(.., |stashed| items.contains(&stashed.id)).collect();
            escrow.seats.push(account);
            escrow.held.extend(kept.iter().map(|item| EscrowedItem { owner: account, item: item.clone() }));
            taken.push(SeatEscrow { account, items: kept });
        }
        StoreReply::EscrowTaken { match_id, taken, refused }
    }
}

fn give(
    profiles: &mut BTreeMap<AccountId, Profile>,
    escrow: &mut Escrow,
    match_id: MatchId,
    grants: Vec<SeatSettlement>,
) {
    for grant in grants {
        let profile = profiles.get_mut(&grant.account).expect("only accounts with a profile play");
        (profile.xp, profile.currency) = (grant.xp, grant.currency);
        escrow.held.retain(|held| !grant.kept.contains(&held.item));
        profile.stash.extend(grant.kept);
        profile.unacknowledged.push((match_id, grant.report.clone()));
        escrow.granted.insert(grant.account, grant.report);
    }
}
