//! Who plays together: tickets, a widening skill window, lobbies and filled seats.
//!
//! A pure core: time comes in as ticks, the same tickets at the same ticks give the same lobbies. Nothing here knows of
//! sessions' connections or of worlds; `sessions` joins, asks each tick with [`Matchmaker::form`] and notifies players.
//!
//! How a lobby comes to be, for each mode, the oldest ticket first:
//! 1. **Reach**: two tickets may meet where the distance of their ratings is within the window of *both*
//!    ([`Terms::window_at`]), and each has the properties that the other's query asks for ([`Query`]); everyone in a lobby may meet
//!    everyone else in it. A query's should clauses are let go one by one, the last first ([`Terms::shoulds_left`]).
//! 2. **Gather**: the ticket takes those nearest in rating, up to `players_max` people. A party is one ticket, whole or not at all:
//!    where the nearest do not fit together, other ways to put them together are tried. In a mode of teams each party fits
//!    into one of them. Nobody is put together with
//!    those from whom it is kept apart.
//! 3. **Go**: at `players_max` at once; from `players_min` on when nobody new came for [`GATHER_MS`] or the oldest has
//!    waited `queue_wait_ms`; below it after `queue_wait_ms` where the mode fills seats with autopilots.
//!
//! | idea | file |
//! |---|---|
//! | what a mode asks of a lobby | `terms.rs` |
//! | one waiting player | `ticket.rs` |
//! | what a ticket says of itself | `properties.rs` |
//! | what it asks of others | `query.rs` |
//! | both together, and at a glance | `criteria.rs`, `sketch.rs` |
//! | what a mode asks of a party | `party.rs` |
//! | who is waiting, and who goes | `queue.rs` |
//! | who fits together | `group.rs` |
//! | how many wait near a rating | `census.rs` |
//! | why one still waits | `why.rs` |
//! | all modes together | `matchmaker.rs` |

mod census;
mod criteria;
mod group;
mod matchmaker;
mod party;
mod properties;
mod query;
mod queue;
mod sketch;
mod terms;
mod ticket;
mod why;

pub use criteria::Criteria;
pub use matchmaker::{JoinError, Matchmaker, QueuePosition, TICKETS_MAX};
pub use party::{PartyError, PartyTerms};
pub use properties::{BadProperty, Properties};
pub use query::{BadQuery, Query};
pub use queue::Lobby;
pub use terms::{GATHER_MS, Terms};
pub use ticket::Ticket;
pub use why::{Asks, LOOKED_AT_MAX, Why};
