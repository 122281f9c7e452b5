//! A database as it was some matches ago: their logs grant again what it has forgotten.

use hypogeum_economy::EconomyStore;
use hypogeum_persistence::{GrantedAgain, RememberedMatch, Store};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, ItemId, MatchId, StashedItem};
use hypogeum_store::StoreRequest;

use crate::world::{Directory, found, profile, register, settle, settle_seats, starter_item, stash, take, wait};

fn order(match_id: u64, results: &[(AccountId, &[StashedItem])]) -> SettlementOrder {
    match settle(match_id, results) {
        StoreRequest::Settle(order) => order,
        other => panic!("no order: {other:?}"),
    }
}

fn remembered(match_id: u64, seats: &[(AccountId, &[ItemId])], order: SettlementOrder) -> RememberedMatch {
    let seats = seats.iter().map(|(account, items)| (*account, items.to_vec())).collect();
    RememberedMatch { match_id: MatchId(match_id), mode: "blitz".into(), seed: u64::MAX, seats, order: Some(order) }
}

fn grant(store: &Store, remembered: &RememberedMatch) -> GrantedAgain {
    let granted = store.grant_again(remembered).unwrap();
    assert!(store.audit().unwrap().is_sound(), "the books are right");
    granted
}

fn what_a_database_forgot_is_granted_once_as_the_logs_have_it(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, vest) = (starter_item(ada, 1), starter_item(bob, 2));
    let forgotten = [1, 2].map(MatchId);
    assert_eq!(store.forgotten(&forgotten).unwrap(), forgotten, "it knows neither");
    // Ada loses her knife to Bob, who finds something; then he brings both, and Ada takes all of it.
    let first = order(1, &[(ada, &[]), (bob, &[knife.clone(), found(1, 1), vest.clone()])]);
    let first = remembered(1, &[(ada, &[knife.id]), (bob, &[vest.id])], first);
    let second = order(2, &[(ada, &[knife.clone(), found(1, 1)]), (bob, &[])]);
    let second = remembered(2, &[(ada, &[]), (bob, &[knife.id, found(1, 1).id])], second);
    let both = GrantedAgain { accounts: 2, ..GrantedAgain::default() };
    assert_eq!((grant(&store, &first), grant(&store, &second)), (both, both), "both are granted");
    let after = (profile(&store, ada), profile(&store, bob));
    for again in [&first, &second] {
        assert_eq!(grant(&store, again), GrantedAgain::default(), "again, nothing is granted");
    }
    assert_eq!((profile(&store, ada), profile(&store, bob)), after, "and nothing changes");
    assert!(stash(&store, ada).contains(&knife.id) && stash(&store, ada).contains(&found(1, 1).id), "Ada took all");
    assert_eq!(stash(&store, bob), [starter_item(bob, 1).id, vest.id, starter_item(bob, 3).id], "Bob has the rest");
    assert_eq!((after.0.unacknowledged.len(), after.1.unacknowledged.len()), (2, 2), "both have both reports");
    assert_eq!(store.forgotten(&forgotten).unwrap(), [], "the database knows them now");
    drop(store);
    assert_eq!(directory.open().next_match(0), MatchId(3), "and gives their numbers to no other");
}

fn a_match_that_a_restored_database_thinks_is_running_is_granted(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let knife = starter_item(ada, 1);
    let _ = store.answer(take(1, &[(ada, &[knife.id])]));
    let order = order(1, &[(ada, &[knife.clone(), found(1, 1)])]);
    let granted = grant(&store, &remembered(1, &[(ada, &[knife.id])], order));
    assert_eq!(granted, GrantedAgain { accounts: 1, ..GrantedAgain::default() }, "it was settled");
    assert_eq!(stash(&store, ada).len(), 4, "with all that came out of it");
}

fn a_seat_that_was_granted_alone_before_the_backup_is_not_granted_again(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, vest) = (starter_item(ada, 1), starter_item(bob, 2));
    let _ = store.answer(take(1, &[(ada, &[knife.id]), (bob, &[vest.id])]));
    let out = [knife.clone(), found(1, 1)];
    let _ = store.answer(settle_seats(1, &[(ada, &out)]));
    let before = profile(&store, ada);
    let order = order(1, &[(ada, &out), (bob, std::slice::from_ref(&vest))]);
    let granted = grant(&store, &remembered(1, &[(ada, &[knife.id]), (bob, &[vest.id])], order));
    assert_eq!(
        granted,
        GrantedAgain { accounts: 1, ..GrantedAgain::default() },
        "Bob was to be granted, and nobody else"
    );
    let after = profile(&store, ada);
    assert_eq!(
        (after.xp, after.currency, &after.stash),
        (before.xp, before.currency, &before.stash),
        "Ada has it once"
    );
    assert_eq!(stash(&store, bob).len(), 3, "Bob has his vest");
    assert_ne!(after.rating(), before.rating(), "and both are rated now");
}

fn an_item_that_lies_elsewhere_stays_there_and_what_was_bought_is_not_made(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    // Ada sold her knife to Bob and bought a torch, of which the database knows nothing, and got out with both.
    let (knife, torch) = (starter_item(bob, 1), ItemId { origin: ItemId::SHOP_BIT | ada.0, serial: 1 });
    let torch = StashedItem::new(torch, "torch");
    let order = order(1, &[(ada, &[knife.clone(), torch.clone(), found(1, 1)])]);
    let granted = grant(&store, &remembered(1, &[(ada, &[knife.id, torch.id])], order));
    assert_eq!(granted, GrantedAgain { accounts: 1, accounts_gone: 0, items_left: 2 }, "two are not hers");
    assert!(stash(&store, bob).contains(&knife.id), "Bob has the knife still");
    assert_eq!(stash(&store, ada).len(), 4, "Ada has her kit and what she found");
    let bought = wait(store.buy(ada, 7, "torch", 10)).unwrap();
    assert_eq!(bought.item, torch.id, "she may buy the torch again: there is none of that name");
}

fn who_came_after_the_backup_gets_nothing_and_leaves_its_number_to_nobody(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let gone = AccountId(ada.0 + 40);
    let loot = starter_item(gone, 1);
    let order = order(1, &[(ada, &[loot.clone(), found(1, 1)]), (gone, &[found(1, 2)])]);
    let granted = grant(&store, &remembered(1, &[(ada, &[]), (gone, &[loot.id])], order));
    assert_eq!(granted, GrantedAgain { accounts: 1, accounts_gone: 1, items_left: 1 }, "its kit went with it");
    let bob = register(&store, "Bob").unwrap();
    assert!(bob > gone, "account {bob} is nobody who was there before, up to {gone}");
}

on_both![
    what_a_database_forgot_is_granted_once_as_the_logs_have_it,
    a_match_that_a_restored_database_thinks_is_running_is_granted,
    a_seat_that_was_granted_alone_before_the_backup_is_not_granted_again,
    an_item_that_lies_elsewhere_stays_there_and_what_was_bought_is_not_made,
    who_came_after_the_backup_gets_nothing_and_leaves_its_number_to_nobody,
];

#[test]
fn a_directory_that_belongs_to_another_database_is_refused() {
    use crate::world::Database;
    let directory = Directory::of(Database::Sqlite);
    let store = directory.open();
    register(&store, "Ada").unwrap();
    drop(store);
    drop(directory.open());
    let database = directory.path().join("hypogeum.db");
    let backup = directory.path().join("backup.db");
    std::fs::rename(&database, &backup).unwrap();
    let refusal = directory.try_open().unwrap_err();
    let sentence = refusal.to_string();
    assert!(sentence.contains("belongs to another database") && !sentence.contains('\n'), "it is new: {sentence}");
    for ending in ["", "-wal", "-shm"] {
        // What is not there need not be removed.
        let _ = std::fs::remove_file(directory.path().join(format!("hypogeum.db{ending}")));
    }
    std::fs::rename(&backup, &database).unwrap();
    drop(directory.open());
}
