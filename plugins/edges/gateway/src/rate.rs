//! Rate limits: one line for each operation and client, with a place for everyone who is refused.
//!
//! A client that comes too soon is told when to come again, and that moment is its own: no other gets the same one, and
//! the client is let in then, however many came in between. So of a crowd behind one address each comes once more,
//! not all of them again and again. Before an account is known its line is that of its address, afterwards its own.
//!
//! What is left in each line is noted for the request at hand: see `quota.rs`.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;

use hypogeum_accounts::{Recent, network_of};
use hypogeum_protocol::AccountId;

use crate::config::{RateLimit, RateLimits};
use crate::proxies::Origin;
use crate::quota::Quota;
use crate::rolling_minute::RollingMinute;
use crate::route::Route;

/// Lines remembered at least; memory is bounded by twice as many.
const LINES_MAX: usize = 65_536;
/// Addresses remembered at least whose last minute is counted.
const ADDRESSES_MAX: usize = 65_536;
/// Who has to wait for its minute to pass comes within so much more, so that not all of an address come at once.
const SPREAD_MS: u64 = 2_000;
/// Places remembered at least, in all lines together.
const PLACES_MAX: usize = 65_536;
/// The latest place that is given away, from now. A client that comes when none is left is told to come after it.
const PLACE_MS_MAX: u64 = 60_000;
/// How long a place is kept for somebody who is late.
const LATE_MS_MAX: u64 = 30_000;
/// How much later the line of an address with many failed logins moves for each of them, and at most.
const FAILURE_MS: u64 = 2_000;
const FAILURES_MS_MAX: u64 = 30_000;
const _: () = assert!(FAILURES_MS_MAX <= PLACE_MS_MAX, "nobody who fails puts an address's line beyond all places");

/// What is asked, each with a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    /// Anything without an access token that is good.
    Request,
    Register,
    Login,
    Refresh,
    Guest,
    Connect,
    /// Whatever else an account reads.
    Read,
    /// Whatever else an account asks.
    Account,
    /// A route that has a rate of its own.
    Route(Route),
}

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Machine,
    Network(IpAddr),
    Account(AccountId),
    AllStrangers,
}

type Line = (Operation, Whose);

/// All lines. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug)]
pub(crate) struct Rates {
    limits: RateLimits,
    /// When each line would be empty again, in microseconds, if nobody came any more.
    lines: Recent<Line, u64>,
    /// When whom a line was moved for may come, by a hash of its name.
    places: Recent<(Line, u64), u64>,
    /// What addresses have asked in their last minute, where that is limited.
    minutes: Recent<IpAddr, RollingMinute>,
    hasher: RandomState,
}

impl Rates {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let (lines, places) = (Recent::new(LINES_MAX), Recent::new(PLACES_MAX));
        Self { limits, lines, places, minutes: Recent::new(ADDRESSES_MAX), hasher: RandomState::new() }
    }

    /// Lets somebody pass who is known by an address, and by the name it gives.
    ///
    /// # Errors
    /// Where it must wait: milliseconds until its turn.
    pub(crate) fn take(&mut self, operation: Operation, origin: Origin, name: &str, now_ms: u64) -> Result<(), u64> {
        let line = (operation, whose(origin));
        let limit = self.limit(operation, origin);
        let name = self.hasher.hash_one(name);
        self.pass(line, limit, Some(name), now_ms)?;
        if operation == Operation::Guest && !origin.is_local {
            let all = (operation, Whose::AllStrangers);
            self.pass(all, self.limits.guests_together, Some(name), now_ms).inspect_err(|wait_ms| {
                // It has passed its address's line, and need not do so again.
                *self.places.touch((line, name), || 0) = now_ms.saturating_add(*wait_ms);
            })?;
        }
        Ok(())
    }

    /// Lets somebody pass who has said nothing yet, and so has no place to come back to.
    ///
    /// # Errors
    /// As [`Rates::take`].
    pub(crate) fn take_nameless(&mut self, operation: Operation, origin: Origin, now_ms: u64) -> Result<(), u64> {
        self.count_address(origin, now_ms)?;
        let limit = self.limit(operation, origin);
        self.pass((operation, whose(origin)), limit, None, now_ms)
    }

    /// Lets an account pass: its line is its own, wherever it comes from.
    ///
    /// # Errors
    /// As [`Rates::take`].
    pub(crate) fn take_own(
        &mut self,
        operation: Operation,
        origin: Origin,
        account: AccountId,
        now_ms: u64,
    ) -> Result<(), u64> {
        self.count_address(origin, now_ms)?;
        let limit = self.limit(operation, origin);
        self.pass((operation, Whose::Account(account)), limit, Some(0), now_ms)
    }

    /// Counts a request of an address in its last minute, where that is limited.
    fn count_address(&mut self, origin: Origin, now_ms: u64) -> Result<(), u64> {
        let Some(most) = self.limits.address_per_minute.filter(|_| !origin.is_local) else { return Ok(()) };
        let minute = self.minutes.touch(network_of(origin.address), RollingMinute::default);
        let counted = minute.count(most, now_ms);
        minute.quota(most, now_ms).note();
        counted.map_err(|wait_ms| wait_ms + rand::random_range(0..=SPREAD_MS))
    }

    /// Makes all logins of an address wait longer, but never longer than a place may be away: a crowd behind one address
    /// must not be shut out by one of it who guesses. Who guesses on this machine has other ways into it.
    pub(crate) fn slow_logins(&mut self, origin: Origin, now_ms: u64) {
        if origin.is_local {
            return;
        }
        let limit = self.limit(Operation::Login, origin);
        let line = self.lines.touch((Operation::Login, whose(origin)), || 0);
        let latest = micros(now_ms).saturating_add(burst_us(limit)).saturating_add(micros(FAILURES_MS_MAX));
        let slowed = (*line).max(micros(now_ms)).saturating_add(micros(FAILURE_MS)).min(latest);
        *line = slowed.max(*line);
    }

    fn pass(&mut self, line: Line, limit: RateLimit, name: Option<u64>, now_ms: u64) -> Result<(), u64> {
        let passed = self.stand_in(line, limit, name, now_ms);
        let ahead_us = self.lines.peek(&line).map_or(0, |empty_us| empty_us.saturating_sub(micros(now_ms)));
        let free = burst_us(limit).saturating_sub(ahead_us) / interval_us(limit);
        let remaining = if passed.is_ok() { u32::try_from(free).unwrap_or(u32::MAX) } else { 0 };
        Quota { limit: limit.burst.max(1), remaining, reset_ms: ahead_us.div_ceil(1_000) }.note();
        passed
    }

    fn stand_in(&mut self, line: Line, limit: RateLimit, name: Option<u64>, now_ms: u64) -> Result<(), u64> {
        if let Some(place) = name.and_then(|name| self.places.peek(&(line, name)).copied().map(|at| (name, at))) {
            let (name, at_ms) = place;
            if now_ms < at_ms {
                return Err(at_ms - now_ms);
            }
            self.places.forget(&(line, name));
            if now_ms - at_ms <= LATE_MS_MAX {
                return Ok(());
            }
        }
        let empty_us = self.lines.touch(line, || 0);
        let next_us = (*empty_us).max(micros(now_ms)).saturating_add(interval_us(limit));
        let turn_us = next_us.saturating_sub(burst_us(limit));
        let wait_ms = turn_us.saturating_sub(micros(now_ms)).div_ceil(1_000);
        match name {
            _ if wait_ms == 0 => *empty_us = next_us,
            Some(name) if wait_ms <= PLACE_MS_MAX => {
                *empty_us = next_us;
                *self.places.touch((line, name), || 0) = now_ms.saturating_add(wait_ms);
                return Err(wait_ms);
            }
            // There is no place to give away: at least not all of them come at the same time.
            _ => {
                let least_ms = wait_ms.min(PLACE_MS_MAX);
                return Err(least_ms + rand::random_range(0..=least_ms));
            }
        }
        Ok(())
    }

    fn limit(&self, operation: Operation, origin: Origin) -> RateLimit {
        match operation {
            Operation::Guest if origin.is_local => self.limits.loopback_guests,
            _ if origin.is_local => self.limits.loopback,
            Operation::Request => self.limits.requests,
            Operation::Register => self.limits.register,
            Operation::Login => self.limits.login,
            Operation::Refresh => self.limits.refresh,
            Operation::Guest => self.limits.guests,
            Operation::Connect => self.limits.connect,
            Operation::Read => self.limits.reads,
            Operation::Account => self.limits.account,
            Operation::Route(route) => self.limits.routes.rate(route).unwrap_or(self.limits.account),
        }
    }
}

fn whose(origin: Origin) -> Whose {
    if origin.is_local { Whose::Machine } else { Whose::Network(network_of(origin.address)) }
}

const fn micros(ms: u64) -> u64 {
    ms.saturating_mul(1_000)
}

fn interval_us(limit: RateLimit) -> u64 {
    // Beyond one in a microsecond nothing is limited.
    (1_000_000 / u64::from(limit.per_s.max(1))).max(1)
}

fn burst_us(limit: RateLimit) -> u64 {
    interval_us(limit) * u64::from(limit.burst.max(1))
}

#[cfg(test)]
mod tests;
