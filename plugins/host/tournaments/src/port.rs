//! How threads beside the tick ask for games: an HTTP handler, a test.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_creature_messages::{GameId, TournamentCommand, TournamentRefusal, TournamentView};
use hypogeum_hosting::{Answer, Bell, Promise, promise};
use hypogeum_protocol::AccountId;
use hypogeum_store::{Bounded, RunningGame};

/// Questions that may wait for the tick; one more is refused.
pub const ASKED_WAITING_MAX: usize = 8_192;

/// The way to the games that run. A clone leads to the same ones.
///
/// What is asked of games that run is answered between ticks, too, where the thread that runs them listens to [`Self::bell`].
#[derive(Resource, Clone, Debug)]
pub struct GamesPort {
    /// Games that are to be opened, which the tick does.
    pub(crate) openings: Arc<Bounded<Opened>>,
    /// What is asked of those that run.
    pub(crate) asked: Arc<Bounded<Asked>>,
    bell: Bell,
}

impl Default for GamesPort {
    fn default() -> Self {
        let (openings, asked) = (Bounded::new(ASKED_WAITING_MAX), Bounded::new(ASKED_WAITING_MAX));
        Self { openings: Arc::new(openings), asked: Arc::new(asked), bell: Bell::default() }
    }
}

/// Why a game does not do what is asked. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GameRefusal {
    /// It does not run here: it is over, or never was.
    #[error("the game does not run")]
    NotRunning,
    /// The creature is not the caller's, or takes no part.
    #[error("that creature is not yours here")]
    NotYours,
    /// The tournament refuses it.
    #[error("the tournament refuses it: {0:?}")]
    Refused(TournamentRefusal),
    /// It cannot be played as it is wanted, and why.
    #[error("{0}")]
    Unfit(String),
    /// The server cannot do it now.
    #[error("the games are not available now")]
    Unavailable,
}

/// What is answered: the game as it stands after what was asked, once that would survive a crash.
pub type GameAnswer = Result<Arc<TournamentView>, GameRefusal>;

/// A game that is to run, as it waits.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) game: RunningGame,
    pub(crate) promise: Promise<GameAnswer>,
}

/// A question as it waits.
#[derive(Debug)]
pub(crate) enum Asked {
    Command { game: GameId, by: AccountId, entrant: u8, command: TournamentCommand, promise: Promise<GameAnswer> },
    Look { game: GameId, promise: Promise<GameAnswer> },
    Log { game: GameId, part: (u16, u8), promise: Promise<Result<Option<String>, GameRefusal>> },
}

impl GamesPort {
    /// Lets a game run that the database has begun. One that runs goes on.
    pub fn open(&self, game: RunningGame) -> Answer<GameAnswer> {
        let (promise, answer) = promise();
        // Refused, it is dropped, and the answer is that there will be none.
        drop(self.openings.try_push(Opened { game, promise }));
        answer
    }

    /// Tells a game something for a creature of an account.
    pub fn command(
        &self,
        game: GameId,
        by: AccountId,
        (entrant, command): (u8, TournamentCommand),
    ) -> Answer<GameAnswer> {
        self.ask(|promise| Asked::Command { game, by, entrant, command, promise })
    }

    /// A game as it stands.
    pub fn look(&self, game: GameId) -> Answer<GameAnswer> {
        self.ask(|promise| Asked::Look { game, promise })
    }

    /// The log of a battle of a game, by its pairing and its number among the battles of the two; `None` where there is none.
    pub fn log(&self, game: GameId, part: (u16, u8)) -> Answer<Result<Option<String>, GameRefusal>> {
        self.ask(|promise| Asked::Log { game, part, promise })
    }

    /// It is rung where something is asked that need not wait for the next tick.
    #[must_use]
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    fn ask<T>(&self, question: impl FnOnce(Promise<T>) -> Asked) -> Answer<T> {
        let (promise, answer) = promise();
        drop(self.asked.try_push(question(promise)));
        self.bell.ring();
        answer
    }
}
