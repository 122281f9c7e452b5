//! Objects of accounts: nothing is written over unseen, nobody else reads or writes them, and there are not too many.

use hypogeum_accounts::{
    ObjectWrite, STORAGE_OBJECTS_MAX, STORAGE_VALUE_BYTES_MAX, StorageError, StorageName, StoragePlace, StorageReader,
    StorageStore, StorageUsage, StorageWriter, StoredObject,
};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use tokio::task::JoinSet;

use crate::world::{Directory, register, wait};

fn name(text: &str) -> StorageName {
    StorageName::parse(text).unwrap()
}

fn place(owner: AccountId, key: &str) -> StoragePlace {
    StoragePlace { owner, collection: name("saves"), key: name(key) }
}

fn new(owner: AccountId, key: &str, json: &str, if_version: Option<u64>) -> ObjectWrite {
    ObjectWrite {
        place: place(owner, key),
        json: json.to_owned(),
        readable_by: StorageReader::Owner,
        writable_by: StorageWriter::Owner,
        if_version,
        by: StorageWriter::Owner,
    }
}

fn write(store: &Store, write: ObjectWrite) -> Result<u64, StorageError> {
    wait(store.write_object(write)).map(|object| object.version)
}

fn keys(store: &Store, reader: AccountId, owner: AccountId, after: Option<&str>, count: usize) -> Vec<String> {
    let page: Result<Vec<StoredObject>, _> = wait(store.objects(reader, owner, name("saves"), after.map(name), count));
    page.unwrap().into_iter().map(|object| object.place.key.as_str().to_owned()).collect()
}

fn a_version_is_written_over_once_and_never_comes_again(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let stale = |expected, found| StorageError::Stale { expected, found };
    assert_eq!(write(&store, new(ada, "one", r#"{"a":1}"#, Some(0))), Ok(1), "it is new");
    assert_eq!(write(&store, new(ada, "one", r#"{"a":2}"#, Some(0))), Err(stale(0, Some(1))), "once");
    assert_eq!(write(&store, new(ada, "one", r#"{"a":2}"#, Some(1))), Ok(2), "the version that is there");
    assert_eq!(write(&store, new(ada, "one", r#"{"a":3}"#, Some(1))), Err(stale(1, Some(2))), "not one of before");
    drop(store);
    let store = directory.open();
    let kept = wait(store.object(ada, place(ada, "one"))).unwrap();
    assert_eq!((kept.json.as_str(), kept.version), (r#"{"a":2}"#, 2), "what was refused has changed nothing");
    let delete = |if_version| wait(store.delete_object(place(ada, "one"), StorageWriter::Owner, if_version));
    assert_eq!(delete(Some(1)), Err(stale(1, Some(2))), "nor is it deleted unseen");
    assert_eq!(delete(Some(2)), Ok(()), "as it is");
    assert_eq!(
        (delete(Some(2)), delete(None)),
        (Err(StorageError::NoSuchObject), Err(StorageError::NoSuchObject)),
        "once"
    );
    assert_eq!(write(&store, new(ada, "one", "{}", Some(2))), Err(stale(2, None)), "it is gone");
    assert_eq!(write(&store, new(ada, "one", "{}", None)), Ok(3), "another one has another version");
    let usage = StorageUsage { objects: 1, bytes: "saves".len() as u64 + "one".len() as u64 + 2, writes: 3 };
    assert_eq!(wait(store.storage_usage(ada)), Ok(usage), "and what is kept is counted");
}

fn of_many_who_write_over_one_version_one_does(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut writing = JoinSet::new();
        for number in 0..40 {
            let (store, json) = (store.clone(), format!(r#"{{"by":{number}}}"#));
            writing.spawn(async move { store.write_object(new(ada, "one", &json, Some(0))).await });
        }
        writing.join_all().await
    });
    let won: Vec<&StoredObject> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(won.len(), 1, "one was first: {answers:?}");
    assert_eq!(&wait(store.object(ada, place(ada, "one"))).unwrap(), won[0], "and that is what is kept");
    let others = answers.iter().filter_map(|answer| answer.as_ref().err());
    for other in others {
        assert_eq!(*other, StorageError::Stale { expected: 0, found: Some(1) }, "the others see which version it is");
    }
}

fn others_read_what_is_public_and_write_nothing(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    write(&store, new(ada, "own", "{}", None)).unwrap();
    write(&store, ObjectWrite { readable_by: StorageReader::Public, ..new(ada, "shown", "{}", None) }).unwrap();
    assert_eq!(keys(&store, ada, ada, None, 9), ["own", "shown"], "she reads both");
    assert_eq!(keys(&store, bob, ada, None, 9), ["shown"], "he reads what is public");
    let read = |reader, key| wait(store.object(reader, place(ada, key))).map(|object| object.version);
    assert_eq!((read(bob, "own"), read(bob, "shown")), (Err(StorageError::NoSuchObject), Ok(2)), "one by one as well");
    write(&store, new(ada, "shown", "{}", None)).unwrap();
    assert_eq!(read(bob, "shown"), Err(StorageError::NoSuchObject), "it is public no more");

    let by_server = |json| ObjectWrite {
        writable_by: StorageWriter::Server,
        by: StorageWriter::Server,
        ..new(ada, "given", json, None)
    };
    write(&store, by_server("{}")).unwrap();
    assert!(read(ada, "given").is_ok(), "what the server writes she reads");
    assert_eq!(write(&store, new(ada, "given", "{}", None)), Err(StorageError::ReadOnly), "and does not write");
    let delete = |by| wait(store.delete_object(place(ada, "given"), by, None));
    assert_eq!(delete(StorageWriter::Owner), Err(StorageError::ReadOnly), "nor delete");
    assert!(write(&store, by_server(r#"{"a":1}"#)).is_ok(), "the server does");
    assert_eq!(delete(StorageWriter::Server), Ok(()), "both");
}

fn there_are_not_too_many_and_pages_follow_one_another(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let found = STORAGE_VALUE_BYTES_MAX + 1;
    let long = "x".repeat(usize::try_from(found).unwrap());
    assert_eq!(write(&store, new(ada, "long", &long, None)), Err(StorageError::TooLarge { found }), "a byte too many");
    for number in 0..STORAGE_OBJECTS_MAX {
        write(&store, new(ada, &format!("k{number:03}"), "{}", Some(0))).unwrap();
    }
    assert_eq!(write(&store, new(ada, "more", "{}", None)), Err(StorageError::TooManyObjects), "one too many");
    assert!(write(&store, new(ada, "k000", r#"{"a":1}"#, None)).is_ok(), "none is added");
    wait(store.delete_object(place(ada, "k007"), StorageWriter::Owner, None)).unwrap();
    // Upper case comes before lower case on both databases.
    assert!(write(&store, new(ada, "More", "{}", None)).is_ok(), "there is room again");
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = keys(&store, ada, ada, after.as_deref(), 60);
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        all.extend(page);
    }
    let mut expected = vec!["More".to_owned()];
    expected.extend((0..STORAGE_OBJECTS_MAX).filter(|number| *number != 7).map(|number| format!("k{number:03}")));
    assert_eq!(all, expected, "each is on one page, by its bytes");
    let usage = wait(store.storage_usage(ada)).unwrap();
    let there = ["SELECT COUNT(*) FROM storage_objects", "SELECT SUM(bytes) FROM storage_objects"];
    let there = there.map(|statement| directory.sql(statement) as u64);
    assert_eq!([usage.objects, usage.bytes], there, "what is counted is what is there");
}

on_both![
    a_version_is_written_over_once_and_never_comes_again,
    of_many_who_write_over_one_version_one_does,
    others_read_what_is_public_and_write_nothing,
    there_are_not_too_many_and_pages_follow_one_another,
];
