//! A fight that goes on after a restore.

use hypogeum_protocol::{Block, NetId};
use hypogeum_shard::StateHash;
use hypogeum_space::{Heading, METRE, MoveIntent};

use super::TestShard;
use crate::*;

/// A brawl of twelve with every weapon, driven by a rule that only looks at names and ticks.
fn brawl() -> (TestShard, Vec<NetId>) {
    let mut fight =
        TestShard::with(vec![Block { x_min: 51 * METRE, y_min: 0, x_max: 51 * METRE + 50, y_max: 50 * METRE }]);
    let abilities = ["sword", "rifle", "bow", "nova", "spell", "venom"];
    let all = (0..12).map(|place: i32| {
        fight.add(place % 4 * 150, place / 4 * 150, abilities[place as usize % 6], (place % 5) as u16)
    });
    let all = all.collect();
    (fight, all)
}

fn brawl_on(fight: &mut TestShard, all: &[NetId], tick: u32) -> StateHash {
    for id in all {
        let direction = (tick * 977 + id.0 * 7_919) as u16;
        fight.set(*id, MoveIntent { direction, percent: 60 });
        fight.set(*id, Heading(direction.wrapping_mul(3)));
        fight.set(*id, AbilityIntent(u8::from((tick + id.0).is_multiple_of(7))));
        if (tick + id.0).is_multiple_of(50) {
            fight.afflict(*id, *id, "vigour");
        }
    }
    fight.step()
}

#[test]
fn a_restored_fight_goes_on_as_it_would_have() {
    let (mut fight, all) = brawl();
    for tick in 0..90 {
        brawl_on(&mut fight, &all, tick);
    }
    let (mut again, _) = brawl();
    let snapshot = fight.shard.snapshot();
    again.shard.restore(&snapshot).expect("a snapshot of the same plugins is taken");
    for tick in 90..400 {
        let expected = brawl_on(&mut fight, &all, tick);
        assert_eq!(brawl_on(&mut again, &all, tick), expected, "both are the same at tick {tick}");
    }
    assert!(fight.count::<Dead>() > 0, "a brawl in which nobody dies proves little");
}
