//! Lines, lobbies and matches at the end of the server.

use bevy_ecs::prelude::{Entity, Local, Query, Res};
use hypogeum_hosting::{Recording, suspend};
use hypogeum_protocol::ErrorCode;
use hypogeum_sessions::{About, Drain, KeepsServer, Reply, Session, SessionsConfig, Stage};

use crate::lobby::{self, Lobby};
use crate::queueing::{InLine, Lines};
use crate::running_match::Progress;
use crate::seating::{Ended, Ending};
use crate::{MatchesConfig, OnDrain};

/// Sends everyone out of the lines.
pub(crate) fn empty_lines(
    draining: Res<Drain>,
    mut lines: Lines,
    mut reply: Reply,
    mut sessions: Query<(Session, &mut InLine)>,
) {
    if !draining.is_begun() {
        return;
    }
    for (mut session, mut in_line) in &mut sessions {
        if *session.stage == Stage::Queued {
            lines.leave(&mut reply, (&mut session, &mut in_line), About::NOTHING);
        }
    }
}

/// Ends lobbies at once and matches after their grace, or lets matches stand still until the next start.
pub(crate) fn end_matches(
    mut ending: Ending,
    (matches, sessions): (Res<MatchesConfig>, Res<SessionsConfig>),
    mut began_tick: Local<Option<u64>>,
    mut lobbies: Query<(Entity, &mut Lobby)>,
    games: Query<Ended>,
) {
    if !ending.draining.is_begun() {
        return;
    }
    let tick = ending.seating.reply.tick.0;
    let began = *began_tick.get_or_insert(tick);
    for (entity, mut lobby) in &mut lobbies {
        lobby::fail(&mut ending.seating, &mut ending.commands, (entity, &mut lobby), ErrorCode::Draining);
    }
    let suspends = matches.on_drain == OnDrain::Suspend;
    let grace = sessions.ticks(matches.drain_grace_s);
    let stops = suspends || ending.draining.is_hastened() || tick.saturating_sub(began) >= grace;
    // What is recorded can go on at the next start, and must where somebody was sent a promise.
    let counts = |it: &Recording| !it.recorder.state().is_lost() && (suspends || it.has_promised());
    for ended @ (entity, game, hosted, recording) in &games {
        if !stops || !recording.is_some_and(counts) {
            if stops && game.progress == Progress::Playing {
                ending.abandon(ended, ErrorCode::Draining);
            } else {
                ending.commands.entity(entity).insert(KeepsServer);
            }
            continue;
        }
        let mut commands = ending.commands.entity(entity);
        commands.remove::<KeepsServer>();
        if game.progress == Progress::Playing {
            suspend(&mut commands);
        }
        for player in &hosted.players {
            let session = ending.seating.index.session_of(player.account);
            let session = session.and_then(|session| ending.seating.sessions.get_mut(session).ok());
            if let Some(mut session) = session.filter(|session| session.stage.is_in(entity)) {
                ending.seating.reply.send_away(&mut session);
            }
        }
    }
}
