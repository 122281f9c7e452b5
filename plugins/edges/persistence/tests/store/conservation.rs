//! Whatever happens in whatever order, no item is ever lost by accident, doubled, or held by nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::{Database, Directory, found, register, settle, starter_item, stash, take};
use hypogeum_persistence::Store;
use hypogeum_protocol::{AccountId, ItemId, MatchId, StashedItem};
use hypogeum_store::{StoreReply, StoreRequest};
use proptest::prelude::*;

/// What is asked next. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    /// Both players bring some of the items there are, theirs or not.
    Take { match_id: u64, first: Vec<usize>, second: Vec<usize> },
    /// Both secure some of the items there are, and the match mints some.
    Settle { match_id: u64, first: Vec<usize>, second: Vec<usize>, minted: u32 },
    /// The match ends without result.
    Abandon { match_id: u64 },
    /// The server crashes and starts again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let some = || proptest::collection::vec(0_usize..12, 0..5);
    prop_oneof![
        4 => (1_u64..5, some(), some()).prop_map(|(match_id, first, second)| Step::Take { match_id, first, second }),
        4 => (1_u64..5, some(), some(), 0_u32..3)
            .prop_map(|(match_id, first, second, minted)| Step::Settle { match_id, first, second, minted }),
        2 => (1_u64..5).prop_map(|match_id| Step::Abandon { match_id }),
        1 => Just(Step::Restart),
    ]
}

/// Where every item must be: the rules again, said with sets.
#[derive(Default)]
struct Expected {
    stash: BTreeMap<AccountId, BTreeSet<ItemId>>,
    escrow: BTreeMap<u64, BTreeMap<ItemId, AccountId>>,
    ended: BTreeSet<u64>,
}

impl Expected {
    fn take(&mut self, match_id: u64, seats: [(AccountId, &[ItemId]); 2]) {
        if self.ended.contains(&match_id) || self.escrow.contains_key(&match_id) {
            return;
        }
        let held = self.escrow.entry(match_id).or_default();
        for (account, items) in seats {
            let home = self.stash.entry(account).or_default();
            held.extend(items.iter().filter(|item| home.remove(item)).map(|item| (*item, account)));
        }
    }

    fn settle(&mut self, match_id: u64, seats: [(AccountId, &[StashedItem]); 2]) {
        let Some(mut held) = self.escrow.remove(&match_id) else { return };
        self.ended.insert(match_id);
        let mut minted = BTreeSet::new();
        for (account, items) in seats {
            for item in items {
                let new = item.id.origin == match_id && !held.contains_key(&item.id) && minted.insert(item.id);
                if held.remove(&item.id).is_some() || new {
                    self.stash.entry(account).or_default().insert(item.id);
                }
            }
        }
    }

    fn abandon(&mut self, match_id: u64) {
        let Some(held) = self.escrow.remove(&match_id) else { return };
        self.ended.insert(match_id);
        for (item, account) in held {
            self.stash.entry(account).or_default().insert(item);
        }
    }
}

fn check(database: Database, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let directory = Directory::of(database);
    let mut store = directory.open();
    let players = ["Ada", "Bob"].map(|name| register(&store, name).unwrap());
    // Everything there may be: both starter kits, what matches mint, and items nobody ever had.
    let mut items: Vec<StashedItem> =
        players.iter().flat_map(|&player| (1..=3).map(move |n| starter_item(player, n))).collect();
    items.extend((1..5).map(|match_id| found(match_id, 1)));
    items.extend([found(99, 1), found(1, 2)]);
    let pick =
        |numbers: &[usize]| numbers.iter().map(|number| items[*number % items.len()].clone()).collect::<Vec<_>>();
    let ids = |items: &[StashedItem]| items.iter().map(|item| item.id).collect::<Vec<_>>();
    let mut expected = Expected::default();
    for player in players {
        expected.stash.insert(player, (1..=3).map(|n| starter_item(player, n).id).collect());
    }

    for step in steps {
        match step {
            Step::Take { match_id, first, second } => {
                let (first, second) = (ids(&pick(&first)), ids(&pick(&second)));
                ask_twice(&store, take(match_id, &[(players[0], &first), (players[1], &second)]))?;
                expected.take(match_id, [(players[0], &first), (players[1], &second)]);
            }
            Step::Settle { match_id, first, second, minted } => {
                let (mut first, second) = (pick(&first), pick(&second));
                first.extend((10..10 + minted).map(|serial| found(match_id, serial)));
                ask_twice(&store, settle(match_id, &[(players[0], &first), (players[1], &second)]))?;
                expected.settle(match_id, [(players[0], &first), (players[1], &second)]);
            }
            Step::Abandon { match_id } => {
                let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(match_id) });
                expected.abandon(match_id);
            }
            Step::Restart => {
                drop(store);
                store = directory.open();
                store.abandon_unfinished(&store.unfinished());
                for match_id in 1..5 {
                    expected.abandon(match_id);
                }
            }
        }
        for player in players {
            let home: BTreeSet<_> = stash(&store, player).into_iter().collect();
            prop_assert_eq!(&home, &expected.stash[&player], "the stash of {} is another", player);
        }
    }
    drop(store);
    let held: usize = expected.stash.values().map(BTreeSet::len).sum::<usize>()
        + expected.escrow.values().map(BTreeMap::len).sum::<usize>();
    prop_assert_eq!(directory.sql("SELECT COUNT(*) FROM items"), held as i64, "there are other items than expected");
    prop_assert_eq!(directory.sql("SELECT COALESCE(SUM(amount), 0) FROM ledger"), 0, "the ledger does not sum to zero");
    Ok(())
}

/// Every request is repeated, as after a lost answer: the answer must be the same.
fn ask_twice(store: &Store, request: StoreRequest) -> Result<(), TestCaseError> {
    let first = store.answer(request.clone());
    let unavailable = matches!(&first, StoreReply::Failed { failure, .. } if failure.is_passing());
    prop_assert!(!unavailable, "the store broke: {:?}", first);
    prop_assert_eq!(store.answer(request), first, "the repeated request is answered differently");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn items_are_conserved_on_sqlite(steps in proptest::collection::vec(step(), 1..25)) {
        check(Database::Sqlite, steps)?;
    }

    #[test]
    fn items_are_conserved_on_postgres(steps in proptest::collection::vec(step(), 1..25)) {
        check(Database::Postgres, steps)?;
    }
}
