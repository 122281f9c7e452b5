//! What a game makes of its creatures is written once, and whole, wherever the server dies.

use hypogeum_creature_messages::{CreatureId, CreatureResult, CreatureStats, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_store::{GamesReply, GamesRequest, StoreFailure, StoreReply, StoreRequest};
use hypogeum_tournaments::{CreatureRecord, CreatureStore, GameState};

use crate::creatures::{called, create, creature};
use crate::games::{ask, people, running, start};
use crate::victims;
use crate::world::{Directory, wait};

fn champion(creature: CreatureId, owner: AccountId) -> CreatureResult {
    CreatureResult {
        creature,
        owner,
        rank: 1,
        sharing: 1,
        is_champion: true,
        stats: CreatureStats::of_values([20, 14, 9, 13, 16]),
        points: 2,
        won: 3,
        lost: 0,
        streak: 3,
        best_streak: 3,
    }
}

fn beaten(creature: CreatureId, owner: AccountId) -> CreatureResult {
    let fame = CreatureResult {
        rank: 2,
        is_champion: false,
        won: 2,
        lost: 1,
        streak: 0,
        best_streak: 2,
        ..champion(creature, owner)
    };
    CreatureResult { stats: CreatureStats::of_values([1, 2, 3, 4, 5]), points: 0, ..fame }
}

fn settle(game: GameId, results: &[CreatureResult]) -> GamesRequest {
    GamesRequest::Settle {
        game,
        results: results.to_vec(),
        overview: b"how it stood".to_vec(),
        scores: Vec::new(),
        ladders: Vec::new(),
    }
}

fn a_game_is_settled_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, spark], _) = people(&store);
    let before = [cinder, ash, spark].map(|id| creature(&store, id));
    let game = start(&store, ada, &[cinder, ash, spark]).unwrap();
    wait(store.rename_creature(ada, ash, &called("Embers"))).unwrap();
    let order = settle(game.id, &[beaten(ash, ada), champion(cinder, ada)]);
    assert_eq!(ask(&store, order.clone()), GamesReply::Settled(game.id), "it is over");
    let [first, second, third] = [cinder, ash, spark].map(|id| creature(&store, id));
    let (won, lost) = (champion(cinder, ada), beaten(ash, ada));
    let expected = CreatureRecord {
        stats: won.stats,
        points: 2,
        won: 3,
        streak: 3,
        best_streak: 3,
        titles: 1,
        ..before[0].clone()
    };
    assert_eq!(first, expected, "the champion has grown, and has a title");
    let expected =
        CreatureRecord { stats: lost.stats, points: 0, won: 2, lost: 1, best_streak: 2, ..before[1].clone() };
    assert_eq!(
        second,
        CreatureRecord { name: "Embers".to_owned(), ..expected },
        "the other has lost, and its new name"
    );
    assert_eq!(third, before[2], "of whom nothing is said is as it was, and free");
    let over = wait(store.game(game.id)).unwrap().unwrap();
    let GameState::Over { overview, ended_s } = &over.state else { panic!("it goes on: {over:?}") };
    assert_eq!(overview, b"how it stood", "it is kept as it stood");
    assert!(*ended_s >= over.created_s, "with its time");
    assert_eq!(running(&store, 0, 10), [], "and runs no more");

    assert_eq!(ask(&store, order), GamesReply::Settled(game.id), "asked again, the same answer");
    let other = GamesRequest::Settle {
        game: game.id,
        results: vec![champion(ash, ada)],
        overview: Vec::new(),
        scores: Vec::new(),
        ladders: Vec::new(),
    };
    assert_eq!(ask(&store, other), GamesReply::Settled(game.id), "whatever it says then");
    assert_eq!(wait(store.drop_game(game.id)), Ok(()), "it is not dropped, either");
    assert_eq!([cinder, ash, spark].map(|id| creature(&store, id)), [first, second, third], "nothing has changed");
    assert_eq!(wait(store.game(game.id)), Ok(Some(over)), "nor how it stood");
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "{audit}");
}

fn a_streak_goes_on_from_game_to_game(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, _], _) = people(&store);
    for _ in 0..2 {
        let game = start(&store, ada, &[cinder, ash]).unwrap();
        ask(&store, settle(game.id, &[champion(cinder, ada), beaten(ash, ada)]));
    }
    let first = creature(&store, cinder);
    assert_eq!((first.won, first.streak, first.best_streak, first.titles), (6, 6, 6, 2), "3 and 3 won, none lost");
    let game = start(&store, ada, &[cinder, ash]).unwrap();
    ask(&store, settle(game.id, &[beaten(cinder, ada), champion(ash, ada)]));
    let first = creature(&store, cinder);
    assert_eq!((first.won, first.lost, first.streak, first.best_streak), (8, 1, 0, 8), "2 more before it lost");
    let second = creature(&store, ash);
    assert_eq!((second.won, second.lost, second.streak, second.best_streak), (7, 2, 3, 3), "it has begun again");
}

fn results_of_others_change_nobody(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    let (hers, his) = (start(&store, ada, &[cinder]).unwrap(), start(&store, bob, &[moss]).unwrap());
    wait(store.release_creature(ada, spark)).unwrap();
    let before = [ash, moss].map(|id| creature(&store, id));
    let strangers = [moss, ash, spark, CreatureId(0), CreatureId(999), CreatureId(u64::MAX)];
    let results: Vec<CreatureResult> =
        strangers.into_iter().chain([cinder, cinder]).map(|id| champion(id, ada)).collect();
    assert_eq!(ask(&store, settle(hers.id, &results)), GamesReply::Settled(hers.id), "they are passed over");
    assert_eq!([ash, moss].map(|id| creature(&store, id)), before, "who was in no game, or in another");
    assert_eq!(creature(&store, moss).game, Some(his.id), "still is");
    assert_eq!(creature(&store, cinder).titles, 1, "who was named twice is a champion once");
    assert_eq!(wait(store.creature(spark)), Ok(None), "and who was released stays gone");
}

fn a_game_that_nobody_knows_is_not_settled(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ..], _) = people(&store);
    let game = start(&store, ada, &[cinder]).unwrap();
    wait(store.drop_game(game.id)).unwrap();
    for unknown in [game.id, GameId(0), GameId(77), GameId(u64::MAX)] {
        let request = StoreRequest::Games(settle(unknown, &[champion(cinder, ada)]));
        match store.answer(request.clone()) {
            StoreReply::Failed { request: asked, failure } => {
                assert_eq!(failure, StoreFailure::UnknownGame(unknown), "it is said which");
                assert!(!failure.is_passing() && *asked == request, "and asking again is of no use");
            }
            other => panic!("game {unknown} is settled: {other:?}"),
        }
    }
    assert_eq!(creature(&store, cinder).titles, 0, "and nobody is champion");
}

fn a_game_that_cannot_be_kept_goes_on(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ..], _) = people(&store);
    let game = start(&store, ada, &[cinder]).unwrap();
    let order = settle(game.id, &[champion(cinder, ada)]);
    directory.break_change("UPDATE", "games");
    let reply = store.answer(StoreRequest::Games(order.clone()));
    assert!(
        matches!(&reply, StoreReply::Failed { failure, .. } if failure.is_passing()),
        "it may be mended: {reply:?}"
    );
    directory.mend("games");
    assert_eq!(creature(&store, cinder).titles, 0, "nothing is done by halves");
    assert_eq!(creature(&store, cinder).game, Some(game.id), "and it holds on");
    assert_eq!(ask(&store, order), GamesReply::Settled(game.id), "asked again, it is done");
    assert_eq!(creature(&store, cinder).titles, 1, "once");
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    if let Some(store) = victims::store() {
        let games = running(&store, 0, 1);
        let held = &games[0].creatures[0];
        ask(&store, settle(games[0].id, &[champion(held.id, held.account)]));
        unreachable!("it dies at its point");
    }
}

fn dying_before_or_after_the_commit_settles_a_game_once(directory: &Directory) {
    for (point, done) in [("before_game_commit", false), ("after_game_commit", true)] {
        let store = directory.open();
        let ada = hypogeum_accounts::AccountName::parse("Ada").unwrap();
        let ada = wait(hypogeum_accounts::AccountStore::guest(&store, &ada)).unwrap().id;
        let cinder = create(&store, ada, "Cinder").unwrap().id;
        let game = start(&store, ada, &[cinder]).unwrap();
        drop(store);
        victims::dies_at(point, "games_ended", "", directory);
        let store = directory.open();
        assert_eq!(creature(&store, cinder).titles, u32::from(done), "{point}: all of it, or nothing");
        assert_eq!(running(&store, 0, 10).is_empty(), done, "{point}: and so the game");
        assert!(store.audit().unwrap().is_sound(), "{point}: the books are right");
        let order = settle(game.id, &[champion(cinder, ada)]);
        assert_eq!(ask(&store, order), GamesReply::Settled(game.id), "{point}: asked again it is done");
        assert_eq!(creature(&store, cinder).titles, 1, "{point}: once");
    }
}

fn creatures_and_games_that_do_not_fit_are_found(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, spark], _) = people(&store);
    let game = start(&store, ada, &[cinder, ash]).unwrap();
    assert!(store.audit().unwrap().is_sound(), "nothing is wrong yet");
    directory.sql(&format!("UPDATE creatures SET game = NULL WHERE id = {cinder}"));
    directory.sql(&format!("UPDATE creatures SET game = {} WHERE id = {spark}", game.id));
    let audit = store.audit().unwrap();
    assert!(!audit.is_sound(), "something is wrong: {audit}");
    assert_eq!(audit.not_held, [(cinder, game.id)], "which of its creatures could be in another");
    assert_eq!(audit.held_by_none, [(spark, game.id)], "which can be in no other, for nothing");
    directory.sql("DELETE FROM game_creatures");
    let audit = store.audit().unwrap();
    assert_eq!(audit.held_by_none, [(ash, game.id), (spark, game.id)], "a game that is over holds nobody");
    assert!(audit.to_string().contains("\ncreatures held by games that do not have them: creature "), "{audit}");
}

on_both![
    a_game_is_settled_once,
    a_streak_goes_on_from_game_to_game,
    results_of_others_change_nobody,
    a_game_that_nobody_knows_is_not_settled,
    a_game_that_cannot_be_kept_goes_on,
    dying_before_or_after_the_commit_settles_a_game_once,
    creatures_and_games_that_do_not_fit_are_found,
];
