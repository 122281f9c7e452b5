//! The end of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::{Entity, Local, Query, Resource};
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ErrorCode, ServerMessage};
use hypogeum_shard::host::Paused;

use crate::OnDrain;
use crate::desk::Desk;
use crate::game::{Match, Progress};
use crate::lobby::{self, Lobby};
use crate::recording::Recording;
use crate::resuming::Awaiting;
use crate::session::{Session, Stage};
use crate::settle;

/// A handle to end the server with: whoever has a clone can begin, and see when nothing is left to do.
#[derive(Resource, Clone, Debug, Default)]
pub struct Drain {
    begun: Arc<AtomicBool>,
    hastened: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
}

impl Drain {
    /// From the next tick on nobody is admitted or queued; running matches get the configured grace and are undone
    /// then. There is no way back.
    pub fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }

    /// Whether it has begun.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// Begins it, and leaves running matches no more grace.
    pub fn hasten(&self) {
        self.hastened.store(true, Ordering::Release);
        self.begin();
    }

    /// Whether nobody is here any more, everything said has gone to the edges and the store has answered everything.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}

/// Sends everyone home, step by step.
pub(crate) fn drain(
    mut desk: Desk,
    mut began_tick: Local<Option<u64>>,
    mut sessions: Query<Session>,
    mut lobbies: Query<(Entity, &mut Lobby)>,
    games: Query<(&Match, Option<&Recording>)>,
) {
    if !desk.draining.is_begun() {
        return;
    }
    let suspend = desk.config.on_drain == OnDrain::Suspend;
    let began = *began_tick.get_or_insert(desk.tick.0);
    for (entity, mut lobby) in &mut lobbies {
        lobby::fail(&mut desk, entity, &mut lobby, &mut sessions, ErrorCode::Draining);
    }
    let is_over = desk.draining.hastened.load(Ordering::Acquire)
        || desk.tick.0.saturating_sub(began) >= desk.config.ticks(desk.config.drain_grace_s);
    let stops = suspend || is_over;
    // What is recorded can go on at the next start, and must where somebody was told that it got out.
    let stays = |recording: Option<&Recording>| {
        let counts = |it: &Recording| !it.recorder.state().is_lost() && (suspend || it.has_promised());
        stops && recording.is_some_and(counts)
    };
    for (game, recording) in games.iter().filter(|(game, _)| stops && game.progress == Progress::Playing) {
        if stays(recording) {
            desk.commands.entity(game.entity).insert(Paused).remove::<Awaiting>();
        } else {
            settle::abandon(&mut desk, game, recording, &mut sessions, ErrorCode::Draining);
        }
    }
    let stays_in = |stage: &Stage| match *stage {
        Stage::InMatch { game, .. } => games.get(game).is_ok_and(|(_, recording)| stays(recording)),
        _ => false,
    };
    for mut session in &mut sessions {
        if let Stage::Queued { .. } = *session.stage {
            crate::queueing::leave(&mut desk, &mut session);
        }
        let leaves = match *session.stage {
            Stage::Loadout { .. } => false,
            Stage::InMatch { .. } => stays_in(&session.stage),
            _ => true,
        };
        if leaves && session.presence.closing.is_none() {
            if let Some(connection) = session.presence.connection {
                desk.post.tell(connection, &ServerMessage::Goodbye);
            }
            session.presence.closing = Some(CloseReason::ByServer);
        }
    }
    let somebody = sessions.iter().any(|it| it.presence.connection.is_some() || !stays_in(it.stage));
    let playing = games.iter().any(|(_, recording)| !stays(recording));
    let empty = !somebody && lobbies.is_empty() && !playing;
    if empty && desk.store.is_quiet() && desk.post.is_empty() {
        desk.draining.done.store(true, Ordering::Release);
    }
}
