//! Which effects cling to whom, found without looking at every effect of the world.

use std::collections::BTreeMap;

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::Resource;
use bevy_ecs::world::DeferredWorld;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;

use crate::Effect;

/// The effects of each bearer. A cache of all [`Effect`]s, kept by the hooks of that component.
#[derive(Resource, Clone, Debug, Default)]
pub struct Afflictions {
    on: BTreeMap<NetId, Vec<NetId>>,
}

impl Afflictions {
    /// The effects on a bearer, in the order of names.
    #[must_use]
    pub fn of(&self, bearer: NetId) -> &[NetId] {
        self.on.get(&bearer).map(Vec::as_slice).unwrap_or_default()
    }
}

/// An effect begins.
pub(crate) fn cling(mut world: DeferredWorld, context: HookContext) {
    let Some((bearer, effect)) = who_bears_what(&world, context) else { return };
    let Some(mut afflictions) = world.get_resource_mut::<Afflictions>() else { return };
    let effects = afflictions.on.entry(bearer).or_default();
    if let Err(at) = effects.binary_search(&effect) {
        effects.insert(at, effect);
    }
}

/// An effect ends.
pub(crate) fn let_go(mut world: DeferredWorld, context: HookContext) {
    let Some((bearer, effect)) = who_bears_what(&world, context) else { return };
    let Some(mut afflictions) = world.get_resource_mut::<Afflictions>() else { return };
    let Some(effects) = afflictions.on.get_mut(&bearer) else { return };
    if let Ok(at) = effects.binary_search(&effect) {
        effects.remove(at);
    }
    if effects.is_empty() {
        afflictions.on.remove(&bearer);
    }
}

fn who_bears_what(world: &DeferredWorld, context: HookContext) -> Option<(NetId, NetId)> {
    let effect = world.get::<NetIdOf>(context.entity)?.0;
    Some((world.get::<Effect>(context.entity)?.on, effect))
}
