//! Datagrams on their way between an edge and the tick, a batch at a time, in memory that is used again and again.

use std::collections::VecDeque;

use parking_lot::Mutex;

use crate::ids::ConnectionId;

/// A batch that is used 30 times a second forgets half of what it once needed in 1.5 s.
const FORGETTING: usize = 64;
/// Memory is given back where a batch has so many times what it needed lately, and more than [`KEPT_ITEMS`].
const ROOMY: usize = 3;
/// Bytes, or datagrams, that are never worth giving back.
const KEPT_ITEMS: usize = 4_096;

/// Datagrams of many connections in one piece of memory, used again and again.
#[derive(Debug, Default)]
pub struct DatagramBatch {
    /// Whose, and where its bytes end.
    ends: Vec<(ConnectionId, usize)>,
    bytes: Vec<u8>,
    /// The most bytes and datagrams it held lately: falls by a [`FORGETTING`]th whenever the batch is emptied.
    bytes_lately: usize,
    count_lately: usize,
}

impl DatagramBatch {
    /// Appends one datagram.
    pub fn push(&mut self, connection: ConnectionId, datagram: &[u8]) {
        self.bytes.extend_from_slice(datagram);
        self.ends.push((connection, self.bytes.len()));
    }

    /// Appends one datagram that `write` adds to the end of the bytes it is given.
    pub fn push_with(&mut self, connection: ConnectionId, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push((connection, self.bytes.len()));
    }

    /// All datagrams in the order they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = (ConnectionId, &[u8])> {
        let starts = core::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        starts.zip(&self.ends).map(|(start, (connection, end))| (*connection, &self.bytes[start..*end]))
    }

    /// One datagram by its place in that order.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<(ConnectionId, &[u8])> {
        let (connection, end) = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before].1);
        Some((connection, &self.bytes[start..end]))
    }

    /// How many datagrams there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all of them.
    #[must_use]
    pub const fn bytes_count(&self) -> usize {
        self.bytes.len()
    }

    /// Empties it and keeps the memory, but for what was not needed for a while.
    pub fn clear(&mut self) {
        forget(&mut self.bytes, &mut self.bytes_lately);
        forget(&mut self.ends, &mut self.count_lately);
    }

    /// Appends all datagrams of another.
    pub fn append(&mut self, other: &Self) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|(connection, end)| (*connection, start + end)));
    }
}

/// Empties a list, and gives back what is far more than it needed lately.
fn forget<T>(list: &mut Vec<T>, lately: &mut usize) {
    if list.is_empty() {
        return;
    }
    *lately = list.len().max(*lately - lately.div_ceil(FORGETTING));
    list.clear();
    if list.capacity() > KEPT_ITEMS.max(*lately * ROOMY) {
        list.shrink_to(*lately + *lately / 2);
    }
}

/// Batches are joined up to so many bytes: an edge leaves one every few milliseconds.
const JOINED_BYTES_MAX: usize = 256 << 10;
/// Empty batches that are kept for what is left next: two threads of the tick leave two each.
const SPARE_MAX: usize = 4;

/// Where one side leaves datagrams and the other takes them, a batch at a time. Bounded: what does not fit is dropped
/// and counted, for every datagram is replaced by the next.
#[derive(Debug)]
pub struct DatagramBox {
    inside: Mutex<Inside>,
    bytes_max: usize,
}

#[derive(Debug, Default)]
struct Inside {
    /// None of them is empty.
    waiting: VecDeque<DatagramBatch>,
    waiting_bytes: usize,
    /// Used by turns, so that none keeps what it needed long ago.
    spare: VecDeque<DatagramBatch>,
    dropped: u64,
}

impl Inside {
    fn next(&mut self) -> Option<DatagramBatch> {
        let batch = self.waiting.pop_front()?;
        self.waiting_bytes -= batch.bytes_count();
        Some(batch)
    }

    fn keep(&mut self, mut batch: DatagramBatch) {
        if self.spare.len() < SPARE_MAX {
            batch.clear();
            self.spare.push_back(batch);
        }
    }
}

impl DatagramBox {
    /// A box that holds at most so many bytes.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self { inside: Mutex::default(), bytes_max }
    }

    fn inside(&self) -> parking_lot::MutexGuard<'_, Inside> {
        self.inside.lock()
    }

    /// Leaves a batch and empties it. A large one is exchanged for an empty one, not copied.
    pub fn leave(&self, batch: &mut DatagramBatch) {
        if batch.is_empty() {
            return;
        }
        let mut inside = self.inside();
        if inside.waiting_bytes + batch.bytes_count() > self.bytes_max {
            // What is newer is worth more: the receiver would throw the older away unread.
            while let Some(old) = inside.next() {
                inside.dropped += old.len() as u64;
                inside.keep(old);
            }
        }
        inside.waiting_bytes += batch.bytes_count();
        match inside.waiting.back_mut() {
            Some(last) if last.bytes_count() + batch.bytes_count() <= JOINED_BYTES_MAX => {
                last.append(batch);
                batch.clear();
            }
            _ => {
                let spare = inside.spare.pop_front().unwrap_or_default();
                inside.waiting.push_back(std::mem::replace(batch, spare));
            }
        }
    }

    /// Takes everything in the order it was left, as one batch.
    pub fn take(&self, batch: &mut DatagramBatch) {
        batch.clear();
        let mut inside = self.inside();
        if let Some(first) = inside.next() {
            inside.keep(std::mem::replace(batch, first));
        }
        while let Some(next) = inside.next() {
            batch.append(&next);
            inside.keep(next);
        }
    }

    /// Takes everything in the order it was left, without a copy. What was in `batches` is done with.
    pub fn take_batches(&self, batches: &mut VecDeque<DatagramBatch>) {
        let mut inside = self.inside();
        std::mem::swap(&mut inside.waiting, batches);
        inside.waiting_bytes = 0;
        while let Some(done) = inside.waiting.pop_front() {
            inside.keep(done);
        }
    }

    /// Whether something is still there: what takes it does not keep up with what leaves it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.inside().waiting.is_empty()
    }

    /// Datagrams dropped so far because the box was full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.inside().dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(numbers: std::ops::Range<u8>, bytes: usize) -> DatagramBatch {
        let mut batch = DatagramBatch::default();
        numbers.for_each(|number| batch.push(ConnectionId(number.into()), &vec![number; bytes]));
        batch
    }

    fn numbers(batch: &DatagramBatch) -> Vec<u8> {
        let number = |(connection, bytes): (ConnectionId, &[u8])| {
            assert!(bytes.iter().all(|byte| u64::from(*byte) == connection.0), "a datagram stays its connection's");
            connection.0 as u8
        };
        batch.iter().map(number).collect()
    }

    #[test]
    fn what_is_left_is_taken_in_its_order_as_one_or_as_it_is() {
        let (there, mut taken) = (DatagramBox::new(1 << 20), DatagramBatch::default());
        let mut batches = VecDeque::new();
        for round in 0..3 {
            there.leave(&mut batch(0..3, 100));
            there.leave(&mut batch(3..5, 100));
            there.leave(&mut batch(5..8, 100_000));
            there.leave(&mut batch(8..9, 1));
            if round == 1 {
                there.take(&mut taken);
                assert_eq!(numbers(&taken), (0..9).collect::<Vec<_>>(), "everything, in order");
            } else {
                assert!(there.is_waiting(), "there is something");
                there.take_batches(&mut batches);
                let each: Vec<_> = batches.iter().map(numbers).collect();
                assert_eq!(each, [vec![0, 1, 2, 3, 4], vec![5, 6, 7], vec![8]], "only small ones were joined");
            }
            assert!(!there.is_waiting(), "nothing is left");
            there.take(&mut taken);
            assert!(taken.is_empty(), "and nothing is taken twice");
            there.take_batches(&mut batches);
            assert!(batches.is_empty(), "one way or the other");
        }
        assert_eq!(there.dropped(), 0, "all found room");
    }

    #[test]
    fn what_finds_no_room_takes_that_of_what_is_older() {
        let (there, mut taken) = (DatagramBox::new(1_000_000), DatagramBatch::default());
        there.leave(&mut batch(0..3, 200_000));
        there.leave(&mut batch(3..5, 200_000));
        there.leave(&mut batch(5..6, 1));
        assert_eq!(there.dropped(), 5, "it was full to the last byte");
        there.take(&mut taken);
        assert_eq!(numbers(&taken), [5], "the newest is there");
        there.leave(&mut batch(0..5, 200_000));
        assert_eq!((there.dropped(), there.is_waiting()), (5, true), "and its room is free again");
    }

    #[test]
    fn one_great_crowd_is_not_remembered_for_ever() {
        let (there, mut left, mut taken) = (DatagramBox::new(8 << 20), batch(0..200, 20_000), VecDeque::new());
        for turn in 0..2_000_u32 {
            there.leave(&mut left);
            there.take_batches(&mut taken);
            assert_eq!(taken.len(), 1, "it is there");
            let great = turn < 8;
            left.append(&batch(0..10, if great { 200_000 } else { 2_000 }));
        }
        let inside = there.inside();
        let batches = inside.spare.iter().chain(&taken).chain([&left]);
        let room: Vec<usize> = batches.map(|batch| batch.bytes.capacity()).collect();
        assert!(room.iter().all(|bytes| *bytes <= 100_000), "20,000 bytes a turn need no room for millions: {room:?}");
    }

    #[test]
    fn what_varies_keeps_its_memory() {
        let mut batch = batch(0..10, 2_000);
        let room = batch.bytes.capacity();
        for turn in 0..200_u32 {
            batch.clear();
            batch.push(ConnectionId(1), &vec![1; if turn % 20 == 0 { 20_000 } else { 10 }]);
            assert_eq!(batch.bytes.capacity(), room, "no turn takes memory or gives it back");
        }
    }
}
