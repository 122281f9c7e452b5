//! What the fuzz targets of `fuzz/` do with their bytes, and the seeds that were kept, replayed as tests.
//!
//! Each function takes any bytes and panics where a decoder does. Where something is sealed, the bytes say what is inside,
//! and it is sealed with the right key: otherwise all of them would end at the first check.

use std::time::Duration;

use hypogeum_protocol::link::Lane;

use crate::link::{Link, LinkFault, Side};
pub use crate::standard::fuzzing::{connect_token, netcode_ends, netcode_strangers};

/// renet packets of the peer, at either end: each behind its length in two bytes, of which the highest bit asks for a
/// flush after it, and the next one for the messages that are whole.
pub fn renet_link(data: &[u8]) {
    let Some((side, mut data)) = data.split_first() else { return };
    let mut now = Duration::ZERO;
    let mut link = Link::new(if side & 1 == 0 { Side::Server } else { Side::Client }, now, None);
    let _ = link.send(Lane::ReliableOrdered, vec![7; 3_000]);
    while let Some((length, rest)) = data.split_first_chunk::<2>() {
        let length = u16::from_le_bytes(*length);
        let (packet, rest) = rest.split_at(rest.len().min(usize::from(length & 0x7FF)));
        data = rest;
        now += Duration::from_millis(20);
        match link.receive(packet, now) {
            Ok(()) => {}
            Err(LinkFault::Panicked) => panic!("the guard let something through that breaks renet"),
            Err(_) => return,
        }
        if length & 0x8000 != 0 {
            link.flush(now, &mut |packet| assert!(packet.len() <= crate::standard::DATAGRAM_BYTES_MAX, "it fits"));
        }
        if length & 0x4000 != 0 {
            for lane in [Lane::Unreliable, Lane::ReliableUnordered, Lane::ReliableOrdered] {
                while let Some(message) = link.take(lane) {
                    assert!(!message.is_empty(), "an empty message is none");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_connect_tokens_are_read_or_refused() {
        replay("connect_token", super::connect_token);
    }

    #[test]
    fn kept_datagrams_of_strangers_are_dropped() {
        replay("netcode_strangers", super::netcode_strangers);
    }

    #[test]
    fn kept_datagrams_between_two_ends_are_taken_or_dropped() {
        replay("netcode_ends", super::netcode_ends);
    }

    #[test]
    fn kept_packets_of_renet_are_taken_or_refused() {
        replay("renet_link", super::renet_link);
    }
}
