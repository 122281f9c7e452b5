//! What a bot does in the persistent world: it types, as somebody with a client of words does.

use std::time::Duration;

use hypogeum_world_messages::{ExitNews, WorldCommand, WorldNews};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Time between two lines of one bot: from this, to twice that.
const PAUSE: Duration = Duration::from_millis(1_500);
/// What it types when it does not walk on.
const LINES: [&str; 12] = [
    "look",
    "get all",
    "kill rat",
    "kill wolf",
    "kill raider",
    "say who goes there?",
    "emote looks over the shoulder.",
    "inventory",
    "use bandage",
    "stats",
    "flee",
    "stop",
];
/// How many of ten lines are a way out of the room.
const WALKS_OF_TEN: u32 = 5;

/// Types lines, and knows the ways out of the room it is in.
#[derive(Debug)]
pub(crate) struct Talker {
    dice: StdRng,
    exits: Vec<ExitNews>,
    due: Duration,
    /// What it was told in words.
    pub(crate) told: u64,
}

impl Talker {
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: StdRng::seed_from_u64(seed), exits: Vec::new(), due: Duration::ZERO, told: 0 }
    }

    /// Takes in what it is told. What cannot be read is nothing to it.
    pub(crate) fn hear(&mut self, body: &[u8]) {
        match WorldNews::decode(body) {
            Ok(WorldNews::Room(room)) => self.exits = room.exits,
            Ok(WorldNews::Told { .. }) => self.told += 1,
            _ => {}
        }
    }

    /// The next line, if it is time for one.
    pub(crate) fn next_line(&mut self, now: Duration) -> Option<Vec<u8>> {
        if now < self.due {
            return None;
        }
        self.due = now + PAUSE.mul_f32(self.dice.random_range(1.0..2.0));
        let walks = self.dice.random_range(0..10) < WALKS_OF_TEN && !self.exits.is_empty();
        let words = match walks {
            true => {
                let exit = &self.exits[self.dice.random_range(0..self.exits.len())];
                // Who stands before a door opens it, and tries again another time.
                if exit.door.is_some_and(|door| door.state != hypogeum_world_messages::DoorState::Open) {
                    format!("open {}", exit.word)
                } else {
                    exit.word.clone()
                }
            }
            false => LINES[self.dice.random_range(0..LINES.len())].to_owned(),
        };
        Some(WorldCommand::Line { words }.encode())
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_world_messages::{DoorNews, DoorState, RoomNews};

    use super::*;

    #[test]
    fn it_walks_by_the_ways_it_was_told_and_takes_its_time() {
        let mut talker = Talker::new(7);
        let exit = |word: &str, door| ExitNews { word: word.to_owned(), door };
        let exits = vec![exit("north", None), exit("hatch", Some(DoorNews { state: DoorState::Closed, version: 0 }))];
        let room =
            RoomNews { key: String::new(), name: String::new(), description: String::new(), is_safe: true, exits };
        talker.hear(&WorldNews::Room(room).encode());
        talker.hear(b"nonsense");
        let mut lines = Vec::new();
        for tenth in 0..600 {
            lines.extend(talker.next_line(Duration::from_millis(100) * tenth));
        }
        assert!((20..=41).contains(&lines.len()), "a minute has so many lines: {}", lines.len());
        let has = |words: &str| lines.contains(&WorldCommand::Line { words: words.to_owned() }.encode());
        assert!(has("north") && has("open hatch") && !has("hatch"), "it walks, and opens what is closed");
    }
}
