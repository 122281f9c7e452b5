//! The ground of a place of the world in chunks: square pieces that a client keeps under the hash of their bytes, and is sent
//! once however often it comes by.

use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError};
use crate::limits;
use crate::parts::Block;
use crate::readable;

/// Names the bytes of a chunk: the first 16 bytes of their BLAKE3. Chunks of the same bytes are the same, wherever they lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChunkHash(#[serde(with = "readable::byte_array")] pub [u8; 16]);

impl ChunkHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hash = [0; 16];
        blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut hash);
        Self(hash)
    }
}

/// Where a chunk lies in the grid of its place, counted from the lower left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChunkPlace {
    /// Chunks to the left of it.
    pub column: u16,
    /// Chunks below it.
    pub row: u16,
}

/// Which chunk lies where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkInfo {
    /// Where it lies.
    pub at: ChunkPlace,
    /// Which it is.
    pub hash: ChunkHash,
}

/// What there is in a chunk. It never changes while its place lasts: of a door that opens or closes, only that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// What always stands in the way, each whole, in every chunk that it touches.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub obstacles: Vec<Block>,
    /// Doors, in every chunk that they touch.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub doors: Vec<DoorInfo>,
    /// Rooms, in every chunk that they touch.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub rooms: Vec<RoomInfo>,
}

impl Chunk {
    /// As the bytes that are sent, and that its hash is of.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes that were sent.
    ///
    /// # Errors
    /// [`CodecError`] where they are no chunk, or longer than [`limits::CHUNK_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        const MAX: usize = limits::CHUNK_BYTES_MAX;
        codec::decode_claiming::<Self, MAX, { 8 * MAX }>(bytes)
    }
}

/// A door: it stands in the way while it is not open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorInfo {
    /// Its number in its place, from 0, by which changes name it.
    pub number: u16,
    /// Its key in its place; empty where nobody is to know that it is a door.
    pub key: String,
    /// What it fills while it is not open.
    pub block: Block,
    /// Whether it is open as long as no change says otherwise.
    pub is_open: bool,
}

/// A door that has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorChange {
    /// Its number in its place.
    pub number: u16,
    /// Whether it is open from now on.
    pub is_open: bool,
}

/// A room of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Its key in its place.
    pub key: String,
    /// What people call it, in the language of the content.
    pub name: String,
    /// The ground that belongs to it.
    pub area: Block,
    /// Whether nobody is hurt in it.
    pub is_safe: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk() -> Chunk {
        let block = Block { x_min: -1, y_min: 0, x_max: 256, y_max: 512 };
        Chunk {
            obstacles: vec![block],
            doors: vec![DoorInfo { number: 3, key: "gate".to_owned(), block, is_open: true }],
            rooms: vec![RoomInfo { key: "inn".to_owned(), name: "The Inn".to_owned(), area: block, is_safe: true }],
        }
    }

    #[test]
    fn a_chunk_is_read_as_it_was_written() {
        let bytes = chunk().encode();
        assert_eq!(Chunk::decode(&bytes), Ok(chunk()), "all of it");
        assert_eq!(Chunk::decode(&[bytes.as_slice(), &[0]].concat()), Err(CodecError::TrailingBytes(1)), "no more");
    }

    #[test]
    fn many_small_numbers_count_by_their_bytes() {
        let block = Block { x_min: 0, y_min: 0, x_max: 1, y_max: 1 };
        let full = Chunk { obstacles: vec![block; limits::CHUNK_BYTES_MAX / 4 - 2], ..Chunk::default() };
        assert_eq!(Chunk::decode(&full.encode()), Ok(full), "as many as the limit has bytes for");
        let over = Chunk { obstacles: vec![block; limits::CHUNK_BYTES_MAX / 4], ..Chunk::default() };
        assert_eq!(
            Chunk::decode(&over.encode()),
            Err(CodecError::LengthExceeded(limits::CHUNK_BYTES_MAX)),
            "and no more"
        );
    }

    #[test]
    fn a_hash_is_the_first_half_of_blake3() {
        // The test vector of BLAKE3 for no input.
        let expected = [0xAF, 0x13, 0x49, 0xB9, 0xF5, 0xF9, 0xA1, 0xA6, 0xA0, 0x40, 0x4D, 0xEA, 0x36, 0xDC, 0xC9, 0x49];
        assert_eq!(ChunkHash::of(&[]), ChunkHash(expected), "the first 16 bytes");
        assert_ne!(ChunkHash::of(&[0]), ChunkHash(expected), "other bytes have another");
    }
}
