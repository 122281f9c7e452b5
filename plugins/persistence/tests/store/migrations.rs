//! What is migrated, and what looking at it does.

use hypogeum_persistence::{OpenError, migrate, migration_status};

use crate::world::{Database, Directory, register};

fn looking_changes_nothing_and_migrating_goes_all_the_way_once(directory: &Directory) {
    let status = || migration_status(&directory.path(), directory.url()).unwrap();
    let empty = status();
    assert_eq!(empty.from, 0, "a new database has nothing");
    assert_eq!(empty.applied.len() as i64, empty.to, "so everything is missing in it");
    assert_eq!(empty.applied[0], "0001 first match", "first things first");
    assert_eq!(status(), empty, "looking has changed nothing");
    assert!(!directory.path().exists(), "nor made a directory");

    assert_eq!(migrate(&directory.path(), directory.url()).unwrap(), empty, "what was missing is what is done");
    let done = status();
    assert_eq!((done.from, done.to, done.applied), (empty.to, empty.to, Vec::new()), "nothing is missing any more");
    let again = migrate(&directory.path(), directory.url()).unwrap();
    assert_eq!((again.from, again.applied), (empty.to, Vec::new()), "and nothing is done twice");

    let store = directory.open();
    register(&store, "Ada").unwrap();
    assert_eq!(status().from, empty.to, "looking is allowed while a server runs");
    let refusal = migrate(&directory.path(), directory.url()).unwrap_err();
    assert!(matches!(refusal, OpenError::InUse { .. }), "changing is not: {refusal}");
}

on_both![looking_changes_nothing_and_migrating_goes_all_the_way_once];

#[test]
fn a_newer_database_is_refused_when_looked_at_too() {
    let directory = Directory::of(Database::Sqlite);
    drop(directory.open());
    directory.sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1");
    let refusal = migration_status(&directory.path(), None).unwrap_err();
    assert!(matches!(refusal, OpenError::Newer { found: 9999, .. }), "it is from the future: {refusal}");
}
