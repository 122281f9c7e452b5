//! What an operator sets of shards.

use bevy_ecs::prelude::Resource;

/// How shards are hosted.
#[derive(Resource, Clone, Debug)]
pub struct HostingConfig {
    /// Ticks from one snapshot to the next for clients without the datagram lane, 1 and up; 2 at 30 Hz are 15 a second.
    pub snapshot_interval_ticks: u32,
    /// How long a shard of an earlier run stands still for its players to come back, in seconds.
    pub resume_s: u32,
}

impl Default for HostingConfig {
    fn default() -> Self {
        Self { snapshot_interval_ticks: 2, resume_s: 10 }
    }
}
