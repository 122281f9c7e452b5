//! Seats of players who stay away: kept for the linger, given up after it.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Query, Without};
use hypogeum_protocol::{ErrorCode, Seat};
use hypogeum_shard::host::{Paused, ShardInbox};
use hypogeum_shard::{Command, CommandBody};

use crate::desk::Desk;
use crate::game::{Match, Progress};
use crate::recording::Recording;
use crate::session::{Presence, Session, Stage};
use crate::settle;

/// Since when seats have nobody, as host ticks. A seat of a match that was resumed has had no session yet.
#[derive(Debug, Default)]
pub(crate) struct Absences(BTreeMap<Seat, u64>);

impl Absences {
    /// Whether a seat has had nobody for so many ticks.
    fn lasts(&self, seat: Seat, tick: u64, ticks: u64) -> bool {
        self.0.get(&seat).is_some_and(|since| tick.saturating_sub(*since) >= ticks)
    }
}

/// Gives up the seats of those who stay away for longer than the linger, as if they had said so: the avatar dies where it
/// is, and the seat is settled as that of one who left. Each match is looked at once a second, and not all in one tick.
pub(crate) fn give_up_absent(
    desk: Desk,
    mut games: Query<(&mut Match, &mut ShardInbox), Without<Paused>>,
    sessions: Query<(&Presence, &Stage)>,
) {
    let (tick, second, linger) = (desk.tick.0, desk.config.ticks(1).max(1), desk.config.ticks(desk.config.linger_s));
    for (mut game, mut inbox) in &mut games {
        if game.progress != Progress::Playing || !tick.wrapping_add(game.id.0).is_multiple_of(second) {
            continue;
        }
        let game = &mut *game;
        for holder in &game.humans {
            let session = desk.directory.by_account.get(&holder.account);
            let session = session.and_then(|session| sessions.get(*session).ok());
            let session = session.filter(|(_, stage)| settle::holds_seat(stage, game.entity));
            let is_here = session.is_some_and(|(presence, _)| presence.connection.is_some());
            if is_here || game.done.contains(holder.seat) {
                game.absences.0.remove(&holder.seat);
                continue;
            }
            let away_since = session.and_then(|(presence, _)| presence.away_since).unwrap_or(tick);
            let since = *game.absences.0.entry(holder.seat).or_insert(away_since);
            if tick.saturating_sub(since) >= linger {
                tracing::info!(match_id = %game.id, account = %holder.account, "a seat is given up: its player stays away");
                inbox.0.push(Command { seat: holder.seat, body: CommandBody::GiveUp });
            }
        }
    }
}

/// Undoes matches that go on without their players: each seat was given up long ago, and the kind of shard has not ended what
/// nobody plays any more. What was promised to somebody is left as it is.
pub(crate) fn end_deserted(
    mut desk: Desk,
    games: Query<(&Match, Option<&Recording>), Without<Paused>>,
    mut sessions: Query<Session>,
) {
    let (tick, second, linger) = (desk.tick.0, desk.config.ticks(1).max(1), desk.config.ticks(desk.config.linger_s));
    let patience = 2 * linger + second;
    for (game, recording) in &games {
        if game.progress != Progress::Playing || !tick.wrapping_add(game.id.0).is_multiple_of(second) {
            continue;
        }
        let mut playing = game.humans.iter().filter(|holder| !game.done.contains(holder.seat)).peekable();
        let is_deserted = playing.peek().is_some()
            && playing.all(|holder| game.absences.lasts(holder.seat, tick, patience))
            && !recording.is_some_and(Recording::has_recorded_promise);
        if is_deserted {
            tracing::warn!(match_id = %game.id, mode = game.mode, "a match that goes on without its players is undone");
            settle::abandon(&mut desk, game, recording, &mut sessions, ErrorCode::Unavailable);
        }
    }
}
