//! Guessing passwords gets slower: failed logins lock the account, and the address they come from, for a while.

use std::net::IpAddr;

use crate::name::AccountName;
use crate::recent::{Recent, network_of};

/// How many failures lock what for how long. An account's lock is short, for otherwise anyone could keep its owner
/// out; an address's is long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockoutPolicy {
    /// Failures in a row that lock an account.
    pub account_failures_max: u32,
    /// For how long they do.
    pub account_lock_ms: u64,
    /// Failures in a row that lock an address.
    pub address_failures_max: u32,
    /// For how long they do.
    pub address_lock_ms: u64,
    /// Accounts, and addresses, remembered at least; memory is bounded by twice as many.
    pub keys_max: usize,
}

impl Default for LockoutPolicy {
    /// 5 failures lock an account for a minute, 10 an address for ten: Nakama's figures.
    fn default() -> Self {
        Self {
            account_failures_max: 5,
            account_lock_ms: 60_000,
            address_failures_max: 10,
            address_lock_ms: 600_000,
            keys_max: 16_384,
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    count: u32,
    last_ms: u64,
}

impl Failures {
    /// Time left of a lock of `lock_ms` that begins with the `failures_max`th failure.
    fn locked_for_ms(self, failures_max: u32, lock_ms: u64, now_ms: u64) -> u64 {
        if self.count < failures_max { 0 } else { self.last_ms.saturating_add(lock_ms).saturating_sub(now_ms) }
    }

    /// One more; failures as old as a lock is long are forgotten.
    fn add(&mut self, lock_ms: u64, now_ms: u64) {
        if now_ms.saturating_sub(self.last_ms) >= lock_ms {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last_ms = now_ms;
    }
}

/// Who failed to log in lately. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug)]
pub struct Lockout {
    policy: LockoutPolicy,
    accounts: Recent<String, Failures>,
    addresses: Recent<IpAddr, Failures>,
}

impl Lockout {
    /// Nobody has failed yet.
    #[must_use]
    pub fn new(policy: LockoutPolicy) -> Self {
        Self { policy, accounts: Recent::new(policy.keys_max), addresses: Recent::new(policy.keys_max) }
    }

    /// How long a login under this name from this address must wait; `None`: it may be tried now.
    #[must_use]
    pub fn wait_ms(&self, name: &AccountName, address: IpAddr, now_ms: u64) -> Option<u64> {
        let account = self.accounts.peek(name.canonical()).copied().unwrap_or_default();
        let address = self.addresses.peek(&network_of(address)).copied().unwrap_or_default();
        let policy = &self.policy;
        let wait = account
            .locked_for_ms(policy.account_failures_max, policy.account_lock_ms, now_ms)
            .max(address.locked_for_ms(policy.address_failures_max, policy.address_lock_ms, now_ms));
        (wait > 0).then_some(wait)
    }

    /// A login is about to be tried. It counts against its account at once, until it turns out to be right: so guesses
    /// sent all at the same time do not outrun the lock.
    ///
    /// # Errors
    /// As [`Lockout::wait_ms`]: it must not be tried now.
    pub fn begin(&mut self, name: &AccountName, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        if let Some(wait_ms) = self.wait_ms(name, address, now_ms) {
            return Err(wait_ms);
        }
        let attempts = self.accounts.touch(name.canonical().to_owned(), Failures::default);
        attempts.add(self.policy.account_lock_ms, now_ms);
        Ok(())
    }

    /// A login from `address` was wrong, whether its name exists or not. Only now the address is blamed: behind it may
    /// be many, who log in at the same time.
    pub fn failed(&mut self, address: IpAddr, now_ms: u64) {
        self.addresses.touch(network_of(address), Failures::default).add(self.policy.address_lock_ms, now_ms);
    }

    /// A login was right: its account starts anew. Its address does not, for an attacker has an account, too.
    pub fn succeeded(&mut self, name: &AccountName) {
        self.accounts.forget(name.canonical());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn name(text: &str) -> AccountName {
        AccountName::parse(text).unwrap()
    }

    fn elsewhere(last: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, last])
    }

    fn guess(lockout: &mut Lockout, text: &str, address: IpAddr) -> Result<(), u64> {
        lockout.begin(&name(text), address, 0).map(|()| lockout.failed(address, 0))
    }

    #[test]
    fn five_failures_lock_the_account_from_everywhere_for_a_minute() {
        let mut lockout = Lockout::new(LockoutPolicy::default());
        for address in 0..5 {
            assert_eq!(guess(&mut lockout, "ADA", elsewhere(address)), Ok(()), "not locked before the fifth failure");
        }
        assert_eq!(lockout.wait_ms(&name("ada"), HOME, 10_000), Some(50_000), "the lock lasts a minute");
        assert_eq!(lockout.wait_ms(&name("Bob"), HOME, 10_000), None, "others are not locked");
        assert_eq!(lockout.wait_ms(&name("ada"), HOME, 60_000), None, "the lock ends");
    }

    #[test]
    fn ten_failures_lock_the_address_for_every_name() {
        let mut lockout = Lockout::new(LockoutPolicy::default());
        for number in 0..10 {
            assert_eq!(guess(&mut lockout, &format!("guess{number}"), HOME), Ok(()), "guess {number} may be tried");
        }
        assert_eq!(lockout.wait_ms(&name("Ada"), HOME, 0), Some(600_000), "the address is locked");
        assert_eq!(lockout.wait_ms(&name("Ada"), elsewhere(1), 0), None, "another address is not");
    }

    #[test]
    fn attempts_at_the_same_time_count_before_they_fail() {
        let mut lockout = Lockout::new(LockoutPolicy::default());
        for _ in 0..5 {
            assert_eq!(lockout.begin(&name("Ada"), HOME, 0), Ok(()), "five may be tried at once");
        }
        assert_eq!(lockout.begin(&name("Ada"), HOME, 0), Err(60_000), "the sixth may not");
    }

    #[test]
    fn many_may_log_in_from_one_address_at_the_same_time() {
        let mut lockout = Lockout::new(LockoutPolicy::default());
        for bot in 0..100 {
            assert_eq!(lockout.begin(&name(&format!("bot{bot}")), HOME, 0), Ok(()), "bot {bot} may log in");
        }
    }

    #[test]
    fn a_success_forgives_the_account() {
        let mut lockout = Lockout::new(LockoutPolicy::default());
        for _ in 0..4 {
            assert_eq!(guess(&mut lockout, "Ada", HOME), Ok(()), "four failures lock nothing");
        }
        lockout.succeeded(&name("Ada"));
        assert_eq!(guess(&mut lockout, "Ada", HOME), Ok(()), "a fifth after a success is the first again");
        assert_eq!(lockout.wait_ms(&name("Ada"), HOME, 0), None, "and locks nothing");
    }
}
