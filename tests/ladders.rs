//! Two people climb a ladder over real HTTP: they queue, meet, fight through a kill -9, and are rated once.

use std::path::Path;
use std::time::Duration;

use hypogeum_client::{Api, ApiError, Creature, LadderPlace, LeaderboardQuery, Login};
use hypogeum_creature_messages::{BattleMove, CreatureStats, GameId, Wants};
use hypogeum_testkit::TestServer;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Asks until something has come of it: a minute and a half, as long as other tests wait for a server.
const ASKS_MAX: usize = 4_500;
const PAUSE: Duration = Duration::from_millis(20);

fn start(data: &Path) -> TestServer {
    TestServer::start(BINARY, data, &[]).unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Somebody with a creature and a login of its own.
struct Person {
    name: &'static str,
    api: Api,
    login: Login,
    creature: Creature,
}

impl Person {
    fn new(server: &TestServer, name: &'static str) -> Self {
        let api = Api::new(&server.url).expect("a URL");
        api.register(name, "correct horse").expect("the name is free");
        let login = api.login(name, "correct horse").expect("it is the password");
        let creature =
            api.create_creature(&login, (name, "mirebeast"), CreatureStats::default()).expect("it can be made");
        Self { name, api, login, creature }
    }

    /// The same on another server.
    fn again(&mut self, server: &TestServer) {
        self.api = Api::new(&server.url).expect("a URL");
        self.login = self.api.login(self.name, "correct horse").expect("it is the password");
    }

    fn join(&self, key: &str) -> Result<LadderPlace, ApiError> {
        self.api.join_ladder(&self.login, "duels", (self.creature.id, key))
    }

    /// The game that it comes to.
    fn found(&self) -> GameId {
        for _ in 0..ASKS_MAX {
            match self.api.ladder_place(&self.login).expect("it is answered") {
                LadderPlace::Playing { game_id } => return game_id,
                LadderPlace::Waiting { .. } | LadderPlace::Starting => std::thread::sleep(PAUSE),
                other => panic!("{} is not in line: {other:?}", self.name),
            }
        }
        panic!("{} meets nobody", self.name);
    }

    /// Does what is wanted; whether the game goes on.
    fn serve(&self, id: GameId) -> bool {
        let view = match self.api.game(&self.login, id) {
            Ok(view) => view,
            // It is being opened, or put away.
            Err(error) if error.status() == Some(503) => return true,
            Err(error) => panic!("{error}"),
        };
        let own = view.entrants.iter().find(|one| one.creature == self.creature.id).expect("it takes part");
        if let Wants::Move { .. } = own.wants {
            let fights = |battle: &&hypogeum_creature_messages::BattleView| {
                battle.fighters.iter().any(|one| one.entrant == own.number)
            };
            let battle = view.battles.iter().find(fights).expect("it fights");
            // A clock may have moved for it meanwhile.
            let _ = self.api.make_move(&self.login, id, (own.number, battle), BattleMove::Attack);
        }
        !view.is_over
    }

    fn rating(&self) -> (i32, u32) {
        let standing = self.api.ladder_standing(&self.login, "duels").expect("there is such a ladder");
        (standing.rating, standing.battles_ever)
    }

    fn is_free(&self) -> bool {
        self.api.creature(&self.login, self.creature.id).expect("it is there").game.is_none()
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, ApiError>) -> (u16, String) {
    let error = result.expect_err("it is refused");
    (error.status().unwrap_or_default(), error.code().to_owned())
}

#[test]
fn two_meet_on_a_ladder_and_are_rated_once_through_a_kill() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = start(data.path());
    let (mut ada, mut bob) = (Person::new(&server, "Ada"), Person::new(&server, "Bob"));
    assert_eq!((ada.rating(), bob.rating()), ((1_500, 0), (1_500, 0)), "newcomers");
    assert!(matches!(ada.join("a").expect("it is free"), LadderPlace::Waiting { waiting: 1, .. }), "she waits alone");
    assert!(matches!(ada.join("a"), Ok(LadderPlace::Waiting { .. })), "the same request is the same place");
    assert_eq!(refused(ada.join("b")), (409, "already_queued".to_owned()), "another is not");
    assert_eq!(ada.api.leave_ladder(&ada.login).expect("she may"), LadderPlace::Nowhere, "she may leave");

    ada.join("c").expect("she is back");
    bob.join("d").expect("and so is he");
    let game = ada.found();
    assert_eq!(bob.found(), game, "both are in one game");
    assert!(!ada.is_free() && !bob.is_free(), "which has their creatures");
    let code = refused(ada.join("e"));
    assert_eq!(code, (409, "in_rated_game".to_owned()), "one rated battle at a time");
    for _ in 0..2 {
        ada.serve(game);
        bob.serve(game);
    }

    let _ = server.kill();
    server = start(data.path());
    ada.again(&server);
    bob.again(&server);
    assert_eq!((ada.found(), bob.found()), (game, game), "both find it again");
    let mut asks = 0;
    while ada.serve(game) | bob.serve(game) {
        asks += 1;
        assert!(asks < ASKS_MAX, "it comes to an end");
    }
    for _ in 0..ASKS_MAX {
        if ada.is_free() && bob.is_free() {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    let view = ada.api.game(&ada.login, game).expect("it is kept");
    let champion = view.champion.map(|number| view.entrants[usize::from(number)].creature);
    let (winner, loser) = if champion == Some(ada.creature.id) { (&ada, &bob) } else { (&bob, &ada) };
    let (won, lost) = (winner.rating(), loser.rating());
    assert_eq!((won.1, lost.1), (1, 1), "it counts once for both");
    assert!(won.0 > 1_500 && lost.0 < 1_500, "one climbs as the other falls: {won:?}, {lost:?}");
    let page = winner.api.leaderboard(&winner.login, "duel_ratings", (LeaderboardQuery::From(1), None, 10));
    let page = page.expect("there is a board");
    let shown: Vec<_> = page.entries.iter().map(|entry| (entry.name.as_str(), entry.score)).collect();
    assert_eq!(shown, [(winner.name, i64::from(won.0)), (loser.name, i64::from(lost.0))], "the board shows both");

    let before = (ada.rating(), bob.rating());
    let _ = server.kill();
    server = start(data.path());
    ada.again(&server);
    bob.again(&server);
    assert_eq!((ada.rating(), bob.rating()), before, "and stays so");
    assert_eq!(
        ada.api.ladder_place(&ada.login).expect("it is answered"),
        LadderPlace::Nowhere,
        "nobody waits any more"
    );
}
