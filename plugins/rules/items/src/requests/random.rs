//! Whatever hands try, nothing is lost or doubled.

use hypogeum_protocol::{Act, NetId};
use proptest::prelude::*;

use crate::test_shard::{at, bench};
use crate::{Claim, ItemAct, ItemRequest, Place, spawn_container};

/// (who, what, number of the thing, which version of it was seen): things are the hands, items and containers, and some that are not
/// there.
type Deed = (usize, u8, u32, Option<u32>);

fn deeds() -> impl Strategy<Value = Vec<Vec<Deed>>> {
    let deed = (0..3_usize, 0..11_u8, 0..40_u32, prop::option::of(0..5_u32));
    prop::collection::vec(prop::collection::vec(deed, 0..12), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_is_lost_or_doubled_whatever_they_try(ticks in deeds(), drop_all_tick in 0..12_usize) {
        let mut bench = bench();
        for (serial, count) in (0..).zip([7, 9, 1]) {
            let who = bench.hands[serial as usize];
            bench.bring("coin", serial, count, who);
        }
        let weak = bench.entity(bench.hands[1]).expect("it is there");
        bench.world().entity_mut(weak).insert(crate::WeightLimit { grams_max: 100 });
        let keys = ["sword", "spear", "helm", "relic", "nail", "coin"];
        for (key, x) in keys.iter().cycle().zip([9, 10, 11, 12, 13, 14, 9, 10, 11, 12]) {
            let item = bench.put(key, Place::Ground, at(x, 10));
            if x == 10 {
                let (entity, by) = (bench.entity(item).expect("it lies there"), bench.hands[0]);
                bench.world().entity_mut(entity).insert(Claim { by, ends_tick: 6 });
            }
        }
        for x in [10, 12] {
            let container = spawn_container(bench.world(), at(x, 11));
            for key in keys {
                bench.put(key, Place::In(container), at(0, 0));
            }
        }
        bench.shard.step(&[]);
        let before = bench.pieces();
        for (tick, deeds) in ticks.iter().enumerate() {
            if tick == drop_all_tick {
                let holder = bench.hands[0];
                bench.world().write_message(crate::DropAllRequest { holder, keeps_worn: false, keeps_bound: false });
            }
            for (seq, &(who, what, thing, seen)) in (1..).zip(deeds) {
                let item = NetId(thing);
                let (count, other) = (thing % 5, NetId(thing + 1));
                let act = match what {
                    0 => Act::PickUp { item }.into(),
                    1 => Act::Loot { container: item }.into(),
                    2 => Act::Equip { item }.into(),
                    3 => Act::Unequip { item }.into(),
                    4 => Act::Drop { item }.into(),
                    5 => Act::Use { item }.into(),
                    6 => ItemAct::Take { item, count },
                    7 => ItemAct::Drop { item, count },
                    8 => ItemAct::Give { item, count: (count > 0).then_some(count), to: bench.hands[(who + 1) % 3] },
                    9 => ItemAct::Split { item, count },
                    _ => ItemAct::Merge { item, into: other },
                };
                let who = bench.hands[who];
                bench.world().write_message(ItemRequest { who, seq, act, seen });
            }
            bench.answers();
            bench.check();
            prop_assert_eq!(&bench.pieces(), &before, "every piece is still there once");
        }
    }
}
