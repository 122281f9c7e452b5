//! Which of the server's datagrams have arrived.

use hypogeum_protocol::lane::Ack;

/// How far behind the newest a datagram may arrive and still count: what an [`Ack`] can tell.
pub(super) const LATE_MAX: u64 = u32::BITS as u64;
/// Where counting begins, so that nothing is before the beginning.
const FIRST_ROUND: u64 = 1 << 16;

/// What a datagram's number says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Newer than all before.
    Newest(u64),
    /// Overtaken, but not here before.
    Late(u64),
    /// Here before, or of a time that does not count.
    Outdated,
    /// Too old to tell.
    Stray,
}

/// The newest numbers that arrived. The 16 bits on the wire go on as 64 here, which never wrap.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    newest: Option<u64>,
    /// Bit n: the one n + 1 before the newest is here.
    before: u32,
    /// Nothing below this counts.
    floor: u64,
}

impl Arrivals {
    /// What a datagram of this number would be; nothing is noted yet.
    pub(super) fn judge(&self, seq: u16) -> Arrival {
        let Some(newest) = self.newest else { return Arrival::Newest(FIRST_ROUND + u64::from(seq)) };
        let ahead = seq.wrapping_sub(newest as u16).cast_signed();
        let Some(number) = newest.checked_add_signed(ahead.into()) else { return Arrival::Stray };
        match number.checked_sub(newest) {
            Some(0) => Arrival::Outdated,
            Some(_) => Arrival::Newest(number),
            None => {
                let behind = newest - number;
                let fresh = number >= self.floor && self.before & bit(behind) == 0;
                match fresh {
                    _ if behind > LATE_MAX => Arrival::Stray,
                    true => Arrival::Late(number),
                    false => Arrival::Outdated,
                }
            }
        }
    }

    /// Notes one that [`Arrivals::judge`] found newest or late.
    pub(super) fn note(&mut self, number: u64) {
        let Some(newest) = self.newest else {
            self.newest = Some(number);
            return;
        };
        if number > newest {
            // The one that was newest becomes a bit, too.
            let mask = u64::from(self.before) << 1 | u64::from(newest >= self.floor);
            let by = number - newest;
            self.before = if by > LATE_MAX { 0 } else { (mask << (by - 1)) as u32 };
            self.newest = Some(number);
        } else {
            self.before |= bit(newest - number);
        }
    }

    /// Nothing before this one counts, come or not.
    pub(super) fn restart_at(&mut self, number: u64) {
        *self = Self { newest: Some(number), before: 0, floor: number };
    }

    /// Nothing up to the newest counts any more or is told, though the numbers go on.
    pub(super) fn close_the_past(&mut self) {
        self.before = 0;
        self.floor = self.newest.map_or(0, |newest| newest + 1);
    }

    /// What the server is told.
    pub(super) fn ack(&self) -> Option<Ack> {
        let newest = self.newest.filter(|newest| *newest >= self.floor)?;
        Some(Ack { newest: newest as u16, before: self.before })
    }
}

/// The bit of the one this far behind the newest: 1 to [`LATE_MAX`].
const fn bit(behind: u64) -> u32 {
    if behind == 0 || behind > LATE_MAX { 0 } else { 1 << (behind - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn arrive(arrivals: &mut Arrivals, seq: u16) -> bool {
        match arrivals.judge(seq) {
            Arrival::Newest(number) | Arrival::Late(number) => {
                arrivals.note(number);
                true
            }
            Arrival::Outdated | Arrival::Stray => false,
        }
    }

    #[test]
    fn numbers_go_on_where_sixteen_bits_end() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.ack(), None, "nothing has arrived");
        for seq in [65_533, 65_535, 0, 2] {
            assert!(arrive(&mut arrivals, seq), "{seq} is newer than the one before");
        }
        let ack = Ack { newest: 2, before: 0b1_0110 };
        assert_eq!(arrivals.ack(), Some(ack), "0, 65,535 and 65,533 are two, three and five before 2");
        assert!(arrive(&mut arrivals, 65_534), "one that was overtaken still counts");
        assert!(!arrive(&mut arrivals, 65_534), "once");
        assert_eq!(arrivals.ack(), Some(Ack { before: 0b1_1110, ..ack }), "and it is told");
    }

    #[test]
    fn what_is_too_old_to_be_told_is_not_taken() {
        let mut arrivals = Arrivals::default();
        arrive(&mut arrivals, 1_000);
        assert!(arrive(&mut arrivals, 968), "32 behind is the oldest");
        assert!(!arrive(&mut arrivals, 967), "33 behind is too old");
        arrive(&mut arrivals, 1_033);
        assert_eq!(arrivals.ack(), Some(Ack { newest: 1_033, before: 0 }), "a jump leaves the old ones behind");
    }

    #[test]
    fn what_came_before_a_new_beginning_never_counts() {
        let mut arrivals = Arrivals::default();
        arrive(&mut arrivals, 10);
        arrivals.restart_at(FIRST_ROUND + 12);
        assert!(!arrive(&mut arrivals, 11), "it was sent before");
        assert!(arrive(&mut arrivals, 13), "what follows is taken");
        assert_eq!(arrivals.ack(), Some(Ack { newest: 13, before: 1 }), "only 12 and 13 are told");
        arrivals.close_the_past();
        assert_eq!(arrivals.ack(), None, "what is closed is not told");
        for seq in [12, 13] {
            assert!(!arrive(&mut arrivals, seq), "{seq} is of the past");
        }
        assert!(arrive(&mut arrivals, 17) && arrive(&mut arrivals, 16), "the numbers go on");
        assert_eq!(arrivals.ack(), Some(Ack { newest: 17, before: 1 }), "16 and 17 are told");
    }

    proptest! {
        #[test]
        fn an_ack_tells_exactly_what_was_taken(first: u16, jumps in prop::collection::vec(-40_i32..40, 1..300)) {
            let mut arrivals = Arrivals::default();
            let (mut taken, mut newest) = (BTreeSet::new(), 1_000_000_i64);
            arrive(&mut arrivals, first);
            taken.insert(newest);
            for jump in jumps {
                let number = newest + i64::from(jump);
                let seq = first.wrapping_add((number - 1_000_000) as u16);
                let fresh = number > newest || (newest - number <= 32 && !taken.contains(&number));
                prop_assert_eq!(arrive(&mut arrivals, seq), fresh, "{} after {}", number, newest);
                if fresh {
                    taken.insert(number);
                    newest = newest.max(number);
                }
                let ack = arrivals.ack().expect("something has arrived");
                prop_assert_eq!(ack.newest, first.wrapping_add((newest - 1_000_000) as u16));
                for behind in 1..=32 {
                    let told = ack.before & (1 << (behind - 1)) != 0;
                    prop_assert_eq!(told, taken.contains(&(newest - behind)), "{} behind {}", behind, newest);
                }
            }
        }
    }
}
