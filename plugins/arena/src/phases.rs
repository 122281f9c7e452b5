//! Deploy, live, over.

use bevy_ecs::prelude::{Query, Res, ResMut, With};
use hypogeum_combat::{Trigger, Truce};
use hypogeum_protocol::{GameEvent, MatchPhase, Outcome};
use hypogeum_shard::{Audience, Outbox, Rules, Tick};
use hypogeum_space::Stride;

use crate::state::{Game, Ground, MatchClock, Scores, Seated};

/// Moves the clock on: everyone is safe and stands still until the match is live, and it ends in time.
pub(crate) fn advance(
    tick: Res<Tick>,
    rules: Res<Rules>,
    game: Res<Game>,
    ground: Res<Ground>,
    mut clock: ResMut<MatchClock>,
    mut truce: ResMut<Truce>,
    mut outbox: ResMut<Outbox>,
) {
    if clock.phase == MatchPhase::Deploy && tick.0 >= clock.ends_tick {
        let mode = &rules.content.modes[game.mode];
        let ends_tick = clock.ends_tick.saturating_add(rules.ticks(mode.duration_ms));
        *clock = MatchClock { phase: MatchPhase::Live, began_tick: clock.ends_tick, ends_tick };
        truce.0 = false;
    }
    if clock.phase == MatchPhase::Live {
        for (exit, state) in (0_u8..).zip(&ground.exits) {
            if state.opens_tick == tick.0 || state.closes_tick == tick.0 {
                outbox.tell(Audience::Everyone, GameEvent::ExitChanged { exit, open: state.is_open(tick.0) });
            }
        }
    }
}

/// While nobody may move, nobody moves: brains included.
pub(crate) fn hold_still(clock: Res<MatchClock>, mut avatars: Query<(&mut Stride, &mut Trigger), With<Seated>>) {
    if clock.phase != MatchPhase::Live {
        for (mut stride, mut trigger) in &mut avatars {
            if stride.percent != 0 {
                *stride = Stride::default();
            }
            if trigger.0 != 0 {
                *trigger = Trigger::default();
            }
        }
    }
}

/// Ends the match when its time is up or nobody is inside any more.
pub(crate) fn conclude(
    tick: Res<Tick>,
    mut clock: ResMut<MatchClock>,
    mut truce: ResMut<Truce>,
    mut scores: ResMut<Scores>,
) {
    if clock.phase == MatchPhase::Over {
        return;
    }
    let nobody_inside = scores.0.iter().all(|score| score.outcome.is_some());
    let time_is_up = clock.phase == MatchPhase::Live && tick.0 >= clock.ends_tick;
    if !nobody_inside && !time_is_up {
        return;
    }
    for score in scores.0.iter_mut().filter(|score| score.outcome.is_none()) {
        score.outcome = Some(Outcome::TimedOut);
        score.ended_tick = tick.0;
    }
    *clock = MatchClock { phase: MatchPhase::Over, began_tick: tick.0, ends_tick: tick.0 };
    truce.0 = true;
}
