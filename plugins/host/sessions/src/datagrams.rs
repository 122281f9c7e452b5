//! Incoming datagrams: inputs, and acks of the pages sent.

use bevy_ecs::prelude::{Component, Local, Query, Res};
use hypogeum_protocol::ErrorCode;
use hypogeum_protocol::lane::{Ack, Up};
use hypogeum_protocol::link::DatagramBatch;

use crate::Edge;
use crate::meter::Operation;
use crate::reply::Reply;
use crate::session::{Session, SessionIndex, SessionItem, Stage};
use crate::steering::{self, ABOUT_INPUTS};

/// Fewest ticks between two keyframes that a client asks for: one that asks all the time must not cost the others.
const RESYNC_EVERY_TICKS: u32 = 30;

/// Whether a session's client uses the datagram lane (it does from its first datagram on), and what it has acked since its
/// last snapshot.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct DatagramLane {
    speaks: bool,
    acks: ClientAcks,
    resynced_tick: u32,
}

/// What a client has acked.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClientAcks {
    /// The newest ack: it repeats the ones before.
    pub ack: Option<Ack>,
    /// It asks for a keyframe: everything from nothing.
    pub resync: bool,
}

impl DatagramLane {
    fn note(&mut self, up: &Up) {
        self.speaks = true;
        self.acks.ack = up.ack.or(self.acks.ack);
        self.acks.resync |= up.resync;
    }

    /// Takes what was acked since the last call, at a tick of the shard; `None` for a client that does not use the lane.
    pub fn take_acks(&mut self, tick: u32) -> Option<ClientAcks> {
        if !self.speaks {
            return None;
        }
        let mut acks = std::mem::take(&mut self.acks);
        acks.resync &= tick >= self.resynced_tick + RESYNC_EVERY_TICKS || self.resynced_tick == 0;
        if acks.resync {
            self.resynced_tick = tick;
        }
        Some(acks)
    }
}

/// Takes all datagrams that came. They are bounded by the edge, for each connection and in all.
pub(crate) fn admit_datagrams(
    mut reply: Reply,
    (edge, index): (Res<Edge>, Res<SessionIndex>),
    mut batch: Local<DatagramBatch>,
    mut sessions: Query<(Session, &mut DatagramLane)>,
) {
    edge.0.datagrams.take(&mut batch);
    for (connection, datagram) in batch.iter() {
        let entity = index.by_connection.get(&connection).copied();
        match entity.and_then(|entity| sessions.get_mut(entity).ok()) {
            Some((mut session, mut datagram_lane)) => take(&mut reply, &mut session, &mut datagram_lane, datagram),
            None => reply.counters.strangers += 1,
        }
    }
}

/// Takes one datagram. What is wrong with it is answered as it is for a message of inputs.
fn take(reply: &mut Reply, session: &mut SessionItem, datagram_lane: &mut DatagramLane, datagram: &[u8]) {
    if session.presence.closing.is_some() || *session.stage == Stage::Loading {
        reply.counters.wrong_state += 1;
        return;
    }
    if !session.presence.greeted {
        return reply.refuse(session, ErrorCode::HelloFirst, ABOUT_INPUTS, 0);
    }
    let Ok(up) = Up::read(datagram) else {
        return reply.refuse_malformed(session, ABOUT_INPUTS);
    };
    if !up.in_range() {
        reply.counters.out_of_range += 1;
        return reply.refuse(session, ErrorCode::OutOfRange, ABOUT_INPUTS, 0);
    }
    if session.meter.take(Operation::Inputs, reply.tick.0).is_err() {
        reply.counters.too_soon += 1;
        return;
    }
    datagram_lane.note(&up);
    if matches!(*session.stage, Stage::Playing { .. }) && !up.inputs().is_empty() {
        steering::steer(reply, session, up.inputs());
    }
}
