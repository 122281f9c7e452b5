//! Seats of players who stay away: kept for the linger, given up after it.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, Query, Res, Without};
use hypogeum_protocol::Seat;
use hypogeum_sessions::{HostTick, Presence, SessionIndex, SessionsConfig, Stage};
use hypogeum_shard::host::{Paused, ShardInbox};
use hypogeum_shard::{Command, CommandBody};

use crate::hosted::{HostedShard, Seatless};

/// Since when seats have nobody, as host ticks. A seat of a shard that was resumed has had no session yet.
#[derive(Debug, Default)]
pub(crate) struct Absences(BTreeMap<Seat, u64>);

impl Absences {
    /// Nobody waits for a seat any more.
    pub(crate) fn forget(&mut self, seat: Seat) {
        self.0.remove(&seat);
    }

    /// Whether a seat has had nobody for so many ticks.
    pub(crate) fn last(&self, seat: Seat, tick: u64, ticks: u64) -> bool {
        self.0.get(&seat).is_some_and(|since| tick.saturating_sub(*since) >= ticks)
    }
}

/// Gives up the seats of those who stay away for longer than the linger, as if they had said so: what becomes of the avatar is for
/// the rules to say. Each shard is looked at once a second, and not all in one tick.
pub(crate) fn give_up_absent(
    (tick, config, index): (Res<HostTick>, Res<SessionsConfig>, Res<SessionIndex>),
    mut shards: Query<(Entity, &mut HostedShard, &mut ShardInbox), (Without<Paused>, Without<Seatless>)>,
    sessions: Query<(&Presence, &Stage)>,
) {
    let (tick, second, linger) = (tick.0, config.ticks(1).max(1), config.ticks(config.linger_s));
    for (entity, mut hosted, mut inbox) in &mut shards {
        if !tick.wrapping_add(hosted.id.0).is_multiple_of(second) {
            continue;
        }
        let hosted = &mut *hosted;
        for player in &hosted.players {
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            let session = session.filter(|(_, stage)| stage.is_in(entity));
            let is_here = session.is_some_and(|(presence, _)| presence.connection.is_some());
            if is_here || hosted.free.contains(&player.seat) {
                hosted.absences.0.remove(&player.seat);
                continue;
            }
            let away_since = session.and_then(|(presence, _)| presence.away_since).unwrap_or(tick);
            let since = *hosted.absences.0.entry(player.seat).or_insert(away_since);
            if tick.saturating_sub(since) >= linger {
                tracing::info!(shard = %hosted.id, account = %player.account, "a seat is given up: its player stays away");
                inbox.0.push(Command { seat: player.seat, body: CommandBody::Leave });
            }
        }
    }
}
