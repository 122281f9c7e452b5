//! Matches to try things on.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::{Component, Entity, Or, With};
use hypogeum_combat::{HarmRequest, Health};
use hypogeum_content::Content;
use hypogeum_content::def::ModeDef;
use hypogeum_items::Item;
use hypogeum_npc::{Npc, Spawner};
use hypogeum_protocol::{AccountId, GameEvent, Input, ItemId, ItemState, MatchId, NetId, Seat};
use hypogeum_shard::{Command, CommandBody, NetIdIndex, Outbox, Seed, Shard, ShardConfig};
use hypogeum_space::{Obstacles, Position};

use crate::state::{Ground, HazardPlan, MatchClock, PlannedHazard, Scores, SeatScore};
use crate::{MatchSetup, SeatSetup, new_match};

static SHIPPED: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

/// The content that ships.
pub(crate) fn shipped() -> Arc<Content> {
    Arc::clone(&SHIPPED)
}

/// A seat with the starter's sword, coat and medkit.
fn seat(index: u64, autopilot: bool) -> SeatSetup {
    let content = shipped();
    let account = AccountId(index + 1);
    let item = |serial: u32, key: &str| {
        let id = ItemId { origin: ItemId::STARTER_BIT | account.0, serial };
        Item::brought(id, content.items.id(key).expect("the item ships"), ItemState::default())
    };
    SeatSetup {
        account,
        name: format!("seat {index}"),
        level: 1,
        rating: 1_500,
        autopilot,
        items: vec![item(0, "rusty_sword"), item(1, "padded_coat"), item(2, "medkit")],
    }
}

/// A shipped mode.
pub(crate) fn mode(key: &str) -> ModeDef {
    let content = shipped();
    content.modes[content.modes.id(key).expect("the mode ships")].clone()
}

/// A match of a shipped mode, and what is done to it.
pub(crate) struct TestShard {
    pub(crate) shard: Shard,
}

/// A match as players would find it.
pub(crate) fn test_match(mode: &str, seats: u64, autopilot: bool) -> TestShard {
    let content = shipped();
    let mode = content.modes.id(mode).expect("the mode ships");
    let setup = MatchSetup {
        match_id: MatchId(9),
        parties: Vec::new(),
        mode,
        seats: (0..seats).map(|index| seat(index, autopilot)).collect(),
    };
    TestShard { shard: new_match(ShardConfig { seed: Seed::numbered(5), tick_hz: 30, content }, &setup) }
}

/// A match nobody lives in, without hazards and obstacles, so that nothing happens but what the test does.
pub(crate) fn quiet(mode: &str, seats: u64) -> TestShard {
    let mut test = test_match(mode, seats, false);
    let world = test.shard.world_mut();
    let inhabitants: Vec<Entity> =
        world.query_filtered::<Entity, Or<(With<Npc>, With<Spawner>)>>().iter(world).collect();
    for entity in inhabitants {
        world.despawn(entity);
    }
    let side = world.resource::<Ground>().side;
    world.insert_resource(Obstacles::new(side, Vec::new()));
    world.insert_resource(HazardPlan::default());
    test
}

impl TestShard {
    pub(crate) fn step(&mut self, orders: &[(u16, CommandBody)]) {
        let commands: Vec<Command> =
            orders.iter().map(|(seat, body)| Command { seat: Seat(*seat), body: body.clone() }).collect();
        let hash = self.shard.step(&commands);
        assert_eq!(hash, self.shard.hash_from_nothing(), "a change went unnoticed");
    }

    pub(crate) fn steps(&mut self, count: u32) {
        for _ in 0..count {
            self.step(&[]);
        }
    }

    /// Steps until this tick has been taken.
    pub(crate) fn until(&mut self, tick: u32) {
        self.steps(tick.checked_sub(self.shard.tick().0).expect("that tick is still to come"));
    }

    /// Steps to the first tick of the live phase.
    pub(crate) fn go_live(&mut self) {
        let live = self.clock().ends_tick;
        self.until(live);
    }

    pub(crate) fn clock(&self) -> MatchClock {
        *self.shard.world().resource()
    }

    pub(crate) fn score(&self, seat: usize) -> &SeatScore {
        &self.shard.world().resource::<Scores>().0[seat]
    }

    pub(crate) fn avatar(&self, seat: usize) -> NetId {
        self.score(seat).avatar
    }

    pub(crate) fn entity(&self, seat: usize) -> Option<Entity> {
        self.shard.world().resource::<NetIdIndex>().entity(self.avatar(seat))
    }

    pub(crate) fn is_there(&self, seat: usize) -> bool {
        self.entity(seat).is_some()
    }

    pub(crate) fn has<T: Component>(&self, seat: usize) -> bool {
        self.entity(seat).is_some_and(|avatar| self.shard.world().get::<T>(avatar).is_some())
    }

    /// A component of an avatar that is there.
    pub(crate) fn of<T: Component + Copy>(&self, seat: usize) -> T {
        let avatar = self.entity(seat).expect("the avatar is there");
        *self.shard.world().get::<T>(avatar).expect("avatars have it")
    }

    /// Overwrites a component of an avatar that is there.
    pub(crate) fn set<T: Component<Mutability = Mutable>>(&mut self, seat: usize, value: T) {
        let avatar = self.entity(seat).expect("the avatar is there");
        *self.shard.world_mut().get_mut::<T>(avatar).expect("avatars have it") = value;
    }

    pub(crate) fn hp(&self, seat: usize) -> u32 {
        self.of::<Health>(seat).hp
    }

    /// Asks for harm in the next step.
    pub(crate) fn hurt(&mut self, source: NetId, target: usize, amount: u32) {
        let target = self.avatar(target);
        self.shard.world_mut().write_message(HarmRequest { source, target, amount });
    }

    /// Everything that was told in the last step.
    pub(crate) fn told(&self) -> Vec<GameEvent> {
        self.shard.world().resource::<Outbox>().0.iter().map(|outgoing| outgoing.event).collect()
    }

    /// The centre of an exit and the ticks at which it opens and closes.
    pub(crate) fn exit(&self, index: usize) -> (Position, u32, u32) {
        let exit = self.shard.world().resource::<Ground>().exits[index];
        (exit.at, exit.opens_tick, exit.closes_tick)
    }

    /// The middle of the map.
    pub(crate) fn middle(&self) -> Position {
        let side = self.shard.world().resource::<Ground>().side;
        Position { x: side / 2, y: side / 2 }
    }

    /// Plans a shipped hazard for the next tick.
    pub(crate) fn plan(&mut self, hazard: &str, at: Position) {
        let def = shipped().hazards.id(hazard).expect("the hazard ships");
        let shows_tick = self.shard.tick().0 + 1;
        self.shard.world_mut().resource_mut::<HazardPlan>().0.push(PlannedHazard { shows_tick, def, at });
    }

    /// How many entities have a component.
    pub(crate) fn count<T: Component>(&mut self) -> usize {
        let world = self.shard.world_mut();
        world.query::<&T>().iter(world).count()
    }
}

/// Walking at full pace.
pub(crate) const fn walk(seq: u32, direction: u16) -> CommandBody {
    CommandBody::Input(Input { seq, walk: direction, pace: Input::PACE_MAX, aim: direction, ability: 0 })
}
