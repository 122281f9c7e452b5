//! Dangers of the place: shown when they begin, hurting pulse by pulse once their warning is over, gone in the end.
//!
//! Every kind of shard that has hazards adds [`HazardsPlugin`] and says by its parameter whom they hurt; it begins one with
//! [`show_hazard`]. A hazard hurts nobody beyond its [`HazardGround`], nobody who is `Sheltered`, and nobody while
//! [`CombatDisabled`](crate::CombatDisabled) holds.

mod course;
mod harm;

use core::marker::PhantomData;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Message, Resource, SystemSet, World};
use hypogeum_content::Id;
use hypogeum_content::def::HazardDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems, State};
use hypogeum_space::{Position, ViewApp, turn};
use serde::{Deserialize, Serialize};

use crate::messages::HazardHarm;
use crate::view::HazardView;
use crate::{CombatSystems, EffectRequest};

pub use course::show_hazard;

/// When hazards do their parts of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum HazardSystems {
    /// In `ShardSystems::Apply`: storms close, and what is over is taken away. [`HazardEnded`] is to be read after it. A kind of
    /// shard orders its own part of `Apply` before or after it.
    Advance,
    /// In `ShardSystems::Act`, before [`CombatSystems::Strike`]: those who are reached are hurt.
    Hurt,
}

/// Gives a shard hazards that hurt those with the component `E`: those who live there have no such component, know them and
/// take no harm unless [`HazardsHurtAll`] says so. Needs `SpacePlugin` and `CombatPlugin`.
#[derive(Debug)]
pub struct HazardsPlugin<E>(PhantomData<fn() -> E>);

impl<E> Default for HazardsPlugin<E> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<E: Component> Plugin for HazardsPlugin<E> {
    fn build(&self, app: &mut App) {
        use HazardSystems::{Advance, Hurt};
        app.init_resource::<HazardsHurtAll>()
            .register_state::<Hazard>()
            .register_state::<Mine>()
            .add_shard_message::<HazardHarm>()
            .add_shard_message::<EffectRequest>()
            .add_shard_message::<HazardEnded>()
            .show_areas::<HazardView>()
            .configure_sets(ShardSchedule, Advance.in_set(ShardSystems::Apply))
            .configure_sets(ShardSchedule, Hurt.in_set(ShardSystems::Act).before(CombatSystems::Strike))
            .add_systems(
                ShardSchedule,
                (course::advance.in_set(Advance), (harm::pulse::<E>, harm::spring::<E>).chain().in_set(Hurt)),
            );
    }
}

/// Whether hazards hurt everyone with hit points, those included who live there. No state: the owner of the shard sets it when it
/// builds one, from the content, and never changes it.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HazardsHurtAll(pub bool);

/// A danger that is shown or hurts; its `Position` is its centre.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Its definition in the content: shape, times, what it does.
    pub def: Id<HazardDef>,
    /// Where it is; it never changes.
    pub ground: HazardGround,
    /// Its extent now in subunits: of a storm, what is left safe; of the others, where it hurts.
    pub radius: i32,
    /// The first tick it hurts; before it, it is a warning.
    pub hurts_tick: u32,
    /// The first tick it is gone; `u32::MAX`: never.
    pub ends_tick: u32,
    /// The tick of its next pulse.
    pub next_pulse_tick: u32,
}

/// A mine of a minefield. Nobody is shown where it lies.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// The minefield's kind.
    pub def: Id<HazardDef>,
    /// That of its field.
    pub ground: HazardGround,
    /// The first tick it goes off.
    pub armed_tick: u32,
    /// The first tick it is gone; `u32::MAX`: never.
    pub ends_tick: u32,
}

/// The ground that a hazard keeps to, its edges included: of a match the whole map, of a zone one room, so that gas does not come
/// through walls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HazardGround {
    /// The corner with the smallest coordinates, in subunits.
    pub low: Position,
    /// The corner with the greatest ones, in subunits.
    pub high: Position,
}

impl HazardGround {
    /// A whole map of a side, in subunits.
    #[must_use]
    pub fn whole(side: i32) -> Self {
        Self { low: Position::default(), high: Position { x: side, y: side } }
    }

    /// Whether a place is on it.
    #[must_use]
    pub const fn holds(&self, at: Position) -> bool {
        self.low.x <= at.x && at.x <= self.high.x && self.low.y <= at.y && at.y <= self.high.y
    }

    /// The place on it that is nearest to another.
    fn nearest(&self, at: Position) -> Position {
        let within = |at: i32, low: i32, high: i32| at.max(low).min(high);
        Position { x: within(at.x, self.low.x, self.high.x), y: within(at.y, self.low.y, self.high.y) }
    }

    /// How far its farthest corner is from a place.
    fn farthest(&self, from: Position) -> i32 {
        let far = |from: i32, low: i32, high: i32| (from - low).max(high - from);
        let corner = Position { x: far(from.x, self.low.x, self.high.x), y: far(from.y, self.low.y, self.high.y) };
        turn::distance(Position::default(), corner)
    }
}

/// A hazard is over. Written in [`HazardSystems::Advance`], in the order of names.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct HazardEnded {
    /// Its name.
    pub id: NetId,
    /// Its definition in the content.
    pub def: Id<HazardDef>,
    /// Where its middle was.
    pub at: Position,
}

/// All hazards that are there, with the middle of each, in the order of names.
#[must_use]
pub fn hazards(world: &World) -> Vec<(NetId, Hazard, Position)> {
    let Some(mut query) = world.try_query::<(&hypogeum_shard::NetIdOf, &Hazard, &Position)>() else {
        return Vec::new();
    };
    let mut found: Vec<_> = query.iter(world).map(|(named, hazard, at)| (named.0, *hazard, *at)).collect();
    found.sort_unstable_by_key(|(id, ..)| *id);
    found
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! { Hazard => "hazard", Mine => "mine", }
