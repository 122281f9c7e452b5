//! Matches that this build cannot go on with: which, why, and what was promised in them.

use hypogeum_journal::{Stakes, Tail};
use hypogeum_protocol::MatchId;

/// A match that cannot go on here.
pub(super) struct Stuck {
    pub(super) match_id: MatchId,
    /// What was promised in it, as far as its log can be read.
    pub(super) stakes: Option<Stakes>,
    pub(super) why: String,
    /// Its log, where it can be read.
    pub(super) tail: Option<Box<Tail>>,
}

/// Why the server does not start, and what can be done.
pub(super) fn sentence(stuck: &[Stuck]) -> String {
    let matches: Vec<String> = stuck.iter().map(described).collect();
    let them = if stuck.len() == 1 { "it" } else { "them" };
    format!(
        "what was promised in {} cannot be kept by this build: {}; start the build and the data it began with, or break \
         the promises and give {them} up with `serve --give-up-matches`: everyone gets back what they brought, and nothing \
         else",
        counted(stuck.len(), "match", "matches"),
        matches.join("; "),
    )
}

fn described(stuck: &Stuck) -> String {
    let promised = match stuck.stakes {
        None => "whose players its log does not say".to_owned(),
        Some(Stakes { players, extracted: 0 }) => format!("of {}", counted(players as usize, "player", "players")),
        Some(Stakes { players, extracted }) => {
            let players = counted(players as usize, "player", "players");
            format!("of {players}, {extracted} of whom were told that they got out")
        }
    };
    format!("match {} {promised} ({})", stuck.match_id, stuck.why)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(id: u64, stakes: Option<Stakes>) -> Stuck {
        Stuck { match_id: MatchId(id), stakes, why: "its log has format 1".to_owned(), tail: None }
    }

    #[test]
    fn the_sentence_lists_what_is_at_stake() {
        let one = sentence(&[stuck(7, Some(Stakes { players: 24, extracted: 5 }))]);
        assert!(one.starts_with("what was promised in 1 match cannot be kept by this build: match 7 of 24 players, 5 of whom were told that they got out (its log has format 1); "), "{one}");
        assert!(one.contains("give it up with `serve --give-up-matches`"), "{one}");
        let two = sentence(&[stuck(7, None), stuck(9, Some(Stakes { players: 1, extracted: 0 }))]);
        assert!(two.contains("2 matches cannot be kept by this build: match 7 whose players its log does not say (its log has format 1); match 9 of 1 player (its log has format 1); "), "{two}");
        assert!(!two.contains('\n'), "it is one line: {two}");
    }
}
