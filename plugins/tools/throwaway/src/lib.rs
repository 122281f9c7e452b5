//! Real servers for tests: a PostgreSQL cluster that is made, paused, killed, and gone with its test.
//!
//! [`ThrowawayPostgres`] starts a cluster of its own from Debian's binaries, on a Unix socket and a free port of the
//! loopback, and is gone with all its data when dropped, or when its process ends however it ends. A test that only
//! needs a database takes one of [`ThrowawayPostgres::shared`]; one that stops or pauses the server has its own.
//!
//! Where a server of this kind cannot be had, everything panics with a sentence that says what is missing: in a test
//! there is nothing else to do.

mod binaries;
mod cluster;
mod postgres;

pub use postgres::{DURABLE, SHARED_SERVER, ThrowawayPostgres};
