//! Rated battles begin once and change ratings once, wherever the server dies.

use hypogeum_creature_messages::{CreatureId, CreatureResult, CreatureStats, GameId};
use hypogeum_ladders::{LadderRating, LadderStore, RatedGame};
use hypogeum_leaderboards::{PageStart, ScoreStore, SeasonChoice};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    BoardKey, EntriesReply, EntriesRequest, GamesReply, GamesRequest, LadderTerms, RatedPlayer, RatedRefusal,
    RatedStart, RatingBoard, RunningGame, ScoreOperator, ScoreOrder,
};
use hypogeum_tournaments::CreatureStore;

use crate::creatures::creature;
use crate::games::{ask, people, running, start as start_game};
use crate::victims;
use crate::world::{Directory, wait};

fn duel(players: [(AccountId, CreatureId); 2], key: &str) -> RatedStart {
    let players = players.map(|(account, creature)| RatedPlayer { account, creature });
    RatedStart { ladder: "duels".to_owned(), tournament: "rated_duel".to_owned(), players, key: key.to_owned() }
}

fn begin(store: &Store, start: RatedStart) -> Result<RunningGame, Vec<(AccountId, RatedRefusal)>> {
    match ask(store, GamesRequest::StartRated(start)) {
        GamesReply::RatedStarted { game, .. } => Ok(*game),
        GamesReply::RatedRefused { refused, .. } => Err(refused),
        other => panic!("a battle was to begin: {other:?}"),
    }
}

fn board() -> BoardKey {
    BoardKey::new("ratings", ScoreOrder::Descending)
}

fn terms(season_s: i64) -> LadderTerms {
    let board = RatingBoard { board: board(), operator: ScoreOperator::Set, season_s };
    LadderTerms { ladder: "duels".to_owned(), season_s, pull_back_percent: 50, battles_min: 2, boards: vec![board] }
}

fn result((owner, creature): (AccountId, CreatureId), rank: u8) -> CreatureResult {
    CreatureResult {
        creature,
        owner,
        sharing: 1,
        rank,
        is_champion: rank == 1,
        stats: CreatureStats::default(),
        points: 0,
        won: u32::from(rank == 1),
        lost: u32::from(rank != 1),
        streak: 0,
        best_streak: 0,
    }
}

fn settle(store: &Store, game: GameId, [winner, loser]: [(AccountId, CreatureId); 2], season_s: i64) {
    let results = vec![result(winner, 1), result(loser, 2)];
    let ladders = vec![terms(season_s)];
    let request = GamesRequest::Settle { game, results, overview: b"it".to_vec(), scores: Vec::new(), ladders };
    assert_eq!(ask(store, request), GamesReply::Settled(game), "it is over");
}

fn rating(store: &Store, account: AccountId) -> Option<LadderRating> {
    wait(store.ladder_rating("duels", account)).unwrap()
}

fn a_rated_battle_holds_both_creatures_and_begins_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let game = begin(&store, duel([(ada, cinder), (bob, moss)], "k1")).expect("both are free");
    let held: Vec<_> = game.creatures.iter().map(|held| (held.account, held.id)).collect();
    assert_eq!(held, [(ada, cinder), (bob, moss)], "of two people");
    assert_eq!((game.tournament.as_str(), game.size), ("rated_duel", 2), "by the rules that were asked for");
    assert_eq!([cinder, moss].map(|id| creature(&store, id).game), [Some(game.id); 2], "it has both");
    assert_eq!(begin(&store, duel([(ada, cinder), (bob, moss)], "k1")), Ok(game.clone()), "the same again is the same");
    assert_eq!(running(&store, 0, 10), std::slice::from_ref(&game), "and not a second one");
    let expected = RatedGame { game: game.id, ladder: "duels".to_owned() };
    assert_eq!(wait(store.rated_game(bob)), Ok(Some(expected)), "each is known to be in it");
    let refused = begin(&store, duel([(ada, ash), (bob, moss)], "k2"));
    let both = vec![(ada, RatedRefusal::InRatedGame), (bob, RatedRefusal::InRatedGame)];
    assert_eq!(refused, Err(both), "one at a time");
    let listed =
        |account| -> Vec<GameId> { wait(store.games(account, None, 10)).unwrap().iter().map(|line| line.id).collect() };
    assert_eq!([ada, bob].map(listed), [vec![game.id], vec![game.id]], "it is among the games of both");
    let undo = GamesRequest::Entries(EntriesRequest::Undo { game: game.id });
    assert_eq!(ask(&store, undo), GamesReply::Entries(EntriesReply::Undone(game.id)), "where it cannot be played");
    assert_eq!([cinder, moss].map(|id| creature(&store, id).game), [None; 2], "both are free again");
    assert_eq!(wait(store.rated_game(bob)), Ok(None), "and nobody is in it");
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn who_is_not_free_is_told_and_nothing_begins(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    start_game(&store, ada, &[cinder]).unwrap();
    wait(store.release_creature(ada, spark)).unwrap();
    for taken in [cinder, spark, moss, CreatureId(999)] {
        let refused = begin(&store, duel([(ada, taken), (bob, moss)], "k1"));
        assert_eq!(refused, Err(vec![(ada, RatedRefusal::CreatureNotFree)]), "{taken}");
    }
    assert_eq!(creature(&store, moss).game, None, "the other is as free as before");
    assert_eq!(wait(store.rated_game(bob)), Ok(None), "and in no battle");
    assert!(begin(&store, duel([(bob, moss), (ada, ash)], "k1")).is_ok(), "with another it begins, by the same key");
}

fn ratings_change_once_and_boards_show_them(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let (hers, his) = ((ada, cinder), (bob, moss));
    let game = begin(&store, duel([hers, his], "k1")).unwrap();
    assert_eq!(rating(&store, ada), None, "a newcomer");
    settle(&store, game.id, [hers, his], 1_000);
    let first = [ada, bob].map(|account| rating(&store, account).unwrap());
    assert!(first[0].skill.shown() > 1_500 && first[1].skill.shown() < 1_500, "one climbs, one falls: {first:?}");
    assert!(first.iter().all(|rating| (rating.battles, rating.battles_ever, rating.season_s) == (1, 1, 1_000)));
    settle(&store, game.id, [his, hers], 1_000);
    assert_eq!([ada, bob].map(|account| rating(&store, account).unwrap()), first, "asked again nothing changes");
    let shown = || {
        let page = wait(store.board_page(&board(), SeasonChoice::Current(0), PageStart::Rank(1), 9)).unwrap().unwrap();
        page.entries.into_iter().map(|entry| (entry.account, entry.score)).collect::<Vec<_>>()
    };
    assert_eq!(shown(), [], "one battle is too few to be shown");
    assert_eq!(wait(store.rated_game(ada)), Ok(None), "both are free for the next");

    let game = begin(&store, duel([hers, his], "k2")).unwrap();
    settle(&store, game.id, [hers, his], 1_000);
    let second = rating(&store, ada).unwrap();
    let page = wait(store.board_page(&board(), SeasonChoice::Began(1_000), PageStart::Rank(1), 9)).unwrap().unwrap();
    let scores: Vec<_> = page.entries.iter().map(|entry| (entry.account, entry.score)).collect();
    let his_rating = rating(&store, bob).unwrap().skill.shown();
    assert_eq!(scores, [(ada, second.skill.shown().into()), (bob, his_rating.into())], "two are enough");

    let game = begin(&store, duel([hers, his], "k3")).unwrap();
    settle(&store, game.id, [hers, his], 2_000);
    let third = rating(&store, ada).unwrap();
    assert_eq!(
        (third.battles, third.battles_ever, third.season_s),
        (1, 3, 2_000),
        "a new season counts from the first"
    );
    assert!(third.skill.deviation_micros > second.skill.deviation_micros, "and is pulled back: {second:?}, {third:?}");
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn a_game_that_is_not_rated_changes_no_rating(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ash, _], _) = people(&store);
    let game = start_game(&store, ada, &[cinder, ash]).unwrap();
    settle(&store, game.id, [(ada, cinder), (ada, ash)], 1_000);
    assert_eq!(rating(&store, ada), None, "whatever its tournament is");
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    if let Some(store) = victims::store() {
        let _ = begin(&store, duel([(AccountId(1), CreatureId(1)), (AccountId(2), CreatureId(4))], "k1"));
        unreachable!("it dies at its point");
    }
}

fn dying_before_or_after_the_commit_begins_a_battle_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    assert_eq!([(ada.0, cinder.0), (bob.0, moss.0)], [(1, 1), (2, 4)], "as the victim has it");
    drop(store);
    for (point, done) in [("before_rated_commit", false), ("after_rated_commit", true)] {
        victims::dies_at(point, "ladders", "", directory);
        let store = directory.open();
        assert_eq!(running(&store, 0, 10).len(), usize::from(done), "{point}: all of it, or nothing");
        assert_eq!(creature(&store, moss).game.is_some(), done, "{point}: and so its creatures");
        if done {
            let again = begin(&store, duel([(ada, cinder), (bob, moss)], "k1")).expect("it is the same");
            assert_eq!(running(&store, 0, 10), [again], "{point}: asked again it is the one that there is");
        }
    }
}

on_both![
    a_rated_battle_holds_both_creatures_and_begins_once,
    who_is_not_free_is_told_and_nothing_begins,
    ratings_change_once_and_boards_show_them,
    a_game_that_is_not_rated_changes_no_rating,
    dying_before_or_after_the_commit_begins_a_battle_once,
];
