//! The Rust SDK: log in, connect, send inputs, keep a view of the world.
