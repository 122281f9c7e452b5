//! The persistent world that ships, over real UDP: who comes, talks, fights, dies and leaves finds everything again, also after
//! the plug was pulled.

mod chat;
mod crypt;
mod ground;
mod kills;
mod locales;
mod person;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use hypogeum_journal::JournalFolder;
use hypogeum_protocol::ShardId;
use person::{Person, open, says, until, walks};

/// The store of a server that is not running is right about everything.
fn look_into_the_books(data: &Path) {
    use hypogeum_persistence::Store;
    use hypogeum_progression::StarterKit;
    let store = Store::open(data, StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    let audit = store.audit().expect("the database can be read");
    assert!(audit.is_sound(), "the books are wrong: {audit}");
}

/// Where characters are that have been written, as the database of a server that is not running knows it.
fn places_kept(data: &Path) -> BTreeSet<String> {
    use hypogeum_persistence::Store;
    use hypogeum_progression::StarterKit;
    use hypogeum_protocol::{AccountId, CharacterId};
    use hypogeum_store::{StoreReply, StoreRequest};
    let store = Store::open(data, StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    let asked = (1..=4).flat_map(|account| (1..=4).map(move |character| (AccountId(account), CharacterId(character))));
    let found = asked.filter_map(|(account, character)| {
        match store.answer(StoreRequest::LoadProfile { account, character: Some(character), tag: 0 }) {
            StoreReply::Profile { character, .. } => character.filter(|sheet| !sheet.body.is_empty()),
            _ => None,
        }
    });
    found.map(|sheet| sheet.place).collect()
}

#[test]
fn two_meet_talk_give_fight_die_and_find_everything_after_a_kill() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let (mut ada, mut grace) = (Person::come(&server.url, "Ada"), Person::come(&server.url, "Grace"));
    ada.enter();
    grace.enter();
    assert_eq!(
        (ada.place(), ada.room.as_str()),
        ("lanternfoot", "chapel"),
        "newcomers begin at the shrine of the town"
    );
    let both = &mut [&mut ada, &mut grace];

    // They meet and talk, and one gives the other something.
    until(both, "each other", |people| people[0].was_told("Grace appears."));
    says(both, 0, "say good evening", "You say, \"good evening\"");
    until(both, "her words", |people| people[1].was_told("Ada says, \"good evening\""));
    says(both, 0, "give bandage to grace", "You give a");
    until(both, "the gift", |people| people[1].was_told("Ada gives you a"));

    // A lever closes a gate and another opens it.
    for who in [0, 1] {
        walks(both, who, "east", "square");
    }
    walks(both, 0, "north", "north_gate");
    says(both, 0, "pull rope", "The portcullis drops");
    says(both, 1, "north", "locked");
    says(both, 0, "pull winch", "Chains rattle");

    // A fight, and what it is worth.
    walks(both, 1, "east", "inn");
    says(both, 1, "open hatch", "opens");
    walks(both, 1, "down", "inn_cellar");
    fights_a_rat(both, 1);

    // Out of the gate, into another zone, by one and the same connection.
    walks(both, 0, "south", "square");
    walks(both, 0, "north", "north_gate");
    both[0].types("north");
    until(both, "the forest", |people| people[0].place() == "wolfwood" && people[0].room == "trailhead");
    says(both, 0, "inventory", "You carry: ");
    let carried = both[0].words.last().cloned().expect("just told");

    // The plug is pulled.
    let xp = both[1].stats.xp;
    let _ = server.kill();
    look_into_the_books(data.path());
    let kept = ["lanternfoot", "wolfwood"].map(str::to_owned).into();
    assert_eq!(places_kept(data.path()), kept, "how they are is written while they are in the world");
    let server = open(data.path(), &[]);
    for person in both.iter_mut() {
        person.words.clear();
        person.room.clear();
        person.player.reconnect(&server.url).expect("the server is back");
    }
    until(both, "the world again", |people| {
        people.iter().all(|person| !person.room.is_empty() && person.player.own().is_some())
    });
    assert_eq!((both[0].place(), both[1].place()), ("wolfwood", "lanternfoot"), "each is where it was");
    says(both, 0, "inventory", &carried);
    says(both, 1, "stats", &format!("experience {xp} of"));

    // They leave, and come back to what they left.
    says(both, 1, "inventory", "You carry: ");
    let carried = both[1].words.last().cloned().expect("just told");
    both[1].player.client().leave();
    both[1].room.clear();
    until(both, "the report of the visit", |people| people[1].player.view().settled.is_some());
    both[1].player.client().enter_world("");
    until(both, "the world again", |people| !people[1].room.is_empty() && people[1].player.own().is_some());
    says(both, 1, "inventory", &carried);
    says(both, 1, "stats", &format!("experience {xp} of"));

    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "the server ends in order: {}", ended.log);
    look_into_the_books(data.path());
    replays(data.path());
}

/// Fights a rat of the cellar, until that was worth something.
fn fights_a_rat(people: &mut [&mut Person], who: usize) {
    for _ in 0..8 {
        if people[who].was_told("experience") {
            break;
        }
        people[who].types("kill rat");
        until(people, "a dead rat", |people| {
            let told = ["is dead.", "You are dead.", "There is no"];
            told.iter().any(|words| people[who].was_told(words))
        });
    }
    until(people, "experience", |people| people[who].stats.xp > 0);
}

/// The logs of all zones, each part of them, replay to the hashes on record, and each part follows the one before.
fn replays(data: &Path) {
    let logs = JournalFolder::open(data.join("journal")).expect("zones are recorded");
    let mut zones: BTreeMap<ShardId, Vec<PathBuf>> = BTreeMap::new();
    for log in logs.finished_logs().expect("they can be listed") {
        zones.entry(log.shard_id).or_default().push(logs.finished_log(log));
    }
    for log in logs.unfinished().expect("they can be listed") {
        zones.entry(log.shard_id).or_default().push(logs.running_log(log));
    }
    assert_eq!(zones.len(), 3, "one log for each zone");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for parts in zones.values() {
        let run = |command: &str| {
            let mut hypogeum = Command::new(env!("CARGO_BIN_EXE_hypogeum"));
            hypogeum.arg(command).args(parts).output().expect("it runs")
        };
        let replayed = run("replay");
        assert!(replayed.status.success(), "{parts:?}: {}{}", said(&replayed.stdout), said(&replayed.stderr));
        let verified = said(&run("verify").stderr);
        assert!(verified.contains("the log has no end"), "{parts:?}: it only wants its end: {verified}");
    }
    println!("parts of each zone: {:?}", zones.values().map(Vec::len).collect::<Vec<_>>());
}

#[test]
fn who_may_not_enter_is_told_why() {
    use hypogeum_protocol::ErrorCode;
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let refused = |person: &mut Person, wish: &str| {
        person.player.take_seen();
        person.player.client().enter_world(wish);
        let mut code = None;
        person.player.until("a refusal", |player| {
            let seen = player.take_seen();
            code = seen.into_iter().find_map(|change| match change {
                hypogeum_client::Change::Refused(refusal) => Some(refusal.code),
                _ => None,
            });
            code.is_some()
        });
        code
    };
    let mut ada = Person::come(&server.url, "Ada");
    assert_eq!(refused(&mut ada, "dragon"), Some(ErrorCode::OutOfRange), "there are no dragons");
    ada.enter();
    assert_eq!(refused(&mut ada, ""), Some(ErrorCode::WrongState), "she is in the world already");
    let player = hypogeum_testkit::Player::guest(&server.url, "Nobody");
    let mut nobody = Person { player, ..Person::come(&server.url, "Somebody") };
    assert_eq!(refused(&mut nobody, ""), Some(ErrorCode::UnknownItem), "without a character nobody enters");
}

#[test]
fn a_server_without_a_world_says_so() {
    use hypogeum_protocol::ErrorCode;
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[("HYPOGEUM_WORLD__OPEN", "false")]);
    let mut ada = Person::come(&server.url, "Ada");
    ada.player.client().enter_world("");
    ada.player.until("a refusal", |player| {
        player.take_seen().iter().any(|change| match change {
            hypogeum_client::Change::Refused(refusal) => refusal.code == ErrorCode::Unavailable,
            _ => false,
        })
    });
}
