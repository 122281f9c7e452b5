//! Visits to open shards: what is brought is checked out, and what a visitor leaves with is checked in.

use std::cell::Cell;
use std::collections::BTreeMap;

use hypogeum_persistence::Store;
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, Outcome, ShardId, StashedItem};
use hypogeum_store::{CheckOut, StoreFailure, StoreReply, StoreRequest};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::world::{Directory, PURSE, found, profile, register, starter_item, stash, take};

/// The shard that everyone visits.
const MEADOW: ShardId = ShardId(5);

fn visit(id: u64, account: AccountId) -> StoreRequest {
    let grant = Grant {
        account,
        outcome: Outcome::Extracted,
        kills: 0,
        damage_dealt: 0,
        xp_gained: 60,
        currency_gained: 7,
        placement: 1,
        items_secured: vec![found(MEADOW.0, 1)],
        items_changed: Vec::new(),
        character: None,
    };
    settled(id, grant)
}

fn settled(id: u64, grant: Grant) -> StoreRequest {
    let (visit, place) = (MatchId(id), "meadow".to_owned());
    StoreRequest::SettleVisit { visit, shard: MEADOW, place, grant: Box::new(grant) }
}

/// She leaves with these.
fn leave_with(store: &Store, id: u64, account: AccountId, items: &[StashedItem]) -> u32 {
    let grant = Grant { account, items_secured: items.to_vec(), ..Grant::nothing(Outcome::Extracted) };
    match store.answer(settled(id, grant)) {
        StoreReply::VisitSettled { report: Some(report), .. } => report.items_secured,
        other => panic!("the visit is granted: {other:?}"),
    }
}

fn bringing(id: u64, account: AccountId, items: &[ItemId]) -> CheckOut {
    let (visit, place) = (MatchId(id), "meadow".to_owned());
    CheckOut { visit, shard: MEADOW, place, account, items: items.to_vec(), character: None }
}

/// Enters with these, and returns what is taken and what is refused.
fn enter(store: &Store, id: u64, account: AccountId, items: &[ItemId]) -> (Vec<StashedItem>, Vec<ItemId>) {
    match store.answer(StoreRequest::CheckOut(bringing(id, account, items))) {
        StoreReply::CheckedOut { visit, taken, refused, .. } if visit == MatchId(id) => (taken, refused),
        other => panic!("it is checked out: {other:?}"),
    }
}

fn sound(store: &Store) {
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "the books are right: {audit}");
}

fn a_visit_is_granted_once(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let reported = store.answer(visit(9, ada));
    let StoreReply::VisitSettled { visit: id, account, report: Some(report) } = &reported else {
        panic!("{reported:?}")
    };
    assert_eq!((*id, *account), (MatchId(9), ada), "it is hers");
    assert_eq!((report.xp_gained, report.currency_gained, report.items_secured), (60, 7, 1), "with all she got");
    let after = profile(&store, ada);
    assert_eq!((after.xp, after.currency, after.rating()), (60, PURSE + 7, 1_500), "and nobody is rated by it");
    assert_eq!(after.unacknowledged.len(), 1, "it is sent on her next connection, too, until she acknowledges it");
    assert!(stash(&store, ada).contains(&found(MEADOW.0, 1).id), "what she found there is in the stash");

    assert_eq!(store.answer(visit(9, ada)), reported, "asked again: the same answer");
    assert_eq!(profile(&store, ada), after, "and nothing changes");
    let other = store.answer(visit(9, bob));
    assert!(matches!(other, StoreReply::VisitSettled { report: None, .. }), "no one else made that visit: {other:?}");
    assert_eq!(profile(&store, bob).xp, 0, "and no one else gets anything");
    drop(store);
    let store = directory.open();
    assert_eq!(store.unfinished(), [], "nothing is left open");
    assert_eq!(store.next_match(0), MatchId(10), "nothing else gets its number");
    assert_eq!(store.answer(visit(9, ada)), reported, "also after a restart: the same answer");
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn a_visit_of_nobody_known_is_over_and_grants_nothing(directory: &Directory) {
    let store = directory.open();
    let nobody = AccountId(404);
    let reported = store.answer(visit(9, nobody));
    assert_eq!(
        reported,
        StoreReply::VisitSettled { visit: MatchId(9), account: nobody, report: None },
        "there is none"
    );
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn a_visit_with_the_number_of_a_match_that_was_undone_is_refused(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let _ = store.answer(take(9, &[(ada, &[])]));
    let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(9) });
    let asked = visit(9, ada);
    let refused =
        StoreReply::Failed { request: Box::new(asked.clone()), failure: StoreFailure::MatchClosed(MatchId(9)) };
    assert_eq!(store.answer(asked), refused, "that number is somebody else's");
    assert_eq!(profile(&store, ada).xp, 0, "and nothing is granted");
}

fn what_is_brought_leaves_the_stash_and_comes_back(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, vest, his) = (starter_item(ada, 1), starter_item(ada, 2), starter_item(bob, 1));
    let before = stash(&store, ada);
    let wanted = [knife.id, vest.id, his.id, knife.id];
    let (taken, refused) = enter(&store, 9, ada, &wanted);
    assert_eq!(taken, [knife.clone(), vest.clone()], "what is hers is taken");
    assert_eq!(refused, [his.id, knife.id], "what is another's, or asked for twice, is not");
    assert_eq!(enter(&store, 9, ada, &wanted), (taken, refused), "asked again: the same answer");
    assert_eq!(
        enter(&store, 10, bob, &[knife.id]),
        (Vec::new(), vec![knife.id]),
        "nobody brings what is there already"
    );
    assert!(stash(&store, ada).iter().all(|item| ![knife.id, vest.id].contains(item)), "it is in one place");
    sound(&store);
    drop(store);

    let store = directory.open();
    assert_eq!(store.unfinished(), [MatchId::from(MEADOW)], "the shard holds it");
    assert_eq!(store.unfinished_visits(), [(MatchId(9), MEADOW), (MatchId(10), MEADOW)], "for these visits");
    assert_eq!(leave_with(&store, 9, ada, &[knife, vest, found(MEADOW.0, 7)]), 3, "she leaves with all, and a find");
    assert_eq!(stash(&store, ada).len(), before.len() + 1, "all of it is in her stash");
    sound(&store);
    assert_eq!(leave_with(&store, 10, bob, &[]), 0, "he leaves with nothing");
    drop(store);
    assert_eq!(directory.open().unfinished(), [], "nothing is left there");
}

fn what_one_leaves_behind_another_may_leave_with(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, vest) = (starter_item(ada, 1), starter_item(ada, 2));
    enter(&store, 9, ada, &[knife.id, vest.id]);
    enter(&store, 10, bob, &[]);
    let lie = StashedItem { template: "crown".to_owned(), ..knife.clone() };
    assert_eq!(leave_with(&store, 10, bob, &[lie]), 1, "she gave it to him, and he leaves first");
    let hers = |store: &Store, item: &StashedItem| profile(store, ada).stash.contains(item);
    assert!(profile(&store, bob).stash.contains(&knife), "he has it, and it is what it was");
    assert_eq!(leave_with(&store, 9, ada, std::slice::from_ref(&knife)), 0, "she cannot leave with it as well");
    assert!(!hers(&store, &knife) && !hers(&store, &vest), "and she has left the vest behind");
    sound(&store);
    drop(store);

    let store = directory.open();
    assert_eq!(store.unfinished(), [MatchId::from(MEADOW)], "the shard holds the vest");
    assert_eq!(store.unfinished_visits(), [], "for nobody");
    enter(&store, 11, bob, &[knife.id]);
    assert_eq!(leave_with(&store, 11, bob, &[knife.clone(), vest.clone()]), 2, "whoever finds it leaves with it");
    assert!(profile(&store, bob).stash.contains(&vest), "it is his now");
    sound(&store);
    let elsewhere = ShardId(6);
    let asked = CheckOut { shard: elsewhere, ..bringing(12, bob, &[vest.id]) };
    let _ = store.answer(StoreRequest::CheckOut(asked));
    assert_eq!(
        leave_with(&store, 13, ada, std::slice::from_ref(&vest)),
        0,
        "nobody leaves with what another shard holds"
    );
    sound(&store);
}

fn a_visit_that_did_not_begin_is_undone_and_a_shard_with_all_of_its_visits(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let before = (stash(&store, ada), stash(&store, bob));
    enter(&store, 9, ada, &before.0);
    let undo = |id| match store.answer(StoreRequest::AbandonMatch { match_id: MatchId(id) }) {
        StoreReply::Abandoned { items_returned, .. } => items_returned,
        other => panic!("it is undone: {other:?}"),
    };
    assert_eq!(undo(9), 3, "she did not get in");
    assert_eq!(stash(&store, ada), before.0, "she has all of it");
    let late = store.answer(StoreRequest::CheckOut(bringing(9, ada, &before.0)));
    assert!(matches!(late, StoreReply::Failed { failure: StoreFailure::MatchClosed(_), .. }), "too late: {late:?}");

    enter(&store, 10, ada, &before.0);
    enter(&store, 11, bob, &before.1);
    assert_eq!(leave_with(&store, 10, ada, &[]), 0, "she leaves all of it behind");
    assert_eq!(undo(MEADOW.0), 6, "the shard cannot go on");
    assert_eq!((stash(&store, ada), stash(&store, bob)), before, "everyone has what they brought");
    sound(&store);
    drop(store);
    assert_eq!(directory.open().unfinished(), [], "nothing is left");
}

fn a_stash_that_has_filled_up_meanwhile_takes_back_what_was_brought(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let brought: Vec<StashedItem> = (1..=3).map(|serial| starter_item(ada, serial)).collect();
    let ids: Vec<ItemId> = brought.iter().map(|item| item.id).collect();
    enter(&store, 9, ada, &ids);
    // Finds fill the stash to its last place, and one more finds none.
    let mut number = 10;
    let mut serial = 100;
    loop {
        let finds: Vec<StashedItem> = (serial..serial + 50).map(|serial| found(MEADOW.0, serial)).collect();
        serial += 50;
        number += 1;
        if leave_with(&store, number, ada, &finds) < 50 {
            break;
        }
    }
    assert_eq!(leave_with(&store, 9, ada, &brought), 3, "what was hers before is not lost for want of room");
    assert_eq!(stash(&store, ada).iter().filter(|id| ids.contains(id)).count(), 3, "it is there");
    sound(&store);
}

fn a_database_that_forgot_visits_has_them_again(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, vest) = (starter_item(ada, 1), starter_item(ada, 2));
    let (first, second) = (bringing(9, ada, &[knife.id, vest.id]), bringing(10, bob, &[knife.id]));
    assert_eq!(store.check_out_again(&first), Ok(0), "all of it is where it was");
    assert_eq!(store.check_out_again(&first), Ok(0), "again, nothing is moved");
    assert_eq!(store.check_out_again(&second), Ok(1), "what another holds stays there");
    assert_eq!(leave_with(&store, 9, ada, &[vest]), 1, "her visit is granted as it was");
    assert_eq!(leave_with(&store, 10, bob, &[knife]), 1, "and what she left behind is his");
    sound(&store);
}

/// What can happen at a shard: who does it, and with which of the items there are.
#[derive(Clone, Debug)]
enum Step {
    Enter(usize, Vec<usize>),
    Leave(usize, Vec<usize>),
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let items = || prop::collection::vec(0..8_usize, 0..4);
    prop_oneof![
        3 => (0..2_usize, items()).prop_map(|(who, items)| Step::Enter(who, items)),
        3 => (0..2_usize, items()).prop_map(|(who, items)| Step::Leave(who, items)),
        1 => (0..2_usize).prop_map(Step::Undo),
    ]
}

/// One life of a shard, with what happens in it.
fn live(store: &Store, people: [AccountId; 2], (shard, steps): (u64, Vec<Step>)) {
    let owned = people.iter().flat_map(|who| (1..=3).map(|serial| starter_item(*who, serial)));
    let all: Vec<StashedItem> = owned.chain((1..=2).map(|serial| found(shard, serial))).collect();
    let mut number = shard;
    let mut inside: BTreeMap<usize, u64> = BTreeMap::new();
    let leave = |store: &Store, visit, who: usize, items: &[usize]| {
        let items_secured = items.iter().map(|item| all[*item].clone()).collect();
        let grant = Box::new(Grant { account: people[who], items_secured, ..Grant::nothing(Outcome::Extracted) });
        let (visit, shard, place) = (MatchId(visit), ShardId(shard), "meadow".to_owned());
        let settled = store.answer(StoreRequest::SettleVisit { visit, shard, place, grant });
        assert!(matches!(settled, StoreReply::VisitSettled { report: Some(_), .. }), "it is granted: {settled:?}");
    };
    for step in steps {
        match step {
            Step::Enter(who, items) if !inside.contains_key(&who) => {
                number += 1;
                let items: Vec<ItemId> = items.iter().map(|item| all[*item].id).collect();
                let asked = CheckOut { shard: ShardId(shard), ..bringing(number, people[who], &items) };
                let taken = store.answer(StoreRequest::CheckOut(asked));
                assert!(matches!(taken, StoreReply::CheckedOut { .. }), "it is checked out: {taken:?}");
                inside.insert(who, number);
            }
            Step::Leave(who, items) => {
                let Some(visit) = inside.remove(&who) else { continue };
                leave(store, visit, who, &items);
            }
            Step::Undo(who) => {
                let Some(visit) = inside.remove(&who) else { continue };
                let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(visit) });
            }
            Step::Enter(..) => {}
        }
        sound(store);
    }
    // One leaves late: the shard is over.
    let late = inside.pop_first();
    for (who, visit) in inside {
        leave(store, visit, who, &[]);
    }
    let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(shard) });
    if let Some((_, visit)) = late {
        let undone = store.answer(StoreRequest::CheckOut(bringing(visit, people[0], &[])));
        assert!(matches!(undone, StoreReply::Failed { .. }), "its visit is over, too: {undone:?}");
    }
    sound(store);
    let mut home: Vec<ItemId> = people.iter().flat_map(|who| stash(store, *who)).collect();
    home.sort_unstable();
    let count = home.len();
    home.dedup();
    assert_eq!(home.len(), count, "no item is there twice");
    let brought = all.iter().take(6).filter(|item| home.contains(&item.id)).count();
    assert_eq!(brought, 6, "and none of those there were is gone");
}

/// Whatever people bring, leave with and claim: each item is in one place, and none is gone.
fn every_item_is_in_one_place_whatever_happens(directory: &Directory) {
    let store = directory.open();
    let people = [register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap()];
    let shards = Cell::new(100);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let lives = runner.run(&prop::collection::vec(step(), 1..12), |steps| {
        shards.set(shards.get() + 100);
        live(&store, people, (shards.get(), steps));
        Ok(())
    });
    lives.unwrap_or_else(|failed| panic!("{failed}"));
}

on_both![
    what_is_brought_leaves_the_stash_and_comes_back,
    what_one_leaves_behind_another_may_leave_with,
    a_visit_that_did_not_begin_is_undone_and_a_shard_with_all_of_its_visits,
    a_stash_that_has_filled_up_meanwhile_takes_back_what_was_brought,
    a_database_that_forgot_visits_has_them_again,
    every_item_is_in_one_place_whatever_happens,
    a_visit_is_granted_once,
    a_visit_of_nobody_known_is_over_and_grants_nothing,
    a_visit_with_the_number_of_a_match_that_was_undone_is_refused,
];
