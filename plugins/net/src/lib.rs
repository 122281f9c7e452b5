//! The UDP edge: netcode handshake and encryption, renet lanes, its own socket thread.
