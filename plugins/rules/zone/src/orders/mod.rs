//! What players want done: by buttons or in words.

mod acts;
mod cast;
mod company;
mod complete;
mod doors;
mod keepers;
mod obey;
mod operate;
mod parse;
mod speech;
mod targets;
mod things;
mod trade;

pub(crate) use acts::{DeedsDue, conclude_acts, do_deeds};
pub(crate) use cast::cast_ordered;
pub(crate) use company::{members, part, sharers, walk_after};
pub(crate) use obey::obey;
pub(crate) use operate::line_of;
pub(crate) use trade::keep_trades;
