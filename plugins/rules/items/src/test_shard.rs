//! A bare shard with three pairs of hands on a plain, for the tests of this crate.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::{Entity, World};
use hypogeum_combat::{AbilitySlots, Casting, Dead, EquipmentBonus, Health};
use hypogeum_content::Content;
use hypogeum_protocol::{Block, ErrorCode, GameEvent, ItemId, ItemState, NetId};
use hypogeum_shard::{NetIdIndex, NetIdOf, NetIds, Outbox, Seed, Shard, ShardApp, ShardConfig};
use hypogeum_space::{METRE, Obstacles, Position, SpacePlugin};

use crate::{
    Carried, Container, Inventory, Item, ItemAct, ItemRequest, ItemsPlugin, Mint, Place, carried, carried_weight_g,
    mint_item, spawn_item, weight_limit_g,
};

pub(crate) struct TestShard {
    pub(crate) shard: Shard,
    pub(crate) hands: Vec<NetId>,
}

pub(crate) fn content() -> Content {
    let effect = "(name: \"Mend\", kind: Heal(Flat(5)), duration_ms: 100, interval_ms: 100, stacking: Refresh)";
    let blow = "(name: \"Blow\", shape: Melee(range_cm: 100, arc_deg: 90), damage: 5, scales_with: Strength, cooldown_ms: 500)";
    Content::from_files([
        ("abilities/fists.ron", blow),
        ("abilities/slash.ron", blow),
        ("abilities/stab.ron", blow),
        ("effects/mend.ron", effect),
        (
            "items/sword.ron",
            "(name: \"Sword\", kind: Weapon, slot: Some(Weapon), ability: Some(\"slash\"),
              modifiers: [(stat: Strength, by: Flat(3)), (stat: Damage, by: Percent(5))])",
        ),
        ("items/spear.ron", "(name: \"Spear\", kind: Weapon, slot: Some(Weapon), ability: Some(\"stab\"), weight_g: 30)"),
        (
            "items/helm.ron",
            "(name: \"Helm\", kind: Armour, slot: Some(Head), modifiers: [(stat: Armour, by: Flat(10))])",
        ),
        ("items/gem.ron", "(name: \"Gem\", kind: Valuable)"),
        ("items/leaf.ron", "(name: \"Leaf\", kind: Valuable, ground_lifetime_ms: 3000)"),
        ("items/brick.ron", "(name: \"Brick\", kind: Valuable, weight_g: 400)"),
        ("items/nail.ron", "(name: \"Nail\", kind: Valuable, weight_g: 30, stack_max: 50, on_conflict: Merge)"),
        (
            "items/axe.ron",
            "(name: \"Axe\", kind: Weapon, slot: Some(Weapon), ability: Some(\"slash\"), durability: Some(2), blows_per_point: 2,
              modifiers: [(stat: Strength, by: Flat(5))])",
        ),
        (
            "items/cap.ron",
            "(name: \"Cap\", kind: Armour, slot: Some(Head), durability: Some(1), modifiers: [(stat: Armour, by: Flat(4))])",
        ),
        ("items/kit.ron", "(name: \"Kit\", kind: Valuable, repairs: 1, stack_max: 5)"),
        ("items/ring.ron", "(name: \"Ring\", kind: Trinket, slot: Some(Trinket), binds: Some(OnPickUp))"),
        ("items/charm.ron", "(name: \"Charm\", kind: Trinket, slot: Some(Trinket), binds: Some(OnWear))"),
        ("items/letter.ron", "(name: \"Letter\", kind: Valuable, is_quest: true)"),
        ("items/bag.ron", "(name: \"Bag\", kind: Valuable, holds: Some(2))"),
        ("items/idol.ron", "(name: \"Idol\", kind: Valuable, is_unique: true)"),
        ("items/coin.ron", "(name: \"Coin\", kind: Valuable, stack_max: 10, weight_g: 10)"),
        ("items/relic.ron", "(name: \"Relic\", kind: Valuable, stack_max: 10, on_conflict: Reject)"),
        ("items/prize.ron", "(name: \"Prize\", kind: Valuable, claim_ms: 3000)"),
        ("items/pill.ron", "(name: \"Pill\", kind: Consumable, on_use: Some(\"mend\"), stack_max: 3)"),
        ("loot/gems.ron", "(always: [\"gem\", \"gem\", \"pill\"], rolls: 0)"),
        ("loot/prizes.ron", "(always: [\"prize\", \"gem\"], rolls: 0)"),
        ("loot/bricks.ron", "(always: [\"brick\"], rolls: 0)"),
        ("loot/nothing.ron", "(rolls: 1, entries: [(weight: 1, drop: Nothing)])"),
    ])
    .expect("the content is sound")
}

pub(crate) fn at(x_m: i32, y_m: i32) -> Position {
    Position { x: x_m * METRE, y: y_m * METRE }
}

/// The hands have four slots each and stand at (10, 10), (11, 10) and (13, 10); a wall stands at x 12.
pub(crate) fn bench() -> TestShard {
    bench_of(1)
}

/// The same with dice of another seed.
pub(crate) fn bench_of(seed: u64) -> TestShard {
    let mut hands = Vec::new();
    let config = ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::new(content()) };
    let shard = Shard::new(config, |app| {
        app.add_plugins((SpacePlugin, ItemsPlugin))
            .register_state::<Health>()
            .register_state::<Dead>()
            .register_state::<Casting>()
            .register_state::<EquipmentBonus>()
            .register_state::<AbilitySlots>();
        let world = app.world_mut();
        let wall = Block { x_min: 12 * METRE - 8, y_min: 9 * METRE, x_max: 12 * METRE + 8, y_max: 11 * METRE };
        world.insert_resource(Obstacles::new(100 * METRE, vec![wall]));
        world.insert_resource(Mint { origin: 77, next_serial: 0 });
        let unarmed = content().abilities.id("fists");
        for x in [10, 11, 13] {
            let name = world.resource_mut::<NetIds>().allocate();
            let mut slots = AbilitySlots::default();
            slots.0[0] = unarmed;
            world.spawn((
                name,
                at(x, 10),
                Inventory { slots: 4, version: 0, count: 0, unarmed },
                Health { hp: 10, hp_max: 10 },
                Casting::default(),
                EquipmentBonus::default(),
                slots,
            ));
            hands.push(name.0);
        }
    });
    TestShard { shard, hands }
}

impl TestShard {
    pub(crate) fn world(&mut self) -> &mut World {
        self.shard.world_mut()
    }

    /// So many more hands, all at one spot.
    pub(crate) fn crowd(&mut self, count: u32) -> Vec<NetId> {
        let world = self.world();
        let spawn = |_| {
            let name = world.resource_mut::<NetIds>().allocate();
            let inventory = Inventory { slots: 4, version: 0, count: 0, unarmed: None };
            world.spawn((name, at(10, 10), inventory, Health { hp: 10, hp_max: 10 }));
            name.0
        };
        (0..count).map(spawn).collect()
    }

    pub(crate) fn entity(&self, name: NetId) -> Option<Entity> {
        self.shard.world().resource::<NetIdIndex>().entity(name)
    }

    pub(crate) fn component<T: bevy_ecs::component::Component + Clone>(&self, name: NetId) -> T {
        let entity = self.entity(name).expect("the entity is there");
        self.shard.world().get::<T>(entity).expect("it has the component").clone()
    }

    pub(crate) fn put(&mut self, key: &str, place: Place, at: Position) -> NetId {
        let def = content().items.id(key).expect("the item is in the content");
        let item = mint_item(self.world(), def);
        spawn_item(self.world(), item, place, at)
    }

    /// So many pieces, which somebody has brought.
    pub(crate) fn bring(&mut self, key: &str, serial: u32, count: u32, holder: NetId) -> NetId {
        let def = content().items.id(key).expect("the item is in the content");
        let state = ItemState { count, ..ItemState::default() };
        let item = Item::brought(ItemId { origin: 5, serial }, def, state);
        spawn_item(self.world(), item, Place::In(holder), at(0, 0))
    }

    /// Pieces of a kind, wherever they are.
    pub(crate) fn pieces(&mut self) -> BTreeMap<u16, u32> {
        let world = self.world();
        let mut pieces = BTreeMap::new();
        for item in world.query::<&Item>().iter(world) {
            *pieces.entry(item.def.index()).or_default() += item.count;
        }
        pieces
    }

    /// Asks, steps, and returns the refusals by number: requests count from 1.
    pub(crate) fn ask<A: Into<ItemAct> + Copy>(&mut self, requests: &[(NetId, A)]) -> Vec<(u32, ErrorCode)> {
        for (seq, &(who, act)) in (1..).zip(requests) {
            self.world().write_message(ItemRequest { who, seq, act: act.into(), seen: None });
        }
        self.answers()
    }

    /// Steps, and returns the refusals by number.
    pub(crate) fn answers(&mut self) -> Vec<(u32, ErrorCode)> {
        self.shard.step(&[]);
        let refusal = |event: &GameEvent| match event {
            GameEvent::Refused { seq, code } => Some((*seq, *code)),
            _ => None,
        };
        let outbox = &self.shard.world().resource::<Outbox>().0;
        let mut refused: Vec<_> = outbox.iter().filter_map(|outgoing| refusal(&outgoing.event)).collect();
        refused.sort_unstable_by_key(|(seq, _)| *seq);
        refused
    }

    pub(crate) fn held(&self, holder: NetId) -> Vec<Carried> {
        carried(self.shard.world(), holder)
    }

    /// Counts are true, nobody holds too much, no container is empty, what lies has a place and what is held has none.
    pub(crate) fn check(&mut self) {
        let hands = self.hands.clone();
        for who in hands {
            let inventory: Inventory = self.component(who);
            assert_eq!(inventory.count as usize, self.held(who).len(), "the count of {who} is true");
            assert!(inventory.count <= inventory.slots, "{who} holds no more than it can");
            if let Some(limit_g) = weight_limit_g(self.shard.world(), who) {
                assert!(carried_weight_g(self.shard.world(), who) <= limit_g, "{who} bears no more than it can");
            }
        }
        let world = self.shard.world_mut();
        let containers: Vec<(NetId, u32)> =
            world.query::<(&NetIdOf, &Container)>().iter(world).map(|(named, box_)| (named.0, box_.count)).collect();
        for (container, count) in containers {
            assert_ne!(count, 0, "an empty container vanishes");
            assert_eq!(count as usize, carried(world, container).len(), "the count of container {container} is true");
        }
        let items: Vec<(NetId, Place, bool)> = world
            .query::<(&NetIdOf, &Item, &Place, Option<&Position>)>()
            .iter(world)
            .map(|(named, _, place, at)| (named.0, *place, at.is_some()))
            .collect();
        let held: usize = world.query::<&NetIdOf>().iter(world).map(|named| carried(world, named.0).len()).sum();
        let in_hands = items.iter().filter(|item| item.1.holder().is_some()).count();
        assert_eq!(held, in_hands, "whatever is held is found with its holder");
        for (item, place, lies) in items {
            assert_eq!(lies, place == Place::Ground, "item {item} has a position on the ground only: {place:?}");
            let entity = world.resource::<NetIdIndex>().entity(item).expect("it is there");
            assert!(lies || world.get::<crate::Claim>(entity).is_none(), "item {item} is claimed on the ground only");
            if let Some(holder) = place.holder() {
                assert!(world.resource::<NetIdIndex>().entity(holder).is_some(), "the holder of {item} is there");
            }
        }
        assert_eq!(self.shard.hash(), self.shard.hash_from_nothing(), "no change went unnoticed");
        assert_eq!(self.shard.unregistered(), Vec::<String>::new(), "all components are registered");
    }
}
