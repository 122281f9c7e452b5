//! What arrived on a client's datagram lane and waits to be taken: the newest few, in buffers used again and again.

use std::collections::VecDeque;

/// Datagrams that wait at most; each is replaced by the next, so a client that looks late misses nothing that counts.
pub(crate) const WAITING_MAX: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct LaneInbox {
    waiting: VecDeque<Vec<u8>>,
    spare: Vec<Vec<u8>>,
}

impl LaneInbox {
    /// Appends a copy; `false` where the oldest one made room for it.
    pub(crate) fn push(&mut self, datagram: &[u8]) -> bool {
        let oldest = if self.waiting.len() < WAITING_MAX { None } else { self.waiting.pop_front() };
        let had_room = oldest.is_none();
        let mut buffer = oldest.or_else(|| self.spare.pop()).unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(datagram);
        self.waiting.push_back(buffer);
        had_room
    }

    /// Puts the oldest into `out` and keeps the memory `out` had. `false`, and an empty `out`, where there is none.
    pub(crate) fn take(&mut self, out: &mut Vec<u8>) -> bool {
        out.clear();
        let Some(mut datagram) = self.waiting.pop_front() else {
            return false;
        };
        std::mem::swap(out, &mut datagram);
        if datagram.capacity() > 0 {
            self.spare.push(datagram);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_few_wait_in_order() {
        let mut inbox = LaneInbox::default();
        let mut out = vec![9];
        assert!(!inbox.take(&mut out) && out.is_empty(), "there is nothing yet");
        let fitted: Vec<bool> = (0..WAITING_MAX as u8 + 2).map(|number| inbox.push(&[number])).collect();
        assert_eq!(fitted.iter().filter(|fits| !**fits).count(), 2, "two made room for two");
        for number in 2..WAITING_MAX as u8 + 2 {
            assert!(inbox.take(&mut out), "the newest wait");
            assert_eq!(out, [number], "in the order they came");
        }
        assert!(!inbox.take(&mut out), "and once each");
    }

    #[test]
    fn buffers_go_back_and_forth() {
        let mut inbox = LaneInbox::default();
        let mut out = Vec::with_capacity(64);
        for round in 0..1_000_u32 {
            inbox.push(&round.to_le_bytes());
            inbox.take(&mut out);
            assert_eq!(out, round.to_le_bytes(), "what was pushed comes out");
        }
        assert!(inbox.spare.len() <= 1, "two buffers are enough for ever: {}", inbox.spare.len());
    }
}
