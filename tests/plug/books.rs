//! The final account: what the logs say everyone got is what everyone has, once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use hypogeum_arena::Arena;
use hypogeum_content::Content;
use hypogeum_journal::{Close, Entry, GrantsEntry, Header, LogReader, PublicKey, Replay, verify};
use hypogeum_progression::Profile;
use hypogeum_protocol::{AccountId, ItemId, MatchId, Outcome};
use hypogeum_shard::ShardKinds;
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::FIRST_WAY_OUT;

use super::{Person, TestFiles};

/// What an account must have.
#[derive(Debug, Default, PartialEq, Eq)]
struct Holdings {
    items: BTreeSet<ItemId>,
    xp: u64,
    currency: i64,
}

/// Compares the database with the logs, and both with what people were sent. No server has them open.
pub(crate) fn check(files: &TestFiles, people: &[Person]) {
    let store = files.store();
    let audit = store.audit().expect("the database can be read");
    assert!(audit.is_sound(), "the books are wrong: {audit}");
    assert_eq!(store.unfinished(), [], "nothing is left to be done: {audit}");
    let left: Vec<_> = list(&files.data().join("journal/running"));
    assert!(left.is_empty(), "every log is put away, but for {left:?}");

    let mut logs: Vec<Log> = finished(files).into_iter().map(|path| read(files, path)).collect();
    logs.sort_by_key(|log| log.header.shard_id);
    let settled = logs.iter().filter(|log| log.close == Close::Settled).count();
    assert_eq!(audit.matches.get("settled").copied().unwrap_or(0), settled as u64, "each settled match has its log");
    for person in people {
        let account = person.account;
        let StoreReply::Profile { profile: Some(profile), .. } =
            store.answer(StoreRequest::LoadProfile { account, character: None, tag: 0 })
        else {
            panic!("account {account} has no profile")
        };
        let items = profile.stash.iter().map(|item| item.id).collect();
        let Profile { xp, currency, .. } = *profile;
        assert_eq!(Holdings { items, xp, currency }, by_the_logs(account, &logs), "{account} has what the logs say");
        promises_are_kept(person, &logs);
    }
}

struct Log {
    header: Header,
    settlement: Option<GrantsEntry>,
    close: Close,
}

fn list(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the journal has its folders");
    entries.map(|entry| entry.expect("a log can be listed").path()).collect()
}

/// The logs of all matches that are over.
pub(crate) fn finished(files: &TestFiles) -> Vec<PathBuf> {
    list(&files.data().join("journal/finished"))
}

/// Reads a log, of which every record must be signed and every step must give the same again.
fn read(files: &TestFiles, path: PathBuf) -> Log {
    let place = path.display();
    let key = std::fs::read_to_string(files.data().join("journal.pub")).expect("the key is published");
    let key: PublicKey = key.parse().expect("the key is one");
    let verified = verify(&path, Some(key)).unwrap_or_else(|error| panic!("{place} is not what was written: {error}"));
    assert!(verified.complete, "{place} is signed to its end");
    let mut replay = Replay::open(&ShardKinds::default().with_match::<Arena>(), &path)
        .unwrap_or_else(|error| panic!("{place}: {error}"));
    let replayed = replay.run(None, |_| ()).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(replayed.divergence, None, "{place} gives the same match again");
    assert!(replayed.settlement_agrees != Some(false), "{place} was settled as it was worth");

    let (mut reader, header) = LogReader::open(&path).expect("just verified");
    let (mut settlement, mut close) = (None, None);
    while let Some(read) = reader.next_entry().expect("just verified") {
        match read.entry {
            Entry::Grants(entry) if entry.is_settlement => settlement = Some(entry),
            Entry::Close(how) => close = Some(how),
            _ => {}
        }
    }
    Log { header, settlement, close: close.expect("a complete log says how it ended") }
}

/// What an account has after all matches it played: its starter kit, what each settlement gave and took, and what the first way out gives.
fn by_the_logs(account: AccountId, logs: &[Log]) -> Holdings {
    let origin = ItemId::STARTER_BIT | account.0;
    let (mut holdings, mut got_out) = (Holdings::default(), false);
    let kit: BTreeMap<u32, ItemId> = (1..=5).map(|serial| (serial, ItemId { origin, serial })).collect();
    holdings.items.extend(kit.values().take(kit_size()));
    for log in logs.iter().filter(|log| log.close == Close::Settled) {
        let settlement = log.settlement.as_ref().expect("a settled match has its settlement on record");
        let brief = log.header.brief(&ShardKinds::default().with_match::<Arena>()).expect("the log says who took part");
        for (_, _, seat) in brief.players().filter(|(_, player, _)| *player == account) {
            for item in &seat.items {
                assert!(holdings.items.remove(item), "{account} brings {item}, which it has");
            }
        }
        for result in settlement.grants.iter().filter(|result| result.account == account) {
            holdings.xp += u64::from(result.xp_gained);
            holdings.currency += result.currency_gained;
            holdings.items.extend(result.items_secured.iter().map(|item| item.id));
            got_out |= result.outcome == Outcome::Extracted;
        }
    }
    holdings.currency += if got_out { FIRST_WAY_OUT } else { 0 };
    holdings
}

/// How many different things all modes together start with.
fn kit_size() -> usize {
    let content = Content::load(std::path::Path::new("assets")).expect("the content is sound");
    let starters = content.modes.iter().flat_map(|(_, _, mode)| mode.rewards.starter_items.iter());
    starters.map(|item| item.key().to_owned()).collect::<BTreeSet<_>>().len()
}

/// Players who were notified that they are out are out, and have got what their settlement said.
fn promises_are_kept(person: &Person, logs: &[Log]) {
    let account = person.account;
    let result = |match_id| {
        let log = logs.iter().find(|log| MatchId::from(log.header.shard_id) == match_id && log.close == Close::Settled);
        let settlement = log.unwrap_or_else(|| panic!("match {match_id} was not settled")).settlement.as_ref()?;
        settlement.grants.iter().find(|result| result.account == account)
    };
    for &match_id in &person.told_extracted {
        let outcome = result(match_id).map(|result| result.outcome);
        assert_eq!(outcome, Some(Outcome::Extracted), "{account} was notified that it got out of match {match_id}");
    }
    for (&match_id, report) in &person.told_settled {
        let result = result(match_id).unwrap_or_else(|| panic!("{account} has no result in match {match_id}"));
        let reported = (report.outcome, report.xp_gained, report.currency_gained);
        assert_eq!(
            reported,
            (result.outcome, result.xp_gained, result.currency_gained),
            "match {match_id} as reported"
        );
    }
}
