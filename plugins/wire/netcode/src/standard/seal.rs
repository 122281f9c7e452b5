//! The two ciphers of the standard: ChaCha20-Poly1305 for packets, XChaCha20-Poly1305 for the rare connect token.

use core::fmt;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::{KEY_BYTES, TAG_BYTES};

/// The key of one direction of one connection.
pub(crate) struct PacketKey(LessSafeKey);

impl PacketKey {
    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).expect("ChaCha20-Poly1305 takes every key of 32 bytes");
        Self(LessSafeKey::new(key))
    }

    /// Encrypts all but the last [`TAG_BYTES`] of `buffer`, which receive the tag. A pair of key and sequence must
    /// never be used twice. `false`, and nothing usable in `buffer`, where it is shorter than a tag.
    #[must_use]
    pub(crate) fn seal(&self, sequence: u64, additional: &[u8], buffer: &mut [u8]) -> bool {
        let Some(text_bytes) = buffer.len().checked_sub(TAG_BYTES) else {
            return false;
        };
        let (text, room) = buffer.split_at_mut(text_bytes);
        match self.0.seal_in_place_separate_tag(nonce(sequence), Aad::from(additional), text) {
            Ok(tag) => {
                room.copy_from_slice(tag.as_ref());
                true
            }
            Err(_) => false,
        }
    }

    /// Checks the tag at the end of `buffer` and decrypts the rest.
    pub(crate) fn open<'b>(&self, sequence: u64, additional: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        if buffer.len() < TAG_BYTES {
            return None;
        }
        self.0.open_in_place(nonce(sequence), Aad::from(additional), buffer).ok().map(|text| &*text)
    }
}

impl fmt::Debug for PacketKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PacketKey")
    }
}

/// Four zero bytes, then the sequence in little endian.
fn nonce(sequence: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&sequence.to_le_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// Seals the private part of a connect token; the result is [`TAG_BYTES`] longer.
pub(crate) fn seal_token(text: &[u8], nonce: &[u8; 24], key: &[u8; KEY_BYTES], additional: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: additional }).ok()
}

/// Opens the private part of a connect token.
pub(crate) fn open_token(sealed: &[u8], nonce: &[u8; 24], key: &[u8; KEY_BYTES], additional: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: additional }).ok()
}
