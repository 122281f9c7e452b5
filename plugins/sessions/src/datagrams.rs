//! What comes on the datagram lane: inputs, and what has arrived of the pages sent.

use bevy_ecs::prelude::{Component, Local, Query, Res};
use hypogeum_protocol::lane::Up;
use hypogeum_protocol::limits;
use hypogeum_protocol::link::{CloseReason, DatagramBatch};

use crate::Edge;
use crate::desk::Desk;
use crate::meter::{Meter, Operation};
use crate::replicate::Views;
use crate::session::{Presence, Stage};
use crate::steering::Steering;

/// Whether a session's client speaks the datagram lane: it does from its first datagram on.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(crate) struct OnLane(pub(crate) bool);

/// Takes all datagrams that came. They are bounded by the edge, for each connection and in all.
pub(crate) fn admit_datagrams(
    mut desk: Desk,
    edge: Res<Edge>,
    mut batch: Local<DatagramBatch>,
    mut sessions: Query<(&mut Presence, &Stage, &mut Meter, &mut Steering, &mut OnLane)>,
    mut views: Query<&mut Views>,
) {
    edge.0.datagrams.take(&mut batch);
    for (connection, datagram) in batch.iter() {
        let entity = desk.directory.by_connection.get(&connection).copied();
        let found = entity.and_then(|entity| sessions.get_mut(entity).ok());
        let Some((mut presence, stage, mut meter, mut steering, mut on_lane)) = found else {
            desk.counters.strangers += 1;
            continue;
        };
        if !presence.greeted || presence.closing.is_some() {
            desk.counters.wrong_state += 1;
            continue;
        }
        let Ok(up) = Up::read(datagram) else {
            desk.counters.malformed += 1;
            meter.malformed += 1;
            if meter.malformed >= limits::MALFORMED_MESSAGES_MAX {
                presence.closing = Some(CloseReason::Hostile);
            }
            continue;
        };
        if meter.take(Operation::Inputs, desk.tick.0).is_err() {
            desk.counters.too_soon += 1;
            continue;
        }
        if !on_lane.0 {
            on_lane.0 = true;
        }
        let Stage::InMatch { game, seat } = *stage else { continue };
        if let Ok(mut views) = views.get_mut(game) {
            views.learn(seat, &up, &mut desk.counters);
        }
        if !up.inputs().is_empty() {
            steering.steer(up.inputs(), desk.tick.0, &mut desk.counters);
        }
    }
}
