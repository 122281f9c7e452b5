//! Entities by [`NetId`]: the only names that leave a world.

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Component, Entity, Resource};
use bevy_ecs::world::DeferredWorld;
use hypogeum_protocol::NetId;
use serde::{Deserialize, Serialize};

/// The entity's name. Every entity with state has one, given at its spawn and never changed.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[component(immutable, on_insert = enter, on_discard = leave)]
pub struct Named(pub NetId);

/// Mints names: 1, 2, 3, … and never the same again.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetIds {
    next: u32,
}

impl Default for NetIds {
    fn default() -> Self {
        Self { next: 1 }
    }
}

impl NetIds {
    /// A name nobody had before. A shard that mints four thousand million names is at its end.
    #[must_use]
    pub fn mint(&mut self) -> Named {
        let id = NetId(self.next);
        self.next = self.next.checked_add(1).expect("a shard never lives to name 2^32 entities");
        Named(id)
    }
}

/// Where each name stands in memory now. A cache: never ordered by, never saved.
#[derive(Resource, Debug, Default)]
pub struct Directory {
    entities: Vec<(NetId, Entity)>,
}

impl Directory {
    /// The entity of a name; `None` for nobody, the dead and the made up.
    #[must_use]
    pub fn entity(&self, id: NetId) -> Option<Entity> {
        let at = self.entities.binary_search_by_key(&id, |entry| entry.0).ok()?;
        Some(self.entities[at].1)
    }

    /// All names in order.
    pub fn iter(&self) -> impl Iterator<Item = (NetId, Entity)> + '_ {
        self.entities.iter().copied()
    }

    fn insert(&mut self, id: NetId, entity: Entity) {
        // Names rise, so this is a push in all but restores.
        let at = self.entities.partition_point(|entry| entry.0 < id);
        self.entities.insert(at, (id, entity));
    }

    fn remove(&mut self, id: NetId, entity: Entity) {
        if let Ok(at) = self.entities.binary_search_by_key(&id, |entry| entry.0)
            && self.entities[at].1 == entity
        {
            self.entities.remove(at);
        }
    }
}

fn enter(mut world: DeferredWorld, context: HookContext) {
    if let Some(&Named(id)) = world.get::<Named>(context.entity)
        && let Some(mut directory) = world.get_resource_mut::<Directory>()
    {
        directory.insert(id, context.entity);
    }
}

fn leave(mut world: DeferredWorld, context: HookContext) {
    if let Some(&Named(id)) = world.get::<Named>(context.entity)
        && let Some(mut directory) = world.get_resource_mut::<Directory>()
    {
        directory.remove(id, context.entity);
    }
}
