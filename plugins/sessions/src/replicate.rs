//! What each participant sees, tick by tick.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Component, EntityWorldMut, Query};
use bevy_ecs::system::EntityCommand;
use hypogeum_protocol::Seat;
use hypogeum_replication::{Scene, Viewer};
use hypogeum_shard::Shard;
use hypogeum_space::{Obstacles, cm};

use crate::desk::Desk;
use crate::game::Match;
use crate::session::Session;

/// The eyes on one match.
#[derive(Component, Debug, Default)]
pub(crate) struct Views {
    scene: Scene,
    viewers: BTreeMap<Seat, Viewer>,
    shown_tick: u32,
}

/// Makes a seat's viewer forget what it was told.
pub(crate) fn forget(seat: Seat) -> impl EntityCommand {
    move |mut entity: EntityWorldMut| {
        if let Some(viewer) = entity.get_mut::<Views>().as_mut().and_then(|views| views.viewers.get_mut(&seat)) {
            viewer.forget();
        }
    }
}

/// Shows every match to everyone in it who listens.
pub(crate) fn replicate(mut desk: Desk, mut games: Query<(&Match, &mut Shard, &mut Views)>, sessions: Query<Session>) {
    let mut bytes = Vec::new();
    for (game, mut shard, mut views) in &mut games {
        let tick = shard.tick().0;
        // A shard that was not stepped has nothing new, and one that crashed nothing true.
        if tick == views.shown_tick {
            continue;
        }
        let views = &mut *views;
        views.shown_tick = tick;
        views.scene.gather(&mut shard);
        let (sight, interest) = desk.library.0.modes.find(game.mode).map_or_else(Default::default, |mode| {
            (cm(mode.avatar.sight_cm), mode.avatar.interest)
        });
        let Some(obstacles) = shard.world().get_resource::<Obstacles>() else { continue };
        for holder in &game.humans {
            let entity = desk.directory.by_account.get(&holder.account).copied();
            let Some(session) = entity.and_then(|entity| sessions.get(entity).ok()) else { continue };
            let Some(connection) = session.presence.listening() else { continue };
            let viewer = views.viewers.entry(holder.seat).or_insert_with(|| Viewer::new(holder.avatar, sight, interest));
            for message in viewer.phase(&views.scene).into_iter().chain(viewer.inventory(&views.scene)) {
                desk.post.tell(connection, &message);
            }
            for message in viewer.events(&views.scene, obstacles, false) {
                desk.post.tell(connection, &message);
            }
            // Seats take turns, so that not everyone's snapshot falls into one tick.
            let interval = desk.config.snapshot_interval_ticks.max(1);
            if tick.wrapping_add(u32::from(holder.seat.0)) % interval == 0 {
                viewer.snapshot(&views.scene, obstacles, &mut bytes);
                desk.post.show(connection, bytes.clone());
                desk.counters.snapshots += 1;
            }
        }
    }
}
