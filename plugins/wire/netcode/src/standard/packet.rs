//! Datagrams of the standard: prefix byte, sequence, sealed contents.

use super::replay::ReplayWindow;
use super::seal::PacketKey;
use super::token::ConnectToken;
use super::{CHALLENGE_BYTES, DATAGRAM_BYTES_MAX, PRIVATE_BYTES, TAG_BYTES, TOKEN_NONCE_BYTES, VERSION};
use crate::counters::DropReason;

/// Bytes of a connection request, the only packet that is not sealed: it always has this length.
pub(crate) const REQUEST_BYTES: usize = 1 + VERSION.len() + 8 + 8 + TOKEN_NONCE_BYTES + PRIVATE_BYTES;

// Prefix and sequence (at most 8 bytes) stand before what is sealed, its tag after it.
const _: () = {
    use hypogeum_protocol::limits::PAYLOAD_BYTES_MAX;
    assert!(REQUEST_BYTES <= DATAGRAM_BYTES_MAX, "a connection request fits a datagram");
    assert!(1 + 8 + PAYLOAD_BYTES_MAX + TAG_BYTES <= DATAGRAM_BYTES_MAX, "so does the largest payload");
    assert!(1 + 8 + 8 + CHALLENGE_BYTES + TAG_BYTES < REQUEST_BYTES, "no challenge amplifies a request");
};

const KIND_REQUEST: u8 = 0;
const KIND_DENIED: u8 = 1;
const KIND_CHALLENGE: u8 = 2;
const KIND_RESPONSE: u8 = 3;
const KIND_KEEP_ALIVE: u8 = 4;
const KIND_PAYLOAD: u8 = 5;
const KIND_DISCONNECT: u8 = 6;

/// The contents of a sealed datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    Denied,
    Challenge { sequence: u64, sealed: &'a [u8; CHALLENGE_BYTES] },
    Response { sequence: u64, sealed: &'a [u8; CHALLENGE_BYTES] },
    KeepAlive { client_index: u32, clients_max: u32 },
    Payload(&'a [u8]),
    Disconnect,
}

/// A connection request whose version and protocol are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request<'a> {
    pub(crate) expires_unix_s: u64,
    pub(crate) nonce: &'a [u8; TOKEN_NONCE_BYTES],
    pub(crate) private: &'a [u8; PRIVATE_BYTES],
}

impl Request<'_> {
    /// The tag of the private part: a name for the token that nobody without the key can make up.
    pub(crate) fn tag(&self) -> [u8; TAG_BYTES] {
        *self.private.last_chunk().expect("the private part is longer than a tag")
    }
}

/// Whether a datagram claims to be a connection request.
pub(crate) fn is_request(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|prefix| prefix & 0xF == KIND_REQUEST)
}

/// Reads a connection request, cheap checks only.
pub(crate) fn read_request(datagram: &[u8], protocol_id: u64) -> Result<Request<'_>, DropReason> {
    if datagram.len() != REQUEST_BYTES {
        return Err(DropReason::Truncated);
    }
    let fields = &datagram[1..];
    let (version, fields) = fields.split_first_chunk::<13>().ok_or(DropReason::Truncated)?;
    let (protocol, fields) = fields.split_first_chunk::<8>().ok_or(DropReason::Truncated)?;
    let (expires, fields) = fields.split_first_chunk::<8>().ok_or(DropReason::Truncated)?;
    let (nonce, fields) = fields.split_first_chunk::<TOKEN_NONCE_BYTES>().ok_or(DropReason::Truncated)?;
    let private = fields.first_chunk::<PRIVATE_BYTES>().ok_or(DropReason::Truncated)?;
    if version != VERSION {
        return Err(DropReason::WrongVersion);
    }
    if u64::from_le_bytes(*protocol) != protocol_id {
        return Err(DropReason::WrongProtocol);
    }
    Ok(Request { expires_unix_s: u64::from_le_bytes(*expires), nonce, private })
}

/// Writes the connection request of a token and returns its length.
pub(crate) fn write_request(token: &ConnectToken, out: &mut [u8; DATAGRAM_BYTES_MAX]) -> usize {
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        out[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(&[KIND_REQUEST]);
    put(VERSION);
    put(&token.protocol_id.to_le_bytes());
    put(&token.expires_unix_s.to_le_bytes());
    put(&token.nonce);
    put(&token.private[..]);
    at
}

/// Writes and seals `packet`; its length, or `None` where a payload is too long for a datagram.
pub(crate) fn seal(
    packet: &Packet<'_>,
    protocol_id: u64,
    sequence: u64,
    key: &PacketKey,
    out: &mut [u8; DATAGRAM_BYTES_MAX],
) -> Option<usize> {
    let kind = match packet {
        Packet::Denied => KIND_DENIED,
        Packet::Challenge { .. } => KIND_CHALLENGE,
        Packet::Response { .. } => KIND_RESPONSE,
        Packet::KeepAlive { .. } => KIND_KEEP_ALIVE,
        Packet::Payload(_) => KIND_PAYLOAD,
        Packet::Disconnect => KIND_DISCONNECT,
    };
    // At least one byte, as the standard has it; renetcode writes none for 0 and reads both.
    let sequence_bytes = 8 - (sequence | 1).leading_zeros() as usize / 8;
    let prefix = kind | (sequence_bytes as u8) << 4;
    out[0] = prefix;
    out[1..=sequence_bytes].copy_from_slice(&sequence.to_le_bytes()[..sequence_bytes]);
    let start = 1 + sequence_bytes;
    let mut end = start;
    let mut put = |bytes: &[u8]| {
        let room = out.get_mut(end..end + bytes.len())?;
        room.copy_from_slice(bytes);
        end += bytes.len();
        Some(())
    };
    match packet {
        Packet::Denied | Packet::Disconnect => {}
        Packet::Challenge { sequence, sealed } | Packet::Response { sequence, sealed } => {
            put(&sequence.to_le_bytes())?;
            put(&sealed[..])?;
        }
        Packet::KeepAlive { client_index, clients_max } => {
            put(&client_index.to_le_bytes())?;
            put(&clients_max.to_le_bytes())?;
        }
        Packet::Payload(bytes) => put(bytes)?,
    }
    let sealed = out.get_mut(start..end + TAG_BYTES)?;
    key.seal(sequence, &additional(protocol_id, prefix), sealed).then_some(end + TAG_BYTES)
}

/// Authenticates and reads a sealed datagram in place. `replay` changes only where it is genuine.
pub(crate) fn open<'d>(
    datagram: &'d mut [u8],
    protocol_id: u64,
    key: &PacketKey,
    replay: &mut ReplayWindow,
) -> Result<Packet<'d>, DropReason> {
    let prefix = *datagram.first().ok_or(DropReason::Truncated)?;
    let kind = prefix & 0xF;
    let sequence_bytes = usize::from(prefix >> 4);
    if !(KIND_DENIED..=KIND_DISCONNECT).contains(&kind) || sequence_bytes > 8 {
        return Err(DropReason::UnknownKind);
    }
    let start = 1 + sequence_bytes;
    let text_bytes = datagram.len().checked_sub(start + TAG_BYTES).ok_or(DropReason::Truncated)?;
    let length_fits = match kind {
        KIND_DENIED | KIND_DISCONNECT => text_bytes == 0,
        KIND_CHALLENGE | KIND_RESPONSE => text_bytes == 8 + CHALLENGE_BYTES,
        KIND_KEEP_ALIVE => text_bytes == 8,
        _ => datagram.len() <= DATAGRAM_BYTES_MAX,
    };
    if !length_fits {
        return Err(DropReason::Truncated);
    }
    let mut sequence = [0; 8];
    sequence[..sequence_bytes].copy_from_slice(&datagram[1..start]);
    let sequence = u64::from_le_bytes(sequence);
    // The handshake repeats itself until answered; everything after it passes once.
    let guarded = matches!(kind, KIND_KEEP_ALIVE | KIND_PAYLOAD | KIND_DISCONNECT);
    if guarded && replay.is_replay(sequence) {
        return Err(DropReason::Replayed);
    }
    let text = key.open(sequence, &additional(protocol_id, prefix), &mut datagram[start..]);
    let text = text.ok_or(DropReason::Forged)?;
    if guarded {
        replay.accept(sequence);
    }
    match kind {
        KIND_DENIED => Ok(Packet::Denied),
        KIND_DISCONNECT => Ok(Packet::Disconnect),
        KIND_PAYLOAD => Ok(Packet::Payload(text)),
        KIND_KEEP_ALIVE => {
            let (index, rest) = text.split_first_chunk::<4>().ok_or(DropReason::Truncated)?;
            let max = rest.first_chunk::<4>().ok_or(DropReason::Truncated)?;
            Ok(Packet::KeepAlive { client_index: u32::from_le_bytes(*index), clients_max: u32::from_le_bytes(*max) })
        }
        _ => {
            let (sequence, rest) = text.split_first_chunk::<8>().ok_or(DropReason::Truncated)?;
            let sequence = u64::from_le_bytes(*sequence);
            let sealed = rest.first_chunk::<CHALLENGE_BYTES>().ok_or(DropReason::Truncated)?;
            Ok(if kind == KIND_CHALLENGE {
                Packet::Challenge { sequence, sealed }
            } else {
                Packet::Response { sequence, sealed }
            })
        }
    }
}

fn additional(protocol_id: u64, prefix: u8) -> [u8; VERSION.len() + 9] {
    let mut bytes = [0; VERSION.len() + 9];
    bytes[..13].copy_from_slice(VERSION);
    bytes[13..21].copy_from_slice(&protocol_id.to_le_bytes());
    bytes[21] = prefix;
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> PacketKey {
        PacketKey::new(&[3; 32])
    }

    fn sealed(packet: &Packet<'_>, sequence: u64) -> Vec<u8> {
        let mut out = [0; DATAGRAM_BYTES_MAX];
        let length = seal(packet, 1, sequence, &key(), &mut out).expect("the packet fits");
        out[..length].to_vec()
    }

    #[test]
    fn every_kind_comes_back_as_it_was_sealed() {
        let token = [5; CHALLENGE_BYTES];
        for packet in [
            Packet::Denied,
            Packet::Challenge { sequence: 6, sealed: &token },
            Packet::Response { sequence: u64::MAX, sealed: &token },
            Packet::KeepAlive { client_index: 3, clients_max: 70_000 },
            Packet::Payload(&[1, 2, 3]),
            Packet::Payload(&[9; hypogeum_protocol::limits::PAYLOAD_BYTES_MAX]),
            Packet::Disconnect,
        ] {
            for sequence in [0, 1, 255, 256, 1 << 40, 1 << 63] {
                let mut datagram = sealed(&packet, sequence);
                let opened = open(&mut datagram, 1, &key(), &mut ReplayWindow::default());
                assert_eq!(opened, Ok(packet), "sequence {sequence} carries the packet through");
            }
        }
    }

    #[test]
    fn the_worked_sealed_packet_is_what_is_written_and_read() {
        use hypogeum_protocol::limits::NETCODE_PROTOCOL_ID;

        let key = PacketKey::new(&core::array::from_fn(|nth| nth as u8));
        let payload = crate::worked::example("renet-hello");
        let mut out = [0; DATAGRAM_BYTES_MAX];
        let length = seal(&Packet::Payload(&payload), NETCODE_PROTOCOL_ID, 300, &key, &mut out).expect("it fits");
        let mut packet = crate::worked::example("sealed-packet");
        assert_eq!(out[..length], packet, "written");
        let opened = open(&mut packet, NETCODE_PROTOCOL_ID, &key, &mut ReplayWindow::default());
        assert_eq!(opened, Ok(Packet::Payload(&payload)), "read");
    }

    #[test]
    fn a_changed_bit_or_another_protocol_is_a_forgery() {
        let datagram = sealed(&Packet::Payload(b"hello"), 77);
        for index in 2..datagram.len() {
            let mut forged = datagram.clone();
            forged[index] ^= 1;
            let opened = open(&mut forged, 1, &key(), &mut ReplayWindow::default());
            assert_eq!(opened, Err(DropReason::Forged), "a flip in byte {index} is noticed");
        }
        let mut copy = datagram.clone();
        let opened = open(&mut copy, 2, &key(), &mut ReplayWindow::default());
        assert_eq!(opened, Err(DropReason::Forged), "another protocol id does not open it");
    }

    #[test]
    fn the_same_datagram_passes_once() {
        let datagram = sealed(&Packet::Payload(b"hello"), 77);
        let mut window = ReplayWindow::default();
        assert!(open(&mut datagram.clone(), 1, &key(), &mut window).is_ok(), "the first copy passes");
        let mut copy = datagram.clone();
        let again = open(&mut copy, 1, &key(), &mut window);
        assert_eq!(again, Err(DropReason::Replayed), "the second does not");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..1_600)) {
            let _ = read_request(&bytes, 1);
            prop_assert!(open(&mut bytes, 1, &key(), &mut ReplayWindow::default()).is_err());
        }

        #[test]
        fn a_datagram_cut_anywhere_is_refused(cut in 0_usize..40, sequence: u64) {
            let mut datagram = sealed(&Packet::Payload(&[1; 32]), sequence);
            let cut = cut.min(datagram.len() - 1);
            prop_assert!(open(&mut datagram[..cut], 1, &key(), &mut ReplayWindow::default()).is_err());
        }

        #[test]
        fn a_prefix_that_claims_anything_is_refused(prefix: u8, length in 1_usize..64) {
            let mut datagram = vec![0; length];
            datagram[0] = prefix;
            prop_assert!(open(&mut datagram, 1, &key(), &mut ReplayWindow::default()).is_err());
        }
    }
}
