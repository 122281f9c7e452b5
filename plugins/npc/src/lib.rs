//! Who lives there: senses, threat, brains and spawners.

mod landmarks;

pub use landmarks::{DangerMark, ExitMark, Landmarks};
