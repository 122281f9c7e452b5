//! A match again from its log: to go on after a crash, to compare every step, to settle it.
//!
//! A shard is a pure machine, so its log has all of it, the content too: [`resume`] builds the world a crash has interrupted, as it was after
//! the last step on record; [`Replay`] takes every step of a log again and compares what comes of it with what was recorded
//! then, and where they part says in which components of whom.
//!
//! | idea | file |
//! |---|---|
//! | what a log's header and a match's setup have in common | `origin.rs` |
//! | all steps again, compared | `replay.rs` |
//! | going on where a crash has left it | `resume.rs` |
//! | what a match is worth | `settlement.rs` |

mod error;
mod origin;
mod replay;
mod resume;
mod settlement;

pub use error::ReplayError;
pub use origin::header;
pub use replay::{Divergence, Replay, Replayed};
pub use resume::{Resumed, resume};
pub use settlement::settlement;
