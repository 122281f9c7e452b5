//! Characters: names, how many, and whose.

use hypogeum_accounts::{AccountName, CHARACTERS_MAX, CharacterError, CharacterRecord, CharacterStore};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use tokio::task::JoinSet;

use crate::world::{Directory, register, wait};

fn create(store: &Store, account: AccountId, name: &str) -> Result<CharacterRecord, CharacterError> {
    wait(store.create_character(account, &AccountName::parse(name).unwrap()))
}

fn names(store: &Store, account: AccountId) -> Vec<String> {
    wait(store.characters(account)).unwrap().into_iter().map(|character| character.name).collect()
}

fn a_name_belongs_to_one_living_character(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let rogue = create(&store, ada, "Rogue").unwrap();
    assert_eq!((rogue.account, rogue.name.as_str()), (ada, "Rogue"), "it is Ada's, as she wrote it");
    assert_eq!(create(&store, bob, "rOGUE"), Err(CharacterError::NameTaken), "nobody else is called that");
    assert_eq!(create(&store, ada, "rogue"), Err(CharacterError::NameTaken), "not even another of hers");
    assert_eq!(create(&store, AccountId(99), "Ghost"), Err(CharacterError::NoSuchAccount), "nobody has no character");
    let ranger = create(&store, ada, "Ranger").unwrap();
    assert_eq!(wait(store.characters(ada)), Ok(vec![rogue.clone(), ranger.clone()]), "both, in order");
    assert_eq!(wait(store.delete_character(bob, rogue.id)), Ok(false), "Bob has no such character");
    assert_eq!(wait(store.delete_character(ada, rogue.id)), Ok(true), "Ada has");
    assert_eq!(wait(store.delete_character(ada, rogue.id)), Ok(false), "and then no more");
    let again = create(&store, bob, "Rogue").unwrap();
    assert!(again.id > ranger.id, "the name is free, the number is not");
    drop(store);
    let store = directory.open();
    assert_eq!((names(&store, ada), names(&store, bob)), (vec!["Ranger".into()], vec!["Rogue".into()]), "all is kept");
}

fn an_account_has_so_many_characters_and_no_more(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for number in 0..CHARACTERS_MAX + 5 {
            let (store, name) = (store.clone(), AccountName::parse(&format!("alt-{number}")).unwrap());
            asking.spawn(async move { store.create_character(ada, &name).await });
        }
        asking.join_all().await
    });
    let refused = answers.iter().filter(|answer| **answer == Err(CharacterError::TooMany)).count();
    assert_eq!(refused, 5, "all at the same time, as many as fit are made: {answers:?}");
    let all = wait(store.characters(ada)).unwrap();
    assert_eq!(all.len(), CHARACTERS_MAX, "and there they are");
    wait(store.delete_character(ada, all[0].id)).unwrap();
    assert!(create(&store, ada, "One-more").is_ok(), "where one goes, another may come");
}

on_both![a_name_belongs_to_one_living_character, an_account_has_so_many_characters_and_no_more];
