//! Characters: names, how many, and whose.

use hypogeum_accounts::{
    AccountName, AccountStore, AccountStoreError, CHARACTERS_MAX, CharacterError, CharacterRecord, CharacterStore,
};
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

fn a_name_belongs_to_one_account(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let guest = |name: &str| wait(store.guest(&AccountName::parse(name).unwrap()));
    let rogue = create(&store, ada, "Rogue").unwrap();
    assert_eq!(register(&store, "rOGUE"), Err(AccountStoreError::NameTaken), "nobody passes for Ada's character");
    assert_eq!(guest("rogue"), Err(AccountStoreError::NameTaken), "nor does a guest");
    assert_eq!(create(&store, bob, "ADA"), Err(CharacterError::NameTaken), "nor Bob's character for Ada");
    assert!(create(&store, ada, "ada").is_ok(), "Ada has a character of her own name");
    assert_eq!(register(&store, "Ada"), Err(AccountStoreError::NameTaken), "which is still hers");
    wait(store.delete_character(ada, rogue.id)).unwrap();
    let free = register(&store, "Rogue").unwrap();
    assert_eq!(create(&store, ada, "Rogue"), Err(CharacterError::NameTaken), "who lets a name go has lost it");
    assert!(create(&store, free, "Rogue").is_ok(), "to who takes it");
    create(&store, bob, "Bot").unwrap();
    let bots = ["Bot", "Bot-2"].map(guest).map(|bot| bot.map(|record| record.name));
    assert_eq!(bots, [Err(AccountStoreError::NameTaken), Ok("Bot-2".into())], "one refused refuses nobody beside it");
}

fn a_name_wanted_for_both_at_once_goes_to_one(directory: &Directory) {
    const NAMES_COUNT: usize = 64;
    let store = directory.open();
    let players =
        (0..NAMES_COUNT / CHARACTERS_MAX).map(|number| register(&store, &format!("player-{number}")).unwrap());
    let players: Vec<AccountId> = players.collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for number in 0..NAMES_COUNT {
            let player = players[number / CHARACTERS_MAX];
            let name = AccountName::parse(&format!("wanted-{number}")).unwrap();
            let (one, other, same) = (store.clone(), store.clone(), name.clone());
            asking.spawn(async move { (number, one.create_character(player, &name).await.map(drop).ok()) });
            asking.spawn(async move { (number, other.create(&same, "$argon2id$…".into()).await.map(drop).ok()) });
        }
        asking.join_all().await
    });
    for number in 0..NAMES_COUNT {
        let got = outcomes.iter().filter(|(wanted, outcome)| *wanted == number && outcome.is_some()).count();
        assert_eq!(got, 1, "the name wanted-{number} goes to an account or to a character");
    }
    drop(store);
    let shared = "SELECT COUNT(*) FROM characters JOIN accounts ON accounts.canonical = characters.canonical
         WHERE accounts.id <> characters.account";
    assert_eq!(directory.sql(shared), 0, "and the database has it once");
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

on_both![
    a_name_belongs_to_one_living_character,
    a_name_belongs_to_one_account,
    a_name_wanted_for_both_at_once_goes_to_one,
    an_account_has_so_many_characters_and_no_more,
];
