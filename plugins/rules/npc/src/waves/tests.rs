//! Waves of wolves on a bare shard.

use hypogeum_shard::NetIdOf;

use super::*;
use crate::test_shard::{TestShard, at, content, plain};

const PAUSE_TICKS: u32 = 60;

/// Three waves of two, three and four wolves, two seconds between them; the first at tick 5.
fn shard(at_latest_ms: u32, again_ticks: u32) -> TestShard {
    let mut test = plain(&[]);
    let wolf = content().npcs.id("wolf").expect("the wolf is there");
    let waves = WavesDef { count: 3, grows_by: 1, pause_ms: 2_000, at_latest_ms };
    spawn_waves(test.world(), Spawner::new(wolf, vec![at(50, 50)], 2, 5, again_ticks), &waves);
    test
}

fn alive(test: &mut TestShard) -> Vec<NetId> {
    let world = test.world();
    let mut living: Vec<NetId> =
        world.query_filtered::<&NetIdOf, (With<Npc>, Without<Dead>)>().iter(world).map(|named| named.0).collect();
    living.sort_unstable();
    living
}

fn kill(test: &mut TestShard, who: &[NetId]) {
    for one in who {
        test.hurt(NetId::NONE, *one, u32::MAX);
    }
    test.steps(1);
}

#[test]
fn each_wave_is_larger_and_comes_when_the_last_is_dead() {
    let mut test = shard(0, 0);
    test.steps(4);
    assert_eq!(alive(&mut test), [], "none before its time");
    for size in 2..=4 {
        test.steps(2);
        let wave = alive(&mut test);
        assert_eq!(wave.len(), size, "one more each time");
        test.steps(500);
        assert_eq!(alive(&mut test), wave, "who lives keeps the next one waiting");
        kill(&mut test, &wave[1..]);
        test.steps(200);
        assert_eq!(alive(&mut test), wave[..1], "one is enough for that");
        kill(&mut test, &wave[..1]);
        test.steps(PAUSE_TICKS - 1);
        assert_eq!(alive(&mut test), [], "then there is a pause");
        test.check();
    }
    test.steps(1_000);
    assert_eq!(alive(&mut test), [], "after the last there is no other");
}

#[test]
fn a_wave_may_come_before_the_last_is_dead() {
    let mut test = shard(10_000, 0);
    test.steps(6);
    let first = alive(&mut test);
    test.steps(290);
    assert_eq!(alive(&mut test), first, "ten seconds are not over");
    test.steps(20);
    assert_eq!(alive(&mut test).len(), 5, "then the second comes on top of the first");
    let both = alive(&mut test);
    kill(&mut test, &both);
    test.steps(PAUSE_TICKS + 2);
    assert_eq!(alive(&mut test).len(), 4, "who is quick does not have to wait ten seconds for the third");
    test.steps(1_000);
    assert_eq!(alive(&mut test).len(), 4, "it was the last");
    test.check();
}

#[test]
fn after_the_last_wave_it_begins_again() {
    let mut test = shard(0, 300);
    for size in [2, 3, 4] {
        test.steps(PAUSE_TICKS + 10);
        let wave = alive(&mut test);
        assert_eq!(wave.len(), size, "the wave is there");
        kill(&mut test, &wave);
    }
    test.steps(290);
    assert_eq!(alive(&mut test), [], "ten seconds are not over");
    test.steps(20);
    assert_eq!(alive(&mut test).len(), 2, "then the first comes again");
    test.check();
}

#[test]
fn waves_go_on_from_a_snapshot() {
    let mut test = shard(0, 100);
    test.steps(20);
    let wave = alive(&mut test);
    kill(&mut test, &wave);
    let snapshot = test.shard.snapshot();
    let mut other = plain(&[]);
    other.shard.restore(&snapshot).expect("it can be restored");
    for _ in 0..300 {
        assert_eq!(test.shard.step(&[]), other.shard.step(&[]), "both go on alike");
    }
    assert_eq!(alive(&mut other).len(), 3, "to the next wave");
}
