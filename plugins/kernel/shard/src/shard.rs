//! The machine itself.

use core::fmt;
use std::sync::{Arc, OnceLock};

use bevy_app::App;
use bevy_ecs::prelude::{Component, Resource};
use bevy_ecs::world::World;
use hypogeum_content::Content;
use hypogeum_protocol::NetId;
use serde::{Deserialize, Serialize};

use crate::names::NetIdOf;
use crate::schedule::{ShardSchedule, kernel};
use crate::sip::Sip;
use crate::state::{Registry, StateDigest};
use crate::{Command, Dice, Inbox, KindOutbox, OperatorNotes, Outbox, Purpose, RestoreError, Seed, Speeches};

/// The number of steps taken; during step n it is n, and the first step is 1.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tick(pub u32);

const TURN: Purpose = Purpose::named("turn");

/// What holds for a shard's whole life: its seed, its rate and its content.
#[derive(Resource, Clone, Debug)]
pub struct Rules {
    /// Key of every roll. It never leaves the server.
    pub seed: Seed,
    /// Steps a second, 1–60.
    pub tick_hz: u32,
    /// What it is made of.
    pub content: Arc<Content>,
}

impl Rules {
    /// Milliseconds as ticks, rounded up, so that what lasts at all lasts at least a tick.
    #[must_use]
    pub fn ticks(&self, ms: u32) -> u32 {
        u32::try_from((u64::from(ms) * u64::from(self.tick_hz)).div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// Centimetres a second as subunits (1/256 m) a tick, rounded to the nearest.
    #[must_use]
    pub fn speed(&self, cm_per_s: u32) -> i32 {
        let per_second = i64::from(cm_per_s) * 256;
        let divisor = i64::from(self.tick_hz) * 100;
        i32::try_from((per_second + divisor / 2) / divisor).unwrap_or(i32::MAX)
    }

    /// The dice of one roller at one tick for one purpose.
    #[must_use]
    pub const fn dice(&self, tick: Tick, who: NetId, purpose: Purpose) -> Dice {
        Dice::new(self.seed, tick.0, who, purpose)
    }

    /// When it is someone's turn among all who act in a tick: lower is earlier. Drawn afresh each tick, so no seat and no
    /// name is ahead of another for longer than that, and nobody can tell beforehand.
    #[must_use]
    pub const fn turn(&self, tick: Tick, who: NetId) -> u64 {
        self.dice(tick, who, TURN).bits()
    }
}

/// What a shard is made from besides its setup. In its world it stands as the resource [`Rules`].
pub type ShardConfig = Rules;

/// What 64 bits say of a whole world: equal states have equal hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StateHash(pub u64);

impl fmt::Display for StateHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

/// One deterministic world. A component of an entity of the host's world.
#[derive(Component)]
pub struct Shard {
    pub(crate) world: World,
    /// As the world has it: whoever looks at thousands of shards for one that has moved on need not look into each.
    tick: Tick,
    /// Whether the last step has left notes.
    has_notes: bool,
    /// Before the first step it is worked out when somebody asks: a world that is built to be restored needs none.
    hash: OnceLock<StateHash>,
}

impl fmt::Debug for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shard")
            .field("tick", &self.tick)
            .field("hash", &self.hash.get())
            .finish_non_exhaustive()
    }
}

impl Shard {
    /// Builds a world: `populate` adds the plugins and whatever stands there before the first step.
    #[must_use]
    pub fn new(config: ShardConfig, populate: impl FnOnce(&mut App)) -> Self {
        let mut app = kernel();
        app.insert_resource(config).insert_resource(Tick::default());
        populate(&mut app);
        app.finish();
        app.cleanup();
        let world = core::mem::take(app.world_mut());
        let mut shard = Self { world, tick: Tick::default(), has_notes: false, hash: OnceLock::new() };
        shard.world.flush();
        shard.look_up();
        shard
    }

    /// Takes one step: obeys `commands` in their order and moves on by one tick.
    pub fn step(&mut self, commands: &[Command]) -> StateHash {
        let tick = {
            let mut tick = self.world.resource_mut::<Tick>();
            // At 60 Hz for two years and more: a shard is at its end before its ticks are.
            tick.0 = tick.0.checked_add(1).expect("a shard never lives to take 2^32 steps");
            *tick
        };
        self.world.resource_mut::<Outbox>().0.clear();
        self.world.resource_mut::<KindOutbox>().clear();
        self.world.resource_mut::<Speeches>().0.clear();
        self.world.resource_mut::<OperatorNotes>().clear();
        let mut inbox = self.world.resource_mut::<Inbox>();
        inbox.0.clear();
        inbox.0.extend_from_slice(commands);
        self.world.run_schedule(ShardSchedule);
        self.look_up();
        assert_eq!(self.tick, tick, "only the kernel moves the tick, by one a step");
        self.world.resource_mut::<Inbox>().0.clear();
        self.world.clear_trackers();
        let hash = hash_of(tick, self.world.resource::<StateDigest>().sum());
        self.hash = hash.into();
        hash
    }

    /// Notes what is asked of every shard in every tick of its host.
    fn look_up(&mut self) {
        self.tick = *self.world.resource::<Tick>();
        self.has_notes = !self.world.resource::<OperatorNotes>().notes().is_empty();
    }

    /// The last step taken.
    #[must_use]
    pub const fn tick(&self) -> Tick {
        self.tick
    }

    /// The hash after the last step; before the first, that of the world as it was built: a shard may be saved then, and
    /// a snapshot is checked against its hash.
    #[must_use]
    pub fn hash(&self) -> StateHash {
        *self.hash.get_or_init(|| self.hash_from_nothing())
    }

    /// The world, to look at.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The world, for queries and for tests. Changing state here, between steps, breaks every promise of this type.
    pub const fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// What those who run the server should read of the last step. Each note is given once.
    #[must_use]
    pub fn take_notes(&mut self) -> Vec<String> {
        if !core::mem::take(&mut self.has_notes) {
            return Vec::new();
        }
        self.world.resource_mut::<OperatorNotes>().take()
    }

    /// The hash worked out from all state again: equal to [`Shard::hash`] after a step, or a change went unnoticed.
    #[must_use]
    pub fn hash_from_nothing(&self) -> StateHash {
        let columns = &self.world.resource::<Registry>().columns;
        let sum = columns.iter().fold(0, |sum: u64, column| sum.wrapping_add((column.digest)(&self.world)));
        hash_of(self.tick, sum)
    }

    /// Everything that is registered, as bytes for [`Shard::restore`].
    #[must_use]
    pub fn snapshot(&mut self) -> Vec<u8> {
        let hash = self.hash();
        crate::snapshot::save(&mut self.world, hash)
    }

    /// Becomes what a snapshot holds. The shard must be built by the same plugins on the same content.
    ///
    /// # Errors
    /// [`RestoreError`]; the shard is then good for nothing but another restore.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), RestoreError> {
        self.hash = crate::snapshot::load(&mut self.world, snapshot)?.into();
        self.look_up();
        Ok(())
    }

    /// In what this world differs from a snapshot: which registered types of which entities.
    ///
    /// # Errors
    /// [`RestoreError`] where the snapshot is none of a world like this one.
    pub fn differences(&mut self, snapshot: &[u8]) -> Result<Vec<crate::Difference>, RestoreError> {
        crate::difference::differences(&mut self.world, snapshot)
    }

    /// Components found on named entities that are neither registered as state nor as cache: there must be none.
    #[must_use]
    pub fn unregistered(&mut self) -> Vec<String> {
        let mut known = self.world.resource::<Registry>().known.clone();
        known.push(self.world.register_component::<NetIdOf>());
        let mut query = self.world.query::<(bevy_ecs::world::EntityRef, &NetIdOf)>();
        let mut found: Vec<String> = query
            .iter(&self.world)
            .flat_map(|(entity, _)| entity.archetype().components().to_vec())
            .filter(|id| !known.contains(id))
            .filter_map(|id| Some(self.world.components().get_info(id)?.name().to_string()))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

const fn hash_of(tick: Tick, sum: u64) -> StateHash {
    StateHash(Sip::<1, 3>::new([0, 0]).word(sum).word(tick.0 as u64).finish())
}
