//! All modes' queues together.

use hypogeum_content::Id;
use hypogeum_protocol::SessionId;
use hypogeum_shard::ModeRule;

use crate::queue::Queue;
use crate::{Criteria, Lobby, Terms, Ticket, Why};

/// Tickets that wait at once, over all modes: every client of a full server.
pub const TICKETS_MAX: usize = 16_384;

/// Why a ticket is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError<W = SessionId> {
    /// There is no such mode.
    #[error("there is no mode {0:?}")]
    UnknownMode(Id<ModeRule>),
    /// This session, or whoever it is, waits already.
    #[error("{0} waits already")]
    AlreadyQueued(W),
    /// [`TICKETS_MAX`] wait.
    #[error("{TICKETS_MAX} tickets wait, and no more are taken")]
    Full,
    /// It is for more people than a match of its mode takes.
    #[error("a ticket for {people} people is larger than a match of {people_max}")]
    TooLarge {
        /// How many it is for.
        people: usize,
        /// How many a match takes.
        people_max: usize,
    },
}

/// The place of a ticket in line, as it is sent to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePosition {
    /// What it waits for.
    pub mode: Id<ModeRule>,
    /// How many people wait within reach of it, its own included. Where hundreds wait, those who do not reach back yet are counted
    /// with them: everyone in line is sent this each second.
    pub waiting: usize,
    /// How many the match wants.
    pub wanted: usize,
    /// Rating distance it accepts now.
    pub window: u32,
}

/// Everyone who waits for a match.
#[derive(Debug)]
pub struct Matchmaker<W = SessionId> {
    queues: Vec<Queue<W>>,
    next_serial: u64,
}

impl<W: Copy + Ord> Matchmaker<W> {
    /// Empty queues for these modes, named by their places, on a host of `tick_hz` ticks a second.
    pub fn new<'a>(modes: impl IntoIterator<Item = &'a ModeRule>, tick_hz: u32) -> Self {
        Self::with_terms(modes.into_iter().map(|mode| Terms::of(mode, tick_hz)))
    }

    /// Empty queues, one for each mode in the order of their places.
    pub fn with_terms(terms: impl IntoIterator<Item = Terms>) -> Self {
        let queues = (0..).zip(terms).map(|(place, terms)| Queue::new(Id::new(place), terms)).collect();
        Self { queues, next_serial: 0 }
    }

    /// Takes a ticket. One that was taken out before, as its lobby went and came to nothing, has its place again: by the tick it joined at.
    ///
    /// # Errors
    /// [`JoinError`]; nothing is changed then.
    pub fn join(&mut self, ticket: Ticket<W>) -> Result<(), JoinError<W>> {
        self.join_with(ticket, Criteria::default())
    }

    /// [`Self::join`] with what the ticket says of itself and asks of others.
    ///
    /// # Errors
    /// [`JoinError`]; nothing is changed then.
    pub fn join_with(&mut self, ticket: Ticket<W>, criteria: Criteria) -> Result<(), JoinError<W>> {
        if self.queues.iter().any(|queue| queue.ticket(ticket.who).is_some()) {
            return Err(JoinError::AlreadyQueued(ticket.who));
        }
        if self.len() >= TICKETS_MAX {
            return Err(JoinError::Full);
        }
        let place = usize::from(ticket.mode.index());
        let queue = self.queues.get_mut(place).ok_or(JoinError::UnknownMode(ticket.mode))?;
        let (people, people_max) = (ticket.people(), queue.terms().players_max);
        if people > people_max {
            return Err(JoinError::TooLarge { people, people_max });
        }
        queue.join(self.next_serial, Ticket { size: ticket.size.max(1), ..ticket }, criteria);
        self.next_serial += 1;
        Ok(())
    }

    /// Takes somebody's ticket out; `None` where it has none.
    pub fn leave(&mut self, who: W) -> Option<Ticket<W>> {
        self.queues.iter_mut().find_map(|queue| queue.leave(who))
    }

    /// Lobbies that go at `tick`; call once each tick. Nobody is in two of them, and all their tickets are gone.
    pub fn form(&mut self, tick: u64) -> Vec<Lobby<W>> {
        self.form_up_to(tick, usize::MAX)
    }

    /// As [`Matchmaker::form`], but at most `lobbies_max`: all others keep their places. Modes take turns to be first.
    pub fn form_up_to(&mut self, tick: u64, lobbies_max: usize) -> Vec<Lobby<W>> {
        self.form_apart(tick, lobbies_max, &|_| Vec::new())
    }

    /// As [`Matchmaker::form_up_to`], but nobody plays with those whom `apart` names of its ticket. Of two who are kept apart each
    /// has to name the other.
    pub fn form_apart(&mut self, tick: u64, lobbies_max: usize, apart: &dyn Fn(&Ticket<W>) -> Vec<W>) -> Vec<Lobby<W>> {
        let (mut lobbies, mut looks) = (Vec::new(), 0);
        let first = (tick % self.queues.len().max(1) as u64) as usize;
        let (later, sooner) = self.queues.split_at_mut(first);
        for queue in sooner.iter_mut().chain(later) {
            lobbies.extend(queue.form(tick, lobbies_max - lobbies.len(), apart, &mut looks));
        }
        lobbies
    }

    /// Takes those out of line who fit into a lobby that has gone but not begun, and makes them its members; says how many. What autopilots were
    /// to fill, people fill first. `apart` as in [`Matchmaker::form_apart`].
    pub fn admit_late(&mut self, lobby: &mut Lobby<W>, tick: u64, apart: &dyn Fn(&Ticket<W>) -> Vec<W>) -> usize {
        let queue = self.queues.get_mut(usize::from(lobby.mode.index()));
        queue.map_or(0, |queue| queue.admit_late(lobby, tick, apart))
    }

    /// How somebody's ticket stands; `None` where it has none.
    #[must_use]
    pub fn position(&self, who: W, tick: u64) -> Option<QueuePosition> {
        let (queue, ticket) = self.find(who)?;
        let terms = queue.terms();
        let waiting = queue.within_reach(ticket, tick);
        Some(QueuePosition {
            mode: ticket.mode,
            waiting,
            wanted: terms.players_min,
            window: terms.window_at(ticket, tick),
        })
    }

    /// Why somebody's ticket still waits; `None` where it has none.
    #[must_use]
    pub fn why(&self, who: W, tick: u64) -> Option<Why> {
        self.queues.iter().find_map(|queue| queue.why(who, tick))
    }

    /// How many tickets wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queues.iter().map(Queue::len).sum()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn find(&self, who: W) -> Option<(&Queue<W>, &Ticket<W>)> {
        self.queues.iter().find_map(|queue| Some((queue, queue.ticket(who)?)))
    }
}
