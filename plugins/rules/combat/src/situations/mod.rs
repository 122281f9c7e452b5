//! Fights on a bare shard: spawn, use an ability, step, look.

mod attacks;
mod effects;
mod harm;
mod hazards;
mod restored;
mod seen;

use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_content::def::Stats;
use hypogeum_protocol::{Block, GameEvent, NetId};
use hypogeum_shard::{NetIdIndex, NetIds, Outbox, Rules, Seed, Shard, ShardSchedule, ShardSystems, StateHash};
use hypogeum_space::{Body, Heading, METRE, MoveIntent, Obstacles, Position, SpacePlugin};

use bevy_ecs::message::{MessageReader, Messages};
use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Mut, ResMut, Resource, With};

use crate::*;

const HZ: u32 = 30;

/// Abilities and effects of every kind. Where a roll decides, tests look at who was struck, dodged or not.
fn content() -> Content {
    let ability = |shape: &str, damage: u32, rest: &str| {
        format!("(name: \"A\", shape: {shape}, damage: {damage}, scales_with: Strength, cooldown_ms: 1000, {rest})")
    };
    let effect = |kind: &str, stacking: &str, rest: &str| {
        format!("(name: \"E\", kind: {kind}, duration_ms: 2000, stacking: {stacking}, {rest})")
    };
    let hazard = |shape: &str| {
        format!("(name: \"H\", shape: {shape}, warning_ms: 1000, duration_ms: 2000, interval_ms: 1000, damage: 10)")
    };
    let files = [
        ("abilities/sword.ron", ability("Melee(range_cm: 200, arc_deg: 90)", 20, "")),
        ("abilities/execute.ron", ability("Melee(range_cm: 200, arc_deg: 90)", 10_000, "")),
        ("abilities/rifle.ron", ability("Hitscan(range_cm: 3000)", 20, "mana: 30,")),
        ("abilities/bow.ron", ability("Projectile(range_cm: 2000, speed_cm_per_s: 3000, radius_cm: 10)", 20, "")),
        ("abilities/nova.ron", ability("Area(radius_cm: 300)", 20, "")),
        ("abilities/spell.ron", ability("Area(radius_cm: 300)", 20, "cast_ms: 1000,")),
        ("abilities/venom.ron", ability("Area(radius_cm: 300)", 0, "effect: Some(\"poison\"),")),
        (
            "effects/poison.ron",
            effect("Damage(Flat(50))", "Refresh", "interval_ms: 500, dispellable: true, tags: [\"poison\"],"),
        ),
        ("effects/rot.ron", effect("Damage(Flat(1))", "Refresh", "interval_ms: 500, tags: [\"poison\", \"magic\"],")),
        ("abilities/purge.ron", ability("Area(radius_cm: 300)", 20, "dispels: [\"poison\", \"magic\"],")),
        ("abilities/soothe.ron", ability("Hitscan(range_cm: 500)", 0, "dispels: [\"poison\"], dispels_max: 1,")),
        ("effects/bandage.ron", effect("Heal(Percent(10))", "Unique", "interval_ms: 500,")),
        ("effects/cure.ron", effect("Heal(Flat(1))", "Refresh", "interval_ms: 500, dispels: true,")),
        ("effects/wound.ron", effect("Damage(Flat(1))", "Stack(3)", "interval_ms: 1000, dispellable: true,")),
        ("effects/slow.ron", effect("Modify(Speed, Percent(-50))", "Strongest", "dispellable: true,")),
        ("effects/root.ron", effect("Modify(Speed, Percent(-100))", "Strongest", "dispellable: true,")),
        ("hazards/gas.ron", hazard("Cloud(radius_cm: 1000)")),
        ("hazards/mines.ron", hazard("Mines(radius_cm: 1000, count: 40, trigger_cm: 100, blast_cm: 100)")),
        ("effects/vigour.ron", effect("Modify(HpMax, Percent(50))", "Unique", "")),
    ];
    Content::from_files(files).expect("the tests' content is sound")
}

/// What was told during the last step.
#[derive(Resource, Default)]
struct Told {
    dealt: Vec<DamageDealt>,
    died: Vec<Died>,
    ended: Vec<NetId>,
}

struct TestShard {
    shard: Shard,
}

impl TestShard {
    fn new() -> Self {
        Self::with(Vec::new())
    }

    fn with(blocks: Vec<Block>) -> Self {
        Self::build::<BaseStats>(blocks)
    }

    /// Hazards hurt those with this component.
    fn hurting<E: Component>() -> Self {
        Self::build::<E>(Vec::new())
    }

    fn build<E: Component>(blocks: Vec<Block>) -> Self {
        let config = Rules { seed: Seed::numbered(7), tick_hz: HZ, content: Arc::new(content()) };
        let shard = Shard::new(config, |app| {
            let hazards = HazardsPlugin::<E>::default();
            app.add_plugins((SpacePlugin, CombatPlugin, hazards)).init_resource::<Told>();
            app.insert_resource(Obstacles::new(100 * METRE, blocks));
            let listen = |mut told: ResMut<Told>,
                          mut dealt: MessageReader<DamageDealt>,
                          mut died: MessageReader<Died>,
                          mut ended: MessageReader<HazardEnded>| {
                *told = Told {
                    dealt: dealt.read().copied().collect(),
                    died: died.read().copied().collect(),
                    ended: ended.read().map(|ended| ended.id).collect(),
                };
            };
            app.add_systems(ShardSchedule, listen.in_set(ShardSystems::Resolve).after(CombatSystems::Death));
        });
        Self { shard }
    }

    /// A fighter with one ability in slot 1, looking along +x.
    fn add(&mut self, x_cm: i32, y_cm: i32, ability: &str, side: u16) -> NetId {
        let stats = Stats { strength: 10, dexterity: 10, intellect: 10, vitality: 12, armour: 0, speed_cm_per_s: 500 };
        let world = self.shard.world_mut();
        let rules = world.resource::<Rules>().clone();
        let named = world.resource_mut::<NetIds>().allocate();
        let ability = rules.content.abilities.id(ability).expect("the ability is one of the tests'");
        let slots = AbilitySlots::from_index(0, [ability]);
        let cm = |cm: i32| 50 * METRE + cm * METRE / 100;
        let body = (Position { x: cm(x_cm), y: cm(y_cm) }, Heading(0), MoveIntent::default(), Body { radius: 100 });
        world.spawn((named, body, fighter(&rules, stats, 1, Side(side), slots)));
        named.0
    }

    fn of<C: Component + Copy>(&self, id: NetId) -> C {
        self.find::<C>(id).expect("the fighter has it")
    }

    fn find<C: Component + Copy>(&self, id: NetId) -> Option<C> {
        let world = self.shard.world();
        world.get::<C>(world.resource::<NetIdIndex>().entity(id)?).copied()
    }

    fn set<C: Component<Mutability = bevy_ecs::component::Mutable>>(&mut self, id: NetId, value: C) {
        let entity = self.shard.world().resource::<NetIdIndex>().entity(id).expect("the fighter is there");
        let mut slot: Mut<'_, C> = self.shard.world_mut().get_mut(entity).expect("the fighter has it");
        *slot = value;
    }

    fn ask<M: bevy_ecs::message::Message>(&mut self, message: M) {
        self.shard.world_mut().resource_mut::<Messages<M>>().write(message);
    }

    fn afflict(&mut self, source: NetId, target: NetId, effect: &str) {
        let id = self.shard.world().resource::<Rules>().content.effects.id(effect);
        self.ask(EffectRequest { source, target, effect: id.expect("the effect is one of the tests'") });
    }

    fn step(&mut self) -> StateHash {
        let hash = self.shard.step(&[]);
        assert_eq!(hash, self.shard.hash_from_nothing(), "no change escapes the hash");
        assert_eq!(self.shard.unregistered(), Vec::<String>::new(), "everything is registered");
        hash
    }

    fn steps(&mut self, count: u32) {
        for _ in 0..count {
            self.step();
        }
    }

    /// Pulls triggers, steps, and says who was struck, dodging included.
    fn strike(&mut self, attackers: &[NetId]) -> Vec<NetId> {
        for attacker in attackers {
            self.set(*attacker, AbilityIntent(1));
        }
        self.step();
        self.struck()
    }

    fn struck(&self) -> Vec<NetId> {
        let told = self.shard.world().resource::<Outbox>();
        let struck = told.0.iter().filter_map(|outgoing| match outgoing.event {
            GameEvent::Damaged { target, .. } | GameEvent::Dodged { target, .. } => Some(target),
            _ => None,
        });
        struck.collect()
    }

    /// Strikes until a blow lands rather than being dodged.
    fn strike_home(&mut self, attacker: NetId) {
        while self.strike(&[attacker]).is_empty() || self.told().dealt.is_empty() {
            self.steps(HZ);
        }
    }

    fn told(&self) -> &Told {
        self.shard.world().resource()
    }

    /// What clients are told of the last step.
    fn events(&self) -> Vec<GameEvent> {
        self.shard.world().resource::<Outbox>().0.iter().map(|outgoing| outgoing.event).collect()
    }

    fn effects(&mut self) -> Vec<Effect> {
        let world = self.shard.world_mut();
        let mut effects: Vec<Effect> = world.query::<&Effect>().iter(world).copied().collect();
        effects.sort_unstable_by_key(|effect| (effect.on, effect.def));
        effects
    }

    fn count<C: Component>(&mut self) -> usize {
        let world = self.shard.world_mut();
        world.query::<&C>().iter(world).count()
    }

    fn hp(&self, id: NetId) -> u32 {
        self.of::<Health>(id).hp
    }
}
