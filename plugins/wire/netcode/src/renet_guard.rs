//! Looks at every renet packet before renet does.
//!
//! renet 2.0.1 trusts slice headers: an index at or beyond the count panics, a count that changes between two slices of
//! one message panics or corrupts its memory accounting, a count of a million allocates at once. Empty messages and
//! skipped message ids cost no memory in its books but do in its maps, and reordered sequences grow its list of acks
//! without end. No honest peer sends any of this, so the guard follows each reliable lane's receipts and refuses it.

use std::collections::{BTreeMap, BTreeSet};

use crate::renet_wire::{
    ACK, Malformed, RELIABLE_SLICE, Reader, SLICE_BYTES, SMALL_RELIABLE, SMALL_UNRELIABLE, UNRELIABLE_SLICE,
    ack_range_count,
};

/// How far one packet's sequence may be beyond the newest: half an hour of silence at full rate.
const SEQUENCE_JUMP_MAX: u64 = 1 << 20;
/// How far behind the newest a sequence may come: netcode's replay window lets nothing older through.
const SEQUENCE_AGE_MAX: u64 = 256;
/// Ack ranges renet may hold; renet itself keeps 64, except where packets arrive out of order. So many fit a datagram.
const ACK_RANGES_MAX: u64 = 96;
/// Ack ranges accepted from the peer; renet sends about 64.
const PEER_ACK_RANGES_MAX: u64 = 256;

/// What to do with a packet that is well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// renet may have it; `reliable` says whether the peer waits for its ack.
    Pass { reliable: bool },
    /// A copy of what was received whole: only its sequence is to be acknowledged.
    AcknowledgeOnly { sequence: u64 },
    /// Treat it as lost.
    Ignore,
}

/// What this end accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardLimits {
    /// Bytes of one message; at most 64 slices.
    pub(crate) message_bytes_max: usize,
    /// Messages of one reliable lane beyond the first one missing.
    pub(crate) messages_ahead_max: u64,
}

/// The receipts of one connection.
#[derive(Debug)]
pub(crate) struct Guard {
    limits: GuardLimits,
    /// One past the newest sequence.
    sequence_end: u64,
    /// At least the number of ranges renet's next ack will have.
    ack_ranges: u64,
    /// Channels 1 and 2.
    reliable: [Receipts; 2],
}

#[derive(Debug, Default)]
struct Receipts {
    /// Every message below it was received whole.
    low: u64,
    /// Those at or above `low` that were.
    received: BTreeSet<u64>,
    /// Sliced ones that are on their way.
    partial: BTreeMap<u64, Partial>,
}

#[derive(Clone, Copy, Debug)]
struct Partial {
    slices: u32,
    received: u64,
}

impl Receipts {
    fn has(&self, message: u64) -> bool {
        message < self.low || self.received.contains(&message)
    }

    fn receive(&mut self, message: u64) {
        if message >= self.low {
            self.received.insert(message);
            while self.received.remove(&self.low) {
                self.low += 1;
            }
        }
    }
}

impl Guard {
    pub(crate) fn new(limits: GuardLimits) -> Self {
        Self { limits, sequence_end: 0, ack_ranges: 0, reliable: Default::default() }
    }

    /// Judges one packet and remembers what it brings.
    pub(crate) fn inspect(&mut self, packet: &[u8]) -> Result<Verdict, Malformed> {
        let mut reader = Reader(packet);
        let kind = reader.byte()?;
        let sequence = reader.varint()?;
        let verdict = match kind {
            SMALL_RELIABLE => {
                self.check_small_reliable(reader)?;
                Verdict::Pass { reliable: true }
            }
            SMALL_UNRELIABLE => {
                check_small_unreliable(reader)?;
                Verdict::Pass { reliable: false }
            }
            RELIABLE_SLICE => match self.check_slice(reader)? {
                true => Verdict::Pass { reliable: true },
                false => Verdict::AcknowledgeOnly { sequence },
            },
            // Neither end of this protocol sends an unreliable message beyond one datagram.
            UNRELIABLE_SLICE => return Err(Malformed::MessageTooLong),
            ACK => {
                check_ack(reader)?;
                Verdict::Pass { reliable: false }
            }
            _ => return Err(Malformed::UnknownKind),
        };
        if !self.admit_sequence(sequence)? {
            return Ok(Verdict::Ignore);
        }
        match kind {
            SMALL_RELIABLE => self.commit_small_reliable(reader)?,
            RELIABLE_SLICE => self.commit_slice(reader)?,
            _ => {}
        }
        Ok(verdict)
    }

    /// Tells the guard what renet's ack packet of this flush looked like, if there was one.
    pub(crate) fn note_flush(&mut self, own_ack: Option<&[u8]>) {
        self.ack_ranges = own_ack.and_then(|packet| ack_range_count(packet).ok()).unwrap_or(0);
    }

    fn admit_sequence(&mut self, sequence: u64) -> Result<bool, Malformed> {
        if sequence >= self.sequence_end {
            if sequence - self.sequence_end > SEQUENCE_JUMP_MAX {
                return Err(Malformed::SequenceJump);
            }
            self.sequence_end = sequence + 1;
            self.ack_ranges += 1;
            return Ok(true);
        }
        // Only packets that fill or open a gap behind the newest can make renet's list grow past its own bound.
        if self.sequence_end - sequence > SEQUENCE_AGE_MAX || self.ack_ranges >= ACK_RANGES_MAX {
            return Ok(false);
        }
        self.ack_ranges += 1;
        Ok(true)
    }

    fn lane(&mut self, channel: u8) -> Result<&mut Receipts, Malformed> {
        match channel {
            1 | 2 => Ok(&mut self.reliable[usize::from(channel) - 1]),
            _ => Err(Malformed::UnknownChannel),
        }
    }

    fn check_small_reliable(&mut self, mut reader: Reader<'_>) -> Result<(), Malformed> {
        let limits = self.limits;
        let channel = reader.byte()?;
        let lane = self.lane(channel)?;
        for _ in 0..reader.u16()? {
            let message = reader.varint()?;
            check_message(reader.counted()?)?;
            if message >= lane.low + limits.messages_ahead_max {
                return Err(Malformed::WindowExceeded);
            }
            if lane.partial.contains_key(&message) {
                return Err(Malformed::BadSlice);
            }
        }
        reader.end()
    }

    fn commit_small_reliable(&mut self, mut reader: Reader<'_>) -> Result<(), Malformed> {
        let channel = reader.byte()?;
        let lane = self.lane(channel)?;
        for _ in 0..reader.u16()? {
            lane.receive(reader.varint()?);
            reader.counted()?;
        }
        Ok(())
    }

    /// Whether the slice is of a message that is not complete yet.
    fn check_slice(&mut self, mut reader: Reader<'_>) -> Result<bool, Malformed> {
        let limits = self.limits;
        let channel = reader.byte()?;
        let slice = reader.slice()?;
        let lane = self.lane(channel)?;
        let slices_max = limits.message_bytes_max.div_ceil(SLICE_BYTES).min(64) as u64;
        if slice.count > slices_max {
            return Err(Malformed::MessageTooLong);
        }
        let is_last = slice.index + 1 == slice.count;
        let length_fits = if is_last { (1..=SLICE_BYTES).contains(&slice.bytes) } else { slice.bytes == SLICE_BYTES };
        if slice.index >= slice.count || !length_fits {
            return Err(Malformed::BadSlice);
        }
        if slice.message >= lane.low + limits.messages_ahead_max {
            return Err(Malformed::WindowExceeded);
        }
        if lane.partial.get(&slice.message).is_some_and(|partial| u64::from(partial.slices) != slice.count) {
            return Err(Malformed::BadSlice);
        }
        Ok(!lane.has(slice.message))
    }

    fn commit_slice(&mut self, mut reader: Reader<'_>) -> Result<(), Malformed> {
        let channel = reader.byte()?;
        let slice = reader.slice()?;
        let lane = self.lane(channel)?;
        if lane.has(slice.message) {
            return Ok(());
        }
        let partial = lane.partial.entry(slice.message).or_insert(Partial { slices: slice.count as u32, received: 0 });
        partial.received |= 1 << slice.index;
        if partial.received.count_ones() == partial.slices {
            lane.partial.remove(&slice.message);
            lane.receive(slice.message);
        }
        Ok(())
    }
}

fn check_message(message: &[u8]) -> Result<(), Malformed> {
    match message.len() {
        0 => Err(Malformed::EmptyMessage),
        bytes if bytes > SLICE_BYTES => Err(Malformed::MessageTooLong),
        _ => Ok(()),
    }
}

fn check_small_unreliable(mut reader: Reader<'_>) -> Result<(), Malformed> {
    if reader.byte()? != 0 {
        return Err(Malformed::UnknownChannel);
    }
    for _ in 0..reader.u16()? {
        check_message(reader.counted()?)?;
    }
    reader.end()
}

fn check_ack(mut reader: Reader<'_>) -> Result<(), Malformed> {
    let (end, size) = (reader.varint()?, reader.varint()?);
    let mut start = end.checked_sub(size).ok_or(Malformed::BadAckRange)?;
    let further = reader.varint()?;
    if further > PEER_ACK_RANGES_MAX {
        return Err(Malformed::BadAckRange);
    }
    for _ in 0..further {
        let (gap, size) = (reader.varint()?, reader.varint()?);
        start = start.checked_sub(gap + 2).and_then(|end| end.checked_sub(size)).ok_or(Malformed::BadAckRange)?;
    }
    reader.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::renet_wire::empty_packet;

    const LIMITS: GuardLimits = GuardLimits { message_bytes_max: 4_096, messages_ahead_max: 8 };

    /// A slice packet with one-byte varints; `payload` bytes follow.
    fn slice(channel: u8, sequence: u8, message: u8, index: u8, count: u8, payload: usize) -> Vec<u8> {
        let mut packet = vec![RELIABLE_SLICE, sequence, channel, message, index, count];
        packet.extend_from_slice(&(payload as u16 | 1 << 14).to_be_bytes());
        packet.resize(packet.len() + payload, 9);
        packet
    }

    fn small(channel: u8, sequence: u8, message: u8) -> Vec<u8> {
        vec![SMALL_RELIABLE, sequence, channel, 0, 1, message, 1, 7]
    }

    #[test]
    fn honest_slices_pass_and_copies_are_only_acknowledged() {
        let mut guard = Guard::new(LIMITS);
        assert_eq!(guard.inspect(&slice(1, 0, 1, 0, 2, 1_200)), Ok(Verdict::Pass { reliable: true }), "the first half");
        assert_eq!(guard.inspect(&slice(1, 1, 1, 1, 2, 5)), Ok(Verdict::Pass { reliable: true }), "the second half");
        let copy = guard.inspect(&slice(1, 2, 1, 0, 2, 1_200));
        assert_eq!(copy, Ok(Verdict::AcknowledgeOnly { sequence: 2 }), "renet would begin to assemble it again");
    }

    #[test]
    fn the_worked_packets_are_what_the_text_says() {
        let slice = crate::worked::example("renet-slice");
        let mut guard = Guard::new(LIMITS);
        assert_eq!(guard.inspect(&slice), Ok(Verdict::Pass { reliable: true }), "the last slice of two");
        let half = guard.reliable[1].partial.get(&3).map(|partial| (partial.slices, partial.received));
        assert_eq!(half, Some((2, 0b10)), "the second half of message 3, on channel 2");
        assert!(slice.ends_with(b"abc"), "and what is in it");
        let ack = crate::worked::example("renet-ack");
        assert_eq!(guard.inspect(&ack), Ok(Verdict::Pass { reliable: false }), "an ack");
        assert_eq!(ack_range_count(&ack), Ok(2), "of two ranges");
        let numbers = &ack[2..];
        let (highest, lowest) = (u64::from(numbers[0]), u64::from(numbers[0] - numbers[1]));
        let end = lowest - u64::from(numbers[3]) - 2;
        assert_eq!((lowest..=highest, end - u64::from(numbers[4])..=end), (18..=20, 0..=15), "as the text counts them");
    }

    #[test]
    fn slices_that_would_break_renet_are_refused() {
        for (packet, error) in [
            (slice(2, 0, 0, 2, 2, 1_200), Malformed::BadSlice),
            (slice(2, 0, 0, 60, 1, 1_200), Malformed::BadSlice),
            (slice(2, 0, 0, 0, 2, 1_199), Malformed::BadSlice),
            (slice(2, 0, 0, 0, 0, 1), Malformed::BadSlice),
            (slice(2, 0, 0, 0, 60, 1_200), Malformed::MessageTooLong),
            (slice(0, 0, 0, 0, 1, 4), Malformed::UnknownChannel),
            (slice(2, 0, 8, 0, 1, 4), Malformed::WindowExceeded),
        ] {
            assert_eq!(Guard::new(LIMITS).inspect(&packet), Err(error), "packet {:?}", &packet[..6]);
        }
        let mut guard = Guard::new(LIMITS);
        guard.inspect(&slice(2, 0, 0, 0, 2, 1_200)).expect("the first slice says two");
        assert_eq!(guard.inspect(&slice(2, 1, 0, 2, 3, 9)), Err(Malformed::BadSlice), "the next cannot say three");
        assert_eq!(guard.inspect(&small(2, 1, 0)), Err(Malformed::BadSlice), "nor can it be a small message");
    }

    #[test]
    fn messages_held_back_do_not_pile_up() {
        let mut guard = Guard::new(LIMITS);
        for message in 1..8 {
            assert!(guard.inspect(&small(2, message, message)).is_ok(), "message {message} is within the window of 0");
        }
        assert_eq!(
            guard.inspect(&small(2, 8, 8)),
            Err(Malformed::WindowExceeded),
            "the window ends where 0 is missing"
        );
        guard.inspect(&small(2, 8, 0)).expect("message 0 comes after all");
        assert!(guard.inspect(&small(2, 9, 15)).is_ok(), "and the window moves on");
    }

    #[test]
    fn reordering_is_bounded_until_the_next_flush() {
        let mut guard = Guard::new(LIMITS);
        let at = |sequence: u64| empty_packet(sequence).to_vec();
        guard.inspect(&at(400)).expect("a jump of 400 may be loss");
        let taken =
            (0..128).filter(|n| guard.inspect(&at(399 - 2 * n)) == Ok(Verdict::Pass { reliable: false })).count();
        assert_eq!(taken as u64, ACK_RANGES_MAX - 1, "gaps are opened up to the bound");
        guard.note_flush(None);
        assert!(guard.inspect(&at(398)) != Ok(Verdict::Ignore), "an ack flushed makes room");
        assert_eq!(guard.inspect(&at(1 << 40)), Err(Malformed::SequenceJump), "no honest peer skips so far");
    }
}
