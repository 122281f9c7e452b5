//! What is sent each way: a lane byte, who, which, when, and a pattern that only they can have.

use hypogeum_protocol::limits::LANE_BYTE;
use nix::time::{ClockId, clock_gettime};

/// Bytes to a client per tick.
pub(crate) const DOWN_BYTES: usize = 600;
/// Bytes from a client per tick.
pub(crate) const UP_BYTES: usize = 24;
/// The same in their frames: a head of four bytes, and one of two with a mask of four.
pub(crate) const DOWN_FRAME_BYTES: usize = 4 + DOWN_BYTES;
pub(crate) const UP_FRAME_BYTES: usize = 6 + UP_BYTES;

/// Nanoseconds of a clock that all processes of this machine share.
pub(crate) fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("the system has a clock");
    now.tv_sec().unsigned_abs() * 1_000_000_000 + now.tv_nsec().unsigned_abs()
}

/// Writes what `session` and `sequence` have at a time over `bytes`, which keep their length.
pub(crate) fn write(bytes: &mut [u8], session: u32, sequence: u32, at_ns: u64) {
    bytes[0] = LANE_BYTE;
    bytes[1..5].copy_from_slice(&session.to_le_bytes());
    bytes[5..9].copy_from_slice(&sequence.to_le_bytes());
    bytes[9..17].copy_from_slice(&at_ns.to_le_bytes());
    bytes[17..].fill((session as u8).wrapping_mul(31).wrapping_add(sequence as u8));
}

/// When what was sent to or by `session` was written, where every byte of it is right.
pub(crate) fn read(bytes: &[u8], session: u32, length: usize) -> Option<u64> {
    let sequence = u32::from_le_bytes(*bytes.get(5..9)?.first_chunk()?);
    let at_ns = u64::from_le_bytes(*bytes.get(9..17)?.first_chunk()?);
    let mut expected = [0; DOWN_BYTES];
    write(&mut expected[..length], session, sequence, at_ns);
    (bytes == &expected[..length]).then_some(at_ns)
}
