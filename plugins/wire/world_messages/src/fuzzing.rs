//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as tests.

use crate::{WorldCommand, WorldNews};

/// What a client of a world sends, and what it is told.
pub fn world_messages(data: &[u8]) {
    if let Ok(command) = WorldCommand::decode(data) {
        assert_eq!(WorldCommand::decode(&command.encode()), Ok(command), "what was read can be written and read");
    }
    if let Ok(news) = WorldNews::decode(data) {
        assert_eq!(WorldNews::decode(&news.encode()), Ok(news), "what was read can be written and read");
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_world_messages_are_read_or_refused() {
        replay("world_messages", super::world_messages);
    }
}
