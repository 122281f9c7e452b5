//! Deploy, live, over.

use bevy_ecs::prelude::{Mut, Query, Res, ResMut, With, Without};
use hypogeum_combat::{AbilityIntent, CombatDisabled, Downed};
use hypogeum_protocol::{GameEvent, MatchPhase, Outcome};
use hypogeum_shard::{Audience, Outbox, Rules, Tick};
use hypogeum_space::MoveIntent;

use crate::state::{Game, Ground, MatchClock, Scores, SeatScore, Seated};

/// Moves the clock on: everyone is safe and stands still until the match is live, and it ends in time.
pub(crate) fn advance(
    tick: Res<Tick>,
    rules: Res<Rules>,
    game: Res<Game>,
    ground: Res<Ground>,
    mut clock: ResMut<MatchClock>,
    mut combat_disabled: ResMut<CombatDisabled>,
    mut outbox: ResMut<Outbox>,
) {
    if clock.phase == MatchPhase::Deploy && tick.0 >= clock.ends_tick {
        let mode = &rules.content.modes[game.mode];
        let ends_tick = clock.ends_tick.saturating_add(rules.ticks(mode.duration_ms));
        *clock = MatchClock { phase: MatchPhase::Live, began_tick: clock.ends_tick, ends_tick };
        combat_disabled.0 = false;
    }
    assert!(clock.began_tick <= clock.ends_tick, "a phase begins before it ends");
    if clock.phase == MatchPhase::Live {
        for (exit, state) in (0_u8..).zip(&ground.exits) {
            if state.opens_tick == tick.0 || state.closes_tick == tick.0 {
                outbox.tell(Audience::Everyone, GameEvent::ExitChanged { exit, open: state.is_open(tick.0) });
            }
        }
    }
}

/// While nobody may move, nobody moves, brains included; the downed never do.
pub(crate) fn hold_still(
    clock: Res<MatchClock>,
    mut avatars: Query<(&mut MoveIntent, &mut AbilityIntent), (With<Seated>, Without<Downed>)>,
    mut downed: Query<(&mut MoveIntent, &mut AbilityIntent), (With<Seated>, With<Downed>)>,
) {
    if clock.phase != MatchPhase::Live {
        avatars.iter_mut().for_each(stand_still);
    }
    downed.iter_mut().for_each(stand_still);
}

fn stand_still((mut move_intent, mut ability_intent): (Mut<MoveIntent>, Mut<AbilityIntent>)) {
    if move_intent.percent != 0 {
        *move_intent = MoveIntent::default();
    }
    if ability_intent.0 != 0 {
        *ability_intent = AbilityIntent::default();
    }
}

/// Ends the match when its time is up or nobody is inside any more. Autopilots do not play on among themselves: once no
/// account is left, the match is settled as it stands. One that began without any account is theirs to its end.
pub(crate) fn conclude(
    tick: Res<Tick>,
    mut clock: ResMut<MatchClock>,
    mut combat_disabled: ResMut<CombatDisabled>,
    mut scores: ResMut<Scores>,
) {
    if clock.phase == MatchPhase::Over {
        return;
    }
    let is_theirs = scores.0.iter().all(|score| score.account.0 == 0);
    let counts = |score: &&SeatScore| is_theirs || score.account.0 != 0;
    let nobody_inside = scores.0.iter().filter(counts).all(|score| score.outcome.is_some());
    let time_is_up = clock.phase == MatchPhase::Live && tick.0 >= clock.ends_tick;
    if !nobody_inside && !time_is_up {
        return;
    }
    for score in scores.0.all_mut().iter_mut().filter(|score| score.outcome.is_none()) {
        score.outcome = Some(Outcome::TimedOut);
        score.ended_tick = tick.0;
    }
    assert!(scores.0.iter().all(|score| score.outcome.is_some()), "a match that is over is over for every seat");
    *clock = MatchClock { phase: MatchPhase::Over, began_tick: tick.0, ends_tick: tick.0 };
    combat_disabled.0 = true;
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{NetId, Seat};
    use hypogeum_shard::CommandBody;
    use hypogeum_space::{Heading, Position};

    use super::*;
    use crate::test_shard::{quiet, test_match, walk};
    use crate::{grant, is_over};

    #[test]
    fn in_deploy_nobody_is_hurt_or_walks_but_everyone_may_look_about() {
        let mut test = test_match("blitz", 24, true);
        let live = test.clock().ends_tick;
        let before: Vec<(Position, u32)> = (0..24).map(|seat| (test.of(seat), test.hp(seat))).collect();
        while test.shard.tick().0 < live - 1 {
            test.hurt(NetId::NONE, 3, 50);
            test.step(&[]);
        }
        let after: Vec<(Position, u32)> = (0..24).map(|seat| (test.of(seat), test.hp(seat))).collect();
        assert_eq!(after, before, "in deploy someone moved or was hurt");
        assert_eq!(test.clock().phase, MatchPhase::Deploy, "the last tick before is still deploy");
        test.step(&[]);
        assert_eq!(test.clock().phase, MatchPhase::Live, "then it is live");
        test.steps(60);
        assert!((0..24).any(|seat| test.of::<Position>(seat) != before[seat].0), "once live somebody moves");
    }

    #[test]
    fn an_input_in_deploy_turns_the_head_only_and_the_first_live_one_walks() {
        let mut test = quiet("skirmish", 2);
        let start: Position = test.of(0);
        test.step(&[(0, walk(1, 777))]);
        assert_eq!((test.of::<Position>(0), test.of::<Heading>(0)), (start, Heading(777)), "it looks and stays");
        test.go_live();
        assert_eq!(test.of::<Position>(0), start, "what was ordered in deploy is not walked later");
        test.step(&[(0, walk(2, 777))]);
        assert_ne!(test.of::<Position>(0), start, "now it walks");
    }

    #[test]
    fn when_time_is_up_those_inside_timed_out_and_nothing_more_counts() {
        let mut test = quiet("skirmish", 2);
        test.go_live();
        let ends = test.clock().ends_tick;
        test.until(ends - 1);
        assert!(!is_over(test.shard.world()), "the last tick before is still played");
        test.step(&[]);
        assert!(is_over(test.shard.world()), "then it is over");
        let verdicts = |world: &_| [0, 1].map(|seat| grant(world, Seat(seat)));
        let before = verdicts(test.shard.world());
        for verdict in &before {
            let verdict = verdict.as_ref().expect("everyone has a verdict");
            assert_eq!((verdict.outcome, verdict.placement), (Outcome::TimedOut, 1), "both stayed and are equals");
            assert!(verdict.items_secured.is_empty(), "who stays inside secures nothing");
        }
        let (exit, ..) = test.exit(0);
        let by = test.avatar(1);
        test.set(0, exit);
        for tick in 0..120 {
            test.hurt(by, 0, 20);
            test.step(&[(0, CommandBody::Leave), (1, walk(tick + 1, 0)), (1, CommandBody::Present(false))]);
        }
        assert_eq!(verdicts(test.shard.world()), before, "a verdict changed after the end");
        assert_eq!(test.of::<Position>(0), exit, "and nobody goes anywhere");
    }

    #[test]
    fn a_match_that_nobody_is_left_in_ends_at_once() {
        let mut test = quiet("skirmish", 2);
        test.step(&[(0, CommandBody::Leave), (1, CommandBody::Leave)]);
        assert!(is_over(test.shard.world()), "all gave up");
        let mut nobody = quiet("skirmish", 0);
        nobody.step(&[]);
        assert!(is_over(nobody.shard.world()), "nobody came");
    }

    #[test]
    fn autopilots_do_not_play_on_among_themselves() {
        let mut test = test_match("blitz", 3, false);
        let mut scores = test.shard.world().resource::<Scores>().0.to_vec();
        scores[2].account.0 = 0;
        test.shard.world_mut().insert_resource(Scores(scores.into()));
        test.step(&[(0, CommandBody::Leave)]);
        assert!(!is_over(test.shard.world()), "an account is inside");
        test.step(&[(1, CommandBody::Leave)]);
        assert!(is_over(test.shard.world()), "the last account has left");
        let left = grant(test.shard.world(), Seat(2)).map(|verdict| verdict.outcome);
        assert_eq!(left, Some(Outcome::TimedOut), "one who is inside stays inside");
    }

    #[test]
    fn exits_are_told_to_open_and_close() {
        let mut test = quiet("blitz", 1);
        let (_, opens, closes) = test.exit(0);
        for (tick, open) in [(opens, true), (closes, false)] {
            test.until(tick);
            let told = GameEvent::ExitChanged { exit: 0, open };
            assert!(test.told().contains(&told), "at tick {tick} everyone is told");
        }
    }
}
