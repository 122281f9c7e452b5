//! What playing earns: experience, levels, ratings, and what the end of a match is worth. Pure rules, no I/O.
//!
//! | idea | file |
//! |---|---|
//! | what an account has | `profile.rs` |
//! | experience to levels | `level.rs` |
//! | skill, and how a result changes it | `rating.rs` |
//! | what a match changes | `settlement.rs` |

mod level;
mod profile;
mod rating;
mod settlement;

pub use level::{LEVEL_MAX, level_of, xp_for_level};
pub use profile::{Profile, StarterKit};
pub use rating::{Skill, rate_free_for_all};
pub use settlement::{
    Balance, EscrowedItem, ITEMS_SECURED_MAX, OrderError, SEATS_MAX, SeatSettlement, SettlementOrder, rate, settle,
    settle_seats,
};
