//! How NPCs come and go.

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Commands, Entity, Query, Res, Resource, With, World};
use hypogeum_combat::{AbilitySlots, Dead, Died, Side, fighter};
use hypogeum_content::def::{DropRule, NpcDef};
use hypogeum_content::{Content, Id};
use hypogeum_items::LootRequest;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, NetIdIndex, NetIdOf, NetIds, Purpose, ResourceState, Rules, Tick};
use hypogeum_space::{Body, Heading, MoveIntent, Obstacles, Position, cm};
use serde::{Deserialize, Serialize};

use crate::{Brain, Home, Npc, Perception, PhaseState, SpawnedBy, Spawner, TacticState, Threat};

const PLACE: Purpose = Purpose::named("spawn place");
/// NPCs one spawner brings in one tick; the rest come in the next.
const SPAWNS_PER_TICK_MAX: usize = 8;
/// Spots tried about a drawn place before the place itself is taken.
const SPOTS_TRIED_MAX: usize = 8;
/// How long the dead lie about, so that everyone sees them fall.
const CORPSE_MS: u32 = 1_000;

/// Where an NPC's loot goes. The match sets it before the first step.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DropPolicy {
    /// To the ground.
    #[default]
    Ground,
    /// Into the killer's inventory; what does not fit, to the ground.
    Killer,
}

impl ResourceState for DropPolicy {
    const NAME: &'static str = "drop_policy";
}

impl From<DropRule> for DropPolicy {
    fn from(rule: DropRule) -> Self {
        match rule {
            DropRule::Ground => Self::Ground,
            DropRule::Killer => Self::Killer,
        }
    }
}

/// The side of a faction: 1 and up, in the order of names; 0 for one that nobody belongs to.
#[must_use]
pub fn faction_side(content: &Content, faction: &str) -> Side {
    let mut names: Vec<&str> = content.npcs.iter().map(|(_, _, def)| def.faction.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    Side(names.binary_search(&faction).map_or(0, |at| at as u16 + 1))
}

/// Puts an NPC into the world at its home, looking in a direction (1/65536 turns), and returns its name; `None` for a
/// kind that is none.
pub fn spawn_npc(world: &mut World, def: Id<NpcDef>, at: Position, heading: u16) -> Option<NetId> {
    let rules = world.resource::<Rules>().clone();
    let npc = rules.content.npcs.find(def)?;
    let side = faction_side(&rules.content, &npc.faction);
    let slots = AbilitySlots::from_index(0, npc.abilities.iter().map(|ability| ability.id()));
    let name = world.resource_mut::<NetIds>().allocate();
    let (has_tactics, has_phases) = (npc.has_tactics(), !npc.phases.is_empty());
    let mut spawned = world.spawn((
        name,
        Npc { def },
        Home { at, leash: cm(npc.leash_cm) },
        Perception::from(npc.senses),
        Brain::new(npc.behaviour.id()),
        Threat::default(),
        (at, Heading(heading), MoveIntent::default(), Body { radius: cm(npc.radius_cm) }),
        fighter(&rules, npc.stats, npc.level, side, slots),
    ));
    if has_tactics {
        spawned.insert(TacticState::default());
    }
    if has_phases {
        spawned.insert(PhaseState::default());
    }
    Some(name.0)
}

/// Puts a spawner into the world and returns its name.
pub fn spawn_spawner(world: &mut World, spawner: Spawner) -> NetId {
    let name = world.resource_mut::<NetIds>().allocate();
    world.spawn((name, spawner));
    name.0
}

/// Spawners bring in whom they owe.
pub(crate) fn populate(world: &mut World) {
    let tick = *world.resource::<Tick>();
    let mut due: Vec<(NetId, Entity)> = world
        .try_query::<(Entity, &NetIdOf, &Spawner)>()
        .map(|mut spawners| {
            let owes = |spawner: &Spawner| spawner.due_ticks.first().is_some_and(|due| *due <= tick.0);
            spawners.iter(world).filter(|row| owes(row.2)).map(|(entity, named, _)| (named.0, entity)).collect()
        })
        .unwrap_or_default();
    due.sort_unstable();
    for (name, entity) in due {
        let Some(mut spawner) = world.get_mut::<Spawner>(entity) else { continue };
        let count = spawner.due_ticks.iter().take(SPAWNS_PER_TICK_MAX).take_while(|due| **due <= tick.0).count();
        spawner.due_ticks.drain(..count);
        let (npc, places, spread) = (spawner.npc, spawner.places.clone(), spawner.spread);
        let mut dice = world.resource::<Rules>().dice(tick, name, PLACE);
        let radius = world.resource::<Rules>().content.npcs.find(npc).map_or(0, |def| cm(def.radius_cm));
        for _ in 0..count {
            let Some(&place) = places.get(dice.below(places.len() as u32) as usize) else { break };
            let obstacles = world.resource::<Obstacles>();
            let at = spot_about(place, spread, &mut dice, |spot| obstacles.free(spot, radius));
            let heading = dice.bits() as u16;
            if let Some(spawned) =
                spawn_npc(world, npc, at, heading).and_then(|id| world.resource::<NetIdIndex>().entity(id))
            {
                world.entity_mut(spawned).insert(SpawnedBy(name));
            }
        }
    }
}

/// A spot about a place that will do, or the place itself.
pub(crate) fn spot_about(
    place: Position,
    spread: i32,
    dice: &mut Dice,
    will_do: impl Fn(Position) -> bool,
) -> Position {
    let mut spots = (0..SPOTS_TRIED_MAX).map(|_| Position {
        x: place.x.saturating_add(dice.between(-spread, spread)),
        y: place.y.saturating_add(dice.between(-spread, spread)),
    });
    spots.find(|spot| will_do(*spot)).unwrap_or(place)
}

/// Who died leaves its loot and is owed by its spawner again.
pub(crate) fn fall(
    rules: Res<Rules>,
    tick: Res<Tick>,
    policy: Res<DropPolicy>,
    directory: Res<NetIdIndex>,
    mut deaths: MessageReader<Died>,
    mut loot: MessageWriter<LootRequest>,
    npcs: Query<(&Npc, &Position, Option<&SpawnedBy>)>,
    mut spawners: Query<&mut Spawner>,
) {
    for death in deaths.read() {
        let Some((npc, &at, spawner)) = directory.entity(death.who).and_then(|who| npcs.get(who).ok()) else {
            continue;
        };
        if let Some(def) = rules.content.npcs.find(npc.def)
            && let Some(table) = &def.loot
        {
            let into = if *policy == DropPolicy::Killer { death.by } else { NetId::NONE };
            loot.write(LootRequest {
                table: table.id(),
                level: def.level,
                source: death.who,
                into,
                claimant: death.by,
                at,
            });
        }
        if let Some(mut spawner) =
            spawner.and_then(|by| directory.entity(by.0)).and_then(|by| spawners.get_mut(by).ok())
            && spawner.respawn_ticks > 0
        {
            let due = tick.0.saturating_add(spawner.respawn_ticks);
            let place = spawner.due_ticks.partition_point(|other| *other <= due);
            spawner.due_ticks.insert(place, due);
            debug_assert!(spawner.due_ticks.is_sorted(), "those who are missing come in order");
        }
    }
}

/// The dead of a while ago vanish.
pub(crate) fn despawn_fallen(
    rules: Res<Rules>,
    tick: Res<Tick>,
    fallen: Query<(Entity, &Dead), With<Npc>>,
    mut commands: Commands,
) {
    let lies_ticks = rules.ticks(CORPSE_MS);
    for (entity, dead) in &fallen {
        if tick.0 >= dead.tick.saturating_add(lies_ticks) {
            commands.entity(entity).despawn();
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_items::{Inventory, Item, Place};

    use super::*;
    use crate::test_shard::{TestShard, at, content, plain};

    fn alive(test: &mut TestShard) -> Vec<NetId> {
        let world = test.world();
        let mut living: Vec<NetId> = world
            .query_filtered::<&NetIdOf, (With<Npc>, bevy_ecs::prelude::Without<Dead>)>()
            .iter(world)
            .map(|named| named.0)
            .collect();
        living.sort_unstable();
        living
    }

    fn kill(test: &mut TestShard, who: NetId, by: NetId) {
        test.hurt(by, who, u32::MAX);
        test.steps(1);
        assert!(test.is_dead(who), "it is dead");
    }

    #[test]
    fn a_spawner_keeps_to_its_cap_and_replaces_the_dead_in_time() {
        let mut test = plain(&[]);
        let wolf = content().npcs.id("wolf").expect("the wolf is there");
        spawn_spawner(test.world(), Spawner::new(wolf, vec![at(50, 50), at(90, 90)], 12, 5, 60));
        test.steps(4);
        assert_eq!(alive(&mut test).len(), 0, "none is due before tick 5");
        test.steps(1);
        assert_eq!(alive(&mut test).len(), SPAWNS_PER_TICK_MAX, "so many come in one tick");
        test.steps(100);
        let living = alive(&mut test);
        assert_eq!(living.len(), 12, "there are never more than the cap");
        kill(&mut test, living[3], NetId::NONE);
        test.steps(59);
        assert_eq!(alive(&mut test).len(), 11, "the next one is not due yet");
        test.steps(1);
        assert_eq!(alive(&mut test).len(), 12, "after 60 ticks it is replaced");
        test.check();
    }

    #[test]
    fn who_never_respawns_stays_gone() {
        let mut test = plain(&[]);
        let wolf = content().npcs.id("wolf").expect("the wolf is there");
        spawn_spawner(test.world(), Spawner::new(wolf, vec![at(50, 50)], 2, 0, 0));
        test.steps(1);
        let living = alive(&mut test);
        kill(&mut test, living[0], NetId::NONE);
        test.steps(600);
        assert_eq!(alive(&mut test), living[1..], "one is left for good");
        assert!(!test.is_there(living[0]), "the dead one is taken away");
        test.check();
    }

    #[test]
    fn loot_falls_to_the_ground_or_goes_to_the_killer() {
        for (policy, expected) in [(DropPolicy::Ground, 0), (DropPolicy::Killer, 1)] {
            let mut test = plain(&[]);
            test.world().insert_resource(policy);
            let killer = test.avatar(at(90, 90));
            let wolf = test.npc("wolf", at(50, 50), 0);
            test.steps(2);
            kill(&mut test, wolf, killer);
            assert_eq!(test.component::<Inventory>(killer).count, expected, "the killer has it or not");
            let world = test.world();
            let lying = world.query::<(&Item, &Place)>().iter(world).filter(|row| *row.1 == Place::Ground).count();
            assert_eq!(lying as u32, 1 - expected, "it lies on the ground or not");
            test.check();
        }
    }

    #[test]
    fn factions_have_sides_of_their_own() {
        let content = content();
        let sides = ["guards", "pack", "thieves", "nobody"].map(|faction| faction_side(&content, faction));
        assert_eq!(sides, [Side(1), Side(2), Side(3), Side(0)], "sides count up in the order of names");
    }
}
