//! Creatures that fight by turns: battles in whole numbers, machines that choose moves.
//!
//! A [`Battle`] is a value: it is copied to look ahead, and the same seed and moves give the same battle anywhere. All numbers are
//! the content's ([`BattleDef`](hypogeum_content::def::BattleDef)).
//!
//! ```
//! use hypogeum_content::Content;
//! use hypogeum_creature_messages::{BattleMove, CreatureStats, Side};
//! use hypogeum_creatures::{Battle, Fighter};
//! use hypogeum_shard::Seed;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../assets/battles/classic.ron"))?;
//! let content = Content::from_files([("battles/classic.ron", text)]).expect("it ships");
//! let rules = &content.battles[content.battles.id("classic").expect("it ships")];
//! let ten = CreatureStats::of_values([10; 5]);
//! let mut battle = Battle::new(Seed::numbered(7), [Fighter::fresh(rules, ten); 2]);
//! while battle.end().is_none() {
//!     let turn = battle.play(rules, [BattleMove::Attack, BattleMove::Attack])?;
//!     assert!(turn.acts.len() <= 2);
//! }
//! assert!(battle.fighter(Side::First).hp == 0 || battle.fighter(Side::Second).hp == 0);
//! # Ok(())
//! # }
//! ```

mod battle;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod log;
mod opponent;
mod record;
mod tournament;
mod words;

pub use battle::{Battle, Fighter, MoveError, PointsError, create, grow};
pub use log::{
    BATTLE_LOG_BYTES_MAX, BattleHead, BattleLogError, BattleSide, ReplayedBattle, replay as replay_battle_log,
    write as write_battle_log,
};
pub use opponent::{allot, choose};
pub use record::BattleRecord;
pub use tournament::{Tournament, battle_log, can_play, check_setup};
pub use words::{MESSAGES, act_words, end_words};
