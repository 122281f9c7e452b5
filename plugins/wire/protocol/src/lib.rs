//! Messages, codec, ids, limits and error codes: everything both ends of a wire agree on.
//!
//! No bevy, no I/O. `PROTOCOL.md` in this crate describes every message byte by byte.

mod chat;
mod chunk;
mod client_message;
mod error;
mod event;
mod grant;
mod ids;
mod parts;
mod queue;
mod readable;
mod server_message;
mod snapshot;
mod social;

pub mod codec;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod lane;
pub mod limits;
pub mod link;
pub mod text;

pub use chat::{ChatChannel, ChatLine, ChatNotice, Ignored};
pub use chunk::{Chunk, ChunkHash, ChunkInfo, ChunkPlace, DoorChange, DoorInfo, RoomInfo};
pub use client_message::{Act, ClientMessage, Input, Watched};
pub use error::ErrorCode;
pub use event::{DamageCause, Delivery, GameEvent};
pub use grant::{CharacterSheet, Grant, ItemState, StashedItem};
pub use ids::{
    AccountId, CharacterId, ConnectionId, ItemId, ItemIdError, MatchId, NetId, Seat, SessionId, ShardId, TradeId,
};
pub use parts::{
    Block, CarriedItem, ExitInfo, MatchPhase, ModeInfo, Outcome, PoiInfo, ResultRow, RosterEntry, ScoreRow,
    SettledReport, StashItem,
};
pub use queue::{Property, PropertyFault, PropertyValue, QueryFault, QueryWhy, QueueRefusal, QueueWhy};
pub use readable::{EXACT_MAX, base64, from_base64};
pub use server_message::ServerMessage;
pub use snapshot::{OwnState, Record, RecordKind, Snapshot};
pub use social::{FriendPresence, PartyAct, PartyInfo, PartyMember, Whereabouts};
