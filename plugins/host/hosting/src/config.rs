//! What an operator sets of shards.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Res, Resource};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::AccountId;
use hypogeum_sessions::SessionsConfig;
use hypogeum_shard::HostedKind;

/// How shards are hosted.
#[derive(Resource, Clone, Debug)]
pub struct HostingConfig {
    /// The id of the first shard opened here, higher than any of an earlier run: logs and the store know them all.
    pub first_id: u64,
    /// Steps a second of shards that set no rate, 1 to the ticks of the host; `None`: as many as the host has ticks.
    pub shard_hz: Option<u32>,
    /// Ticks of the host from one snapshot to the next for clients without the datagram lane, 1 and up; 2 at 30 Hz are 15 a second.
    pub snapshot_interval_ticks: u32,
    /// Accounts that may give commands for game masters.
    pub game_masters: BTreeSet<AccountId>,
    /// How long a shard of an earlier run stands still for its players to come back, in seconds.
    pub resume_s: u32,
}

impl Default for HostingConfig {
    fn default() -> Self {
        Self { first_id: 1, shard_hz: None, snapshot_interval_ticks: 2, game_masters: BTreeSet::new(), resume_s: 10 }
    }
}

/// The rates of this host, for systems that open shards.
#[derive(SystemParam)]
pub struct Rates<'w> {
    sessions: Res<'w, SessionsConfig>,
    hosting: Res<'w, HostingConfig>,
}

impl Rates<'_> {
    /// Steps a second of a new shard: as many as `wanted`, or the usual rate without. `None` where that is more than
    /// this host has ticks, which is written to the log.
    #[must_use]
    pub fn of_new(&self, kind: &HostedKind, wanted: Option<u32>) -> Option<u32> {
        let host_hz = self.sessions.tick_hz;
        let shard_hz = kind.tick_hz(wanted, self.hosting.shard_hz.unwrap_or(host_hz));
        if shard_hz > host_hz {
            tracing::error!(
                kind = kind.name,
                shard_hz,
                host_hz,
                "a shard wants more steps a second than this server has ticks"
            );
        }
        Some(shard_hz).filter(|shard_hz| *shard_hz <= host_hz)
    }

    /// Ticks a second of the host.
    #[must_use]
    pub fn host(&self) -> u32 {
        self.sessions.tick_hz
    }
}
