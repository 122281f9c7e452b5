//! What the service asks of games that people enter one by one, and under which terms they are.

use std::sync::Arc;

use hypogeum_creature_messages::GameId;

use crate::games::RunningGame;
use crate::ladders::LadderSeason;

/// Most percent of a pot that are won, and most prizes: one for each place.
pub const PRIZES_MAX: usize = 64;

/// Which numbers of creatures a tournament can be played with, 1–64 of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes(u64);

impl Sizes {
    /// Those of 1–64 for which `can_play` says so.
    pub fn of(mut can_play: impl FnMut(u8) -> bool) -> Self {
        Self((1..=64).filter(|size| can_play(*size)).fold(0, |sizes, size| sizes | Self::bit(size)))
    }

    const fn bit(size: u8) -> u64 {
        if size == 0 || size > 64 { 0 } else { 1 << (size - 1) }
    }

    /// Whether so many can play.
    #[must_use]
    pub const fn has(self, size: u8) -> bool {
        self.0 & Self::bit(size) != 0
    }

    /// The fewest that can play, from `least` to `most`.
    #[must_use]
    pub fn fewest(self, least: u8, most: u8) -> Option<u8> {
        (least..=most).find(|size| self.has(*size))
    }
}

/// Who is the best seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seeding {
    /// Whoever entered first.
    #[default]
    EntryOrder,
    /// Chance, by a key that is drawn when the game starts.
    Drawn,
    /// Whoever is rated highest when the game starts, of equals the one who entered first.
    Rating {
        /// The key of the ladder.
        ladder: String,
    },
}

/// Under which terms people enter a game. They are fixed when it is opened, whatever becomes of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryTerms {
    /// The key of the tournament.
    pub tournament: String,
    /// Most that take part.
    pub size: u8,
    /// Fewest to which machines fill it, at most `size`.
    pub size_min: u8,
    /// The key of the machines' level; `None`: only people's creatures take part.
    pub fill: Option<String>,
    /// When it starts unless it is full before, in seconds since 1970.
    pub starts_s: u64,
    /// Most creatures of one person.
    pub per_person_max: u8,
    /// Fewest people who must have entered by then; at least 1.
    pub people_min: u8,
    /// What it costs to enter with a creature.
    pub entry_fee: i64,
    /// What the house adds to the fees.
    pub purse: i64,
    /// Percent of fees and purse for each place, the first first: at most [`PRIZES_MAX`], together at most 100.
    pub prizes_percent: Vec<u8>,
    /// Who is the best seed.
    pub seeding: Seeding,
}

/// What the service asks of games that people enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntriesRequest {
    /// Opens the game of a schedule, for everyone to enter: one for each tournament and time, however often it is asked.
    Announce(Box<EntryTerms>),
    /// Games to be started or called off by now: those that are full, and those whose time has come.
    Due {
        /// What time it is, in seconds since 1970.
        now_s: u64,
        /// How many at most.
        count: usize,
    },
    /// Starts a game that is due, or calls it off where it cannot be played. Asked again, it answers how it stands.
    Start {
        /// Which one.
        game: GameId,
        /// What time it is, in seconds since 1970.
        now_s: u64,
        /// Which numbers of creatures can play it; none: it cannot be played here at all.
        sizes: Sizes,
        /// The key of a draw: kept, so that it can be shown how the seeds came about.
        draw: [u8; 16],
        /// The ladders there are: by one that is gone everybody is a newcomer.
        ladders: Arc<[LadderSeason]>,
    },
    /// A game that was started and cannot be played after all: fees are given back, and creatures are free.
    Undo {
        /// Which one.
        game: GameId,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntriesReply {
    /// Answers [`EntriesRequest::Announce`].
    Announced {
        /// The game.
        game: GameId,
        /// Whether it was opened by this very request.
        is_new: bool,
    },
    /// Answers [`EntriesRequest::Due`]: games and the keys of their tournaments.
    Due(Vec<(GameId, String)>),
    /// Answers [`EntriesRequest::Start`].
    Started {
        /// Which one.
        game: GameId,
        /// What became of it.
        outcome: StartOutcome,
    },
    /// Answers [`EntriesRequest::Undo`].
    Undone(GameId),
}

/// What became of a game that was to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartOutcome {
    /// It runs, since now or before.
    Runs(Box<RunningGame>),
    /// It is called off.
    CalledOff,
    /// It is not due any more: somebody has left.
    NotDue,
    /// It was played to its end already.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_can_be_played() {
        let sizes = Sizes::of(|size| size.is_power_of_two());
        let found: Vec<u8> = (0..=u8::MAX).filter(|size| sizes.has(*size)).collect();
        assert_eq!(found, [1, 2, 4, 8, 16, 32, 64], "from 1 to 64 alone");
        assert_eq!(sizes.fewest(5, 64), Some(8), "the next that can be played");
        assert_eq!((sizes.fewest(5, 7), sizes.fewest(9, 3)), (None, None), "within what is asked");
        assert!(!Sizes::default().has(2), "without any, nothing is played");
    }
}
