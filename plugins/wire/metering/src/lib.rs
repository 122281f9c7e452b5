//! How much and how long: a [`TokenBucket`] limits what somebody may do, a [`Histogram`] says how durations spread, and
//! [`announced_network_of`] says who is counted as one.
//!
//! None has a clock, takes a lock or allocates while it is used: callers say what time it is, and a tick may record.

mod histogram;
mod network;
mod token_bucket;

pub use histogram::Histogram;
pub use network::announced_network_of;
pub use token_bucket::{Rate, TokenBucket};
