//! A thought: perceive, decide, find the way.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{DetectChangesMut, Entity, Has, Local, Query, Res, ResMut, Without};
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use hypogeum_combat::{AbilitySlots, Dead, Health, LastHurt, Regeneration, Side};
use hypogeum_content::def::Activity;
use hypogeum_items::{Carried, Holdings, Inventory, Item, ItemRequest, Place, REACH};
use hypogeum_protocol::{Act, NetId};
use hypogeum_shard::{InNetIdOrder, NetIdIndex, NetIdOf, Purpose, Rules, Tick};
use hypogeum_space::turn::distance;
use hypogeum_space::{Body, Grid, Heading, METRE, Obstacles, Paths, Position};

use crate::activity::{THERE, goal_of};
use crate::belongings::tend;
use crate::drive::Facts;
use crate::senses::{Eye, Fighters, Lying, Scene};
use crate::{Brain, Home, Landmarks, Npc, Perception, Threat};

const FIRST_THOUGHT: Purpose = Purpose::named("first thought");
/// Time between two calls for help.
const CALL_MS: u32 = 8_000;
/// A call carries so many times as far as steps are heard.
const CALL_FACTOR: i32 = 4;
/// Threat of whom one is called against.
const THREAT_CALLED: u32 = 60;
/// Longest way home before it lets itself be distracted again.
const RETURN_MS: u32 = 20_000;
/// Time after which loot that was not reached is let lie.
const LOOT_MS: u32 = 10_000;
/// An NPC at peace thinks so many times less often: most are, most of the time. A blow or a call wakes it.
const PEACE_FACTOR: u32 = 2;
/// Cells opened in one search of a way: three or four corners. Farther ways are found bit by bit.
const PATH_BUDGET: u32 = 400;
/// How far a goal may move before the way to it is searched again.
const DRIFT: i32 = 2 * METRE;

/// All a thought reads and writes of its owner.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct Mind {
    entity: Entity,
    named: &'static NetIdOf,
    brain: &'static mut Brain,
    threat: &'static mut Threat,
    perception: &'static Perception,
    at: &'static Position,
    heading: &'static Heading,
    body: &'static Body,
    side: &'static Side,
    health: &'static Health,
    last_hurt: &'static LastHurt,
    slots: &'static AbilitySlots,
    home: Option<&'static Home>,
    inventory: Option<&'static Inventory>,
    regeneration: Option<&'static mut Regeneration>,
    is_npc: Has<Npc>,
}

/// What everyone has.
#[derive(SystemParam)]
pub(crate) struct Belongings<'w, 's> {
    holdings: Res<'w, Holdings>,
    items: Query<'w, 's, (&'static Item, &'static Place)>,
}

/// A call for help: against whom, from where, for which side, how far it carries.
pub(crate) struct Call {
    against: NetId,
    from: Position,
    side: Side,
    range: i32,
}

/// Minds that are due decide, in the order of their names.
pub(crate) fn decide(
    rules: Res<Rules>,
    tick: Res<Tick>,
    directory: Res<NetIdIndex>,
    grid: Res<Grid>,
    obstacles: Res<Obstacles>,
    landmarks: Res<Landmarks>,
    mut paths: ResMut<Paths>,
    fighters: Fighters<'_, '_>,
    lying: Lying<'_, '_>,
    held: Belongings<'_, '_>,
    mut minds: Query<Mind, Without<Dead>>,
    mut requests: MessageWriter<ItemRequest>,
    mut order: InNetIdOrder,
    mut calls: Local<Vec<Call>>,
) {
    let due = minds.iter_mut().filter_map(|mut mind| {
        let behaviour = rules.content.behaviours.find(mind.brain.behaviour)?;
        if mind.brain.next_think_tick == 0 {
            // By a roll, not by the name itself: avatars that bring three things each have every fourth name.
            let mut dice = rules.dice(Tick(0), mind.named.0, FIRST_THOUGHT);
            mind.brain.next_think_tick = tick.0 + dice.below(behaviour.think_every_ticks.max(1));
        }
        (mind.brain.next_think_tick <= tick.0).then_some((mind.named.0, mind.entity))
    });
    let due = order.of(due);
    let scene = Scene {
        rules: &rules,
        tick: *tick,
        directory: &directory,
        grid: &grid,
        obstacles: &obstacles,
        landmarks: &landmarks,
        fighters: &fighters,
        lying: &lying,
    };
    for entity in due {
        let Ok(mut mind) = minds.get_mut(entity) else { continue };
        let thought = think(&scene, &mut paths, &mut mind, &held);
        calls.extend(thought.call);
        let who = mind.named.0;
        requests.write_batch(thought.acts.into_iter().flatten().map(|act| ItemRequest { who, seq: 0, act }));
    }
    for call in calls.drain(..) {
        grid.near(call.from, call.range, |neighbour| {
            let Ok(mut mind) = minds.get_mut(neighbour.entity) else { return };
            let hears = distance(call.from, *mind.at) <= mind.perception.hearing.saturating_mul(CALL_FACTOR);
            if *mind.side == call.side && mind.threat.of(call.against) < THREAT_CALLED && hears && !mind.brain.returning
            {
                mind.threat.raise(call.against, THREAT_CALLED);
                mind.brain.next_think_tick = mind.brain.next_think_tick.min(tick.0 + 1);
            }
        });
    }
}

/// What came of a thought, besides what the mind remembers.
#[derive(Default)]
struct Thought {
    call: Option<Call>,
    /// What it wants with items: one for its belongings, one for loot.
    acts: [Option<Act>; 2],
}

fn think(
    scene: &Scene<'_, '_, '_>,
    paths: &mut Paths,
    mind: &mut MindItem<'_, '_>,
    held: &Belongings<'_, '_>,
) -> Thought {
    let mut thought = Thought::default();
    let Some(behaviour) = scene.rules.content.behaviours.find(mind.brain.behaviour) else { return thought };
    // The mind changes as a whole: the hash digests it once.
    let mut brain = *mind.brain;
    let tick = scene.tick.0;
    brain.next_think_tick = tick + behaviour.think_every_ticks.max(1);
    let eye =
        Eye { id: mind.named.0, at: *mind.at, heading: mind.heading.0, side: *mind.side, perception: *mind.perception };
    let mut facts = Facts::new(scene, eye, *mind.health);
    facts.last_hurt = *mind.last_hurt;
    facts.home = mind.home.copied();
    facts.inventory = mind.inventory.copied();
    brain.returning = brain.returning && still_returning(&facts, &brain);
    if brain.returning {
        forget(&mut mind.threat);
    } else {
        let mut threat = mind.threat.clone();
        threat.fade(|who| scene.enemy(&eye, who).is_some());
        scene.perceive(&eye, &mut threat);
        mind.threat.set_if_neq(threat);
    }
    brain.target = mind.threat.worst(brain.target);
    facts.target = scene.enemy(&eye, brain.target).map(|at| (brain.target, at));
    brain.sees_target = facts.target.is_some_and(|(_, at)| scene.obstacles.sight(eye.at, at));
    facts.may_call = tick >= brain.next_call_tick;
    if brain.activity == Activity::Loot
        && tick.saturating_sub(brain.goal_since_tick) > scene.rules.ticks(LOOT_MS)
        && let Some(loot) = facts.loot()
    {
        brain.shunned = loot.name;
    }
    facts.shunned = brain.shunned;

    let activity = if brain.returning { Activity::Return } else { facts.decide(behaviour) };
    if activity != brain.activity {
        brain.activity = activity;
        brain.since_tick = tick;
        brain.goal = None;
    }
    match activity {
        Activity::Return if beyond_leash(&facts) => {
            brain.returning = true;
            brain.target = NetId::NONE;
            forget(&mut mind.threat);
        }
        Activity::CallForHelp => {
            brain.next_call_tick = tick.saturating_add(scene.rules.ticks(CALL_MS));
            let range = eye.perception.hearing.max(eye.perception.sight);
            thought.call = Some(Call { against: brain.target, from: eye.at, side: eye.side, range });
        }
        Activity::Loot => thought.acts[1] = facts.loot().and_then(|loot| take(&eye, loot)),
        _ => {}
    }
    let goal = goal_of(&facts, &mut brain, mind.slots);
    set_goal(scene, paths, &mut brain, eye.at, mind.body.radius, goal);

    if let Some(inventory) = &facts.inventory {
        thought.acts[0] = tend(&facts, &mut brain, inventory, || belongings(scene, held, eye.id));
    }
    if mind.is_npc
        && let Some(regeneration) = &mut mind.regeneration
    {
        // Those at peace mend in half a minute.
        let per_s = if brain.target.is_some() { 0 } else { (mind.health.hp_max / 30).max(1) };
        regeneration.set_if_neq(Regeneration { per_s });
    }
    if mind.is_npc && !brain.target.is_some() && matches!(activity, Activity::Idle | Activity::Wander) {
        brain.next_think_tick += behaviour.think_every_ticks.max(1) * (PEACE_FACTOR - 1);
    }
    assert!(brain.next_think_tick > tick, "a mind thinks once in a tick");
    mind.brain.set_if_neq(brain);
    thought
}

fn forget(threat: &mut bevy_ecs::prelude::Mut<'_, Threat>) {
    threat.set_if_neq(Threat::default());
}

fn beyond_leash(facts: &Facts<'_, '_, '_>) -> bool {
    facts.home.zip(facts.home_distance()).is_some_and(|(home, away)| away > home.leash)
}

/// It minds nobody until it is well within its leash again, unless whoever hurts it stands in its own grounds.
fn still_returning(facts: &Facts<'_, '_, '_>, brain: &Brain) -> bool {
    let Some((home, away)) = facts.home.zip(facts.home_distance()) else { return false };
    let too_long = facts.scene.tick.0.saturating_sub(brain.since_tick) > facts.scene.rules.ticks(RETURN_MS);
    let tormentor = if facts.recently_hurt() { facts.scene.enemy(&facts.eye, facts.last_hurt.by) } else { None };
    let at_bay = tormentor.is_some_and(|at| distance(home.at, at) <= home.leash) && away <= home.leash;
    away > (home.leash / 4).max(2 * THERE) && !too_long && !at_bay
}

/// Sets where to walk: straight where nothing stands in the way, else along a way around, kept while it is good.
fn set_goal(
    scene: &Scene<'_, '_, '_>,
    paths: &mut Paths,
    brain: &mut Brain,
    at: Position,
    radius: i32,
    goal: Option<Position>,
) {
    let Some(goal) = goal else {
        brain.goal = None;
        return;
    };
    let kept = brain.goal.is_some_and(|old| distance(old, goal) <= DRIFT);
    if !kept {
        brain.goal_since_tick = scene.tick.0;
    }
    let way_is_good = kept
        && brain.goal != Some(brain.waypoint)
        && distance(at, brain.waypoint) > THERE
        && scene.obstacles.clear(at, brain.waypoint, radius);
    brain.goal = Some(goal);
    if scene.obstacles.clear(at, goal, radius) {
        brain.waypoint = goal;
    } else if !way_is_good {
        brain.waypoint = paths.next_waypoint(scene.obstacles, at, goal, PATH_BUDGET).unwrap_or(goal);
    }
}

fn take(eye: &Eye, loot: crate::senses::LootSeen) -> Option<Act> {
    let take = if loot.container { Act::Loot { container: loot.name } } else { Act::PickUp { item: loot.name } };
    (distance(eye.at, loot.at) < REACH).then_some(take)
}

/// As [`hypogeum_items::carried`], from within a system.
fn belongings(scene: &Scene<'_, '_, '_>, held: &Belongings<'_, '_>, holder: NetId) -> Vec<Carried> {
    let found = held.holdings.of(holder).iter().filter_map(|&name| {
        let (item, place) = held.items.get(scene.directory.entity(name)?).ok()?;
        Some(Carried::new(name, *item, *place))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use hypogeum_content::def::Activity;
    use hypogeum_items::{Inventory, Place, carried, mint_item, spawn_container, spawn_item};
    use hypogeum_protocol::NetId;
    use hypogeum_space::turn::distance;
    use hypogeum_space::{METRE, Position};

    use crate::test_shard::{at, content, den, wall};
    use crate::{Brain, DangerMark, ExitMark, Landmarks, Threat};

    #[test]
    fn one_in_front_is_noticed_and_one_behind_is_not() {
        let mut den = den(&[]);
        let prey = den.avatar(at(60, 50));
        let looks_at_it = den.npc("wolf", at(50, 50), 0);
        let looks_away = den.npc("wolf", at(70, 50), 0);
        den.steps(10);
        assert_eq!(den.brain(looks_at_it).target, prey, "ten metres ahead is in sight");
        assert_eq!(den.brain(looks_away).target, NetId::NONE, "ten metres behind is neither seen nor heard");
        den.check();
    }

    #[test]
    fn one_behind_a_wall_is_not_seen_but_heard_when_near() {
        let mut den = den(&[wall(54, 40, 55, 60)]);
        den.avatar(at(60, 50));
        let deaf = den.npc("wolf", at(50, 50), 0);
        den.steps(6);
        assert_eq!(den.brain(deaf).target, NetId::NONE, "a wall stops sight");
        let near = den.avatar(at(50, 52));
        let mut heard = den.until(11, |den| den.brain(deaf).target == near);
        assert!(heard, "two metres to the side is heard");
        heard = den.until(90, |den| den.component::<hypogeum_combat::LastHurt>(near).by == deaf);
        assert!(heard, "and bitten");
    }

    #[test]
    fn a_wolf_chases_around_a_wall_and_bites() {
        let mut den = den(&[wall(54, 45, 55, 55)]);
        let wolf = den.npc("wolf", at(50, 50), 0);
        let prey = den.avatar(at(58, 50));
        den.set(wolf, Threat(vec![(prey, 1_000)]));
        assert!(den.until(300, |den| den.component::<hypogeum_combat::LastHurt>(prey).by == wolf), "it finds the way");
        assert!(distance(den.place(wolf), den.place(prey)) < 3 * METRE, "and stands before its prey");
        den.check();
    }

    #[test]
    fn beyond_its_leash_it_goes_home_and_minds_nobody() {
        let mut den = den(&[]);
        let wolf = den.npc("wolf", at(50, 50), 0);
        let prey = den.avatar(at(55, 50));
        assert!(den.until(10, |den| den.brain(wolf).target == prey), "it has noticed");
        // The prey runs as fast as the wolf, always ahead of it.
        let mut x = 55 * METRE;
        let mut came_back = false;
        for _ in 0..400 {
            x += 34;
            den.set(prey, Position { x, y: 50 * METRE });
            den.steps(1);
            came_back |= den.brain(wolf).returning;
        }
        assert!(came_back, "25 metres from home it lets go");
        assert!(den.until(300, |den| distance(den.place(wolf), at(50, 50)) < 10 * METRE), "it goes home");
        assert_eq!(den.brain(wolf).target, NetId::NONE, "it minds nobody any more");
        den.check();
    }

    #[test]
    fn a_hurt_thief_runs_and_a_fresh_one_fights() {
        let mut den = den(&[]);
        let foe = den.avatar(at(52, 50));
        let thief = den.npc("thief", at(50, 50), 0);
        assert!(den.until(10, |den| den.brain(thief).activity == Activity::Fight), "in full health it fights");
        let hp = den.hp(thief);
        den.hurt(foe, thief, hp * 6 / 10);
        assert!(den.until(10, |den| den.brain(thief).activity == Activity::Flee), "below half it flees");
        let before = distance(den.place(thief), den.place(foe));
        den.steps(60);
        assert!(distance(den.place(thief), den.place(foe)) > before + 4 * METRE, "and gets away");
        den.check();
    }

    #[test]
    fn a_guard_calls_its_friends_and_nobody_else() {
        let mut den = den(&[wall(40, 51, 60, 52)]);
        let caller = den.npc("guard", at(50, 50), 0);
        let friend = den.npc("guard", at(47, 53), 0x8000);
        let wolf = den.npc("wolf", at(44, 53), 0x8000);
        let foe = den.avatar(at(58, 49));
        assert!(den.until(12, |den| den.component::<Threat>(friend).of(foe) > 0), "the friend behind the wall is told");
        assert_eq!(den.component::<Threat>(wolf).of(foe), 0, "a wolf is no friend");
        assert!(den.until(12, |den| den.brain(caller).activity == Activity::Fight), "having called, it fights");
        den.check();
    }

    #[test]
    fn one_faction_keeps_peace_and_two_do_not() {
        let mut den = den(&[]);
        let guards = [den.npc("guard", at(50, 50), 0), den.npc("guard", at(52, 50), 0x8000)];
        den.steps(60);
        for guard in guards {
            assert_eq!(den.brain(guard).target, NetId::NONE, "guards do not fight guards");
        }
        let wolf = den.npc("wolf", at(54, 50), 0x8000);
        assert!(den.until(12, |den| den.brain(wolf).target.is_some()), "a wolf fights guards");
        assert!(den.until(90, |den| den.component::<hypogeum_combat::LastHurt>(wolf).tick > 0), "and they fight it");
        den.check();
    }

    #[test]
    fn an_archer_keeps_its_distance() {
        let mut den = den(&[]);
        let archer = den.npc("archer", at(50, 50), 0);
        let foe = den.avatar(at(53, 50));
        den.steps(150);
        let away = distance(den.place(archer), den.place(foe));
        assert!((7 * METRE..12 * METRE).contains(&away), "it stands {away} subunits away");
        assert_eq!(den.component::<hypogeum_combat::LastHurt>(foe).by, archer, "and shoots");
        den.check();
    }

    fn landmarks(den: &mut crate::test_shard::TestShard, change: impl FnOnce(&mut Landmarks)) {
        change(&mut den.world().resource_mut::<Landmarks>());
    }

    #[test]
    fn on_autopilot_it_loots_and_walks_to_the_exit() {
        let mut den = den(&[wall(55, 40, 56, 60)]);
        let who = den.avatar(at(50, 50));
        den.autopilot(who);
        let item = |den: &mut crate::test_shard::TestShard, key: &str, place, at| {
            let item = mint_item(den.world(), content().items.id(key).expect("the item is there"));
            spawn_item(den.world(), item, place, at)
        };
        item(&mut den, "stick", Place::Ground, at(48, 50));
        let container = spawn_container(den.world(), at(46, 46));
        item(&mut den, "gem", Place::In(container), at(0, 0));
        item(&mut den, "sword", Place::In(container), at(0, 0));
        landmarks(&mut den, |marks| {
            marks.pois = vec![at(46, 46)];
            marks.exits = vec![ExitMark { at: at(70, 50), radius: 3 * METRE, open: true, opens_in: 0 }];
            marks.side = 200 * METRE;
            marks.ticks_left = 10_000;
        });
        assert!(den.until(240, |den| den.component::<Inventory>(who).count == 3), "it takes all there is");
        den.steps(20);
        let worn: Vec<String> = carried(den.shard.world(), who)
            .iter()
            .filter(|carried| carried.worn.is_some())
            .map(|carried| content().items.key(carried.item.def).to_owned())
            .collect();
        assert_eq!(worn, ["sword"], "it wears the better weapon");
        let there = den.until(600, |den| distance(den.place(who), at(70, 50)) < 3 * METRE);
        assert!(there, "it gets round the wall and into the exit");
        den.steps(60);
        assert!(distance(den.place(who), at(70, 50)) < 3 * METRE, "and stays inside");
        den.check();
    }

    #[test]
    fn on_autopilot_it_heals_itself_and_hands_control_back() {
        let mut den = den(&[]);
        let who = den.avatar(at(50, 50));
        den.autopilot(who);
        let item = mint_item(den.world(), content().items.id("pill").expect("the item is there"));
        spawn_item(den.world(), item, Place::In(who), at(0, 0));
        landmarks(&mut den, |marks| marks.pois = vec![at(90, 50)]);
        let hp = den.hp(who);
        den.hurt(NetId::NONE, who, hp * 6 / 10);
        den.steps(30);
        assert_eq!(den.component::<Inventory>(who).count, 0, "badly hurt, it took the pill");
        let entity = den.entity(who);
        den.world().entity_mut(entity).remove::<Brain>();
        den.set(who, hypogeum_space::MoveIntent::default());
        let before = den.place(who);
        den.steps(30);
        assert_eq!(den.place(who), before, "without a mind nothing walks it");
        den.check();
    }

    #[test]
    fn it_walks_out_of_gas_and_into_the_eye_of_the_storm() {
        let mut den = den(&[]);
        let who = den.avatar(at(50, 50));
        den.autopilot(who);
        let gas = DangerMark { at: at(52, 50), radius: 6 * METRE, outside: false };
        landmarks(&mut den, |marks| marks.dangers = vec![gas]);
        assert!(den.until(90, |den| !gas.reaches(den.place(who))), "it leaves the gas");
        let storm = DangerMark { at: at(80, 80), radius: 10 * METRE, outside: true };
        landmarks(&mut den, |marks| marks.dangers = vec![storm]);
        assert!(den.until(500, |den| !storm.reaches(den.place(who))), "it runs before the storm");
        den.check();
    }

    #[test]
    fn it_visits_one_point_after_another() {
        let mut den = den(&[]);
        let who = den.avatar(at(50, 50));
        den.autopilot(who);
        landmarks(&mut den, |marks| marks.pois = vec![at(80, 50), at(50, 60), at(50, 30)]);
        for (order, (x, y)) in [(50, 60), (50, 30), (80, 50)].into_iter().enumerate() {
            let there = den.until(400, |den| distance(den.place(who), at(x, y)) < 5 * METRE);
            assert!(there, "the point visited at {order} is ({x}, {y})");
        }
        den.check();
    }

    #[test]
    fn restored_it_goes_on_as_if_nothing_had_been() {
        let build = || {
            let mut den = den(&[wall(54, 45, 55, 55)]);
            for x in 0..6 {
                den.npc("wolf", at(40 + 3 * x, 50), 0);
                den.npc("guard", at(40 + 3 * x, 58), 0x4000);
                den.npc("thief", at(40 + 3 * x, 64), 0xC000);
                den.npc("archer", at(40 + 3 * x, 44), 0x4000);
            }
            let who = den.avatar(at(58, 50));
            den.autopilot(who);
            den
        };
        let mut straight = build();
        straight.steps(47);
        let snapshot = straight.shard.snapshot();
        let mut restored = build();
        restored.steps(3);
        restored.shard.restore(&snapshot).expect("the snapshot is sound");
        for tick in 48..200 {
            let (one, other) = (straight.shard.step(&[]), restored.shard.step(&[]));
            assert_eq!(one, other, "tick {tick} is the same on both");
        }
        straight.check();
    }

    #[test]
    fn a_crowd_does_the_same_twice_and_nobody_ends_up_in_a_wall() {
        let walls: Vec<_> = (0..120)
            .map(|k| (5 + (k * 37) % 185, 5 + (k * 53) % 185, k))
            .map(|(x, y, k)| wall(x, y, x + 2 + k % 4, y + 2 + k % 3))
            .collect();
        let run = || {
            let mut den = den(&walls);
            for k in 0..160 {
                let kind = ["wolf", "guard", "thief", "archer"][k as usize / 5 % 4];
                let home = at(4 + ((k / 5) * 67) % 190 + k % 5, 4 + ((k / 5) * 41) % 190);
                den.npc(kind, home, (k * 991) as u16);
            }
            for k in 0..20 {
                let who = den.avatar(at(4 + (k * 29) % 190, 4 + (k * 83) % 190));
                den.autopilot(who);
            }
            landmarks(&mut den, |marks| {
                marks.pois = (0..20).map(|k| at(10 + (k * 43) % 180, 10 + (k * 71) % 180)).collect()
            });
            den
        };
        let (mut one, mut other) = (run(), run());
        let free_at_first: Vec<NetId> = standing_free(&mut one);
        assert!(free_at_first.len() > 100, "most stand free at first: {}", free_at_first.len());
        for tick in 1..=240 {
            assert_eq!(one.shard.step(&[]), other.shard.step(&[]), "tick {tick} is the same on both");
        }
        let free: Vec<NetId> = standing_free(&mut one);
        let stuck: Vec<&NetId> =
            free_at_first.iter().filter(|who| one.is_there(**who) && !free.contains(who)).collect();
        assert!(stuck.is_empty(), "who stood free walks into no wall: {stuck:?}");
        one.check();
    }

    #[test]
    fn whatever_it_wants_and_wherever_it_stands_it_stays_on_the_map() {
        let far = 200 * METRE;
        let places = [at(0, 0), Position { x: far, y: far }, Position { x: far, y: 0 }, at(101, 101), at(99, 100)];
        let marks = [
            (vec![], vec![]),
            (
                vec![at(0, 0), at(100, 100), Position { x: far, y: far }],
                vec![(at(100, 100), 0, true), (at(0, 0), far, false)],
            ),
            (
                vec![Position { x: i32::MIN, y: i32::MAX }; 70],
                vec![(Position { x: i32::MAX, y: i32::MIN }, i32::MAX, true)],
            ),
        ];
        for (pois, dangers) in marks {
            let mut den = den(&[wall(100, 100, 103, 103)]);
            let mut minds = Vec::new();
            for (path, _) in crate::test_shard::ONE_TRACK_MINDS {
                let key = path.trim_start_matches("behaviours/").trim_end_matches(".ron");
                let behaviour = content().behaviours.id(key).expect("the behaviour is there");
                for place in places {
                    let (npc, avatar) = (den.npc("wolf", place, 0), den.avatar(place));
                    den.autopilot(avatar);
                    for who in [npc, avatar] {
                        den.set(who, Brain::new(behaviour));
                        minds.push(who);
                    }
                }
            }
            let item = mint_item(den.world(), content().items.id("gem").expect("the item is there"));
            spawn_item(den.world(), item, Place::Ground, at(102, 102));
            landmarks(&mut den, |marks| {
                let exit = |at, radius| ExitMark { at, radius, open: radius == 0, opens_in: radius.unsigned_abs() };
                marks.exits = pois.iter().take(3).map(|poi| exit(*poi, 0)).chain([exit(at(5, 5), METRE)]).collect();
                marks.pois = pois;
                marks.dangers =
                    dangers.into_iter().map(|(at, radius, outside)| DangerMark { at, radius, outside }).collect();
            });
            den.steps(90);
            for who in minds.into_iter().filter(|who| den.is_there(*who)).collect::<Vec<_>>() {
                let Position { x, y } = den.place(who);
                assert!((0..=far).contains(&x) && (0..=far).contains(&y), "{who} is on the map, at {x}, {y}");
            }
            den.check();
        }
    }

    fn standing_free(den: &mut crate::test_shard::TestShard) -> Vec<NetId> {
        let world = den.world();
        let mut bodies = world.query::<(&hypogeum_shard::NetIdOf, &Position, &hypogeum_space::Body)>();
        let obstacles = world.resource::<hypogeum_space::Obstacles>();
        let free = bodies.iter(world).filter(|(_, at, body)| obstacles.free(**at, body.radius));
        free.map(|(named, _, _)| named.0).collect()
    }
}
