//! What a large board costs the store: `cargo run --release -p hypogeum-persistence --example board_cost -- 100000`, and behind a second
//! argument, `postgres`, the same on a throwaway PostgreSQL server whose commits reach the disk.
//!
//! Accounts with a score each, and pages at the top, in the middle and at the end; each figure is the median of 21 askings.

use std::time::Instant;

use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_leaderboards::{PageStart, ScoreStore, SeasonChoice};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    BoardKey, SCORES_AT_ONCE_MAX, ScoreChange, ScoreOperator, ScoreOrder, ScoresRequest, StoreRequest,
};
use hypogeum_testkit::postgres::{DURABLE, TestPostgres};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Accounts asked for at the same time.
const AT_ONCE: usize = 32;
const ASKINGS: usize = 21;
/// As many as an answer has at most.
const PAGE: usize = 1_000;

fn main() {
    let count: usize = std::env::args().nth(1).map_or(100_000, |count| count.parse().expect("a number of accounts"));
    let directory = tempfile::tempdir().expect("a temporary directory");
    let kit = StarterKit { templates: Vec::new(), currency: 0 };
    let server = std::env::args().nth(2).map(|_| TestPostgres::with(DURABLE));
    let store = match &server {
        Some(server) => Store::connect(directory.path(), &server.url(), kit),
        None => Store::open(directory.path(), kit),
    };
    let (store, runtime) = (store.expect("a new store"), Runtime::new().expect("a runtime"));
    let began = Instant::now();
    let accounts = runtime.block_on(guests(&store, count));
    println!("{count} accounts made in {:.1} s", began.elapsed().as_secs_f64());
    let board = BoardKey::new("wins", ScoreOrder::Descending);
    let began = Instant::now();
    submit(&store, &board, &accounts);
    println!("{count} scores counted in {:.1} s", began.elapsed().as_secs_f64());

    let last = *accounts.last().expect("there are some");
    let season = SeasonChoice::Current(0);
    let page = |rank: usize| {
        let start = PageStart::Rank(rank as u64);
        move |store: &Store, runtime: &Runtime, board: &BoardKey| {
            runtime.block_on(store.board_page(board, season, start, PAGE)).expect("it is answered");
        }
    };
    for (what, rank) in [("first", 1), ("middle", count / 2), ("last", count.saturating_sub(PAGE).max(1))] {
        let ask = page(rank);
        median(&format!("a page of {PAGE} from rank {rank}, the {what}"), || ask(&store, &runtime, &board));
    }
    median("11 around the last", || {
        runtime.block_on(store.board_around(&board, season, last, 11)).expect("it is answered");
    });
    let change = score(&board, last, 1);
    median("one score counted", || submit_one(&store, change.clone()));
}

fn median(what: &str, mut work: impl FnMut()) {
    let mut times: Vec<f64> = (0..ASKINGS)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.2} ms", times[ASKINGS / 2]);
}

fn score(board: &BoardKey, account: AccountId, value: i64) -> ScoreChange {
    let operator = ScoreOperator::Increment;
    ScoreChange { board: board.clone(), season_s: 0, account, operator, value, key: String::new() }
}

fn submit(store: &Store, board: &BoardKey, accounts: &[AccountId]) {
    for some in accounts.chunks(SCORES_AT_ONCE_MAX) {
        // Scattered, and with many ties.
        let changes =
            some.iter().map(|account| score(board, *account, (account.0 as i64).wrapping_mul(7_919) % 10_007));
        let _ = store.answer(StoreRequest::Scores(ScoresRequest::Submit { changes: changes.collect(), tag: 0 }));
    }
}

fn submit_one(store: &Store, change: ScoreChange) {
    let _ = store.answer(StoreRequest::Scores(ScoresRequest::Submit { changes: vec![change], tag: 0 }));
}

async fn guests(store: &Store, count: usize) -> Vec<AccountId> {
    let mut asking = JoinSet::new();
    for first in 0..AT_ONCE {
        let store = store.clone();
        asking.spawn(async move {
            let mut accounts = Vec::new();
            for number in (first..count).step_by(AT_ONCE) {
                let name = AccountName::parse(&format!("climber-{number}")).expect("a name");
                accounts.push(store.guest(&name).await.expect("a guest").id);
            }
            accounts
        });
    }
    let mut accounts = asking.join_all().await.concat();
    accounts.sort_unstable();
    accounts
}
