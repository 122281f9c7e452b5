//! The end of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::{Component, Query, Res, Resource, With};

use crate::reply::Reply;
use crate::session::{Session, Stage};
use crate::store::Store;

/// A handle to end the server with: every clone can begin it, and see when nothing is left to do.
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

    /// Whether running matches get no more grace.
    #[must_use]
    pub fn is_hastened(&self) -> bool {
        self.hastened.load(Ordering::Acquire)
    }

    /// Whether no session is left, all messages have gone to the edges and the store has answered everything.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}

/// Something the server does not stop before: its owner ends it, or takes this from what may go on at the next start.
#[derive(Component, Clone, Copy, Debug)]
pub struct KeepsServer;

/// Sends everyone away who is in nothing that still goes on, and notes when all is done.
pub(crate) fn send_away(
    (draining, store): (Res<Drain>, Res<Store>),
    mut reply: Reply,
    mut sessions: Query<Session>,
    going_on: Query<(), With<KeepsServer>>,
) {
    if !draining.is_begun() {
        return;
    }
    for mut session in &mut sessions {
        if matches!(*session.stage, Stage::Arriving | Stage::Loading | Stage::Idle) {
            reply.send_away(&mut session);
        }
    }
    let has_place = |stage: &Stage| matches!(stage, Stage::Playing { .. } | Stage::Joining { .. });
    let somebody = sessions.iter().any(|it| it.presence.connection.is_some() || !has_place(it.stage));
    if !somebody && going_on.is_empty() && store.is_quiet() && reply.outbound.is_empty() {
        draining.done.store(true, Ordering::Release);
    }
}
