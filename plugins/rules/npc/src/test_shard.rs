//! A bare shard with a wolf, a guard, a thief and avatars, for the tests of this crate.

use std::sync::Arc;

use bevy_ecs::component::Component;
use bevy_ecs::prelude::{Entity, World};
use hypogeum_combat::{AbilitySlots, CombatPlugin, Dead, HarmRequest, Health, Side, fighter};
use hypogeum_content::Content;
use hypogeum_items::{Inventory, ItemsPlugin};
use hypogeum_protocol::{Block, NetId};
use hypogeum_shard::{NetIdIndex, NetIds, Seed, Shard, ShardConfig};
use hypogeum_space::{Body, Heading, METRE, MoveIntent, Obstacles, Position, SpacePlugin, cm};

use crate::{Autopilot, Brain, NpcPlugin, spawn_npc};

pub(crate) struct TestShard {
    pub(crate) shard: Shard,
}

pub(crate) fn at(x_m: i32, y_m: i32) -> Position {
    Position { x: x_m * METRE, y: y_m * METRE }
}

/// A box in metres.
pub(crate) fn wall(x_min: i32, y_min: i32, x_max: i32, y_max: i32) -> Block {
    Block { x_min: x_min * METRE, y_min: y_min * METRE, x_max: x_max * METRE, y_max: y_max * METRE }
}

fn npc(name: &str, faction: &str, behaviour: &str, ability: &str) -> String {
    format!(
        "(name: \"{name}\", level: 1, radius_cm: 40, abilities: [\"{ability}\"], leash_cm: 2500, loot: Some(\"pelt\"),
          stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 20, speed_cm_per_s: 400),
          senses: (sight_cm: 1500, view_deg: 120, hearing_cm: 300),
          behaviour: \"{behaviour}\", faction: \"{faction}\", xp: 10)"
    )
}

/// Abilities, behaviours, items and an effect, each as small as its tests allow.
const FILES: [(&str, &str); 24] = [
    (
        "abilities/bite.ron",
        "(name: \"Bite\", damage: 1, shape: Melee(range_cm: 120, arc_deg: 90), scales_with: Strength, cooldown_ms: 500)",
    ),
    (
        "abilities/fists.ron",
        "(name: \"Fists\", damage: 1, shape: Melee(range_cm: 120, arc_deg: 90), scales_with: Strength, cooldown_ms: 500)",
    ),
    (
        "abilities/slash.ron",
        "(name: \"Slash\", damage: 8, shape: Melee(range_cm: 120, arc_deg: 90), scales_with: Strength, cooldown_ms: 500)",
    ),
    (
        "abilities/shot.ron",
        "(name: \"Shot\", damage: 1, shape: Hitscan(range_cm: 1200), scales_with: Dexterity, cooldown_ms: 900)",
    ),
    (
        "abilities/balm.ron",
        "(name: \"Balm\", damage: 0, shape: Hitscan(range_cm: 1000), scales_with: Intellect, cooldown_ms: 500, cast_ms: 200,
          effect: \"mend\")",
    ),
    (
        "abilities/howl.ron",
        "(name: \"Howl\", damage: 0, shape: Area(radius_cm: 100), scales_with: Strength, cooldown_ms: 500, effect: \"fury\")",
    ),
    (
        "abilities/venom.ron",
        "(name: \"Venom\", damage: 1, shape: Hitscan(range_cm: 1200), scales_with: Dexterity, cooldown_ms: 100,
          effect: \"poison\")",
    ),
    ("effects/fury.ron", "(name: \"Fury\", kind: Modify(Damage, Percent(50)), duration_ms: 5000, stacking: Refresh)"),
    (
        "effects/poison.ron",
        "(name: \"Poison\", kind: Damage(Flat(1)), duration_ms: 3000, interval_ms: 1000, stacking: Refresh)",
    ),
    (
        "npcs/chief.ron",
        "(name: \"Chief\", level: 1, radius_cm: 40, abilities: [\"bite\"], leash_cm: 2500,
          stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 30, speed_cm_per_s: 400),
          phases: [
              (at_hp_percent: 70, after_ms: 20000, says: \"To me!\", spawns: [(npc: \"wolf\", count: 2)]),
              (at_hp_percent: 40, abilities: [\"slash\", \"howl\"], effects: [\"fury\"], says: \"Enough!\",
               tactics: [(use: \"slash\", every_ms: 2000)]),
          ],
          senses: (sight_cm: 1500, view_deg: 360, hearing_cm: 300),
          behaviour: \"beast\", faction: \"warlords\", xp: 10)",
    ),
    (
        "npcs/adept.ron",
        "(name: \"Adept\", level: 1, radius_cm: 40, abilities: [\"shot\", \"venom\", \"howl\", \"balm\"], leash_cm: 2500,
          stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 20, speed_cm_per_s: 400),
          tactics: [
              (use: \"balm\", when: [AllyHurt(50)]),
              (use: \"howl\", when: [HpBelow(60), Lacks(\"fury\")]),
              (use: \"venom\", when: [TargetLacks(\"poison\"), TargetBeyond(200), TargetHpAbove(10)], every_ms: 6000),
          ],
          senses: (sight_cm: 1500, view_deg: 120, hearing_cm: 300),
          behaviour: \"archer\", faction: \"guards\", xp: 10)",
    ),
    (
        "behaviours/beast.ron",
        "(think_every_ticks: 5, drives: [
            (activity: Return, score: 100, when: [BeyondLeash]),
            (activity: Fight, score: 50, when: [HasTarget]),
            (activity: Return, score: 30, when: [NoTarget, HomeBeyond(900)]),
            (activity: Idle, score: 10),
        ])",
    ),
    (
        "behaviours/coward.ron",
        "(think_every_ticks: 4, drives: [
            (activity: Flee, score: 70, when: [HasTarget, HpBelow(50)]),
            (activity: Fight, score: 50, when: [HasTarget]),
            (activity: Wander, score: 10),
        ])",
    ),
    (
        "behaviours/guard.ron",
        "(think_every_ticks: 5, drives: [
            (activity: CallForHelp, score: 60, when: [HasTarget]),
            (activity: Fight, score: 50, when: [HasTarget]),
            (activity: Idle, score: 10),
        ])",
    ),
    (
        "behaviours/dozer.ron",
        "(think_every_ticks: 5, afar: (beyond_cm: 1000, think_every_ticks: 20), drives: [
            (activity: Fight, score: 50, when: [HasTarget]),
            (activity: Idle, score: 10),
        ])",
    ),
    (
        "behaviours/sleeper.ron",
        "(think_every_ticks: 5, afar: (beyond_cm: 1000, think_every_ticks: 600), drives: [
            (activity: Fight, score: 50, when: [HasTarget]),
            (activity: Idle, score: 10),
        ])",
    ),
    (
        "behaviours/archer.ron",
        "(think_every_ticks: 5, drives: [(activity: Kite, score: 50, when: [HasTarget]), (activity: Idle, score: 1)])",
    ),
    (
        "behaviours/contender.ron",
        "(think_every_ticks: 4, drives: [
            (activity: EscapeHazard, score: 110, when: [InHazard]),
            (activity: Extract, score: 80, when: [ExitOpen, CarriesAtLeast(2)]),
            (activity: Fight, score: 70, when: [HasTarget]),
            (activity: Loot, score: 60, when: [LootInSight]),
            (activity: Explore, score: 20),
        ])",
    ),
    (
        "effects/mend.ron",
        "(name: \"Mend\", kind: Heal(Flat(5)), duration_ms: 500, interval_ms: 100, stacking: Refresh)",
    ),
    ("items/gem.ron", "(name: \"Gem\", kind: Valuable)"),
    ("items/pill.ron", "(name: \"Pill\", kind: Consumable, on_use: Some(\"mend\"))"),
    ("items/stick.ron", "(name: \"Stick\", kind: Weapon, slot: Some(Weapon), ability: Some(\"slash\"), value: 1)"),
    ("items/sword.ron", "(name: \"Sword\", kind: Weapon, slot: Some(Weapon), ability: Some(\"slash\"), value: 9)"),
    ("loot/pelt.ron", "(always: [\"gem\"], rolls: 0)"),
];

pub(crate) fn content() -> Content {
    let npcs = [
        ("npcs/archer.ron", npc("Archer", "guards", "archer", "shot")),
        ("npcs/guard.ron", npc("Guard", "guards", "guard", "bite")),
        ("npcs/thief.ron", npc("Thief", "thieves", "coward", "bite")),
        ("npcs/wolf.ron", npc("Wolf", "pack", "beast", "bite")),
        ("npcs/dozer.ron", npc("Dozer", "pack", "dozer", "bite")),
        ("npcs/sleeper.ron", npc("Sleeper", "pack", "sleeper", "bite")),
    ];
    let one_track_mind =
        |(path, activity)| (path, format!("(think_every_ticks: 1, drives: [(activity: {activity}, score: 0)])"));
    let files = FILES.into_iter().map(|(path, text)| (path, text.to_owned()));
    let files = files.chain(npcs).chain(ONE_TRACK_MINDS.map(one_track_mind));
    Content::from_files(files.collect::<Vec<_>>()).expect("the content is sound")
}

/// Behaviours that want one thing only, and what.
pub(crate) const ONE_TRACK_MINDS: [(&str, &str); 12] = [
    ("behaviours/only_idle.ron", "Idle"),
    ("behaviours/only_wander.ron", "Wander"),
    ("behaviours/only_fight.ron", "Fight"),
    ("behaviours/only_kite.ron", "Kite"),
    ("behaviours/only_flee.ron", "Flee"),
    ("behaviours/only_call.ron", "CallForHelp"),
    ("behaviours/only_return.ron", "Return"),
    ("behaviours/only_explore.ron", "Explore"),
    ("behaviours/only_loot.ron", "Loot"),
    ("behaviours/only_extract.ron", "Extract"),
    ("behaviours/only_escape.ron", "EscapeHazard"),
    ("behaviours/only_revive.ron", "Revive"),
];

/// A plain of 200 m with these walls.
pub(crate) fn plain(walls: &[Block]) -> TestShard {
    let config = ShardConfig { seed: Seed::numbered(5), tick_hz: 30, content: Arc::new(content()) };
    let shard = Shard::new(config, |app| {
        app.add_plugins((SpacePlugin, CombatPlugin, ItemsPlugin, NpcPlugin));
        app.insert_resource(Obstacles::new(200 * METRE, walls.to_vec()));
    });
    TestShard { shard }
}

impl TestShard {
    pub(crate) fn world(&mut self) -> &mut World {
        self.shard.world_mut()
    }

    pub(crate) fn steps(&mut self, count: u32) {
        for _ in 0..count {
            self.shard.step(&[]);
        }
    }

    pub(crate) fn npc(&mut self, key: &str, at: Position, heading: u16) -> NetId {
        let def = content().npcs.id(key).expect("the NPC is in the content");
        spawn_npc(self.world(), def, at, heading).expect("the NPC can be spawned")
    }

    /// A participant with six slots and bare fists.
    pub(crate) fn avatar(&mut self, at: Position) -> NetId {
        let content = content();
        let unarmed = content.abilities.id("fists");
        let stats = content.npcs[content.npcs.id("wolf").expect("the wolf is there")].stats;
        let world = self.shard.world_mut();
        let rules = world.resource::<hypogeum_shard::Rules>().clone();
        let name = world.resource_mut::<NetIds>().allocate();
        world.spawn((
            name,
            (at, Heading(0), MoveIntent::default(), Body { radius: cm(40) }),
            fighter(&rules, stats, 1, Side(0), AbilitySlots::from_index(0, unarmed)),
            Inventory { slots: 6, version: 0, count: 0, unarmed },
        ));
        name.0
    }

    pub(crate) fn autopilot(&mut self, who: NetId) {
        let behaviour = content().behaviours.id("contender").expect("the behaviour is there");
        let entity = self.entity(who);
        self.world().entity_mut(entity).insert(Autopilot::new(behaviour, 3_000));
    }

    pub(crate) fn entity(&self, who: NetId) -> Entity {
        self.shard.world().resource::<NetIdIndex>().entity(who).expect("the entity is there")
    }

    pub(crate) fn is_there(&self, who: NetId) -> bool {
        self.shard.world().resource::<NetIdIndex>().entity(who).is_some()
    }

    pub(crate) fn component<T: Component + Clone>(&self, who: NetId) -> T {
        self.shard.world().get::<T>(self.entity(who)).expect("it has the component").clone()
    }

    pub(crate) fn set<T: Component>(&mut self, who: NetId, component: T) {
        let entity = self.entity(who);
        self.world().entity_mut(entity).insert(component);
    }

    pub(crate) fn place(&self, who: NetId) -> Position {
        self.component(who)
    }

    pub(crate) fn brain(&self, who: NetId) -> Brain {
        self.component(who)
    }

    pub(crate) fn hp(&self, who: NetId) -> u32 {
        self.component::<Health>(who).hp
    }

    pub(crate) fn hurt(&mut self, source: NetId, target: NetId, amount: u32) {
        self.world().write_message(HarmRequest { source, target, amount });
    }

    pub(crate) fn is_dead(&self, who: NetId) -> bool {
        !self.is_there(who) || self.shard.world().get::<Dead>(self.entity(who)).is_some()
    }

    /// Steps until something holds; false if it does not within so many ticks.
    pub(crate) fn until(&mut self, ticks_max: u32, holds: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..ticks_max {
            self.shard.step(&[]);
            if holds(self) {
                return true;
            }
        }
        false
    }

    pub(crate) fn check(&mut self) {
        assert_eq!(self.shard.hash(), self.shard.hash_from_nothing(), "no change went unnoticed");
        assert_eq!(self.shard.unregistered(), Vec::<String>::new(), "all components are registered");
    }
}
