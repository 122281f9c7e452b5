//! How much one session may ask: token buckets in integers, and what it is counted for.

use bevy_ecs::prelude::Component;
use hypogeum_protocol::ClientMessage;

/// What is metered by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Hello,
    Queue,
    Loadout,
    Act,
    Inputs,
    Leave,
    Ping,
    Names,
    /// Error replies: a flood of nonsense is not answered by a flood of errors.
    Error,
}

impl Operation {
    const COUNT: usize = 9;

    pub(crate) const fn of(message: &ClientMessage) -> Self {
        match message {
            ClientMessage::Hello { .. } => Self::Hello,
            ClientMessage::JoinQueue { .. } | ClientMessage::LeaveQueue => Self::Queue,
            ClientMessage::ChooseLoadout { .. } => Self::Loadout,
            ClientMessage::Act { .. } | ClientMessage::Command { .. } => Self::Act,
            ClientMessage::Inputs { .. } => Self::Inputs,
            ClientMessage::LeaveMatch => Self::Leave,
            ClientMessage::Ping { .. } => Self::Ping,
            ClientMessage::AskNames { .. } => Self::Names,
        }
    }

    /// Most at once, and how many a second go on for ever.
    const fn allowance(self) -> (u32, u32) {
        match self {
            // A client says hello once; the second try is for one that lost its state.
            Self::Hello => (4, 1),
            // A player who cannot decide presses a button twice a second.
            Self::Queue | Self::Loadout => (8, 2),
            Self::Leave => (4, 1),
            // Looting a full container in one go, then as fast as anyone clicks.
            Self::Act => (64, 20),
            // Clients send at up to 60 Hz; a stall delivers a second at once.
            Self::Inputs => (120, 70),
            // Somebody new comes into view now and then, and a whole crowd at once.
            Self::Names => (8, 4),
            Self::Ping => (16, 4),
            Self::Error => (16, 4),
        }
    }
}

/// Thousandths of a token.
const TOKEN: u64 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    millitokens: u64,
    filled_tick: u64,
}

/// What a session has used up.
#[derive(Component, Debug)]
pub struct Meter {
    buckets: [Option<Bucket>; Operation::COUNT],
    tick_hz: u32,
    pub(crate) malformed: u32,
}

impl Meter {
    pub(crate) const fn new(tick_hz: u32) -> Self {
        Self { buckets: [None; Operation::COUNT], tick_hz, malformed: 0 }
    }

    /// Takes a token, or says how many milliseconds until there is one.
    pub(crate) fn take(&mut self, operation: Operation, tick: u64) -> Result<(), u32> {
        let (burst, per_s) = operation.allowance();
        let full = u64::from(burst) * TOKEN;
        let bucket = self.buckets[operation as usize].get_or_insert(Bucket { millitokens: full, filled_tick: tick });
        let per_s = u64::from(per_s) * TOKEN;
        let gained = tick.saturating_sub(bucket.filled_tick).saturating_mul(per_s) / u64::from(self.tick_hz.max(1));
        if gained > 0 {
            bucket.millitokens = bucket.millitokens.saturating_add(gained).min(full);
            bucket.filled_tick = tick;
        }
        match bucket.millitokens.checked_sub(TOKEN) {
            Some(left) => {
                bucket.millitokens = left;
                Ok(())
            }
            None => Err(u32::try_from((TOKEN - bucket.millitokens) * 1_000 / per_s.max(1)).unwrap_or(u32::MAX).max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_only_the_rate() {
        let mut meter = Meter::new(30);
        let passed = (0..100).filter(|_| meter.take(Operation::Ping, 5).is_ok()).count();
        assert_eq!(passed, 16, "the burst");
        assert_eq!(meter.take(Operation::Ping, 5), Err(250), "four a second: the next in 250 ms");
        let passed = (6..=305).filter(|tick| meter.take(Operation::Ping, *tick).is_ok()).count();
        assert!((39..=40).contains(&passed), "ten seconds at four a second let {passed} pass");
        assert!(meter.take(Operation::Act, 305).is_ok(), "each operation has its own bucket");
    }
}
