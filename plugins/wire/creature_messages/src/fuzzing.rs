//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as tests.

use crate::{GameNews, KeptTournament, TournamentCommand, TournamentView};

/// What a tournament is told, what it shows and tells, and what is kept of it.
pub fn creature_messages(data: &[u8]) {
    if let Ok(command) = TournamentCommand::decode(data) {
        assert_eq!(TournamentCommand::decode(&command.encode()), Ok(command), "what was read can be written and read");
    }
    if let Ok(view) = TournamentView::decode(data) {
        assert_eq!(TournamentView::decode(&view.encode()), Ok(view), "what was read can be written and read");
    }
    if let Ok(news) = GameNews::decode(data) {
        assert_eq!(GameNews::decode(&news.encode()), Ok(news), "what was read can be written and read");
    }
    if let Ok(kept) = KeptTournament::decode(data) {
        assert_eq!(KeptTournament::decode(&kept.encode()), Ok(kept), "what was read can be written and read");
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_creature_messages_are_read_or_refused() {
        replay("creature_messages", super::creature_messages);
    }
}
