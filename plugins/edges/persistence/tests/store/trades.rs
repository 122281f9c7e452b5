//! Trades and the shop: what changes hands, and what is refused.

use hypogeum_economy::{
    Bought, CURRENCY_MAX, EconomyError, EconomyStore, Goods, ItemVersion, STASH_CAPACITY_DEFAULT, Stash,
    TRADES_LISTED_MAX, TRADES_PROPOSED_MAX, Trade, TradeOffer, TradeState,
};
use hypogeum_persistence::Store;
use hypogeum_protocol::{AccountId, ItemId, MatchId, TradeId};
use hypogeum_store::{StoreReply, StoreRequest};

use crate::world::{Directory, PURSE, profile, register, starter_item, stash, take, wait};

const LEDGER_SUM: &str = "SELECT COALESCE(SUM(amount), 0) FROM ledger";
const WALLETS_APART_FROM_LEDGER: &str = "SELECT COUNT(*) FROM profiles WHERE currency <>
    (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE ledger.account = profiles.account)";

fn seen(item: ItemId, version: u64) -> ItemVersion {
    ItemVersion { item, version }
}

fn goods(items: &[ItemVersion], currency: i64) -> Goods {
    Goods::new(items.to_vec(), currency).unwrap()
}

fn offer(from: AccountId, gives: Goods, to: AccountId, wants: Goods) -> TradeOffer {
    TradeOffer { from, to, gives, wants }
}

fn both(store: &Store) -> [AccountId; 2] {
    ["Ada", "Bob"].map(|name| register(store, name).unwrap())
}

fn version(store: &Store, account: AccountId, item: ItemId) -> Option<u64> {
    let stash = wait(store.stash(account)).unwrap();
    stash.items.iter().find(|entry| entry.item == item).map(|entry| entry.version)
}

/// The first page of somebody's trades.
fn listed(store: &Store, account: AccountId) -> Vec<Trade> {
    wait(store.trades(account, None, TRADES_LISTED_MAX)).unwrap()
}

fn trades_are_listed_page_by_page_each_once(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let present = || offer(ada, goods(&[], 1), bob, Goods::default());
    let trades: Vec<TradeId> = (0..7).map(|_| wait(store.propose(present())).unwrap()).collect();
    for closed in [trades[1], trades[6], trades[3]] {
        wait(store.cancel(ada, closed)).unwrap();
    }
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = wait(store.trades(bob, after, 2)).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.mark());
        pages.push(page.iter().map(|trade| trade.id).collect::<Vec<_>>());
    }
    let [t0, t1, t2, t3, t4, t5, t6] = trades[..] else { panic!("seven were proposed") };
    let expected = vec![vec![t5, t4], vec![t2, t0], vec![t6, t3], vec![t1]];
    assert_eq!(pages, expected, "open ones first, the newest first, and then those that are over");
    assert_eq!(wait(store.trades(bob, None, 0)).unwrap(), [], "none of none");
}

fn a_trade_moves_everything_at_once_and_only_once(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let (knife, vest) = (starter_item(ada, 1).id, starter_item(bob, 2).id);
    let offer = offer(ada, goods(&[seen(knife, 1)], 50), bob, goods(&[seen(vest, 1)], 10));
    let trade = wait(store.propose(offer.clone())).unwrap();
    assert_eq!(stash(&store, ada).len(), 3, "nothing moves before it is accepted");
    assert_eq!(wait(store.accept(ada, trade)), Err(EconomyError::NoSuchTrade), "the proposer accepts nothing");
    let accepted = wait(store.accept(bob, trade)).unwrap();
    assert_eq!((accepted.state, &accepted.offer), (TradeState::Accepted, &offer), "it is done as it was proposed");
    assert_eq!(wait(store.accept(bob, trade)).as_ref(), Ok(&accepted), "accepted again: the same answer");
    assert_eq!((version(&store, ada, vest), version(&store, bob, knife)), (Some(2), Some(2)), "both moved, once");
    assert_eq!((version(&store, ada, knife), version(&store, bob, vest)), (None, None), "and are nowhere else");
    let wallets = [ada, bob].map(|account| profile(&store, account).currency);
    assert_eq!(wallets, [PURSE - 40, PURSE + 40], "and so did the difference in currency");
    let closed = Err(EconomyError::TradeClosed(TradeState::Accepted));
    assert_eq!(wait(store.cancel(ada, trade)), closed, "what is done is not called off");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn who_acts_on_outdated_data_gets_the_current_version(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let [knife, vest, bandage] = [1, 2, 3].map(|serial| starter_item(ada, serial).id);
    let present = |item, version| offer(ada, goods(&[seen(item, version)], 0), bob, Goods::default());
    let conflict = |item, expected, found| EconomyError::Conflict { item, expected, found };
    assert_eq!(wait(store.propose(present(knife, 9))), Err(conflict(knife, 9, Some(1))), "it was never so");
    let his = starter_item(bob, 1).id;
    assert_eq!(wait(store.propose(present(his, 1))), Err(EconomyError::NotOwner(his)), "it is Bob's");
    let nothing = ItemId { origin: 1, serial: 1 };
    assert_eq!(wait(store.propose(present(nothing, 1))), Err(EconomyError::NoSuchItem(nothing)), "there is none");

    let [first, second] = [0, 1].map(|_| wait(store.propose(present(knife, 1))).unwrap());
    let with_vest = wait(store.propose(present(vest, 1))).unwrap();
    wait(store.accept(bob, first)).unwrap();
    assert_eq!(wait(store.accept(bob, second)), Err(EconomyError::NotOwner(knife)), "it has gone to Bob already");
    let back = offer(bob, goods(&[seen(knife, 2)], 0), ada, Goods::default());
    wait(store.accept(ada, wait(store.propose(back)).unwrap())).unwrap();
    assert_eq!(
        wait(store.accept(bob, second)),
        Err(conflict(knife, 1, Some(3))),
        "it is hers again, but not as it was"
    );
    let _ = store.answer(take(1, &[(ada, &[vest])]));
    assert_eq!(wait(store.accept(bob, with_vest)), Err(conflict(vest, 1, None)), "a match has it");
    assert_eq!(wait(store.sell(ada, seen(vest, 2), 5)), Err(conflict(vest, 2, None)), "so it cannot be sold, either");
    let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(1) });
    assert_eq!(
        wait(store.accept(bob, with_vest)),
        Err(conflict(vest, 1, Some(3))),
        "back in the stash, it has moved twice"
    );
    assert_eq!(version(&store, ada, bandage), Some(1), "what nobody asked for is as it was");
    assert!(listed(&store, bob)[0].state == TradeState::Open, "a refused trade stays open");
}

fn a_trade_that_one_side_cannot_do_changes_nothing(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let (knife, his) = (starter_item(ada, 1).id, starter_item(bob, 1).id);
    let dear = offer(ada, goods(&[seen(knife, 1)], 0), bob, goods(&[], PURSE + 1));
    let dear = wait(store.propose(dear)).unwrap();
    let short = EconomyError::NotEnough { needed: PURSE + 1, found: PURSE };
    assert_eq!(wait(store.accept(bob, dear)), Err(short), "Bob cannot pay so much");
    let rich = offer(ada, goods(&[], PURSE + 1), bob, goods(&[seen(his, 1)], 0));
    assert_eq!(wait(store.propose(rich)), Err(short), "nor has Ada as much to offer");
    let all = wait(store.propose(offer(ada, goods(&[], PURSE), bob, goods(&[seen(his, 1)], 0)))).unwrap();
    wait(store.buy(ada, 1, "torch", 1)).unwrap();
    assert_eq!(wait(store.accept(bob, all)), Err(EconomyError::OtherSideCannot), "she has spent it meanwhile");
    directory.sql("UPDATE profiles SET stash_capacity = 3");
    let present = wait(store.propose(offer(ada, goods(&[seen(knife, 1)], 0), bob, Goods::default()))).unwrap();
    assert_eq!(wait(store.accept(bob, present)), Err(EconomyError::StashFull), "his stash is full");
    let plea = wait(store.propose(offer(bob, Goods::default(), ada, goods(&[seen(knife, 1)], 0)))).unwrap();
    assert_eq!(wait(store.accept(ada, plea)), Err(EconomyError::OtherSideCannot), "which is nothing she could know");
    let swap = offer(ada, goods(&[seen(knife, 1)], 0), bob, goods(&[seen(his, 1)], 0));
    let swap = wait(store.propose(swap)).unwrap();
    directory.sql(&format!("UPDATE profiles SET currency = {CURRENCY_MAX} WHERE account = {}", bob.0));
    let gift = wait(store.propose(offer(ada, goods(&[], 1), bob, Goods::default()))).unwrap();
    assert_eq!(wait(store.accept(bob, gift)), Err(EconomyError::WalletFull), "his wallet is full");
    assert_eq!((stash(&store, ada).len(), stash(&store, bob).len()), (4, 3), "nothing has moved so far");
    wait(store.accept(bob, swap)).unwrap();
    assert_eq!((version(&store, bob, knife), version(&store, ada, his)), (Some(2), Some(2)), "one for one always fits");
}

fn trades_are_listed_called_off_and_run_out(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let eve = register(&store, "Eve").unwrap();
    let gift = || wait(store.propose(offer(ada, goods(&[], 1), bob, Goods::default())));
    let trades: Vec<TradeId> = (0..TRADES_PROPOSED_MAX).map(|_| gift().unwrap()).collect();
    assert_eq!(gift(), Err(EconomyError::TooManyTrades), "one more is too many");
    assert_eq!(wait(store.cancel(eve, trades[0])), Err(EconomyError::NoSuchTrade), "it is none of Eve's");
    assert_eq!(wait(store.cancel(bob, trades[0])), Ok(()), "Bob does not want it");
    assert_eq!(wait(store.cancel(ada, trades[0])), Ok(()), "nor does Ada then");
    let cancelled = EconomyError::TradeClosed(TradeState::Cancelled);
    assert_eq!(wait(store.accept(bob, trades[0])), Err(cancelled), "and it is over");
    directory.sql(&format!("UPDATE trades SET expires_s = 1 WHERE id = {}", trades[1].0));
    let expired = EconomyError::TradeClosed(TradeState::Expired);
    assert_eq!(wait(store.accept(bob, trades[1])), Err(expired), "its time is over");
    assert_eq!(wait(store.cancel(bob, trades[1])), Err(expired), "for good");
    let newest = gift().unwrap();
    let listed_of = |account| listed(&store, account);
    let listed = listed_of(bob);
    assert_eq!((listed[0].id, listed[0].state), (newest, TradeState::Open), "the newest open one stands first");
    let ends = &listed[listed.len() - 2..];
    assert_eq!(ends[0].state, TradeState::Expired, "those that are over come last");
    assert_eq!((ends[1].id, ends[1].state), (trades[0], TradeState::Cancelled), "the oldest at the end");
    assert_eq!(listed, listed_of(ada), "both see the same");
    assert_eq!(listed_of(eve), [], "and nobody else anything");
    assert!(listed.len() <= TRADES_LISTED_MAX, "the list has an end");
    let nobody = offer(ada, goods(&[], 1), AccountId(99), Goods::default());
    assert_eq!(wait(store.propose(nobody)), Err(EconomyError::NoSuchAccount), "nobody trades with nobody");
}

fn a_stash_tells_its_wallet_and_its_room(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let knife = seen(starter_item(ada, 1).id, 1);
    let start = wait(store.stash(ada)).unwrap();
    assert_eq!((start.items.len(), start.currency, start.capacity), (3, PURSE, STASH_CAPACITY_DEFAULT), "what she has");
    assert_eq!((start.items[0].item, start.items[0].version), (knife.item, 1), "in the order of names");
    assert_eq!(start.items[0].template, "knife", "each with what it is");
    let balance = wait(store.sell(ada, knife, 30)).unwrap();
    let after = wait(store.stash(ada)).unwrap();
    assert_eq!((after.items.as_slice(), after.currency), (&start.items[1..], balance), "the knife became currency");
    for item in after.items {
        wait(store.sell(ada, seen(item.item, 1), 1)).unwrap();
    }
    let empty = Stash { items: Vec::new(), currency: PURSE + 32, capacity: STASH_CAPACITY_DEFAULT };
    assert_eq!(wait(store.stash(ada)), Ok(empty), "with nothing left there is still a wallet");
    let taken = store.answer(take(1, &[(bob, &[starter_item(bob, 2).id])]));
    assert!(matches!(taken, StoreReply::EscrowTaken { .. }), "Bob brings his vest: {taken:?}");
    assert_eq!(wait(store.stash(bob)).unwrap().items.len(), 2, "what a match holds is not in the stash");
    assert_eq!(wait(store.stash(AccountId(99))), Ok(Stash::default()), "nobody has nothing");
}

fn the_shop_sells_once_for_each_key(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let first = wait(store.buy(ada, u64::MAX, "torch", 100)).unwrap();
    assert_eq!(first.balance, PURSE - 100, "it is paid for");
    assert_eq!(version(&store, ada, first.item), Some(1), "and there");
    assert_eq!(wait(store.buy(ada, u64::MAX, "crown", 1)), Ok(first), "the same key again: the same answer");
    assert_eq!(wait(store.bought(ada, u64::MAX)), Ok(Some(first)), "which is there to look up");
    assert_eq!(wait(store.bought(bob, u64::MAX)), Ok(None), "among her own keys");
    assert_eq!(wait(store.bought(ada, 2)), Ok(None), "where a key was used");
    let second = wait(store.buy(ada, 2, "torch", 100)).unwrap();
    assert_ne!(second.item, first.item, "another key is another item");
    let again = Bought { item: first.item, balance: PURSE - 200 };
    assert_eq!(wait(store.buy(ada, u64::MAX, "torch", 100)), Ok(again), "with the balance of now");
    let short = EconomyError::NotEnough { needed: 100, found: PURSE - 200 };
    assert_eq!(wait(store.buy(ada, 3, "torch", 100)), Err(short), "a third is too dear");
    assert_eq!(wait(store.buy(bob, 2, "torch", 1)).unwrap().balance, PURSE - 1, "Bob's keys are his own");
    for price in [0, -5, CURRENCY_MAX + 1, i64::MIN, i64::MAX] {
        assert_eq!(wait(store.buy(ada, 9, "torch", price)), Err(EconomyError::InvalidAmount(price)), "{price}");
        let knife = seen(starter_item(ada, 1).id, 1);
        assert_eq!(wait(store.sell(ada, knife, price)), Err(EconomyError::InvalidAmount(price)), "{price}");
    }
    assert_eq!(wait(store.buy(AccountId(99), 1, "torch", 1)), Err(EconomyError::NoSuchAccount), "nobody buys nothing");

    let torch = seen(first.item, 1);
    assert_eq!(wait(store.sell(bob, torch, 50)), Err(EconomyError::NotOwner(first.item)), "it is not his");
    assert_eq!(wait(store.sold(ada, torch)), Ok(None), "nobody has sold it so far");
    assert_eq!(wait(store.sell(ada, torch, 50)), Ok(PURSE - 150), "it is hers to sell");
    assert_eq!(wait(store.sell(ada, torch, 50)), Ok(PURSE - 150), "once");
    assert_eq!(wait(store.sold(ada, torch)), Ok(Some(PURSE - 150)), "which is remembered");
    assert_eq!(wait(store.sold(ada, seen(first.item, 2))), Ok(None), "for that version");
    assert_eq!(wait(store.sold(bob, torch)), Ok(None), "and as hers");
    let gone = EconomyError::NoSuchItem(first.item);
    assert_eq!(wait(store.sell(ada, seen(first.item, 2), 50)), Err(gone), "then it is gone");
    assert_eq!(wait(store.buy(ada, u64::MAX, "torch", 1)).unwrap().item, first.item, "though its key is remembered");
    directory.sql("UPDATE profiles SET stash_capacity = 3");
    assert_eq!(wait(store.buy(bob, 7, "torch", 1)), Err(EconomyError::StashFull), "a full stash takes nothing");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn what_is_bound_is_neither_traded_nor_sold(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let knife = starter_item(ada, 1).id;
    let proposed = wait(store.propose(offer(ada, goods(&[seen(knife, 1)], 0), bob, goods(&[], 5)))).unwrap();
    directory.sql("UPDATE items SET bound = 1");
    let bound = EconomyError::ItemBound(knife);
    assert_eq!(wait(store.accept(bob, proposed)), Err(bound), "not what was offered before it was bound");
    let again = offer(ada, goods(&[seen(knife, 1)], 0), bob, goods(&[], 5));
    assert_eq!(wait(store.propose(again)), Err(bound), "nor offered again");
    assert_eq!(wait(store.sell(ada, seen(knife, 1), 5)), Err(bound), "nor sold");
    let stash = wait(store.stash(ada)).unwrap();
    assert!(stash.items.iter().all(|entry| entry.state.is_bound), "and one sees why");
}

on_both![
    trades_are_listed_page_by_page_each_once,
    what_is_bound_is_neither_traded_nor_sold,
    a_trade_moves_everything_at_once_and_only_once,
    who_acts_on_outdated_data_gets_the_current_version,
    a_trade_that_one_side_cannot_do_changes_nothing,
    trades_are_listed_called_off_and_run_out,
    a_stash_tells_its_wallet_and_its_room,
    the_shop_sells_once_for_each_key,
];
