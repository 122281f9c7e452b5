//! How threads beside the tick ask for a place in line: an HTTP handler, a test.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_hosting::{Answer, Promise, promise};
use hypogeum_protocol::AccountId;
use hypogeum_store::{Bounded, RatedRefusal};

/// Questions that may wait for the tick; one more is refused.
const ASKED_WAITING_MAX: usize = 8_192;

/// The way to those who wait. A clone leads to the same ones.
#[derive(Resource, Clone, Debug)]
pub struct LaddersPort(pub(crate) Arc<Bounded<Asked>>);

impl Default for LaddersPort {
    fn default() -> Self {
        Self(Arc::new(Bounded::new(ASKED_WAITING_MAX)))
    }
}

/// Somebody who wants to wait for a rated battle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinLadder {
    /// The account that wants to wait.
    pub account: AccountId,
    /// The key of the ladder.
    pub ladder: String,
    /// The creature that fights.
    pub creature: CreatureId,
    /// What that person is rated, as it is shown.
    pub rating: i32,
    /// By which the same request is known when it comes again; empty: it is not. At most 64 bytes.
    pub key: String,
}

/// How it stands with somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueState {
    /// Not in line, as far as this server knows.
    Nowhere,
    /// In line.
    Waiting(LadderPosition),
    /// Somebody was found, and the battle begins.
    Starting,
    /// The battle has begun.
    Playing(GameId),
    /// Out of the line again, and why.
    FellOut(FallOut),
}

/// A place in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderPosition {
    /// The key of the ladder.
    pub ladder: String,
    /// The creature that fights.
    pub creature: CreatureId,
    /// What its owner is rated.
    pub rating: i32,
    /// How far away a rating may be now.
    pub window: u32,
    /// How many are in reach, itself included.
    pub waiting: usize,
    /// Since when, in seconds since 1970.
    pub since_s: i64,
}

/// Why somebody is out of the line again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallOut {
    /// Nobody asked how it stands for too long.
    Vanished,
    /// The battle could not begin for them.
    Refused(RatedRefusal),
    /// The server could not begin the battle.
    Failed,
}

/// Why somebody is not in line. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is no such ladder.
    #[error("there is no such ladder")]
    UnknownLadder,
    /// That person waits already, by another request.
    #[error("one person has one place in line")]
    AlreadyQueued,
    /// Somebody was found, and the battle begins: it is too late to leave.
    #[error("the battle begins")]
    Starting,
    /// As many wait as may.
    #[error("no more can wait now")]
    Full,
    /// The server begins nothing more.
    #[error("the server begins no more battles")]
    Draining,
}

/// What is answered: how it stands after what was asked.
pub type QueueAnswer = Result<QueueState, QueueError>;

/// A question as it waits.
#[derive(Debug)]
pub(crate) enum Asked {
    Join { wanted: JoinLadder, promise: Promise<QueueAnswer> },
    Leave { account: AccountId, promise: Promise<QueueAnswer> },
    Look { account: AccountId, promise: Promise<QueueAnswer> },
}

impl LaddersPort {
    /// Takes a place in line. The same request again, by its key, is the same place.
    pub fn join(&self, wanted: JoinLadder) -> Answer<QueueAnswer> {
        self.ask(|promise| Asked::Join { wanted, promise })
    }

    /// Leaves the line.
    pub fn leave(&self, account: AccountId) -> Answer<QueueAnswer> {
        self.ask(|promise| Asked::Leave { account, promise })
    }

    /// How it stands. Who does not ask for long falls out.
    pub fn look(&self, account: AccountId) -> Answer<QueueAnswer> {
        self.ask(|promise| Asked::Look { account, promise })
    }

    fn ask(&self, question: impl FnOnce(Promise<QueueAnswer>) -> Asked) -> Answer<QueueAnswer> {
        let (promise, answer) = promise();
        // Refused, it is dropped, and the answer is that there will be none.
        drop(self.0.try_push(question(promise)));
        answer
    }
}
