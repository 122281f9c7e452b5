//! What players want done: by buttons or in words.

mod acts;
mod obey;
mod parse;
mod speech;
mod targets;

pub(crate) use acts::{ActsDone, DeedsDue, conclude_acts, do_deeds, hand_gifts};
pub(crate) use obey::obey;
