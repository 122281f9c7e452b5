//! What a shard is made from, on its way into a log and back.

use std::sync::Arc;

use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::ShardId;
use hypogeum_shard::{HostedKind, Shard, ShardBrief, ShardConfig, ShardKinds};

use super::error::ReplayError;
use crate::entry::{FORMAT, Header};

impl Header {
    /// The header of a new shard's log: which it is, its kind and the bytes of its setup, its seed and rate, and the content
    /// it runs on. `key` is the public half of what signs the log.
    #[must_use]
    pub fn new(
        shard_id: ShardId,
        (kind, setup): (&str, Vec<u8>),
        (config, pack): (&ShardConfig, &ContentPack),
        key: [u8; 32],
        began_unix_s: u64,
    ) -> Self {
        debug_assert_eq!(config.content.hash, pack.hash(), "a shard runs on what its log says");
        Self {
            format: FORMAT,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            shard_id,
            kind: kind.to_owned(),
            setup,
            seed: config.seed,
            tick_hz: config.tick_hz,
            content: pack.text().to_string(),
            began_unix_s,
            key,
            part: None,
        }
    }

    /// What people call the shard, and who is in it from the beginning.
    ///
    /// # Errors
    /// [`ReplayError::Setup`] where this build does not know its kind, or cannot read its setup.
    pub fn brief(&self, kinds: &ShardKinds) -> Result<ShardBrief, ReplayError> {
        Ok((kinds.find(&self.kind)?.brief)(&self.setup)?)
    }

    /// The content it began with. [`ReplayError::Content`] where this build cannot use it.
    pub(super) fn pack(&self) -> Result<ContentPack, ReplayError> {
        Ok(ContentPack::read(&self.content)?)
    }

    /// The shard before its first step, and [`Self::brief`].
    pub(super) fn build(&self, kind: HostedKind, content: &Arc<Content>) -> Result<(Shard, ShardBrief), ReplayError> {
        let config = ShardConfig { seed: self.seed, tick_hz: self.tick_hz, content: Arc::clone(content) };
        Ok((kind.build_and_brief)(config, &self.setup)?)
    }
}
