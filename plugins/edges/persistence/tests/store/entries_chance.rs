//! Whatever is asked of open games in whatever order: coins are conserved, and no creature is in two games.

use hypogeum_creature_messages::{CreatureId, CreatureResult, CreatureStats, GameId};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    EntriesReply, EntriesRequest, EntryTerms, GamesReply, GamesRequest, Seeding, StoreFailure, StoreReply, StoreRequest,
};
use hypogeum_tournaments::{CreatureStore, EntryStore, NewOpenGame};
use proptest::prelude::*;

use crate::entries::{STARTS_S, powers_of_two, terms};
use crate::games::{ask, new_game, people};
use crate::world::{Database, Directory, PURSE, wait};

/// What is asked next. Numbers are those of accounts, creatures and games, of which some are nobody's.
#[derive(Clone, Debug)]
enum Step {
    Open { account: u64, size: u8, fee: i64, fill: bool, drawn: bool },
    Announce { at: u64, purse: i64 },
    Enter { game: u64, account: u64, creature: u64, key: u8 },
    Leave { game: u64, account: u64, creature: u64 },
    CallOff { game: u64, account: u64 },
    Alone { account: u64, creature: u64 },
    Start { game: u64, in_time: bool },
    Settle { game: u64, ranks: [u8; 4] },
    Undo { game: u64 },
    Drop { game: u64 },
    Release { account: u64, creature: u64 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (account, creature, game) = (|| 1_u64..4, || 1_u64..6, || 1_u64..6);
    prop_oneof![
        3 => (account(), 2_u8..9, 0_i64..150, any::<bool>(), any::<bool>())
            .prop_map(|(account, size, fee, fill, drawn)| Step::Open { account, size, fee, fill, drawn }),
        1 => (0_u64..3, 0_i64..500).prop_map(|(at, purse)| Step::Announce { at, purse }),
        12 => (game(), account(), creature(), 0_u8..3)
            .prop_map(|(game, account, creature, key)| Step::Enter { game, account, creature, key }),
        4 => (game(), account(), creature()).prop_map(|(game, account, creature)| Step::Leave { game, account, creature }),
        1 => (game(), account()).prop_map(|(game, account)| Step::CallOff { game, account }),
        1 => (account(), creature()).prop_map(|(account, creature)| Step::Alone { account, creature }),
        4 => (game(), any::<bool>()).prop_map(|(game, in_time)| Step::Start { game, in_time }),
        4 => (game(), any::<[u8; 4]>()).prop_map(|(game, ranks)| Step::Settle { game, ranks }),
        1 => game().prop_map(|game| Step::Undo { game }),
        1 => game().prop_map(|game| Step::Drop { game }),
        1 => (account(), creature()).prop_map(|(account, creature)| Step::Release { account, creature }),
        1 => Just(Step::Restart),
    ]
}

/// Asks twice, as after a lost answer: where the request has a key of its own, it must be done once.
fn make(store: &Store, step: &Step) {
    for _ in 0..2 {
        match step.clone() {
            Step::Open { account, size, fee, fill, drawn } => {
                let terms = EntryTerms {
                    size,
                    size_min: size.min(4),
                    entry_fee: fee,
                    fill: fill.then(|| "novice".to_owned()),
                    seeding: if drawn { Seeding::Drawn } else { Seeding::EntryOrder },
                    ..terms()
                };
                let request_key = format!("{size} {fee}");
                drop(wait(store.open_game(NewOpenGame { account: AccountId(account), terms, request_key })));
            }
            Step::Announce { at, purse } => {
                let terms = EntryTerms { starts_s: STARTS_S + at, purse, ..terms() };
                let answer = ask(store, GamesRequest::Entries(EntriesRequest::Announce(Box::new(terms))));
                assert!(matches!(answer, GamesReply::Entries(EntriesReply::Announced { .. })), "{answer:?}");
            }
            Step::Enter { game, account, creature, key } => {
                let key = if key == 0 { String::new() } else { format!("key {key}") };
                drop(wait(store.enter_game(GameId(game), (AccountId(account), CreatureId(creature)), &key)));
            }
            Step::Leave { game, account, creature } => {
                drop(wait(store.leave_game(GameId(game), (AccountId(account), CreatureId(creature)))));
            }
            Step::CallOff { game, account } => drop(wait(store.call_game_off(GameId(game), AccountId(account)))),
            Step::Alone { account, creature } => {
                drop(wait(store.start_game(new_game(AccountId(account), &[CreatureId(creature)], "alone"))));
            }
            Step::Start { game, in_time } => {
                let now_s = if in_time { STARTS_S + 10 } else { 0 };
                let (game, sizes) = (GameId(game), powers_of_two());
                let start = EntriesRequest::Start { game, now_s, sizes, draw: [game.0 as u8; 16], ladders: [].into() };
                answered(store, GamesRequest::Entries(start));
            }
            Step::Settle { game, ranks } => {
                let results = (1..).zip(ranks).map(|(creature, rank)| result(creature, rank)).collect();
                answered(
                    store,
                    GamesRequest::Settle {
                        game: GameId(game),
                        results,
                        overview: vec![1],
                        scores: Vec::new(),
                        ladders: Vec::new(),
                    },
                );
            }
            Step::Undo { game } => {
                answered(store, GamesRequest::Entries(EntriesRequest::Undo { game: GameId(game) }));
            }
            Step::Drop { game } => {
                let _ = wait(store.drop_game(GameId(game)));
            }
            Step::Release { account, creature } => {
                let _ = wait(store.release_creature(AccountId(account), CreatureId(creature)));
            }
            Step::Restart => {}
        }
    }
}

/// A game that nobody knows is said so; nothing else may go wrong.
fn answered(store: &Store, request: GamesRequest) {
    let reply = store.answer(StoreRequest::Games(request));
    match &reply {
        StoreReply::Failed { failure: StoreFailure::UnknownGame(_), .. } | StoreReply::Games(_) => {}
        other => panic!("the store broke: {other:?}"),
    }
}

/// Ranks that no bracket would give are paid out of the pot, too.
fn result(creature: u64, rank: u8) -> CreatureResult {
    CreatureResult {
        creature: CreatureId(creature),
        owner: AccountId(1),
        rank: rank % 5,
        sharing: 4,
        is_champion: rank == 1,
        stats: CreatureStats::of_values([10; 5]),
        points: 0,
        won: 0,
        lost: 0,
        streak: 0,
        best_streak: 0,
    }
}

fn check(database: Database, steps: &[Step]) -> Result<(), TestCaseError> {
    let directory = Directory::of(database);
    let mut store = directory.open();
    people(&store);
    for step in steps {
        if matches!(step, Step::Restart) {
            drop(store);
            store = directory.open();
        }
        make(&store, step);
        let audit = store.audit().unwrap();
        prop_assert!(audit.is_sound(), "after {:?}: {}", step, audit);
    }
    let held_twice = "SELECT COUNT(*) FROM (SELECT creature FROM game_entries JOIN games ON games.id = game
         WHERE left_s IS NULL AND ended_s IS NULL GROUP BY creature HAVING COUNT(*) > 1) AS twice";
    prop_assert_eq!(directory.sql(held_twice), 0, "no creature is in two games");
    let coins = directory.sql("SELECT SUM(currency) FROM profiles");
    let moved = "SELECT COALESCE(SUM(COALESCE(refund, 0) + COALESCE(prize, 0) - fee), 0) FROM game_entries";
    prop_assert_eq!(coins, 2 * PURSE + directory.sql(moved), "coins come from prizes and refunds alone");
    let lost = "SELECT COALESCE(SUM(burnt), 0) FROM game_terms WHERE burnt < 0";
    prop_assert_eq!(directory.sql(lost), 0, "no more is won than there is");
    Ok(())
}

#[test]
fn what_is_random_plays_games_to_their_ends() {
    let directory = Directory::of(Database::Sqlite);
    let store = directory.open();
    people(&store);
    let open = Step::Open { account: 1, size: 2, fee: 100, fill: false, drawn: true };
    for step in [
        open,
        Step::Enter { game: 1, account: 1, creature: 1, key: 1 },
        Step::Enter { game: 1, account: 2, creature: 4, key: 1 },
        Step::Start { game: 1, in_time: false },
        Step::Settle { game: 1, ranks: [1, 0, 0, 2] },
    ] {
        make(&store, &step);
    }
    assert_eq!(directory.sql("SELECT COUNT(*) FROM game_entries WHERE prize IS NOT NULL"), 2, "it comes so far");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn coins_are_conserved_on_sqlite(steps in proptest::collection::vec(step(), 1..40)) {
        check(Database::Sqlite, &steps)?;
    }

    #[test]
    fn coins_are_conserved_on_postgres(steps in proptest::collection::vec(step(), 1..40)) {
        check(Database::Postgres, &steps)?;
    }
}
