//! What tests share: throwaway servers of the real binary, and people to play on them.
//!
//! A [`ThrowawayServer`] is a process with ports of its own, ready when it says so, and gone when dropped. A [`Player`]
//! is a person at a keyboard: it waits for what it sees, never for time.

mod player;
mod server;

pub use player::Player;
pub use server::{Ended, ThrowawayServer};
