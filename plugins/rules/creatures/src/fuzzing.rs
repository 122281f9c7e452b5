//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as tests.

use crate::replay_battle_log;

/// The log of a battle, as somebody hands it over.
pub fn battle_log(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(replayed) = replay_battle_log(text) {
        let turns = text.lines().filter(|line| line.starts_with("|turn|")).count();
        assert_eq!(replayed.turns as usize, turns, "every turn of a log that is true was played");
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_battle_logs_are_played_or_refused() {
        replay("battle_log", super::battle_log);
    }
}
