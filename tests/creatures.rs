//! Creatures and their games over HTTP, on a server with its database and its logs: played to the end, through `kill -9`, and by
//! people who have no business there.

use std::path::Path;
use std::process::Command;

use hypogeum_client::{Api, ApiError, Change, Creature, Login, NewGame};
use hypogeum_creature_messages::{BattleMove, CreatureStats, GameId, GameNews, TournamentView, Wants};
use hypogeum_protocol::ErrorCode;
use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn start(data: &Path) -> TestServer {
    start_with(data, &[])
}

fn start_with(data: &Path, settings: &[(&str, &str)]) -> TestServer {
    TestServer::start(BINARY, data, settings).unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Somebody with a login of its own.
struct Person {
    api: Api,
    login: Login,
}

impl Person {
    fn new(server: &TestServer, name: &str) -> Self {
        let api = Api::new(&server.url).expect("a URL");
        let registered = api.register(name, "correct horse").expect("the name is free");
        let login = api.login(name, "correct horse").expect("it is the password");
        assert_eq!(registered.account_id, login.account_id, "it is the same account");
        Self { api, login }
    }

    /// The same on another server.
    fn again(&mut self, server: &TestServer, name: &str) {
        self.api = Api::new(&server.url).expect("a URL");
        self.login = self.api.login(name, "correct horse").expect("it is the password");
    }

    fn creature(&self, name: &str, kind: &str, points: CreatureStats) -> Creature {
        self.api.create_creature(&self.login, (name, kind), points).expect("it can be made")
    }

    fn game(&self, id: GameId) -> TournamentView {
        self.api.game(&self.login, id).expect("it is there")
    }

    /// Does what is wanted of a creature; whether something was.
    fn serve(&self, id: GameId, number: u8) -> bool {
        let view = self.game(id);
        let entrant = view.entrants.iter().find(|one| one.number == number).expect("it takes part");
        let after = match entrant.wants {
            Wants::Nothing => return false,
            Wants::Move { .. } => {
                let battle = view.battles.iter().find(|battle| battle.fighters.iter().any(|one| one.entrant == number));
                let battle = battle.expect("it fights");
                self.api.make_move(&self.login, id, (number, battle), BattleMove::Attack)
            }
            Wants::Points { .. } => {
                let points = CreatureStats {
                    strength: entrant.points.min(20 - entrant.stats.strength),
                    ..CreatureStats::default()
                };
                self.api.allocate_stats_in_game(&self.login, id, (number, points))
            }
            Wants::Ready { .. } => self.api.ready(&self.login, id, number),
        };
        assert_eq!(after.expect("it was asked for").game, id);
        true
    }

    fn play_to_the_end(&self, id: GameId, number: u8) -> TournamentView {
        for _ in 0..2_000 {
            let view = self.game(id);
            if view.is_over {
                return view;
            }
            // Machines go on by themselves.
            self.serve(id, number);
        }
        panic!("it does not end: {:?}", self.game(id));
    }
}

fn cup(creature: &Creature, opponents: &str, key: &str) -> NewGame {
    NewGame {
        tournament: "cup".to_owned(),
        creatures: vec![creature.id],
        size: 8,
        opponents: Some(opponents.to_owned()),
        key: key.to_owned(),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, ApiError>) -> (u16, String) {
    let error = result.expect_err("it is refused");
    (error.status().unwrap_or_default(), error.code().to_owned())
}

/// The creature once it is free: what its game was worth is written beside the ticks.
fn freed(person: &Person, creature: &Creature) -> Creature {
    // A minute and a half, as long as other tests wait for a server.
    for _ in 0..4_500 {
        let now = person.api.creature(&person.login, creature.id).expect("it is there");
        if now.game.is_none() {
            return now;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the game keeps its creature");
}

const STRONG: CreatureStats = CreatureStats { strength: 3, health: 3, speed: 0, defence: 0, luck: 0 };

#[test]
fn a_cup_is_played_through_two_kills_and_what_was_won_is_kept() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = start(data.path());
    let mut ada = Person::new(&server, "Ada");
    let cinder = ada.creature("Cinder", "mirebeast", STRONG);
    let begun = ada.api.start_game(&ada.login, &cup(&cinder, "novice", "first")).expect("it can be played");
    let id = begun.game;
    let again = ada.api.start_game(&ada.login, &cup(&cinder, "novice", "first")).expect("it is the same request");
    assert_eq!(again.game, id, "and the same game");
    assert_eq!(
        refused(ada.api.start_game(&ada.login, &cup(&cinder, "novice", "other"))),
        (409, "creature_in_game".to_owned())
    );
    assert_eq!(refused(ada.api.release_creature(&ada.login, cinder.id)), (409, "creature_in_game".to_owned()));

    for kill in 0..2 {
        // Whatever was answered is there again.
        for _ in 0..3 {
            ada.serve(id, 0);
        }
        let before = ada.game(id);
        let _ = server.kill();
        server = start(data.path());
        assert!(server.log().contains("recovered: resumed"), "it goes on after kill {kill}: {}", server.log());
        ada.again(&server, "Ada");
        let after = ada.game(id);
        assert_eq!(after.pairings, before.pairings, "nobody has won or lost by it");
        assert_eq!(after.battles, before.battles, "no move is lost, and none is made twice");
        assert_eq!(after.entrants, before.entrants, "nor a point");
    }

    let view = ada.play_to_the_end(id, 0);
    let own = &view.entrants[0];
    let won = view
        .pairings
        .iter()
        .filter(|pairing| matches!(pairing.outcome, Some(hypogeum_creature_messages::PairingOutcome::Won(0))));
    let won = won.count() as u32;
    let now = freed(&ada, &cinder);
    assert_eq!((now.stats, now.points, now.won), (own.stats, own.points, won), "it is what the game made of it");
    assert_eq!(now.lost, u32::from(view.champion != Some(0)), "and has lost once at most");
    assert_eq!(now.titles, u32::from(view.champion == Some(0)));
    assert_eq!(ada.game(id), view, "the game can be looked at as it ended");
    let log = ada.api.battle_log(&ada.login, id, (0, 1)).expect("its battles are kept");
    assert!(log.starts_with("|battle|1\n") && log.contains("|seed|"), "{log}");

    // The log of the battle can be played again, and that of the whole game.
    let file = data.path().join("battle.txt");
    std::fs::write(&file, log).expect("a file");
    let replayed = Command::new(BINARY).arg("replay").arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&replayed.stdout).into_owned();
    assert!(replayed.status.success() && said.contains("every line is true"), "{said}");
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let finished = data.path().join("journal/finished");
    for command in ["replay", "verify"] {
        let logs = Command::new(BINARY).arg(command).arg(&finished).output().expect("it runs");
        assert!(logs.status.success(), "{command}: {logs:?}");
    }

    // And nothing of it happens again.
    let server = start(data.path());
    ada.again(&server, "Ada");
    assert_eq!(ada.api.creature(&ada.login, cinder.id).expect("it is there"), now, "a start settles nothing twice");
    let games = ada.api.games(&ada.login, None).expect("the history");
    assert_eq!(games.iter().map(|game| (game.id, game.is_over)).collect::<Vec<_>>(), [(id, true)]);
}

#[test]
fn a_game_is_worth_what_it_is_once_wherever_its_server_dies() {
    for point in ["before_game_commit", "after_game_commit"] {
        let data = tempfile::tempdir().expect("a folder");
        let server = start_with(data.path(), &[("HYPOGEUM_CRASH_AT", point)]);
        let mut ada = Person::new(&server, "Ada");
        let cinder = ada.creature("Cinder", "emberfox", STRONG);
        let id = ada.api.start_game(&ada.login, &cup(&cinder, "novice", "")).expect("it can be played").game;
        // It may die before it has answered.
        let _ = ada.api.withdraw(&ada.login, id, 0);
        while ada.api.creature(&ada.login, cinder.id).is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let ended = server.ended();
        assert!(ended.log.contains(&format!("crash point {point}\n")), "it died where it should: {}", ended.log);
        let server = start(data.path());
        ada.again(&server, "Ada");
        let now = freed(&ada, &cinder);
        assert_eq!((now.won, now.lost, now.titles), (0, 1, 0), "{point}: it has lost once");
        assert!(ada.game(id).is_over, "{point}: and the game is over");
        assert!(server.terminate().status.success(), "{point}: the server ends in order");
    }
}

#[test]
fn what_is_wrong_or_anothers_is_refused_and_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let (ada, eve) = (Person::new(&server, "Ada"), Person::new(&server, "Eve"));
    let cinder = ada.creature("Cinder", "emberfox", STRONG);
    let mine = eve.creature("Mine", "moonhare", STRONG);

    let game = |creatures: &[&Creature], size, opponents: Option<&str>, tournament: &str| NewGame {
        tournament: tournament.to_owned(),
        creatures: creatures.iter().map(|creature| creature.id).collect(),
        size,
        opponents: opponents.map(str::to_owned),
        key: String::new(),
    };
    let start_game = |game: NewGame| refused(eve.api.start_game(&eve.login, &game));
    assert_eq!(start_game(game(&[&cinder], 4, Some("novice"), "cup")), (403, "not_your_creature".to_owned()));
    assert_eq!(start_game(game(&[], 4, Some("novice"), "cup")), (400, "unfit_game".to_owned()), "machines alone");
    assert_eq!(start_game(game(&[&mine, &mine], 4, Some("novice"), "cup")), (400, "unfit_game".to_owned()), "twice");
    assert_eq!(start_game(game(&[&mine], 6, Some("novice"), "cup")), (400, "unfit_game".to_owned()), "no power of two");
    assert_eq!(start_game(game(&[&mine], 1, None, "cup")), (400, "unfit_game".to_owned()), "alone");
    assert_eq!(start_game(game(&[&mine], 4, None, "cup")), (400, "unfit_game".to_owned()), "with nobody");
    assert_eq!(start_game(game(&[&mine], 4, Some("nobody"), "cup")), (400, "unfit_game".to_owned()));
    assert_eq!(start_game(game(&[&mine], 4, Some("novice"), "derby")), (400, "unfit_game".to_owned()));
    assert!(eve.api.creature(&eve.login, mine.id).expect("it is there").game.is_none(), "it is as free as before");

    let view = ada.api.start_game(&ada.login, &cup(&cinder, "master", "")).expect("it can be played");
    let id = view.game;
    let view = loop {
        let view = ada.game(id);
        if !view.battles.is_empty() {
            break view;
        }
    };
    let battle =
        view.battles.iter().find(|battle| battle.fighters.iter().any(|one| one.entrant == 0)).expect("it fights");
    let by = |person: &Person, entrant, battle| {
        refused(person.api.make_move(&person.login, id, (entrant, battle), BattleMove::Attack))
    };
    assert_eq!(by(&eve, 0, battle), (403, "not_your_entrant".to_owned()), "somebody else's");
    assert_eq!(by(&ada, 1, battle), (403, "not_your_entrant".to_owned()), "a machine's");
    let mut later = battle.clone();
    later.turn += 1;
    assert_eq!(by(&ada, 0, &later), (409, "other_turn".to_owned()));
    let mut other = battle.clone();
    other.pairing = 4_000;
    assert_eq!(by(&ada, 0, &other), (409, "not_in_battle".to_owned()));
    let unknown = refused(ada.api.make_move(&ada.login, GameId(999_999), (0, battle), BattleMove::Attack));
    assert_eq!(unknown, (404, "no_such_game".to_owned()));
    assert_eq!(refused(ada.api.ready(&ada.login, id, 0)), (409, "not_asked".to_owned()));
    let many = CreatureStats { luck: 9, ..CreatureStats::default() };
    assert_eq!(refused(ada.api.allocate_stats_in_game(&ada.login, id, (0, many))), (409, "in_battle".to_owned()));
    assert_eq!(eve.game(id).entrants.len(), 8, "others may look on");
    let withdrawn = ada.api.withdraw(&ada.login, id, 0).expect("it may go");
    assert!(
        withdrawn.battles.iter().all(|battle| battle.fighters.iter().all(|one| one.entrant != 0)),
        "it fights no more"
    );
    let now = freed(&ada, &cinder);
    assert_eq!((now.won, now.lost, now.titles), (0, 1, 0), "whoever goes has lost");
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
}

/// What `duel` says, to somebody who says these lines.
fn duel(arguments: &[&str], says: &str) -> (bool, String, String) {
    use std::io::Write as _;
    let piped = std::process::Stdio::piped;
    let mut command = Command::new(BINARY);
    let mut playing =
        command.arg("duel").args(arguments).stdin(piped()).stdout(piped()).stderr(piped()).spawn().expect("it runs");
    // It may have ended before it has read all of it.
    let _ = playing.stdin.take().expect("it reads").write_all(says.as_bytes());
    let ended = playing.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ended.status.success(), text(&ended.stdout), text(&ended.stderr))
}

#[test]
fn a_duel_is_fought_in_a_terminal_and_its_log_is_true() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("duel.txt");
    let log = log.to_str().expect("a path of text");
    // A type by its number, points that are too many, a word that is none, and then blows.
    let says = format!("1\nstrength=9\nstrength=6\ndance\ns\n{}", "a\n".repeat(300));
    let (is_good, said, complained) = duel(&["--vs", "novice", "--seed", "5", "--log", log, "--name", "Cinder"], &says);
    assert!(is_good, "{complained}");
    for words in [
        "1. Emberfox",
        "9 points were given, there are 6.",
        "Say a, d, s or q.",
        "== final: Cinder against ",
        "Turn 2",
        " is down.",
    ] {
        assert!(said.contains(words), "it says {words:?}: {said}");
    }
    assert!(!said.contains('\x1b'), "no colours where nobody sees them");
    let replayed = Command::new(BINARY).arg("replay").arg(log).output().expect("it runs");
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    let again = duel(&["--vs", "novice", "--seed", "5", "--name", "Cinder"], &says);
    assert_eq!(again.1, said, "the same number and the same moves give the same duel");

    let forged = std::fs::read_to_string(log).expect("it was written").replacen("|turn|1|special", "|turn|1|attack", 1);
    std::fs::write(log, forged).expect("it can be written");
    let replayed = Command::new(BINARY).arg("replay").arg(log).output().expect("it runs");
    assert!(!replayed.status.success(), "another move is another battle");
}

#[test]
fn a_duel_that_cannot_be_says_why() {
    for (arguments, why) in [
        (
            &["--vs", "novic", "--type", "emberfox"][..],
            "there is no opponent \"novic\": there are adept, master, novice, veteran (did you mean \"novice\"?)",
        ),
        (&["--vs", "9"], "there is no opponent \"9\""),
        (&["--type", "dragon"], "there is no creature \"dragon\""),
        (&["--type", "emberfox", "--points", "strength=7"], "7 points were given, there are 6"),
        (&["--type", "emberfox", "--points", "charm=1"], "there is no stat \"charm\""),
        (&["--name", "  "], "the name is empty"),
        (
            &["--tournament", "cup", "--size", "5", "--type", "emberfox", "--points", ""],
            "5 entrants cannot all be paired",
        ),
        (&["--tournament", "derby"], "there is no tournament \"derby\""),
        (&["--assets", "nowhere"], "there is no folder nowhere"),
    ] {
        let (is_good, _, complained) = duel(arguments, "");
        assert!(!is_good && complained.contains(why), "{arguments:?}: {complained}");
    }
    let (is_good, said, _) = duel(&["--type", "emberfox", "--points", "luck=1", "--json"], "q\n");
    let told: serde_json::Value = serde_json::from_str(&said).expect("one object");
    assert!(is_good && told["won"] == false, "whoever goes has lost: {said}");
}

/// What a client was told of a game since it was last asked, and whether it is told no more.
fn told(player: &mut Player, game: GameId) -> (Vec<(u32, GameNews)>, bool) {
    player.frame();
    let (mut news, mut is_over) = (Vec::new(), false);
    for change in player.take_seen() {
        match change {
            Change::GameTold { game: of, step, body } => {
                assert_eq!(of, game.0, "it follows no other");
                news.push((step, GameNews::decode(&body).expect("it is news of creatures")));
            }
            Change::GameFollowed { is_followed, .. } => is_over |= !is_followed,
            _ => {}
        }
    }
    (news, is_over)
}

#[test]
fn whoever_follows_a_game_is_told_all_of_it_in_their_own_language() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start_with(data.path(), &[("HYPOGEUM_AUTH__GUESTS", "loopback")]);
    let ada = Person::new(&server, "Ada");
    let cinder = ada.creature("Cinder", "emberfox", CreatureStats::default());
    let mut watcher = Player::guest_reading(&server.url, "Ulla", "Ulla", "de");
    let game = ada.api.start_game(&ada.login, &cup(&cinder, "novice", "")).expect("it can be played").game;
    watcher.client().follow_game(game.0 + 1, true);
    watcher.client().follow_game(game.0, true);
    let mut followed = None;
    let mut refused = None;
    while followed.is_none() || refused.is_none() {
        watcher.frame();
        for change in watcher.take_seen() {
            match change {
                Change::GameFollowed { game: of, is_followed: true, step } if of == game.0 => followed = Some(step),
                Change::Refused(refusal) => refused = Some(refusal.code),
                _ => {}
            }
        }
    }
    assert_eq!(refused, Some(ErrorCode::NoSuchEntity), "there is no other game");

    let last = ada.play_to_the_end(game, 0);
    let (mut all, mut is_over) = (Vec::new(), false);
    while !is_over {
        let (more, ended) = told(&mut watcher, game);
        (all, is_over) = ([all, more].concat(), ended);
    }
    assert!(all.iter().all(|(step, _)| Some(*step) > followed), "what was there before is not told");
    assert!(all.is_sorted_by_key(|(step, _)| *step), "in the order in which it happened");
    let Some((_, GameNews::Over { champion, words })) = all.last() else { panic!("the end comes last: {all:?}") };
    assert_eq!(*champion, last.champion, "as it is over HTTP");
    assert!(words.ends_with("hat das Turnier gewonnen."), "in German: {words}");
    let decided = all.iter().filter(|(_, news)| matches!(news, GameNews::Decided { .. })).count();
    assert!((3..=7).contains(&decided), "the semi-finals and the final at least: {decided}");
    let acts =
        all.iter().filter_map(|(_, news)| if let GameNews::Turn { acts, .. } = news { Some(acts) } else { None });
    let words: Vec<&str> = acts.flatten().map(|act| act.words.as_str()).collect();
    assert!(words.iter().any(|words| words.starts_with("Cinder trifft ")), "each act in words: {words:?}");
    assert!(words.iter().any(|words| words.ends_with(" geht zu Boden.")), "to the last blow: {words:?}");
}
