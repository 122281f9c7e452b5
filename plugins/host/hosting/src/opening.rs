//! Shards are opened: numbered, seeded, built and recorded.

use std::fmt;
use std::sync::Arc;

use bevy_ecs::prelude::{Commands, Entity, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use hypogeum_content::Content;
use hypogeum_journal::Header;
use hypogeum_protocol::ShardId;
use hypogeum_shard::{HostedKind, Rules, Seed, Shard, ShardConfig, ShardKinds};

use crate::asking::ask;
use crate::config::Rates;
use crate::hosted::NewShard;
use crate::recording::Journal;

/// The content that new shards are made of. A shard keeps what it began with.
#[derive(Resource, Clone, Debug)]
pub struct HostContent(pub Arc<Content>);

/// Numbers shards, higher than any run before.
#[derive(Resource, Debug)]
pub struct ShardIds(u64);

impl ShardIds {
    pub(crate) const fn starting_at(first: u64) -> Self {
        Self(first)
    }

    /// A number that no shard has had.
    #[must_use]
    pub const fn draw(&mut self) -> ShardId {
        let id = ShardId(self.0);
        self.0 += 1;
        id
    }
}

/// Where the seed of a shard comes from: the operating system's randomness in earnest, a counter in tests.
#[derive(Resource, Clone)]
pub struct SeedSource(Arc<dyn Fn() -> Seed + Send + Sync>);

impl SeedSource {
    /// Seeds from `draw`, called once for each shard.
    pub fn new(draw: impl Fn() -> Seed + Send + Sync + 'static) -> Self {
        Self(Arc::new(draw))
    }

    /// A seed that no other shard has.
    #[must_use]
    pub fn draw(&self) -> Seed {
        (self.0)()
    }
}

impl fmt::Debug for SeedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SeedSource")
    }
}

/// Builds a shard before its first step; `None` where its kind refuses or cannot. What one kind cannot build must not take
/// the other shards with it.
pub fn build((id, kind): (ShardId, HostedKind), config: ShardConfig, setup: &[u8]) -> Option<Shard> {
    let built = ask(id, "build", || (kind.build)(config, setup))?;
    built
        .inspect_err(|error| tracing::error!(shard = %id, kind = kind.name, %error, "a shard is refused by its kind"))
        .ok()
}

/// What it takes to open shards that nobody queues for: a plugin of the host that has a world of its own opens it with this, unless
/// an earlier run left it, and lets players in by [`Entrance`](crate::Entrance).
#[derive(SystemParam)]
pub struct Opening<'w, 's> {
    kinds: Res<'w, ShardKinds>,
    content: Res<'w, HostContent>,
    rates: Rates<'w>,
    seeds: Res<'w, SeedSource>,
    ids: ResMut<'w, ShardIds>,
    journal: ResMut<'w, Journal>,
    commands: Commands<'w, 's>,
}

impl Opening<'_, '_> {
    /// Opens a shard of a kind, from the bytes of its setup, at `tick_hz` steps a second (`None`: the usual rate here).
    /// `setup` is told the number of the shard: a kind in which things are found needs it, for it is their origin.
    /// Its first step is in the next tick in which that rate makes one due. Returns `None` where its kind refuses, or
    /// where this host is slower: both are written to the log.
    pub fn open(&mut self, kind: &str, tick_hz: Option<u32>, setup: impl FnOnce(ShardId) -> Vec<u8>) -> Option<Entity> {
        let refused = |error: &_| tracing::error!(kind, %error, "a shard cannot be opened");
        let kind = self.kinds.find(kind).inspect_err(refused).ok()?;
        let id = self.ids.draw();
        let setup = setup(id);
        let brief = ask(id, "brief", || (kind.brief)(&setup))?.inspect_err(refused).ok()?;
        let pack = ask(id, "content", || (kind.content)(&setup, &self.content.0))?.inspect_err(refused).ok()?;
        let content = Arc::clone(pack.content());
        let config = ShardConfig { seed: self.seeds.draw(), tick_hz: self.rates.of_new(&kind, tick_hz)?, content };
        let shard = build((id, kind), config, &setup)?;
        let mut new = NewShard::new(id, kind, &brief, shard)?;
        let rules = new.shard.world().resource::<Rules>().clone();
        new.record(&mut self.journal, |key, unix_s| Header::new(id, (kind.name, setup), (&rules, &pack), key, unix_s));
        tracing::info!(shard = %id, kind = kind.name, title = new.hosted.title, "a shard is opened");
        let mut entity = self.commands.spawn_empty();
        new.insert_into(self.rates.host(), &mut entity);
        Some(entity.id())
    }
}
