//! A record as bytes: what frames it, and what ties it to the one before.
//!
//! ```text
//! mark "HREC" · length of the body (u32) · checksum (u64) · hash of the record before (32 bytes) · body
//! ```
//!
//! Numbers are little endian. The checksum is XXH3 over length, hash and body: it reveals damage by a disk or a crash.
//! The hash is BLAKE3 over the same, and stands in the next record: it reveals what somebody has changed, as far as a
//! signature vouches for one of them. The mark lets a reader that meets a broken record see whether whole ones follow:
//! then it is damage, and otherwise the torn end of what a crash has cut off.

use xxhash_rust::xxh3::Xxh3Default;

use crate::error::RecordError;

/// What begins every record.
pub(crate) const MARK: [u8; 4] = *b"HREC";
/// Bytes before a body.
pub(crate) const FRAME_BYTES: usize = 4 + 4 + 8 + 32;
/// Largest body: a snapshot of a world far larger than any that is played.
pub(crate) const BODY_BYTES_MAX: usize = 256 << 20;

/// The hash of a record; zeros before the first.
pub type RecordHash = [u8; 32];

/// One record within a segment's bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framed<'a> {
    pub(crate) previous: RecordHash,
    pub(crate) body: &'a [u8],
}

impl Framed<'_> {
    /// Bytes it takes, frame included.
    pub(crate) const fn size(&self) -> usize {
        FRAME_BYTES + self.body.len()
    }

    /// What the next record must hold.
    pub(crate) fn hash(&self) -> RecordHash {
        hash(&self.previous, self.body)
    }
}

fn hash(previous: &RecordHash, body: &[u8]) -> RecordHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"hypogeum 2026 record\0");
    hasher.update(&(body.len() as u32).to_le_bytes());
    hasher.update(previous);
    hasher.update(body);
    *hasher.finalize().as_bytes()
}

fn checksum(previous: &RecordHash, body: &[u8]) -> u64 {
    let mut hasher = Xxh3Default::new();
    hasher.update(&(body.len() as u32).to_le_bytes());
    hasher.update(previous);
    hasher.update(body);
    hasher.digest()
}

/// Appends a record whose body `write` puts at the end of `out`, and returns its hash.
pub(crate) fn append(out: &mut Vec<u8>, previous: &RecordHash, write: impl FnOnce(&mut Vec<u8>)) -> RecordHash {
    let start = out.len();
    out.extend_from_slice(&MARK);
    out.extend_from_slice(&[0; 12]);
    out.extend_from_slice(previous);
    write(out);
    let body = start + FRAME_BYTES;
    let (length, sum) = (out.len() - body, checksum(previous, &out[body..]));
    debug_assert!(length <= BODY_BYTES_MAX, "no world of ours fills a record");
    out[start + 4..start + 8].copy_from_slice(&(length as u32).to_le_bytes());
    out[start + 8..start + 16].copy_from_slice(&sum.to_le_bytes());
    hash(previous, &out[body..])
}

/// The record that begins `bytes`. Whether it follows the one before is for the caller to see.
pub(crate) fn parse(bytes: &[u8]) -> Result<Framed<'_>, RecordError> {
    let Some((frame, rest)) = bytes.split_at_checked(FRAME_BYTES) else {
        return Err(if MARK.starts_with(&bytes[..bytes.len().min(4)]) || bytes.starts_with(&MARK) {
            RecordError::CutOff
        } else {
            RecordError::Mark
        });
    };
    if frame[..4] != MARK {
        return Err(RecordError::Mark);
    }
    let length = u32::from_le_bytes(frame[4..8].try_into().map_err(|_| RecordError::CutOff)?);
    let sum = u64::from_le_bytes(frame[8..16].try_into().map_err(|_| RecordError::CutOff)?);
    let previous: RecordHash = frame[16..].try_into().map_err(|_| RecordError::CutOff)?;
    if length as usize > BODY_BYTES_MAX {
        return Err(RecordError::Length(length));
    }
    let body = rest.get(..length as usize).ok_or(RecordError::CutOff)?;
    if checksum(&previous, body) != sum {
        return Err(RecordError::Checksum);
    }
    Ok(Framed { previous, body })
}

/// Whether a whole record stands anywhere in `bytes`.
pub(crate) fn any_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        rest = &rest[at..];
        if parse(rest).is_ok() {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> (Vec<u8>, usize) {
        let mut bytes = Vec::new();
        let first = append(&mut bytes, &[0; 32], |out| out.extend_from_slice(b"one"));
        let at = bytes.len();
        append(&mut bytes, &first, |out| out.extend_from_slice(b"two, which is longer"));
        (bytes, at)
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_names_the_one_before() {
        let (bytes, at) = two();
        let first = parse(&bytes).expect("it is whole");
        assert_eq!((first.body, first.size()), (&b"one"[..], at), "the first is what was written");
        let second = parse(&bytes[at..]).expect("it is whole");
        assert_eq!(second.previous, first.hash(), "the second holds the hash of the first");
    }

    #[test]
    fn no_flipped_bit_and_no_cut_goes_unnoticed() {
        let (bytes, at) = two();
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            let both = parse(&broken).and_then(|first| Ok((first, parse(&broken[first.size()..])?)));
            assert!(both.is_err(), "bit {bit} was flipped and nobody noticed");
        }
        for end in at..bytes.len() {
            assert!(parse(&bytes[at..end]).is_err(), "a record cut at byte {end} was taken for a whole one");
        }
    }

    #[test]
    fn what_follows_a_broken_record_is_found() {
        let (mut bytes, at) = two();
        bytes[5] ^= 0x40;
        assert!(any_whole(&bytes[1..]), "the second record stands there whole");
        assert!(!any_whole(&bytes[at + 1..]), "nothing follows it");
    }
}
