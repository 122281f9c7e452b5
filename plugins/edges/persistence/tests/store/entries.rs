//! Games that people enter one by one: each coin and each creature is in one place, and what is started is started once.

use hypogeum_creature_messages::{CreatureId, CreatureResult, CreatureStats, GameId};
use hypogeum_economy::CURRENCY_MAX;
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    EntriesReply, EntriesRequest, EntryTerms, GamesReply, GamesRequest, RunningGame, Seeding, Sizes, StartOutcome,
};
use hypogeum_tournaments::{
    CreatureError, CreatureStore, ENTRIES_OF_ACCOUNT_MAX, EntryError, EntryStage, EntryStore, GameState, NewOpenGame,
    OPEN_GAMES_OF_ACCOUNT_MAX, OPEN_GAMES_PER_PAGE_MAX, OpenGame,
};
use tokio::task::JoinSet;

use crate::creatures::{called, create, creature};
use crate::games::{ask, new_game, people, running, start};
use crate::victims;
use crate::world::{Directory, PURSE, profile, register, wait};

/// When games of these tests start, in seconds since 1970.
pub(crate) const STARTS_S: u64 = 2_000_000_000;

/// For 8, filled by machines from 4 on, for 100 each, of which 60, 30 and 10 percent are won.
pub(crate) fn terms() -> EntryTerms {
    EntryTerms {
        tournament: "cup".to_owned(),
        size: 8,
        size_min: 4,
        fill: Some("novice".to_owned()),
        starts_s: STARTS_S,
        per_person_max: 3,
        people_min: 1,
        entry_fee: 100,
        purse: 0,
        prizes_percent: vec![60, 30, 10],
        seeding: Seeding::EntryOrder,
    }
}

pub(crate) fn powers_of_two() -> Sizes {
    Sizes::of(|size| size.is_power_of_two() && size > 1)
}

pub(crate) fn open_game(store: &Store, account: AccountId, terms: EntryTerms) -> OpenGame {
    wait(store.open_game(NewOpenGame { account, terms, request_key: String::new() })).unwrap().0
}

pub(crate) fn entries(store: &Store, request: EntriesRequest) -> EntriesReply {
    match ask(store, GamesRequest::Entries(request)) {
        GamesReply::Entries(reply) => reply,
        other => panic!("entries are answered by entries: {other:?}"),
    }
}

fn due(store: &Store, now_s: u64) -> Vec<GameId> {
    match entries(store, EntriesRequest::Due { now_s, count: 100 }) {
        EntriesReply::Due(due) => due.into_iter().map(|(game, _)| game).collect(),
        other => panic!("those that are due were asked for: {other:?}"),
    }
}

fn start_request(game: GameId, now_s: u64) -> EntriesRequest {
    EntriesRequest::Start { game, now_s, sizes: powers_of_two(), draw: [7; 16], ladders: [].into() }
}

pub(crate) fn start_open(store: &Store, game: GameId, now_s: u64) -> StartOutcome {
    match entries(store, start_request(game, now_s)) {
        EntriesReply::Started { game: started, outcome } if started == game => outcome,
        other => panic!("a start was asked for: {other:?}"),
    }
}

pub(crate) fn runs(outcome: StartOutcome) -> RunningGame {
    match outcome {
        StartOutcome::Runs(game) => *game,
        other => panic!("it can be played: {other:?}"),
    }
}

pub(crate) fn wallet(store: &Store, account: AccountId) -> i64 {
    profile(store, account).currency
}

fn check_books(store: &Store) {
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "{audit}");
}

fn result(creature: CreatureId, owner: AccountId, (rank, sharing): (u8, u8)) -> CreatureResult {
    CreatureResult {
        creature,
        owner,
        rank,
        sharing,
        is_champion: rank == 1,
        stats: CreatureStats::of_values([10; 5]),
        points: 0,
        won: 1,
        lost: 0,
        streak: 1,
        best_streak: 1,
    }
}

fn settle(store: &Store, game: GameId, results: &[CreatureResult]) {
    let request = GamesRequest::Settle {
        game,
        results: results.to_vec(),
        overview: b"how it stood".to_vec(),
        scores: Vec::new(),
        ladders: Vec::new(),
    };
    assert_eq!(ask(store, request), GamesReply::Settled(game), "it is over");
}

fn who_enters_pays_and_who_leaves_is_paid_back(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let game = open_game(&store, ada, terms());
    assert_eq!((game.stage, game.entered, game.account), (EntryStage::Open, 0, ada), "as it is opened");
    let (after, is_new) = wait(store.enter_game(game.id, (bob, moss), "k")).unwrap();
    assert!(is_new && after.entered == 1 && after.pot() == 100, "{after:?}");
    assert_eq!((after.entries[0].creature, after.entries[0].account_name.as_str()), (moss, "Bob"));
    assert_eq!(wallet(&store, bob), PURSE - 100, "the fee is paid");
    assert_eq!(creature(&store, moss).game, Some(game.id), "and the creature is in it");
    check_books(&store);
    assert_eq!(wait(store.enter_game(game.id, (bob, moss), "k")), Ok((after.clone(), false)), "once");
    assert_eq!(wait(store.release_creature(bob, moss)), Err(CreatureError::InGame { creature: moss, game: game.id }));
    assert_eq!(wait(store.game(game.id)).unwrap().unwrap().state, GameState::Open, "it is not played yet");
    assert_eq!(running(&store, 0, 10), [], "and no shard is made of it");

    let left = wait(store.leave_game(game.id, (bob, moss))).unwrap();
    assert_eq!((left.entered, left.entries.len()), (0, 0), "nobody is left");
    assert_eq!((wallet(&store, bob), creature(&store, moss).game), (PURSE, None), "with all that was Bob's");
    assert_eq!(wait(store.leave_game(game.id, (bob, moss))), Ok(left.clone()), "once");
    assert_eq!(wait(store.enter_game(game.id, (bob, moss), "k")), Ok((left, false)), "a key names one entry for good");
    assert!(wait(store.enter_game(game.id, (bob, moss), "k2")).unwrap().1, "but there may be another");
    assert!(wait(store.enter_game(game.id, (ada, cinder), "k")).unwrap().1, "and a key is its account's own");
    assert_eq!(wait(store.leave_game(game.id, (ada, ash))), Err(EntryError::NotEntered(ash)), "who never came");
    assert_eq!(wait(store.leave_game(game.id, (ada, moss))), Err(EntryError::NotEntered(moss)), "or is another's");
    check_books(&store);
}

fn a_game_that_is_called_off_gives_all_back_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let game = open_game(&store, ada, terms()).id;
    for (account, id) in [(ada, cinder), (bob, moss), (ada, ash)] {
        wait(store.enter_game(game, (account, id), "")).unwrap();
    }
    assert_eq!((wallet(&store, ada), wallet(&store, bob)), (PURSE - 200, PURSE - 100), "three fees");
    assert_eq!(wait(store.call_game_off(game, bob)), Err(EntryError::NotYours), "Bob has not opened it");
    assert_eq!(wait(store.call_game_off(game, AccountId(0))), Err(EntryError::NotYours), "nor has nobody");
    for _ in 0..2 {
        assert_eq!(wait(store.call_game_off(game, ada)).unwrap().stage, EntryStage::CalledOff);
        assert_eq!((wallet(&store, ada), wallet(&store, bob)), (PURSE, PURSE), "all of it is back");
        assert!([cinder, ash, moss].iter().all(|id| creature(&store, *id).game.is_none()), "and all are free");
        check_books(&store);
    }
    assert_eq!(wait(store.enter_game(game, (bob, moss), "")), Err(EntryError::CalledOff), "nobody comes any more");
    assert!(wait(store.leave_game(game, (bob, moss))).is_ok(), "and whoever was in it has left");
    assert_eq!(start_open(&store, game, STARTS_S), StartOutcome::CalledOff, "it does not start");
    assert!(matches!(wait(store.game(game)).unwrap().unwrap().state, GameState::CalledOff { .. }), "it is kept so");
    assert_eq!(wait(store.open_games(GameId(0), 10)), Ok(Vec::new()), "and open no more");
}

fn what_may_not_be_is_refused_and_changes_nothing(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    let game = open_game(&store, ada, EntryTerms { per_person_max: 1, ..terms() }).id;
    let enter = |game: GameId, by| wait(store.enter_game(game, by, "")).map(|(game, _)| game.entered);
    let before = || (wallet(&store, ada), wallet(&store, bob), directory.sql("SELECT COUNT(*) FROM game_entries"));
    let unchanged = before();
    assert_eq!(enter(GameId(99), (ada, cinder)), Err(EntryError::NoSuchGame));
    assert_eq!(enter(GameId(u64::MAX), (ada, cinder)), Err(EntryError::NoSuchGame));
    assert_eq!(enter(game, (ada, moss)), Err(CreatureError::NotYours(moss).into()), "somebody else's");
    let nobody = CreatureId(u64::MAX);
    assert_eq!(enter(game, (ada, nobody)), Err(CreatureError::NoSuchCreature(nobody).into()));
    assert_eq!(enter(game, (AccountId(99), cinder)), Err(CreatureError::NoSuchAccount.into()));
    let alone = start(&store, ada, &[spark]).unwrap().id;
    let held = CreatureError::InGame { creature: spark, game: alone };
    assert_eq!(enter(game, (ada, spark)), Err(held.into()), "another game holds it");
    assert_eq!(enter(alone, (ada, cinder)), Err(EntryError::Started), "a game of one person is nobody else's");
    assert_eq!(wait(store.leave_game(alone, (ada, spark))), Err(EntryError::Started));
    assert_eq!(wait(store.call_game_off(alone, ada)), Err(EntryError::Started));
    assert_eq!(before(), unchanged, "nothing has changed");

    assert_eq!(enter(game, (ada, cinder)), Ok(1));
    assert_eq!(enter(game, (ada, cinder)), Err(EntryError::AlreadyEntered(cinder)), "nobody meets itself");
    assert_eq!(enter(game, (ada, ash)), Err(EntryError::TooManyOfYours { most: 1 }));
    assert_eq!(start(&store, ada, &[cinder]), Err(CreatureError::InGame { creature: cinder, game }), "it is in one");
    directory.sql(&format!("UPDATE profiles SET currency = 99 WHERE account = {bob}"));
    directory.sql(&format!("UPDATE ledger SET amount = 99 WHERE account = {bob}"));
    assert_eq!(enter(game, (bob, moss)), Err(EntryError::NotEnough { needed: 100, found: 99 }), "one coin is missing");
    assert_eq!((creature(&store, moss).game, wallet(&store, bob)), (None, 99), "and nothing is taken");

    for number in 1..OPEN_GAMES_OF_ACCOUNT_MAX as u64 {
        open_game(&store, ada, EntryTerms { starts_s: STARTS_S + number, ..terms() });
    }
    let new = NewOpenGame { account: ada, terms: terms(), request_key: String::new() };
    assert_eq!(wait(store.open_game(new.clone())), Err(EntryError::TooManyOpenGames), "one too many");
    wait(store.call_game_off(game, ada)).unwrap();
    assert!(wait(store.open_game(new)).is_ok(), "but one that is called off is open no more");
}

fn one_comes_and_goes_so_often_and_no_more(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], _, moss) = people(&store);
    let game = open_game(&store, ada, terms()).id;
    for _ in 0..ENTRIES_OF_ACCOUNT_MAX {
        wait(store.enter_game(game, (bob, moss), "")).unwrap();
        wait(store.leave_game(game, (bob, moss))).unwrap();
    }
    assert_eq!(wait(store.enter_game(game, (bob, moss), "")), Err(EntryError::TooManyEntries), "for good it is out");
    assert_eq!(wallet(&store, bob), PURSE, "and has cost nothing");
    check_books(&store);
}

fn of_many_who_want_the_last_place_one_gets_it(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let others: Vec<_> = (0..8)
        .map(|number| {
            let account = register(&store, &format!("Other {number}")).unwrap();
            (account, create(&store, account, "Pet").unwrap().id)
        })
        .collect();
    let game = open_game(&store, ada, EntryTerms { size: 3, ..terms() }).id;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(async {
        let mut entering = JoinSet::new();
        for by in others.clone() {
            // Each asks twice, as whoever gets no answer does.
            for _ in 0..2 {
                let store = store.clone();
                entering.spawn(async move { store.enter_game(game, by, "once").await.map(|(_, is_new)| (by, is_new)) });
            }
        }
        entering.join_all().await
    });
    let new: Vec<_> = outcomes.iter().flatten().filter(|(_, is_new)| *is_new).collect();
    assert_eq!(new.len(), 3, "as many as there are places: {outcomes:?}");
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|error| *error == EntryError::Full));
    let paid: i64 = others.iter().map(|(account, _)| PURSE - wallet(&store, *account)).sum();
    assert_eq!(paid, 300, "and as many fees");
    assert_eq!(due(&store, 0), [game], "it is full, so it is due");
    check_books(&store);
}

fn a_game_starts_once_and_with_its_creatures_as_they_are_then(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let game = open_game(&store, bob, terms()).id;
    for (account, id) in [(ada, ash), (bob, moss), (ada, cinder)] {
        wait(store.enter_game(game, (account, id), &format!("{id}"))).unwrap();
    }
    wait(store.rename_creature(bob, moss, &called("Old Moss"))).unwrap();
    assert_eq!(due(&store, STARTS_S - 1), [], "there is time");
    assert_eq!(start_open(&store, game, STARTS_S - 1), StartOutcome::NotDue, "nobody starts it before");
    assert_eq!(due(&store, STARTS_S), [game], "until its time has come");
    let runs_now = runs(start_open(&store, game, STARTS_S));
    let names: Vec<&str> = runs_now.creatures.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Ash", "Old Moss", "Cinder"], "whoever came first is the best seed, as they are called now");
    assert_eq!((runs_now.size, runs_now.fill.as_deref()), (4, Some("novice")), "machines fill it to four");
    assert_eq!(runs(start_open(&store, game, STARTS_S)), runs_now, "asked again it is the same");
    assert_eq!(running(&store, 0, 10), [runs_now], "and it is found at the next start of the server");
    assert_eq!(due(&store, STARTS_S), [], "it is due no more");
    check_books(&store);
    assert_eq!(wait(store.enter_game(game, (ada, moss), "")), Err(EntryError::Started));
    assert_eq!(wait(store.leave_game(game, (bob, moss))), Err(EntryError::Started), "nobody leaves any more");
    assert_eq!(wait(store.call_game_off(game, bob)), Err(EntryError::Started), "nor is it called off");
    let again = wait(store.enter_game(game, (bob, moss), &format!("{moss}"))).unwrap();
    assert!(!again.1, "but what was answered stays answered");

    let undone = entries(&store, EntriesRequest::Undo { game });
    assert_eq!(undone, EntriesReply::Undone(game), "where it cannot be played after all");
    assert_eq!((wallet(&store, ada), wallet(&store, bob)), (PURSE, PURSE), "everything is as before");
    assert!([cinder, ash, moss].iter().all(|id| creature(&store, *id).game.is_none()));
    assert_eq!(running(&store, 0, 10), []);
    check_books(&store);
}

fn those_who_are_too_few_do_not_play(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    let without = EntryTerms { fill: None, ..terms() };
    for (terms, who, why) in [
        (terms(), &[][..], "nobody has come"),
        (without.clone(), &[(ada, cinder)], "one has nobody to meet"),
        (without.clone(), &[(ada, cinder), (ada, ash), (bob, moss)], "three cannot be paired"),
        (EntryTerms { people_min: 2, ..terms() }, &[(ada, cinder), (ada, ash)], "one person alone"),
        (EntryTerms { size: 3, size_min: 3, ..terms() }, &[(ada, cinder)], "no number that can be played"),
    ] {
        let game = open_game(&store, ada, terms).id;
        for by in who {
            wait(store.enter_game(game, *by, "")).unwrap();
        }
        assert_eq!(start_open(&store, game, STARTS_S), StartOutcome::CalledOff, "{why}");
        assert_eq!((wallet(&store, ada), wallet(&store, bob)), (PURSE, PURSE), "{why}: all is paid back");
        assert!([cinder, ash, moss].iter().all(|id| creature(&store, *id).game.is_none()), "{why}: all are free");
    }
    let game = open_game(&store, ada, without).id;
    for by in [(ada, cinder), (bob, moss)] {
        wait(store.enter_game(game, by, "")).unwrap();
    }
    assert_eq!(runs(start_open(&store, game, STARTS_S)).size, 2, "but two may");
    let game = open_game(&store, ada, terms()).id;
    wait(store.enter_game(game, (ada, spark), "")).unwrap();
    let sizes = Sizes::default();
    let unknown = EntriesRequest::Start { game, now_s: STARTS_S, sizes, draw: [0; 16], ladders: [].into() };
    let EntriesReply::Started { outcome, .. } = entries(&store, unknown) else { panic!("a start was asked for") };
    assert_eq!(outcome, StartOutcome::CalledOff, "a tournament that is not known any more is not played");
    check_books(&store);
}

fn a_draw_is_kept_and_can_be_shown(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, spark], moss) = people(&store);
    let game = open_game(&store, bob, EntryTerms { seeding: Seeding::Drawn, entry_fee: 50, ..terms() }).id;
    let entered = [(ada, cinder), (ada, ash), (bob, moss), (ada, spark)];
    for by in entered {
        assert_eq!(wait(store.enter_game(game, by, "")).unwrap().0.draw, "", "nothing is drawn before it starts");
    }
    let seeds: Vec<CreatureId> =
        runs(start_open(&store, game, STARTS_S)).creatures.iter().map(|creature| creature.id).collect();
    let creatures = entered.map(|by| by.1);
    let order = hypogeum_tournaments::seed_order(&Seeding::Drawn, [7; 16], &creatures, &[]);
    assert_eq!(seeds, order.into_iter().map(|place| creatures[place]).collect::<Vec<_>>(), "by the key");
    let kept = wait(store.entered_game(game)).unwrap().unwrap();
    assert_eq!((kept.draw, kept.terms.seeding), ("07".repeat(16), Seeding::Drawn), "which is kept");
}

fn prizes_are_paid_once_and_come_to_no_more_than_the_pot(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ash, _], moss) = people(&store);
    let game = open_game(&store, ada, EntryTerms { entry_fee: 101, ..terms() }).id;
    for by in [(ada, cinder), (ada, ash), (bob, moss)] {
        wait(store.enter_game(game, by, "")).unwrap();
    }
    runs(start_open(&store, game, STARTS_S));
    // A machine is the champion; Cinder is second, Ash and Moss share the third rank.
    let results = [result(cinder, ada, (2, 1)), result(ash, ada, (3, 2)), result(moss, bob, (3, 2))];
    for _ in 0..2 {
        settle(&store, game, &results);
        let won = [(ada, 90 + 15), (bob, 15)];
        for (account, prizes) in won {
            let paid = if account == ada { 202 } else { 101 };
            assert_eq!(wallet(&store, account), PURSE - paid + prizes, "303 coins: 90, and 30 shared by two");
        }
        let kept = wait(store.entered_game(game)).unwrap().unwrap();
        let prizes: Vec<_> = kept.entries.iter().map(|entry| entry.prize).collect();
        assert_eq!((kept.stage, prizes), (EntryStage::Over, vec![Some(90), Some(15), Some(15)]), "which is shown");
        check_books(&store);
    }
    assert_eq!(directory.sql("SELECT burnt FROM game_terms"), 303 - 120, "the machine's part stays with the house");
    directory.sql("UPDATE game_entries SET prize = 16 WHERE prize = 15");
    let audit = store.audit().unwrap();
    assert_eq!(audit.pots_apart, [game], "a prize that nobody was paid is found");
    assert!(audit.to_string().contains("\ngames whose fees and prizes do not come out even: "), "{audit}");
}

fn games_without_entries_have_no_prizes(directory: &Directory) {
    let store = directory.open();
    let ([ada, _], [cinder, ..], _) = people(&store);
    let game = start(&store, ada, &[cinder]).unwrap().id;
    settle(&store, game, &[result(cinder, ada, (1, 1))]);
    assert_eq!(wallet(&store, ada), PURSE, "who plays alone wins nothing but the game");
    assert_eq!(wait(store.entered_game(game)), Ok(None), "and nobody can enter");
    check_books(&store);
}

fn a_full_wallet_keeps_nobody_from_anything(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    for is_played in [false, true] {
        let game = open_game(&store, ada, terms()).id;
        for by in [(ada, cinder), (bob, moss)] {
            wait(store.enter_game(game, by, "")).unwrap();
        }
        let fill = CURRENCY_MAX - 40 - wallet(&store, bob);
        directory.sql(&format!("UPDATE profiles SET currency = currency + {fill} WHERE account = {bob}"));
        for (account, amount) in [(bob.to_string(), fill), ("NULL".to_owned(), -fill)] {
            let line = format!("({account}, {amount}, 'test', 0)");
            directory.sql(&format!("INSERT INTO ledger (account, amount, source_event, entered_s) VALUES {line}"));
        }
        if is_played {
            runs(start_open(&store, game, STARTS_S));
            settle(&store, game, &[result(moss, bob, (1, 1)), result(cinder, ada, (2, 1))]);
        } else {
            wait(store.call_game_off(game, ada)).unwrap();
        }
        assert_eq!(wallet(&store, bob), CURRENCY_MAX, "as much as fits");
        check_books(&store);
    }
    assert_eq!(wallet(&store, ada), PURSE - 100 + 60, "the others get what is theirs");
}

fn the_game_of_a_schedule_is_opened_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let daily = EntryTerms { purse: 500, people_min: 2, ..terms() };
    let announce = |terms: &EntryTerms| match entries(&store, EntriesRequest::Announce(Box::new(terms.clone()))) {
        EntriesReply::Announced { game, is_new } => (game, is_new),
        other => panic!("it was announced: {other:?}"),
    };
    let (game, is_new) = announce(&daily);
    assert!(is_new, "it is the first");
    assert_eq!(announce(&daily), (game, false), "asked again it is the same");
    let (tomorrow, is_new) = announce(&EntryTerms { starts_s: STARTS_S + 86_400, ..daily.clone() });
    assert!(is_new && tomorrow != game, "at another time it is another");
    assert!(announce(&EntryTerms { tournament: "league".to_owned(), ..daily.clone() }).1, "as of another tournament");
    let own = open_game(&store, ada, daily.clone());
    assert!(own.id != game, "and whoever opens one at the same time opens their own");
    let found = wait(store.entered_game(game)).unwrap().unwrap();
    assert_eq!((found.account, found.pot()), (AccountId(0), 500), "it is the house's");
    assert_eq!(wait(store.game(game)).unwrap().unwrap().account, AccountId(0));
    assert_eq!(wait(store.call_game_off(game, ada)), Err(EntryError::NotYours), "so nobody calls it off");

    for by in [(ada, cinder), (bob, moss)] {
        wait(store.enter_game(game, by, "")).unwrap();
    }
    let runs_now = runs(start_open(&store, game, STARTS_S));
    assert_eq!((runs_now.account, runs_now.size), (AccountId(0), 4));
    assert_eq!(running(&store, 0, 10), [runs_now]);
    settle(&store, game, &[result(moss, bob, (1, 1)), result(cinder, ada, (2, 1))]);
    assert_eq!((wallet(&store, ada), wallet(&store, bob)), (PURSE - 100 + 210, PURSE - 100 + 420), "of 700");
    assert_eq!(announce(&daily), (game, false), "it is not opened again once it is over");
    assert_eq!(start_open(&store, tomorrow, STARTS_S + 86_400), StartOutcome::CalledOff, "where nobody comes");
    assert_eq!(directory.sql("SELECT COALESCE(SUM(burnt), 0) FROM game_terms"), 70, "no purse is lost by it");
    check_books(&store);
}

fn games_are_listed_and_kept_over_a_restart(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let key = |key: &str| NewOpenGame { account: ada, terms: terms(), request_key: key.to_owned() };
    let (first, is_new) = wait(store.open_game(key("k"))).unwrap();
    assert!(is_new && !wait(store.open_game(key("k"))).unwrap().1, "the same request is the same game");
    let second = wait(store.open_game(key("k2"))).unwrap().0;
    let alone = start(&store, ada, &[cinder]).unwrap();
    wait(store.enter_game(second.id, (bob, moss), "")).unwrap();
    drop(store);
    let store = directory.open();
    assert!(!wait(store.open_game(key("k"))).unwrap().1, "over a restart");
    assert!(wait(store.open_game(NewOpenGame { account: bob, ..key("k") })).unwrap().1, "each has keys of its own");
    let page = |after: u64, count| -> Vec<GameId> {
        wait(store.open_games(GameId(after), count)).unwrap().iter().map(|game| game.id).collect()
    };
    assert_eq!(page(0, OPEN_GAMES_PER_PAGE_MAX).len(), 3, "all that are open");
    assert_eq!((page(0, 1), page(first.id.0, 1)), (vec![first.id], vec![second.id]), "page by page");
    assert_eq!(page(u64::MAX, 1), [], "and none behind the last");
    let history =
        |account| -> Vec<GameId> { wait(store.games(account, None, 10)).unwrap().iter().map(|game| game.id).collect() };
    assert_eq!(history(ada), [alone.id, second.id, first.id], "what she has opened and started");
    assert_eq!(history(bob)[1..], [second.id], "and what he has entered");
    assert_eq!(
        wait(store.start_game(new_game(ada, &[], "k"))).unwrap().0.state,
        GameState::Open,
        "a key of a game that is open starts no other"
    );
    wait(store.drop_game(second.id)).unwrap();
    assert_eq!(wait(store.entered_game(second.id)).unwrap().unwrap().entered, 1, "an open game is not dropped");
    check_books(&store);
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    let Some(store) = victims::store() else { return };
    match victims::task().as_str() {
        "enter" => drop(wait(store.enter_game(GameId(1), (AccountId(2), CreatureId(4)), "k"))),
        "start" => drop(start_open(&store, GameId(1), STARTS_S)),
        "settle" => {
            let entered = wait(store.entered_game(GameId(1))).unwrap().unwrap().entries;
            settle(&store, GameId(1), &[result(entered[0].creature, entered[0].account, (1, 1))]);
        }
        other => panic!("no such task: {other}"),
    }
    unreachable!("it dies at its point");
}

fn dying_before_or_after_a_commit_does_it_once(directory: &Directory) {
    let store = directory.open();
    let ([ada, bob], [cinder, ..], moss) = people(&store);
    let game = open_game(&store, ada, terms()).id;
    wait(store.enter_game(game, (ada, cinder), "")).unwrap();
    assert_eq!((game, bob, moss), (GameId(1), AccountId(2), CreatureId(4)), "as the victim knows them");
    drop(store);
    for (task, point, done) in [
        ("enter", "before_entry_commit", false),
        ("enter", "after_entry_commit", true),
        ("start", "before_start_commit", false),
        ("start", "after_start_commit", true),
        ("settle", "before_game_commit", false),
        ("settle", "after_game_commit", true),
    ] {
        victims::dies_at(point, "entries", task, directory);
        let store = directory.open();
        check_books(&store);
        let found = wait(store.entered_game(game)).unwrap().unwrap();
        match task {
            "enter" => {
                assert_eq!((found.entered, wallet(&store, bob)), if done { (2, 150) } else { (1, 250) }, "{point}");
                assert_eq!(creature(&store, moss).game.is_some(), done, "{point}: all of it, or nothing");
            }
            "start" => {
                assert_eq!(found.stage == EntryStage::Running, done, "{point}");
                assert_eq!(running(&store, 0, 10).len(), usize::from(done), "{point}: one shard or none");
            }
            _ => {
                assert_eq!(wallet(&store, ada), if done { 150 + 120 } else { 150 }, "{point}");
                assert_eq!(creature(&store, cinder).titles, u32::from(done), "{point}: the prize and the title");
            }
        }
    }
    // And asked again, nothing more.
    let store = directory.open();
    assert!(!wait(store.enter_game(game, (bob, moss), "k")).unwrap().1, "it is the same entry");
    assert_eq!(start_open(&store, game, STARTS_S), StartOutcome::Over, "it was started, and is over");
    settle(&store, game, &[result(cinder, ada, (1, 1)), result(moss, bob, (2, 1))]);
    assert_eq!((wallet(&store, ada), wallet(&store, bob)), (270, 150), "nothing is paid twice");
    check_books(&store);
}

on_both![
    who_enters_pays_and_who_leaves_is_paid_back,
    a_game_that_is_called_off_gives_all_back_once,
    what_may_not_be_is_refused_and_changes_nothing,
    one_comes_and_goes_so_often_and_no_more,
    of_many_who_want_the_last_place_one_gets_it,
    a_game_starts_once_and_with_its_creatures_as_they_are_then,
    those_who_are_too_few_do_not_play,
    a_draw_is_kept_and_can_be_shown,
    prizes_are_paid_once_and_come_to_no_more_than_the_pot,
    games_without_entries_have_no_prizes,
    a_full_wallet_keeps_nobody_from_anything,
    the_game_of_a_schedule_is_opened_once,
    games_are_listed_and_kept_over_a_restart,
    dying_before_or_after_a_commit_does_it_once,
];
