//! Waves: how a spawner of a mode or a zone brings its NPCs when not one by one.

use serde::{Deserialize, Serialize};

/// NPCs that come in waves. The first has as many as the spawner's `count`; the next comes when the last of a wave is dead. The
/// spawner's `respawn_ms` is the time from the end of the last wave to the first one again, 0: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WavesDef {
    /// How many waves there are, 1–100.
    pub count: u32,
    /// How many NPCs more each has than the one before, 0–100.
    #[serde(default)]
    pub grows_by: u32,
    /// Time from the death of the last of a wave to the next, 500–600,000.
    pub pause_ms: u32,
    /// Longest time from one wave to the next, even while some of the one before live, 1,000–3,600,000; 0: no such time.
    #[serde(default)]
    pub at_latest_ms: u32,
}

impl WavesDef {
    /// How many NPCs can live at once, with so many in the first wave: the last wave, or all of them where they do not wait for
    /// one another.
    #[must_use]
    pub fn living_max(&self, first: u32) -> u64 {
        let (count, first, grows_by) = (u64::from(self.count), u64::from(first), u64::from(self.grows_by));
        // Counts are as wide as they are written: content is asked before its ranges are known to be right.
        let last = first.saturating_add(grows_by.saturating_mul(count.saturating_sub(1)));
        if self.at_latest_ms == 0 { last } else { first.saturating_add(last).saturating_mul(count) / 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_counted_without_harm() {
        let waves = WavesDef { count: u32::MAX, grows_by: u32::MAX, pause_ms: 500, at_latest_ms: 1_000 };
        assert_eq!(waves.living_max(u32::MAX), u64::MAX / 2, "more than anything takes");
        assert_eq!(WavesDef { count: 3, grows_by: 2, ..waves }.living_max(4), 18, "four, six and eight");
    }
}
