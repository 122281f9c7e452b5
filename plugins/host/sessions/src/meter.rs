//! How much one session may ask, and what it is counted for.

use std::time::Duration;

use bevy_ecs::prelude::Component;
use hypogeum_metering::{Rate, TokenBucket};
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
    /// What has to do with chat, whatever it is: how much each channel takes is the chat's own.
    Chat,
    /// Chunks of ground: what is asked for is sent as fast as one connection may have it.
    Ground,
    /// Games that are followed.
    Follow,
    /// What is done in parties.
    Party,
    /// Whom one watches: each turn shows everything from nothing.
    Watch,
    /// Error replies: a flood of nonsense is not answered by a flood of errors.
    Error,
}

impl Operation {
    const ALL: [Self; 14] = [
        Self::Hello,
        Self::Queue,
        Self::Loadout,
        Self::Act,
        Self::Inputs,
        Self::Leave,
        Self::Ping,
        Self::Names,
        Self::Chat,
        Self::Ground,
        Self::Follow,
        Self::Party,
        Self::Watch,
        Self::Error,
    ];

    pub(crate) const fn of(message: &ClientMessage) -> Self {
        match message {
            ClientMessage::Hello { .. } => Self::Hello,
            ClientMessage::JoinQueue { .. }
            | ClientMessage::JoinQueueWith { .. }
            | ClientMessage::LeaveQueue
            | ClientMessage::AskQueue => Self::Queue,
            ClientMessage::ChooseLoadout { .. } => Self::Loadout,
            ClientMessage::Act { .. } | ClientMessage::Command { .. } => Self::Act,
            ClientMessage::Inputs { .. } => Self::Inputs,
            ClientMessage::LeaveMatch | ClientMessage::EnterWorld { .. } => Self::Leave,
            ClientMessage::Ping { .. } => Self::Ping,
            ClientMessage::AskNames { .. } => Self::Names,
            ClientMessage::Chat { .. }
            | ClientMessage::ChatHistory { .. }
            | ClientMessage::Ignore { .. }
            | ClientMessage::ReportChat { .. } => Self::Chat,
            ClientMessage::AskChunks { .. } => Self::Ground,
            ClientMessage::FollowGame { .. } => Self::Follow,
            ClientMessage::Party { .. } => Self::Party,
            ClientMessage::Watch { .. } => Self::Watch,
        }
    }

    /// How many at once, and how many a second go on for ever.
    const fn rate(self) -> Rate {
        let (burst, per_s) = match self {
            // A client says hello once; the second try is for one that lost its state.
            Self::Hello => (4, 1),
            // A player who cannot decide presses a button twice a second.
            Self::Queue | Self::Loadout | Self::Watch => (8, 2),
            Self::Leave => (4, 1),
            // Looting a full container in one go, then as fast as anyone clicks.
            Self::Act => (64, 20),
            // Clients send at up to 60 Hz; a stall delivers a second at once.
            Self::Inputs => (120, 70),
            // Somebody new comes into view now and then, and a whole crowd at once.
            Self::Names => (8, 4),
            // Nobody types faster; a screen that opens asks for the history of each channel.
            Self::Chat => (16, 4),
            // A client asks again as soon as all it has asked for is there.
            Self::Ground => (16, 8),
            // All that one may follow, and then as often as anyone looks at another.
            Self::Follow => (16, 4),
            // A whole party is invited at once, one name after another.
            Self::Party => (16, 2),
            Self::Ping => (16, 4),
            Self::Error => (16, 4),
        };
        Rate { per_s, burst }
    }
}

const _: () = {
    let mut place = 0;
    while place < Operation::ALL.len() {
        assert!(Operation::ALL[place] as usize == place, "buckets are found by operation");
        place += 1;
    }
};

/// What a session has used up.
#[derive(Component, Debug)]
pub struct Meter {
    /// One bucket of tokens for each operation, in the order of [`Operation::ALL`].
    buckets: [TokenBucket; Operation::ALL.len()],
    tick_hz: u32,
    pub(crate) malformed: u32,
}

impl Meter {
    pub(crate) fn new(tick_hz: u32) -> Self {
        // What was full when the host began is full when the session does.
        let full = |operation: Operation| TokenBucket::full(operation.rate(), Duration::ZERO);
        Self { buckets: Operation::ALL.map(full), tick_hz, malformed: 0 }
    }

    /// Takes a token, or says how many milliseconds until there is one.
    pub(crate) fn take(&mut self, operation: Operation, tick: u64) -> Result<(), u32> {
        let rate = operation.rate();
        let now = Duration::from_micros(tick.saturating_mul(1_000_000) / u64::from(self.tick_hz.max(1)));
        self.buckets[operation as usize]
            .take(rate, now)
            .map_err(|wait| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1))
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
