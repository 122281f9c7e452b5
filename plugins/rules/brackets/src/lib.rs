//! Tournaments' brackets as a pure machine: who meets whom, what follows from a result, and who has won.
//!
//! A [`Bracket`] knows its entrants only by their seed numbers ([`Entrant`], 0 is the best) and its pairings by
//! [`PairingId`]. Who the entrants are, where and how they fight, and how long anyone waits, is another crate's affair: it
//! asks [`Bracket::ready`] what can be played, reports what happened, and gets back what followed as a list of
//! [`Advance`]s. There is no ECS, no I/O, no chance and no clock here: equal calls give equal states, and a bracket is
//! state that a shard can register, with everything serialised and nothing cached.
//!
//! | format | rule | who is out | pairings of `n` entrants |
//! |---|---|---|---|
//! | [`Format::SingleElimination`] | the field is seeded by folding 1..n; winners go on | after one loss | n − 1, one more for third place |
//! | [`Format::DoubleElimination`] | losers go on in a lower bracket; its winner meets the upper's in the grand final | after two losses | 2n − 2, one more where the grand final is reset |
//! | [`Format::Swiss`] | in each round equals by points meet, nobody twice while that can be avoided | nobody | at most n / 2 a round |
//! | [`Format::RoundRobin`] | everyone meets everyone, by the circle method | nobody | n (n − 1) / 2 a leg |
//!
//! ```
//! use hypogeum_brackets::{Bracket, Entrant, Format, Rules, Side};
//!
//! let format = Format::SingleElimination { third_place: false };
//! let rules = Rules { format, best_of: 1, final_best_of: None, allows_byes: true };
//! let mut bracket = Bracket::new(rules, 3)?;
//! let semifinal = bracket.ready().next().expect("the two worst meet first").id;
//! bracket.win(semifinal, Side::Second)?;
//! let last = bracket.ready().next().expect("the best had a bye").id;
//! bracket.forfeit(last, Side::Second)?;
//! assert_eq!(bracket.champion(), Some(Entrant(0)));
//! # Ok::<(), hypogeum_brackets::BracketError>(())
//! ```
//!
//! | idea | file |
//! |---|---|
//! | formats, rules and their limits | `rules.rs` |
//! | a pairing: sides, place, outcome, where its winner and loser go | `pairing.rs` |
//! | what is asked and reported | `bracket.rs` |
//! | what follows from a result | `progress.rs`, `advance.rs` |
//! | who begins where, and the two eliminations | `seeding.rs`, `elimination.rs` |
//! | a Swiss round, without rematches | `swiss.rs`, `matching.rs` |
//! | everyone against everyone | `round_robin.rs` |
//! | ranks | `standings.rs` |

mod advance;
mod bracket;
mod elimination;
mod entrants;
mod error;
mod matching;
mod pairing;
mod progress;
mod round_robin;
mod rules;
mod seeding;
mod standings;
mod swiss;

pub use advance::Advance;
pub use bracket::{Bracket, Bye};
pub use entrants::Entrant;
pub use error::BracketError;
pub use pairing::{Outcome, Pairing, PairingId, Place, Side, Slot, Target};
pub use rules::{BEST_OF_MAX, ENTRANTS_MAX, ENTRANTS_MIN, Format, LEGS_MAX, Rules};
pub use standings::Standing;
