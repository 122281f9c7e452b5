//! A shard again from its log: to go on after a crash, or to compare every step with what was recorded.

mod error;
mod origin;
mod resume;
mod steps;

pub use error::ReplayError;
pub use resume::{Resumed, resume};
pub use steps::{Divergence, Replay, Replayed};
