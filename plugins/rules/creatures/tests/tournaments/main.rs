//! Tournaments as shards: whole ones of every format, people who are slow, absent or hostile, and worlds that go on from a snapshot.

mod formats;
mod hostile;
mod people;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_content::Content;
use hypogeum_creature_messages::{
    BattleMove, CreatureId, CreatureResult, CreatureStats, EntrantSetup, EntrantView, GameId, TournamentCommand,
    TournamentRefusal, TournamentSetup, TournamentView, Wants,
};
use hypogeum_creatures::Tournament;
use hypogeum_protocol::{AccountId, Seat, codec};
use hypogeum_shard::{Command, CommandBody, Seed, Shard, ShardConfig, ShardKind, TurnBasedKind, build_shard};

/// What ships.
static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("what ships is sound"))
});

/// What ships of creatures, by file.
fn shipped_files() -> Vec<(String, String)> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let of_folder = |folder: &str| {
        let files =
            std::fs::read_dir(assets.join(folder)).expect("it ships").map(|file| file.expect("it is there").path());
        let named = files.map(|path| {
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (format!("{folder}/{name}"), std::fs::read_to_string(&path).expect("it is text"))
        });
        named.collect::<Vec<_>>()
    };
    ["battles", "creatures", "opponents", "tournaments"].into_iter().flat_map(of_folder).collect()
}

/// When every tournament here begins.
const BEGINS: u64 = 1_700_000_000_000;

/// A creature of a person.
fn entrant(number: u64) -> EntrantSetup {
    EntrantSetup {
        creature: CreatureId(100 + number),
        owner: AccountId(1 + number),
        owner_name: format!("person{number}"),
        name: format!("Creature {number}"),
        kind: "emberfox".to_owned(),
        stats: CreatureStats::of_values([12, 10, 10, 12, 10]),
        points: 0,
    }
}

fn setup(key: &str, people: u64, size: u8, fill: Option<&str>) -> TournamentSetup {
    TournamentSetup {
        game: GameId(1),
        tournament: key.to_owned(),
        entrants: (0..people).map(entrant).collect(),
        size,
        fill: fill.map(str::to_owned),
        begins_unix_ms: BEGINS,
    }
}

/// A tournament under test.
struct TestTournament {
    shard: Shard,
    now_ms: u64,
    seq: u32,
}

impl TestTournament {
    fn new(seed: u64, setup: &TournamentSetup) -> Self {
        Self::on(&CONTENT, seed, setup)
    }

    fn on(content: &Arc<Content>, seed: u64, setup: &TournamentSetup) -> Self {
        let config = ShardConfig { seed: Seed::numbered(seed), tick_hz: 1, content: Arc::clone(content) };
        let shard = build_shard::<Tournament>(config, setup).expect("it can be played");
        Self { shard, now_ms: BEGINS, seq: 0 }
    }

    /// A step in which so much time has passed.
    fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        let body = Tournament::clock(self.now_ms).into();
        self.shard.step(&[Command { seat: Seat(0), body: CommandBody::Custom { seq: 0, body } }]);
    }

    /// A step after the server was away for so long.
    fn resume_after(&mut self, ms: u64) {
        self.now_ms += ms;
        let body = Tournament::resume(self.now_ms).into();
        self.shard.step(&[Command { seat: Seat(0), body: CommandBody::Custom { seq: 0, body } }]);
    }

    /// Steps as long as nobody is waited for.
    fn run(&mut self) {
        for _ in 0..10_000 {
            self.wait(0);
            if !Tournament::has_more(self.shard.world()) {
                return;
            }
        }
        panic!("machines play for ever: {:?}", self.view());
    }

    /// Gives a command, and goes on as far as it goes without people.
    fn tell(&mut self, number: u8, command: TournamentCommand) -> Result<(), TournamentRefusal> {
        self.seq += 1;
        let body = CommandBody::Custom { seq: self.seq, body: command.encode().into() };
        self.shard.step(&[Command { seat: Seat(number.into()), body }]);
        let answers = Tournament::answers(self.shard.world());
        assert_eq!(
            (answers.len(), answers[0].seat, answers[0].seq),
            (1, Seat(number.into()), self.seq),
            "it is answered"
        );
        let outcome = codec::decode::<Result<(), TournamentRefusal>, 64>(&answers[0].outcome).expect("an outcome");
        if Tournament::has_more(self.shard.world()) {
            self.run();
        }
        outcome
    }

    fn view(&self) -> TournamentView {
        TournamentView::decode(&Tournament::overview(self.shard.world())).expect("a view")
    }

    fn entrant(&self, number: u8) -> EntrantView {
        self.view().entrants.into_iter().find(|one| one.number == number).expect("it takes part")
    }

    fn result(&self) -> Vec<CreatureResult> {
        codec::decode::<_, 65_536>(&Tournament::result(self.shard.world())).expect("a result")
    }

    /// The next move in somebody's battle.
    fn next_move(&self, number: u8, what: BattleMove) -> Option<TournamentCommand> {
        let view = self.view();
        let battle = view.battles.iter().find(|battle| battle.fighters.iter().any(|one| one.entrant == number))?;
        Some(TournamentCommand::Move { pairing: battle.pairing, game: battle.game, turn: battle.turn, what })
    }

    /// Does what is wanted of one, as simply as it can be. Whether something was.
    fn serve(&mut self, number: u8) -> bool {
        let wanted = self.entrant(number);
        let done = match wanted.wants {
            Wants::Nothing => return false,
            Wants::Move { .. } => {
                let command = self.next_move(number, BattleMove::Attack).expect("it fights");
                self.tell(number, command)
            }
            Wants::Points { .. } => {
                let points = CreatureStats {
                    strength: wanted.points.min(20 - wanted.stats.strength),
                    ..CreatureStats::default()
                };
                self.tell(number, TournamentCommand::Allocate { points })
            }
            Wants::Ready { .. } => self.tell(number, TournamentCommand::Ready),
        };
        assert_eq!(done, Ok(()), "it was asked for: {wanted:?}");
        true
    }

    /// Plays to the end, everyone doing what is wanted of them.
    fn play(&mut self, people: u8) {
        self.run();
        for _ in 0..100_000 {
            if self.view().is_over {
                return;
            }
            let is_any = (0..people).any(|number| self.serve(number));
            assert!(is_any, "somebody is waited for: {:?}", self.view());
        }
        panic!("it does not end");
    }
}

#[test]
fn what_cannot_be_played_is_refused() {
    let refusal = |setup: &TournamentSetup| {
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 1, content: Arc::clone(&CONTENT) };
        build_shard::<Tournament>(config, setup).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(refusal(&setup("cup", 4, 4, None)), "", "a cup of four people");
    assert_eq!(refusal(&setup("cop", 4, 4, None)), "the content has no tournament \"cop\"");
    assert_eq!(refusal(&setup("cup", 1, 4, None)), "the setup cannot be played: 1 creatures of 4 and no machines");
    assert_eq!(
        refusal(&setup("cup", 1, 4, Some("nobody"))),
        "the setup cannot be played: \"nobody\" fills no such tournament: novice, adept, veteran, master do"
    );
    assert_eq!(
        refusal(&setup("cup", 1, 6, Some("novice"))),
        "the setup cannot be played: 6 entrants cannot all be paired, and the rules allow no byes"
    );
    assert_eq!(refusal(&setup("cup", 1, 1, None)), "the setup cannot be played: 1 creatures, where 4 to 64 take part");
    let mut greedy = setup("open", 4, 4, None);
    greedy.entrants[3].owner = greedy.entrants[0].owner;
    assert_eq!(refusal(&greedy), "the setup cannot be played: 2 creatures of one person, at most 1 take part");
    let mut twice = setup("cup", 4, 4, None);
    twice.entrants[3].creature = twice.entrants[0].creature;
    assert_eq!(refusal(&twice), "the setup cannot be played: creature 100 takes part twice");
    assert_eq!(refusal(&setup("cup", 5, 4, None)), "the setup has 5 seats, and 4 are allowed");
    let mut unknown = setup("cup", 2, 4, Some("novice"));
    unknown.entrants[1].kind = "snark".to_owned();
    assert_eq!(refusal(&unknown), "the content has no creature \"snark\"");
}

#[test]
fn its_pack_is_enough_to_play_it() {
    let setup = setup("cup", 1, 8, Some("master"));
    let pack = Tournament::content(&setup, &CONTENT).expect("it ships");
    let kept = hypogeum_content::ContentPack::read(pack.text()).expect("it is a content");
    assert!(kept.content().opponents.id("veteran").is_some(), "a master expects one");
    let (mut one, mut other) = (TestTournament::new(7, &setup), TestTournament::on(kept.content(), 7, &setup));
    one.play(1);
    other.play(1);
    assert_eq!(one.shard.hash(), other.shard.hash(), "the same on its own pack");
}
