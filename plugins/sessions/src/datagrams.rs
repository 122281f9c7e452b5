//! What comes on the datagram lane: inputs, and what has arrived of the pages sent.

use bevy_ecs::prelude::{Component, Local, Query, Res};
use hypogeum_protocol::lane::{Ack, Up};
use hypogeum_protocol::limits;
use hypogeum_protocol::link::{CloseReason, DatagramBatch};

use crate::Edge;
use crate::desk::Desk;
use crate::meter::{Meter, Operation};
use crate::session::{Presence, Stage};
use crate::steering::Steering;

/// Ticks between two wishes of a client for everything anew that are granted: whoever asks all the time gets it at a price
/// he pays himself.
const RESYNC_EVERY_TICKS: u32 = 30;

/// Whether a session's client speaks the datagram lane (it does from its first datagram on), and what it told since it was
/// shown something last.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(crate) struct OnLane {
    speaks: bool,
    heard: Heard,
    resynced_tick: u32,
}

/// What a client told about what it has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    /// The newest ack: it repeats the ones before.
    pub(crate) ack: Option<Ack>,
    /// Everything is wanted anew.
    pub(crate) resync: bool,
}

impl OnLane {
    fn note(&mut self, up: &Up) {
        self.speaks = true;
        self.heard.ack = up.ack.or(self.heard.ack);
        self.heard.resync |= up.resync;
    }

    /// What was told since it was asked last, at a tick of the match; `None` for who does not speak the lane.
    pub(crate) fn hear(&mut self, tick: u32) -> Option<Heard> {
        if !self.speaks {
            return None;
        }
        let mut heard = std::mem::take(&mut self.heard);
        heard.resync &= tick >= self.resynced_tick + RESYNC_EVERY_TICKS || self.resynced_tick == 0;
        if heard.resync {
            self.resynced_tick = tick;
        }
        Some(heard)
    }
}

/// Takes all datagrams that came. They are bounded by the edge, for each connection and in all.
pub(crate) fn admit_datagrams(
    mut desk: Desk,
    edge: Res<Edge>,
    mut batch: Local<DatagramBatch>,
    mut sessions: Query<(&mut Presence, &Stage, &mut Meter, &mut Steering, &mut OnLane)>,
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
        on_lane.note(&up);
        if matches!(stage, Stage::InMatch { .. }) && !up.inputs().is_empty() {
            steering.steer(up.inputs(), desk.tick.0, &mut desk.counters);
        }
    }
}
