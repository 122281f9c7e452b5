//! Getting out: stand in an open exit, unhurt, for as long as it takes.

use bevy_ecs::message::MessageReader;
use bevy_ecs::prelude::{Commands, Entity, Has, Local, Query, Res, ResMut, World};
use hypogeum_combat::{DamageDealt, Downed};
use hypogeum_content::def::{ExtractionRule, InterestRule};
use hypogeum_items::{ChangedCounts, take_all};
use hypogeum_protocol::{GameEvent, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::{Audience, NetIdIndex, NetIdOf, Outbox, Rules, Tick};
use hypogeum_space::{Grid, Position, turn};

use crate::state::{Extracting, Game, Ground, MatchClock, Scores, Seated};
use crate::teams::Teams;

/// Begins, breaks and completes extractions, seat by seat; the dead have their verdict already. One who is out is gone
/// before the match is concluded.
pub(crate) fn extract(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, clock, ground): (Res<Game>, Res<MatchClock>, Res<Ground>),
    (scores, teams): (Res<Scores>, Res<Teams>),
    grid: Res<Grid>,
    mut dealt: MessageReader<DamageDealt>,
    mut outbox: ResMut<Outbox>,
    mut avatars: Query<(Entity, &NetIdOf, &Seated, &Position, &mut Extracting, Has<Downed>)>,
    mut commands: Commands,
    mut hurt: Local<Vec<NetId>>,
    (mut concerned, mut leaving): (Local<Vec<(Seat, Entity)>>, Local<Vec<Leaving>>),
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
        let Ok((_, named, _, &at, mut extracting, is_downed)) = avatars.get_mut(entity) else { continue };
        if !inside {
            continue;
        }
        let (who, now) = (named.0, *extracting);
        let exit = open()
            .find(|(_, exit)| turn::distance(exit.at, at) <= exit.radius)
            .filter(|_| !is_downed && hurt.binary_search(&who).is_err())
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
            leaving.push(Leaving { seat, who, at, exit: next.exit });
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
    let is_together =
        || rules.content.modes[game.mode].teams.is_some_and(|rule| rule.extraction == ExtractionRule::Together);
    if !leaving.is_empty() && is_together() {
        let here = avatars.iter().map(|(_, named, seated, at, ..)| (named.0, seated.0, *at));
        let inside = |seat: Seat| scores.0.get(usize::from(seat.0)).is_some_and(|score| score.outcome.is_none());
        take_along(&mut leaving, here.filter(|(_, seat, _)| inside(*seat)), (&*ground, &*teams));
    }
    for Leaving { seat, who, at, .. } in leaving.drain(..) {
        let (tick, told) = (tick.0, audience(&rules, *game, at));
        commands.queue(move |world: &mut World| leave(world, usize::from(seat.0), who, tick, told));
    }
}

/// One who gets out in this step.
#[derive(Clone, Copy)]
pub(crate) struct Leaving {
    seat: Seat,
    who: NetId,
    at: Position,
    exit: u8,
}

/// Adds those of a team who are in the exit that one of them gets out by; each leaves once, in the order of seats.
fn take_along(
    leaving: &mut Vec<Leaving>,
    inside: impl Iterator<Item = (NetId, Seat, Position)>,
    (ground, teams): (&Ground, &Teams),
) {
    let first = leaving.clone();
    for (who, seat, at) in inside {
        let leads = |one: &&Leaving| {
            let exit = ground.exits.get(usize::from(one.exit));
            one.seat != seat
                && teams.are_mates(usize::from(one.seat.0), usize::from(seat.0))
                && exit.is_some_and(|exit| turn::distance(exit.at, at) <= exit.radius)
        };
        if let Some(one) = first.iter().find(leads) {
            leaving.push(Leaving { seat, who, at, exit: one.exit });
        }
    }
    leaving.sort_by_key(|one| one.seat);
    leaving.dedup_by_key(|one| one.seat);
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
    let taken = take_all(world, avatar);
    let secured = taken.iter().map(|carried| (carried.item.id, carried.item.def, carried.state())).collect();
    let changed = ChangedCounts::take(world);
    if let Some(score) = world.resource_mut::<Scores>().0.row_mut(seat) {
        assert!(score.outcome.is_none() && score.avatar == avatar, "seat {seat} gets out once, with its own avatar");
        score.outcome = Some(Outcome::Extracted);
        score.ended_tick = tick;
        score.secured = secured;
        score.changed = changed;
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
        let mut test = quiet("skirmish", 2);
        let (exit, opens, _) = test.exit(0);
        test.until(opens);
        test.set(0, exit);
        test.step(&[]);
        let began = GameEvent::ExtractionBegan { who: test.avatar(0), ticks: CHANNEL };
        assert_eq!(test.told(), [began], "who stands in an open exit begins to get out");
        test
    }

    #[test]
    fn those_who_see_it_are_told_of_it() {
        let test = in_exit();
        let at: Position = test.of(0);
        let near = Audience::Near { x: at.x, y: at.y };
        let audiences = test.shard.world().resource::<Outbox>().0.iter().map(|outgoing| outgoing.audience);
        assert_eq!(audiences.collect::<Vec<_>>(), [near], "whoever sees the place, not only the one who gets out");
    }

    fn is_out(test: &TestShard) -> bool {
        test.score(0).outcome == Some(Outcome::Extracted)
    }

    #[test]
    fn who_stays_gets_out_with_everything_and_is_gone() {
        let mut test = in_exit();
        let who = test.avatar(0);
        let mut had: Vec<ItemId> = carried(test.shard.world(), who).iter().map(|carried| carried.item.id).collect();
        assert_eq!(had.len(), 3, "it brought three");
        test.steps(CHANNEL - 1);
        assert!(test.is_there(0), "not a tick too early");
        test.step(&[]);
        assert_eq!(test.told(), [GameEvent::Extracted { who }], "everyone is told");
        let score = test.score(0);
        assert_eq!(score.ended_tick, test.shard.tick().0, "it got out now");
        let mut secured: Vec<ItemId> = score.secured.iter().map(|item| item.0).collect();
        had.sort_unstable();
        secured.sort_unstable();
        assert_eq!(secured, had, "what it carried, worn or not, is secured");
        assert!(!test.is_there(0) && avatar(test.shard.world(), hypogeum_protocol::Seat(0)).is_none(), "it is gone");
        let world = test.shard.world_mut();
        let left: Vec<ItemId> = world.query_filtered::<&Item, With<Item>>().iter(world).map(|item| item.id).collect();
        assert!(had.iter().all(|id| !left.contains(id)), "nothing secured is left in the world");
        let verdict = grant(world, hypogeum_protocol::Seat(0)).expect("it has its verdict");
        let pays = mode("skirmish").rewards;
        let paid = (verdict.xp_gained, verdict.currency_gained);
        assert_eq!(paid, (pays.xp_extracted, i64::from(pays.currency_extracted)), "as the mode pays");
        assert_eq!(verdict.placement, 1, "and is first");
        test.step(&[(0, CommandBody::Leave), (0, walk(1, 0)), (0, CommandBody::Present(true))]);
        assert!(is_out(&test), "orders from outside mean nothing");
    }

    #[test]
    fn a_blow_breaks_it_and_it_begins_again() {
        let mut test = in_exit();
        let (who, by) = (test.avatar(0), test.avatar(1));
        test.steps(CHANNEL - 1);
        test.hurt(by, 0, 1);
        test.step(&[]);
        assert!(test.told().contains(&GameEvent::ExtractionBroken { who }), "a scratch in the last tick breaks it");
        assert_eq!(test.of::<Extracting>(0), Extracting::default(), "it is back at nothing");
        test.step(&[]);
        assert_eq!(test.told(), [GameEvent::ExtractionBegan { who, ticks: CHANNEL }], "it begins again");
        test.steps(CHANNEL - 1);
        assert!(!is_out(&test), "from the start");
        test.step(&[]);
        assert!(is_out(&test), "and gets out");
    }

    #[test]
    fn walking_out_breaks_it() {
        let mut test = in_exit();
        let who = test.avatar(0);
        let mut seq = 0;
        while test.of::<Extracting>(0).done_tick != 0 && seq < CHANNEL {
            seq += 1;
            test.step(&[(0, walk(seq, 0))]);
        }
        assert_eq!(test.told(), [GameEvent::ExtractionBroken { who }], "outside the circle it is broken");
        test.steps(2 * CHANNEL);
        assert!(!is_out(&test), "who is outside does not get out");
    }

    #[test]
    fn a_closed_exit_lets_nobody_out_and_one_that_closes_breaks_it() {
        let mut test = quiet("blitz", 1);
        let (exit, opens, closes) = test.exit(0);
        test.go_live();
        test.set(0, exit);
        test.until(opens - 1);
        assert_eq!(test.of::<Extracting>(0).done_tick, 0, "before it opens nothing begins");
        test.set(0, test.middle());
        test.until(closes - 30);
        test.set(0, exit);
        test.step(&[]);
        assert_ne!(test.of::<Extracting>(0).done_tick, 0, "it is open still");
        test.until(closes);
        assert_eq!(test.of::<Extracting>(0).done_tick, 0, "who is too late stays inside");
        test.steps(200);
        assert!(!is_out(&test), "a closed exit lets nobody out");
    }

    #[test]
    fn dying_in_the_last_tick_is_dying() {
        let mut test = in_exit();
        let by = test.avatar(1);
        test.steps(CHANNEL - 1);
        test.hurt(by, 0, 100_000);
        test.step(&[]);
        let score = test.score(0);
        assert_eq!(score.outcome, Some(Outcome::Died), "the dead do not get out");
        assert!(score.secured.is_empty(), "nor does what they had");
        assert_eq!(test.score(1).kills, 1, "the killer has its due");
        test.steps(CHANNEL + 1);
        assert_eq!(test.score(0).outcome, Some(Outcome::Died), "and it stays so");
    }

    #[test]
    fn what_clings_to_someone_who_left_is_gone_too() {
        let mut test = in_exit();
        let content = shipped();
        let mends = |effect: &hypogeum_content::def::EffectDef| matches!(effect.kind, EffectKind::Heal(_));
        let (effect, ..) = content.effects.iter().find(|row| mends(row.2)).expect("something that mends ships");
        test.steps(CHANNEL - 1);
        let target = test.avatar(0);
        test.shard.world_mut().write_message(EffectRequest { source: NetId::NONE, target, effect });
        test.step(&[]);
        assert!(is_out(&test) && test.count::<Effect>() == 1, "it left with an effect on it");
        test.step(&[]);
        assert_eq!(test.count::<Effect>(), 0, "nothing clings to nobody");
    }
}
