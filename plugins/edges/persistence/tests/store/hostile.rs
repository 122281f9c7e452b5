//! Many clients who want the same few items at the same time, and ignore the answers.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use hypogeum_economy::{EconomyError, EconomyStore, Goods, ItemVersion, TradeOffer};
use hypogeum_persistence::Store;
use hypogeum_protocol::{AccountId, ItemId, MatchId, StashedItem, TradeId};
use hypogeum_store::{StoreReply, StoreRequest};

use crate::chance::{Chance, rounds, seed};
use crate::world::{Directory, KIT, register, settle, take, wait};

/// Clients at the same time.
const CLIENTS: usize = 16;
/// Accounts they share: few, so that everyone is in everyone's way.
const ACCOUNTS: usize = 4;

/// What was acknowledged, all clients together.
#[derive(Default)]
struct Tally {
    /// Items that matches have moved, each move counted.
    moves: AtomicI64,
    bought: AtomicI64,
    conflicts: AtomicI64,
    next_match: AtomicU64,
    last_trade: AtomicU64,
}

impl Tally {
    fn add(counter: &AtomicI64, count: usize) {
        counter.fetch_add(count as i64, Ordering::Relaxed);
    }

    /// Whatever is refused must be refused for a reason that can be.
    fn refused(&self, error: EconomyError) {
        match error {
            EconomyError::Conflict { .. } | EconomyError::NotOwner(_) | EconomyError::NoSuchItem(_) => {
                self.conflicts.fetch_add(1, Ordering::Relaxed);
            }
            EconomyError::Unavailable | EconomyError::TryLater => panic!("the store broke down: {error}"),
            _ => {}
        }
    }
}

/// One client's view of the world: what it saw last, which others have changed meanwhile.
struct Client<'a> {
    store: &'a Store,
    accounts: &'a [AccountId],
    tally: &'a Tally,
    chance: Chance,
}

impl Client<'_> {
    fn account(&mut self) -> AccountId {
        self.accounts[self.chance.below(self.accounts.len())]
    }

    /// Up to three items somebody has, as they are seen now, or were never.
    fn seen(&mut self, account: AccountId) -> Vec<ItemVersion> {
        let stash = wait(self.store.stash(account)).unwrap().items;
        let mut seen = Vec::new();
        for _ in 0..self.chance.below(4) {
            let Some(entry) = self.chance.pick(&stash) else { break };
            let lie = u64::from(self.chance.below(20) == 0);
            seen.push(ItemVersion { item: entry.item, version: entry.version + lie });
        }
        seen.sort_unstable();
        seen.dedup_by_key(|seen| seen.item);
        seen
    }

    fn act(&mut self) {
        match self.chance.below(10) {
            0..4 => self.propose_and_accept(),
            4 => self.accept_anything(),
            5 => self.buy(),
            6 => self.sell(),
            7 => self.cancel(),
            _ => self.play(),
        }
    }

    fn goods(&mut self, account: AccountId) -> Goods {
        let items = self.seen(account);
        let currency = self.chance.below(40) as i64;
        Goods::new(items, currency).unwrap()
    }

    fn propose_and_accept(&mut self) {
        let (from, to) = (self.account(), self.account());
        let (gives, wants) = (self.goods(from), self.goods(to));
        match wait(self.store.propose(TradeOffer { from, to, gives, wants })) {
            Ok(trade) => {
                self.tally.last_trade.fetch_max(trade.0, Ordering::Relaxed);
                if self.chance.below(4) > 0 {
                    self.accept(to, trade);
                }
            }
            Err(error) => self.tally.refused(error),
        }
    }

    fn accept_anything(&mut self) {
        let last = self.tally.last_trade.load(Ordering::Relaxed) as usize;
        let (by, trade) = (self.account(), TradeId(self.chance.below(last + 2) as u64));
        self.accept(by, trade);
    }

    /// Accepting is not counted, for it may have been accepted before: the database knows how often it was done.
    fn accept(&self, by: AccountId, trade: TradeId) {
        if let Err(error) = wait(self.store.accept(by, trade)) {
            self.tally.refused(error);
        }
    }

    fn cancel(&mut self) {
        let last = self.tally.last_trade.load(Ordering::Relaxed) as usize;
        let (by, trade) = (self.account(), TradeId(self.chance.below(last + 2) as u64));
        wait(self.store.cancel(by, trade)).unwrap_or_else(|error| self.tally.refused(error));
    }

    fn buy(&mut self) {
        let (account, key) = (self.account(), self.chance.roll());
        let price = 1 + self.chance.below(60) as i64;
        match wait(self.store.buy(account, key, "torch", price)) {
            Ok(bought) => {
                Tally::add(&self.tally.bought, 1);
                let again = wait(self.store.buy(account, key, "torch", price)).unwrap();
                assert_eq!(again.item, bought.item, "the same key bought twice");
            }
            Err(error) => self.tally.refused(error),
        }
    }

    fn sell(&mut self) {
        let account = self.account();
        let Some(&seen) = self.seen(account).first() else { return };
        // Two may sell the same, and both get the balance: the database knows how many were sold.
        if let Err(error) = wait(self.store.sell(account, seen, 3)) {
            self.tally.refused(error);
        }
    }

    /// Two bring what they saw into a match, which is abandoned, or which both leave with everything they brought.
    fn play(&mut self) {
        let match_id = self.tally.next_match.fetch_add(1, Ordering::Relaxed) + 1;
        let (one, other) = (self.account(), self.account());
        let ids = |seen: Vec<ItemVersion>| seen.into_iter().map(|seen| seen.item).collect::<Vec<ItemId>>();
        let (first, second) = (ids(self.seen(one)), ids(self.seen(other)));
        let seats: &[(AccountId, &[ItemId])] =
            if one == other { &[(one, &first)] } else { &[(one, &first), (other, &second)] };
        let reply = self.store.answer(take(match_id, seats));
        let StoreReply::EscrowTaken { taken, .. } = reply else { panic!("no escrow: {reply:?}") };
        let held: usize = taken.iter().map(|seat| seat.items.len()).sum();
        Tally::add(&self.tally.moves, 2 * held);
        let secured: Vec<(AccountId, &[StashedItem])> =
            taken.iter().map(|seat| (seat.account, seat.items.as_slice())).collect();
        let ending = if self.chance.below(2) == 0 {
            settle(match_id, &secured)
        } else {
            StoreRequest::AbandonMatch { match_id: MatchId(match_id) }
        };
        let reply = self.store.answer(ending);
        assert!(!matches!(reply, StoreReply::Failed { .. }), "the match did not end: {reply:?}");
    }
}

fn a_thousand_clients_who_want_the_same_items_double_and_lose_nothing(directory: &Directory) {
    let seed = seed();
    let acts = rounds("HYPOGEUM_TEST_ACTS", 1_000) / CLIENTS + 1;
    let store = directory.open();
    let accounts: Vec<AccountId> =
        (0..ACCOUNTS).map(|number| register(&store, &format!("bot-{number}")).unwrap()).collect();
    directory.sql("UPDATE profiles SET stash_capacity = 100000");
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let chance = Chance::from(seed.wrapping_add(client as u64));
            let mut client = Client { store: &store, accounts: &accounts, tally: &tally, chance };
            scope.spawn(move || (0..acts).for_each(|_| client.act()));
        }
    });
    drop(store);
    assert_eq!(directory.open().unfinished(), [], "every match has ended");

    let count = |statement: &str| directory.sql(statement);
    let (bought, sold) = (count("SELECT COUNT(*) FROM purchases"), count("SELECT COUNT(*) FROM sales"));
    assert_eq!(bought, tally.bought.into_inner(), "what was acknowledged as bought is what was bought");
    let expected = (ACCOUNTS * KIT.len()) as i64 + bought - sold;
    assert_eq!(count("SELECT COUNT(*) FROM items"), expected, "no item is doubled or lost");
    assert_eq!(count("SELECT COUNT(*) FROM items WHERE place <> 'stash'"), 0, "none is left in a match");
    let unfounded = "SELECT COUNT(*) FROM items WHERE NOT EXISTS
            (SELECT 1 FROM purchases WHERE purchases.origin = items.origin AND purchases.serial = items.serial)";
    assert!(count(unfounded) <= (ACCOUNTS * KIT.len()) as i64, "what there is was given or bought");
    let both = "SELECT COUNT(*) FROM items CROSS JOIN sales
         WHERE items.origin = sales.origin AND items.serial = sales.serial";
    assert_eq!(count(both), 0, "what was sold is nowhere else");

    let versions = count("SELECT COALESCE(SUM(version - 1), 0) FROM items")
        + count("SELECT COALESCE(SUM(version - 1), 0) FROM sales");
    let traded = traded_items(directory);
    assert_eq!(versions, tally.moves.into_inner() + traded, "each move has raised one version by one");

    assert_eq!(count("SELECT SUM(amount) FROM ledger"), 0, "the ledger sums to zero");
    let apart = "SELECT COUNT(*) FROM profiles WHERE currency <>
        (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE ledger.account = profiles.account)";
    assert_eq!(count(apart), 0, "and says what the wallets say");
    let accepted = count("SELECT COUNT(*) FROM trades WHERE state = 'accepted'");
    println!("{accepted} trades, {bought} bought, {sold} sold, {} conflicts", tally.conflicts.into_inner());
    assert!(accepted > 0 && bought > 0, "some of it was done");
}

/// Items that accepted trades have moved: those are JSON rows in the trade.
fn traded_items(directory: &Directory) -> i64 {
    let of = |column: &str| {
        directory.sql(&format!("SELECT COUNT(*) FROM trades CROSS JOIN json_each({column}) WHERE state = 'accepted'"))
    };
    of("gives") + of("wants")
}

on_both![a_thousand_clients_who_want_the_same_items_double_and_lose_nothing];
