//! Fights on a bare shard.
