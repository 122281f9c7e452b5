//! What an operator sets of shards.

use bevy_ecs::prelude::Resource;

/// How shards are hosted.
#[derive(Resource, Clone, Debug)]
pub struct HostingConfig {
    /// The id of the first shard opened here, higher than any of an earlier run: logs and the store know them all.
    pub first_id: u64,
    /// Ticks from one snapshot to the next for clients without the datagram lane, 1 and up; 2 at 30 Hz are 15 a second.
    pub snapshot_interval_ticks: u32,
    /// How long a shard of an earlier run stands still for its players to come back, in seconds.
    pub resume_s: u32,
}

impl Default for HostingConfig {
    fn default() -> Self {
        Self { first_id: 1, snapshot_interval_ticks: 2, resume_s: 10 }
    }
}
