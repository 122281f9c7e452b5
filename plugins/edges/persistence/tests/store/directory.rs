//! Opening and closing a data directory, and what is refused.

use std::process::{Command, Stdio};

use crate::world::{Database, Directory, PURSE, kit, profile, register, settle, starter_item, stash, take, wait};
use hypogeum_accounts::{AccountName, AccountStore, AccountStoreError};
use hypogeum_persistence::{OpenError, Recovered, Store, StoreThread};
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_store::{StorePort, StoreReply, StoreRequest};

fn a_new_account_gets_the_starter_kit_once_and_keeps_it(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    assert_eq!(register(&store, "aDA"), Err(AccountStoreError::NameTaken), "there is one Ada only");
    let bob = register(&store, "Bob").unwrap();
    assert!(bob > ada, "accounts are numbered upwards");

    let first = profile(&store, ada);
    assert_eq!((first.name.as_str(), first.level(), first.rating()), ("Ada", 1, 1_500), "Ada begins as a newcomer");
    assert_eq!(first.currency, PURSE, "with the purse of the kit");
    let expected: Vec<_> = (1..=3).map(|serial| starter_item(ada, serial)).collect();
    assert_eq!(first.stash, expected, "and its items");

    drop(store);
    let store = directory.open();
    assert_eq!(profile(&store, ada), first, "all of it is there after closing and opening");
    assert_eq!(store.unfinished(), [], "and nothing had to be repaired");
    let found = wait(store.find(&AccountName::parse("ADA").unwrap())).unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str()), (ada, "Ada"), "Ada is found whatever the case");
    assert_eq!(wait(store.find(&AccountName::parse("Eve").unwrap())), Ok(None), "nobody else is");
}

fn an_account_that_does_not_exist_has_no_profile(directory: &Directory) {
    let store = directory.open();
    for account in [AccountId(0), AccountId(99), AccountId(u64::MAX)] {
        let reply = store.answer(StoreRequest::LoadProfile { account, character: None, tag: 1 });
        let nobody = StoreReply::Profile { tag: 1, account, profile: None, character: None };
        assert_eq!(reply, nobody, "account {account} is nobody");
    }
}

fn matches_a_crash_left_unfinished_are_named_at_the_next_start_and_can_be_undone(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let brought = [starter_item(ada, 1).id, starter_item(ada, 2).id];
    let _ = store.answer(take(41, &[(ada, &brought)]));
    let _ = store.answer(take(7, &[]));
    let _ = store.answer(take(8, &[]));
    let _ = store.answer(settle(8, &[]));
    assert_eq!(stash(&store, ada), [starter_item(ada, 3).id], "two items have left the stash");
    drop(store);

    let store = directory.open();
    let unfinished = [MatchId(7), MatchId(41)];
    assert_eq!(store.unfinished(), unfinished, "both that run still, in order, and not the one that has ended");
    assert_eq!(stash(&store, ada).len(), 1, "opening has undone neither");
    let recovered = Recovered { matches_abandoned: 2, items_returned: 2 };
    assert_eq!(store.abandon_unfinished(&unfinished), recovered, "the store says what it has undone");
    assert_eq!(stash(&store, ada).len(), 3, "the items are back");
    assert_eq!(store.next_match(0), MatchId(42), "the number of a match is not used again");
    assert_eq!(store.next_match(3), MatchId::first_of(3), "another server has numbers of its own");
    let _ = store.answer(take(MatchId::first_of(3).0, &[]));
    let _ = store.answer(settle(MatchId::first_of(3).0, &[]));
    drop(store);
    let store = directory.open();
    assert_eq!(store.next_match(3), MatchId(MatchId::first_of(3).0 + 1), "and counts on from its own last");
    assert_eq!(store.next_match(0), MatchId(42), "which is none of the first one's");
    drop(store);
    assert_eq!(directory.open().unfinished(), [], "nothing is unfinished any more");
}

#[test]
fn a_second_store_on_the_same_directory_is_refused() {
    let directory = Directory::of(Database::Sqlite);
    let store = directory.open();
    let refusal = Store::open(&directory.path(), kit()).unwrap_err();
    assert!(matches!(refusal, OpenError::InUse { .. }), "the directory is taken: {refusal}");
    let also = store.clone();
    drop(store);
    assert!(Store::open(&directory.path(), kit()).is_err(), "another handle still holds it");
    drop(also);
    directory.open();
}

#[test]
fn a_directory_another_process_holds_is_refused_until_it_ends() {
    let directory = Directory::of(Database::Sqlite);
    drop(directory.open());
    // flock(1) takes the same lock as a server would, and holds it until its standard input ends.
    let mut other = Command::new("flock")
        .arg(directory.path().join("hypogeum.lock"))
        .args(["sh", "-c", "echo held; cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = std::io::BufReader::new(other.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    assert_eq!(line, "held\n", "the other process has the lock");
    let refusal = Store::open(&directory.path(), kit()).unwrap_err().to_string();
    assert!(refusal.ends_with("is in use by another server"), "one clear sentence: {refusal}");
    drop(other.stdin.take());
    other.wait().unwrap();
    directory.open();
}

fn a_database_of_a_newer_version_is_refused_and_left_alone(directory: &Directory) {
    drop(directory.open());
    let before = directory.sql("SELECT COUNT(*) FROM _sqlx_migrations");
    directory.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    );
    let refusal = directory.try_open().unwrap_err();
    assert!(matches!(refusal, OpenError::Newer { found: 9999, .. }), "it is from the future: {refusal:?}");
    let sentence = refusal.to_string();
    assert!(sentence.contains("is from a newer version") && !sentence.contains('\n'), "one sentence: {sentence}");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM _sqlx_migrations"), before + 1, "nothing was changed in it");
}

fn a_migration_changed_after_it_was_applied_is_refused(directory: &Directory) {
    drop(directory.open());
    let other = if directory.url().is_some() { "'\\x00'" } else { "x'00'" };
    directory.sql(&format!("UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1"));
    let refusal = directory.try_open().unwrap_err();
    assert!(matches!(refusal, OpenError::Differs { migration: 1, .. }), "it is another build's: {refusal:?}");
}

#[test]
fn a_place_that_cannot_be_written_is_refused() {
    let directory = Directory::of(Database::Sqlite);
    std::fs::write(directory.path(), "a file where the directory should be").unwrap();
    let refusal = Store::open(&directory.path(), kit()).unwrap_err();
    let sentence = refusal.to_string();
    assert!(matches!(refusal, OpenError::Unwritable { .. }), "nothing can be written there: {sentence}");
    assert!(sentence.starts_with("cannot write to the data directory "), "one clear sentence: {sentence}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let directory = Directory::of(Database::Sqlite);
    std::fs::create_dir_all(directory.path()).unwrap();
    let file = directory.path().join("hypogeum.db");
    let letter = "Dear diary, this is not a database.\n".repeat(100);
    std::fs::write(&file, &letter).unwrap();
    let refusal = Store::open(&directory.path(), kit()).unwrap_err();
    assert!(matches!(refusal, OpenError::Database { .. }), "that is no database: {refusal}");
    assert!(!refusal.to_string().contains('\n'), "one sentence: {refusal}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), letter, "the file is as it was");
}

fn the_store_can_be_opened_used_and_closed_inside_an_async_runtime(directory: &Directory) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let account = runtime.block_on(async {
        let store = directory.open();
        store.create(&AccountName::parse("Ada").unwrap(), "hash".into()).await.unwrap()
    });
    assert_eq!(profile(&directory.open(), account).name, "Ada", "what was done there is kept");
}

fn what_was_asked_before_the_end_is_answered_before_the_end(directory: &Directory) {
    let store = directory.open();
    let accounts: Vec<_> = (0..20).map(|number| register(&store, &format!("bot{number}")).unwrap()).collect();
    // Room for five answers only, and nobody fetches any before the end.
    let port = StorePort { replies: StorePort::new(5).replies, ..StorePort::new(64) };
    let thread = StoreThread::start(store, port.clone()).unwrap();
    for (tag, &account) in accounts.iter().enumerate() {
        port.ask(StoreRequest::LoadProfile { account, character: None, tag: tag as u64 }).unwrap();
    }
    port.ask(take(1, &[(accounts[0], &[starter_item(accounts[0], 1).id])])).unwrap();
    let replies = thread.finish();
    assert_eq!(replies.len(), 21, "every request has its answer");
    let tags: Vec<_> = replies
        .iter()
        .filter_map(|reply| if let StoreReply::Profile { tag, .. } = reply { Some(*tag) } else { None })
        .collect();
    assert_eq!(tags, (0..20).collect::<Vec<_>>(), "in the order asked");
    assert!(matches!(replies[20], StoreReply::EscrowTaken { .. }), "the last one, too: {:?}", replies[20]);
    let late = StoreRequest::AbandonMatch { match_id: MatchId(1) };
    assert_eq!(port.ask(late.clone()), Err(late), "and nothing more is taken");
}

fn a_store_that_ended_is_seen_to_have_ended(directory: &Directory) {
    let port = StorePort::new(4);
    let thread = StoreThread::start(directory.open(), port.clone()).unwrap();
    assert!(thread.is_running(), "it answers from the start");
    port.close();
    // Its replies end when its thread does, and only then.
    assert_eq!(port.replies.pop(), None, "nothing was asked");
    while thread.is_running() {
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_look_into_a_data_directory_made_here() {
    let directory = Directory::of(Database::Sqlite);
    drop(directory.open());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(directory.path()).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "password hashes lie in it, but its mode is {mode:o}");
}

#[test]
fn a_closed_directory_is_free_although_other_processes_are_being_started() {
    // A child that was forked and has not yet become another program holds copies of all open files, the lock's too.
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(std::sync::atomic::Ordering::Relaxed) {
                    let child = Command::new("true").stdout(Stdio::null()).status();
                    assert!(child.is_ok(), "a process can be started");
                }
            });
        }
        let directory = Directory::of(Database::Sqlite);
        let opened = (0..60).find_map(|round| match Store::open(&directory.path(), kit()) {
            Ok(store) => {
                drop(store);
                None
            }
            Err(error) => Some((round, error)),
        });
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(opened.is_none(), "a directory closed a moment ago is not free: {opened:?}");
    });
}

on_both![
    a_new_account_gets_the_starter_kit_once_and_keeps_it,
    an_account_that_does_not_exist_has_no_profile,
    matches_a_crash_left_unfinished_are_named_at_the_next_start_and_can_be_undone,
    a_database_of_a_newer_version_is_refused_and_left_alone,
    a_migration_changed_after_it_was_applied_is_refused,
    the_store_can_be_opened_used_and_closed_inside_an_async_runtime,
    what_was_asked_before_the_end_is_answered_before_the_end,
    a_store_that_ended_is_seen_to_have_ended,
];
