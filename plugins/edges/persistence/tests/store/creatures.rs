//! Creatures: made, named, grown and released, by those whose they are.

use hypogeum_creature_messages::{CreatureId, CreatureStats};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CREATURE_NAME_CHARS_MAX, CREATURES_MAX, CreatureError, CreatureName, CreatureRecord, CreatureStore,
};
use tokio::task::JoinSet;

use crate::world::{Directory, register, wait};

/// What the creatures of these tests are made of, with points that are kept.
pub(crate) const MADE_OF: (CreatureStats, u32) = (CreatureStats::of_values([12, 8, 9, 11, 16]), 4);

pub(crate) fn called(name: &str) -> CreatureName {
    CreatureName::parse(name).unwrap()
}

pub(crate) fn create(store: &Store, account: AccountId, name: &str) -> Result<CreatureRecord, CreatureError> {
    wait(store.create_creature(account, &called(name), "emberfox", MADE_OF, "")).map(|(made, _)| made)
}

pub(crate) fn creature(store: &Store, id: CreatureId) -> CreatureRecord {
    wait(store.creature(id)).unwrap().unwrap()
}

fn a_creature_is_made_and_kept_as_it_is(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let cinder = create(&store, ada, "Cinder").unwrap();
    assert_eq!((cinder.account, cinder.name.as_str(), cinder.kind.as_str()), (ada, "Cinder", "emberfox"), "as asked");
    assert_eq!((cinder.stats, cinder.points), MADE_OF, "of what was said");
    let fame = [cinder.won, cinder.lost, cinder.streak, cinder.best_streak, cinder.titles];
    assert_eq!((fame, cinder.game), ([0; 5], None), "it has been nowhere yet");
    assert!(cinder.created_s > 1_700_000_000, "it was made now");
    let other = create(&store, ada, "Cinder").unwrap();
    assert!(other.id > cinder.id, "two may be called alike");
    let bobs = create(&store, bob, "Cinder").unwrap();
    assert_eq!(create(&store, AccountId(99), "Ghost"), Err(CreatureError::NoSuchAccount), "nobody has none");
    drop(store);
    let store = directory.open();
    assert_eq!(wait(store.creatures(ada)), Ok(vec![cinder.clone(), other]), "both, in the order of numbers");
    assert_eq!(wait(store.creatures(bob)), Ok(vec![bobs]), "each account its own");
    assert_eq!(wait(store.creatures(AccountId(99))), Ok(Vec::new()), "no account, no creatures");
    assert_eq!(wait(store.creature(cinder.id)), Ok(Some(cinder)), "one alone");
    assert_eq!(wait(store.creature(CreatureId(99))), Ok(None), "or none");
    assert_eq!(wait(store.creature(CreatureId(u64::MAX))), Ok(None), "however large the number");
}

fn a_creature_is_called_otherwise_by_its_owner(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let cinder = create(&store, ada, "Cinder").unwrap();
    let odd = "'; DROP \"é字\\u0041".to_owned();
    let renamed = wait(store.rename_creature(ada, cinder.id, &called(&odd))).unwrap();
    assert_eq!(renamed, CreatureRecord { name: odd, ..cinder.clone() }, "the name alone is another");
    assert_eq!(creature(&store, cinder.id), renamed, "and is kept");
    let longest = "字".repeat(CREATURE_NAME_CHARS_MAX);
    let renamed = wait(store.rename_creature(ada, cinder.id, &called(&longest))).unwrap();
    assert_eq!(creature(&store, cinder.id).name, renamed.name, "the longest name fits");
    let refused = wait(store.rename_creature(bob, cinder.id, &called("Mine")));
    assert_eq!(refused, Err(CreatureError::NotYours(cinder.id)), "Bob does not name what is Ada's");
    let nobody = CreatureId(99);
    let refused = wait(store.rename_creature(ada, nobody, &called("Ghost")));
    assert_eq!(refused, Err(CreatureError::NoSuchCreature(nobody)), "nor anyone what is not there");
}

fn a_creature_grows_from_what_it_was(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let cinder = create(&store, ada, "Cinder").unwrap();
    let becomes = (CreatureStats { speed: 15, ..MADE_OF.0 }, 1);
    let grow = |account, was| wait(store.grow_creature(account, cinder.id, was, becomes, ""));
    assert_eq!(grow(bob, MADE_OF), Err(CreatureError::NotYours(cinder.id)), "nobody else feeds it");
    let grown = grow(ada, MADE_OF).unwrap();
    assert_eq!((grown.stats, grown.points), becomes, "it is what was said");
    assert_eq!(creature(&store, cinder.id), grown, "and is kept so");
    assert_eq!(grow(ada, MADE_OF), Err(CreatureError::Changed(cinder.id)), "the same points are not given twice");
    assert_eq!(grow(ada, (MADE_OF.0, 1)), Err(CreatureError::Changed(cinder.id)), "stats count as points do");
    let most = (CreatureStats::of_values([u32::MAX; 5]), u32::MAX);
    let grown = wait(store.grow_creature(ada, cinder.id, becomes, most, "")).unwrap();
    assert_eq!(creature(&store, cinder.id), grown, "whatever the numbers are, they are kept");
}

fn who_is_released_is_gone_and_its_number_too(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let cinder = create(&store, ada, "Cinder").unwrap();
    assert_eq!(wait(store.release_creature(bob, cinder.id)), Err(CreatureError::NotYours(cinder.id)), "not by Bob");
    assert_eq!(wait(store.release_creature(ada, cinder.id)), Ok(()), "by Ada");
    let gone = CreatureError::NoSuchCreature(cinder.id);
    assert_eq!(wait(store.release_creature(ada, cinder.id)), Err(gone), "once");
    assert_eq!(wait(store.creature(cinder.id)), Ok(None), "it is not found");
    assert_eq!(wait(store.creatures(ada)), Ok(Vec::new()), "nor listed");
    assert_eq!(wait(store.rename_creature(ada, cinder.id, &called("Ash"))), Err(gone), "nor named");
    assert_eq!(wait(store.grow_creature(ada, cinder.id, MADE_OF, MADE_OF, "")), Err(gone), "nor fed");
    drop(store);
    let store = directory.open();
    let next = create(&store, ada, "Cinder").unwrap();
    assert!(next.id > cinder.id, "no other ever has its number");
}

fn an_account_has_so_many_creatures_and_no_more(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for number in 0..CREATURES_MAX + 5 {
            let (store, name) = (store.clone(), called(&format!("pet-{number}")));
            asking.spawn(async move { store.create_creature(ada, &name, "emberfox", MADE_OF, "").await });
        }
        asking.join_all().await
    });
    let refused = answers.iter().filter(|answer| **answer == Err(CreatureError::TooMany)).count();
    assert_eq!(refused, 5, "all at the same time, as many as fit are made: {answers:?}");
    let all = wait(store.creatures(ada)).unwrap();
    assert_eq!(all.len(), CREATURES_MAX, "and there they are");
    assert!(create(&store, bob, "Own").is_ok(), "others have room of their own");
    wait(store.release_creature(ada, all[0].id)).unwrap();
    assert!(create(&store, ada, "One-more").is_ok(), "where one goes, another may come");
}

fn the_same_request_makes_one_creature(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let make =
        |account, name: &str, key: &str| wait(store.create_creature(account, &called(name), "emberfox", MADE_OF, key));
    let (cinder, is_new) = make(ada, "Cinder", "k1").unwrap();
    assert!(is_new, "it was never asked for before");
    assert_eq!(make(ada, "Cinder", "k1"), Ok((cinder.clone(), false)), "again it is the same");
    assert_eq!(make(ada, "Other", "k1"), Ok((cinder.clone(), false)), "by its key alone");
    let other = make(ada, "Cinder", "k2").unwrap();
    assert!(other.1 && other.0.id != cinder.id, "another key is another creature");
    assert!(make(bob, "Cinder", "k1").unwrap().1, "a key is its account's own");
    assert!(make(ada, "Cinder", "").unwrap().1 && make(ada, "Cinder", "").unwrap().1, "without one each is another");
    let renamed = wait(store.rename_creature(ada, cinder.id, &called("Embers"))).unwrap();
    assert_eq!(make(ada, "Cinder", "k1"), Ok((renamed, false)), "it is told as it is by now");
    wait(store.release_creature(ada, cinder.id)).unwrap();
    let gone = CreatureError::NoSuchCreature(cinder.id);
    assert_eq!(make(ada, "Cinder", "k1"), Err(gone), "one that was released is not made again");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for _ in 0..8 {
            let (store, name) = (store.clone(), called("Ash"));
            asking.spawn(async move { store.create_creature(bob, &name, "emberfox", MADE_OF, "same").await });
        }
        asking.join_all().await
    });
    let new = answers.iter().flatten().filter(|(_, is_new)| *is_new).count();
    assert_eq!((answers.iter().flatten().count(), new), (8, 1), "of many at a time, all get the one: {answers:?}");
    drop(store);
    let store = directory.open();
    let again = wait(store.create_creature(ada, &called("Cinder"), "emberfox", MADE_OF, "k2")).unwrap();
    assert_eq!(again, (other.0, false), "it is known for good");
}

fn a_full_account_is_told_what_it_has_made(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let make = |key: &str| wait(store.create_creature(ada, &called("Pet"), "emberfox", MADE_OF, key));
    let first = make("first").unwrap().0;
    for number in 1..CREATURES_MAX {
        make(&format!("k{number}")).unwrap();
    }
    assert_eq!(make("first"), Ok((first, false)), "what was made is not too many");
    assert_eq!(make("new"), Err(CreatureError::TooMany), "one more is");
}

fn the_same_request_gives_its_points_once(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (cinder, ash) = (create(&store, ada, "Cinder").unwrap(), create(&store, ada, "Ash").unwrap());
    let becomes = (CreatureStats { speed: 13, ..MADE_OF.0 }, 3);
    let then = (CreatureStats { speed: 14, ..MADE_OF.0 }, 2);
    let grow = |account, id, was, becomes, key: &str| wait(store.grow_creature(account, id, was, becomes, key));
    assert_eq!(wait(store.has_grown(cinder.id, "k1")), Ok(false), "nobody has asked yet");
    let grown = grow(ada, cinder.id, MADE_OF, becomes, "k1").unwrap();
    assert_eq!((grown.stats, grown.points), becomes, "it is what was said");
    assert_eq!(wait(store.has_grown(cinder.id, "k1")), Ok(true), "and it is known why");
    assert_eq!(grow(ada, cinder.id, MADE_OF, becomes, "k1"), Ok(grown.clone()), "again nothing changes");
    assert_eq!(grow(ada, cinder.id, becomes, then, "k1"), Ok(grown.clone()), "by its key alone");
    assert_eq!(creature(&store, cinder.id), grown, "not even by another request of that key");
    assert_eq!(grow(bob, cinder.id, MADE_OF, becomes, "k1"), Err(CreatureError::NotYours(cinder.id)), "for Ada alone");
    assert!(grow(ada, ash.id, MADE_OF, becomes, "k1").is_ok(), "a key is its creature's own");
    let more = grow(ada, cinder.id, becomes, then, "k2").unwrap();
    assert_eq!((more.stats, more.points), then, "another key is another request");
    assert_eq!(grow(ada, cinder.id, MADE_OF, becomes, "k1"), Ok(more), "the first is told as it is by now");
    let refused = grow(ada, cinder.id, MADE_OF, becomes, "k3");
    assert_eq!(refused, Err(CreatureError::Changed(cinder.id)), "what is refused");
    assert_eq!(wait(store.has_grown(cinder.id, "k3")), Ok(false), "is not known");
    grow(ada, cinder.id, then, then, "k4").unwrap();
    assert_eq!(directory.sql("SELECT COUNT(*) FROM creature_keys"), 3, "a request that gives nothing leaves nothing");
    let game = crate::games::start(&store, ada, &[cinder.id]).unwrap();
    let held = grow(ada, cinder.id, MADE_OF, becomes, "k1").unwrap();
    assert_eq!(held.game, Some(game.id), "while a game holds it, too");
    drop(store);
    assert_eq!(wait(directory.open().has_grown(cinder.id, "k2")), Ok(true), "for good");
}

fn a_broken_database_makes_and_changes_nothing(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let cinder = create(&store, ada, "Cinder").unwrap();
    directory.break_change("INSERT", "creatures");
    assert_eq!(create(&store, ada, "Other"), Err(CreatureError::Unavailable), "it may be mended");
    directory.mend("creatures");
    directory.break_change("UPDATE", "creatures");
    assert_eq!(wait(store.release_creature(ada, cinder.id)), Err(CreatureError::Unavailable), "as may this");
    directory.mend("creatures");
    directory.break_change("INSERT", "creature_keys");
    let becomes = (CreatureStats { speed: 13, ..MADE_OF.0 }, 3);
    let refused = wait(store.grow_creature(ada, cinder.id, MADE_OF, becomes, "k"));
    assert_eq!(refused, Err(CreatureError::Unavailable), "points are given with their key, or not at all");
    directory.mend("creature_keys");
    assert_eq!(wait(store.creatures(ada)), Ok(vec![cinder]), "and what there was is there");
}

on_both![
    a_creature_is_made_and_kept_as_it_is,
    a_creature_is_called_otherwise_by_its_owner,
    a_creature_grows_from_what_it_was,
    who_is_released_is_gone_and_its_number_too,
    an_account_has_so_many_creatures_and_no_more,
    the_same_request_makes_one_creature,
    a_full_account_is_told_what_it_has_made,
    the_same_request_gives_its_points_once,
    a_broken_database_makes_and_changes_nothing,
];
