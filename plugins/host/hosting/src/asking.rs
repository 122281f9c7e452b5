//! Questions to a kind about a world of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hypogeum_protocol::ShardId;

/// Asks a kind about one of its shards. One that panics when it is asked must not take the other shards with it: the answer is
/// `None` then, which is written to the log.
pub fn ask<T>(shard: ShardId, what: &'static str, question: impl FnOnce() -> T) -> Option<T> {
    // A question changes nothing that others read.
    let answer = catch_unwind(AssertUnwindSafe(question));
    answer.inspect_err(|_| tracing::error!(%shard, what, "the kind of a shard panicked when it was asked")).ok()
}
