//! Messages of accounts: sent once, read, claimed once, and not too many.

use std::collections::BTreeMap;

use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_social::{INBOX_MESSAGES_MAX, InboxError, InboxStore, NewMessage};
use tokio::task::JoinSet;

use crate::world::{Directory, PURSE, profile, register, wait};

const LEDGER_SUM: &str = "SELECT SUM(amount) FROM ledger";

fn message(key: &str, currency: i64) -> NewMessage {
    let texts = BTreeMap::from([("en".to_owned(), format!("Hello {key}")), ("de".to_owned(), format!("Hallo {key}"))]);
    NewMessage { key: key.to_owned(), texts, currency, kept_s: 3_600 }
}

fn send(store: &Store, key: &str, currency: i64) -> Result<(u64, bool, u64), InboxError> {
    let sent = wait(store.send_message("ada", message(key, currency)))?;
    Ok((sent.id, sent.is_new, sent.unread))
}

fn ids(store: &Store, account: AccountId, before: Option<u64>) -> Vec<u64> {
    wait(store.inbox(account, before, 3)).unwrap().0.into_iter().map(|message| message.id).collect()
}

fn a_message_is_sent_once_read_and_deleted(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    assert_eq!(wait(store.send_message("Nobody", message("a", 0))), Err(InboxError::NoSuchName), "nobody");
    assert_eq!(send(&store, "a", 0), Ok((1, true, 1)), "the first");
    assert_eq!(send(&store, "a", 0), Ok((1, false, 1)), "the same again");
    for key in ["b", "c", "d"] {
        send(&store, key, 0).unwrap();
    }
    drop(store);
    let store = directory.open();
    assert_eq!((ids(&store, ada, None), ids(&store, ada, Some(2))), (vec![4, 3, 2], vec![1]), "the newest first");
    let first = wait(store.inbox(ada, Some(2), 1)).unwrap().0.remove(0);
    assert_eq!((first.text("de-AT"), first.is_read), ("Hallo a", false), "in the words of who reads");
    assert_eq!((wait(store.read_message(ada, 1)), wait(store.read_message(ada, 1))), (Ok(3), Ok(3)), "it is read");
    assert_eq!(wait(store.delete_message(ada, 1)), Ok(3), "and deleted");
    let gone = Err(InboxError::NoSuchMessage);
    assert_eq!((wait(store.delete_message(ada, 1)), wait(store.read_message(ada, 1))), (gone, gone), "for good");
    assert_eq!(send(&store, "a", 0), Ok((1, false, 3)), "it is not sent again for that");
    assert_eq!(ids(&store, ada, None), [4, 3, 2], "nor back");
}

fn currency_is_claimed_once(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    send(&store, "a", 40).unwrap();
    assert_eq!(wait(store.delete_message(ada, 1)), Err(InboxError::Unclaimed), "it is claimed first");
    assert_eq!(wait(store.claim_message(bob, 1)), Err(InboxError::NoSuchMessage), "by whom it is for");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut claiming = JoinSet::new();
        for _ in 0..20 {
            let store = store.clone();
            claiming.spawn(async move { store.claim_message(ada, 1).await.unwrap() });
        }
        claiming.join_all().await
    });
    let new = answers.iter().filter(|claimed| claimed.is_new).count();
    assert_eq!(new, 1, "of many who claim it at the same time one does: {answers:?}");
    assert!(answers.iter().all(|claimed| (claimed.currency, claimed.balance) == (40, PURSE + 40)), "{answers:?}");
    assert_eq!(wait(store.inbox(ada, None, 3)).unwrap().1, 0, "what is claimed is read");
    assert_eq!(wait(store.delete_message(ada, 1)), Ok(0), "and may be deleted");
    assert_eq!(profile(&store, ada).currency, PURSE + 40, "it is in the wallet");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
}

fn of_many_who_delete_a_message_one_does(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    send(&store, "a", 0).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut deleting = JoinSet::new();
        for _ in 0..20 {
            let store = store.clone();
            deleting.spawn(async move { store.delete_message(ada, 1).await });
        }
        deleting.join_all().await
    });
    assert_eq!(answers.iter().filter(|answer| **answer == Ok(0)).count(), 1, "one was first: {answers:?}");
    let late = answers.iter().filter(|answer| **answer == Err(InboxError::NoSuchMessage)).count();
    assert_eq!(late, 19, "for the others it is gone: {answers:?}");
}

fn messages_expire_and_are_bounded(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let most = INBOX_MESSAGES_MAX as u64;
    for number in 1..=most {
        assert_eq!(send(&store, &format!("m{number}"), i64::from(number == 1)), Ok((number, true, number)), "{number}");
    }
    assert_eq!(send(&store, "more", 0), Err(InboxError::Full), "one too many");
    wait(store.read_message(ada, 1)).unwrap();
    assert_eq!(send(&store, "more", 0), Err(InboxError::Full), "what is to be claimed makes no room");
    wait(store.read_message(ada, 2)).unwrap();
    assert_eq!(send(&store, "more", 0), Ok((most + 1, true, most - 1)), "what was read does");
    assert_eq!(wait(store.read_message(ada, 2)), Err(InboxError::NoSuchMessage), "that one");
    directory.sql("UPDATE inbox_messages SET expires_s = 1 WHERE id <> 5");
    assert_eq!((ids(&store, ada, None), wait(store.inbox(ada, None, 3)).unwrap().1), (vec![5], 1), "one is left");
    assert_eq!(wait(store.claim_message(ada, 1)), Err(InboxError::NoSuchMessage), "what was not claimed is lost");
    assert_eq!(send(&store, "last", 0), Ok((most + 2, true, 2)), "there is room again");
}

on_both![
    a_message_is_sent_once_read_and_deleted,
    currency_is_claimed_once,
    of_many_who_delete_a_message_one_does,
    messages_expire_and_are_bounded,
];
