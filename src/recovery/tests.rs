//! What servers leave behind, and what the next start makes of it.

use std::fs;
use std::path::Path;

use hypogeum_accounts::{AccountName, AccountStore, CharacterStore};
use hypogeum_journal::{
    EndedVisit, FORMAT, GrantsEntry, Header, JournalConfig, JournalThread, PartLimits, SigningKey, VisitEntry,
};
use hypogeum_progression::StarterKit;
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, Grant, ItemId, Outcome, Seat, ShardId, StashedItem, codec,
};
use hypogeum_shard::{Command, CommandBody, LineupSeat, MatchLineup, Occupant, Seed};
use hypogeum_store::{CheckOut, StoreFailure};

use super::*;
use crate::game::Game;

const MATCH: MatchId = MatchId(1);

fn open(data: &Path) -> Store {
    let starter = StarterKit { templates: vec!["rusty_sword".to_owned()], currency: 0 };
    Store::open(data, starter).expect("the database opens")
}

fn journal(data: &Path) -> (JournalFolder, JournalThread, JournalPort) {
    let config = JournalConfig::new(data.join("journal"));
    let folder = JournalFolder::open(config.folder.clone()).expect("the folder opens");
    let key = SigningKey::of_directory(data).expect("a key is drawn");
    let (thread, port) = JournalThread::start(config, key).expect("the journal starts");
    (folder, thread, port)
}

/// Somebody with a sword, which a match takes.
fn bring_a_sword(store: &Store, match_id: MatchId, name: &str) -> AccountId {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let name = AccountName::parse(name).expect("a name");
    let account = runtime.block_on(store.create(&name, String::new())).expect("an account");
    let seats = vec![(account, vec![sword(account)])];
    let _ = store.answer(StoreRequest::TakeEscrow { match_id, mode: "blitz".into(), seed: 1, seats });
    account
}

fn sword(account: AccountId) -> ItemId {
    ItemId { origin: ItemId::STARTER_BIT | account.0, serial: 1 }
}

/// The header of a match of one, on a content that no build knows.
fn header(data: &Path, match_id: MatchId, account: AccountId) -> Header {
    let seat = LineupSeat {
        occupant: Occupant::Account(account),
        name: String::new(),
        level: 1,
        rating: 1_500,
        items: Vec::new(),
        character: None,
    };
    let lineup = MatchLineup {
        match_id,
        mode: "blitz".to_owned(),
        definition: String::new(),
        parties: Vec::new(),
        seats: vec![seat],
    };
    Header {
        format: FORMAT,
        build: "test".to_owned(),
        shard_id: match_id.into(),
        kind: "arena".to_owned(),
        setup: codec::encode(&lineup),
        seed: Seed::numbered(1),
        tick_hz: 30,
        content: String::new(),
        began_unix_s: 0,
        key: SigningKey::of_directory(data).expect("the key").public().0,
        part: None,
    }
}

/// A match that holds a sword and whose log is closed as undone, which the database does not know yet.
fn undone_on_record(data: &Path) {
    let account = bring_a_sword(&open(data), MATCH, "Ada");
    let (_, thread, mut port) = journal(data);
    let recorder = port.begin(header(data, MATCH, account));
    port.close(&recorder, Close::Undone);
    port.hand_over();
    thread.finish();
}

fn recovered(data: &Path) -> Recovery {
    let (store, (folder, thread, mut port)) = (open(data), journal(data));
    let key = SigningKey::of_directory(data).expect("the key").public();
    let (recovery, resumed) = recover(&store, Game::shipped().kinds(), (&folder, &mut port), key, OnStuck::Refuse)
        .expect("the server starts");
    assert!(resumed.is_empty(), "nothing goes on: {recovery}");
    thread.finish();
    assert_eq!(folder.unfinished().expect("the folder is read"), [], "the log is put away");
    assert!(store.audit().expect("the database is read").is_sound(), "the books are right");
    recovery
}

#[test]
fn what_a_log_says_is_undone_is_undone_in_the_database_too() {
    let data = tempfile::tempdir().expect("a directory for the test");
    undone_on_record(data.path());
    // It died before the log was put away.
    let (running, file) = (data.path().join("journal/running/1"), data.path().join("journal/finished/match-1.log"));
    fs::create_dir_all(&running).expect("a folder");
    fs::rename(&file, running.join("000001.packed")).expect("the log is one segment");
    let recovery = recovered(data.path());
    assert_eq!(recovery.items_returned, 1, "the sword is back: {recovery}");
    assert_eq!(open(data.path()).unfinished(), [], "and the match is over");
}

#[test]
fn what_is_left_of_a_log_that_was_put_away_is_cleared_up() {
    let data = tempfile::tempdir().expect("a directory for the test");
    undone_on_record(data.path());
    let running = data.path().join("journal/running/1");
    fs::create_dir_all(&running).expect("a folder");
    fs::write(running.join("000002.packed"), "its first segment is removed already").expect("a file");
    let recovery = recovered(data.path());
    assert_eq!((recovery.put_away, recovery.items_returned), (1, 1), "nothing is damaged: {recovery}");
}

fn grant(account: AccountId, xp_gained: u32) -> Grant {
    Grant {
        account,
        outcome: Outcome::Extracted,
        kills: 0,
        damage_dealt: 0,
        xp_gained,
        currency_gained: 20,
        placement: 1,
        items_secured: Vec::new(),
        items_changed: Vec::new(),
        character: None,
    }
}

/// A match that is over: its player got out with the sword.
fn settled_on_record(data: &Path, match_id: MatchId, account: AccountId) {
    let (_, thread, mut port) = journal(data);
    let recorder = port.begin(header(data, match_id, account));
    let items_secured = vec![StashedItem::new(sword(account), "rusty_sword")];
    let grant = Grant { items_secured, ..grant(account, 80) };
    port.tick(&recorder, 1, StateHash::default(), &mut Vec::new());
    let grants = vec![grant];
    port.grant(&recorder, GrantsEntry { tick: 1, hash: StateHash::default(), is_settlement: true, grants });
    port.hand_over();
    thread.finish();
}

/// A match whose player got out, and was notified of it.
fn promised_on_record(data: &Path, match_id: MatchId, account: AccountId) {
    let (_, thread, mut port) = journal(data);
    let recorder = port.begin(header(data, match_id, account));
    port.tick(&recorder, 1, StateHash::default(), &mut Vec::new());
    port.promise(&recorder, 1, vec![Seat(0)]);
    port.tick(&recorder, 2, StateHash::default(), &mut Vec::new());
    port.tick(&recorder, 3, StateHash::default(), &mut Vec::new());
    port.hand_over();
    thread.finish();
}

fn started(data: &Path, on_stuck: OnStuck) -> Result<Recovery, String> {
    let (store, (folder, thread, mut port)) = (open(data), journal(data));
    let key = SigningKey::of_directory(data).expect("the key").public();
    let recovered =
        recover(&store, Game::shipped().kinds(), (&folder, &mut port), key, on_stuck).map(|(recovery, _)| recovery);
    port.hand_over();
    thread.finish();
    assert!(store.audit().expect("the database is read").is_sound(), "the books are right");
    recovered.map_err(|error| error.to_string())
}

fn has_sword(data: &Path, account: AccountId) -> bool {
    match open(data).answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => profile.stash.iter().any(|it| it.id == sword(account)),
        other => panic!("its profile is there: {other:?}"),
    }
}

fn xp(data: &Path, account: AccountId) -> u64 {
    match open(data).answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => profile.xp,
        other => panic!("the account is there: {other:?}"),
    }
}

#[test]
fn what_is_over_is_granted_before_another_match_keeps_the_server_from_starting() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let (stuck, over) = (MatchId(1), MatchId(2));
    let (ada, grace) = {
        let store = open(data);
        (bring_a_sword(&store, stuck, "Ada"), bring_a_sword(&store, over, "Grace"))
    };
    promised_on_record(data, stuck, ada);
    settled_on_record(data, over, grace);
    let refused = started(data, OnStuck::Refuse).expect_err("what Ada was promised cannot be kept");
    assert!(refused.contains("match 1 of 1 player, 1 of whom were promised what they have won"), "{refused}");
    assert_eq!(xp(data, grace), 80, "Grace has what she got");
    let recovery = started(data, OnStuck::Leave).expect("somebody has decided");
    assert_eq!((recovery.undone.len(), recovery.items_returned), (1, 1), "Ada's sword is back: {recovery}");
    assert_eq!((xp(data, ada), xp(data, grace)), (0, 80), "and nobody has anything twice");
    assert!(started(data, OnStuck::Refuse).is_ok_and(|recovery| recovery.is_nothing()), "that was all");
}

#[test]
fn a_damaged_log_is_left_until_somebody_has_decided() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let ada = bring_a_sword(&open(data), MATCH, "Ada");
    promised_on_record(data, MATCH, ada);
    let segment = data.join("journal/running/1/000001.open");
    let mut bytes = fs::read(&segment).expect("the log is there");
    let before_the_last_step = bytes.len() - 70;
    bytes[before_the_last_step] ^= 1;
    fs::write(&segment, bytes).expect("the test may write");
    let refused = started(data, OnStuck::Refuse).expect_err("what Ada was promised may stand behind the damage");
    assert!(refused.contains("match 1 of 1 player, 1 of whom were promised what they have won"), "{refused}");
    let recovery = started(data, OnStuck::Leave).expect("somebody has decided");
    assert_eq!(recovery.items_returned, 1, "the sword is back: {recovery}");
    assert!(data.join("journal/damaged/match-1").is_dir(), "and the log is kept");
}

#[test]
fn visits_on_record_are_granted_once_whatever_becomes_of_their_shard() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let ada = bring_a_sword(&open(data), MatchId(1), "Ada");
    let _ = open(data).answer(StoreRequest::AbandonMatch { match_id: MatchId(1) });
    // A shard of a kind that this build does not know, which Ada has visited twice.
    let (_, thread, mut port) = journal(data);
    let recorder = port.begin(Header { kind: "fairground".to_owned(), ..header(data, MatchId(2), ada) });
    let hers = StashedItem::new(sword(ada), "rusty_sword");
    for (tick, visit, xp, items_secured) in [(1, 5, 30, Vec::new()), (2, 7, 12, vec![hers.clone()])] {
        port.tick(&recorder, tick, StateHash::default(), &mut Vec::new());
        let brought = items_secured.iter().map(|item: &StashedItem| item.id).collect();
        let grant = Grant { items_secured, ..grant(ada, xp) };
        let ended = EndedVisit { seat: Seat(tick as u16), visit: MatchId(visit), brought, character: None, grant };
        port.visit(&recorder, VisitEntry { tick, hash: StateHash::default(), ended });
    }
    port.hand_over();
    thread.finish();
    // The database knew one of them, and of somebody who was about to enter.
    let (shard, place) = (ShardId(2), "fair".to_owned());
    let granted = Box::new(grant(ada, 30));
    let known = StoreRequest::SettleVisit { visit: MatchId(5), shard, place: place.clone(), grant: granted };
    assert!(matches!(open(data).answer(known), StoreReply::VisitSettled { report: Some(_), .. }), "it is granted");
    let bob = bring_a_sword(&open(data), MatchId(3), "Bob");
    let _ = open(data).answer(StoreRequest::AbandonMatch { match_id: MatchId(3) });
    let items = vec![sword(bob)];
    let entering = CheckOut { visit: MatchId(8), shard, place, account: bob, items, character: None };
    let _ = open(data).answer(StoreRequest::CheckOut(entering));
    assert!(!has_sword(data, bob), "the shard holds it");
    let recovery = started(data, OnStuck::Leave).expect("the server starts");
    assert_eq!(recovery.visits_granted, [MatchId(7)], "the other is granted now");
    assert_eq!(recovery.last_visits.get(&0), Some(&MatchId(7)), "and its number is nobody else's");
    assert_eq!(xp(data, ada), 42, "both are, once");
    assert!(has_sword(data, ada), "she has left with what she brought");
    assert!(has_sword(data, bob), "who had not entered has what he was about to bring");
    assert_eq!(open(data).unfinished(), [], "and nothing is held any more");
    let recovery = started(data, OnStuck::Leave).expect("the server starts again");
    assert!(recovery.visits_granted.is_empty(), "and not again: {recovery}");
    assert_eq!(xp(data, ada), 42, "she has what she had");
}

/// A fair that Ada visits twice, whose log goes on in another part behind each visit. The store knows neither.
fn visited_in_two_parts(data: &Path, ada: AccountId) {
    let config = JournalConfig {
        parts: PartLimits { bytes: 0, ..PartLimits::default() },
        ..JournalConfig::new(data.join("journal"))
    };
    let key = SigningKey::of_directory(data).expect("the key");
    let (thread, mut port) = JournalThread::start(config, key).expect("the journal starts");
    let fair = Header { kind: "fairground".to_owned(), ..header(data, MatchId(2), ada) };
    let recorder = port.begin(fair.in_parts());
    for (tick, visit, xp) in [(1, 5, 30), (2, 7, 12)] {
        port.tick(&recorder, tick, StateHash::default(), &mut Vec::new());
        let grant = grant(ada, xp);
        let (brought, character) = (Vec::new(), None);
        let ended = EndedVisit { seat: Seat(tick as u16), visit: MatchId(visit), brought, character, grant };
        port.visit(&recorder, VisitEntry { tick, hash: StateHash::default(), ended });
        port.snapshot(&recorder, tick, StateHash::default(), Vec::new());
    }
    port.hand_over();
    thread.finish();
}

#[test]
fn a_visit_that_ended_in_a_part_before_is_granted_once() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let ada = bring_a_sword(&open(data), MatchId(1), "Ada");
    let _ = open(data).answer(StoreRequest::AbandonMatch { match_id: MatchId(1) });
    visited_in_two_parts(data, ada);
    let running = data.join("journal/running");
    let part = |number: u32| running.join(format!("2-part-{number}"));
    assert!(part(3).exists() && !part(2).exists(), "the newest part is the third");
    let recovery = started(data, OnStuck::Leave).expect("the server starts");
    assert_eq!(recovery.visits_granted, [MatchId(5), MatchId(7)], "the newest part knows of both");
    assert_eq!(xp(data, ada), 42, "and she has what they were worth");
    let recovery = started(data, OnStuck::Leave).expect("the server starts again");
    assert!(recovery.visits_granted.is_empty() && xp(data, ada) == 42, "once: {recovery}");
}

#[test]
fn a_part_that_was_only_begun_is_left_for_the_one_before() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let ada = bring_a_sword(&open(data), MatchId(1), "Ada");
    let _ = open(data).answer(StoreRequest::AbandonMatch { match_id: MatchId(1) });
    visited_in_two_parts(data, ada);
    // The second was not put away yet, and the third is torn.
    let journal = data.join("journal");
    let (second, third) = (journal.join("running/2-part-2"), journal.join("running/2-part-3"));
    fs::create_dir(&second).expect("the test may");
    fs::rename(journal.join("finished/match-2-part-2.log"), second.join("000001.packed")).expect("it is one segment");
    let torn = fs::OpenOptions::new().write(true).open(third.join("000001.open")).expect("it is open");
    torn.set_len(200).expect("the test may cut it");
    let recovery = started(data, OnStuck::Refuse).expect("the server starts");
    assert_eq!(recovery.visits_granted, [MatchId(5), MatchId(7)], "the second part knows of both");
    assert_eq!(xp(data, ada), 42, "and she has what they were worth");
    assert!(!third.exists() && !journal.join("damaged").exists(), "the third had not begun, and is not missed");
}

/// How the database has a character.
fn sheet(data: &Path, account: AccountId, character: CharacterId) -> Option<CharacterSheet> {
    match open(data).answer(StoreRequest::LoadProfile { account, character: Some(character), tag: 0 }) {
        StoreReply::Profile { profile: Some(_), character, .. } => character,
        other => panic!("the account is there: {other:?}"),
    }
}

fn named(data: &Path, account: AccountId, name: &str) -> CharacterId {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let name = AccountName::parse(name).expect("a name");
    runtime.block_on(open(data).create_character(account, &name)).expect("a character").id
}

#[test]
fn characters_of_visits_are_checked_in_and_out_as_the_log_has_it() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let [ada, bob, eve] = [(11, "Ada"), (12, "Bob"), (13, "Eve")].map(|(id, name)| {
        let account = bring_a_sword(&open(data), MatchId(id), name);
        let _ = open(data).answer(StoreRequest::AbandonMatch { match_id: MatchId(id) });
        account
    });
    let characters = [(ada, "Shade"), (bob, "Brick"), (eve, "Thorn")].map(|(who, name)| named(data, who, name));
    let [shade, brick, thorn] = characters;
    let left = CharacterSheet { id: shade, place: "fair".to_owned(), body: vec![4, 2] };
    // Ada's character has left with her sword; Bob's is in; Eve's was about to enter.
    let shard = ShardId(2);
    let (_, thread, mut port) = journal(data);
    let recorder = port.begin(Header { kind: "fairground".to_owned(), ..header(data, shard.into(), ada) });
    let join = |seat: u16, account: AccountId, character: CharacterId| {
        let occupant = Occupant::Account(account);
        let items = vec![StashedItem::new(sword(account), "rusty_sword")];
        let character = Some(CharacterSheet { id: character, place: String::new(), body: Vec::new() });
        let brings = LineupSeat { occupant, name: "Sir".to_owned(), level: 1, rating: 0, items, character };
        let body = CommandBody::Join { visit: MatchId(4 + u64::from(seat)), brings: Box::new(brings) };
        Command { seat: Seat(seat), body }
    };
    port.tick(&recorder, 1, StateHash::default(), &mut vec![join(0, ada, shade), join(1, bob, brick)]);
    let leave = Command { seat: Seat(0), body: CommandBody::Leave };
    port.tick(&recorder, 2, StateHash::default(), &mut vec![leave]);
    let items_secured = vec![StashedItem::new(sword(ada), "rusty_sword")];
    let grant = Grant { items_secured, character: Some(left.clone()), ..grant(ada, 30) };
    let (brought, character) = (vec![sword(ada)], Some(shade));
    let ended = EndedVisit { seat: Seat(0), visit: MatchId(4), brought, character, grant };
    port.visit(&recorder, VisitEntry { tick: 2, hash: StateHash::default(), ended });
    port.hand_over();
    thread.finish();
    let entering = |visit, account, character| CheckOut {
        visit: MatchId(visit),
        shard,
        place: "fair".to_owned(),
        account,
        items: vec![sword(account)],
        character: Some(character),
    };
    let _ = open(data).answer(StoreRequest::CheckOut(entering(8, eve, thorn)));
    assert!(!has_sword(data, eve), "the shard holds it");

    // The database was restored from before Ada and Bob came: the shard is of no kind that goes on here.
    let (store, (folder, sealed, mut port)) = (open(data), journal(data));
    let key = SigningKey::of_directory(data).expect("the key").public();
    let refused = recover(&store, Game::shipped().kinds(), (&folder, &mut port), key, OnStuck::Refuse);
    drop((store, port));
    sealed.finish();
    let why = refused.err().map(|error| error.to_string());
    assert!(why.is_none_or(|why| why.contains("match 2")), "nobody but the fair keeps it from starting");
    assert_eq!(sheet(data, ada, shade), Some(left.clone()), "hers is where it left");
    assert!(!has_sword(data, ada), "and carries her sword");
    let held = open(data).answer(StoreRequest::CheckOut(entering(9, bob, brick)));
    let failure = StoreFailure::CharacterHeld { character: brick, visit: MatchId(5) };
    assert!(matches!(&held, StoreReply::Failed { failure: found, .. } if *found == failure), "his is in: {held:?}");
    assert!(has_sword(data, eve), "Eve's has not entered");
    let recovery = started(data, OnStuck::Leave).expect("somebody has decided");
    assert!(recovery.visits_granted.is_empty(), "nothing is granted again: {recovery}");
    assert!(has_sword(data, bob), "the fair is given up, and Bob has what he brought");
    for (account, character) in [(bob, brick), (eve, thorn)] {
        let again = open(data).answer(StoreRequest::CheckOut(entering(20 + account.0, account, character)));
        assert!(matches!(again, StoreReply::CheckedOut { character: Some(_), .. }), "it may enter again: {again:?}");
    }
    assert_eq!(sheet(data, ada, shade), Some(left), "and hers is where it was");
}
