//! What a receiver is known to have: which datagrams arrived, and with them which pages up to which tick.

use hypogeum_protocol::lane::Ack;

use crate::pages::{Slots, newer};

/// Datagrams under way whose arrival can still be noted: a second's worth at 30 Hz, and a bit each in a word.
const SENT_MAX: usize = u32::BITS as usize;
/// Pages one viewer follows at most.
pub(crate) const TRACKED_PAGES_MAX: usize = 128;

/// Tracked pages are made room for by so many.
const UNITS_STEP: usize = 4;
/// Pages remembered at most whose leaving may not have arrived.
const LEFT_MAX: usize = 512;
/// Later than any tick.
const NEVER: u32 = u32::MAX;

/// One page as one viewer knows it: what is asked of each page in every datagram, in half a line of memory.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct TrackedPage {
    /// Its index among the pages; [`TrackedPage::FREE`] where nothing is followed.
    pub(crate) page: u32,
    /// The tick of it sent last.
    pub(crate) sent_tick: u32,
    /// The newest tick of it that is known to have arrived; 0: none.
    pub(crate) acked: u32,
    /// When [`Confirmed::next`] begins; [`NEVER`] where every slot is confirmed.
    next_since: u32,
    /// The slots shown last, and since when it was these.
    view: u64,
    view_since: u32,
}

const _: () = assert!(size_of::<TrackedPage>() == 32);

/// Which slots of one page have arrived. Asked only where some slot is hidden, or was lately.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmed {
    /// Those that every datagram since some tick up to `acked` showed: what is in them arrived with `acked`.
    pub(crate) slots: u64,
    /// The same for a later beginning, which takes over once a datagram of its time has arrived.
    next: u64,
}

impl Confirmed {
    const ALL: Self = Self { slots: u64::MAX, next: u64::MAX };
}

impl TrackedPage {
    const FREE: u32 = u32::MAX;

    const fn of(page: u32) -> Self {
        Self { page, sent_tick: 0, acked: 0, next_since: NEVER, view: 0, view_since: 0 }
    }

    pub(crate) const fn is_free(&self) -> bool {
        self.page == Self::FREE
    }

    /// A page that was followed before, and of which the receiver may still hold something.
    const fn again(page: u32) -> Self {
        Self { view: u64::MAX, view_since: NEVER, ..Self::of(page) }
    }

    /// Whether every slot of it is confirmed.
    pub(crate) const fn is_confirmed(&self) -> bool {
        self.next_since == NEVER
    }

    /// Whether the receiver already sees exactly these slots, by what is known to have arrived.
    pub(crate) const fn shows(&self, view: u64) -> bool {
        self.view == view && self.view_since <= self.acked
    }

    /// The slots that the last datagram showed, as far as they hold the same things still.
    #[inline]
    pub(crate) fn last_shown(&self, slots: &Slots) -> u64 {
        if self.view == 0 || self.view_since == NEVER { 0 } else { self.view & !newer(&slots.came, self.sent_tick) }
    }

    /// Whether nothing of the page was ever shown.
    pub(crate) const fn was_never_shown(&self) -> bool {
        self.view == 0 && self.view_since == 0
    }

    /// Notes that a datagram of `tick` shows `view` of the slots of which `occupied` hold anything.
    pub(crate) const fn sent(&mut self, confirmed: &mut Confirmed, tick: u32, view: u64, occupied: u64) {
        // Nobody is missed in an empty slot; anyone who comes into it comes with its facet.
        let shown = view | !occupied;
        if shown != u64::MAX {
            confirmed.slots &= shown;
            if self.next_since == NEVER {
                self.next_since = tick + 1;
            } else if tick >= self.next_since {
                confirmed.next &= shown;
            }
        }
        self.sent_whole(tick, view);
    }

    /// The same where nothing that is there is hidden.
    pub(crate) const fn sent_whole(&mut self, tick: u32, view: u64) {
        if self.view != view || self.view_since == 0 || self.view_since == NEVER {
            self.view = view;
            self.view_since = tick;
        }
        self.sent_tick = tick;
    }

    /// A datagram of the time of `next` has arrived: it takes over, and another begins after `now`.
    #[cold]
    const fn take_over(&mut self, confirmed: &mut Confirmed, now: u32) {
        *confirmed = Confirmed { slots: confirmed.next, next: u64::MAX };
        self.next_since = if confirmed.slots == u64::MAX { NEVER } else { now + 1 };
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    seq: u16,
    tick: u32,
    /// In two halves, for a whole would be aligned to its size.
    units: [u64; 2],
}

const fn halves(units: u128) -> [u64; 2] {
    [units as u64, (units >> 64) as u64]
}

const fn whole([low, high]: [u64; 2]) -> u128 {
    low as u128 | (high as u128) << 64
}

/// An ack that names a datagram which was never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FutureAck;

/// What one receiver has, as far as is known.
#[derive(Debug)]
pub(crate) struct AckTracker {
    units: Vec<TrackedPage>,
    /// What is known to have arrived, by unit.
    confirmed: Vec<Confirmed>,
    /// By the last five bits of their numbers. Elsewhere, so that what is asked of everyone each tick lies together.
    sent: Box<[Sent; SENT_MAX]>,
    /// Those of `sent` that are not known to have arrived, one bit each.
    unheard: u32,
    /// Number of the next datagram.
    pub(crate) next_seq: u16,
    /// The tick of the newest datagram sent, and of the newest one known to have arrived.
    pub(crate) sent_tick: u32,
    pub(crate) acked_tick: u32,
    has_sent: bool,
    /// Pages no longer followed, and since when: until a datagram of that time has arrived the receiver holds them still.
    left: Vec<(u32, u32)>,
}

impl Default for AckTracker {
    fn default() -> Self {
        Self {
            units: Vec::new(),
            confirmed: Vec::new(),
            sent: Box::new([Sent::default(); SENT_MAX]),
            unheard: 0,
            next_seq: 0,
            sent_tick: 0,
            acked_tick: 0,
            has_sent: false,
            left: Vec::new(),
        }
    }
}

impl AckTracker {
    /// All units, free ones among them, and which slots of each have arrived.
    pub(crate) fn units(&mut self) -> (&mut [TrackedPage], &mut [Confirmed]) {
        (&mut self.units, &mut self.confirmed)
    }

    /// Reads a little of everything that the next datagram needs, and returns something made of it.
    pub(crate) fn touch(&self, newest: u16) -> u32 {
        const PER_LINE: usize = 64 / size_of::<TrackedPage>();
        let acked = self.units.iter().step_by(PER_LINE).fold(0, |sum, unit| sum ^ unit.acked);
        acked ^ self.sent[usize::from(newest) % SENT_MAX].tick
    }

    /// From `tick` on follows these pages and no others. What stays keeps what is known of it.
    pub(crate) fn follow(&mut self, tick: u32, pages: &[u32]) {
        let mut gone = 0_u128;
        for (place, unit) in self.units.iter_mut().enumerate() {
            if !unit.is_free() && !pages.contains(&unit.page) {
                self.left.push((unit.page, tick));
                *unit = TrackedPage::of(TrackedPage::FREE);
                gone |= 1 << place;
            }
        }
        if gone != 0 {
            for sent in self.sent.iter_mut() {
                sent.units = halves(whole(sent.units) & !gone);
            }
        }
        if self.left.len() > LEFT_MAX {
            self.left.drain(..self.left.len() - LEFT_MAX);
        }
        // Exactly as many as are needed, and a few for a map that fills: there are as many trackers as players.
        let wanted = pages.len().min(TRACKED_PAGES_MAX).next_multiple_of(UNITS_STEP);
        self.units.reserve_exact(wanted.saturating_sub(self.units.len()));
        self.confirmed.reserve_exact(wanted.saturating_sub(self.confirmed.len()));
        let mut free = 0;
        for page in pages.iter().take(TRACKED_PAGES_MAX) {
            if self.units.iter().any(|unit| unit.page == *page) {
                continue;
            }
            while self.units.get(free).is_some_and(|unit| !unit.is_free()) {
                free += 1;
            }
            let left = self.left.iter().position(|left| left.0 == *page);
            let fresh = if left.is_some() { TrackedPage::again(*page) } else { TrackedPage::of(*page) };
            match self.units.get_mut(free).zip(self.confirmed.get_mut(free)) {
                Some((unit, confirmed)) => (*unit, *confirmed) = (fresh, Confirmed::ALL),
                None if free < TRACKED_PAGES_MAX => {
                    self.units.push(fresh);
                    self.confirmed.push(Confirmed::ALL);
                }
                None => return,
            }
            if let Some(left) = left {
                self.left.swap_remove(left);
            }
        }
    }

    /// Notes a datagram with these units in it, and returns its number.
    pub(crate) fn send(&mut self, tick: u32, units: u128) -> u16 {
        let seq = self.next_seq;
        self.sent[usize::from(seq) % SENT_MAX] = Sent { seq, tick, units: halves(units) };
        self.unheard |= 1 << (seq % SENT_MAX as u16);
        self.next_seq = seq.wrapping_add(1);
        self.sent_tick = tick;
        self.has_sent = true;
        seq
    }

    /// Learns what has arrived.
    ///
    /// # Errors
    /// [`FutureAck`]; nothing is learned.
    pub(crate) fn learn(&mut self, ack: Ack) -> Result<(), FutureAck> {
        let ahead = ack.newest.wrapping_sub(self.next_seq.wrapping_sub(1)).cast_signed();
        if !self.has_sent || ahead > 0 {
            return Err(FutureAck);
        }
        // An ack repeats itself 32 times: what is in it for the first time is picked out at once.
        let Ack { newest, before } = ack;
        let newest_place = newest % SENT_MAX as u16;
        let mut places = (before.reverse_bits().rotate_left(newest_place.into()) | 1 << newest_place) & self.unheard;
        while places != 0 {
            let place = places.trailing_zeros() as u16;
            places &= places - 1;
            self.arrived(newest.wrapping_sub(newest.wrapping_sub(place) % SENT_MAX as u16));
        }
        Ok(())
    }

    fn arrived(&mut self, seq: u16) {
        let place = usize::from(seq) % SENT_MAX;
        let Sent { seq: kept, tick, units } = self.sent[place];
        if kept != seq {
            return;
        }
        self.unheard &= !(1 << place);
        self.acked_tick = self.acked_tick.max(tick);
        if !self.left.is_empty() {
            self.left.retain(|left| left.1 > tick);
        }
        let mut units = whole(units);
        while units != 0 {
            let place = units.trailing_zeros() as usize;
            units &= units - 1;
            let Some(unit) = self.units.get_mut(place) else { return };
            unit.acked = unit.acked.max(tick);
            if unit.acked >= unit.next_since {
                unit.take_over(&mut self.confirmed[place], self.sent_tick);
            }
        }
    }

    /// Forgets everything: the receiver is to be sent all of it again.
    pub(crate) fn forget(&mut self) {
        let (next_seq, has_sent) = (self.next_seq, self.has_sent);
        // A receiver that begins again may hold anything of what was ever shown.
        let held = self.units.iter().filter(|unit| !unit.is_free()).map(|unit| (unit.page, NEVER));
        let left = held.chain(self.left.iter().copied()).collect();
        *self = Self { next_seq, has_sent, left, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(known: &mut AckTracker, tick: u32, view: u64, occupied: u64) {
        known.units[0].sent(&mut known.confirmed[0], tick, view, occupied);
    }

    #[test]
    fn an_ack_of_what_was_never_sent_teaches_nothing() {
        let mut known = AckTracker::default();
        assert_eq!(known.learn(Ack { newest: 0, before: 0 }), Err(FutureAck), "nothing was sent at all");
        known.follow(1, &[7]);
        show(&mut known, 5, 1, 1);
        known.send(5, 1);
        assert_eq!(known.learn(Ack { newest: 1, before: u32::MAX }), Err(FutureAck), "the next one was not sent yet");
        assert_eq!(known.units[0].acked, 0, "and the one before it is not taken as arrived either");
        assert_eq!(known.learn(Ack { newest: 0, before: u32::MAX }), Ok(()), "this one was");
        assert_eq!(known.units[0].acked, 5, "so the page is known up to its tick");
    }

    #[test]
    fn numbers_wrap_and_old_acks_mean_nothing() {
        let mut known = AckTracker { next_seq: u16::MAX - 1, ..AckTracker::default() };
        known.follow(1, &[7]);
        for tick in 1..100 {
            known.send(tick, 1);
        }
        let newest = known.next_seq.wrapping_sub(1);
        assert_eq!(known.learn(Ack { newest: newest.wrapping_sub(50), before: 0 }), Ok(()), "long ago");
        assert_eq!(known.units[0].acked, 0, "too long: nobody remembers what was in it");
        assert_eq!(known.learn(Ack { newest: newest.wrapping_sub(3), before: 0 }), Ok(()), "a moment ago");
        assert_eq!(known.units[0].acked, 96, "that one is remembered");
    }

    #[test]
    fn every_bit_of_an_ack_names_one_datagram() {
        for first in [0_u16, 7, 40, u16::MAX - 20] {
            for behind in 0..40 {
                let mut known = AckTracker { next_seq: first, ..AckTracker::default() };
                known.follow(1, &[7]);
                for tick in 1..=40 {
                    show(&mut known, tick, 1, 1);
                    known.send(tick, 1);
                }
                let newest = first.wrapping_add(39);
                let before = if (1..=32).contains(&behind) { 1 << (behind - 1) } else { 0 };
                let alone = Ack { newest: newest.wrapping_sub(behind), before: 0 };
                known.learn(alone).expect("it was sent");
                let expected = if behind < 32 { 40 - u32::from(behind) } else { 0 };
                assert_eq!(known.units[0].acked, expected, "{behind} behind, by itself");
                known.learn(Ack { newest, before }).expect("it was sent");
                assert_eq!(known.units[0].acked, 40, "the newest is in every ack");
                assert_eq!(
                    known.unheard.count_ones(),
                    if (1..32).contains(&behind) { 30 } else { 31 },
                    "{behind} behind"
                );
            }
        }
    }

    #[test]
    fn a_slot_that_was_hidden_in_between_is_not_solid_until_its_showing_arrives() {
        let mut known = AckTracker::default();
        known.follow(1, &[7]);
        let send = |known: &mut AckTracker, tick, view| {
            show(known, tick, view, 0b11);
            Ack { newest: known.send(tick, 1), before: 0 }
        };
        let confirmed = |known: &AckTracker| known.confirmed[0].slots & 0b11;
        let first = send(&mut known, 1, 0b11);
        known.learn(first).expect("it was sent");
        assert_eq!(confirmed(&known), 0b11, "both were shown and arrived");
        let hidden = send(&mut known, 2, 0b01);
        let shown = send(&mut known, 3, 0b11);
        known.learn(hidden).expect("it was sent");
        assert_eq!(confirmed(&known) & 0b10, 0, "the second was not in what arrived");
        let hidden_again = send(&mut known, 4, 0b01);
        known.learn(shown).expect("it was sent");
        assert_eq!(confirmed(&known) & 0b10, 0, "it was hidden since, and that may arrive after all");
        let last = send(&mut known, 5, 0b11);
        known.learn(hidden_again).expect("it was sent");
        assert_eq!(confirmed(&known) & 0b10, 0, "it is not in that one");
        known.learn(last).expect("it was sent");
        assert_eq!(confirmed(&known), 0b11, "now it is");
    }

    #[test]
    fn a_page_followed_again_begins_from_nothing() {
        let mut known = AckTracker::default();
        known.follow(1, &[1, 2]);
        known.send(4, 0b11);
        known.follow(5, &[2, 3]);
        known.learn(Ack { newest: 0, before: 0 }).expect("it was sent");
        let mut units: Vec<_> = known.units.iter().map(|unit| (unit.page, unit.acked)).collect();
        units.sort_unstable();
        assert_eq!(units, [(2, 4), (3, 0)], "what arrived for page 1 says nothing about page 3");
    }
}
