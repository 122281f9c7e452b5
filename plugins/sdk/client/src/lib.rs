//! The Rust SDK: log in, connect, send inputs, keep a view of the world.
//!
//! [`Api`] asks over HTTP for an account, a login and a connect token; [`Client`] then speaks over a [`Wire`]: real
//! UDP through [`UdpWire`], a WebSocket through [`WebSocketWire`] (over TLS where the server is asked by `https`), or a [`MemoryWire`] and [`MemoryEdge`] inside one process. [`View`] is what the server told, without I/O.
//! [`Client::predicted`] is where the own avatar is before the server says so, [`Client::interpolated`] where everything
//! else is to be shown. In a place of the world the ground comes in chunks as one walks, and a [`ChunkCache`] keeps them.
//! [`Reconnect`] keeps a player connected while links move, servers restart or access tokens end, over UDP and over WebSockets;
//! [`Client::resume`], [`Api::come_back`] and [`WebSocketWire::renew`] are its parts.
//!
//! ```no_run
//! use std::time::Duration;
//! use hypogeum_client::{Api, Change, Client, Steering};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let api = Api::new("http://127.0.0.1:27580")?;
//! let login = api.login("Ada", "correct horse battery")?;
//! let mut client = Client::connect(&api.connect_token(&login)?)?;
//! loop {
//!     for change in client.poll(Duration::from_millis(33)) {
//!         match change {
//!             Change::Opened => client.hello("my client 1.0"),
//!             Change::Welcomed => client.join_queue("blitz"),
//!             Change::Closed(reason) => return Err(format!("{reason:?}").into()),
//!             Change::Settled => return Ok(()),
//!             _ => {}
//!         }
//!     }
//!     if client.view().current.is_some() {
//!         client.steer(Steering { walk: 16_384, pace: 100, ..Steering::default() });
//!     }
//!     client.flush();
//!     std::thread::sleep(Duration::from_millis(33));
//! }
//! # }
//! ```

mod chunk_cache;
mod client;
mod client_socket;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod interpolation;
mod lane;
mod memory_edge;
mod port;
mod prediction;
mod reconnect;
mod reconnect_wire;
mod scores;
mod udp;
mod view;
mod web_socket;
mod wire;

pub use chunk_cache::{CHUNK_CACHE_BYTES, ChunkCache};
pub use client::{Client, Steering};
pub use client_socket::{ClientSocket, ConnectError};
pub use http::{
    AccountProfile, Achievement, Api, ApiError, Bought, CONNECT_TOKEN_BYTES, Character, Connection, ContentBlobInfo,
    ContentManifest, Cosmetic, CosmeticBought, Creature, DailyClaim, DailyTable, Entry, Friend, FriendPage,
    FriendState, FriendWhereabouts, GameBrief, Goods, InboxMessage, InboxPage, Inventory, InventoryItem,
    InventoryPlace, ItemVersion, LadderPlace, LadderStanding, Leaderboard, LeaderboardEntry, LeaderboardPage,
    LeaderboardQuery, LeaderboardReward, LeaderboardSeason, Login, Look, MatchPage, NewGame, NewOpenGame, ObjectChange,
    ObjectPage, ObjectReader, ObjectWriter, OpenGame, PlayedMatch, Price, Registered, Reward, SeasonReward, ShownGame,
    SocketConnection, SocketTls, Stash, StashEntry, StorageUsage, StoredObject, Ticket, TicketQuery, Trade, TradeState,
};
pub use hypogeum_netcode::{ConnectionState, CountersSnapshot, EndReason, Ended, SendError, TokenError};
pub use lane::{LaneLoss, PAGES_MAX};
pub use memory_edge::{MemoryEdge, QueueFull};
pub use port::{DatagramPort, PortWire};
pub use prediction::{Corrections, Predicted};
pub use reconnect::{Reconnect, Reconnected};
pub use reconnect_wire::ReconnectWire;
pub use scores::{MatchTable, Scoreboard};
pub use udp::UdpWire;
pub use view::{
    Change, ChatView, ChunkView, GroundView, LoadoutOffer, MatchView, PhaseView, QueueState, RECENT_EVENTS_MAX,
    RECENT_LINES_MAX, Refusal, Session, View,
};
pub use web_socket::WebSocketWire;
pub use wire::{Ending, MemoryPeer, MemoryWire, Traffic, Wire, WireState};
