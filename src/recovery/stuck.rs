//! Matches that this build cannot go on with: which, why, and what was promised in them.

use std::collections::BTreeSet;

use hypogeum_journal::{Header, LogId, Tail};
use hypogeum_protocol::Seat;
use hypogeum_shard::ShardKinds;

/// A match that cannot go on here.
pub(super) struct Stuck {
    pub(super) log: LogId,
    /// What was promised in it, as far as its log can be read.
    pub(super) stakes: Option<Stakes>,
    pub(super) why: String,
    /// Its log, where it can be read.
    pub(super) tail: Option<Box<Tail>>,
}

impl Stuck {
    /// A match whose log can be read.
    pub(super) fn new(tail: Tail, why: String, kinds: &ShardKinds) -> Self {
        let mut stakes = Stakes::of(&tail.header, &tail.promised, kinds);
        let visitors = u32::try_from(tail.open_visits().count()).unwrap_or(u32::MAX);
        stakes.players = stakes.players.map(|players| players.saturating_add(visitors));
        let stakes = Some(stakes);
        Self { log: tail.header.log_id(), stakes, why, tail: Some(Box::new(tail)) }
    }
}

/// What was promised in a match that may not go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stakes {
    /// Players who take part; `None` where this build cannot read who does.
    pub(super) players: Option<u32>,
    /// How many were promised what they have won, and may have been notified of it.
    pub(super) promised: u32,
}

impl Stakes {
    pub(super) fn of(header: &Header, promised: &BTreeSet<Seat>, kinds: &ShardKinds) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let players = header.brief(kinds).ok().map(|brief| count(brief.players().count()));
        Self { players, promised: count(promised.len()) }
    }
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
        Some(Stakes { players, promised }) => {
            let players = players.map_or_else(
                || "of players this build cannot count".to_owned(),
                |players| format!("of {}", counted(players as usize, "player", "players")),
            );
            let promised = (promised > 0).then(|| format!(", {promised} of whom were promised what they have won"));
            players + promised.unwrap_or_default().as_str()
        }
    };
    format!("match {} {promised} ({})", stuck.log.shard_id, stuck.why)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::ShardId;

    use super::*;

    fn stuck(id: u64, stakes: Option<Stakes>) -> Stuck {
        Stuck { log: LogId::whole(ShardId(id)), stakes, why: "its log has format 1".to_owned(), tail: None }
    }

    #[test]
    fn the_sentence_lists_what_is_at_stake() {
        let one = sentence(&[stuck(7, Some(Stakes { players: Some(24), promised: 5 }))]);
        assert!(one.starts_with("what was promised in 1 match cannot be kept by this build: match 7 of 24 players, 5 of whom were promised what they have won (its log has format 1); "), "{one}");
        assert!(one.contains("give it up with `serve --give-up-matches`"), "{one}");
        let two = sentence(&[stuck(7, None), stuck(9, Some(Stakes { players: Some(1), promised: 0 }))]);
        assert!(two.contains("2 matches cannot be kept by this build: match 7 whose players its log does not say (its log has format 1); match 9 of 1 player (its log has format 1); "), "{two}");
        assert!(!two.contains('\n'), "it is one line: {two}");
    }
}
