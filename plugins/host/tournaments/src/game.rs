//! A game of this host: a shard that goes by turns, and who waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::{Component, Entity, Resource};
use hypogeum_creature_messages::{GameId, TournamentRefusal, TournamentView};
use hypogeum_hosting::Promise;
use hypogeum_protocol::{AccountId, codec};
use hypogeum_shard::{HostedTurnBased, Shard};

use crate::following::Followers;
use crate::port::{GameAnswer, GameRefusal};

/// Most bytes of the outcome of a command.
const OUTCOME_BYTES_MAX: usize = 64;

/// A game of this host, on the entity of its shard.
#[derive(Component, Debug)]
pub(crate) struct Game {
    pub(crate) id: GameId,
    kind: HostedTurnBased,
    /// Whose each creature is, by number; 0: a machine's.
    owners: Vec<AccountId>,
    /// How it stood after a step, and which: whoever looks again before the next is shown the same.
    view: Arc<TournamentView>,
    view_tick: u32,
    /// The last step that was looked at.
    pub(crate) seen_tick: u32,
    /// Whether it goes on without anybody.
    pub(crate) has_more: bool,
    /// When somebody has no time left, in milliseconds since 1970.
    pub(crate) deadline_ms: Option<u64>,
    pub(crate) progress: Progress,
    /// Whether it is one of an earlier run that has taken no step in this one.
    is_resumed: bool,
    /// Whether its end is on its way into the log.
    pub(crate) is_end_recorded: bool,
    /// The number of the next command.
    next_seq: u32,
    /// Who is told what happens in it.
    pub(crate) followers: Followers,
    /// Who waits for its first step.
    opened_by: Vec<Promise<GameAnswer>>,
    /// Who waits for the step that obeys.
    asked: BTreeMap<u32, Promise<GameAnswer>>,
}

/// How far a game is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It is played.
    Playing,
    /// It is over, and the store is to be asked from this tick of the host on.
    Over { ask_tick: u64 },
    /// The store has been asked.
    Settling,
    /// It is in the database.
    Settled,
}

/// The games there are, by number.
#[derive(Resource, Debug, Default)]
pub(crate) struct Games(pub(crate) BTreeMap<GameId, Entity>);

/// Who waits for games that are opened in this tick.
#[derive(Resource, Debug, Default)]
pub(crate) struct OpenedBy(pub(crate) Vec<(GameId, Promise<GameAnswer>)>);

impl Game {
    /// Of a shard that goes by turns; `None` where that does not say how it stands.
    pub(crate) fn of(kind: HostedTurnBased, shard: &Shard) -> Option<Self> {
        let view = TournamentView::decode(&(kind.overview)(shard.world())).ok()?;
        let mut game = Self {
            id: view.game,
            kind,
            owners: view.entrants.iter().map(|entrant| entrant.owner).collect(),
            view: Arc::new(view),
            view_tick: shard.tick().0,
            seen_tick: shard.tick().0,
            // It has not begun before its first step, and one that is resumed may be about to go on.
            has_more: true,
            deadline_ms: None,
            progress: Progress::Playing,
            is_resumed: shard.tick().0 > 0,
            is_end_recorded: false,
            next_seq: 1,
            followers: Followers::default(),
            opened_by: Vec::new(),
            asked: BTreeMap::new(),
        };
        game.deadline_ms = (kind.deadline_ms)(shard.world());
        if (kind.is_over)(shard.world()) {
            game.progress = Progress::Over { ask_tick: 0 };
            game.has_more = false;
        }
        Some(game)
    }

    /// Somebody has opened it, and is shown its first step.
    pub(crate) fn show_first_step(&mut self, promise: Promise<GameAnswer>) {
        self.opened_by.push(promise);
    }

    /// Whether a creature is that account's.
    pub(crate) fn is_of(&self, entrant: u8, account: AccountId) -> bool {
        account != AccountId(0) && self.owners.get(usize::from(entrant)) == Some(&account)
    }

    /// The key of its tournament.
    pub(crate) fn tournament(&self) -> &str {
        &self.view.tournament
    }

    /// How many take part that are not of an account, machines included.
    pub(crate) fn opponents_of(&self, account: AccountId) -> u32 {
        let count = self.owners.iter().filter(|owner| **owner != account).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The command that says what time it is; at first, where it is one of an earlier run, that it goes on.
    pub(crate) fn clock(&mut self, unix_ms: u64) -> Box<[u8]> {
        let clock = if std::mem::take(&mut self.is_resumed) { self.kind.resume } else { self.kind.clock };
        clock(unix_ms).into()
    }

    /// Somebody waits for a command. Returns its number.
    pub(crate) fn wait(&mut self, promise: Promise<GameAnswer>) -> u32 {
        let seq = self.next_seq;
        self.next_seq = self.next_seq.wrapping_add(1).max(1);
        self.asked.insert(seq, promise);
        seq
    }

    /// Looks at a step that was taken: who waited for it, with what is to be answered once it is on the disk.
    pub(crate) fn follow(&mut self, shard: &Shard) -> Vec<(Promise<GameAnswer>, GameAnswer)> {
        let (world, tick) = (shard.world(), shard.tick().0);
        let mut answered = Vec::new();
        if tick == self.seen_tick {
            return answered;
        }
        self.seen_tick = tick;
        self.followers.note(shard);
        self.has_more = (self.kind.has_more)(world);
        self.deadline_ms = (self.kind.deadline_ms)(world);
        if (self.kind.is_over)(world) && self.progress == Progress::Playing {
            self.progress = Progress::Over { ask_tick: 0 };
        }
        let answers = (self.kind.answers)(world);
        if !answers.is_empty() || !self.opened_by.is_empty() {
            self.show(shard);
        }
        answered.extend(self.opened_by.drain(..).map(|promise| (promise, Ok(Arc::clone(&self.view)))));
        for obeyed in answers {
            let Some(promise) = self.asked.remove(&obeyed.seq) else { continue };
            let outcome = codec::decode::<Result<(), TournamentRefusal>, OUTCOME_BYTES_MAX>(&obeyed.outcome);
            let answer = match outcome {
                Ok(Ok(())) => Ok(Arc::clone(&self.view)),
                Ok(Err(refusal)) => Err(GameRefusal::Refused(refusal)),
                Err(_) => Err(GameRefusal::Unavailable),
            };
            answered.push((promise, answer));
        }
        // A command that a shard did not take after all, as it crashed at it: nobody will ever say what came of it.
        self.asked.clear();
        answered
    }

    /// How it stands now.
    pub(crate) fn look(&mut self, shard: &Shard) -> GameAnswer {
        self.show(shard);
        if self.view_tick == shard.tick().0 { Ok(Arc::clone(&self.view)) } else { Err(GameRefusal::Unavailable) }
    }

    /// Sees how it stands, unless that was seen already.
    fn show(&mut self, shard: &Shard) {
        let tick = shard.tick().0;
        if self.view_tick != tick
            && let Ok(view) = TournamentView::decode(&(self.kind.overview)(shard.world()))
        {
            (self.view, self.view_tick) = (Arc::new(view), tick);
        }
    }

    /// The log of a battle.
    pub(crate) fn log(&self, shard: &Shard, part: (u16, u8)) -> Option<String> {
        (self.kind.log)(shard.world(), part)
    }

    /// Whether it is to be put away: it is in the database.
    pub(crate) fn is_put_away(&self) -> bool {
        self.progress == Progress::Settled
    }

    /// What is kept of it.
    pub(crate) fn kept(&self, shard: &Shard) -> Vec<u8> {
        (self.kind.kept)(shard.world())
    }

    /// What it was worth.
    pub(crate) fn result(&self, shard: &Shard) -> Vec<u8> {
        (self.kind.result)(shard.world())
    }
}
