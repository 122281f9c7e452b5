//! Minds on a bare shard: spawn, step, look.

mod afar;
mod autopilot;
mod crowds;
mod npcs;

use crate::Landmarks;
use crate::test_shard::TestShard;

fn landmarks(test: &mut TestShard, change: impl FnOnce(&mut Landmarks)) {
    change(&mut test.world().resource_mut::<Landmarks>());
}
