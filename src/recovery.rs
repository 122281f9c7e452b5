//! What a server that died has left, found at the next start: matches go on, are granted, or are undone.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use hypogeum_content::Content;
use hypogeum_crash::crash_point;
use hypogeum_journal::{Close, JournalFolder, JournalPort, LogError, PublicKey, Tail};
use hypogeum_persistence::Store;
use hypogeum_progression::{StoreReply, StoreRequest};
use hypogeum_protocol::MatchId;
use hypogeum_replay::{Resumed, resume};
use hypogeum_sessions::ResumedMatch;
use hypogeum_shard::StateHash;
use serde::Serialize;

/// What was found and done.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Recovery {
    /// Matches that go on, and after which step.
    pub(crate) resumed: Vec<(MatchId, u32)>,
    /// Matches that were over and are still to be granted.
    pub(crate) settling: Vec<MatchId>,
    /// Matches that were granted already, and whose logs were only put away.
    pub(crate) put_away: u32,
    /// Matches that were undone, and why where there is a reason to tell.
    pub(crate) undone: Vec<(MatchId, String)>,
    /// Items that went home with them.
    pub(crate) items_returned: u32,
    /// Steps that were taken again.
    pub(crate) steps: u64,
    /// Bytes that a crash had left half written.
    pub(crate) bytes_torn: u64,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
}

impl Recovery {
    /// Whether there was nothing to do.
    pub(crate) fn is_nothing(&self) -> bool {
        self.resumed.is_empty() && self.settling.is_empty() && self.undone.is_empty() && self.put_away == 0
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resumed, settling, put_away, undone, items_returned, steps, bytes_torn, seconds } = self;
        let mut parts = Vec::new();
        if !resumed.is_empty() {
            let places = resumed.iter().map(|(id, tick)| format!("match {id} after tick {tick}"));
            parts.push(format!("resumed {} ({steps} steps taken again)", places.collect::<Vec<_>>().join(", ")));
        }
        if !settling.is_empty() {
            let ids: Vec<String> = settling.iter().map(ToString::to_string).collect();
            parts.push(format!("granting match {}", ids.join(", ")));
        }
        if *put_away > 0 {
            parts.push(format!("put away {put_away} logs"));
        }
        if !undone.is_empty() {
            let ids: Vec<String> = undone.iter().map(|(id, _)| id.to_string()).collect();
            parts.push(format!("unfinished matches undone: {}, {items_returned} items are home again", ids.join(", ")));
        }
        if *bytes_torn > 0 {
            parts.push(format!("{bytes_torn} half-written bytes cut off"));
        }
        write!(formatter, "{} in {seconds:.2} s", parts.join("; "))
    }
}

/// Looks at every match that has a log or an escrow and no end, and decides what becomes of it. The world is only trusted
/// where every step on record gives the state on record.
pub(crate) fn recover(
    store: &Store,
    folder: &JournalFolder,
    port: &mut JournalPort,
    key: PublicKey,
    content: &Arc<Content>,
) -> anyhow::Result<(Recovery, Vec<ResumedMatch>)> {
    let began = Instant::now();
    let mut running: BTreeSet<MatchId> = store.unfinished().into_iter().collect();
    let mut recovery = Recovery::default();
    let mut resumed = Vec::new();
    for match_id in folder.unfinished().context("the journal cannot be read")? {
        let holds_escrow = running.remove(&match_id);
        let path = folder.running(match_id);
        if folder.finished(match_id).exists() {
            // It was put away, whole, and died while it cleared up.
            folder.discard(match_id).context("what is left of a log cannot be removed")?;
            recovery.put_away += 1;
            running.extend(holds_escrow.then_some(match_id));
            continue;
        }
        let tail = match Tail::read(&path) {
            Ok(tail) => tail,
            Err(LogError::NoLog { .. }) => {
                // It died before it had written anything.
                folder.discard(match_id).context("an empty log cannot be removed")?;
                running.extend(holds_escrow.then_some(match_id));
                continue;
            }
            Err(error) => {
                let aside = folder.set_aside(match_id).context("a damaged log cannot be moved")?;
                let why = format!("its log is refused: {error}; it is kept in {}", aside.display());
                if holds_escrow {
                    undo(store, match_id, why, &mut recovery)?;
                } else {
                    tracing::error!(%match_id, "{why}");
                }
                continue;
            }
        };
        if tail.header.key != key.0 && !tail.complete {
            // Heads of another key than its header names would make an honest log look forged.
            let aside = folder.set_aside(match_id).context("a log of another key cannot be moved")?;
            let why = format!("its log is signed by another key; it is kept in {}", aside.display());
            if tail.settlement.is_some() && ending(store, &tail)? == Close::Settled {
                tracing::warn!(%match_id, "{why}");
            } else if holds_escrow {
                undo(store, match_id, why, &mut recovery)?;
            }
            continue;
        }
        tail.mend(&path)?;
        recovery.bytes_torn += tail.cut_off.as_ref().map_or(0, |cut| cut.bytes_torn);
        if holds_escrow && tail.close == Some(Close::Undone) {
            // On record already, but the store had not heard of it.
            undo(store, match_id, "it was being undone".to_owned(), &mut recovery)?;
        }
        if tail.complete {
            folder.put_away(match_id).context("a log cannot be put away")?;
            recovery.put_away += 1;
        } else if holds_escrow && tail.close.is_none() {
            match resume_or_say_why(&tail, content) {
                Ok(found) => resumed.push(go_on(&tail, found, port, &mut recovery)),
                Err(why) => {
                    undo(store, match_id, why, &mut recovery)?;
                    close(&tail, port, Close::Undone);
                }
            }
        } else {
            close(&tail, port, ending(store, &tail)?);
            recovery.put_away += 1;
        }
    }
    for match_id in running {
        undo(store, match_id, "it has no log".to_owned(), &mut recovery)?;
    }
    port.hand_over();
    recovery.seconds = began.elapsed().as_secs_f64();
    crash_point!("recovered");
    Ok((recovery, resumed))
}

/// A match whose world cannot be had again must not keep the server from starting, whatever is wrong with it.
fn resume_or_say_why(tail: &Tail, content: &Arc<Content>) -> Result<Resumed, String> {
    match catch_unwind(AssertUnwindSafe(|| resume(tail, Arc::clone(content)))) {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err("its world panics".to_owned()),
    }
}

fn go_on(tail: &Tail, mut found: Resumed, port: &mut JournalPort, recovery: &mut Recovery) -> ResumedMatch {
    let match_id = tail.header.match_id;
    recovery.steps += u64::from(found.steps);
    let settlement = tail.settlement.as_ref().map(|entry| entry.order.clone());
    if settlement.is_some() {
        recovery.settling.push(match_id);
    } else {
        recovery.resumed.push((match_id, tail.tick()));
    }
    // After the settlement nothing but the end may follow.
    let snapshot = settlement.is_none().then(|| found.shard.snapshot());
    let recorder = port.resume(tail, found.hash, snapshot);
    ResumedMatch { setup: found.setup, seed: tail.header.seed, shard: found.shard, settlement, recorder }
}

/// How a match has ended that holds no escrow any more: as the store knows it.
fn ending(store: &Store, tail: &Tail) -> anyhow::Result<Close> {
    if let Some(close) = tail.close {
        return Ok(close);
    }
    let Some(settlement) = &tail.settlement else { return Ok(Close::Undone) };
    // The same order again grants nothing, and says whether it was granted.
    match store.answer(StoreRequest::Settle(settlement.order.clone())) {
        StoreReply::Settled { .. } => Ok(Close::Settled),
        StoreReply::Failed { failure, .. } if failure.is_passing() => {
            anyhow::bail!("match {} cannot be looked up: {failure}", tail.header.match_id)
        }
        _ => Ok(Close::Undone),
    }
}

fn close(tail: &Tail, port: &mut JournalPort, how: Close) {
    let recorder = port.resume(tail, StateHash::default(), None);
    port.close(&recorder, how);
}

fn undo(store: &Store, match_id: MatchId, why: String, recovery: &mut Recovery) -> anyhow::Result<()> {
    match store.answer(StoreRequest::AbandonMatch { match_id }) {
        StoreReply::Abandoned { items_returned, .. } => recovery.items_returned += items_returned,
        other => anyhow::bail!("match {match_id} cannot be undone: {other:?}"),
    }
    tracing::warn!(%match_id, %why, "an unfinished match is undone");
    recovery.undone.push((match_id, why));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use hypogeum_accounts::{AccountName, AccountStore};
    use hypogeum_journal::{FORMAT, Header, JournalConfig, JournalThread, SigningKey};
    use hypogeum_progression::StarterKit;
    use hypogeum_protocol::ItemId;

    use super::*;

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

    /// A match that holds a sword and whose log is closed as undone, of which the database has not heard.
    fn undone_on_record(data: &Path) {
        let store = open(data);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let name = AccountName::parse("Ada").expect("a name");
        let account = runtime.block_on(store.create(&name, String::new())).expect("an account");
        let sword = ItemId { origin: ItemId::STARTER_BIT | account.0, serial: 1 };
        let seats = vec![(account, vec![sword])];
        let _ = store.answer(StoreRequest::TakeEscrow { match_id: MATCH, mode: "blitz".into(), seed: 1, seats });
        let (_, thread, mut port) = journal(data);
        let recorder = port.begin(Header {
            format: FORMAT,
            build: "test".to_owned(),
            match_id: MATCH,
            mode: "blitz".to_owned(),
            seed: 1,
            tick_hz: 30,
            content: [0; 32],
            began_unix_s: 0,
            key: SigningKey::of_directory(data).expect("the key").public().0,
            participants: Vec::new(),
        });
        port.close(&recorder, Close::Undone);
        port.hand_over();
        thread.finish();
    }

    fn recovered(data: &Path) -> Recovery {
        let (store, (folder, thread, mut port)) = (open(data), journal(data));
        let key = SigningKey::of_directory(data).expect("the key").public();
        let (recovery, resumed) =
            recover(&store, &folder, &mut port, key, &Arc::new(Content::default())).expect("the server starts");
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
        assert_eq!(recovery.items_returned, 1, "the sword is home: {recovery}");
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
}
