//! The stages of one step and how a plugin takes part in them.

use bevy_app::App;
use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Message, ResMut, Resource, SystemSet};
use bevy_ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};

use crate::rows::RowsState;
use crate::state::{Registry, ResourceState, State};
use crate::{Inbox, KindOutbox, NetIdIndex, NetIds, OperatorNotes, Outbox, Speeches};

/// The one schedule of a shard; a step runs it once.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShardSchedule;

/// The stages of a step, in this order. Within one, a plugin orders its systems itself.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShardSystems {
    /// Commands become intents; phases and schedules move on; what is due appears.
    Apply,
    /// Brains decide: intents of all that is not steered from outside.
    Think,
    /// Bodies and shots move.
    Move,
    /// Abilities, hazards and effects do their harm; items change hands.
    Act,
    /// The consequences: deaths, drops, verdicts.
    Resolve,
    /// State is hashed. Only the kernel runs here.
    Seal,
}

/// What plugins call while a shard is built.
pub trait ShardApp {
    /// Declares a component state: it is hashed, saved and restored. Once for each type.
    fn register_state<T: State>(&mut self) -> &mut Self;
    /// Declares a resource state, as [`ShardApp::register_state`]; it starts with its default.
    fn register_resource_state<R: ResourceState>(&mut self) -> &mut Self;
    /// Declares a resource state that is a long list, hashed row by row; else as [`ShardApp::register_resource_state`].
    fn register_rows_state<R: RowsState>(&mut self) -> &mut Self;
    /// Declares that a component can be rebuilt from state and therefore is none.
    fn register_cache<T: Component>(&mut self) -> &mut Self;
    /// Lets the shard have [`Occupants`](crate::Occupants), who enter and leave while it runs.
    fn register_occupants(&mut self) -> &mut Self;
    /// Adds a message that lives for the rest of the step it is written in. None ever crosses a tick, so that a
    /// snapshot between two steps holds everything.
    fn add_shard_message<M: Message>(&mut self) -> &mut Self;
}

impl ShardApp for App {
    fn register_state<T: State>(&mut self) -> &mut Self {
        crate::state::register_component::<T>(self);
        self
    }

    fn register_resource_state<R: ResourceState>(&mut self) -> &mut Self {
        crate::state::register_resource::<R>(self);
        self
    }

    fn register_rows_state<R: RowsState>(&mut self) -> &mut Self {
        crate::rows::register_rows::<R>(self);
        self
    }

    fn register_cache<T: Component>(&mut self) -> &mut Self {
        let id = self.world_mut().register_component::<T>();
        self.world_mut().resource_mut::<Registry>().known.push(id);
        self
    }

    fn register_occupants(&mut self) -> &mut Self {
        crate::occupants::register(self);
        self
    }

    fn add_shard_message<M: Message>(&mut self) -> &mut Self {
        if !self.world().contains_resource::<Messages<M>>() {
            self.init_resource::<Messages<M>>().add_systems(ShardSchedule, forget::<M>.after(ShardSystems::Seal));
        }
        self
    }
}

fn forget<M: Message>(mut messages: ResMut<Messages<M>>) {
    messages.clear();
}

fn empty<R: Resource + Default>(world: &mut bevy_ecs::world::World) {
    world.insert_resource(R::default());
}

/// An app with the kernel's resources and stages, ready for plugins.
pub(crate) fn kernel() -> App {
    use ShardSystems::{Act, Apply, Move, Resolve, Seal, Think};
    let mut app = App::empty();
    empty::<NetIdIndex>(app.world_mut());
    empty::<Inbox>(app.world_mut());
    empty::<Outbox>(app.world_mut());
    empty::<KindOutbox>(app.world_mut());
    empty::<Speeches>(app.world_mut());
    empty::<OperatorNotes>(app.world_mut());
    empty::<Registry>(app.world_mut());
    empty::<crate::state::StateDigest>(app.world_mut());
    app.init_schedule(ShardSchedule);
    app.edit_schedule(ShardSchedule, |schedule| {
        schedule.set_executor(SingleThreadedExecutor::new());
        schedule.configure_sets((Apply, Think, Move, Act, Resolve, Seal).chain());
    });
    // Each type adds its digests to one sum, and a sum is the same in every order.
    app.world_mut().allow_ambiguous_resource::<crate::state::StateDigest>();
    app.register_resource_state::<NetIds>();
    app
}
