//! What shards want those to read who run the server: their designers' mistakes.

use bevy_ecs::prelude::{Query, Res, Without};
use hypogeum_shard::Shard;
use hypogeum_shard::host::{Crashed, Stepped};

use crate::hosted::HostedShard;

/// Writes the notes of the last steps to the log.
pub(crate) fn write_notes(stepped: Res<Stepped>, mut shards: Query<(&HostedShard, &mut Shard), Without<Crashed>>) {
    for (hosted, mut shard) in shards.iter_many_unique_mut(&stepped.0).flatten() {
        for note in shard.take_notes() {
            tracing::warn!(shard = %hosted.id, title = hosted.title, note, "a shard notes a mistake of its content");
        }
    }
}
