//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as a test.

use crate::LinkConditions;

/// A link's conditions as text.
pub fn link_conditions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(conditions) = text.parse::<LinkConditions>() else { return };
    assert_eq!(conditions.to_string().parse(), Ok(conditions), "what was read can be written and read");
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_conditions_are_read_or_refused() {
        replay("link_conditions", super::link_conditions);
    }
}
