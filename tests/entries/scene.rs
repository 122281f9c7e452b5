//! A server with a database that survives it, and people who play there.

use std::path::Path;

use hypogeum_client::{Api, ApiError, Creature, Login, ShownGame};
use hypogeum_creature_messages::{BattleMove, CreatureStats, GameId, TournamentView, Wants};
use hypogeum_testkit::TestServer;
use hypogeum_testkit::postgres::TestPostgres;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// How often a server may be asked for what is to come, 20 ms each: a minute and a half, as long as other tests wait.
const ASKS_MAX: usize = 4_500;

/// Somebody with a login of its own.
pub(crate) struct Person {
    pub(crate) api: Api,
    pub(crate) login: Login,
    name: &'static str,
}

impl Person {
    pub(crate) fn new(server: &TestServer, name: &'static str) -> Self {
        let api = Api::new(&server.url).expect("a URL");
        api.register(name, "correct horse").expect("the name is free");
        let login = api.login(name, "correct horse").expect("it is the password");
        Self { api, login, name }
    }

    /// The same on the server that was started after another.
    fn again(&mut self, server: &TestServer) {
        self.api = Api::new(&server.url).expect("a URL");
        self.login = self.api.login(self.name, "correct horse").expect("it is the password");
    }

    /// Sells what everyone begins with: whoever enters has to pay.
    pub(crate) fn earn(&self) {
        let prices = self.api.shop(&self.login).expect("the shop lists what it has");
        for entry in self.api.stash(&self.login).expect("it is there").items {
            let price = prices.iter().find(|price| price.template == entry.template).and_then(|price| price.sell_price);
            if let Some(price) = price {
                self.api.sell(&self.login, entry.seen(), price).expect("the shop buys it");
            }
        }
    }

    pub(crate) fn creature(&self, name: &str, kind: &str) -> Creature {
        let points = CreatureStats { strength: 3, health: 3, ..CreatureStats::default() };
        self.api.create_creature(&self.login, (name, kind), points).expect("it can be made")
    }
}

/// A server with a database that survives it, and who plays there.
pub(crate) struct Scene {
    pub(crate) data: tempfile::TempDir,
    pub(crate) url: String,
    pub(crate) server: Option<TestServer>,
    pub(crate) people: [Person; 2],
    /// How often the server has died.
    pub(crate) deaths: u32,
}

pub(crate) const ADA: usize = 0;
pub(crate) const BOB: usize = 1;

impl Scene {
    /// A server that dies once at `point`.
    pub(crate) fn new(postgres: &TestPostgres, point: &str) -> Self {
        let (data, url) = (tempfile::tempdir().expect("a folder"), postgres.url());
        let server = start(data.path(), &[("HYPOGEUM_DATABASE__URL", &url), ("HYPOGEUM_CRASH_AT", point)]);
        let people = ["Ada", "Bob"].map(|name| Person::new(&server, name));
        people.iter().for_each(Person::earn);
        Self { data, url, server: Some(server), people, deaths: 0 }
    }

    /// Asks until it is answered: of a server that has died, the next one.
    pub(crate) fn ask<T>(
        &mut self,
        who: usize,
        ask: impl Fn(&Api, &Login) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        for _ in 0..ASKS_MAX {
            let person = &self.people[who];
            match ask(&person.api, &person.login) {
                Err(error) if error.status().is_none() => self.come_back(),
                // What a server that is just dying or starting cannot answer.
                Err(error) if error.is_passing() => std::thread::sleep(std::time::Duration::from_millis(20)),
                answer => return answer,
            }
        }
        panic!("nothing is answered");
    }

    /// Starts the server again if it has died.
    fn come_back(&mut self) {
        let mut server = self.server.take().expect("there is one");
        if server.is_alive() {
            // It is about to die, or has closed one connection.
            std::thread::sleep(std::time::Duration::from_millis(20));
            self.server = Some(server);
            return;
        }
        let ended = server.ended();
        assert!(ended.log.contains("crash point "), "it died where it should: {}", ended.log);
        self.deaths += 1;
        let server = start(self.data.path(), &[("HYPOGEUM_DATABASE__URL", &self.url)]);
        self.people.iter_mut().for_each(|person| person.again(&server));
        self.server = Some(server);
    }

    pub(crate) fn view(&mut self, id: GameId) -> TournamentView {
        match self.ask(ADA, |api, login| api.shown_game(login, id)).expect("it is there") {
            ShownGame::Playing(view) => *view,
            ShownGame::Entering(game) => panic!("it was played before: {game:?}"),
        }
    }

    pub(crate) fn currency(&mut self, who: usize) -> i64 {
        self.ask(who, |api, login| api.stash(login)).expect("it is there").currency
    }

    /// Waits for what is asked to become so.
    pub(crate) fn until<T>(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> Option<T>) -> T {
        for _ in 0..ASKS_MAX {
            if let Some(found) = is_so(self) {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("{what} does not happen");
    }

    /// Does for a creature what is wanted of it, as a person would who does not know whether the last was done.
    pub(crate) fn serve(&mut self, who: usize, id: GameId, number: u8) {
        let view = self.view(id);
        let entrant = view.entrants.iter().find(|one| one.number == number).expect("it takes part");
        let done = match entrant.wants {
            Wants::Nothing => return,
            Wants::Move { .. } => {
                let Some(battle) =
                    view.battles.iter().find(|battle| battle.fighters.iter().any(|one| one.entrant == number))
                else {
                    return;
                };
                self.ask(who, |api, login| api.make_move(login, id, (number, battle), BattleMove::Attack))
            }
            Wants::Points { .. } => {
                self.ask(who, |api, login| api.allocate_stats_in_game(login, id, (number, CreatureStats::default())))
            }
            Wants::Ready { .. } => self.ask(who, |api, login| api.ready(login, id, number)),
        };
        if let Err(error) = done {
            // Its clock ran out meanwhile, or the game is over.
            assert_eq!(error.status(), Some(409), "{error}");
        }
    }
}

pub(crate) fn start(data: &Path, settings: &[(&str, &str)]) -> TestServer {
    TestServer::start(BINARY, data, settings).unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}
