//! What people bring to the meadow, find there and give each other has one owner, wherever the server dies: whether they come under
//! their own names, with what is in their stashes, or as characters, which carry it and stand where they left.

use std::fs;
use std::path::Path;

use hypogeum_accounts::CharacterStore;
use hypogeum_client::Steering;
use hypogeum_crash::CRASH_POINTS;
use hypogeum_journal::{EndedVisit, LogReader, Tail};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, Grant, ItemId, MatchId, Outcome, ShardId, StashedItem,
};
use hypogeum_shard::{CommandBody, ShardKind};
use hypogeum_space::METRE;
use hypogeum_store::{CheckOut, StoreReply, StoreRequest};
use hypogeum_testkit::{Player, TestServer};

use crate::counting::{NAMES, run_all, start, until};
use crate::meadow::{FIND, FINDS, Meadow, PICK_UP, PUT_DOWN, stood};
use crate::parting::TINY_PARTS;
use crate::visiting::{outlive, parts, running, visits};

/// Numbers below are of places that are no more.
const LONG_AGO: u64 = 900;
/// No visit to them has a number from this on.
const LAST_LONG_AGO: u64 = 950;

/// Where a server can die between a stash and the meadow, and on the way back.
fn points() -> impl Iterator<Item = &'static str> {
    CRASH_POINTS.into_iter().filter(|point| point.contains("check_out") || point.contains("visit"))
}

/// The content that ships, whose items everyone knows, and what the games here add to it.
fn write_assets(data: &Path) {
    let folder = data.join("assets");
    for from in ["assets", "examples/my_game/assets"] {
        let copied = std::process::Command::new("cp").arg("-r").arg(format!("{from}/.")).arg(&folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "{from} is copied");
    }
}

/// How people play.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    OwnNames,
    Characters,
}

/// Two who have three things each, found in a place that is no more.
fn people(data: &Path, under: Under) -> [Player; 2] {
    write_assets(data);
    let server = start(data, &[("HYPOGEUM_SERVER__ASSETS_DIR", data.join("assets").to_str().expect("a path of text"))]);
    let players = NAMES.map(|name| match under {
        Under::OwnNames => Player::guest(&server.url, name),
        Under::Characters => Player::guest_as(&server.url, name, &format!("Sir {name}")),
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let store = store(data);
    for player in &players {
        let account = account(player);
        let (visit, shard) = (MatchId(LAST_LONG_AGO - account.0), ShardId(LONG_AGO + account.0));
        let item = |serial| StashedItem::new(ItemId { origin: shard.0, serial }, FINDS.to_owned());
        let (place, character) = ("fair".to_owned(), player.character());
        let came = CheckOut { visit, shard, place: place.clone(), account, items: Vec::new(), character };
        let came = store.answer(StoreRequest::CheckOut(came));
        assert!(matches!(came, StoreReply::CheckedOut { .. }), "they were there: {came:?}");
        let items_secured = (1..=3).map(item).collect();
        let character = character.map(|id| CharacterSheet { id, place, body: Vec::new() });
        let grant = Box::new(Grant { account, items_secured, character, ..Grant::nothing(Outcome::Extracted) });
        let settled = store.answer(StoreRequest::SettleVisit { visit, shard, place: "fair".to_owned(), grant });
        assert!(matches!(settled, StoreReply::VisitSettled { report: Some(_), .. }), "they have them: {settled:?}");
    }
    players
}

/// One of the three.
fn thing(account: AccountId, serial: u32) -> ItemId {
    ItemId { origin: LONG_AGO + account.0, serial }
}

fn open(data: &Path, more: &[(&str, &str)]) -> TestServer {
    let assets = data.join("assets");
    let assets = assets.to_str().expect("a path of text");
    let settings = [("HYPOGEUM_TEST_MEADOW", "1"), ("HYPOGEUM_SERVER__ASSETS_DIR", assets)];
    start(data, &settings.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
}

/// Starts a server again that has died, and lets people come back.
fn again(data: &Path, server: TestServer, point: &str, players: &mut [Player]) -> TestServer {
    let ended = server.ended();
    assert!(ended.log.contains(&format!("crash point {point}\n")), "it died where it should: {}", ended.log);
    sound(data);
    let server = open(data, &[]);
    for player in players {
        player.reconnect(&server.url).expect("the server is back");
    }
    server
}

fn store(data: &Path) -> Store {
    Store::open(data, StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens")
}

/// No server has the database: its books are right.
fn sound(data: &Path) {
    let audit = store(data).audit().expect("the database can be read");
    assert!(audit.is_sound(), "the books are wrong: {audit}");
}

fn stash(store: &Store, account: AccountId) -> Vec<StashedItem> {
    read(store, account, None).0
}

/// What an account has in its stash, and how its character is.
fn read(
    store: &Store,
    account: AccountId,
    character: Option<CharacterId>,
) -> (Vec<StashedItem>, Option<CharacterSheet>) {
    match store.answer(StoreRequest::LoadProfile { account, character, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), character, .. } => (profile.stash, character),
        other => panic!("the account is there: {other:?}"),
    }
}

fn carries(player: &Player) -> u32 {
    player.own().map_or(0, |own| own.mp)
}

/// The step of what somebody saw last.
fn tick(player: &Player) -> Option<u32> {
    player.view().snapshot.as_ref().map(|snapshot| snapshot.tick)
}

fn account(player: &Player) -> AccountId {
    player.view().session.as_ref().expect("welcomed").account
}

/// The last visit somebody was told of.
fn reported(player: &Player) -> Option<u64> {
    player.view().settled.as_ref().map(|(visit, _)| visit.0)
}

/// Whether somebody was told of a visit to the meadow after this one.
fn has_left(player: &Player, before: u64) -> bool {
    reported(player).is_some_and(|visit| visit > before.max(LAST_LONG_AGO))
}

fn order(player: &mut Player, order: &[u8]) {
    let _ = player.client().command(order.to_vec());
}

/// Ada gives Grace her first thing and finds another; then both leave.
fn give_and_leave(players: &mut [Player; 2]) {
    order(&mut players[0], PUT_DOWN);
    until_carried(players, [2, 3]);
    order(&mut players[1], PICK_UP);
    until_carried(players, [2, 4]);
    order(&mut players[0], FIND);
    until_carried(players, [3, 4]);
    players.iter_mut().for_each(|player| player.client().leave());
}

fn until_carried(players: &mut [Player; 2], counts: [u32; 2]) {
    for _ in 0..2_700 {
        if players.each_ref().map(carries) == counts {
            return;
        }
        Player::frame_of_all(players.iter_mut());
    }
    panic!("waited in vain for {counts:?}: {:?}", players.each_ref().map(carries));
}

/// Both go some way, and stand.
fn walk(players: &mut [Player; 2]) {
    for _ in 0..30 {
        players.iter_mut().for_each(|player| {
            let y = player.own().map_or(0, |own| own.y);
            player.walk((-15 * METRE, y), 0);
        });
        Player::frame_of_all(players.iter_mut());
    }
    for player in &mut *players {
        let _ = player.client().steer(Steering::default());
    }
    Player::frame_of_all(players.iter_mut());
}

/// The last visit of an account on record.
fn last_visit(tail: &Tail, account: AccountId) -> Option<&EndedVisit> {
    tail.visits.iter().rev().map(|entry| &entry.ended).find(|ended| ended.grant.account == account)
}

/// Whether whoever has left the meadow has come back as it left, with what it left with, and stands there.
fn came_back(running: &Path, player: &Player) -> bool {
    let Ok(tail) = Tail::read(running) else { return false };
    let Some(EndedVisit { visit: left, grant, .. }) = last_visit(&tail, account(player)) else { return false };
    let mut carried: Vec<ItemId> = grant.items_secured.iter().map(|item| item.id).collect();
    carried.sort_unstable();
    let is_back = tail.ticks.iter().flat_map(|tick| &tick.commands).any(|command| match &command.body {
        CommandBody::Join { visit, brings } if visit > left => {
            let items: Vec<ItemId> = brings.items.iter().map(|item| item.id).collect();
            brings.character == grant.character && items == carried
        }
        _ => false,
    });
    let stood = grant.character.as_ref().and_then(|character| stood(&character.body));
    is_back && stood.is_some() && player.own().map(|own| (own.x, own.y)) == stood
}

/// Characters are as they were when they left last, and put down what they carry.
fn dismiss(store: &Store, visits: &[EndedVisit], who: &[(AccountId, Option<CharacterId>)]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (account, character) in who.iter().filter_map(|(account, character)| Some((*account, (*character)?))) {
        let last = visits.iter().rev().find(|ended| ended.grant.account == account);
        let left = last.and_then(|ended| ended.grant.character.clone());
        let sheet = left.as_ref().expect("it has left");
        let (x, _) = stood(&sheet.body).expect("it stood somewhere");
        assert!(sheet.place == Meadow::NAME && x > -20 * METRE, "it has gone some way: {x}");
        assert_eq!(read(store, account, Some(character)).1, left, "it is where it left last");
        let deleted = runtime.block_on(store.delete_character(account, character));
        assert_eq!(deleted, Ok(true), "it is in no shard any more");
    }
}

/// Whose things are whose once the meadow is given up, and with it whatever was brought there since.
fn owned(data: &Path, who: [(AccountId, Option<CharacterId>); 2]) -> [Vec<ItemId>; 2] {
    let replayed = run_all("replay", &parts(data));
    assert!(replayed.status.success(), "it replays: {replayed:?}");
    let (_, header) = LogReader::open(&running(data)).expect("it is a log");
    let shard = header.shard_id;
    sound(data);
    let store = store(data);
    let undone = store.answer(StoreRequest::AbandonMatch { match_id: shard.into() });
    assert!(matches!(undone, StoreReply::Abandoned { .. }), "it is given up: {undone:?}");
    assert!(store.audit().expect("the database can be read").is_sound(), "the books are right");
    dismiss(&store, &visits(data), &who);
    who.map(|(account, _)| {
        let stash = stash(&store, account);
        assert!(stash.iter().all(|item| item.id.origin != shard.0 || item.template == FINDS), "a find is what it is");
        stash
            .into_iter()
            .map(|item| if item.id.origin == shard.0 { ItemId { origin: 0, ..item.id } } else { item.id })
            .collect()
    })
}

pub(crate) fn two_give_and_find_and_it_dies() {
    give_and_find_and_it_dies(Under::OwnNames);
}

pub(crate) fn two_characters_give_and_find_and_it_dies() {
    give_and_find_and_it_dies(Under::Characters);
}

fn give_and_find_and_it_dies(under: Under) {
    for point in points() {
        let data = tempfile::tempdir().expect("a directory for the test");
        let data = data.path();
        let mut players = people(data, under);
        let mut server = open(data, &[("HYPOGEUM_CRASH_AT", point)]);
        let dies_at_the_gate = point.ends_with("check_out");
        players.iter_mut().for_each(|player| player.reconnect(&server.url).expect("the server is there"));
        if dies_at_the_gate {
            let [ada, _] = &mut players;
            outlive(&mut server, ada);
            server = again(data, server, point, &mut players);
        }
        until_carried(&mut players, [3, 3]);
        if under == Under::Characters {
            walk(&mut players);
        }
        give_and_leave(&mut players);
        if !dies_at_the_gate {
            let [ada, _] = &mut players;
            outlive(&mut server, ada);
            server = again(data, server, point, &mut players);
            // The server may have died before it heard of one of them.
            until(&mut players, "a welcome", |player| player.view().session.is_some() && player.own().is_some());
            players.iter_mut().filter(|player| !has_left(player, 0)).for_each(|player| player.client().leave());
        }
        until(&mut players, "what the visit was worth", |player| has_left(player, 0));
        if under == Under::Characters {
            let path = running(data);
            until(&mut players, "where they left", |player| came_back(&path, player));
        }
        let who = players.each_ref().map(|player| (account(player), player.character()));
        let ended = server.terminate();
        assert!(ended.status.success(), "the server ends in order: {}", ended.log);
        let [ada, grace] = who.map(|(account, _)| account);
        let find = ItemId { origin: 0, serial: 1 };
        let hers = vec![find, thing(ada, 2), thing(ada, 3)];
        let mut the_others = vec![thing(ada, 1), thing(grace, 1), thing(grace, 2), thing(grace, 3)];
        the_others.sort_unstable();
        let [mut has_ada, mut has_grace] = owned(data, who);
        has_ada.sort_unstable();
        has_grace.sort_unstable();
        assert_eq!((has_ada, has_grace), (hers, the_others), "{point}: everyone has what they left with");
    }
}

pub(crate) fn a_restored_database_has_what_was_given() {
    given_after_the_backup(Under::OwnNames, &[]);
}

pub(crate) fn a_restored_database_has_what_characters_gave() {
    given_after_the_backup(Under::Characters, &[]);
}

pub(crate) fn a_restored_database_looks_through_all_parts() {
    given_after_the_backup(Under::Characters, &TINY_PARTS);
}

fn given_after_the_backup(under: Under, settings: &[(&str, &str)]) {
    let data = tempfile::tempdir().expect("a directory for the test");
    let data = data.path();
    let mut players = people(data, under);
    let server = open(data, settings);
    players.iter_mut().for_each(|player| player.reconnect(&server.url).expect("the server is there"));
    until_carried(&mut players, [3, 3]);
    let who = players.each_ref().map(|player| (account(player), player.character()));
    players.iter_mut().for_each(|player| player.client().leave());
    until(&mut players, "the report of the first visit", |player| has_left(player, 0));
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    // The backup: both are in the meadow again, or about to enter.
    let backup = data.join("backup");
    fs::create_dir(&backup).expect("a folder");
    for file in fs::read_dir(data).expect("the folder can be read").map(|file| file.expect("it can be read").path()) {
        if file.is_file() && file.file_name().is_some_and(|name| name.to_string_lossy().contains("db")) {
            fs::copy(&file, backup.join(file.file_name().expect("a name"))).expect("it can be copied");
        }
    }

    let server = open(data, settings);
    let before = players.iter().filter_map(tick).max();
    for player in &mut players {
        player.reconnect(&server.url).expect("the server is back");
    }
    until(&mut players, "their bodies", |player| tick(player) > before && carries(player) == 3);
    let before = players.iter().filter_map(reported).max().expect("both were told");
    if under == Under::Characters {
        walk(&mut players);
    }
    give_and_leave(&mut players);
    until(&mut players, "the report of the second visit", |player| has_left(player, before));
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    for file in fs::read_dir(&backup).expect("the folder can be read").map(|file| file.expect("it can be read").path())
    {
        fs::copy(&file, data.join(file.file_name().expect("a name"))).expect("it can be copied");
    }

    let server = open(data, settings);
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let [ada, grace] = who.map(|(account, _)| account);
    let [has_ada, has_grace] = owned(data, who);
    let gift = thing(ada, 1);
    assert!(has_grace.contains(&gift) && !has_ada.contains(&gift), "what was given after the backup is given: {grace}");
    assert_eq!((has_ada.len(), has_grace.len()), (3, 4), "nothing is there twice, and nothing is gone");
}
