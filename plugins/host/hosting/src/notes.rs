//! What shards want those to read who run the server: their designers' mistakes.

use bevy_ecs::prelude::{Query, Without};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;

use crate::hosted::HostedShard;

/// Writes the notes of the last steps to the log.
pub(crate) fn write_notes(mut shards: Query<(&HostedShard, &mut Shard), Without<Crashed>>) {
    for (hosted, mut shard) in &mut shards {
        for note in shard.take_notes() {
            tracing::warn!(shard = %hosted.id, title = hosted.title, note, "a shard notes a mistake of its content");
        }
    }
}
