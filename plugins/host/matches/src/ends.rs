//! Matches that end for a reason other than their rules.

use bevy_ecs::prelude::{Entity, Query, Res, With, Without};
use hypogeum_hosting::{HostedShard, Lost, Recording, Stuck};
use hypogeum_protocol::ErrorCode;
use hypogeum_sessions::SessionsConfig;
use hypogeum_shard::host::Paused;

use crate::running_match::{Progress, RunningMatch};
use crate::seating::{Ended, Ending};

/// Undoes matches that go on without their players: each seat was given up long ago, and the kind of shard has not ended what
/// nobody plays any more. What was promised to somebody is left as it is.
pub(crate) fn end_deserted(mut ending: Ending, config: Res<SessionsConfig>, games: Query<Ended, Without<Paused>>) {
    let (second, linger) = (config.ticks(1).max(1), config.ticks(config.linger_s));
    let (tick, patience) = (ending.seating.reply.tick.0, 2 * linger + second);
    for (entity, game, hosted, recording) in &games {
        if game.progress != Progress::Playing || !tick.wrapping_add(game.id.0).is_multiple_of(second) {
            continue;
        }
        let mut playing = hosted.players.iter().filter(|player| !hosted.is_free(player.seat)).peekable();
        let is_deserted = playing.peek().is_some()
            && playing.all(|player| hosted.is_away_for(player.seat, tick, patience))
            && !recording.is_some_and(Recording::has_recorded_promise);
        if is_deserted {
            tracing::warn!(match_id = %game.id, mode = hosted.title, "a match that goes on without its players is undone");
            ending.abandon((entity, game, hosted, recording), ErrorCode::Unavailable);
        }
    }
}

/// Ends matches whose log was given up: nothing more is promised or granted that could not be proved. A match is undone if
/// no promise was sent and the disk can be trusted; else it stays as its log has it, until the next start.
pub(crate) fn end_unrecorded(mut ending: Ending, games: Query<(Entity, &RunningMatch, &HostedShard, &Recording)>) {
    ending.seating.reply.outbound.drop_lost_barriers();
    for (entity, game, hosted, recording) in &games {
        if !recording.is_lost() {
            continue;
        }
        let ended = (entity, game, hosted, Some(recording));
        if ending.journal.is_broken() || recording.has_promised() {
            tracing::error!(match_id = %game.id, "the log of a match is lost: the next start goes on with what it has");
            ending.make_all_idle(ended, ErrorCode::Unavailable);
        } else {
            tracing::error!(match_id = %game.id, "the log of a match is lost, and the match is undone");
            ending.abandon(ended, ErrorCode::Unavailable);
        }
    }
}

/// Ends matches whose shard panicked and that cannot be built again. Each is undone, unless somebody got out or is done and has
/// not got what it is worth: then its log stays as it is, and the next start goes on after the last good step.
pub(crate) fn end_lost(mut ending: Ending, games: Query<Ended, With<Lost>>) {
    for ended @ (.., recording) in &games {
        end_crashed(&mut ending, ended, recording);
    }
}

/// Ends matches whose kind panics when it is asked about them: as [`end_lost`] does.
pub(crate) fn end_unanswered(mut ending: Ending, games: Query<Ended, Without<Lost>>) {
    for ended @ (_, game, _, recording) in &games {
        if game.progress == Progress::Playing && game.rules.have_failed() {
            end_crashed(&mut ending, ended, recording);
        }
    }
}

fn end_crashed(ending: &mut Ending<'_, '_>, ended: Ended<'_>, recording: Option<&Recording>) {
    let (_, game, ..) = ended;
    if recording.is_some_and(|it| it.has_recorded_promise() || !game.done.is_quiet()) {
        tracing::error!(match_id = %game.id, "a match crashed: the next start goes on with it");
        ending.make_all_idle(ended, ErrorCode::Unavailable);
    } else {
        tracing::error!(match_id = %game.id, "a match that crashed is undone");
        ending.abandon(ended, ErrorCode::Unavailable);
    }
}

/// Undoes matches that crashed and cannot go on, once everyone who is done in them has what it is worth.
pub(crate) fn end_stuck(mut ending: Ending, games: Query<Ended, With<Stuck>>) {
    for ended @ (_, game, ..) in &games {
        if game.progress == Progress::Playing && game.done.is_quiet() {
            tracing::error!(match_id = %game.id, "a match that crashed is undone");
            ending.abandon(ended, ErrorCode::Unavailable);
        }
    }
}
