//! Who holds what, found without looking at every item of the world.

use std::collections::BTreeMap;

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::Resource;
use bevy_ecs::world::DeferredWorld;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;

use crate::Place;

/// The items of each holder and container. A cache of all [`Place`]s, kept by the hooks of that component.
#[derive(Resource, Clone, Debug, Default)]
pub struct Holdings {
    held: BTreeMap<NetId, Vec<NetId>>,
}

impl Holdings {
    /// What is carried, worn or contained by a holder, in the order of names.
    #[must_use]
    pub fn of(&self, holder: NetId) -> &[NetId] {
        self.held.get(&holder).map(Vec::as_slice).unwrap_or_default()
    }
}

/// An item has come to a place.
pub(crate) fn enter(mut world: DeferredWorld, context: HookContext) {
    let Some((holder, item)) = who_holds_what(&world, context) else { return };
    let Some(mut holdings) = world.get_resource_mut::<Holdings>() else { return };
    let held = holdings.held.entry(holder).or_default();
    if let Err(at) = held.binary_search(&item) {
        held.insert(at, item);
    }
}

/// An item leaves its place.
pub(crate) fn leave(mut world: DeferredWorld, context: HookContext) {
    let Some((holder, item)) = who_holds_what(&world, context) else { return };
    let Some(mut holdings) = world.get_resource_mut::<Holdings>() else { return };
    let Some(held) = holdings.held.get_mut(&holder) else { return };
    if let Ok(at) = held.binary_search(&item) {
        held.remove(at);
    }
    if held.is_empty() {
        holdings.held.remove(&holder);
    }
}

fn who_holds_what(world: &DeferredWorld, context: HookContext) -> Option<(NetId, NetId)> {
    let item = world.get::<NetIdOf>(context.entity)?.0;
    Some((world.get::<Place>(context.entity)?.holder()?, item))
}
