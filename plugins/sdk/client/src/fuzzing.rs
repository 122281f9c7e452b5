//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as a test.

use std::time::Duration;

use hypogeum_protocol::lane::Up;
use hypogeum_protocol::limits::LANE_BYTE;

use crate::lane::LaneEnd;

/// A client's end of the datagram lane: datagrams one after another, each behind its length in two bytes, of which the
/// highest bit says that an answer is written after it and the next one that a match begins.
pub fn lane_receiver(mut data: &[u8]) {
    let mut lane = LaneEnd::default();
    let (mut datagram, mut records, mut out) = (Vec::new(), Vec::new(), Vec::new());
    let mut now = Duration::ZERO;
    while let Some((length, rest)) = data.split_first_chunk::<2>() {
        let length = u16::from_le_bytes(*length);
        let (body, rest) = rest.split_at(rest.len().min(usize::from(length & 0x7FF)));
        data = rest;
        // Whatever comes here begins with the lane's byte.
        datagram.clear();
        datagram.push(LANE_BYTE);
        datagram.extend_from_slice(body);
        let _ = lane.take(&datagram);
        records.clear();
        lane.write_records(&mut records);
        assert!(records.len() <= (crate::PAGES_MAX + 4) * 64, "what one server can make a client hold is bounded");
        now += Duration::from_millis(40);
        if length & 0x8000 != 0 && lane.is_due(now, true) {
            lane.write(std::iter::empty(), now, &mut out);
            assert!(Up::read(&out).is_ok(), "what it answers is a datagram");
        }
        if length & 0x4000 != 0 {
            lane.begin();
        }
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_datagrams_are_taken_or_refused() {
        replay("lane_receiver", super::lane_receiver);
    }
}
