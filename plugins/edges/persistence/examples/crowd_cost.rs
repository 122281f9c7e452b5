//! What a crowd costs the store: `cargo run --release -p hypogeum-persistence --example crowd_cost -- 10000`, and behind
//! a second argument, `postgres`, the same on a throwaway PostgreSQL server whose commits reach the disk.
//!
//! Accounts with a starter kit, profiles, and matches of everyone: one abandoned, one settled.

use std::time::Instant;

use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_persistence::{Store, StoreThread};
use hypogeum_progression::{SettlementOrder, StarterKit};
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, Outcome, StashedItem};
use hypogeum_store::{StorePort, StoreReply, StoreRequest};
use hypogeum_testkit::postgres::{DURABLE, TestPostgres};
use tokio::task::JoinSet;

/// Items of the starter kit, and how many of them everyone brings.
const KIT: u32 = 7;
const BROUGHT: u32 = 4;
/// Accounts asked for at the same time: as many as `bots` has threads.
const AT_ONCE: usize = 32;

fn main() {
    let count: usize = std::env::args().nth(1).map_or(10_000, |count| count.parse().expect("a number of accounts"));
    let directory = tempfile::tempdir().expect("a temporary directory");
    let kit = StarterKit { templates: (0..KIT).map(|item| format!("item-{item}")).collect(), currency: 100 };
    let server = std::env::args().nth(2).map(|_| TestPostgres::with(DURABLE));
    let store = match &server {
        Some(server) => Store::connect(directory.path(), &server.url(), kit),
        None => Store::open(directory.path(), kit),
    };
    let store = store.expect("a new store");
    let accounts = timed("accounts made", || guests(&store, count));
    timed("guests let in again", || guests(&store, count));

    let port = StorePort::new(count);
    let thread = StoreThread::start(store, port.clone()).expect("a thread");
    timed("profiles loaded", || {
        for &account in &accounts {
            port.ask(StoreRequest::LoadProfile { account, character: None, tag: 0 }).expect("there is room");
        }
        for _ in &accounts {
            assert!(matches!(port.replies.pop(), Some(StoreReply::Profile { profile: Some(_), .. })), "a profile");
        }
    });
    let ask = |request| {
        port.ask(request).expect("there is room");
        port.replies.pop().expect("an answer")
    };
    timed("escrow taken", || ask(take(1, &accounts)));
    let abandoned = timed("match abandoned", || ask(StoreRequest::AbandonMatch { match_id: MatchId(1) }));
    let items_returned = u32::try_from(count).expect("a small number") * BROUGHT;
    assert_eq!(
        abandoned,
        StoreReply::Abandoned { match_id: MatchId(1), items_returned },
        "all of it returns to the stashes"
    );
    ask(take(2, &accounts));
    let order = order(2, &accounts);
    let settled = timed("match settled", || ask(StoreRequest::Settle(order.clone())));
    assert!(
        matches!(&settled, StoreReply::Settled { reports, .. } if reports.len() == count),
        "everyone gets a report"
    );
    timed("settlement repeated", || assert_eq!(ask(StoreRequest::Settle(order)), settled, "the same"));
    drop(thread);
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    println!("{what}: {} ms", began.elapsed().as_millis());
    done
}

fn guests(store: &Store, count: usize) -> Vec<AccountId> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut accounts = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for first in 0..AT_ONCE {
            let store = store.clone();
            asking.spawn(async move {
                let mut accounts = Vec::new();
                for number in (first..count).step_by(AT_ONCE) {
                    let name = AccountName::parse(&format!("bot-{number}")).expect("a name");
                    accounts.push(store.guest(&name).await.expect("a guest").id);
                }
                accounts
            });
        }
        asking.join_all().await.concat()
    });
    accounts.sort_unstable();
    accounts
}

fn brought(account: AccountId) -> impl Iterator<Item = ItemId> {
    (1..=BROUGHT).map(move |serial| ItemId { origin: ItemId::STARTER_BIT | account.0, serial })
}

fn take(match_id: u64, accounts: &[AccountId]) -> StoreRequest {
    let seats = accounts.iter().map(|&account| (account, brought(account).collect())).collect();
    StoreRequest::TakeEscrow { match_id: MatchId(match_id), mode: "throng".into(), seed: 1, seats }
}

/// Every second one gets out with what it brought and three finds.
fn order(match_id: u64, accounts: &[AccountId]) -> SettlementOrder {
    let result = |(place, &account): (u16, &AccountId)| {
        let item = |id| StashedItem::new(id, "relic");
        let found = (0..3).map(|n| ItemId { origin: match_id, serial: u32::from(place) * 3 + n });
        Grant {
            account,
            outcome: if place % 2 == 0 { Outcome::Extracted } else { Outcome::Died },
            kills: 1,
            damage_dealt: 70,
            xp_gained: 40,
            currency_gained: 5,
            placement: place + 1,
            items_secured: if place % 2 == 0 { brought(account).chain(found).map(item).collect() } else { Vec::new() },
            items_changed: Vec::new(),
            character: None,
        }
    };
    let results = (0..).zip(accounts).map(result).collect();
    SettlementOrder::of_match(MatchId(match_id), results)
}
