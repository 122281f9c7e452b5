//! What tests share: throwaway servers, and people to play on them.
//!
//! A [`ThrowawayServer`] is a process with ports of its own, ready when it says so, and gone when dropped; a [`Player`]
//! is a person at a keyboard who waits for what they see, never for time. A [`House`] is a server without sockets whose
//! clients sit in the same process: a whole match takes a second. A [`relay`] between a player and a server makes
//! the link as bad as it gets, and a [`DASH`] is a match of a few seconds.

mod dash;
mod house;
mod http;
mod player;
mod server;

pub use dash::{DASH, content_with_dash, copy_folder};
pub use house::House;
pub use http::http_get;
pub use hypogeum_relay as relay;
pub use player::Player;
pub use server::{Ended, ThrowawayServer};
