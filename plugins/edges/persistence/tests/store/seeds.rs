//! Seeds by the ratings of a ladder, as they are when the game starts.

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::{EntriesReply, EntriesRequest, EntryTerms, LadderSeason, Seeding, StartOutcome};
use hypogeum_tournaments::EntryStore;

use crate::creatures::create;
use crate::entries::{STARTS_S, entries, open_game, powers_of_two, runs, terms};
use crate::games::{people, running};
use crate::world::{Directory, register, wait};

fn by_rating() -> EntryTerms {
    EntryTerms { seeding: Seeding::Rating { ladder: "duels".to_owned() }, entry_fee: 0, ..terms() }
}

fn season(pull_back_percent: u32) -> LadderSeason {
    LadderSeason { ladder: "duels".to_owned(), season_s: 1_000, pull_back_percent }
}

fn start(game: GameId, ladders: &[LadderSeason]) -> EntriesRequest {
    EntriesRequest::Start { game, now_s: STARTS_S, sizes: powers_of_two(), draw: [7; 16], ladders: ladders.into() }
}

/// Notes what an account was rated after its last battle, which was in that season.
fn rate(directory: &Directory, (ladder, account): (&str, AccountId), (mean_micros, season_s): (i64, i64)) {
    let account = account.0;
    directory.sql(&format!(
        "INSERT INTO ladder_ratings (ladder, account, season_s, mean_micros, deviation_micros, battles, battles_ever)
         VALUES ('{ladder}', {account}, {season_s}, {mean_micros}, 2000000, 5, 9)"
    ));
}

/// The order of seeds of a game that these enter, which is undone then.
fn seeds(store: &Store, entered: &[(AccountId, CreatureId)], ladders: &[LadderSeason]) -> Vec<CreatureId> {
    let game = open_game(store, entered[0].0, by_rating()).id;
    for by in entered {
        wait(store.enter_game(game, *by, "")).unwrap();
    }
    let EntriesReply::Started { outcome, .. } = entries(store, start(game, ladders)) else {
        panic!("a start was asked for")
    };
    let seeded = runs(outcome).creatures.iter().map(|creature| creature.id).collect();
    assert_eq!(entries(store, EntriesRequest::Undo { game }), EntriesReply::Undone(game), "all are free again");
    seeded
}

fn the_best_rated_is_the_best_seed(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let (cleo, dora) = (register(&store, "Cleo").unwrap(), register(&store, "Dora").unwrap());
    let (fern, reed) = (create(&store, cleo, "Fern").unwrap().id, create(&store, dora, "Reed").unwrap().id);
    rate(directory, ("duels", ada), (21_000_000, 1_000));
    rate(directory, ("duels", bob), (35_000_000, 500));
    rate(directory, ("duels", cleo), (29_000_000, 1_000));
    rate(directory, ("others", dora), (99_000_000, 1_000));
    let entered = [(ada, cinder), (dora, reed), (bob, moss), (cleo, fern), (ada, ash)];
    let by = |ladders: &[LadderSeason]| seeds(&store, &entered, ladders);
    assert_eq!(
        by(&[season(50)]),
        [moss, fern, reed, cinder, ash],
        "1,800, 1,740, a newcomer's 1,500, and 1,260 twice, in the order of entry"
    );
    assert_eq!(
        by(&[season(90)]),
        [fern, moss, reed, cinder, ash],
        "a rating of before is pulled back as far as it says"
    );
    assert_eq!(by(&[season(100)]), [fern, reed, moss, cinder, ash], "to a newcomer's, and then who came first");
    let other = LadderSeason { ladder: "others".to_owned(), ..season(50) };
    assert_eq!(by(&[other.clone(), season(50)])[0], moss, "another ladder says nothing");
    assert_eq!(by(&[other]), [cinder, reed, moss, fern, ash], "where the ladder is gone, all are equals");
}

fn the_order_and_why_are_kept_with_the_game(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let game = open_game(&store, ada, by_rating());
    assert_eq!(game.terms, by_rating(), "it is opened as it was asked");
    for by in [(ada, cinder), (bob, moss)] {
        wait(store.enter_game(game.id, by, "")).unwrap();
    }
    rate(directory, ("duels", bob), (26_000_000, 1_000));
    let EntriesReply::Started { outcome, .. } = entries(&store, start(game.id, &[season(50)])) else {
        panic!("a start was asked for")
    };
    let begun = runs(outcome);
    assert_eq!(begun.creatures.iter().map(|creature| creature.id).collect::<Vec<_>>(), [moss, cinder], "by rating");
    directory.sql("DELETE FROM ladder_ratings");
    drop(store);
    let store = directory.open();
    assert_eq!(
        running(&store, 0, 10),
        std::slice::from_ref(&begun),
        "it goes on as it began, whatever becomes of ratings"
    );
    let kept = wait(store.entered_game(game.id)).unwrap().unwrap().terms;
    assert_eq!(kept.seeding, by_rating().seeding, "and is known to be seeded so");
    let EntriesReply::Started { outcome, .. } = entries(&store, start(game.id, &[])) else {
        panic!("a start was asked for")
    };
    assert_eq!(outcome, StartOutcome::Runs(Box::new(begun)), "asked again, it is not seeded again");
}

on_both![the_best_rated_is_the_best_seed, the_order_and_why_are_kept_with_the_game];
