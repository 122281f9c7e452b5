//! How much one account may say: the same, whichever way it is said.

use std::collections::BTreeMap;
use std::time::Duration;

use bevy_ecs::prelude::Resource;
use hypogeum_metering::{Rate, TokenBucket};
use hypogeum_protocol::{AccountId, ChatChannel};

/// Kinds of things that are limited each by itself.
const LIMITED_COUNT: usize = ChatChannel::ALL.len() + 2;
/// After so much silence an account is forgotten: whatever it has used up has come back.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(ChatRate::FULL_AFTER_S_MAX);
/// Histories and people to ignore: a screen that opens asks for each channel.
const ASKS: ChatRate = ChatRate { per_minute: 60, burst: 10 };
/// Reports: who has more to report than that reports the first of it.
const REPORTS: ChatRate = ChatRate { per_minute: 6, burst: 3 };

/// How much may be said on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatRate {
    /// Lines a minute that go on for ever, 1 and up.
    pub per_minute: u32,
    /// Lines at once, after a silence, 1 and up.
    pub burst: u32,
}

impl ChatRate {
    /// The longest that it may take until a whole burst is there again, in seconds.
    pub const FULL_AFTER_S_MAX: u64 = 600;

    /// Whether the numbers are within what can be kept.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.per_minute >= 1
            && self.burst >= 1
            && self.burst as u64 * 60 <= self.per_minute as u64 * Self::FULL_AFTER_S_MAX
    }
}

/// What somebody does, as far as that is limited by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    Channel(ChatChannel),
    Ask,
    Report,
}

impl Limited {
    /// Each, in the order of their places.
    const ALL: [Self; LIMITED_COUNT] = [
        Self::Channel(ChatChannel::Room),
        Self::Channel(ChatChannel::Zone),
        Self::Channel(ChatChannel::Party),
        Self::Channel(ChatChannel::Whisper),
        Self::Channel(ChatChannel::Global),
        Self::Ask,
        Self::Report,
    ];

    const fn rate(self, channels: &[ChatRate; ChatChannel::ALL.len()]) -> Rate {
        let ChatRate { per_minute, burst } = match self {
            Self::Channel(channel) => channels[channel as usize],
            Self::Ask => ASKS,
            Self::Report => REPORTS,
        };
        Rate { per_s: per_minute, burst }
    }

    const fn place(self) -> usize {
        match self {
            Self::Channel(channel) => channel as usize,
            Self::Ask => ChatChannel::ALL.len(),
            Self::Report => ChatChannel::ALL.len() + 1,
        }
    }
}

/// What accounts have used up. It outlives sessions: to connect again brings nothing.
#[derive(Resource, Debug)]
pub(crate) struct Rates {
    channels: [ChatRate; ChatChannel::ALL.len()],
    accounts: BTreeMap<AccountId, (Duration, [TokenBucket; LIMITED_COUNT])>,
    swept: Duration,
}

impl Rates {
    pub(crate) const fn new(channels: [ChatRate; ChatChannel::ALL.len()]) -> Self {
        Self { channels, accounts: BTreeMap::new(), swept: Duration::ZERO }
    }

    /// Takes what one more of this costs at `now`, or says how many milliseconds until there is enough.
    pub(crate) fn take(&mut self, account: AccountId, what: Limited, now: Duration) -> Result<(), u32> {
        if now.saturating_sub(self.swept) >= FORGOTTEN_AFTER {
            self.swept = now;
            self.accounts.retain(|_, (used, _)| now.saturating_sub(*used) < FORGOTTEN_AFTER);
        }
        // Buckets count tokens a second: by a clock that is sixty times slower those are tokens a minute.
        let (minutes, channels) = (now / 60, self.channels);
        let full = |what: Limited| TokenBucket::full(what.rate(&channels), minutes);
        let fresh = || (now, Limited::ALL.map(full));
        let (used, buckets) = self.accounts.entry(account).or_insert_with(fresh);
        *used = now;
        let wait = buckets[what.place()].take(what.rate(&channels), minutes);
        wait.map_err(|wait| u32::try_from((wait * 60).as_millis()).unwrap_or(u32::MAX).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: AccountId = AccountId(1);

    fn rates() -> Rates {
        Rates::new([ChatRate { per_minute: 12, burst: 3 }; 5])
    }

    #[test]
    fn a_burst_is_said_and_then_only_the_rate() {
        let mut rates = rates();
        let global = Limited::Channel(ChatChannel::Global);
        let at = |ms| Duration::from_millis(1_000_000 + ms);
        for _ in 0..3 {
            assert_eq!(rates.take(ADA, global, at(0)), Ok(()), "the burst");
        }
        let wait = rates.take(ADA, global, at(0)).expect_err("that was all");
        assert!((5_000..5_002).contains(&wait), "twelve a minute: the next in five seconds, not in {wait} ms");
        assert_eq!(rates.take(ADA, Limited::Channel(ChatChannel::Room), at(0)), Ok(()), "each channel by itself");
        assert_eq!(rates.take(AccountId(2), global, at(0)), Ok(()), "each account by itself");
        assert_eq!(rates.take(ADA, global, at(u64::from(wait))), Ok(()), "and when it says");
        assert!(rates.take(ADA, global, at(u64::from(wait))).is_err(), "one");
    }

    #[test]
    fn accounts_are_forgotten_when_that_changes_nothing() {
        let mut rates = rates();
        for account in 0..1_000 {
            assert_eq!(
                rates.take(AccountId(account), Limited::Ask, Duration::from_secs(1)),
                Ok(()),
                "each says something"
            );
        }
        assert_eq!(rates.take(ADA, Limited::Ask, FORGOTTEN_AFTER * 2), Ok(()), "and one of them later");
        assert_eq!(rates.accounts.len(), 1, "nobody else is remembered");
        const { assert!(ASKS.is_valid() && REPORTS.is_valid()) };
        assert!(!ChatRate { per_minute: 1, burst: 60 }.is_valid(), "a burst that never comes back is none");
    }
}
