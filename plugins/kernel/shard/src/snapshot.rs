//! A whole world as bytes, and back.
//!
//! Layout (all by [`codec`]): format version, tick, hash, names in order, then one (name, bytes) pair a registered type.

use bevy_ecs::prelude::{Entity, With};
use bevy_ecs::world::World;
use hypogeum_protocol::{NetId, codec};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::state::Registry;
use crate::{NetIdIndex, NetIdOf, Rules, StateHash, Tick};

const FORMAT: u16 = 1;
/// No world of this project comes near it; a snapshot that claims more is not one.
const SNAPSHOT_BYTES_MAX: usize = 1 << 30;

/// Why a snapshot is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The bytes are no snapshot.
    #[error("the snapshot is damaged: {0}")]
    Damaged(codec::CodecError),
    /// Another build wrote it in another format.
    #[error("the snapshot has format {0}, this build reads format {FORMAT}")]
    Format(u16),
    /// It was taken with other content.
    #[error("the snapshot was taken with other content")]
    Content,
    /// It was taken by a shard with other state.
    #[error("the snapshot holds {found:?} where this shard has {expected:?}")]
    Columns {
        /// Names of the state types registered in this shard, in their order.
        expected: String,
        /// Names of the state types in the snapshot, in their order.
        found: String,
    },
    /// Names stand in their order, each once: somebody who stands there twice would be two.
    #[error("the snapshot names entity {0} out of order")]
    Names(NetId),
    /// A row belongs to an entity the snapshot does not list.
    #[error("{column} names entity {id}, which the snapshot does not hold")]
    Nameless {
        /// The registered type.
        column: &'static str,
        /// The entity it names.
        id: NetId,
    },
}

#[derive(Serialize, Deserialize)]
struct Image {
    format: u16,
    content: [u8; 32],
    tick: Tick,
    hash: StateHash,
    names: Vec<NetId>,
    columns: Vec<(String, Vec<u8>)>,
}

pub(crate) fn save(world: &mut World, hash: StateHash) -> Vec<u8> {
    let columns = world.resource::<Registry>().columns.clone();
    let columns = columns
        .iter()
        .map(|column| {
            let mut bytes = Vec::new();
            (column.save)(world, &mut bytes);
            (column.name.to_owned(), bytes)
        })
        .collect();
    let names = world.resource::<NetIdIndex>().iter().map(|(id, _)| id).collect();
    let content = world.resource::<Rules>().content.hash;
    codec::encode(&Image { format: FORMAT, content, tick: *world.resource(), hash, names, columns })
}

/// Reads a snapshot that fits this world.
fn image_for(world: &World, bytes: &[u8]) -> Result<Image, RestoreError> {
    let image: Image = codec::decode::<_, SNAPSHOT_BYTES_MAX>(bytes).map_err(RestoreError::Damaged)?;
    if image.format != FORMAT {
        return Err(RestoreError::Format(image.format));
    }
    let columns = &world.resource::<Registry>().columns;
    let expected: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let found: Vec<&str> = image.columns.iter().map(|column| column.0.as_str()).collect();
    if expected != found {
        return Err(RestoreError::Columns { expected: expected.join(" "), found: found.join(" ") });
    }
    let mut before = NetId::NONE;
    for id in &image.names {
        if *id <= before {
            return Err(RestoreError::Names(*id));
        }
        before = *id;
    }
    Ok(image)
}

/// The columns of a snapshot that fits this world, in the order of registration; also of one on other content, to see
/// what differs.
pub(crate) fn columns_of(world: &World, bytes: &[u8]) -> Result<Vec<Vec<u8>>, RestoreError> {
    Ok(image_for(world, bytes)?.columns.into_iter().map(|(_, bytes)| bytes).collect())
}

pub(crate) fn load(world: &mut World, bytes: &[u8]) -> Result<StateHash, RestoreError> {
    let image = image_for(world, bytes)?;
    if image.content != world.resource::<Rules>().content.hash {
        return Err(RestoreError::Content);
    }
    let columns = world.resource::<Registry>().columns.clone();
    let old: Vec<Entity> = world.query_filtered::<Entity, With<NetIdOf>>().iter(world).collect();
    for entity in old {
        world.despawn(entity);
    }
    world.spawn_batch(image.names.into_iter().map(NetIdOf));
    for (column, (_, bytes)) in columns.iter().zip(&image.columns) {
        (column.load)(world, bytes)?;
    }
    *world.resource_mut::<Tick>() = image.tick;
    Ok(image.hash)
}

pub(crate) fn decode_column<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RestoreError> {
    codec::decode::<_, SNAPSHOT_BYTES_MAX>(bytes).map_err(RestoreError::Damaged)
}
