//! What is asked of a database, and what it answers. No SQL and no I/O: `persistence` serves it.
//!
//! The tick asks with a [`StoreRequest`] through a [`StorePort`], two bounded queues, and never waits; each request gets
//! one [`StoreReply`], in the order asked. [`StoreHealth`] says whether anybody answers at all.

mod bounded;
mod chat;
mod entries;
mod games;
mod health;
mod ladders;
mod port;
mod request;
mod scores;
mod social;

pub use bounded::Bounded;
pub use chat::{
    CHANNEL_LINES_KEPT_MAX, ChatKey, ChatReply, ChatRequest, ChatSettings, ChatSource, IgnoreRefusal, LINES_KEPT_DAYS,
    REPORT_LINES_AROUND, ReadChat, ReportOutcome, Speaker, SpokenLine, WHISPER_LINES_KEPT_MAX,
};
pub use entries::{EntriesReply, EntriesRequest, EntryTerms, PRIZES_MAX, Seeding, Sizes, StartOutcome};
pub use games::{GamesReply, GamesRequest, RUNNING_GAMES_MAX, RunningCreature, RunningGame};
pub use health::StoreHealth;
pub use ladders::{LadderSeason, LadderTerms, RatedPlayer, RatedRefusal, RatedStart, RatingBoard};
pub use port::{STORE_QUEUE_MAX, StorePort};
pub use request::{CHARACTERS_KEPT_MAX, CheckOut, RefusedItem, SeatEscrow, StoreFailure, StoreReply, StoreRequest};
pub use scores::{
    BoardKey, ClosedSeason, REWARDED_RANKS_MAX, SCORE_KEY_BYTES_MAX, SCORE_MAX, SCORES_AT_ONCE_MAX, ScoreChange,
    ScoreOperator, ScoreOrder, ScoresReply, ScoresRequest,
};
pub use social::{FRIENDS_MAX, OPEN_REQUESTS_MAX, SocialReply, SocialRequest, SocialSettings, VisibleTo};
