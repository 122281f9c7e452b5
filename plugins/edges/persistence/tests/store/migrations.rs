//! What is migrated, and what looking at it does.

use hypogeum_accounts::{AccountName, AccountStore, AccountStoreError};
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_persistence::{OpenError, migrate, migration_status};
use hypogeum_progression::ProgressStore;
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{CreatureStore, GameState, NewGame};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType};

use crate::creatures::create;
use crate::games::{new_game, running};
use crate::world::{Database, Directory, profile, register, wait};

fn looking_changes_nothing_and_migrating_goes_all_the_way_once(directory: &Directory) {
    let status = || migration_status(&directory.path(), directory.url()).unwrap();
    let empty = status();
    assert_eq!(empty.from, 0, "a new database has nothing");
    let last = empty.applied.last().expect("so everything is missing in it");
    assert!(last.starts_with(&format!("{:04} ", empty.to)), "up to the last: {last}");
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

fn a_build_from_sources_with_carriage_returns_has_made_the_same_database(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    drop(store);
    let folder = if directory.url().is_some() { "postgres" } else { "sqlite" };
    let path = format!("{}/migrations/{folder}/0001_first_match.sql", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
    let text = sqlx::AssertSqlSafe(text).into_sql_str();
    let noted = Migration::new(1, "first match".into(), MigrationType::Simple, text, false);
    let digits: String = noted.checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    let bytes = if directory.url().is_some() { format!("'\\x{digits}'") } else { format!("X'{digits}'") };
    directory.sql(&format!("UPDATE _sqlx_migrations SET checksum = {bytes} WHERE version = 1"));
    let status = migration_status(&directory.path(), directory.url()).unwrap();
    assert_eq!(status.applied, Vec::<String>::new(), "nothing is missing in it");
    assert_eq!(profile(&directory.open(), ada).stash.len(), 3, "and it is opened, with all that is in it");
    directory.sql("UPDATE _sqlx_migrations SET checksum = checksum || checksum WHERE version = 1");
    let refusal = directory.try_open().unwrap_err();
    assert!(matches!(refusal, OpenError::Differs { migration: 1, .. }), "another text is refused: {refusal}");
}

fn earlier_names_get_new_keys_and_those_that_clash_keep_their_exact_name(directory: &Directory) {
    let store = directory.open();
    let first = register(&store, "strasse").unwrap();
    let other = register(&store, "Other").unwrap();
    let hangul = register(&store, "Hangul").unwrap();
    drop(store);
    // As a build of before has left them: with keys by its own rules.
    let before = [
        "UPDATE accounts SET canonical = 'straße', name = 'STRAẞE' WHERE name = 'Other'",
        "UPDATE accounts SET canonical = '\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161}', \
         name = '\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161}' WHERE name = 'Hangul'",
        "UPDATE name_rules SET version = 1",
    ];
    for statement in before {
        directory.sql(statement);
    }
    let clashes = migration_status(&directory.path(), directory.url()).unwrap().clashes;
    assert_eq!(clashes.len(), 1, "one is seen before anything is changed: {clashes:?}");
    assert!(clashes[0].contains("strasse") && clashes[0].contains("STRAẞE"), "it names both: {clashes:?}");

    let migrated = migrate(&directory.path(), directory.url()).unwrap();
    assert_eq!(migrated.clashes, clashes, "and said again when it is done");
    let store = directory.open();
    let find = |text: &str| wait(store.find(&AccountName::entered(text).unwrap())).unwrap().map(|record| record.id);
    assert_eq!(find("strasse"), Some(first), "the older one has the name");
    assert_eq!(find("Straße"), Some(first), "however it is written");
    assert_eq!(find("STRAẞE"), Some(other), "but for who is called exactly so");
    assert_eq!(find("가나다"), Some(hangul), "what was decomposed is found composed");
    assert_eq!(find("\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161}"), Some(hangul), "and as it was");
    for taken in ["straße", "STRAẞE", "가나다"] {
        assert_eq!(register(&store, taken), Err(AccountStoreError::NameTaken), "{taken} is nobody else's");
    }
}

/// Runs the migrations up to a number, as a build of before has done.
fn migrate_to(directory: &Directory, last: &str) {
    use sqlx::Connection;
    let folder = if directory.url().is_some() { "postgres" } else { "sqlite" };
    let all = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
    let earlier = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(all).unwrap().map(|file| file.unwrap()) {
        if file.file_name().to_str().is_some_and(|name| name <= last) {
            std::fs::copy(file.path(), earlier.path().join(file.file_name())).unwrap();
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let migrator = sqlx::migrate::Migrator::new(earlier.path()).await.unwrap();
        if let Some(url) = directory.url() {
            migrator.run(&mut sqlx::PgConnection::connect(url).await.unwrap()).await.unwrap();
        } else {
            std::fs::create_dir_all(directory.path()).unwrap();
            let file = directory.path().join("hypogeum.db");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
            migrator.run(&mut sqlx::SqliteConnection::connect_with(&options).await.unwrap()).await.unwrap();
        }
    });
}

fn games_that_were_started_before_people_could_enter_stay_what_they_were(directory: &Directory) {
    migrate_to(directory, "0011");
    for statement in [
        "INSERT INTO accounts (id, canonical, name, hash, created_s) VALUES (1, 'ada', 'Ada', '', 0)",
        "INSERT INTO profiles (account, skill_mean_micros, skill_deviation_micros, stash_capacity) VALUES (1, 0, 0, 9)",
        "INSERT INTO games (id, account, tournament, size, fill, request_key, created_s, ended_s, overview)
         VALUES (1, 1, 'cup', 8, 'novice', 'a', 5, 6, 'x'), (2, 1, 'cup', 4, '', 'b', 7, NULL, NULL)",
        "INSERT INTO creatures (id, account, name, kind, speed, health, defence, strength, luck, points, game, created_s)
         VALUES (1, 1, 'Cinder', 'emberfox', 1, 1, 1, 1, 1, 0, 2, 5)",
        "INSERT INTO game_creatures (game, seed, creature, owner, name, kind, speed, health, defence, strength, luck, points)
         VALUES (2, 0, 1, 1, 'Cinder', 'emberfox', 1, 1, 1, 1, 1, 0)",
    ] {
        let blob = if directory.url().is_some() { "'x'" } else { "X'78'" };
        directory.sql(&statement.replace("'x'", blob));
    }
    let store = directory.open();
    let listed: Vec<u64> = wait(store.games(AccountId(1), None, 10)).unwrap().iter().map(|game| game.id.0).collect();
    assert_eq!(listed, [2, 1], "both are listed");
    let games = [2, 1].map(|id| wait(store.game(GameId(id))).unwrap().unwrap());
    let states: Vec<_> = games.iter().map(|game| (game.id.0, game.account.0, game.state.clone())).collect();
    let over = GameState::Over { overview: b"x".to_vec(), ended_s: 6 };
    let runs = GameState::Running { creatures: vec![CreatureId(1)] };
    assert_eq!(states, [(2, 1, runs), (1, 1, over)], "one is played, and one is over");
    assert_eq!(running(&store, 0, 10).len(), 1, "and goes on at the next start of the server");
    let new = NewGame { account: AccountId(1), request_key: "b".to_owned(), ..new_game(AccountId(1), &[], "") };
    assert_eq!(wait(store.start_game(new)).unwrap().0.id.0, 2, "requests of before are known");
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "{audit}");
}

fn creatures_that_were_made_without_keys_stay_as_they_are(directory: &Directory) {
    migrate_to(directory, "0014");
    for statement in [
        "INSERT INTO accounts (id, canonical, name, hash, created_s) VALUES (1, 'ada', 'Ada', '', 0)",
        "INSERT INTO profiles (account, skill_mean_micros, skill_deviation_micros, stash_capacity) VALUES (1, 0, 0, 9)",
        "INSERT INTO creatures (account, name, kind, speed, health, defence, strength, luck, points, created_s)
         VALUES (1, 'Cinder', 'emberfox', 1, 1, 1, 1, 1, 0, 5), (1, 'Ash', 'emberfox', 1, 1, 1, 1, 1, 0, 5)",
    ] {
        directory.sql(statement);
    }
    let store = directory.open();
    let creatures = wait(store.creatures(AccountId(1))).unwrap();
    assert_eq!(creatures.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(), ["Cinder", "Ash"], "both are there");
    let made = create(&store, AccountId(1), "Spark").unwrap();
    assert!(made.id > creatures[1].id, "and others are made beside them");
}

fn matches_that_were_played_before_places_were_kept_are_in_the_history(directory: &Directory) {
    migrate_to(directory, "0015");
    let report = r#"{"outcome":"died","kills":2,"damage_dealt":9,"xp_gained":3,"level":1,"items_secured":0,"currency_gained":0,"rating":1490}"#;
    for statement in [
        "INSERT INTO accounts (id, canonical, name, hash, created_s) VALUES (1, 'ada', 'Ada', '', 0)",
        "INSERT INTO profiles (account, skill_mean_micros, skill_deviation_micros, stash_capacity) VALUES (1, 0, 0, 9)",
        "INSERT INTO matches (id, mode, seed, started_s, ended_s, state)
         VALUES (1, 'blitz', 0, 5, 9, 'settled'), (2, 'blitz', 0, 7, NULL, 'running')",
        "INSERT INTO seats (match_id, account, settled, rating) VALUES (1, 1, 1, 1490), (2, 1, 0, NULL)",
        &format!(
            "INSERT INTO grants (account, source_event, kind, amount, report, granted_s)
         VALUES (1, 'match:1', 'match', 0, '{report}', 9)"
        ),
    ] {
        directory.sql(statement);
    }
    let store = directory.open();
    let played = wait(store.matches_played(AccountId(1), None, 10)).unwrap();
    let [one] = &played[..] else { panic!("one is over: {played:?}") };
    assert_eq!((one.id.0, one.started_s, one.ended_s, one.report.kills), (1, 5, 9, 2), "as it was");
    assert_eq!((one.rating, one.rating_before, one.placement), (1_490, None, None), "what was not kept is not made up");
}

on_both![
    matches_that_were_played_before_places_were_kept_are_in_the_history,
    creatures_that_were_made_without_keys_stay_as_they_are,
    games_that_were_started_before_people_could_enter_stay_what_they_were,
    looking_changes_nothing_and_migrating_goes_all_the_way_once,
    a_build_from_sources_with_carriage_returns_has_made_the_same_database,
    earlier_names_get_new_keys_and_those_that_clash_keep_their_exact_name,
];

#[test]
fn a_newer_database_is_refused_when_looked_at_too() {
    let directory = Directory::of(Database::Sqlite);
    drop(directory.open());
    directory.sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1");
    let refusal = migration_status(&directory.path(), None).unwrap_err();
    assert!(matches!(refusal, OpenError::Newer { found: 9999, .. }), "it is from the future: {refusal}");
}
