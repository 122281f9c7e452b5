//! A tournament of two people and machines, on servers that die where coins and creatures change hands.

use hypogeum_client::{NewOpenGame, OpenGame, ShownGame};
use hypogeum_creature_messages::{CreatureId, TournamentView};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_testkit::postgres::TestPostgres;
use hypogeum_tournaments::prize;

use crate::scene::{ADA, BOB, Scene};

/// What it costs to enter the tournament of these tests.
const FEE: i64 = 50;

fn number_of(view: &TournamentView, creature: CreatureId) -> u8 {
    view.entrants.iter().find(|one| one.creature == creature).expect("it takes part").number
}

/// What an entry has won, by how its game has ended.
fn expected_prize(game: &OpenGame, view: &TournamentView, creature: CreatureId) -> i64 {
    let percent = &game.prizes_percent;
    let rank = view.entrants.iter().find(|one| one.creature == creature).expect("it took part").rank;
    let sharing = view.entrants.iter().filter(|one| one.rank == rank).count();
    prize(game.pot, percent, (rank, u8::try_from(sharing).expect("at most 64")))
}

/// A tournament of eight, of two people and machines, on a server that dies once at `point`.
fn a_tournament_of_eight(postgres: &TestPostgres, point: &str) {
    let mut scene = Scene::new(postgres, point);
    let before = [ADA, BOB].map(|who| scene.currency(who));
    let [cinder, moss] = [(ADA, "Cinder", "mirebeast"), (BOB, "Moss", "emberfox")]
        .map(|(who, name, kind)| scene.people[who].creature(name, kind));
    let new = NewOpenGame {
        tournament: "sunday_cup".to_owned(),
        size: Some(8),
        opponents: Some("adept".to_owned()),
        starts_in_s: 86_400,
        key: "the cup".to_owned(),
    };
    let opened = scene.ask(ADA, |api, login| api.open_game(login, &new)).expect("it can be played");
    let id = opened.id;
    assert_eq!((opened.entry_fee, opened.pot, opened.state.as_str()), (FEE, 0, "open"), "without a purse of the house");
    for (who, creature) in [(ADA, cinder.id), (BOB, moss.id)] {
        let entered = scene.ask(who, |api, login| api.enter_game(login, id, (creature, "in"))).expect("there is room");
        assert!(entered.entries.iter().any(|entry| entry.creature == creature), "it has entered: {entered:?}");
    }
    for who in [ADA, BOB] {
        assert_eq!(scene.currency(who), before[who] - FEE, "{point}: each has paid once");
    }
    let early = scene.ask(ADA, |api, login| api.withdraw(login, id, 0)).expect_err("nothing is played yet");
    assert_eq!((early.status(), early.code()), (Some(409), "game_open"));

    // Its time comes.
    let database = scene.url.rsplit('/').next().expect("a name").to_owned();
    postgres.run(&database, &["UPDATE game_terms SET starts_s = 0"]);
    let view = scene.until("the start", |scene| match scene.ask(ADA, |api, login| api.shown_game(login, id)) {
        Ok(ShownGame::Playing(view)) => Some(*view),
        Ok(ShownGame::Entering(_)) => None,
        Err(error) => panic!("it is shown at any time: {error}"),
    });
    assert_eq!(view.entrants.len(), 8, "{point}: machines fill it");
    let (own, other) = (number_of(&view, cinder.id), number_of(&view, moss.id));
    let late = scene.ask(BOB, |api, login| api.leave_game(login, id, moss.id)).expect_err("it has started");
    assert_eq!((late.status(), late.code()), (Some(409), "game_started"));

    // Bob leaves in the middle of it.
    for _ in 0..2 {
        scene.serve(ADA, id, own);
        scene.serve(BOB, id, other);
    }
    if let Err(error) = scene.ask(BOB, |api, login| api.withdraw(login, id, other)) {
        assert_eq!(error.code(), "gone", "asked again, or beaten already: {error}");
    }
    let view = scene.until("the end", |scene| {
        scene.serve(ADA, id, own);
        let view = scene.view(id);
        view.is_over.then_some(view)
    });
    for (who, creature) in [(ADA, &cinder), (BOB, &moss)] {
        scene.until("the settlement", |scene| {
            let now = scene.ask(who, |api, login| api.creature(login, creature.id)).expect("it is there");
            now.game.is_none().then_some(())
        });
    }
    let over = scene.ask(BOB, |api, login| api.game_entries(login, id)).expect("it is kept");
    assert_eq!((over.state.as_str(), over.pot, over.draw.len()), ("over", 2 * FEE, 32), "{over:?}");
    for (who, creature) in [(ADA, cinder.id), (BOB, moss.id)] {
        let won = expected_prize(&over, &view, creature);
        let entry = over.entries.iter().find(|entry| entry.creature == creature).expect("it has entered");
        assert_eq!(entry.prize, Some(won), "{point}: what its rank is worth");
        assert_eq!(scene.currency(who), before[who] - FEE + won, "{point}: once");
    }
    assert_eq!(scene.deaths, 1, "{point}: the server has died on the way");
    let Scene { server, data, url, .. } = scene;
    let ended = server.expect("there is one").terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let store = Store::connect(data.path(), &url, StarterKit::default()).expect("it is the database");
    let audit = store.audit().expect("it answers");
    assert!(audit.is_sound(), "{point}: {audit}");
}

/// A server of its own for each point, over one database server.
macro_rules! crash_points {
    ($($situation:ident: $point:literal),* $(,)?) => {
        mod a_tournament_whose_server_dies {
            $(#[test]
            fn $situation() {
                super::a_tournament_of_eight(hypogeum_testkit::postgres::TestPostgres::shared(), $point);
            })*
        }
    };
}

crash_points! {
    before_the_first_entry_is_kept: "before_entry_commit",
    once_the_second_entry_is_kept: "after_entry_commit:2",
    before_its_start_is_kept: "before_start_commit",
    once_its_start_is_kept: "after_start_commit",
    before_its_end_is_kept: "before_game_commit",
    once_its_end_is_kept: "after_game_commit",
}
