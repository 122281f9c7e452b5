//! Characters whose players' connections are gone leave at once where their place says so.

use bevy_ecs::prelude::{MessageReader, Query, Without};
use hypogeum_hosting::{Halted, HostedShard, ask};
use hypogeum_sessions::{PresenceChanged, Stage};
use hypogeum_shard::host::ShardInbox;
use hypogeum_shard::{Command, CommandBody, Shard};

/// Lets those leave whose connections are gone.
pub(crate) fn vanish(
    mut changes: MessageReader<PresenceChanged>,
    mut shards: Query<(&HostedShard, &Shard, &mut ShardInbox), Without<Halted>>,
) {
    for PresenceChanged { stage, is_here, .. } in changes.read() {
        let Stage::Playing { shard, seat } = *stage else { continue };
        let Ok((hosted, world, mut inbox)) = shards.get_mut(shard) else { continue };
        let Some(place) = hosted.kind.as_place.filter(|_| !is_here) else { continue };
        if ask(hosted.id, "leaves_when_away", || (place.leaves_when_away)(world.world())) == Some(true) {
            inbox.0.push(Command { seat, body: CommandBody::Leave });
        }
    }
}
