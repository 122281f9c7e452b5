//! Shards of a server that died, going on in this one.

use std::fmt;

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, With, World};
use bevy_ecs::system::EntityCommands;
use hypogeum_journal::{EndedVisit, Recorder};
use hypogeum_protocol::{AccountId, ShardId};
use hypogeum_sessions::{HostTick, Presence, SessionIndex, SessionsConfig, Stage};
use hypogeum_shard::host::{Paused, ShardInbox};
use hypogeum_shard::{Command, CommandBody, HostedKind, Shard, ShardBrief};

use crate::HostingConfig;
use crate::hosted::{HostedShard, NewShard};
use crate::recording::Journal;

/// A shard as its log has it, on the content it began with.
pub struct ResumedShard {
    /// Its number, which no other shard has.
    pub id: ShardId,
    /// What is played.
    pub kind: HostedKind,
    /// Who takes part.
    pub brief: ShardBrief,
    /// A promise to somebody in it is on record, and may have been sent.
    pub has_promised: bool,
    /// Its world after the last step on record.
    pub shard: Shard,
    /// What goes on with its log.
    pub recorder: Recorder,
    /// What visits were worth that ended in the last step, where the log does not say so.
    pub ended_visits: Vec<EndedVisit>,
}

impl fmt::Debug for ResumedShard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ResumedShard").field("id", &self.id).field("shard", &self.shard).finish()
    }
}

/// A shard that waits for its players, who have all lost their connection, until this host tick at most.
#[derive(Component, Debug)]
pub(crate) struct AwaitingPlayers {
    until_tick: u64,
}

/// Puts a shard of an earlier run into a host that has not ticked yet. It stands still until its players are back, for as long
/// as [`HostingConfig::resume_s`] says; their seats are kept as those of anyone who lost a connection. Somebody who is free in it
/// may have a seat in another.
pub fn resume(world: &mut World, mut new: NewShard, recorder: Recorder, has_promised: bool) -> Entity {
    let entity = world.spawn_empty().id();
    let mut index = world.resource_mut::<SessionIndex>();
    for player in &new.hosted.players {
        let place = Stage::Playing { shard: entity, seat: player.seat };
        if new.hosted.is_free(player.seat) {
            index.keep_first_place(player.account, place);
        } else {
            index.keep_place(player.account, place);
        }
    }
    new.go_on_recording(world.resource::<Journal>().go_on(recorder, new.shard.tick().0, has_promised));
    let wait_s = world.resource::<HostingConfig>().resume_s;
    let sessions = world.resource::<SessionsConfig>();
    let (awaiting, host_hz) = (AwaitingPlayers { until_tick: sessions.ticks(wait_s) }, sessions.tick_hz);
    let mut commands = world.commands();
    let mut entity_commands = commands.entity(entity);
    new.insert_into(host_hz, &mut entity_commands);
    entity_commands.insert((Paused, awaiting));
    world.flush();
    entity
}

/// Lets a shard stand still until the next start, which goes on with it.
pub fn suspend(shard: &mut EntityCommands<'_>) {
    shard.insert(Paused).remove::<AwaitingPlayers>();
}

/// Lets shards go on whose players are back, or have had their time. A player who is not back is absent from then on.
pub(crate) fn go_on(
    (tick, index): (Res<HostTick>, Res<SessionIndex>),
    sessions: Query<&Presence>,
    mut shards: Query<(Entity, &HostedShard, &AwaitingPlayers, &mut ShardInbox), With<Paused>>,
    mut commands: Commands,
) {
    let is_back = |account: AccountId| {
        let presence = index.session_of(account).and_then(|session| sessions.get(session).ok());
        presence.is_some_and(|presence| presence.listening().is_some())
    };
    for (entity, hosted, awaiting, mut inbox) in &mut shards {
        let playing = hosted.players.iter().filter(|player| !hosted.is_free(player.seat));
        let absent: Vec<_> = playing.filter(|player| !is_back(player.account)).collect();
        if !absent.is_empty() && tick.0 < awaiting.until_tick {
            continue;
        }
        tracing::info!(shard = %hosted.id, absent = absent.len(), "a shard goes on");
        for player in absent {
            inbox.0.push(Command { seat: player.seat, body: CommandBody::Present(false) });
        }
        commands.entity(entity).remove::<(Paused, AwaitingPlayers)>();
    }
}
