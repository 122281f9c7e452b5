//! Getting out: stand in an open exit, unhurt, for as long as it takes.

use bevy_ecs::message::MessageReader;
use bevy_ecs::prelude::{Commands, Entity, Local, Query, Res, ResMut, World};
use hypogeum_combat::DamageDealt;
use hypogeum_content::def::InterestRule;
use hypogeum_items::take_all;
use hypogeum_protocol::{GameEvent, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::{Audience, NetIdIndex, NetIdOf, Outbox, Rules, Tick};
use hypogeum_space::{Grid, Position, turn};

use crate::state::{Extracting, Game, Ground, MatchClock, Scores, Seated};

/// Begins, breaks and completes extractions, seat by seat; the dead have their verdict already. One who is out is gone
/// before the match is concluded.
pub(crate) fn extract(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, clock, ground, scores): (Res<Game>, Res<MatchClock>, Res<Ground>, Res<Scores>),
    grid: Res<Grid>,
    mut dealt: MessageReader<DamageDealt>,
    mut outbox: ResMut<Outbox>,
    mut avatars: Query<(Entity, &NetIdOf, &Seated, &Position, &mut Extracting)>,
    mut commands: Commands,
    mut hurt: Local<Vec<NetId>>,
    mut concerned: Local<Vec<(Seat, Entity)>>,
) {
    if clock.phase != MatchPhase::Live {
        return;
    }
    // Few of many stand in an exit or are getting out: only those are looked at.
    concerned.clear();
    concerned.extend(avatars.iter().filter(|row| row.4.done_tick != 0).map(|row| (row.2.0, row.0)));
    let open = || ground.exits.iter().enumerate().filter(|(_, exit)| exit.is_open(tick.0));
    for (_, exit) in open() {
        grid.near(exit.at, exit.radius, |one| {
            if let Ok((entity, _, seated, ..)) = avatars.get(one.entity) {
                concerned.push((seated.0, entity));
            }
        });
    }
    concerned.sort_unstable();
    concerned.dedup();
    hurt.clear();
    hurt.extend(dealt.read().map(|damage| damage.target));
    hurt.sort_unstable();
    for &(seat, entity) in concerned.iter() {
        let inside = scores.0.get(usize::from(seat.0)).is_some_and(|score| score.outcome.is_none());
        let Ok((_, named, _, &at, mut extracting)) = avatars.get_mut(entity) else { continue };
        if !inside {
            continue;
        }
        let (who, now) = (named.0, *extracting);
        let exit = open()
            .find(|(_, exit)| turn::distance(exit.at, at) <= exit.radius)
            .filter(|_| hurt.binary_search(&who).is_err())
            .map(|(exit, _)| exit);
        let next = match exit {
            None => Extracting::default(),
            Some(exit) if now.done_tick != 0 && usize::from(now.exit) == exit => now,
            Some(exit) => {
                let done_tick = tick.0.saturating_add(channel_ticks(&rules, *game)).max(1);
                Extracting { exit: u8::try_from(exit).expect("content allows few exits"), done_tick }
            }
        };
        if next.done_tick != 0 && tick.0 >= next.done_tick {
            let (tick, told) = (tick.0, audience(&rules, *game, at));
            commands.queue(move |world: &mut World| leave(world, usize::from(seat.0), who, tick, told));
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

/// Whom it concerns that somebody got out: everyone, but of a crowd only those who see it.
fn audience(rules: &Rules, game: Game, at: Position) -> Audience {
    match rules.content.modes[game.mode].avatar.interest {
        InterestRule::Exact => Audience::Everyone,
        InterestRule::Cells => Audience::Near { x: at.x, y: at.y },
    }
}

/// Out, with everything carried.
fn leave(world: &mut World, seat: usize, avatar: NetId, tick: u32, told: Audience) {
    let secured = take_all(world, avatar).iter().map(|carried| (carried.item.id, carried.item.def)).collect();
    if let Some(score) = world.resource_mut::<Scores>().0.row_mut(seat) {
        assert!(score.outcome.is_none() && score.avatar == avatar, "seat {seat} gets out once, with its own avatar");
        score.outcome = Some(Outcome::Extracted);
        score.ended_tick = tick;
        score.secured = secured;
    }
    if let Some(entity) = world.resource::<NetIdIndex>().entity(avatar) {
        world.despawn(entity);
    }
    world.resource_mut::<Outbox>().tell(told, GameEvent::Extracted { who: avatar });
}

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::With;
    use hypogeum_combat::{Effect, EffectRequest};
    use hypogeum_content::def::EffectKind;
    use hypogeum_items::{Item, carried};
    use hypogeum_protocol::ItemId;
    use hypogeum_shard::CommandBody;

    use super::*;
    use crate::test_shard::{TestShard, mode, quiet, shipped, walk};
    use crate::{avatar, grant};

    /// Ticks an exit of a skirmish takes.
    const CHANNEL: u32 = 45;

    /// A live skirmish of two with the first exit open and the first avatar in it since this tick.
    fn in_exit() -> TestShard {
        let mut trial = quiet("skirmish", 2);
        let (exit, opens, _) = trial.exit(0);
        trial.until(opens);
        trial.set(0, exit);
        trial.step(&[]);
        let began = GameEvent::ExtractionBegan { who: trial.avatar(0), ticks: CHANNEL };
        assert_eq!(trial.told(), [began], "who stands in an open exit begins to get out");
        trial
    }

    fn is_out(trial: &TestShard) -> bool {
        trial.score(0).outcome == Some(Outcome::Extracted)
    }

    #[test]
    fn who_stays_gets_out_with_everything_and_is_gone() {
        let mut trial = in_exit();
        let who = trial.avatar(0);
        let mut had: Vec<ItemId> = carried(trial.shard.world(), who).iter().map(|carried| carried.item.id).collect();
        assert_eq!(had.len(), 3, "it brought three");
        trial.steps(CHANNEL - 1);
        assert!(trial.is_there(0), "not a tick too early");
        trial.step(&[]);
        assert_eq!(trial.told(), [GameEvent::Extracted { who }], "everyone is told");
        let score = trial.score(0);
        assert_eq!(score.ended_tick, trial.shard.tick().0, "it got out now");
        let mut secured: Vec<ItemId> = score.secured.iter().map(|item| item.0).collect();
        had.sort_unstable();
        secured.sort_unstable();
        assert_eq!(secured, had, "what it carried, worn or not, is secured");
        assert!(!trial.is_there(0) && avatar(trial.shard.world(), hypogeum_protocol::Seat(0)).is_none(), "it is gone");
        let world = trial.shard.world_mut();
        let left: Vec<ItemId> = world.query_filtered::<&Item, With<Item>>().iter(world).map(|item| item.id).collect();
        assert!(had.iter().all(|id| !left.contains(id)), "nothing secured is left in the world");
        let verdict = grant(world, hypogeum_protocol::Seat(0)).expect("it has its verdict");
        let pays = mode("skirmish").rewards;
        let paid = (verdict.xp_gained, verdict.currency_gained);
        assert_eq!(paid, (pays.xp_extracted, i64::from(pays.currency_extracted)), "as the mode pays");
        assert_eq!(verdict.placement, 1, "and is first");
        trial.step(&[(0, CommandBody::Leave), (0, walk(1, 0)), (0, CommandBody::Present(true))]);
        assert!(is_out(&trial), "orders from outside mean nothing");
    }

    #[test]
    fn a_blow_breaks_it_and_it_begins_again() {
        let mut trial = in_exit();
        let (who, by) = (trial.avatar(0), trial.avatar(1));
        trial.steps(CHANNEL - 1);
        trial.hurt(by, 0, 1);
        trial.step(&[]);
        assert!(trial.told().contains(&GameEvent::ExtractionBroken { who }), "a scratch in the last tick breaks it");
        assert_eq!(trial.of::<Extracting>(0), Extracting::default(), "it is back at nothing");
        trial.step(&[]);
        assert_eq!(trial.told(), [GameEvent::ExtractionBegan { who, ticks: CHANNEL }], "it begins again");
        trial.steps(CHANNEL - 1);
        assert!(!is_out(&trial), "from the start");
        trial.step(&[]);
        assert!(is_out(&trial), "and gets out");
    }

    #[test]
    fn walking_out_breaks_it() {
        let mut trial = in_exit();
        let who = trial.avatar(0);
        let mut seq = 0;
        while trial.of::<Extracting>(0).done_tick != 0 && seq < CHANNEL {
            seq += 1;
            trial.step(&[(0, walk(seq, 0))]);
        }
        assert_eq!(trial.told(), [GameEvent::ExtractionBroken { who }], "outside the circle it is broken");
        trial.steps(2 * CHANNEL);
        assert!(!is_out(&trial), "who is outside does not get out");
    }

    #[test]
    fn a_closed_exit_lets_nobody_out_and_one_that_closes_breaks_it() {
        let mut trial = quiet("blitz", 1);
        let (exit, opens, closes) = trial.exit(0);
        trial.go_live();
        trial.set(0, exit);
        trial.until(opens - 1);
        assert_eq!(trial.of::<Extracting>(0).done_tick, 0, "before it opens nothing begins");
        trial.set(0, trial.middle());
        trial.until(closes - 30);
        trial.set(0, exit);
        trial.step(&[]);
        assert_ne!(trial.of::<Extracting>(0).done_tick, 0, "it is open still");
        trial.until(closes);
        assert_eq!(trial.of::<Extracting>(0).done_tick, 0, "who is too late stays inside");
        trial.steps(200);
        assert!(!is_out(&trial), "a closed exit lets nobody out");
    }

    #[test]
    fn dying_in_the_last_tick_is_dying() {
        let mut trial = in_exit();
        let by = trial.avatar(1);
        trial.steps(CHANNEL - 1);
        trial.hurt(by, 0, 100_000);
        trial.step(&[]);
        let score = trial.score(0);
        assert_eq!(score.outcome, Some(Outcome::Died), "the dead do not get out");
        assert!(score.secured.is_empty(), "nor does what they had");
        assert_eq!(trial.score(1).kills, 1, "the killer has its due");
        trial.steps(CHANNEL + 1);
        assert_eq!(trial.score(0).outcome, Some(Outcome::Died), "and it stays so");
    }

    #[test]
    fn what_clings_to_someone_who_left_is_gone_too() {
        let mut trial = in_exit();
        let content = shipped();
        let mends = |effect: &hypogeum_content::def::EffectDef| matches!(effect.kind, EffectKind::Heal(_));
        let (effect, ..) = content.effects.iter().find(|row| mends(row.2)).expect("something that mends ships");
        trial.steps(CHANNEL - 1);
        let target = trial.avatar(0);
        trial.shard.world_mut().write_message(EffectRequest { source: NetId::NONE, target, effect });
        trial.step(&[]);
        assert!(is_out(&trial) && trial.count::<Effect>() == 1, "it left with an effect on it");
        trial.step(&[]);
        assert_eq!(trial.count::<Effect>(), 0, "nothing clings to nobody");
    }
}
