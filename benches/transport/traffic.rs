//! What is sent each way: a lane byte, who and when, and a pattern that only they can have.

/// Bytes to a client per tick.
pub(crate) const DOWN_BYTES: usize = 600;
/// Bytes from a client per tick.
pub(crate) const UP_BYTES: usize = 24;

/// Writes the datagram of `session` and `sequence` over `bytes`, which keep their length.
pub(crate) fn write(bytes: &mut [u8], session: u64, sequence: u32) {
    bytes[0] = hypogeum_protocol::limits::LANE_BYTE;
    bytes[1..9].copy_from_slice(&session.to_le_bytes());
    bytes[9..13].copy_from_slice(&sequence.to_le_bytes());
    bytes[13..].fill((session as u8).wrapping_mul(31).wrapping_add(sequence as u8));
}

/// The sequence of a datagram of `session`, where every byte of it is right.
pub(crate) fn read(bytes: &[u8], session: u64, length: usize) -> Option<u32> {
    let sequence = u32::from_le_bytes(*bytes.get(9..13)?.first_chunk()?);
    let mut expected = [0; DOWN_BYTES];
    write(&mut expected[..length], session, sequence);
    (bytes == &expected[..length]).then_some(sequence)
}
