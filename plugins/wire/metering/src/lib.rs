//! How much and how long: a [`TokenBucket`] limits what somebody may do, a [`Histogram`] says how durations spread.
//!
//! Neither has a clock, takes a lock or allocates while it is used: callers say what time it is, and a tick may record.

mod histogram;
mod token_bucket;

pub use histogram::Histogram;
pub use token_bucket::{Rate, TokenBucket};
