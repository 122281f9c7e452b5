//! What tests share: servers that are gone with their test, and people to play on them.
//!
//! A [`TestServer`] is a process with ports of its own, ready when it says so, and gone when dropped; a [`Player`] is a
//! person at a keyboard who waits for what they see, never for time. A [`TestHost`] is a server without sockets whose
//! clients sit in the same process: a whole match takes a second. A [`link_conditioner`] between a player and a server
//! makes the link as bad as it gets, a [`TestAuthority`] signs certificates, [`postgres`] gives a test a PostgreSQL server to kill, and a [`DASH`] is a match of
//! a few seconds.

mod dash;
mod host;
mod http;
mod player;
mod server;
mod tls;

pub mod postgres;

/// What `assets/achievements/first_way_out.ron` gives, once, to who gets out of a match.
pub const FIRST_WAY_OUT: i64 = 50;

pub use dash::{DASH, content_with_dash, copy_folder};
pub use host::TestHost;
pub use http::http_get;
pub use hypogeum_link_conditioner as link_conditioner;
pub use player::Player;
pub use server::{Ended, TestServer};
pub use tls::{TestAuthority, TestCertificate, TlsClient};
