//! What every stage of the tick has at hand.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_content::def::ModeDef;
use hypogeum_content::{Content, ContentPack, Id};
use hypogeum_matchmaking::Matchmaker;
use hypogeum_protocol::link::EdgeLink;

/// The queues to the edges.
#[derive(Resource, Clone, Debug)]
pub(crate) struct Edge(pub(crate) EdgeLink);

/// The content new matches are made of, and of it what each mode runs on. A match keeps what it began with.
#[derive(Resource, Clone, Debug)]
pub(crate) struct Library(pub(crate) Arc<Content>, Arc<[ContentPack]>);

impl Library {
    pub(crate) fn new(content: Arc<Content>) -> Self {
        let packs = content.modes.iter().map(|(mode, ..)| content.pack(mode)).collect();
        Self(content, packs)
    }

    /// What a match of this mode runs on. A mode of another content may panic.
    pub(crate) fn pack(&self, mode: Id<ModeDef>) -> &ContentPack {
        &self.1[usize::from(mode.index())]
    }
}

/// Everyone who waits for a match.
#[derive(Resource, Debug)]
pub(crate) struct Queues {
    pub(crate) line: Matchmaker,
    /// As many matches run or are about to begin as may.
    pub(crate) is_held: bool,
}

/// Ticks of the host since it started.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(crate) struct HostTick(pub(crate) u64);
