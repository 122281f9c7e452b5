//! What a scene is made of, and how a world is asked for it.

use bevy_ecs::prelude::{Has, QueryState, With, World};
use hypogeum_arena::{Extracting, Hazard, LastInput, Seated};
use hypogeum_combat::{Cooldowns, Dead, Health, Mana, Projectile};
use hypogeum_items::{Container, Inventory, Item, Place};
use hypogeum_npc::Npc;
use hypogeum_protocol::{MatchPhase, NetId, OwnState};
use hypogeum_shard::Named;
use hypogeum_space::{Gait, Heading, Position};

/// An area that can be seen from afar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) id: NetId,
    pub(crate) at: Position,
    /// How far its edge lies from its middle, in subunits.
    pub(crate) extent: i32,
    /// Where its encoded record lies in the scene's bytes.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A participant's avatar, as its own client is to see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    pub(crate) avatar: NetId,
    pub(crate) at: Position,
    /// `None` once it is dead.
    pub(crate) state: Option<OwnState>,
    pub(crate) input_seq: u32,
    pub(crate) inventory_version: u32,
}

/// Where the match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhaseNow {
    pub(crate) phase: MatchPhase,
    pub(crate) began_tick: u32,
    pub(crate) ends_tick: u32,
}

/// Whoever fights, with what else `T` it is.
type Fighter<T> =
    QueryState<(&'static Named, &'static T, &'static Position, &'static Heading, &'static Health, Has<Dead>)>;

/// What a scene asks a world, prepared once.
pub(crate) struct Queries {
    pub(crate) avatars: QueryState<
        (
            &'static Named,
            &'static Position,
            &'static Heading,
            &'static Health,
            Option<&'static Mana>,
            Option<&'static Gait>,
            Option<&'static Cooldowns>,
            Option<&'static Inventory>,
            Option<&'static LastInput>,
            Option<&'static Extracting>,
            Has<Dead>,
        ),
        With<Seated>,
    >,
    pub(crate) npcs: Fighter<Npc>,
    pub(crate) items: QueryState<(&'static Named, &'static Item, &'static Place, Option<&'static Position>)>,
    pub(crate) containers: QueryState<(&'static Named, &'static Container, &'static Position)>,
    pub(crate) projectiles: QueryState<(&'static Named, &'static Projectile, &'static Position, &'static Heading)>,
    pub(crate) hazards: QueryState<(&'static Named, &'static Hazard, &'static Position)>,
}

impl Queries {
    pub(crate) fn new(world: &mut World) -> Self {
        Self {
            avatars: world.query_filtered(),
            npcs: world.query(),
            items: world.query(),
            containers: world.query(),
            projectiles: world.query(),
            hazards: world.query(),
        }
    }
}
