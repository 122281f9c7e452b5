//! What a mind makes of what it perceives: whom it minds, what it does, where it goes.

use bevy_ecs::prelude::{DetectChangesMut, Mut};
use hypogeum_combat::AbilitySlots;
use hypogeum_content::def::{Activity, BehaviourDef};
use hypogeum_items::{Carried, REACH};
use hypogeum_protocol::{Act, NetId};
use hypogeum_space::turn::distance;
use hypogeum_space::{Paths, cm};

use super::chase::Chaser;
use super::leash::{is_beyond, still_returning};
use super::{Belongings, Call, MindItem, way};
use crate::activity::goal_of;
use crate::belongings::tend;
use crate::drive::Facts;
use crate::senses::{Eye, LootSeen, Scene};
use crate::{Brain, Threat};

/// Time between two calls for help.
const CALL_MS: u32 = 8_000;
/// Time after which loot that was not reached is let lie.
const LOOT_MS: u32 = 10_000;
/// An NPC at peace thinks so many times less often: most are, most of the time. A blow or a call wakes it.
const PEACE_FACTOR: u32 = 2;
/// One with no enemy anywhere near thinks as rarely as this: by a rule on the state alone, so that all who play it again agree.
const ALONE_MS: u32 = 2_000;
/// Time in which an NPC at peace mends from nothing.
const MENDING_S: u32 = 30;

/// What came of a thought, besides what the mind remembers.
#[derive(Default)]
pub(super) struct Thought {
    pub(super) call: Option<Call>,
    /// What it wants with items: one for its belongings, one for loot.
    pub(super) acts: [Option<Act>; 2],
}

/// One thought of a mind that is due. `noticed` is memory to use again.
pub(super) fn think(
    scene: &Scene<'_, '_, '_>,
    paths: &mut Paths,
    mind: &mut MindItem<'_, '_>,
    held: &Belongings<'_, '_>,
    noticed: &mut Threat,
) -> Thought {
    let Some(behaviour) = scene.rules.content.behaviours.find(mind.brain.behaviour) else { return Thought::default() };
    // The mind changes as a whole: the hash digests it once.
    let mut brain = *mind.brain;
    let interval_ticks = behaviour.think_every_ticks.max(1);
    brain.next_think_tick = scene.tick.0 + interval_ticks;
    let mut facts = facts_of(scene, mind);
    let is_alone = mind.is_npc && !brain.returning && mind.threat.is_empty() && scene.is_alone(&facts.eye);
    if is_alone {
        brain.target = NetId::NONE;
        brain.sees_target = false;
        brain.hopeless_since_tick = 0;
    } else {
        take_notice(&mut facts, &mut brain, (&mut mind.threat, noticed), paths, mind.slots);
    }
    shun_unreached_loot(&mut facts, &mut brain);
    choose(&facts, &mut brain, behaviour);
    let mut thought = begin(&facts, &mut brain, &mut mind.threat);

    let goal = goal_of(&facts, &mut brain, mind.slots);
    way::set_goal(scene, paths, &mut brain, facts.eye.at, mind.body.radius, goal);
    if let Some(inventory) = &facts.inventory {
        thought.acts[0] = tend(&facts, &mut brain, inventory, || belongings(scene, held, facts.eye.id));
    }
    if mind.is_npc {
        mend(mind, &brain);
        if !brain.target.is_some() && matches!(brain.activity, Activity::Idle | Activity::Wander) {
            brain.next_think_tick += interval_ticks * (PEACE_FACTOR - 1);
            if is_alone {
                brain.next_think_tick = brain.next_think_tick.max(scene.tick.0 + scene.rules.ticks(ALONE_MS));
            }
        }
    }
    // Whoever minds a participant is in a fight that somebody plays, however far away.
    if let Some(afar) = behaviour.afar
        && mind.is_npc
        && !scene.takes_part(brain.target)
        && scene.is_afar(facts.eye.at, cm(afar.beyond_cm))
    {
        brain.next_think_tick = step_for(facts.eye.id, brain.next_think_tick, afar.think_every_ticks);
    }
    assert!(brain.next_think_tick > scene.tick.0, "a mind thinks once in a tick");
    mind.brain.set_if_neq(brain);
    thought
}

/// Whether a participant has come near one that would sleep on for longer than those at peace do. It looks in its ordinary steps.
pub(super) fn is_found(scene: &Scene<'_, '_, '_>, mind: &MindItem<'_, '_>, behaviour: &BehaviourDef) -> bool {
    let Some(afar) = behaviour.afar.filter(|_| mind.is_npc) else { return false };
    let tick = scene.tick.0;
    mind.brain.next_think_tick > tick.saturating_add(scene.rules.ticks(ALONE_MS))
        && step_for(mind.named.0, tick, behaviour.think_every_ticks) == tick
        && !scene.is_afar(*mind.at, cm(afar.beyond_cm))
}

/// The first step from this one on that is somebody's of every so many.
fn step_for(who: NetId, from_tick: u32, every_ticks: u32) -> u32 {
    let every = u64::from(every_ticks.max(1));
    let past = (u64::from(from_tick) + u64::from(who.0)) % every;
    from_tick.saturating_add(((every - past) % every) as u32)
}

/// What a mind knows of itself, before it has looked about.
#[inline]
fn facts_of<'a, 'world, 'state>(
    scene: &'a Scene<'a, 'world, 'state>,
    mind: &MindItem<'_, '_>,
) -> Facts<'a, 'world, 'state> {
    let eye =
        Eye { id: mind.named.0, at: *mind.at, heading: mind.heading.0, side: *mind.side, perception: *mind.perception };
    let mut facts = Facts::new(scene, eye, *mind.health);
    facts.last_hurt = *mind.last_hurt;
    facts.home = mind.home.copied();
    facts.inventory = mind.inventory.copied();
    facts
}

/// Perceives, and settles on whom it minds most. One that returns to its home minds nobody.
#[inline]
fn take_notice(
    facts: &mut Facts<'_, '_, '_>,
    brain: &mut Brain,
    (threat, noticed): (&mut Mut<'_, Threat>, &mut Threat),
    paths: &Paths,
    slots: &AbilitySlots,
) {
    let (scene, eye) = (facts.scene, facts.eye);
    brain.returning = brain.returning && still_returning(facts, brain);
    if brain.returning {
        threat.set_if_neq(Threat::default());
        brain.target = NetId::NONE;
    } else {
        noticed.0.clone_from(&threat.0);
        noticed.fade(|who| scene.enemy(&eye, who).is_some());
        scene.perceive(&eye, noticed);
        Chaser { scene, paths, eye, slots }.choose(brain, noticed);
        if **threat != *noticed {
            core::mem::swap(&mut **threat, noticed);
        }
    }
    facts.target = scene.enemy(&eye, brain.target).map(|at| (brain.target, at));
    brain.sees_target = facts.target.is_some_and(|(_, at)| scene.obstacles.sight(eye.at, at));
    facts.may_call = scene.tick.0 >= brain.next_call_tick;
}

/// Loot that it has tried to reach for too long is let lie from now on.
#[inline]
fn shun_unreached_loot(facts: &mut Facts<'_, '_, '_>, brain: &mut Brain) {
    let scene = facts.scene;
    if brain.activity == Activity::Loot
        && scene.tick.0.saturating_sub(brain.goal_since_tick) > scene.rules.ticks(LOOT_MS)
        && let Some(loot) = facts.loot()
    {
        brain.shunned = loot.name;
    }
    facts.shunned = brain.shunned;
}

/// Chooses what to do. Whatever is new has no goal yet.
#[inline]
fn choose(facts: &Facts<'_, '_, '_>, brain: &mut Brain, behaviour: &BehaviourDef) {
    let activity = if brain.returning { Activity::Return } else { facts.decide(behaviour) };
    if activity != brain.activity {
        brain.activity = activity;
        brain.since_tick = facts.scene.tick.0;
        brain.goal = None;
    }
}

/// Does at once what the chosen activity asks for besides walking: turns home, calls, takes what it stands before.
#[inline]
fn begin(facts: &Facts<'_, '_, '_>, brain: &mut Brain, threat: &mut Mut<'_, Threat>) -> Thought {
    let mut thought = Thought::default();
    let (scene, eye) = (facts.scene, &facts.eye);
    match brain.activity {
        Activity::Return if is_beyond(facts) => {
            brain.returning = true;
            brain.target = NetId::NONE;
            threat.set_if_neq(Threat::default());
        }
        Activity::CallForHelp => {
            brain.next_call_tick = scene.tick.0.saturating_add(scene.rules.ticks(CALL_MS));
            let range = eye.perception.hearing.max(eye.perception.sight);
            thought.call = Some(Call { against: brain.target, from: eye.at, side: eye.side, range });
        }
        Activity::Loot => thought.acts[1] = facts.loot().and_then(|loot| take(eye, loot)),
        _ => {}
    }
    thought
}

/// An NPC at peace regains its hit points; one with a target does not.
#[inline]
fn mend(mind: &mut MindItem<'_, '_>, brain: &Brain) {
    let Some(regeneration) = &mut mind.regeneration else { return };
    let per_s = if brain.target.is_some() { 0 } else { (mind.health.hp_max / MENDING_S).max(1) };
    if regeneration.per_s != per_s {
        regeneration.per_s = per_s;
    }
}

/// Takes loot that is within reach.
fn take(eye: &Eye, loot: LootSeen) -> Option<Act> {
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
