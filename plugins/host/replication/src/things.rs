//! What a scene holds besides its pages.

use hypogeum_protocol::NetId;
use hypogeum_space::{OwnView, Position};

/// An area that can be seen from afar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) id: NetId,
    pub(crate) at: Position,
    /// How far its edge lies from its middle, in subunits.
    pub(crate) extent: i32,
    /// Where its encoded record lies in the scene's bytes.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A participant's avatar, as its own client is to see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    pub(crate) avatar: NetId,
    pub(crate) at: Position,
    pub(crate) view: OwnView,
}
