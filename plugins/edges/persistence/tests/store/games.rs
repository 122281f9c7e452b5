//! Games that hold creatures: started once by their keys, dropped, looked up.

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::{GamesReply, GamesRequest, RunningCreature, RunningGame, StoreReply, StoreRequest};
use hypogeum_tournaments::{
    CreatureError, CreatureRecord, CreatureStore, EntryStage, GAMES_PER_PAGE_MAX, GAMES_RUNNING_MAX, GameLine,
    GameRecord, GameState, NewGame,
};
use tokio::task::JoinSet;

use crate::creatures::{MADE_OF, called, create, creature};
use crate::world::{Directory, register, wait};

/// Two accounts, the first with three creatures, the second with one.
pub(crate) fn people(store: &Store) -> ([AccountId; 2], [CreatureId; 3], CreatureId) {
    let (ada, bob) = (register(store, "Ada").unwrap(), register(store, "Bob").unwrap());
    let hers = ["Cinder", "Ash", "Spark"].map(|name| create(store, ada, name).unwrap().id);
    ([ada, bob], hers, create(store, bob, "Moss").unwrap().id)
}

pub(crate) fn new_game(account: AccountId, creatures: &[CreatureId], key: &str) -> NewGame {
    NewGame {
        account,
        tournament: "cup".to_owned(),
        creatures: creatures.to_vec(),
        size: 8,
        fill: Some("novice".to_owned()),
        request_key: key.to_owned(),
    }
}

pub(crate) fn start(store: &Store, account: AccountId, creatures: &[CreatureId]) -> Result<GameRecord, CreatureError> {
    wait(store.start_game(new_game(account, creatures, ""))).map(|(game, _, _)| game)
}

pub(crate) fn ask(store: &Store, request: GamesRequest) -> GamesReply {
    match store.answer(StoreRequest::Games(request)) {
        StoreReply::Games(reply) => reply,
        other => panic!("games are answered by games: {other:?}"),
    }
}

pub(crate) fn running(store: &Store, after: u64, count: usize) -> Vec<RunningGame> {
    match ask(store, GamesRequest::Running { after: GameId(after), count }) {
        GamesReply::Running(games) => games,
        other => panic!("those that run were asked for: {other:?}"),
    }
}

fn a_game_holds_its_creatures(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, spark], moss) = people(&store);
    let (game, creatures, is_new) = wait(store.start_game(new_game(ada, &[ash, cinder], ""))).unwrap();
    assert!(is_new, "it was never asked for before");
    assert_eq!((game.account, game.tournament.as_str(), game.size), (ada, "cup", 8), "as asked");
    assert_eq!(game.state, GameState::Running { creatures: vec![ash, cinder] }, "the best seed first");
    assert_eq!(creatures, [ash, cinder].map(|id| creature(&store, id)), "with its creatures as they are");
    assert!(creatures.iter().all(|creature| creature.game == Some(game.id)), "which it holds");
    assert_eq!(wait(store.game(game.id)), Ok(Some(game.clone())), "it is found");
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "{audit}");

    let held = CreatureError::InGame { creature: cinder, game: game.id };
    assert_eq!(start(&store, ada, &[spark, cinder]), Err(held), "it is in one game at a time");
    assert_eq!(wait(store.release_creature(ada, cinder)), Err(held), "it is not released");
    assert_eq!(wait(store.grow_creature(ada, cinder, MADE_OF, MADE_OF, "")), Err(held), "nor fed");
    wait(store.rename_creature(ada, cinder, &called("Old Cinder"))).unwrap();
    assert_eq!(creature(&store, spark).game, None, "a game that was refused holds nothing");
    assert_eq!(start(&store, ada, &[spark, spark]), Err(CreatureError::Twice(spark)), "nobody meets itself");
    assert_eq!(start(&store, ada, &[spark, moss]), Err(CreatureError::NotYours(moss)), "nobody takes Bob's");
    let nobody = CreatureId(99);
    assert_eq!(start(&store, ada, &[spark, nobody]), Err(CreatureError::NoSuchCreature(nobody)), "nor nobody's");
    assert_eq!(start(&store, AccountId(99), &[]), Err(CreatureError::NoSuchAccount), "and nobody plays");
    assert_eq!(creature(&store, spark).game, None, "refused, nothing is held");
    wait(store.release_creature(ada, spark)).unwrap();
    assert_eq!(start(&store, ada, &[spark]), Err(CreatureError::NoSuchCreature(spark)), "who is released is gone");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM games"), 1, "and there is one game");
}

fn the_same_request_is_the_same_game(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    let (game, creatures, _) = wait(store.start_game(new_game(ada, &[cinder, ash], "key-1"))).unwrap();
    let again = wait(store.start_game(new_game(ada, &[cinder, ash], "key-1"))).unwrap();
    assert_eq!(again, (game.clone(), creatures, false), "again it is the same, and not new");
    let other = wait(store.start_game(new_game(ada, &[spark], "key-1"))).unwrap();
    assert_eq!((other.0.id, other.2), (game.id, false), "by its key alone");
    let bobs = wait(store.start_game(new_game(bob, &[moss], "key-1"))).unwrap();
    assert!(bobs.2 && bobs.0.id != game.id, "a key is its account's own");
    drop(store);
    let store = directory.open();
    assert!(!wait(store.start_game(new_game(ada, &[cinder], "key-1"))).unwrap().2, "it is known for good");
    wait(store.drop_game(bobs.0.id)).unwrap();
    assert!(wait(store.start_game(new_game(bob, &[moss], "key-1"))).unwrap().2, "but where its game was dropped");
}

fn of_two_games_that_want_one_creature_one_gets_it(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, spark], _) = people(&store);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let both = |keys: [&'static str; 2]| {
        runtime.block_on(async {
            let mut asking = JoinSet::new();
            for (number, key) in keys.into_iter().cycle().take(8).enumerate() {
                let (store, own) = (store.clone(), if number % 2 == 0 { ash } else { spark });
                asking.spawn(async move { store.start_game(new_game(ada, &[own, cinder], key)).await });
            }
            asking.join_all().await
        })
    };
    let outcomes = both(["", ""]);
    let started: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(started.len(), 1, "one of them has it: {outcomes:?}");
    let (game, held, _) = started[0];
    for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(refused, CreatureError::InGame { game: by, .. } if *by == game.id), "{refused:?}");
    }
    assert_eq!(held.iter().map(|creature| creature.id).next_back(), Some(cinder), "and its companion");
    wait(store.drop_game(game.id)).unwrap();
    let outcomes = both(["same", "same"]);
    let new = outcomes.iter().flatten().filter(|(_, _, is_new)| *is_new).count();
    assert_eq!((outcomes.iter().flatten().count(), new), (8, 1), "of one request, all get the one game");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM games"), 1, "there is no other");
    assert!(store.audit().unwrap().is_sound(), "and the books are right");
}

fn a_game_that_is_dropped_never_was(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, _], _) = people(&store);
    let before = [cinder, ash].map(|id| creature(&store, id));
    let game = start(&store, ada, &[cinder, ash]).unwrap();
    assert_eq!(wait(store.drop_game(game.id)), Ok(()), "it could not be played");
    assert_eq!([cinder, ash].map(|id| creature(&store, id)), before, "its creatures are free, and as they were");
    assert_eq!(wait(store.game(game.id)), Ok(None), "it is gone");
    assert_eq!(wait(store.drop_game(game.id)), Ok(()), "again, nothing changes");
    assert_eq!(wait(store.drop_game(GameId(u64::MAX))), Ok(()), "nor of one that never was");
    let next = start(&store, ada, &[cinder]).unwrap();
    assert!(next.id > game.id, "no other has its number");
    wait(store.drop_game(game.id)).unwrap();
    assert_eq!(creature(&store, cinder).game, Some(next.id), "and to drop it drops no other");
}

fn games_that_run_are_found_with_their_creatures_as_they_began(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    assert_eq!(running(&store, 0, 10), [], "none runs");
    let hers = start(&store, ada, &[spark, cinder]).unwrap();
    let his = wait(store.start_game(NewGame { fill: None, ..new_game(bob, &[moss], "") })).unwrap().0;
    let alone = start(&store, ada, &[]).unwrap();
    wait(store.rename_creature(ada, cinder, &called("Later"))).unwrap();
    let as_it_was = |id: CreatureId, account_name: &str, name: &str| {
        let CreatureRecord { account, kind, stats, points, .. } = creature(&store, id);
        let (account_name, name) = (account_name.to_owned(), name.to_owned());
        RunningCreature { id, account, account_name, name, kind, stats, points }
    };
    let all = running(&store, 0, 10);
    assert_eq!(all.iter().map(|game| game.id).collect::<Vec<_>>(), [hers.id, his.id, alone.id], "by number");
    assert_eq!(all[0].creatures, [as_it_was(spark, "Ada", "Spark"), as_it_was(cinder, "Ada", "Cinder")], "by seed");
    assert_eq!((all[0].account, all[0].size, all[0].fill.as_deref()), (ada, 8, Some("novice")), "as it was asked");
    assert_eq!((all[1].fill.as_deref(), all[1].tournament.as_str()), (None, "cup"), "without machines where none are");
    assert_eq!(all[1].creatures, [as_it_was(moss, "Bob", "Moss")], "each its own");
    assert_eq!(all[2].creatures, [], "or none");
    assert_eq!(running(&store, 0, 1), all[..1], "a page");
    assert_eq!(running(&store, hers.id.0, 1), all[1..2], "and the next");
    assert_eq!(running(&store, u64::MAX, 10), [], "and none behind the last");
    assert_eq!(creature(&store, ash).game, None, "who is in none is free");
}

fn an_account_plays_so_many_games_at_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let games: Vec<GameRecord> = (0..GAMES_RUNNING_MAX).map(|_| start(&store, ada, &[]).unwrap()).collect();
    assert_eq!(start(&store, ada, &[cinder]), Err(CreatureError::TooManyGames), "one too many");
    assert!(start(&store, bob, &[moss]).is_ok(), "others have games of their own");
    wait(store.drop_game(games[3].id)).unwrap();
    assert!(start(&store, ada, &[cinder]).is_ok(), "where one goes, another may come");
}

fn games_of_an_account_are_read_in_pages(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], _, moss) = people(&store);
    let bobs = start(&store, bob, &[moss]).unwrap();
    let mut games = Vec::new();
    for number in 0..GAMES_PER_PAGE_MAX + 7 {
        let game = start(&store, ada, &[]).unwrap();
        let overview = vec![number as u8; number % 3];
        ask(
            &store,
            GamesRequest::Settle {
                game: game.id,
                results: Vec::new(),
                overview,
                scores: Vec::new(),
                ladders: Vec::new(),
            },
        );
        games.push(game.id);
    }
    games.reverse();
    let page = |before, count| {
        let found = wait(store.games(ada, before, count)).unwrap();
        found.into_iter().map(|game| game.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 3), games[..3], "the newest first");
    assert_eq!(page(Some(games[2]), 3), games[3..6], "those before it");
    assert_eq!(page(None, usize::MAX), games[..GAMES_PER_PAGE_MAX], "so many and no more");
    assert_eq!(page(Some(GameId(u64::MAX)), 2), games[..2], "before the end of all numbers are all");
    assert_eq!(page(games.last().copied(), 5), [], "before the first is none");
    assert_eq!(page(None, 0), [], "none, where none is asked for");
    let line = GameLine {
        id: bobs.id,
        tournament: "cup".to_owned(),
        size: 8,
        stage: EntryStage::Running,
        created_s: bobs.created_s,
        ended_s: None,
    };
    assert_eq!(wait(store.games(bob, None, 5)), Ok(vec![line]), "Bob's are not among them");
    let newest = wait(store.games(ada, None, 1)).unwrap().remove(0);
    assert_eq!((newest.stage, newest.ended_s.is_some()), (EntryStage::Over, true), "and hers are over");
    let oldest = wait(store.game(games[games.len() - 1])).unwrap().unwrap();
    assert!(
        matches!(oldest.state, GameState::Over { overview, .. } if overview.is_empty()),
        "over, with nothing to say"
    );
}

on_both![
    a_game_holds_its_creatures,
    the_same_request_is_the_same_game,
    of_two_games_that_want_one_creature_one_gets_it,
    a_game_that_is_dropped_never_was,
    games_that_run_are_found_with_their_creatures_as_they_began,
    an_account_plays_so_many_games_at_once,
    games_of_an_account_are_read_in_pages,
];
