//! Open shards in which nothing is to happen take no steps.

use bevy_ecs::prelude::{Query, Without};
use hypogeum_shard::host::{AtRest, Crashed};
use hypogeum_shard::{Shard, Stepping};

use crate::asking::ask;
use crate::hosted::{HostedShard, Seatless};

/// Asks each open shard that has taken a step, and in which no player has a seat, whether it may rest until somebody comes.
pub(crate) fn rest(mut shards: Query<(&HostedShard, &Shard, &mut AtRest), (Without<Crashed>, Without<Seatless>)>) {
    for (hosted, shard, mut rest) in &mut shards {
        if !hosted.kind.is_open || hosted.kind.stepping == Stepping::OnCommand {
            continue;
        }
        // One that rests has taken no step; what wakes it up is somebody who enters.
        let may_rest = hosted.players.is_empty();
        if rest.0 && may_rest {
            continue;
        }
        rest.0 = may_rest && ask(hosted.id, "is_at_rest", || (hosted.kind.is_at_rest)(shard.world())).unwrap_or(false);
    }
}
