//! What designers write: RON files parsed, cross-checked and hashed into one Content.
