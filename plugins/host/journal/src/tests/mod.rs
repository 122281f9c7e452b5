//! Logs of matches that were never played, to see what becomes of them.

mod forged;
mod full;
mod left_out;
mod parts;
mod promised;
mod random;
mod torn;
mod visited;
mod written;

use std::path::{Path, PathBuf};
use std::time::Duration;

use hypogeum_protocol::{AccountId, Grant, Input, Outcome, Seat, ShardId};
use hypogeum_shard::{Command, CommandBody, Seed, StateHash};
use tempfile::TempDir;

use crate::segment::{self, HEAD_BYTES, SegmentHead};
use crate::{
    Close, FORMAT, GrantsEntry, Header, JournalConfig, JournalFolder, JournalPort, JournalThread, PublicKey, Recorder,
    SigningKey,
};

pub(super) const MATCH: ShardId = ShardId(7);

/// A journal in a folder of its own.
pub(super) struct TestJournal {
    pub(super) data: TempDir,
    pub(super) port: JournalPort,
    thread: Option<JournalThread>,
    pub(super) key: PublicKey,
}

impl TestJournal {
    pub(super) fn open() -> Self {
        Self::open_in(tempfile::tempdir().expect("a folder for the test"))
    }

    pub(super) fn open_in(data: TempDir) -> Self {
        Self::open_with(data, |_| {})
    }

    pub(super) fn open_with(data: TempDir, change: impl FnOnce(&mut JournalConfig)) -> Self {
        let key = SigningKey::of_directory(data.path()).expect("a key");
        let public = key.public();
        let mut config =
            JournalConfig { sync_interval: Duration::from_millis(5), ..JournalConfig::new(root(data.path())) };
        change(&mut config);
        let (thread, port) = JournalThread::start(config, key).expect("a journal");
        Self { data, port, thread: Some(thread), key: public }
    }

    pub(super) fn header(&self) -> Header {
        Header {
            format: FORMAT,
            build: "test".into(),
            shard_id: MATCH,
            kind: "arena".into(),
            setup: b"who is in it".to_vec(),
            seed: Seed::numbered(5),
            tick_hz: 30,
            content: "what it is made of".into(),
            began_unix_s: 0,
            key: self.key.0,
            part: None,
        }
    }

    /// Records steps `from..=to`, with a snapshot behind every fourth.
    pub(super) fn play(&mut self, recorder: &Recorder, from: u32, to: u32) {
        for tick in from..=to {
            self.port.tick(recorder, tick, hash(tick), &mut commands(tick));
            if tick.is_multiple_of(4) {
                self.port.snapshot(recorder, tick, hash(tick), vec![tick as u8; 40]);
            }
        }
        self.port.hand_over();
    }

    pub(super) fn settle(&mut self, recorder: &Recorder, tick: u32) {
        let grant = Grant {
            account: AccountId(1),
            outcome: Outcome::Extracted,
            kills: 2,
            damage_dealt: 9,
            xp_gained: 100,
            currency_gained: 5,
            placement: 1,
            items_secured: Vec::new(),
            items_changed: Vec::new(),
            character: None,
        };
        let grants = GrantsEntry { tick, hash: hash(tick), is_settlement: true, grants: vec![grant] };
        self.port.grant(recorder, grants);
        self.port.hand_over();
    }

    pub(super) fn close(&mut self, recorder: &Recorder) {
        self.port.close(recorder, Close::Settled);
        self.port.hand_over();
    }

    /// Ends the journal as a server does that stops in good order.
    pub(super) fn finish(mut self) -> TempDir {
        self.thread.take().expect("it runs").finish();
        self.data
    }
}

pub(super) fn root(data: &Path) -> PathBuf {
    data.join("journal")
}

pub(super) fn folder(data: &Path) -> JournalFolder {
    JournalFolder::open(root(data)).expect("the folders are there")
}

pub(super) fn hash(tick: u32) -> StateHash {
    StateHash(u64::from(tick) * 1_000_003)
}

pub(super) fn commands(tick: u32) -> Vec<Command> {
    let steer = |seat| Command {
        seat: Seat(seat),
        body: CommandBody::Input(Input { seq: tick, walk: 100, pace: 50, aim: (tick * 31) as u16, ability: 0 }),
    };
    let mut commands = vec![steer(0), steer(1)];
    if tick.is_multiple_of(3) {
        commands.push(Command { seat: Seat(1), body: CommandBody::Present(tick.is_multiple_of(2)) });
    }
    commands
}

/// A whole finished log of ten steps and two snapshots, and the key it is signed with.
pub(super) fn finished() -> (TempDir, PathBuf, PublicKey) {
    let mut journal = TestJournal::open();
    let key = journal.key;
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 10);
    journal.settle(&recorder, 10);
    journal.close(&recorder);
    let data = journal.finish();
    assert!(recorder.state().is_put_away(), "the log lies in its file");
    let path = folder(data.path()).finished(MATCH);
    (data, path, key)
}

/// The last segment of a log as it was before it was packed, in a folder of its own with those before it.
pub(super) fn as_running(whole: &[u8], folder: &Path) -> Vec<u8> {
    let (mut at, mut number) = (0, 0);
    loop {
        let head: &[u8; HEAD_BYTES] = whole[at..].first_chunk().expect("a segment");
        let head = SegmentHead::parse(head).expect("a segment");
        let end = at + HEAD_BYTES + head.bytes_stored as usize;
        number += 1;
        if end == whole.len() {
            let mut open = SegmentHead::open(head.number, head.first_record).to_bytes().to_vec();
            open.extend(segment::expand(&head, &whole[at + HEAD_BYTES..end]).expect("it expands"));
            return open;
        }
        std::fs::write(folder.join(format!("{number:06}.packed")), &whole[at..end]).expect("the test may write");
        at = end;
    }
}
