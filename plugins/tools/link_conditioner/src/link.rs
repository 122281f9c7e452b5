//! One direction of a link, without sockets and clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::conditions::LinkConditions;
use crate::delivery::{DeliveredCopy, Delivery, decide};
use crate::rng::{Dice, below, derive};

/// Keys are below this: a link remembers 32 bytes about each up to the highest seen.
pub const KEYS_MAX: u32 = 1 << 16;

/// What Linux waits at least, beside a round trip, before it sends a segment again (`TCP_RTO_MIN`).
const RESEND_AFTER_NS: u64 = 200_000_000;
/// Times a segment is lost at most: who loses more than that has no link.
const RESENDS_MAX: u32 = 6;

/// How much can be under way at once. Beyond it datagrams are lost, as they are in a full router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Datagrams, copies included. At most 2³² − 1 are held whatever this says.
    pub datagrams_max: usize,
    /// Bytes of all of them. Buffers, which are kept for reuse, take three times as much at the very most.
    pub bytes_max: usize,
}

impl Default for QueueLimits {
    /// 131,072 datagrams and 128 MiB: 10,000 clients, 30 datagrams of 600 bytes a second, 400 ms.
    fn default() -> Self {
        Self { datagrams_max: 1 << 17, bytes_max: 128 << 20 }
    }
}

/// What a link did. `pushed + duplicated` is `passed + lost + cut + overflowed` and what is still under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounters {
    /// Datagrams that went in.
    pub pushed: u64,
    /// Datagrams that came out, copies included.
    pub passed: u64,
    /// Datagrams the conditions took, alone or in a burst.
    pub lost: u64,
    /// Datagrams that met a cut.
    pub cut: u64,
    /// Datagrams that got a copy.
    pub duplicated: u64,
    /// Datagrams that came out after one pushed later under the same key (as RFC 4737 counts), copies apart.
    pub reordered: u64,
    /// Datagrams with a bit flipped, copies included.
    pub corrupted: u64,
    /// Datagrams and copies for which there was no room, or whose key is [`KEYS_MAX`] or above.
    pub overflowed: u64,
}

/// What became of a datagram that was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is under way.
    Once,
    /// It is under way, and so is a copy.
    Twice,
    /// The conditions took it.
    Lost,
    /// The link is cut.
    Cut,
    /// There is no room for it.
    Overflowed,
}

/// A datagram that has arrived.
#[derive(Debug, PartialEq, Eq)]
pub struct Due<'link> {
    /// What it was pushed under.
    pub key: u32,
    /// What it says now. Yours to change, decrypt in place for instance, until the next call.
    pub bytes: &'link mut [u8],
}

/// One direction of a link, for any number of clients.
///
/// Time is whatever the caller counts from wherever it likes, so long as it does not run backwards; each client has a key,
/// counted from 0. The fate of a datagram depends on the seed, its key and how many were pushed under that key before.
/// In the steady state nothing is allocated: buffers are used again.
#[derive(Debug)]
pub struct Link {
    conditions: LinkConditions,
    limits: QueueLimits,
    seed: u64,
    /// Bytes come out whole and in order, as TCP carries them.
    is_stream: bool,
    cut_until_ns: u64,
    lanes: Vec<Lane>,
    queue: BinaryHeap<Reverse<Entry>>,
    /// Datagrams under way and, by `free`, buffers that wait for one.
    slots: Vec<Slot>,
    free: Vec<u32>,
    pushes: u64,
    queued_bytes: usize,
    /// Capacity of all buffers, in use or not.
    held_bytes: usize,
    counters: LinkCounters,
}

/// What is remembered of one client.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    /// How many datagrams were pushed.
    pushed: u64,
    /// One more than the highest ordinal that came out.
    out_next: u64,
    /// When the last segment of a stream comes out: none after it comes earlier.
    last_due_ns: u64,
    /// Whether the link is down in Gilbert's model.
    down: bool,
}

/// First due comes out first, of those due together the one that was pushed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    due_ns: u64,
    push: u64,
    slot: u32,
}

#[derive(Debug, Default)]
struct Slot {
    bytes: Vec<u8>,
    key: u32,
    ordinal: u64,
    is_copy: bool,
}

impl Link {
    /// A link that has seen nothing yet.
    pub fn new(conditions: LinkConditions, seed: u64) -> Self {
        Self::with_limits(conditions, seed, QueueLimits::default())
    }

    /// The two directions of a link, up to the server and down from it, each with its own fates from one seed.
    pub fn pair(conditions: LinkConditions, seed: u64) -> (Self, Self) {
        (Self::new(conditions, derive(seed, 0)), Self::new(conditions, derive(seed, 1)))
    }

    /// A link that carries streams, one under each key: nothing is lost, doubled, damaged or overtaken. What the conditions
    /// would lose or damage is late instead, by a round trip and what TCP waits before it sends again, twice as long each further time,
    /// and all that was pushed after it under its key waits for it. Push segments of some 1,400 bytes, as TCP makes them, and
    /// only where there [is room](Self::has_room_for). [`LinkCounters::lost`] and [`LinkCounters::corrupted`] count what had to be sent again,
    /// and a cut holds everything until its end.
    pub fn stream(conditions: LinkConditions, seed: u64) -> Self {
        Self { is_stream: true, ..Self::new(conditions, seed) }
    }

    /// The two directions of a link that carries streams.
    pub fn stream_pair(conditions: LinkConditions, seed: u64) -> (Self, Self) {
        (Self::stream(conditions, derive(seed, 2)), Self::stream(conditions, derive(seed, 3)))
    }

    /// A link with other limits than the usual ones.
    pub fn with_limits(conditions: LinkConditions, seed: u64, limits: QueueLimits) -> Self {
        Self {
            conditions,
            limits,
            seed,
            is_stream: false,
            cut_until_ns: 0,
            lanes: Vec::new(),
            queue: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            pushes: 0,
            queued_bytes: 0,
            held_bytes: 0,
            counters: LinkCounters::default(),
        }
    }

    /// Takes a datagram in, and says what becomes of it.
    pub fn push(&mut self, now: Duration, key: u32, datagram: &[u8]) -> Pushed {
        self.counters.pushed += 1;
        if key >= KEYS_MAX {
            self.counters.overflowed += 1;
            return Pushed::Overflowed;
        }
        let (now_ns, index) = (nanos(now), key as usize);
        if index >= self.lanes.len() {
            self.lanes.resize(index + 1, Lane::default());
        }
        if self.is_stream {
            return self.push_segment(now_ns, key, datagram);
        }
        let lane = &mut self.lanes[index];
        let ordinal = lane.pushed;
        lane.pushed += 1;
        let delivery = decide(&self.conditions, Dice::of(self.seed, key, ordinal), &mut lane.down);
        if now_ns < self.cut_until_ns {
            self.counters.cut += 1;
            return Pushed::Cut;
        }
        match delivery {
            Delivery::Lost => {
                self.counters.lost += 1;
                Pushed::Lost
            }
            Delivery::Once(copy) if self.send(now_ns, key, ordinal, false, copy, datagram) => Pushed::Once,
            Delivery::Once(_) => Pushed::Overflowed,
            Delivery::Twice(first, second) => {
                self.counters.duplicated += 1;
                let first = self.send(now_ns, key, ordinal, false, first, datagram);
                let second = self.send(now_ns, key, ordinal, true, second, datagram);
                match (first, second) {
                    (true, true) => Pushed::Twice,
                    (false, false) => Pushed::Overflowed,
                    _ => Pushed::Once,
                }
            }
        }
    }

    /// Takes a segment of a stream in, which will arrive.
    fn push_segment(&mut self, now_ns: u64, key: u32, segment: &[u8]) -> Pushed {
        let lane = &mut self.lanes[key as usize];
        let round_trip_ns = 2_000 * u64::from(self.conditions.delay_us);
        let mut late_ns = 0;
        let mut ordinal = lane.pushed;
        for resend in 0..=RESENDS_MAX {
            ordinal = lane.pushed;
            lane.pushed += 1;
            // A copy of what has arrived is nothing new.
            match decide(&self.conditions, Dice::of(self.seed, key, ordinal), &mut lane.down) {
                Delivery::Lost => self.counters.lost += 1,
                Delivery::Once(copy) | Delivery::Twice(copy, _) if copy.flip.is_some() => self.counters.corrupted += 1,
                Delivery::Once(copy) | Delivery::Twice(copy, _) => {
                    late_ns += 1_000 * u64::from(copy.delay_us);
                    break;
                }
            }
            late_ns += (round_trip_ns + RESEND_AFTER_NS) << resend;
        }
        let due_ns = now_ns.max(self.cut_until_ns).saturating_add(late_ns).max(lane.last_due_ns);
        let delay_us = u32::try_from((due_ns - now_ns).div_ceil(1_000)).unwrap_or(u32::MAX);
        lane.last_due_ns = now_ns.saturating_add(1_000 * u64::from(delay_us));
        match self.send(now_ns, key, ordinal, false, DeliveredCopy { delay_us, flip: None }, segment) {
            true => Pushed::Once,
            false => Pushed::Overflowed,
        }
    }

    /// Whether so many bytes in so many pieces find room now. What is pushed into a stream without that leaves a hole in it.
    pub fn has_room_for(&self, pieces: usize, bytes: usize) -> bool {
        self.queue.len() + pieces <= self.limits.datagrams_max
            && bytes <= self.limits.bytes_max.saturating_sub(self.queued_bytes)
    }

    /// The next datagram that has arrived by `now`, if there is one.
    pub fn pop_due(&mut self, now: Duration) -> Option<Due<'_>> {
        let Reverse(next) = *self.queue.peek()?;
        if next.due_ns > nanos(now) {
            return None;
        }
        self.queue.pop();
        self.free.push(next.slot);
        let slot = &mut self.slots[next.slot as usize];
        self.counters.passed += 1;
        if !slot.is_copy {
            let lane = &mut self.lanes[slot.key as usize];
            self.counters.reordered += u64::from(slot.ordinal < lane.out_next);
            lane.out_next = lane.out_next.max(slot.ordinal + 1);
        }
        self.queued_bytes -= slot.bytes.len();
        Some(Due { key: slot.key, bytes: &mut slot.bytes })
    }

    /// When the next datagram arrives, if one is under way.
    pub fn next_due(&self) -> Option<Duration> {
        self.queue.peek().map(|Reverse(next)| Duration::from_nanos(next.due_ns))
    }

    /// Datagrams under way, copies included.
    pub fn under_way(&self) -> usize {
        self.queue.len()
    }

    /// Other conditions for what is pushed from now on. What is under way arrives as it would have.
    pub fn set_conditions(&mut self, conditions: LinkConditions) {
        self.conditions = conditions;
    }

    /// What is pushed meets now.
    pub fn conditions(&self) -> LinkConditions {
        self.conditions
    }

    /// Cuts the link until `end`: what is pushed before then is gone, what is under way arrives. A moment that has passed
    /// mends it. Fates go on being used up meanwhile.
    pub fn cut_until(&mut self, end: Duration) {
        self.cut_until_ns = nanos(end);
    }

    /// What it did so far.
    pub fn counters(&self) -> LinkCounters {
        self.counters
    }

    /// Whether there was room.
    fn send(
        &mut self,
        now_ns: u64,
        key: u32,
        ordinal: u64,
        is_copy: bool,
        copy: DeliveredCopy,
        datagram: &[u8],
    ) -> bool {
        let full = self.queue.len() >= self.limits.datagrams_max
            || datagram.len() > self.limits.bytes_max.saturating_sub(self.queued_bytes);
        let Some(index) = (if full { None } else { self.vacant() }) else {
            self.counters.overflowed += 1;
            return false;
        };
        let slot = &mut self.slots[index as usize];
        let capacity_before = slot.bytes.capacity();
        slot.bytes.clear();
        slot.bytes.extend_from_slice(datagram);
        self.held_bytes += slot.bytes.capacity() - capacity_before;
        (slot.key, slot.ordinal, slot.is_copy) = (key, ordinal, is_copy);
        let bits = 8 * datagram.len() as u64;
        if let Some(roll) = copy.flip.filter(|_| bits > 0) {
            let bit = below(roll, bits);
            slot.bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
            self.counters.corrupted += 1;
        }
        self.queued_bytes += datagram.len();
        let due_ns = now_ns.saturating_add(u64::from(copy.delay_us) * 1_000);
        self.queue.push(Reverse(Entry { due_ns, push: self.pushes, slot: index }));
        self.pushes += 1;
        true
    }

    /// A slot to fill, with the buffer used last, which is likely still in the cache.
    fn vacant(&mut self) -> Option<u32> {
        if let Some(index) = self.free.pop() {
            let bytes = &mut self.slots[index as usize].bytes;
            if self.held_bytes > self.limits.bytes_max.saturating_mul(2) {
                self.held_bytes -= bytes.capacity();
                *bytes = Vec::new();
            }
            return Some(index);
        }
        let index = u32::try_from(self.slots.len()).ok()?;
        self.slots.push(Slot::default());
        Some(index)
    }
}

/// Saturates after 584 years.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
