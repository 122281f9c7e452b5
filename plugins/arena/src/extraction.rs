//! Getting out: stand in an open exit, unhurt, for as long as it takes.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_combat::{DamageDealt, Dead};
use hypogeum_items::take_all;
use hypogeum_protocol::{GameEvent, MatchPhase, NetId, Outcome};
use hypogeum_shard::{Audience, Directory, Outbox, Rules, Tick};
use hypogeum_space::{Position, turn};

use crate::state::{Extracting, Game, Ground, MatchClock, Scores};

/// Begins, breaks and completes extractions, seat by seat.
pub(crate) fn extract(world: &mut World) {
    if world.resource::<MatchClock>().phase != MatchPhase::Live {
        return;
    }
    let tick = world.resource::<Tick>().0;
    let hurt: Vec<NetId> = {
        let dealt = world.resource::<Messages<DamageDealt>>();
        dealt.iter_current_update_messages().map(|damage| damage.target).collect()
    };
    let inside: Vec<(usize, NetId)> = {
        let scores = world.resource::<Scores>().0.iter().enumerate();
        scores.filter(|(_, score)| score.outcome.is_none()).map(|(seat, score)| (seat, score.avatar)).collect()
    };
    for (seat, avatar) in inside {
        let Some(entity) = world.resource::<Directory>().entity(avatar) else { continue };
        let (Some(&at), Some(&now)) = (world.get::<Position>(entity), world.get::<Extracting>(entity)) else {
            continue;
        };
        if world.get::<Dead>(entity).is_some() {
            continue;
        }
        let open = world
            .resource::<Ground>()
            .exits
            .iter()
            .position(|exit| exit.is_open(tick) && turn::distance(exit.at, at) <= exit.radius)
            .filter(|_| !hurt.contains(&avatar));
        let next = match open {
            None => Extracting::default(),
            Some(exit) if now.done_tick != 0 && usize::from(now.exit) == exit => now,
            Some(exit) => {
                let done_tick = tick.saturating_add(channel_ticks(world)).max(1);
                Extracting { exit: exit as u8, done_tick }
            }
        };
        if next.done_tick != 0 && tick >= next.done_tick {
            leave(world, seat, avatar, tick);
        } else if next != now {
            if let Some(mut extracting) = world.get_mut::<Extracting>(entity) {
                *extracting = next;
            }
            let event = if next.done_tick == 0 {
                GameEvent::ExtractionBroken { who: avatar }
            } else {
                GameEvent::ExtractionBegan { who: avatar, ticks: next.done_tick - tick }
            };
            world.resource_mut::<Outbox>().tell(Audience::Near { x: at.x, y: at.y }, event);
        }
    }
}

/// How long an exit takes.
pub(crate) fn channel_ticks(world: &World) -> u32 {
    let (rules, game) = (world.resource::<Rules>(), world.resource::<Game>());
    rules.ticks(rules.content.modes[game.mode].exits.channel_ms)
}

/// Out, with everything carried.
fn leave(world: &mut World, seat: usize, avatar: NetId, tick: u32) {
    let secured = take_all(world, avatar).iter().map(|carried| (carried.item.id, carried.item.def)).collect();
    if let Some(score) = world.resource_mut::<Scores>().0.get_mut(seat) {
        score.outcome = Some(Outcome::Extracted);
        score.ended_tick = tick;
        score.secured = secured;
    }
    if let Some(entity) = world.resource::<Directory>().entity(avatar) {
        world.despawn(entity);
    }
    world.resource_mut::<Outbox>().tell(Audience::Everyone, GameEvent::Extracted { who: avatar });
}
