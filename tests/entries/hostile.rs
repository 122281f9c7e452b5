//! Whatever strangers ask: games stay well formed, and refusals are typed.

use std::collections::BTreeMap;

use hypogeum_client::{ApiError, NewGame, NewOpenGame, ShownGame};
use hypogeum_creature_messages::{BattleMove, CreatureId, GameId};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use proptest::prelude::*;

use crate::scene::{Person, start};

/// What somebody wants, of numbers that may name something or nothing.
#[derive(Clone, Debug)]
enum Request {
    Open { tournament: &'static str, size: Option<u8>, opponents: Option<&'static str>, key: u8 },
    Start { creature: u64, size: u8, key: u8 },
    Enter { game: u64, creature: u64, key: u8 },
    Leave { game: u64, creature: u64 },
    CallOff { game: u64 },
    Withdraw { game: u64, entrant: u8 },
    Move { game: u64, entrant: u8 },
    Look { game: u64 },
    Release { creature: u64 },
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 1_u64..12, 1 => Just(0), 1 => Just(u64::MAX), 1 => any::<u64>()]
}

fn request() -> impl Strategy<Value = Request> {
    let key = 0_u8..3;
    let tournament = prop_oneof![Just("sunday_cup"), Just("duel"), Just("cup"), Just("derby"), Just("")];
    let opponents = prop_oneof![Just(None), Just(Some("adept")), Just(Some("novice")), Just(Some("nobody"))];
    let size = prop_oneof![Just(None), Just(Some(2_u8)), Just(Some(4)), any::<u8>().prop_map(Some)];
    prop_oneof![
        2 => (tournament, size, opponents, key.clone())
            .prop_map(|(tournament, size, opponents, key)| Request::Open { tournament, size, opponents, key }),
        1 => (number(), 0_u8..6, key.clone()).prop_map(|(creature, size, key)| Request::Start { creature, size, key }),
        6 => (number(), number(), key).prop_map(|(game, creature, key)| Request::Enter { game, creature, key }),
        3 => (number(), number()).prop_map(|(game, creature)| Request::Leave { game, creature }),
        1 => number().prop_map(|game| Request::CallOff { game }),
        1 => (number(), any::<u8>()).prop_map(|(game, entrant)| Request::Withdraw { game, entrant }),
        1 => (number(), 0_u8..3).prop_map(|(game, entrant)| Request::Move { game, entrant }),
        2 => number().prop_map(|game| Request::Look { game }),
        1 => number().prop_map(|creature| Request::Release { creature }),
    ]
}

/// Keys of requests: none, and two that come again and again.
fn key_text(key: u8) -> String {
    if key == 0 { String::new() } else { format!("key {key}") }
}

impl Request {
    fn make(&self, by: &Person) -> Result<(), ApiError> {
        let (api, login) = (&by.api, &by.login);
        match self.clone() {
            Self::Open { tournament, size, opponents, key } => {
                let (tournament, opponents) = (tournament.to_owned(), opponents.map(str::to_owned));
                let new = NewOpenGame { tournament, size, opponents, starts_in_s: 86_400, key: key_text(key) };
                api.open_game(login, &new).map(drop)
            }
            Self::Start { creature, size, key } => {
                let (tournament, opponents) = ("cup".to_owned(), Some("novice".to_owned()));
                let creatures = vec![CreatureId(creature)];
                api.start_game(login, &NewGame { tournament, creatures, size, opponents, key: key_text(key) }).map(drop)
            }
            Self::Enter { game, creature, key } => {
                api.enter_game(login, GameId(game), (CreatureId(creature), &key_text(key))).map(drop)
            }
            Self::Leave { game, creature } => api.leave_game(login, GameId(game), CreatureId(creature)).map(drop),
            Self::CallOff { game } => api.call_game_off(login, GameId(game)).map(drop),
            Self::Withdraw { game, entrant } => api.withdraw(login, GameId(game), entrant).map(drop),
            Self::Move { game, entrant } => match api.shown_game(login, GameId(game))? {
                ShownGame::Playing(view) if !view.battles.is_empty() => {
                    api.make_move(login, GameId(game), (entrant, &view.battles[0]), BattleMove::Attack).map(drop)
                }
                _ => Ok(()),
            },
            Self::Look { game } => {
                api.games(login, Some(GameId(game)))?;
                api.open_games(login, GameId(game))?;
                api.shown_game(login, GameId(game)).map(drop)
            }
            Self::Release { creature } => api.release_creature(login, CreatureId(creature)),
        }
    }
}

/// Whether what people are shown fits together.
fn check_well_formed(people: &[Person]) -> Result<(), TestCaseError> {
    let mut held: BTreeMap<CreatureId, GameId> = BTreeMap::new();
    for person in people {
        for creature in person.api.creatures(&person.login).expect("they are there") {
            held.extend(creature.game.map(|game| (creature.id, game)));
        }
        prop_assert!(person.api.stash(&person.login).expect("it is there").currency >= 0, "nobody owes anything");
    }
    let person = &people[0];
    for game in person.api.open_games(&person.login, GameId(0)).expect("they are there") {
        let game = person.api.game_entries(&person.login, game.id).expect("it is there");
        if game.state != "open" {
            continue;
        }
        prop_assert_eq!(game.entries.len(), usize::from(game.entered), "as many as have entered");
        prop_assert!(game.entered <= game.size, "no more than may");
        prop_assert_eq!(game.pot, game.entry_fee * i64::from(game.entered), "with their fees");
        for entry in &game.entries {
            prop_assert_eq!(held.get(&entry.creature), Some(&game.id), "each creature is where it entered");
        }
    }
    Ok(())
}

#[test]
fn whatever_strangers_ask_games_stay_well_formed_and_refusals_are_typed() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path(), &[]);
    let people = ["Ada", "Bob", "Eve"].map(|name| Person::new(&server, name));
    for person in &people {
        person.earn();
        for name in ["One", "Two", "Three"] {
            person.creature(name, "emberfox");
        }
    }
    let requests = proptest::collection::vec((0_usize..3, request()), 1..40);
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&requests, |requests| {
        for (who, request) in requests {
            if let Err(error) = request.make(&people[who]) {
                let status = error.status().unwrap_or_default();
                prop_assert!((400..500).contains(&status), "{:?} is answered with {}: {}", request, status, error);
                prop_assert!(!error.code().is_empty(), "{:?} has a code", request);
            }
        }
        check_well_formed(&people)
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let store = Store::open(data.path(), StarterKit::default()).expect("it is the database");
    let audit = store.audit().expect("it answers");
    assert!(audit.is_sound(), "{audit}");
}
