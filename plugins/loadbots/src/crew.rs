//! Many bots on one thread, without a clock: whoever drives them says how much time has passed.

use std::time::Duration;

use hypogeum_client::Wire;

use crate::bot::{Bot, Stage};
use crate::report::{Progress, SwarmReport};
use crate::terrain::Atlas;

/// Bots that share what they know of the ground. Over any wire, so that tests need no sockets.
#[derive(Debug)]
pub struct Crew<W> {
    bots: Vec<Bot<W>>,
    atlas: Atlas,
}

impl<W> Default for Crew<W> {
    fn default() -> Self {
        Self { bots: Vec::new(), atlas: Atlas::default() }
    }
}

impl<W: Wire> Crew<W> {
    /// Takes one more bot in.
    pub fn join(&mut self, mut bot: Bot<W>) {
        bot.share(self.atlas.clone());
        self.bots.push(bot);
    }

    /// The bots, in the order they joined.
    #[must_use]
    pub fn bots(&self) -> &[Bot<W>] {
        &self.bots
    }

    /// Lets time pass for all.
    pub fn poll(&mut self, elapsed: Duration) {
        for bot in &mut self.bots {
            bot.poll(elapsed);
        }
    }

    /// Lets all decide for one tick.
    pub fn tick(&mut self) {
        for bot in &mut self.bots {
            bot.tick();
        }
    }

    /// While held, nobody asks for a match: so that all come into one, hold them until [`Self::all_welcomed`].
    pub fn hold(&mut self, held: bool) {
        for bot in &mut self.bots {
            bot.hold(held);
        }
    }

    /// Whether every bot has, or had, a session, or will never have one.
    #[must_use]
    pub fn all_welcomed(&self) -> bool {
        self.bots.iter().all(|bot| bot.was_welcomed() || matches!(bot.stage(), Stage::Gone(_)))
    }

    /// Whether every bot has settled a match, wants no more, or is gone.
    #[must_use]
    pub fn all_settled_once(&self) -> bool {
        self.bots.iter().all(|bot| bot.settled_count() > 0 || matches!(bot.stage(), Stage::Done | Stage::Gone(_)))
    }

    /// Whether every bot is gone.
    #[must_use]
    pub fn all_gone(&self) -> bool {
        self.bots.iter().all(|bot| matches!(bot.stage(), Stage::Gone(_)))
    }

    /// How they stand.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::of(&self.bots)
    }

    /// What came of them so far.
    #[must_use]
    pub fn report(&self) -> SwarmReport {
        SwarmReport::of(&self.bots)
    }

    /// Ends all connections.
    pub fn close(&mut self) {
        for bot in &mut self.bots {
            bot.close();
        }
    }
}
