//! Somebody walks about in the meadow and leaves, and the server dies on the way from there to her report.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use hypogeum_journal::{EndedVisit, Entry, JournalFolder, LogReader, Tail};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_space::METRE;
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::{Player, TestServer};

use crate::counting::{run_all, start};
use crate::walking::open;

/// Where a server can die between the step in which somebody leaves and her report.
const POINTS: [&str; 5] = ["visit_told", "visit_logged", "visit_durable", "before_visit_commit", "after_visit_commit"];
/// Frames after which what was waited for does not come: a minute and a half.
const FRAMES_MAX: u32 = 2_700;

fn dying_at(data: &Path, point: &str) -> TestServer {
    start(data, &[("HYPOGEUM_TEST_MEADOW", "1"), ("HYPOGEUM_CRASH_AT", point)])
}

/// She walks for a while and leaves.
pub(crate) fn walk_and_leave(ada: &mut Player) {
    ada.until("her own body", |ada| ada.own().is_some());
    for _ in 0..45 {
        ada.walk((-15 * METRE, 0), 0);
        ada.frame();
    }
    ada.client().leave();
}

/// Goes on until the server is dead.
pub(crate) fn outlive(server: &mut TestServer, ada: &mut Player) {
    for _ in 0..FRAMES_MAX {
        if !server.is_alive() {
            return;
        }
        ada.frame();
    }
    panic!("it does not die: {}", server.log());
}

/// Comes back, hears what the visit was worth, and says so.
fn hear(url: &str, ada: &mut Player) -> (MatchId, u32) {
    ada.reconnect(url).expect("the server is back");
    ada.until("what her visit was worth", |ada| ada.view().settled.is_some());
    let (visit, report) = ada.view().settled.as_ref().expect("just seen");
    (*visit, report.xp_gained)
}

/// What the only log says of visits: their numbers, and the experience of each.
pub(crate) fn on_record(data: &Path) -> BTreeMap<MatchId, u32> {
    let visits = visits(data);
    let found: BTreeMap<MatchId, u32> = visits.iter().map(|ended| (ended.visit, ended.grant.xp_gained)).collect();
    assert_eq!(found.len(), visits.len(), "no two visits have one number: {visits:?}");
    found
}

/// The newest part of the only log.
pub(crate) fn running(data: &Path) -> PathBuf {
    let folders = fs::read_dir(data.join("journal/running")).expect("logs are there");
    let folders = folders.map(|folder| folder.expect("it can be read").path());
    let number = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.rsplit('-').next()?.parse::<u32>().ok())
    };
    folders.max_by_key(number).expect("there is one meadow")
}

/// All parts of the only log, of a server that does not run.
pub(crate) fn parts(data: &Path) -> Vec<PathBuf> {
    let logs = JournalFolder::open(data.join("journal")).expect("the folders are there");
    let running = logs.unfinished().expect("logs are there");
    assert_eq!(running.len(), 1, "one part is written");
    let finished = logs.finished_logs().expect("logs are there").into_iter().map(|log| logs.finished_log(log));
    finished.chain(running.iter().map(|log| logs.running_log(*log))).collect()
}

/// What visits on record were worth, in the order in which they ended.
pub(crate) fn visits(data: &Path) -> Vec<EndedVisit> {
    let mut found = Vec::new();
    for part in parts(data) {
        let (mut reader, _) = LogReader::open(&part).expect("it is a log");
        while let Some(read) = reader.next_entry().expect("it is whole") {
            if let Entry::Visit(visit) = read.entry {
                found.push(visit.ended);
            }
        }
    }
    found
}

/// The experience of her account, once no server has the database, whose books are looked into.
fn xp(data: &Path, account: AccountId) -> u64 {
    let store = Store::open(data, StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    let audit = store.audit().expect("the database can be read");
    assert!(audit.is_sound(), "the books are wrong: {audit}");
    match store.answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => profile.xp,
        other => panic!("her account is there: {other:?}"),
    }
}

/// Stops the server, and sees that all that is on record was granted, and nothing else.
pub(crate) fn look_into_the_books(data: &Path, server: TestServer, ada: &Player) {
    let account = ada.view().session.as_ref().expect("she was welcomed").account;
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let visits = on_record(data);
    assert_eq!(xp(data, account), visits.values().map(|xp| u64::from(*xp)).sum::<u64>(), "each was granted once");
    let replayed = run_all("replay", &parts(data));
    assert!(replayed.status.success(), "it replays: {replayed:?}");
}

pub(crate) fn she_leaves_and_it_dies() {
    for point in POINTS {
        let data = tempfile::tempdir().expect("a directory for the test");
        let mut server = dying_at(data.path(), point);
        let mut ada = Player::guest(&server.url, "Ada");
        walk_and_leave(&mut ada);
        outlive(&mut server, &mut ada);
        let ended = server.ended();
        assert!(ended.log.contains(&format!("crash point {point}\n")), "it died where it should: {}", ended.log);
        let recorded = on_record(data.path());
        let server = open(data.path());
        let (visit, xp) = hear(&server.url, &mut ada);
        assert_eq!(recorded.get(&visit), Some(&xp), "{point}: her report is what was on record");
        assert!(xp > 20, "{point}: each step is worth something: {xp}");
        look_into_the_books(data.path(), server, &ada);
    }
}

pub(crate) fn the_record_is_torn() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut server = dying_at(data.path(), "visit_logged");
    let mut ada = Player::guest(&server.url, "Ada");
    walk_and_leave(&mut ada);
    outlive(&mut server, &mut ada);
    let _ = server.ended();
    let mut segments: Vec<PathBuf> = fs::read_dir(running(data.path()))
        .expect("the log is there")
        .map(|file| file.expect("it can be read").path())
        .collect();
    segments.sort_unstable();
    let last = OpenOptions::new().write(true).open(segments.last().expect("a segment")).expect("the test may write");
    let length = last.metadata().expect("a file").len();
    last.set_len(length - 7).expect("the test may cut it off");
    let torn = Tail::read(&running(data.path())).expect("a torn end is no damage");
    assert!(torn.cut_off.is_some() && torn.visits.is_empty(), "her visit is not on record");
    let server = open(data.path());
    let (visit, xp) = hear(&server.url, &mut ada);
    assert!(xp > 20, "what the meadow still knows is granted: {xp}");
    assert_eq!(on_record(data.path()).get(&visit), Some(&xp), "and is on record now");
    look_into_the_books(data.path(), server, &ada);
}
