//! Characters in open shards: checked out with what they carry, and checked in as they leave.

use std::cell::Cell;

use hypogeum_accounts::{AccountName, CharacterError, CharacterStore};
use hypogeum_economy::{EconomyError, EconomyStore, Inventory, ItemPlace, ItemVersion, STASH_CAPACITY_DEFAULT};
use hypogeum_persistence::Store;
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, Grant, ItemId, ItemState, MatchId, Outcome, ShardId, StashedItem, limits,
};
use hypogeum_store::{CheckOut, StoreFailure, StoreReply, StoreRequest};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::world::{Directory, PURSE, found, register, starter_item, stash, take, wait};

/// The shard that everyone visits.
const MEADOW: ShardId = ShardId(5);

fn named(store: &Store, account: AccountId, name: &str) -> CharacterId {
    wait(store.create_character(account, &AccountName::parse(name).unwrap())).unwrap().id
}

fn at(id: CharacterId, place: &str, body: &[u8]) -> CharacterSheet {
    CharacterSheet { id, place: place.to_owned(), body: body.to_vec() }
}

/// The character as whoever plays it is shown it.
fn sheet(store: &Store, account: AccountId, character: CharacterId) -> Option<CharacterSheet> {
    match store.answer(StoreRequest::LoadProfile { account, character: Some(character), tag: 0 }) {
        StoreReply::Profile { character, profile: Some(_), .. } => character,
        other => panic!("a profile was asked for, but the answer is {other:?}"),
    }
}

fn asking(shard: ShardId, visit: u64, (account, character): (AccountId, CharacterId), items: &[ItemId]) -> CheckOut {
    let (visit, place) = (MatchId(visit), "meadow".to_owned());
    CheckOut { visit, shard, place, account, items: items.to_vec(), character: Some(character) }
}

/// Enters as a character with these besides what it carries, and returns all that is taken, and how the character is.
fn enter(
    store: &Store,
    visit: u64,
    who: (AccountId, CharacterId),
    items: &[ItemId],
) -> (Vec<ItemId>, Option<CharacterSheet>) {
    match store.answer(StoreRequest::CheckOut(asking(MEADOW, visit, who, items))) {
        StoreReply::CheckedOut { taken, character, .. } => (taken.into_iter().map(|item| item.id).collect(), character),
        other => panic!("it is checked out: {other:?}"),
    }
}

fn refused(store: &Store, asked: CheckOut) -> StoreFailure {
    match store.answer(StoreRequest::CheckOut(asked)) {
        StoreReply::Failed { failure, .. } => failure,
        other => panic!("it is refused: {other:?}"),
    }
}

fn leaves(
    shard: ShardId,
    visit: u64,
    account: AccountId,
    items: &[StashedItem],
    left: Option<CharacterSheet>,
) -> StoreRequest {
    let (items_secured, place) = (items.to_vec(), "meadow".to_owned());
    let grant = Grant { account, items_secured, character: left, ..Grant::nothing(Outcome::Extracted) };
    StoreRequest::SettleVisit { visit: MatchId(visit), shard, place, grant: Box::new(grant) }
}

/// Leaves with these, and returns how many it has got.
fn leave(store: &Store, visit: u64, account: AccountId, items: &[StashedItem], left: Option<CharacterSheet>) -> u32 {
    match store.answer(leaves(MEADOW, visit, account, items, left)) {
        StoreReply::VisitSettled { report: Some(report), .. } => report.items_secured,
        other => panic!("the visit is granted: {other:?}"),
    }
}

fn undo(store: &Store, id: u64) -> u32 {
    match store.answer(StoreRequest::AbandonMatch { match_id: MatchId(id) }) {
        StoreReply::Abandoned { items_returned, .. } => items_returned,
        other => panic!("it is undone: {other:?}"),
    }
}

fn sound(store: &Store) {
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "the books are right: {audit}");
}

/// Everything somebody has, and where.
fn places(store: &Store, account: AccountId) -> Vec<(ItemId, ItemPlace)> {
    let inventory = wait(store.inventory(account)).unwrap();
    inventory.items.into_iter().map(|(entry, place)| (entry.item, place)).collect()
}

fn all_that_somebody_has_is_told_with_its_place(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let shade = named(&store, ada, "Shade");
    let [knife, vest, bandage] = [1, 2, 3].map(|serial| starter_item(ada, serial));
    let at_home = [&knife, &vest, &bandage].map(|item| (item.id, ItemPlace::Stash));
    assert_eq!(places(&store, ada), at_home, "at first all of it lies in the stash");
    let whole = wait(store.inventory(ada)).unwrap();
    assert_eq!((whole.currency, whole.capacity), (PURSE, STASH_CAPACITY_DEFAULT), "with wallet and room beside it");

    enter(&store, 9, (ada, shade), &[knife.id, vest.id]);
    let brought = ItemPlace::Brought { into: MatchId(9), by: None };
    assert_eq!(
        places(&store, ada),
        [(knife.id, brought), (vest.id, brought), (bandage.id, ItemPlace::Stash)],
        "inside"
    );
    leave(&store, 9, ada, std::slice::from_ref(&knife), Some(at(shade, "meadow", b"a")));
    let carried = (knife.id, ItemPlace::Carried(shade));
    assert_eq!(places(&store, ada), [carried, (bandage.id, ItemPlace::Stash)], "what was left there is nobody's");
    enter(&store, 10, (ada, shade), &[]);
    let worn = (knife.id, ItemPlace::Brought { into: MatchId(10), by: Some(shade) });
    assert_eq!(places(&store, ada), [worn, (bandage.id, ItemPlace::Stash)], "what is worn is brought by its wearer");
    assert_eq!(places(&store, bob).len(), 3, "Bob has what is his");
    assert_eq!(wait(store.inventory(AccountId(99))), Ok(Inventory::default()), "nobody has nothing");
}

/// How many things are carried by characters that are in no shard.
fn carried(store: &Store) -> u64 {
    store.audit().unwrap().items.get("carried").copied().unwrap_or(0)
}

fn a_character_comes_back_as_it_left_with_what_it_carried(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let shade = named(&store, ada, "Shade");
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "", &[])), "it has never been anywhere");
    let (knife, vest, find) = (starter_item(ada, 1), starter_item(ada, 2), found(MEADOW.0, 7));
    let (taken, character) = enter(&store, 9, (ada, shade), &[knife.id, vest.id]);
    assert_eq!((taken.len(), character), (2, Some(at(shade, "", &[]))), "it enters with what it is given");
    let again = enter(&store, 9, (ada, shade), &[knife.id, vest.id]);
    assert_eq!(again, (taken, Some(at(shade, "", &[]))), "asked again: the same answer");
    sound(&store);
    drop(store);

    let store = directory.open();
    assert_eq!(store.unfinished_visits(), [(MatchId(9), MEADOW)], "the shard holds it");
    let body = vec![0xFF; limits::CHARACTER_BYTES_MAX];
    let left = at(shade, "meadow", &body);
    assert_eq!(
        leave(&store, 9, ada, &[knife.clone(), find.clone()], Some(left.clone())),
        2,
        "it leaves, the vest stays"
    );
    assert_eq!(sheet(&store, ada, shade), Some(left.clone()), "it is where it left, as it left");
    assert_eq!((stash(&store, ada), carried(&store)), (vec![starter_item(ada, 3).id], 2), "and carries what it had");
    sound(&store);
    assert_eq!(leave(&store, 9, ada, &[], Some(at(shade, "", &[]))), 2, "a visit is granted once");
    assert_eq!(sheet(&store, ada, shade), Some(left.clone()), "and nothing changes");

    let (taken, character) = enter(&store, 10, (ada, shade), &[]);
    let mut own = vec![knife.id, find.id];
    own.sort_unstable();
    assert_eq!((taken, character), (own, Some(left)), "it comes back with all of it");
    leave(&store, 10, ada, &[vest.clone(), knife], Some(at(shade, "cave", &[1])));
    assert_eq!(carried(&store), 2, "it has found the vest again and left the find");
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "cave", &[1])), "and is elsewhere");
    sound(&store);
}

fn a_character_is_in_one_shard_and_nobody_elses(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let shade = named(&store, ada, "Shade");
    let knife = starter_item(ada, 1).id;
    let no_such = StoreFailure::NoSuchCharacter(shade);
    assert_eq!(refused(&store, asking(MEADOW, 8, (bob, shade), &[])), no_such, "it is not his");
    assert_eq!(sheet(&store, bob, shade), None, "and he is not shown it");
    enter(&store, 9, (ada, shade), &[]);
    let held = StoreFailure::CharacterHeld { character: shade, visit: MatchId(9) };
    assert_eq!(refused(&store, asking(ShardId(6), 10, (ada, shade), &[knife])), held, "it is in the meadow");
    assert!(stash(&store, ada).contains(&knife), "what it would have brought stays");
    assert_eq!(store.forgotten(&[MatchId(10)]).unwrap(), [MatchId(10)], "and there was no such visit");
    assert_eq!(wait(store.delete_character(ada, shade)), Err(CharacterError::InShard), "nor is it deleted there");
    leave(&store, 9, ada, &[found(MEADOW.0, 1)], Some(at(shade, "meadow", &[])));
    sound(&store);
    assert_eq!(wait(store.delete_character(ada, shade)), Ok(true), "it is once it has left");
    assert!(stash(&store, ada).contains(&found(MEADOW.0, 1).id), "what it carried is in the stash");
    assert_eq!(refused(&store, asking(MEADOW, 11, (ada, shade), &[])), no_such, "nobody plays it any more");
    sound(&store);
}

fn an_undone_visit_leaves_a_character_as_it_came(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let shade = named(&store, ada, "Shade");
    let (knife, vest) = (starter_item(ada, 1), starter_item(ada, 2));
    enter(&store, 9, (ada, shade), &[knife.id]);
    let left = at(shade, "meadow", &[3]);
    leave(&store, 9, ada, std::slice::from_ref(&knife), Some(left.clone()));
    assert_eq!(enter(&store, 10, (ada, shade), &[vest.id]).0.len(), 2, "it comes again, with one thing more");
    assert_eq!(undo(&store, 10), 2, "it did not get in");
    assert_eq!((sheet(&store, ada, shade), carried(&store)), (Some(left.clone()), 1), "it is as it was");
    assert!(stash(&store, ada).contains(&vest.id), "and what came from the stash is there");
    sound(&store);

    enter(&store, 11, (ada, shade), &[]);
    leave(&store, 11, ada, &[], Some(left.clone()));
    enter(&store, 12, (ada, shade), &[vest.id]);
    assert_eq!(undo(&store, MEADOW.0), 2, "the shard cannot go on");
    assert_eq!((sheet(&store, ada, shade), carried(&store)), (Some(left), 0), "it is as it was");
    let home = stash(&store, ada);
    assert!(home.contains(&knife.id) && home.contains(&vest.id), "what it had left there is its account's");
    sound(&store);
}

fn how_a_character_is_can_be_kept_while_it_is_away(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let shade = named(&store, ada, "Shade");
    let keep = |visit: u64, body: &[u8]| match store
        .answer(StoreRequest::KeepCharacters { kept: vec![(MatchId(visit), at(shade, "meadow", body))] })
    {
        StoreReply::CharactersKept { count } => count,
        other => panic!("it is kept or not: {other:?}"),
    };
    assert_eq!(keep(9, &[1]), 0, "no visit holds it");
    enter(&store, 9, (ada, shade), &[]);
    assert_eq!(
        (keep(9, &[1]), keep(9, &[1]), keep(10, &[2])),
        (1, 1, 0),
        "again and again, but for its own visit alone"
    );
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "meadow", &[1])), "and whoever looks sees it");
    let failure = refused(&store, asking(MEADOW, 11, (ada, shade), &[]));
    assert!(matches!(failure, StoreFailure::CharacterHeld { .. }), "its visit goes on: {failure:?}");
    undo(&store, 9);
    assert_eq!(
        sheet(&store, ada, shade),
        Some(at(shade, "meadow", &[1])),
        "an undone visit leaves it as it was last kept"
    );
    enter(&store, 12, (ada, shade), &[]);
    leave(&store, 12, ada, &[], Some(at(shade, "meadow", &[3])));
    assert_eq!(keep(12, &[2]), 0, "what comes late changes nothing");
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "meadow", &[3])), "it is as it left");
    sound(&store);
}

fn one_that_is_not_given_back_stays_as_it_was_and_its_account_has_what_it_got(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (shade, brick) = (named(&store, ada, "Shade"), named(&store, bob, "Brick"));
    let (knife, his) = (starter_item(ada, 1), starter_item(bob, 1));
    enter(&store, 9, (ada, shade), &[knife.id]);
    enter(&store, 10, (bob, brick), &[his.id]);
    // He has got hers from her, and she his, and the shard forgets her.
    assert_eq!(leave(&store, 9, ada, std::slice::from_ref(&his), None), 1, "she leaves with his knife");
    assert!(stash(&store, ada).contains(&his.id), "it is in her stash");
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "", &[])), "and her character as it was");
    assert_eq!(
        leave(&store, 10, bob, std::slice::from_ref(&knife), Some(at(brick, "meadow", &[]))),
        1,
        "he leaves with hers"
    );
    assert_eq!((carried(&store), enter(&store, 11, (bob, brick), &[]).0), (1, vec![knife.id]), "which his carries");
    // Another's character is not his to give back.
    assert_eq!(
        leave(&store, 11, bob, std::slice::from_ref(&knife), Some(at(shade, "lie", &[9]))),
        1,
        "he claims to be hers"
    );
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "", &[])), "hers is as it was");
    assert!(stash(&store, bob).contains(&knife.id), "and what he got is his account's");
    sound(&store);
}

fn what_is_carried_is_in_no_stash(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let shade = named(&store, ada, "Shade");
    let knife = starter_item(ada, 1);
    enter(&store, 9, (ada, shade), &[knife.id]);
    leave(&store, 9, ada, std::slice::from_ref(&knife), Some(at(shade, "meadow", &[])));
    let listed = wait(store.stash(ada)).unwrap();
    assert!(listed.items.iter().all(|entry| entry.item != knife.id), "it is not listed");
    let seen = ItemVersion { item: knife.id, version: 3 };
    let elsewhere = EconomyError::Conflict { item: knife.id, expected: 3, found: None };
    assert_eq!(wait(store.sell(ada, seen, 5)), Err(elsewhere), "nor sold");
    let StoreReply::EscrowTaken { refused, .. } = store.answer(take(20, &[(ada, &[knife.id])])) else {
        panic!("the match begins")
    };
    assert_eq!(refused.len(), 1, "nor brought into a match");
    let plain = CheckOut { character: None, ..asking(MEADOW, 21, (ada, shade), &[knife.id]) };
    let StoreReply::CheckedOut { taken, refused, character, .. } = store.answer(StoreRequest::CheckOut(plain)) else {
        panic!("the visit begins")
    };
    assert_eq!((taken, refused, character), (vec![], vec![knife.id], None), "nor into a shard without its carrier");
    sound(&store);
}

fn nobody_enters_with_more_than_can_leave(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let shade = named(&store, ada, "Shade");
    let all: Vec<StashedItem> = (1..=63).map(|serial| found(MEADOW.0, serial)).collect();
    enter(&store, 9, (ada, shade), &[]);
    assert_eq!(leave(&store, 9, ada, &all, Some(at(shade, "meadow", &[]))), 63, "a stash has no room for so much");
    let own = [starter_item(ada, 1).id, starter_item(ada, 2).id];
    let (taken, _) = enter(&store, 10, (ada, shade), &own);
    assert_eq!(taken.len(), 64, "with one more it carries all it can");
    assert!(stash(&store, ada).contains(&own[1]), "the other stays");
    let much = vec![0; limits::CHARACTER_BYTES_MAX + 1];
    let refused = store.answer(leaves(MEADOW, 10, ada, &[], Some(at(shade, "meadow", &much))));
    assert!(matches!(refused, StoreReply::Failed { .. }), "a body has an end");
    sound(&store);
}

fn a_database_that_forgot_characters_in_shards_has_them_again(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (shade, brick) = (named(&store, ada, "Shade"), named(&store, bob, "Brick"));
    let (knife, vest) = (starter_item(ada, 1), starter_item(ada, 2));
    enter(&store, 9, (ada, shade), &[knife.id, vest.id]);
    leave(&store, 9, ada, &[knife.clone(), vest.clone()], Some(at(shade, "meadow", &[1])));
    // Its log says that it came with one of the two, so the other was elsewhere by then.
    let hers = asking(MEADOW, 12, (ada, shade), &[knife.id]);
    assert_eq!(store.check_out_again(&hers), Ok(0), "all of it is where it was");
    assert_eq!(store.check_out_again(&hers), Ok(0), "again, nothing is moved");
    assert_eq!(carried(&store), 1, "what is carried and was not brought stays");
    let held = StoreFailure::CharacterHeld { character: shade, visit: MatchId(12) };
    assert_eq!(refused(&store, asking(MEADOW, 13, (ada, shade), &[])), held, "the shard holds it");
    sound(&store);
    // One that was made after the backup, and one that another visit holds.
    let gone = CharacterId(900);
    assert_eq!(store.check_out_again(&asking(MEADOW, 14, (bob, gone), &[])), Ok(0), "nobody has it");
    assert!(named(&store, bob, "Newcomer").0 > gone.0, "and nobody new gets its number");
    assert_eq!(store.check_out_again(&asking(ShardId(6), 15, (ada, shade), &[])), Ok(0), "it stays where it is");
    sound(&store);
    assert_eq!(leave(&store, 12, ada, std::slice::from_ref(&knife), Some(at(shade, "meadow", &[2]))), 1, "it leaves");
    assert_eq!((sheet(&store, ada, shade), carried(&store)), (Some(at(shade, "meadow", &[2])), 2), "with all it has");
    let late = store.answer(leaves(ShardId(6), 15, ada, &[], Some(at(shade, "cave", &[3]))));
    assert!(matches!(late, StoreReply::VisitSettled { report: Some(_), .. }), "and then the other: {late:?}");
    assert_eq!(sheet(&store, ada, shade), Some(at(shade, "cave", &[3])), "it is where it was last");
    assert_eq!(leave(&store, 14, bob, &[], Some(at(brick, "meadow", &[]))), 0, "he leaves as well");
    sound(&store);
}

/// What can happen at a shard: who does it, and with which of the items there are.
#[derive(Clone, Debug)]
enum Step {
    Enter(usize, Vec<usize>),
    Leave(usize, Vec<usize>, bool),
    Undo(usize),
    Delete(usize),
    UndoShard,
}

fn step() -> impl Strategy<Value = Step> {
    let items = || prop::collection::vec(0..8_usize, 0..4);
    prop_oneof![
        4 => (0..2_usize, items()).prop_map(|(who, items)| Step::Enter(who, items)),
        4 => (0..2_usize, items(), any::<bool>()).prop_map(|(who, items, is_back)| Step::Leave(who, items, is_back)),
        1 => (0..2_usize).prop_map(Step::Undo),
        1 => (0..2_usize).prop_map(Step::Delete),
        1 => Just(Step::UndoShard),
    ]
}

/// Somebody of the lives below.
struct Person {
    account: AccountId,
    character: CharacterId,
    /// How the character was when it last came out of a shard.
    known: CharacterSheet,
    /// The visit it is on.
    visit: Option<u64>,
}

/// What everyone has once their characters are deleted, and nobody carries anything.
fn all_put_down(store: &Store, people: &mut [Person; 2]) -> Vec<ItemId> {
    for (who, person) in people.iter_mut().enumerate() {
        person.begin_again(store, who);
    }
    let mut home: Vec<ItemId> = people.iter().flat_map(|who| stash(store, who.account)).collect();
    home.sort_unstable();
    let count = home.len();
    home.dedup();
    assert_eq!(home.len(), count, "no item is there twice");
    home
}

impl Person {
    /// Deletes its character where that is in no shard, and makes another.
    fn begin_again(&mut self, store: &Store, who: usize) {
        let deleted = wait(store.delete_character(self.account, self.character));
        assert_eq!(deleted.is_ok(), self.visit.is_none(), "only one that is in no shard is: {deleted:?}");
        if deleted.is_ok() {
            self.character = named(store, self.account, &format!("Hero {who}"));
            self.known = at(self.character, "", &[]);
        }
    }
}

/// One life of some shards, with what happens in them.
fn live(store: &Store, people: &mut [Person; 2], numbers: &Cell<u64>, steps: Vec<Step>) {
    let draw = || {
        numbers.set(numbers.get() + 1);
        numbers.get()
    };
    let mut shard = draw();
    let owned = people.iter().flat_map(|who| (1..=3).map(|serial| starter_item(who.account, serial)));
    let all: Vec<StashedItem> = owned.chain((1..=2).map(|serial| found(shard, serial))).collect();
    for step in steps {
        match step {
            Step::Enter(who, items) => {
                let items: Vec<ItemId> = items.iter().map(|item| all[*item].id).collect();
                let person = &mut people[who];
                let number = draw();
                let asked = asking(ShardId(shard), number, (person.account, person.character), &items);
                match (store.answer(StoreRequest::CheckOut(asked)), person.visit) {
                    (StoreReply::CheckedOut { character, .. }, None) => {
                        assert_eq!(character.as_ref(), Some(&person.known), "it is as it left");
                        person.visit = Some(number);
                    }
                    (StoreReply::Failed { failure: StoreFailure::CharacterHeld { visit, .. }, .. }, Some(held)) => {
                        assert_eq!(visit.0, held, "it is in the shard");
                    }
                    other => panic!("in a shard or not: {other:?}"),
                }
            }
            Step::Leave(who, items, is_back) => {
                let person = &mut people[who];
                let Some(visit) = person.visit.take() else { continue };
                let items: Vec<StashedItem> = items.iter().map(|item| all[*item].clone()).collect();
                if is_back {
                    person.known = at(person.character, "meadow", &visit.to_le_bytes());
                }
                let left = is_back.then(|| person.known.clone());
                let settled = store.answer(leaves(ShardId(shard), visit, person.account, &items, left));
                assert!(matches!(settled, StoreReply::VisitSettled { report: Some(_), .. }), "granted: {settled:?}");
            }
            Step::Undo(who) => {
                let Some(visit) = people[who].visit.take() else { continue };
                undo(store, visit);
            }
            Step::Delete(who) => people[who].begin_again(store, who),
            Step::UndoShard => {
                undo(store, shard);
                people.iter_mut().for_each(|person| person.visit = None);
                shard = draw();
            }
        }
        sound(store);
        for person in &*people {
            assert_eq!(
                sheet(store, person.account, person.character).as_ref(),
                Some(&person.known),
                "it is as it left"
            );
        }
    }
    undo(store, shard);
    people.iter_mut().for_each(|person| person.visit = None);
    sound(store);
    let home = all_put_down(store, people);
    assert_eq!(all[..6].iter().filter(|item| home.contains(&item.id)).count(), 6, "none is gone");
}

fn stacks_are_as_many_as_the_shard_says(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (shade, brick) = (named(&store, ada, "Shade"), named(&store, bob, "Brick"));
    let coins =
        |serial, count| StashedItem { state: ItemState { count, ..ItemState::default() }, ..found(MEADOW.0, serial) };
    let state = ItemState { count: 7, wear: 3, is_bound: true, inside: Some(coins(1, 1).id) };
    let worn = StashedItem { state, ..found(MEADOW.0, 2) };
    for (visit, who, items) in
        [(9, (ada, shade), vec![coins(1, 100), worn.clone()]), (10, (bob, brick), vec![coins(3, 40)])]
    {
        enter(&store, visit, who, &[]);
        leave(&store, visit, who.0, &items, Some(at(who.1, "meadow", &[])));
    }
    let entered = |visit, who| match store.answer(StoreRequest::CheckOut(asking(MEADOW, visit, who, &[]))) {
        StoreReply::CheckedOut { taken, .. } => taken,
        other => panic!("it is checked out: {other:?}"),
    };
    assert_eq!(entered(11, (ada, shade)), [coins(1, 100), worn.clone()], "she comes back with it as it was");
    assert_eq!(entered(12, (bob, brick)), [coins(3, 40)], "and so does he");
    // She has given him 90 coins, which lie with his; the other thing is gone. He leaves first.
    let grant = Grant {
        account: bob,
        items_secured: vec![coins(3, 130)],
        items_changed: vec![(coins(1, 0).id, 10), (worn.id, 0)],
        character: Some(at(brick, "meadow", &[])),
        ..Grant::nothing(Outcome::Extracted)
    };
    let (visit, place) = (MatchId(12), "meadow".to_owned());
    let _ = store.answer(StoreRequest::SettleVisit { visit, shard: MEADOW, place, grant: Box::new(grant) });
    sound(&store);
    assert_eq!(undo(&store, MEADOW.0), 1, "the shard ends: she has back what was left of hers");
    assert_eq!(entered(13, (bob, brick)), [coins(3, 130)], "he has what he left with");
    let left = entered(14, (ada, shade));
    assert_eq!(left, [coins(1, 10)], "and nothing is doubled");
    sound(&store);
}

/// A crowd comes and goes at once: what stands in a row is done in one transaction, and one that cannot be done keeps nobody out.
fn those_who_come_together_are_answered_each(directory: &Directory) {
    let store = directory.open();
    let port = hypogeum_store::StorePort::new(64);
    let people: Vec<(AccountId, CharacterId)> = (0..20)
        .map(|number| {
            let account = register(&store, &format!("Walker {number}")).unwrap();
            (account, named(&store, account, &format!("Hero {number}")))
        })
        .collect();
    let mut asked: Vec<StoreRequest> = (100..)
        .zip(&people)
        .map(|(visit, (account, character))| StoreRequest::CheckOut(asking(MEADOW, visit, (*account, *character), &[])))
        .collect();
    // Somebody else's character, in the middle of them.
    asked.insert(7, StoreRequest::CheckOut(asking(MEADOW, 500, (people[0].0, people[1].1), &[])));
    asked.iter().for_each(|request| port.ask(request.clone()).unwrap());
    let thread = hypogeum_persistence::StoreThread::start(store.clone(), port.clone()).unwrap();
    let visit_of = |reply: Option<StoreReply>| match reply {
        Some(StoreReply::CheckedOut { visit, character, .. }) => Ok((visit.0, character.map(|sheet| sheet.id))),
        Some(StoreReply::Failed { failure, .. }) => Err(failure),
        other => panic!("it is checked out or not: {other:?}"),
    };
    for (place, request) in asked.iter().enumerate() {
        let StoreRequest::CheckOut(CheckOut { visit, character, .. }) = request else { continue };
        let expected =
            if place == 7 { Err(StoreFailure::NoSuchCharacter(people[1].1)) } else { Ok((visit.0, *character)) };
        assert_eq!(visit_of(port.replies.pop()), expected, "each in its turn: {place}");
    }
    for (visit, (account, character)) in (100..).zip(&people) {
        port.ask(leaves(MEADOW, visit, *account, &[], Some(at(*character, "meadow", &[7])))).unwrap();
    }
    for (account, _) in &people {
        let reply = port.replies.pop();
        let is_settled = matches!(&reply, Some(StoreReply::VisitSettled { account: whose, report: Some(_), .. }) if whose == account);
        assert!(is_settled, "each in its turn: {reply:?}");
    }
    drop(thread);
    for (account, character) in &people {
        assert_eq!(sheet(&store, *account, *character), Some(at(*character, "meadow", &[7])), "each is as it left");
    }
    sound(&store);
}

/// Whatever characters bring, leave with and claim: each is in one place, and so is each item.
fn every_character_and_item_is_in_one_place_whatever_happens(directory: &Directory) {
    let store = directory.open();
    let person = |name: &str, hero: &str| {
        let account = register(&store, name).unwrap();
        let character = named(&store, account, hero);
        Person { account, character, known: at(character, "", &[]), visit: None }
    };
    let people = std::cell::RefCell::new([person("Ada", "Hero 0"), person("Bob", "Hero 1")]);
    let numbers = Cell::new(100);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let lives = runner.run(&prop::collection::vec(step(), 1..14), |steps| {
        live(&store, &mut people.borrow_mut(), &numbers, steps);
        Ok(())
    });
    lives.unwrap_or_else(|failed| panic!("{failed}"));
}

on_both![
    all_that_somebody_has_is_told_with_its_place,
    a_character_comes_back_as_it_left_with_what_it_carried,
    a_character_is_in_one_shard_and_nobody_elses,
    an_undone_visit_leaves_a_character_as_it_came,
    how_a_character_is_can_be_kept_while_it_is_away,
    one_that_is_not_given_back_stays_as_it_was_and_its_account_has_what_it_got,
    what_is_carried_is_in_no_stash,
    nobody_enters_with_more_than_can_leave,
    stacks_are_as_many_as_the_shard_says,
    a_database_that_forgot_characters_in_shards_has_them_again,
    those_who_come_together_are_answered_each,
    every_character_and_item_is_in_one_place_whatever_happens,
];
