//! Matches of the shipped content, played by made-up commands and recorded as a server does it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hypogeum_arena::{Arena, is_over};
use hypogeum_content::{Content, ContentPack};
use hypogeum_journal::{
    Close, GrantsEntry, Header, JournalConfig, JournalFolder, JournalPort, JournalThread, PublicKey, Recorder,
    SigningKey,
};
use hypogeum_protocol::{AccountId, Act, Grant, Input, ItemId, MatchId, NetId, Seat, StashedItem, codec};
use hypogeum_shard::{
    Command, CommandBody, Dice, LineupSeat, MatchKind, MatchLineup, Occupant, Purpose, Seed, Shard, ShardConfig,
    ShardKind, ShardKinds, StateHash, build_shard,
};
use tempfile::TempDir;

/// What the matches run on.
pub(crate) static PACK: LazyLock<ContentPack> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let assets = here.ancestors().map(|folder| folder.join("assets")).find(|assets| assets.is_dir());
    let content = Content::load(&assets.expect("the assets ship")).expect("the shipped content is good");
    content.pack(content.modes.id(MODE).expect("the mode ships"))
});
pub(crate) static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| Arc::clone(PACK.content()));

/// The kinds that the logs name.
pub(crate) static KINDS: LazyLock<ShardKinds> = LazyLock::new(|| ShardKinds::default().with_match::<Arena>());

pub(crate) const MATCH: MatchId = MatchId(9);
pub(crate) const MODE: &str = "blitz";
/// Half of them are steered by commands, the others by brains.
pub(crate) const SEATS: u16 = 20;
/// Steps from one snapshot to the next.
pub(crate) const SNAPSHOT_TICKS: u32 = 100;
/// The most a blitz takes, and some more.
const TICKS_MAX: u32 = 3_000;

pub(crate) fn config(seed: u64) -> ShardConfig {
    ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::clone(&CONTENT) }
}

pub(crate) fn lineup() -> MatchLineup {
    let item =
        |number: u64, serial, key: &str| StashedItem::new(ItemId { origin: ItemId::STARTER_BIT | number, serial }, key);
    let seat = |number: u64| LineupSeat {
        occupant: if number % 2 == 1 { Occupant::Autopilot } else { Occupant::Account(AccountId(number + 1)) },
        name: format!("seat {number}"),
        level: 1 + number as u32,
        rating: 1_500 - number as i32,
        items: vec![item(number, 0, "rusty_sword"), item(number, 1, "padded_coat"), item(number, 2, "medkit")],
        character: None,
    };
    MatchLineup {
        match_id: MATCH,
        mode: MODE.to_owned(),
        definition: String::new(),
        parties: Vec::new(),
        seats: (0..u64::from(SEATS)).map(seat).collect(),
    }
}

/// The match before its first step.
pub(crate) fn shard(seed: u64) -> Shard {
    build_shard::<Arena>(config(seed), &lineup()).expect("the shipped content has it all")
}

/// What its log begins with, where it is made from such a lineup.
pub(crate) fn header(seed: u64, lineup: &MatchLineup, key: [u8; 32]) -> Header {
    Header::new(MATCH.into(), (Arena::NAME, codec::encode(lineup)), (&config(seed), &PACK), key, 0)
}

/// What is ordered at a tick, drawn from a seed: each steered seat walks, blows and takes things, some come and go.
pub(crate) fn orders(seed: u64, tick: u32) -> Vec<Command> {
    let mut dice = Dice::new(Seed::numbered(seed), tick, NetId::NONE, Purpose::named("orders"));
    let mut orders = Vec::new();
    for seat in (0..SEATS).step_by(2) {
        let steer = Input {
            seq: tick,
            walk: (tick / 50).wrapping_mul(7_919).wrapping_add(u32::from(seat) * 5_003) as u16,
            pace: dice.below(101) as u8,
            aim: dice.bits() as u16,
            ability: dice.below(4) as u8,
        };
        orders.push(Command { seat: Seat(seat), body: CommandBody::Input(steer) });
        let more = match dice.below(2_000) {
            // Seat 0 stays: it is the one whose walk is doctored, which shows only while it walks.
            0..=20 if seat == 0 => continue,
            0 => CommandBody::Leave,
            1..=20 => CommandBody::Present(dice.chance(5_000)),
            21..=120 => {
                CommandBody::Act { seq: tick, act: Act::Loot { container: NetId(dice.below(900)) }, seen: None }
            }
            _ => continue,
        };
        orders.push(Command { seat: Seat(seat), body: more });
    }
    orders
}

/// A log that is written, with its match beside it.
pub(crate) struct TestJournal {
    pub(crate) data: TempDir,
    pub(crate) key: PublicKey,
    pub(crate) port: JournalPort,
    thread: JournalThread,
}

impl TestJournal {
    pub(crate) fn open() -> Self {
        Self::open_in(tempfile::tempdir().expect("a folder for the test"))
    }

    pub(crate) fn open_in(data: TempDir) -> Self {
        let key = SigningKey::of_directory(data.path()).expect("a key");
        let public = key.public();
        let config = JournalConfig { sync_interval: Duration::from_millis(5), ..JournalConfig::new(root(data.path())) };
        let (thread, port) = JournalThread::start(config, key).expect("a journal");
        Self { data, key: public, port, thread }
    }

    /// Ends the journal, and says where the match's log lies: finished, or left behind.
    pub(crate) fn finish(self) -> (TempDir, PathBuf) {
        self.thread.finish();
        let folder = JournalFolder::open(root(self.data.path())).expect("the folders are there");
        let finished = folder.finished(MATCH.into());
        let path = if finished.exists() { finished } else { folder.running(MATCH.into()) };
        (self.data, path)
    }
}

fn root(data: &Path) -> PathBuf {
    data.join("journal")
}

/// A recorded match.
pub(crate) struct Recording {
    pub(crate) data: TempDir,
    pub(crate) path: PathBuf,
    pub(crate) key: PublicKey,
    /// After each step.
    pub(crate) hashes: Vec<StateHash>,
}

/// How a recording is made.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// The server dies after this step; else the match is played and settled.
    pub(crate) stop_after: Option<u32>,
    /// The log has another walk of seat 0 at this step than the match had.
    pub(crate) doctored: Option<u32>,
}

pub(crate) fn record(plan: Plan) -> Recording {
    let mut journal = TestJournal::open();
    let key = journal.key;
    let mut shard = shard(plan.seed);
    let recorder = journal.port.begin(header(plan.seed, &lineup(), key.0));
    journal.port.hand_over();
    let mut hashes = Vec::new();
    for tick in 1..=plan.stop_after.unwrap_or(TICKS_MAX) {
        hashes.push(step(&mut journal, &recorder, &mut shard, plan, tick));
        if is_over(shard.world()) {
            break;
        }
    }
    if plan.stop_after.is_none() {
        conclude(&mut journal, &recorder, &shard);
    }
    let (data, path) = journal.finish();
    Recording { data, path, key, hashes }
}

/// Plays and records one step, with a snapshot behind every so many.
pub(crate) fn step(
    journal: &mut TestJournal,
    recorder: &Recorder,
    shard: &mut Shard,
    plan: Plan,
    tick: u32,
) -> StateHash {
    let mut commands = orders(plan.seed, tick);
    let hash = shard.step(&commands);
    if plan.doctored == Some(tick) {
        doctor(&mut commands);
    }
    journal.port.tick(recorder, tick, hash, &mut commands);
    if tick.is_multiple_of(SNAPSHOT_TICKS) {
        journal.port.snapshot(recorder, tick, hash, shard.snapshot());
    }
    journal.port.hand_over();
    hash
}

fn doctor(commands: &mut [Command]) {
    let Some(Command { seat: Seat(0), body: CommandBody::Input(input) }) = commands.first_mut() else {
        panic!("seat 0 steers first");
    };
    (input.walk, input.pace) = (input.walk ^ 0x8000, 100);
}

/// Settles and closes a match that is over.
pub(crate) fn conclude(journal: &mut TestJournal, recorder: &Recorder, shard: &Shard) {
    assert!(is_over(shard.world()), "a match has an end");
    let brief = lineup().brief();
    let grants: Vec<Grant> = brief.players().filter_map(|(seat, ..)| Arena::grant(shard.world(), seat)).collect();
    assert_eq!(grants.len(), usize::from(SEATS) / 2, "every player has a grant");
    let settlement = GrantsEntry { tick: shard.tick().0, hash: shard.hash(), is_settlement: true, grants };
    journal.port.grant(recorder, settlement);
    journal.port.close(recorder, Close::Settled);
    journal.port.hand_over();
}
