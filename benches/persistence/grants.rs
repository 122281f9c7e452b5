//! Grants that are durable: whole settlements, one transaction each, as the tick orders them.

use std::time::{Duration, Instant};

use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_persistence::Store;
use hypogeum_progression::{SettlementOrder, StarterKit};
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, Outcome, StashedItem};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::postgres::{DURABLE, TestPostgres};

use crate::figure;

/// Seats of a match, and matches settled one after another.
const SEATS: usize = 24;
const MATCHES: u64 = 200;
/// Seats of the largest match.
const CROWD: usize = 10_000;

pub(crate) fn measure() {
    let kit = || StarterKit { templates: vec!["rusty_sword".into(), "padded_coat".into()], currency: 100 };
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::open(data.path(), kit()).expect("a new store");
    settle_all("sqlite", &store);
    drop(store);

    let cluster = TestPostgres::with(DURABLE);
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::connect(data.path(), &cluster.url(), kit()).expect("a new database");
    settle_all("postgres", &store);
}

fn settle_all(database: &str, store: &Store) {
    let accounts = guests(store, CROWD);
    let mut took = Duration::ZERO;
    for number in 1..=MATCHES {
        let from = (number as usize * SEATS) % (CROWD - SEATS);
        took += play(store, number, &accounts[from..from + SEATS]);
    }
    let per_s = (MATCHES as usize * SEATS) as f64 / took.as_secs_f64();
    println!("{database}: {MATCHES} settlements of {SEATS} seats in {:.2} s", took.as_secs_f64());
    figure(&format!("grants_per_s_{database}"), SEATS, per_s, None);
    let took = play(store, MATCHES + 1, &accounts);
    println!("{database}: one settlement of {CROWD} seats in {:.2} s", took.as_secs_f64());
    figure(&format!("grants_per_s_{database}"), CROWD, CROWD as f64 / took.as_secs_f64(), None);
}

/// Takes an escrow and settles the match; how long the settlement took.
fn play(store: &Store, number: u64, accounts: &[AccountId]) -> Duration {
    let match_id = MatchId(number);
    let brought = |account: AccountId| ItemId { origin: ItemId::STARTER_BIT | account.0, serial: 1 };
    let seats = accounts.iter().map(|&account| (account, vec![brought(account)])).collect();
    let taken = store.answer(StoreRequest::TakeEscrow { match_id, mode: "blitz".into(), seed: 1, seats });
    assert!(matches!(taken, StoreReply::EscrowTaken { .. }), "the escrow is taken: {taken:?}");
    let item = |account: AccountId| StashedItem::new(brought(account), "rusty_sword");
    let results = (1_u16..).zip(accounts).map(|(placement, &account)| Grant {
        account,
        outcome: Outcome::Extracted,
        kills: 1,
        damage_dealt: 50,
        xp_gained: 100,
        currency_gained: 20,
        placement,
        items_secured: vec![item(account)],
        items_changed: Vec::new(),
        character: None,
    });
    let order = SettlementOrder::of_match(match_id, results.collect());
    let began = Instant::now();
    let settled = store.answer(StoreRequest::Settle(order));
    let took = began.elapsed();
    let all_reported = matches!(&settled, StoreReply::Settled { reports, .. } if reports.len() == accounts.len());
    assert!(all_reported, "everyone gets theirs");
    took
}

fn guests(store: &Store, count: usize) -> Vec<AccountId> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut asking = tokio::task::JoinSet::new();
        for number in 0..count {
            let store = store.clone();
            asking.spawn(async move {
                let name = AccountName::parse(&format!("bot-{number}")).expect("a name");
                store.guest(&name).await.expect("a guest").id
            });
        }
        let mut accounts = asking.join_all().await;
        accounts.sort_unstable();
        accounts
    })
}
