//! renet's packets as bytes: kinds, integers, slice headers.

/// Bytes of every slice but a message's last: renet's constant.
pub(crate) const SLICE_BYTES: usize = 1_200;

pub(crate) const SMALL_RELIABLE: u8 = 0;
pub(crate) const SMALL_UNRELIABLE: u8 = 1;
pub(crate) const RELIABLE_SLICE: u8 = 2;
pub(crate) const UNRELIABLE_SLICE: u8 = 3;
pub(crate) const ACK: u8 = 4;
/// First bytes that belong to renet; higher ones are other lanes of the payload.
pub const KINDS: std::ops::RangeInclusive<u8> = SMALL_RELIABLE..=ACK;

/// What no honest peer sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It ends before it should.
    #[error("the packet ends inside a field")]
    Truncated,
    /// Something follows its end.
    #[error("bytes follow the end of the packet")]
    TrailingBytes,
    /// No kind of packet has this number.
    #[error("no packet of renet's has this kind")]
    UnknownKind,
    /// There is no such channel.
    #[error("a channel that does not exist, or of another kind")]
    UnknownChannel,
    /// A message of no bytes.
    #[error("an empty message")]
    EmptyMessage,
    /// A slice that does not fit the others of its message.
    #[error("a slice that does not fit its message")]
    BadSlice,
    /// A message longer than its channel takes.
    #[error("a message longer than this end accepts")]
    MessageTooLong,
    /// A message too far ahead of those that are missing.
    #[error("a message far beyond the first one missing")]
    WindowExceeded,
    /// A packet number too far ahead.
    #[error("a sequence far beyond the last")]
    SequenceJump,
    /// A range of acks that is empty or of packets never sent.
    #[error("an ack range below zero, or too many of them")]
    BadAckRange,
}

/// Whether a packet of our own renet state carries nothing but acks.
pub(crate) fn is_ack(packet: &[u8]) -> bool {
    packet.first() == Some(&ACK)
}

/// Whether a packet of our own renet state carries what it keeps until that is acknowledged.
pub(crate) fn is_reliable(packet: &[u8]) -> bool {
    matches!(packet.first(), Some(&(SMALL_RELIABLE | RELIABLE_SLICE)))
}

pub(crate) fn ack_range_count(packet: &[u8]) -> Result<u64, Malformed> {
    let mut reader = Reader(packet);
    reader.byte()?;
    for _ in 0..3 {
        reader.varint()?;
    }
    Ok(reader.varint()? + 1)
}

/// A packet that carries nothing: renet acknowledges its sequence and does no more.
pub(crate) fn empty_packet(sequence: u64) -> [u8; 12] {
    let mut packet = [0; 12];
    packet[0] = SMALL_UNRELIABLE;
    packet[1..9].copy_from_slice(&(sequence | 0b11 << 62).to_be_bytes());
    packet
}

#[derive(Clone, Copy)]
pub(crate) struct SliceHeader {
    pub(crate) message: u64,
    pub(crate) index: u64,
    pub(crate) count: u64,
    pub(crate) bytes: usize,
}

/// Takes fields off the front of a packet; integers as QUIC writes them.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, bytes: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.0.split_at_checked(bytes).ok_or(Malformed::Truncated)?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        Ok(self.take(1)?[0])
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Malformed> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// Two bits of length, then 6 to 62 bits of number, big endian.
    pub(crate) fn varint(&mut self) -> Result<u64, Malformed> {
        let first = self.0.first().ok_or(Malformed::Truncated)?;
        let bytes = self.take(1 << (first >> 6))?;
        let whole = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Ok(whole & (u64::MAX >> (64 - bytes.len() * 8 + 2)))
    }

    pub(crate) fn counted(&mut self) -> Result<&'a [u8], Malformed> {
        let bytes = self.varint()?;
        self.take(usize::try_from(bytes).map_err(|_| Malformed::Truncated)?)
    }

    pub(crate) fn slice(&mut self) -> Result<SliceHeader, Malformed> {
        let (message, index, count) = (self.varint()?, self.varint()?, self.varint()?);
        let bytes = self.counted()?.len();
        self.end()?;
        Ok(SliceHeader { message, index, count, bytes })
    }

    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed::TrailingBytes) }
    }
}
