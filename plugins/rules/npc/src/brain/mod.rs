//! Minds and their thoughts. A mind that is due perceives, decides and finds its way, then waits for its next tick.
//!
//! - here: who is due, and who hears a call for help;
//! - [`thought`]: one thought, from what is perceived to what is done about it;
//! - [`chase`]: whom one cannot get at;
//! - [`leash`]: how far an NPC follows, and when it turns back;
//! - [`way`]: where to walk next on the way to a goal.

mod chase;
mod leash;
mod thought;
mod way;

#[cfg(test)]
mod tests;

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Entity, Has, Local, Query, Res, ResMut, Without};
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use hypogeum_combat::{AbilitySlots, Dead, Downed, Health, LastHurt, Regeneration, Side};
use hypogeum_items::{Holdings, Inventory, Item, ItemRequest, Place};
use hypogeum_protocol::NetId;
use hypogeum_shard::{InNetIdOrder, NetIdIndex, NetIdOf, Purpose, Rules, Tick};
use hypogeum_space::turn::distance;
use hypogeum_space::{Body, Grid, Heading, Obstacles, Paths, Position};

use crate::senses::{Fighters, Lying, PARTICIPANTS, Participants, Scene};
use crate::sides::Sides;
use crate::{Brain, Home, Landmarks, Npc, Perception, Threat};

const FIRST_THOUGHT: Purpose = Purpose::named("first thought");
/// A call carries so many times as far as steps are heard.
const CALL_FACTOR: i32 = 4;
/// Threat of whom one is called against.
const THREAT_CALLED: u32 = 60;

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
    (fighters, participants): (Fighters<'_, '_>, Participants<'_, '_>),
    lying: Lying<'_, '_>,
    held: Belongings<'_, '_>,
    mut minds: Query<Mind, (Without<Dead>, Without<Downed>)>,
    mut requests: MessageWriter<ItemRequest>,
    mut order: InNetIdOrder,
    (mut calls, mut noticed): (Local<Vec<Call>>, Local<Threat>),
    (mut sides, mut watchers): (Local<Sides>, Local<Sides>),
) {
    let living = fighters.iter().filter(|(.., health)| health.hp > 0);
    sides.draw(obstacles.side(), living.map(|(at, side, _)| (*at, *side)));
    if rules.content.behaviours.iter().any(|(_, _, behaviour)| behaviour.afar.is_some()) {
        watchers.draw(obstacles.side(), participants.iter().map(|at| (*at, PARTICIPANTS)));
    }
    let scene = Scene {
        rules: &rules,
        tick: *tick,
        directory: &directory,
        grid: &grid,
        obstacles: &obstacles,
        landmarks: &landmarks,
        sides: &sides,
        participants: &watchers,
        taking_part: &participants,
        fighters: &fighters,
        lying: &lying,
    };
    let due = minds.iter_mut().filter_map(|mut mind| {
        let behaviour = rules.content.behaviours.find(mind.brain.behaviour)?;
        if mind.brain.next_think_tick == 0 {
            // By a roll, not by the name itself: avatars that bring three things each have every fourth name.
            let mut dice = rules.dice(Tick(0), mind.named.0, FIRST_THOUGHT);
            mind.brain.next_think_tick = tick.0 + dice.below(behaviour.think_every_ticks.max(1));
        }
        let is_due = mind.brain.next_think_tick <= tick.0 || thought::is_found(&scene, &mind, behaviour);
        is_due.then_some((mind.named.0, mind.entity))
    });
    let due = order.of(due);
    for entity in due {
        let Ok(mut mind) = minds.get_mut(entity) else { continue };
        let thought = thought::think(&scene, &mut paths, &mut mind, &held, &mut noticed);
        calls.extend(thought.call);
        let who = mind.named.0;
        requests.write_batch(thought.acts.into_iter().flatten().map(|act| ItemRequest {
            who,
            seq: 0,
            act: act.into(),
            seen: None,
        }));
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
