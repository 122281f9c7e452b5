//! What a client takes in: messages, datagrams, and what follows from them.

use std::time::Duration;

use hypogeum_protocol::{MatchPhase, ServerMessage, codec};

use super::Client;
use crate::lane::Heard;
use crate::view::{Change, PhaseView};
use crate::wire::{Wire, WireState};

/// Messages and datagrams one poll takes in at most, so that a flood of them cannot hold a frame up.
const MESSAGES_PER_POLL_MAX: usize = 1_024;

impl<W: Wire> Client<W> {
    /// Lets `elapsed` time pass, takes in what arrived and tells what changed, in order.
    pub fn poll(&mut self, elapsed: Duration) -> Vec<Change> {
        let mut changes = Vec::new();
        self.poll_into(elapsed, &mut changes);
        changes
    }

    /// As [`Client::poll`], appending to a list that can be used again.
    pub fn poll_into(&mut self, elapsed: Duration, changes: &mut Vec<Change>) {
        self.clock += elapsed;
        self.wire.update(elapsed);
        let state = self.wire.state();
        if state == WireState::Open && self.last_state == WireState::Connecting {
            changes.push(Change::Opened);
        }
        // What came before the end still counts: a settlement may be the last word.
        for _ in 0..MESSAGES_PER_POLL_MAX {
            let Some(bytes) = self.wire.receive() else { break };
            changes.push(self.take(&bytes));
        }
        self.take_datagrams(changes);
        if let WireState::Closed(reason) = state
            && self.last_state != state
        {
            changes.push(Change::Closed(reason));
        }
        self.last_state = state;
        self.follow_ground();
        if self.lane.as_ref().is_some_and(|lane| lane.is_up() && lane.is_due(self.clock, true)) {
            self.send_datagram();
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Change {
        let Ok(message) = codec::decode_server(bytes) else {
            self.unreadable_count += 1;
            return Change::Unreadable;
        };
        let is_snapshot = matches!(message, ServerMessage::Snapshot(_));
        if is_snapshot && self.is_on_lane() {
            // Sent before the server knew that this client speaks the lane; that one tells more.
            return Change::Outdated;
        }
        let was_in_match = self.view.current.is_some();
        let chunk = if let ServerMessage::Chunk { body, .. } = &message { Some(body.clone()) } else { None };
        let change = self.view.apply(message);
        if let Some(body) = chunk {
            self.take_chunk(&body, &change);
        }
        if was_in_match && self.view.current.is_none() {
            self.forget_match();
        }
        match change {
            Change::Welcomed => self.offer_lane(),
            Change::MatchStarted => self.enter_match(),
            Change::PhaseReached(_) => self.note_phase(),
            // What was steered is over, and others walk unasked.
            Change::Watching => self.forget_match(),
            Change::Saw => self.confirm(0),
            Change::Pong { nonce } => self.time_ping(nonce),
            Change::ChunksNear => self.find_chunks(),
            Change::GroundChanged => self.is_ground_new = true,
            Change::Refused(refusal) => self.chunks_refused(refusal),
            Change::Unreadable => self.unreadable_count += 1,
            _ => {}
        }
        change
    }

    fn offer_lane(&mut self) {
        if let Some(lane) = &mut self.lane {
            lane.offer();
        }
    }

    fn take_datagrams(&mut self, changes: &mut Vec<Change>) {
        let mut datagram = std::mem::take(&mut self.datagram);
        for _ in 0..MESSAGES_PER_POLL_MAX {
            if !self.wire.take_lane(&mut datagram) {
                break;
            }
            self.take_datagram(&datagram, changes);
        }
        self.datagram = datagram;
    }

    fn take_datagram(&mut self, datagram: &[u8], changes: &mut Vec<Change>) {
        let Some(lane) = &mut self.lane else { return };
        if self.view.current.is_none() {
            // It is of a match that is over, or of one whose announcement it overtook: unacknowledged, that comes again.
            changes.push(Change::Outdated);
            return;
        }
        let heard = lane.take(datagram);
        match heard {
            Heard::Unreadable => {
                self.unreadable_count += 1;
                changes.push(Change::Unreadable);
                return;
            }
            Heard::Outdated => {
                changes.push(Change::Outdated);
                return;
            }
            Heard::Newest | Heard::Late => {}
        }
        let Some(head) = lane.head().copied() else { return };
        let (tick, events) = lane.events();
        let events = events.to_vec();
        if matches!(heard, Heard::Newest) {
            changes.push(self.view.show(&head, |records| lane.write_records(records)));
            self.confirm(head.interval_ticks);
        }
        if !events.is_empty() {
            changes.push(self.view.happened(tick, events));
        }
    }

    /// Sequences count per match, from 1; the same match announced again goes on counting.
    fn enter_match(&mut self) {
        let Some(id) = self.view.current.as_ref().map(|current| current.id) else { return };
        self.forget_chunk_asks();
        self.is_ground_new = true;
        if self.numbered_match != Some(id) {
            self.numbered_match = Some(id);
            self.last_seq = 0;
            self.prediction.clear();
            self.clear_interpolation();
            if let Some(lane) = &mut self.lane {
                lane.begin();
            }
        }
        if self.predicts
            && let Some(current) = &self.view.current
        {
            self.prediction.begin(current.side, &current.obstacles, current.radius);
        }
        self.note_phase();
        self.offer_lane();
    }

    /// Avatars stand still but while the match is live. A place of the world has no phases.
    pub(super) fn note_phase(&mut self) {
        let current = self.view.current.as_ref();
        let is_place = current.is_some_and(|current| current.ground.is_in_chunks());
        self.prediction.live_from(match current.and_then(|current| current.phase) {
            _ if is_place => Some(0),
            Some(PhaseView { phase: MatchPhase::Deploy, ends_tick, .. }) => Some(ends_tick),
            Some(PhaseView { phase: MatchPhase::Live, tick, .. }) => Some(tick),
            Some(PhaseView { phase: MatchPhase::Over, .. }) | None => None,
        });
    }

    fn forget_match(&mut self) {
        self.has_steered = false;
        self.prediction.clear();
        self.clear_interpolation();
    }

    fn clear_interpolation(&mut self) {
        if let Some(interpolation) = &mut self.interpolation {
            interpolation.clear();
        }
    }

    /// Forgets inputs the server has applied. After a reconnect it knows of more than this client does.
    fn confirm(&mut self, interval_ticks: u8) {
        self.snapshot_count += 1;
        let is_watched = self.is_watching();
        let Some(snapshot) = &self.view.snapshot else { return };
        if !is_watched {
            self.prediction.confirm(snapshot.tick, snapshot.input_seq, snapshot.own.as_ref());
        }
        self.last_seq = self.last_seq.max(snapshot.input_seq);
        if let Some(interpolation) = &mut self.interpolation {
            interpolation.take(&snapshot.records, snapshot.tick, interval_ticks, self.clock);
        }
    }

    fn time_ping(&mut self, nonce: u64) {
        if let Some(place) = self.pings.iter().position(|(sent, _)| *sent == nonce) {
            self.last_round_trip = self.pings.remove(place).map(|(_, at)| self.clock.saturating_sub(at));
        }
    }
}
