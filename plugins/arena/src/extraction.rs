//! Getting out: stand in an open exit, unhurt, for as long as it takes.

use bevy_ecs::message::MessageReader;
use bevy_ecs::prelude::{Commands, Local, Query, Res, ResMut, Without, World};
use hypogeum_combat::{DamageDealt, Dead};
use hypogeum_items::take_all;
use hypogeum_protocol::{GameEvent, MatchPhase, NetId, Outcome};
use hypogeum_shard::{Audience, Directory, Outbox, Rules, Tick};
use hypogeum_space::{Position, turn};

use crate::state::{Extracting, Game, Ground, MatchClock, Scores};

/// Begins, breaks and completes extractions, seat by seat. Whoever is out is gone before the match is concluded.
pub(crate) fn extract(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, clock, ground, scores): (Res<Game>, Res<MatchClock>, Res<Ground>, Res<Scores>),
    directory: Res<Directory>,
    mut dealt: MessageReader<DamageDealt>,
    mut outbox: ResMut<Outbox>,
    mut avatars: Query<(&Position, &mut Extracting), Without<Dead>>,
    mut commands: Commands,
    mut hurt: Local<Vec<NetId>>,
) {
    if clock.phase != MatchPhase::Live {
        return;
    }
    hurt.clear();
    hurt.extend(dealt.read().map(|damage| damage.target));
    for (seat, score) in scores.0.iter().enumerate().filter(|(_, score)| score.outcome.is_none()) {
        let who = score.avatar;
        let Some((&at, mut extracting)) = directory.entity(who).and_then(|avatar| avatars.get_mut(avatar).ok()) else {
            continue;
        };
        let now = *extracting;
        let open = ground
            .exits
            .iter()
            .position(|exit| exit.is_open(tick.0) && turn::distance(exit.at, at) <= exit.radius)
            .filter(|_| !hurt.contains(&who));
        let next = match open {
            None => Extracting::default(),
            Some(exit) if now.done_tick != 0 && usize::from(now.exit) == exit => now,
            Some(exit) => {
                let done_tick = tick.0.saturating_add(channel_ticks(&rules, *game)).max(1);
                Extracting { exit: exit as u8, done_tick }
            }
        };
        if next.done_tick != 0 && tick.0 >= next.done_tick {
            let tick = tick.0;
            commands.queue(move |world: &mut World| leave(world, seat, who, tick));
        } else if next != now {
            *extracting = next;
            let event = if next.done_tick == 0 {
                GameEvent::ExtractionBroken { who }
            } else {
                GameEvent::ExtractionBegan { who, ticks: next.done_tick - tick.0 }
            };
            outbox.tell(Audience::Near { x: at.x, y: at.y }, event);
        }
    }
}

/// How long an exit takes.
pub(crate) fn channel_ticks(rules: &Rules, game: Game) -> u32 {
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
