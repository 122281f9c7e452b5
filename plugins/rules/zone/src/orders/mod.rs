//! What players want done: by buttons or in words.

mod acts;
mod obey;
mod parse;
mod speech;
mod targets;
mod things;

pub(crate) use acts::{DeedsDue, conclude_acts, do_deeds};
pub(crate) use obey::obey;
