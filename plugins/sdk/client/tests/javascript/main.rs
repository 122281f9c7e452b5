//! What the JavaScript SDK is held to: vectors of walks and of the datagram lane, made by this client and the rules that servers
//! have, too. Its own tests read them. A file that is not what the rules say fails here, and is written by
//! `HYPOGEUM_WRITE_VECTORS=1 cargo test -p hypogeum-client --test javascript`.

mod chance;
mod lane;
mod mutants;
mod play;
#[path = "../server/mod.rs"]
mod server;
mod vectors;
mod walks;
