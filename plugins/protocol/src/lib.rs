//! Messages, codec, ids, limits and error codes: everything both ends of a wire agree on.
//!
//! No bevy, no I/O. `PROTOCOL.md` in this crate describes every message byte by byte.

mod error;
mod ids;
mod message;
mod snapshot;

pub mod codec;
pub mod limits;
pub mod link;

pub use error::ErrorCode;
pub use ids::{AccountId, ConnectionId, ItemId, MatchId, NetId, Seat, SessionId};
pub use message::{
    Act, Block, CarriedItem, ClientMessage, ExitInfo, GameEvent, Input, MatchPhase, ModeInfo, Outcome, PoiInfo,
    ServerMessage, SettledReport, StashItem,
};
pub use snapshot::{OwnState, Record, RecordKind, Snapshot};
