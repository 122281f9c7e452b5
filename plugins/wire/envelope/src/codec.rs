//! The two ways to write an envelope.

/// How envelopes are written on one connection. The subprotocol of the WebSocket says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// MessagePack, in binary messages.
    MessagePack,
    /// JSON, in text messages.
    Json,
}

impl Codec {
    /// Both, the one for clients that name none first.
    pub const ALL: [Self; 2] = [Self::MessagePack, Self::Json];

    /// Its name among subprotocols.
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::MessagePack => "hypogeum.msgpack.v1",
            Self::Json => "hypogeum.json.v1",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_subprotocol(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.subprotocol() == name)
    }
}
