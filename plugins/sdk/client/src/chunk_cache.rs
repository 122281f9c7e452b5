//! Chunks of ground that a client knows already.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hypogeum_protocol::{Chunk, ChunkHash, limits};
use parking_lot::Mutex;

/// Bytes that a cache holds unless told otherwise: the whole of some fifty zones.
pub const CHUNK_CACHE_BYTES: usize = 4 << 20;

/// Chunks of ground by the hash of their bytes: those that are here no server sends again. Clones share it, so that all
/// connections of a program can; a file keeps it from one run to the next.
///
/// ```
/// use hypogeum_client::{CHUNK_CACHE_BYTES, ChunkCache, Client, MemoryWire};
///
/// # fn main() -> std::io::Result<()> {
/// # let folder = std::env::temp_dir().join(format!("chunk-cache-example-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let cache = ChunkCache::open(&folder.join("ground.bin"), CHUNK_CACHE_BYTES)?;
/// let (wire, _server) = MemoryWire::pair();
/// let mut client = Client::new(wire);
/// client.keep_chunks_in(cache.clone());
/// // Play, and when there is time for it:
/// cache.save()?;
/// # std::fs::remove_dir_all(&folder)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ChunkCache(Arc<Mutex<Known>>);

#[derive(Debug)]
struct Known {
    bytes_max: usize,
    path: Option<PathBuf>,
    chunks: BTreeMap<ChunkHash, Entry>,
    /// By when they were used last; the first goes first.
    uses: BTreeMap<u64, ChunkHash>,
    bytes: usize,
    last_use: u64,
}

#[derive(Debug)]
struct Entry {
    body: Box<[u8]>,
    chunk: Arc<Chunk>,
    used: u64,
}

impl Default for ChunkCache {
    fn default() -> Self {
        Self::new(CHUNK_CACHE_BYTES)
    }
}

impl ChunkCache {
    /// An empty one in memory that holds so many bytes of chunks at most; those not used for the longest time go first.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self::with(bytes_max, None)
    }

    fn with(bytes_max: usize, path: Option<PathBuf>) -> Self {
        let (chunks, uses) = (BTreeMap::new(), BTreeMap::new());
        Self(Arc::new(Mutex::new(Known { bytes_max, path, chunks, uses, bytes: 0, last_use: 0 })))
    }

    /// One with what an earlier [`ChunkCache::save`] has left in a file; empty where there is none. Nothing in it has to be trusted: a
    /// chunk is known by the hash of its bytes, whatever these are.
    ///
    /// # Errors
    /// Where the file is there and cannot be read.
    pub fn open(path: &Path, bytes_max: usize) -> io::Result<Self> {
        let cache = Self::with(bytes_max, Some(path.to_owned()));
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(cache),
            Err(error) => return Err(error),
        };
        let mut left = &bytes[..];
        while let Some((length, rest)) = left.split_first_chunk() {
            let length = u32::from_le_bytes(*length) as usize;
            let Some((body, rest)) = rest.split_at_checked(length) else { break };
            cache.insert(body);
            left = rest;
        }
        Ok(cache)
    }

    /// Writes all of it to the file it was opened with, which is replaced whole; does nothing where it is in memory alone.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        let (path, bytes) = {
            let known = self.0.lock();
            let Some(path) = known.path.clone() else { return Ok(()) };
            let mut bytes = Vec::with_capacity(known.bytes + 4 * known.chunks.len());
            // In the order of their use, so that the same go first after reading it again.
            for entry in known.uses.values().filter_map(|hash| known.chunks.get(hash)) {
                bytes.extend_from_slice(&(entry.body.len() as u32).to_le_bytes());
                bytes.extend_from_slice(&entry.body);
            }
            (path, bytes)
        };
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&beside, bytes)?;
        fs::rename(&beside, &path)
    }

    /// Chunks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lock().chunks.len()
    }

    /// Bytes of all chunks.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.lock().bytes
    }

    /// A chunk by its hash.
    pub(crate) fn find(&self, hash: ChunkHash) -> Option<Arc<Chunk>> {
        let mut known = self.0.lock();
        known.last_use += 1;
        let now = known.last_use;
        let entry = known.chunks.get_mut(&hash)?;
        let before = std::mem::replace(&mut entry.used, now);
        let chunk = Arc::clone(&entry.chunk);
        known.uses.remove(&before);
        known.uses.insert(now, hash);
        Some(chunk)
    }

    /// Takes in the bytes of a chunk; what is none is ignored.
    pub(crate) fn insert(&self, body: &[u8]) {
        let mut known = self.0.lock();
        if body.len() > limits::CHUNK_BYTES_MAX.min(known.bytes_max) {
            return;
        }
        let hash = ChunkHash::of(body);
        if known.chunks.contains_key(&hash) {
            return;
        }
        let Ok(chunk) = Chunk::decode(body) else { return };
        known.last_use += 1;
        let used = known.last_use;
        known.bytes += body.len();
        known.uses.insert(used, hash);
        known.chunks.insert(hash, Entry { body: body.into(), chunk: Arc::new(chunk), used });
        while known.bytes > known.bytes_max
            && let Some((_, oldest)) = known.uses.pop_first()
        {
            let length = known.chunks.remove(&oldest).map_or(0, |entry| entry.body.len());
            known.bytes -= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::Block;

    use super::*;

    fn body(number: i32) -> Vec<u8> {
        let block = Block { x_min: number, y_min: 0, x_max: number + 1, y_max: 1 };
        Chunk { obstacles: vec![block; 20], ..Chunk::default() }.encode()
    }

    fn knows(cache: &ChunkCache, number: i32) -> bool {
        let found = cache.find(ChunkHash::of(&body(number)));
        found.is_some_and(|chunk| chunk.encode() == body(number))
    }

    fn folder() -> PathBuf {
        let name = format!("chunk-cache-{}-{:?}", std::process::id(), std::thread::current().id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for the test");
        folder
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes_first() {
        let cache = ChunkCache::new(3 * body(1).len());
        (1..=3).for_each(|number| cache.insert(&body(number)));
        assert!(knows(&cache, 1), "three have room");
        cache.insert(&body(4));
        assert_eq!((cache.count(), cache.bytes()), (3, 3 * body(1).len()), "a fourth has not");
        assert!(!knows(&cache, 2), "the second was not used since");
        assert!(knows(&cache, 1) && knows(&cache, 3) && knows(&cache, 4), "the others are there");
        cache.insert(&body(4));
        assert_eq!(cache.count(), 3, "the same twice is one");
    }

    #[test]
    fn what_is_no_chunk_is_not_kept() {
        let cache = ChunkCache::new(2);
        cache.insert(&body(1));
        cache.insert(&[1, 2]);
        cache.insert(&[]);
        assert_eq!((cache.count(), cache.bytes()), (0, 0), "too long, cut off, and nothing at all");
    }

    #[test]
    fn a_file_keeps_it_and_a_broken_one_does_no_harm() {
        let (folder, all) = (folder(), 3 * body(1).len());
        let path = folder.join("ground.bin");
        let cache = ChunkCache::open(&path, all).expect("there need be no file");
        (1..=3).for_each(|number| cache.insert(&body(number)));
        assert!(knows(&cache, 1), "used last");
        cache.save().expect("the folder is there");
        let again = ChunkCache::open(&path, all).expect("it was just written");
        again.insert(&body(4));
        assert!(knows(&again, 1) && !knows(&again, 2), "the order of their use is kept, too");

        let whole = fs::read(&path).expect("it is there");
        fs::write(&path, &whole[..whole.len() - 1]).expect("it can be written");
        assert_eq!(ChunkCache::open(&path, all).expect("it can be read").count(), 2, "one is cut off");
        let mut turned = whole.clone();
        turned[8] ^= 1;
        fs::write(&path, turned).expect("it can be written");
        let turned = ChunkCache::open(&path, all).expect("it can be read");
        assert!(
            (1..=3).filter(|number| knows(&turned, *number)).count() == 2,
            "one is another now, and never asked for"
        );
        fs::write(&path, [0xFF; 7]).expect("it can be written");
        assert_eq!(ChunkCache::open(&path, all).expect("it can be read").count(), 0, "nonsense holds nothing");
        assert!(ChunkCache::open(&folder, all).is_err(), "a folder is no file");
        ChunkCache::new(all).save().expect("what has no file is not saved");
        fs::remove_dir_all(folder).expect("it can be removed");
    }
}
