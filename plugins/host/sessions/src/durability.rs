//! Messages that are sent only once a step is on the disk.

use std::collections::{BTreeMap, VecDeque};

use hypogeum_journal::Recorder;
use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::link::{Class, ToEdge};

/// Frames that may wait behind a barrier for one connection: some seconds of a fight. Beyond it the connection is closed.
const WAITING_MAX: usize = 1_024;

/// A step that is not on the disk yet: everything sent to a connection waits behind it, because the channel keeps order.
#[derive(Debug)]
struct DurabilityBarrier {
    recorder: Recorder,
    tick: u32,
    frames: VecDeque<(Class, ToEdge)>,
}

/// Connections that wait for a disk.
#[derive(Debug, Default)]
pub(crate) struct DurabilityBarriers(BTreeMap<ConnectionId, DurabilityBarrier>);

impl DurabilityBarriers {
    /// From now on everything sent to a connection waits until this step is on the disk.
    pub(crate) fn hold_until_durable(&mut self, connection: ConnectionId, recorder: &Recorder, tick: u32) {
        let fresh = || DurabilityBarrier { recorder: recorder.clone(), tick, frames: VecDeque::new() };
        let held = self.0.entry(connection).or_insert_with(fresh);
        // A promise of another match comes after all of the last one.
        held.recorder = recorder.clone();
        held.tick = tick;
    }

    /// The connection is gone.
    pub(crate) fn forget(&mut self, connection: ConnectionId) {
        self.0.remove(&connection);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Holds a frame back where its connection waits; returns it where it does not. An error names a connection for
    /// which too much waits.
    pub(crate) fn hold_back(&mut self, frame: (Class, ToEdge)) -> Result<Option<(Class, ToEdge)>, ConnectionId> {
        let connection = frame.1.connection();
        let Some(held) = self.0.get_mut(&connection) else { return Ok(Some(frame)) };
        // A snapshot need not wait, and the next one replaces it.
        if frame.0 != Class::Critical {
            return Ok(Some(frame));
        }
        let is_close = matches!(frame.1, ToEdge::Close { .. });
        if held.frames.len() >= WAITING_MAX && !is_close {
            return Err(connection);
        }
        held.frames.push_back(frame);
        Ok(None)
    }

    /// Releases everything whose step is on the disk by now, each connection's in its order.
    pub(crate) fn release(&mut self, out: &mut Vec<(Class, ToEdge)>) {
        self.0.retain(|_, held| {
            if held.recorder.state().durable_tick() < held.tick {
                return true;
            }
            hypogeum_crash::crash_point!("extraction_durable");
            out.extend(held.frames.drain(..));
            false
        });
    }

    /// Drops barriers whose log was given up: what waits behind them is never sent, for its match ends with its log. Only
    /// closes are.
    pub(crate) fn drop_lost(&mut self, out: &mut Vec<(Class, ToEdge)>) {
        self.0.retain(|_, held| {
            let state = held.recorder.state();
            if !state.is_lost() || state.durable_tick() >= held.tick {
                return true;
            }
            out.extend(held.frames.drain(..).filter(|(_, frame)| matches!(frame, ToEdge::Close { .. })));
            false
        });
    }
}
