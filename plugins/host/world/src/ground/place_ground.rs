//! What the host knows of the ground of one place.

use bevy_ecs::prelude::World;
use hypogeum_geometry::{Ground, METRE, Position};
use hypogeum_hosting::{HostedShard, ask};
use hypogeum_protocol::{ChunkPlace, DoorChange, DoorInfo, NetId};
use hypogeum_shard::{GroundFeatures, HostedPlace, MapBrief, NetIdIndex};

/// How much farther than one sees chunks lie near: nobody walks so far until it is looked again.
const MARGIN: i32 = 8 * METRE;

/// The ground of a place, and how its doors were when they were looked at last.
#[derive(Debug)]
pub(crate) struct PlaceGround {
    /// What is told of it on entering.
    pub(crate) brief: MapBrief,
    pub(crate) chunks: Ground,
    /// How far from an avatar chunks lie near.
    pub(crate) reach: i32,
    doors: Vec<DoorInfo>,
    open: Vec<bool>,
}

impl PlaceGround {
    /// Asks the kind of a place for its ground, and cuts it; `None` where the kind cannot say.
    pub(crate) fn of(hosted: &HostedShard, place: &HostedPlace, world: &World) -> Option<Self> {
        let mut brief = ask(hosted.id, "ground", || (place.ground)(world))?;
        let GroundFeatures { doors, rooms } = ask(hosted.id, "features", || (place.features)(world))?;
        let sight = ask(hosted.id, "view", || (hosted.kind.view)(world))?.unwrap_or_default().sight;
        let obstacles = std::mem::take(&mut brief.obstacles);
        let chunks = Ground::cut(brief.side, &obstacles, &doors, &rooms);
        if chunks.left_out() > 0 {
            let (place, left_out) = (&hosted.title, chunks.left_out());
            tracing::error!(shard = %hosted.id, place, left_out, "so much stands so close together in a place that its clients are not told of all of it");
        }
        let open = doors.iter().map(|door| door.is_open).collect();
        Some(Self { brief, chunks, reach: sight.saturating_add(MARGIN), doors, open })
    }

    /// Whether there is any: a place may be words alone.
    pub(crate) const fn is_there(&self) -> bool {
        self.brief.side > 0
    }

    /// Looks which doors have changed since they were looked at last.
    pub(crate) fn follow_doors(&mut self, open: &[bool]) -> Vec<usize> {
        let changed = self.open.iter_mut().zip(open).enumerate().filter(|(_, (was, is))| was != is);
        let note = |(door, (was, is)): (usize, (&mut bool, &bool))| {
            *was = *is;
            door
        };
        changed.map(note).collect()
    }

    /// A door as it is now, where one of these chunks has it.
    pub(crate) fn door_in(&self, door: usize, has: impl Fn(ChunkPlace) -> bool) -> Option<DoorChange> {
        let (info, is_open) = (self.doors.get(door)?, *self.open.get(door)?);
        let is_known = self.chunks.touched_by(&info.block).any(has);
        is_known.then_some(DoorChange { number: info.number, is_open })
    }

    /// Doors in these chunks that are not as the chunks say.
    pub(crate) fn doors_changed_in(&self, chunks: &[ChunkPlace]) -> Vec<DoorChange> {
        let changed = self.doors.iter().zip(&self.open).enumerate().filter(|(_, (info, open))| info.is_open != **open);
        changed.filter_map(|(door, _)| self.door_in(door, |at| chunks.contains(&at))).collect()
    }
}

/// Where an avatar is; `None` where it is nowhere.
pub(crate) fn whereabouts(world: &World, avatar: NetId) -> Option<Position> {
    world.get::<Position>(world.get_resource::<NetIdIndex>()?.entity(avatar)?).copied()
}
