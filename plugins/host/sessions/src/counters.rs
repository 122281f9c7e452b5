//! What was refused and dropped.

use bevy_ecs::prelude::Resource;

/// What was refused and dropped since the start.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counters {
    /// Frames that are no message.
    pub malformed: u64,
    /// Messages with a field outside its range.
    pub out_of_range: u64,
    /// Messages beyond an operation's allowance.
    pub too_soon: u64,
    /// Messages that mean nothing where their session is.
    pub wrong_state: u64,
    /// Answered with an error, or would have been but for the limit on errors.
    pub refused: u64,
    /// Frames of connections nobody knows, or no longer.
    pub strangers: u64,
    /// Frames beyond what one session may leave waiting.
    pub crowded_frames: u64,
    /// Input batches with nothing new in them.
    pub stale_inputs: u64,
    /// Inputs far beyond what any honest client reaches.
    pub forged_inputs: u64,
    /// Inputs dropped because newer ones pushed them out.
    pub crowded_inputs: u64,
    /// Inputs merged into the next because they lagged more than the link's jitter needs.
    pub merged_inputs: u64,
    /// Acts older than one already passed on, or the same again.
    pub stale_acts: u64,
    /// Requests the store failed.
    pub store_failures: u64,
    /// Matches whose shard panicked.
    pub matches_crashed: u64,
    /// Matches that were built again after a panic, and went on.
    pub matches_rebuilt: u64,
    /// Commands at which a shard panicked, dropped when its match was built again.
    pub commands_dropped: u64,
    /// Inputs and acts passed on to matches.
    pub commands: u64,
    /// Events of all matches.
    pub events: u64,
    /// Acks of datagrams that were never sent.
    pub future_acks: u64,
    /// Views sent in full again because their client found them to differ.
    pub resyncs: u64,
    /// Pages and events that found no room in a datagram, and came later or not.
    pub left_out: u64,
    /// Snapshots sent, over whichever channel.
    pub snapshots: u64,
    /// Chunks of ground sent.
    pub chunks: u64,
    /// Chunks asked for that were not told to lie near, or are on their way or there already, or are of another place.
    pub chunks_refused: u64,
    /// Frames lost because the edge took none for too long.
    pub frames_lost: u64,
}
