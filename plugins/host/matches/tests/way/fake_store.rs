//! A store in memory.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{Balance, EscrowedItem, Profile, SeatSettlement, SettlementOrder, rate, settle_seats};
use hypogeum_protocol::{AccountId, CharacterId, CharacterSheet, Grant, ItemId, MatchId, SettledReport, StashedItem};
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

/// A character.
pub(crate) struct Character {
    account: AccountId,
    pub(crate) sheet: CharacterSheet,
    /// What it carries while it is in no shard.
    pub(crate) carries: Vec<StashedItem>,
    /// Which visit holds it.
    pub(crate) visit: Option<MatchId>,
}

/// The store, in memory, answering at once.
#[derive(Default)]
pub(crate) struct FakeStore {
    profiles: BTreeMap<AccountId, Profile>,
    pub(crate) characters: BTreeMap<CharacterId, Character>,
    matches: BTreeMap<MatchId, Escrow>,
    pub(crate) faults: BTreeSet<Fault>,
    pub(crate) silent: bool,
    pub(crate) settle_asks: usize,
}

impl FakeStore {
    pub(crate) fn add(&mut self, profile: Profile) {
        self.profiles.insert(profile.account, profile);
    }

    /// Makes a character that carries some of the stash of its account, by their places there.
    pub(crate) fn add_character(&mut self, account: u64, id: u64, carried: std::ops::Range<usize>) {
        let (account, id) = (AccountId(account), CharacterId(id));
        let profile = self.profiles.get_mut(&account).expect("it has a profile");
        let carries = profile.stash.drain(carried).collect();
        let sheet = CharacterSheet { id, place: String::new(), body: Vec::new() };
        self.characters.insert(id, Character { account, sheet, carries, visit: None });
    }

    pub(crate) fn character(&mut self, id: u64) -> &mut Character {
        self.characters.get_mut(&CharacterId(id)).expect("it was made")
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
            StoreRequest::AcknowledgeReport { .. }
            | StoreRequest::Chat(_)
            | StoreRequest::Games(_)
            | StoreRequest::Scores(_)
            | StoreRequest::Social(_)
            | StoreRequest::KeepCharacters { .. } => None,
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
            StoreRequest::LoadProfile { account, character, tag } => {
                let profile = self.profiles.get(&account).cloned().map(Box::new);
                let character = character.and_then(|id| self.characters.get(&id)).filter(|it| it.account == account);
                StoreReply::Profile { tag, account, profile, character: character.map(|it| it.sheet.clone()) }
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
            StoreRequest::CheckOut(asked) => self.check_out(asked),
            StoreRequest::SettleVisit { visit, shard, grant, .. } => {
                let account = grant.account;
                let order = SettlementOrder { match_id: visit, shard, results: vec![(*grant).clone()] };
                match self.answer(StoreRequest::Settle(order)) {
                    StoreReply::Settled { mut reports, .. } => {
                        let report = reports.pop().map(|(_, report)| report);
                        self.check_in(visit, &grant);
                        StoreReply::VisitSettled { visit, account, report }
                    }
                    failed => failed,
                }
            }
            StoreRequest::KeepCharacters { .. } => StoreReply::CharactersKept { count: 0 },
            StoreRequest::AcknowledgeReport { account, match_id } => {
                if let Some(profile) = self.profiles.get_mut(&account) {
                    profile.unacknowledged.retain(|(unacknowledged, _)| *unacknowledged != match_id);
                }
                StoreReply::ReportAcknowledged { account, match_id }
            }
            request @ (StoreRequest::Chat(_)
            | StoreRequest::Games(_)
            | StoreRequest::Scores(_)
            | StoreRequest::Social(_)) => {
                let failure = StoreFailure::Unavailable("nobody talks and no creature fights in these tests".into());
                StoreReply::Failed { request: Box::new(request), failure }
            }
            StoreRequest::AbandonMatch { match_id } => {
                let escrow = self.matches.entry(match_id).or_default();
                escrow.abandoned = true;
                let items_returned = escrow.held.len() as u32;
                if let Some(character) = self.characters.values_mut().find(|it| it.visit == Some(match_id)) {
                    character.visit = None;
                    character.carries.extend(escrow.held.drain(..).map(|held| held.item));
                }
                for held in escrow.held.drain(..) {
                    self.profiles.get_mut(&held.owner).expect("it had a profile").stash.push(held.item);
                }
                StoreReply::Abandoned { match_id, items_returned }
            }
        }
    }

    fn check_out(&mut self, asked: CheckOut) -> StoreReply {
        let CheckOut { visit, account, .. } = asked;
        if let Some(id) = asked.character
            && let Some(holder) = self.characters[&id].visit
        {
            let failure = StoreFailure::CharacterHeld { character: id, visit: holder };
            return StoreReply::Failed { request: Box::new(StoreRequest::CheckOut(asked)), failure };
        }
        let StoreReply::EscrowTaken { taken, refused, .. } = self.take(visit, vec![(account, asked.items)]) else {
            unreachable!("that is what it answers")
        };
        let mut taken: Vec<StashedItem> = taken.into_iter().flat_map(|seat| seat.items).collect();
        let refused = refused.into_iter().map(|refused| refused.item).collect();
        let character = asked.character.and_then(|id| self.characters.get_mut(&id));
        let sheet = character.map(|character| {
            character.visit = Some(visit);
            let held = &mut self.matches.entry(visit).or_default().held;
            held.extend(character.carries.iter().map(|item| EscrowedItem { owner: account, item: item.clone() }));
            taken.append(&mut character.carries);
            character.sheet.clone()
        });
        StoreReply::CheckedOut { visit, taken, refused, character: sheet }
    }

    /// A character leaves with what was just given for its visit.
    fn check_in(&mut self, visit: MatchId, grant: &Grant) {
        let Some(character) = self.characters.values_mut().find(|it| it.visit == Some(visit)) else { return };
        character.visit = None;
        let Some(sheet) = &grant.character else { return };
        character.sheet = sheet.clone();
        let profile = self.profiles.get_mut(&grant.account).expect("only accounts with a profile play");
        let is_secured = |item: &mut StashedItem| grant.items_secured.contains(item);
        character.carries.extend(profile.stash.extract_if(.., is_secured));
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
