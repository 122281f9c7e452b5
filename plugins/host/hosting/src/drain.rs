//! Open shards at the end of the server: they stand still, and go on at its next start.

use bevy_ecs::prelude::{Commands, Entity, Query, Res};
use hypogeum_sessions::{Drain, Reply, Session, SessionIndex};

use crate::hosted::HostedShard;
use crate::resuming::suspend;

/// Sends everyone away who is in an open shard.
pub(crate) fn suspend_open(
    (draining, index): (Res<Drain>, Res<SessionIndex>),
    mut reply: Reply,
    mut sessions: Query<Session>,
    shards: Query<(Entity, &HostedShard)>,
    mut commands: Commands,
) {
    if !draining.is_begun() {
        return;
    }
    for (entity, hosted) in shards.iter().filter(|(_, hosted)| hosted.kind.is_open) {
        suspend(&mut commands.entity(entity));
        for player in &hosted.players {
            let session = index.session_of(player.account).and_then(|session| sessions.get_mut(session).ok());
            if let Some(mut session) = session.filter(|session| session.stage.is_in(entity)) {
                reply.send_away(&mut session);
            }
        }
    }
}
