//! A client's line to the server, whichever door it goes through.

use std::fmt;
use std::time::Duration;

use hypogeum_client::{Traffic, Wire, WireState};
use hypogeum_protocol::link::Lane;

/// Any wire.
pub(crate) struct Line(Box<dyn Wire>);

impl Line {
    pub(crate) fn new(wire: impl Wire + 'static) -> Self {
        Self(Box::new(wire))
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Line").field("state", &self.0.state()).finish_non_exhaustive()
    }
}

impl Wire for Line {
    fn update(&mut self, elapsed: Duration) {
        self.0.update(elapsed);
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.0.receive()
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        self.0.send(lane, bytes);
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        self.0.send_lane(datagram);
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.0.take_lane(out)
    }

    fn flush(&mut self) {
        self.0.flush();
    }

    fn state(&self) -> WireState {
        self.0.state()
    }

    fn traffic(&self) -> Traffic {
        self.0.traffic()
    }

    fn close(&mut self) {
        self.0.close();
    }
}
