//! What can be played.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_content::{Content, Id};
use hypogeum_protocol::ModeInfo;
use hypogeum_sessions::Greeting;
use hypogeum_shard::{HostedKind, ModeRule, ShardKinds};

/// The content new matches are made of, and the modes that are played on it. A match keeps what it began with.
#[derive(Resource, Clone, Debug)]
pub(crate) struct ModeCatalog {
    pub(crate) content: Arc<Content>,
    /// In the order of their keys.
    modes: Arc<[(HostedKind, ModeRule)]>,
}

impl ModeCatalog {
    /// Modes that cannot be used were refused before: a host is built of good ones.
    pub(crate) fn new(kinds: &ShardKinds, content: Arc<Content>) -> Self {
        let modes = kinds.modes(&content).expect("the modes were checked before the host was built").into();
        Self { content, modes }
    }

    /// Every mode, in the order of their keys.
    pub(crate) fn modes(&self) -> impl Iterator<Item = &ModeRule> {
        self.modes.iter().map(|(_, mode)| mode)
    }

    /// The mode of a key.
    pub(crate) fn id(&self, key: &str) -> Option<Id<ModeRule>> {
        let place = self.modes.binary_search_by(|(_, mode)| mode.key.as_str().cmp(key)).ok()?;
        u16::try_from(place).ok().map(Id::new)
    }

    /// A mode and its kind. A mode of another catalog may panic.
    pub(crate) fn mode(&self, mode: Id<ModeRule>) -> &(HostedKind, ModeRule) {
        &self.modes[usize::from(mode.index())]
    }

    /// The key of a mode. A mode of another catalog may panic.
    pub(crate) fn key(&self, mode: Id<ModeRule>) -> &str {
        &self.mode(mode).1.key
    }

    /// What is in everyone's welcome.
    pub(crate) fn greeting(&self, tick_hz: u32) -> Greeting {
        let mode = |mode: &ModeRule| ModeInfo {
            name: mode.key.clone(),
            players: u16::try_from(mode.players_max).unwrap_or(u16::MAX),
            duration_s: u16::try_from(mode.duration_s).unwrap_or(u16::MAX),
        };
        Greeting {
            tick_hz: u16::try_from(tick_hz).unwrap_or(u16::MAX),
            content_hash: self.content.hash,
            modes: self.modes().map(mode).collect(),
        }
    }
}
