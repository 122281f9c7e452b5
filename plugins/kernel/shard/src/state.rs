//! What a shard is made of: registered components and resources, hashed as they change.
//!
//! The hash of a world is the wrapping sum of one 64-bit digest for each (name, component) pair, so it does
//! not depend on the order of entities in memory, and a step only digests again what it has changed.

use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::change_detection::{DetectChanges, DetectChangesMut};
use bevy_ecs::component::{ComponentId, Mutable};
use bevy_ecs::prelude::{Changed, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource};
use bevy_ecs::world::World;
use hypogeum_protocol::{NetId, codec};
use serde::{Serialize, de::DeserializeOwned};

use crate::digest::digest;
use crate::names::{NetIdIndex, NetIdOf, NetIds};
use crate::schedule::{ShardSchedule, ShardSystems};
use crate::snapshot::RestoreError;

/// A component that is part of what a shard is. It refers to other entities by `NetId`, never by `Entity`.
pub trait State: Component<Mutability = Mutable> + Serialize + DeserializeOwned {
    /// Its name in snapshots and reports; stable across builds, unique in a shard.
    const NAME: &'static str;
}

/// A resource that is part of what a shard is.
pub trait ResourceState: Resource<Mutability = Mutable> + Serialize + DeserializeOwned + Default {
    /// Stands for it in digests and snapshots, as [`State::NAME`] does: it never changes.
    const NAME: &'static str;
}

impl ResourceState for NetIds {
    const NAME: &'static str = "net_ids";
}

/// How one registered type is saved, restored and hashed from nothing.
#[derive(Clone)]
pub(crate) struct StateType {
    pub(crate) name: &'static str,
    pub(crate) save: fn(&mut World, &mut Vec<u8>),
    pub(crate) load: fn(&mut World, &[u8]) -> Result<(), RestoreError>,
    pub(crate) digest: Arc<dyn Fn(&World) -> u64 + Send + Sync>,
    /// Whose values are not those saved in a column.
    pub(crate) differ: fn(&mut World, &[u8]) -> Result<Vec<NetId>, RestoreError>,
}

/// All that is registered, in the order of registration, which is the order of the plugins.
#[derive(Resource, Default)]
pub(crate) struct Registry {
    pub(crate) columns: Vec<StateType>,
    pub(crate) known: Vec<ComponentId>,
}

/// The sum of the digests of all components, kept up to date, and those of the resources.
#[derive(Resource, Default)]
pub(crate) struct StateDigest {
    components: u64,
    resources: Vec<u64>,
}

impl StateDigest {
    pub(crate) fn sum(&self) -> u64 {
        self.resources.iter().fold(self.components, |sum, digest| sum.wrapping_add(*digest))
    }

    pub(crate) fn resource(&self, slot: usize) -> u64 {
        self.resources.get(slot).copied().unwrap_or(0)
    }

    pub(crate) fn set_resource(&mut self, slot: usize, digest: u64) {
        if let Some(kept) = self.resources.get_mut(slot) {
            *kept = digest;
        }
    }
}

/// The digest of an entity's `T` that is part of [`StateDigest`] now.
#[derive(Component)]
struct Digest<T> {
    value: u64,
    of: core::marker::PhantomData<fn() -> T>,
}

impl<T> Default for Digest<T> {
    fn default() -> Self {
        Self { value: 0, of: core::marker::PhantomData }
    }
}

/// The digest of what an entity of this name has under the name of a type.
pub(crate) fn digest_of<T: Serialize>(value: &T, purpose: crate::Purpose, id: NetId) -> u64 {
    digest(value, purpose.seed() ^ (u64::from(id.0) << 32 | u64::from(id.0)))
}

pub(crate) fn register_component<T: State>(app: &mut App) {
    let world = app.world_mut();
    let (component, digest) = (world.register_component::<T>(), world.register_component::<Digest<T>>());
    world.register_required_components::<T, Digest<T>>();
    world.register_component_hooks::<T>().on_remove(|mut world, context| {
        let Some(mut digest) = world.get_mut::<Digest<T>>(context.entity) else { return };
        let gone = core::mem::take(&mut digest.value);
        if let Some(mut sealed) = world.get_resource_mut::<StateDigest>() {
            sealed.components = sealed.components.wrapping_sub(gone);
        }
    });
    let mut registry = world.resource_mut::<Registry>();
    assert!(registry.columns.iter().all(|column| column.name != T::NAME), "state {} is registered twice", T::NAME);
    registry.known.extend([component, digest]);
    registry.columns.push(StateType {
        name: T::NAME,
        save: save::<T>,
        load: load::<T>,
        digest: Arc::new(digest_all::<T>),
        differ: differ::<T>,
    });
    app.add_systems(ShardSchedule, seal::<T>.in_set(ShardSystems::Seal));
}

fn seal<T: State>(mut sealed: ResMut<StateDigest>, mut changed: Query<(&NetIdOf, &T, &mut Digest<T>), Changed<T>>) {
    let mut sum = sealed.components;
    for (named, value, mut digest) in &mut changed {
        let fresh = digest_of(value, const { crate::Purpose::named(T::NAME) }, named.0);
        let kept = digest.bypass_change_detection();
        sum = sum.wrapping_sub(kept.value).wrapping_add(fresh);
        kept.value = fresh;
    }
    sealed.components = sum;
}

fn sorted<T: State>(world: &mut World) -> Vec<(NetId, &T)> {
    let mut query = world.query::<(&NetIdOf, &T)>();
    let mut rows: Vec<(NetId, &T)> = query.iter(world).map(|(named, value)| (named.0, value)).collect();
    rows.sort_unstable_by_key(|row| row.0);
    rows
}

fn save<T: State>(world: &mut World, out: &mut Vec<u8>) {
    codec::encode_into(&sorted::<T>(world), out);
}

fn load<T: State>(world: &mut World, bytes: &[u8]) -> Result<(), RestoreError> {
    let rows: Vec<(NetId, T)> = crate::snapshot::decode_column(bytes)?;
    let index = world.resource::<NetIdIndex>();
    let owned = |(id, value)| {
        let entity = index.entity(id).ok_or(RestoreError::Nameless { column: T::NAME, id })?;
        Ok((entity, value))
    };
    let owned: Vec<(Entity, T)> = rows.into_iter().map(owned).collect::<Result<_, RestoreError>>()?;
    world.insert_batch(owned);
    Ok(())
}

fn differ<T: State>(world: &mut World, bytes: &[u8]) -> Result<Vec<NetId>, RestoreError> {
    let saved: Vec<(NetId, T)> = crate::snapshot::decode_column(bytes)?;
    let saved: Vec<_> = saved.iter().map(|(id, value)| (*id, codec::encode(value))).collect();
    let here: Vec<_> = sorted::<T>(world).into_iter().map(|(id, value)| (id, codec::encode(value))).collect();
    Ok(crate::difference::differing(&here, &saved))
}

fn digest_all<T: State>(world: &World) -> u64 {
    // A world in which nothing has had one yet does not know such a component.
    let Some(mut query) = world.try_query::<(&NetIdOf, &T)>() else { return 0 };
    let digests =
        query.iter(world).map(|(named, value)| digest_of(value, const { crate::Purpose::named(T::NAME) }, named.0));
    // A sum is the same in every order.
    digests.fold(0, u64::wrapping_add)
}

pub(crate) fn register_resource<R: ResourceState>(app: &mut App) {
    let slot =
        register_resource_column::<R>(app, |value| digest_of(value, crate::Purpose::named(R::NAME), NetId::NONE));
    let seal = move |value: Res<R>, mut sealed: ResMut<StateDigest>| {
        if value.is_changed() {
            sealed.set_resource(slot, digest_of(&*value, const { crate::Purpose::named(R::NAME) }, NetId::NONE));
        }
    };
    app.add_systems(ShardSchedule, seal.in_set(ShardSystems::Seal));
}

/// Registers all of a resource but how it is sealed, and says where its digest is kept.
pub(crate) fn register_resource_column<R: ResourceState>(app: &mut App, digest: fn(&R) -> u64) -> usize {
    app.init_resource::<R>();
    let slot = {
        let mut sealed = app.world_mut().resource_mut::<StateDigest>();
        sealed.resources.push(0);
        sealed.resources.len() - 1
    };
    let mut registry = app.world_mut().resource_mut::<Registry>();
    assert!(registry.columns.iter().all(|column| column.name != R::NAME), "state {} is registered twice", R::NAME);
    registry.columns.push(StateType {
        name: R::NAME,
        save: |world, out| codec::encode_into(world.resource::<R>(), out),
        load: |world, bytes| {
            let value: R = crate::snapshot::decode_column(bytes)?;
            world.insert_resource(value);
            Ok(())
        },
        digest: Arc::new(move |world| digest(world.resource::<R>())),
        differ: |world, bytes| {
            let same = codec::encode(world.resource::<R>()) == bytes;
            Ok(if same { Vec::new() } else { vec![NetId::NONE] })
        },
    });
    slot
}
