//! What becomes of one datagram: a function of the conditions, its dice and whether its link is down.

use crate::conditions::{Bursts, LinkConditions};
use crate::rng::{Dice, Purpose, below};
use crate::share::Share;

/// A copy of a datagram that will arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeliveredCopy {
    pub(crate) delay_us: u32,
    /// Picks the bit that is flipped, by [`below`] its length.
    pub(crate) flip: Option<u64>,
}

/// What becomes of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Lost,
    Once(DeliveredCopy),
    Twice(DeliveredCopy, DeliveredCopy),
}

/// Decides, and moves `down`, the state of Gilbert's model, by one datagram.
pub(crate) fn decide(conditions: &LinkConditions, dice: Dice, down: &mut bool) -> Delivery {
    *down = conditions.bursts.is_some_and(|bursts| bursts.next(*down, dice.roll(Purpose::Burst)));
    if *down || hits(conditions.loss, dice, Purpose::Loss) {
        return Delivery::Lost;
    }
    let first = copy(conditions, dice, 0);
    if hits(conditions.duplicate, dice, Purpose::Duplicate) {
        return Delivery::Twice(first, copy(conditions, dice, 1));
    }
    Delivery::Once(first)
}

fn copy(conditions: &LinkConditions, dice: Dice, copy: u8) -> DeliveredCopy {
    let mut delay_us = conditions.delay_us;
    if conditions.jitter_us > 0 {
        let span = 2 * u64::from(conditions.jitter_us) + 1;
        // The jitter never exceeds the delay, so this stays above zero.
        delay_us = delay_us.saturating_sub(conditions.jitter_us) + below(dice.roll(Purpose::Jitter(copy)), span) as u32;
    }
    if hits(conditions.reorder, dice, Purpose::Reorder(copy)) {
        delay_us += conditions.late_us;
    }
    let flip = hits(conditions.corrupt, dice, Purpose::Corrupt(copy)).then(|| dice.roll(Purpose::Bit(copy)));
    DeliveredCopy { delay_us, flip }
}

fn hits(share: Share, dice: Dice, purpose: Purpose) -> bool {
    share != Share::NONE && share.takes(dice.roll(purpose))
}

impl Bursts {
    /// Whether the link is down for this datagram, given whether it was for the one before.
    ///
    /// It comes back with 1/run, which makes runs that long on average, and goes down with
    /// share/((1 − share)·run), which makes it down for that share of the time.
    fn next(self, down: bool, roll: u64) -> bool {
        let (share, run) = (u64::from(self.share.as_ppm()), u64::from(self.run_mean.max(1)));
        if down {
            below(roll, run) != 0
        } else {
            let up = u64::from(Share::ALL.as_ppm()) - share;
            below(roll, up * run) < share
        }
    }
}
