//! What playing earns: experience, levels, ratings, and what the end of a match is worth. Pure rules and vocabulary, no I/O.
//!
//! | idea | file |
//! |---|---|
//! | what an account has | `profile.rs` |
//! | experience to levels | `level.rs` |
//! | skill, and how a result changes it | `rating.rs` |
//! | what is earned beside matches | `rewards.rs` |
//! | what a match changes | `settlement.rs` |
//! | what a store of all this must tell | `store.rs` |

mod level;
mod profile;
mod rating;
mod rewards;
mod settlement;
mod store;

pub use level::{LEVEL_MAX, level_of, xp_for_level};
pub use profile::{Profile, StarterKit};
pub use rating::{Skill, rate_free_for_all};
pub use rewards::{
    Achievement, AchievementCount, AchievementProgress, DailyClaimed, DailyStanding, DailyTable, REWARDS_PER_PAGE_MAX,
    RewardRules, RewardStore, RewardTerms, SeasonReward,
};
pub use settlement::{
    Balance, EscrowedItem, ITEMS_SECURED_MAX, OrderError, SEATS_MAX, SeatSettlement, SettlementOrder, rate, settle,
    settle_seats,
};
pub use store::{MATCHES_PER_PAGE_MAX, MatchMark, PlayedMatch, Progress, ProgressStore, ProgressUnavailable};
