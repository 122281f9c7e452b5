//! Scripts: what triggers call where data alone does not say it.

mod asked;
mod calls;
mod intents;
mod record;

pub(crate) use calls::{Cause, call, call_due};
pub use record::{Failures, ScriptRecord, Timer};
