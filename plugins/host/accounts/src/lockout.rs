//! Guessing passwords gets slower: failed logins lock an account for the network they come from, longer each time.
//!
//! The lock is for an account and a network together, so nobody keeps the owner of an account out from elsewhere, and
//! nobody keeps out others of its own network. A lock holds for names that nobody has as for those that somebody has.
//! Where an account was last logged in from, the right password opens it in spite of a lock: see [`Attempt::opens`].

use std::net::IpAddr;

use crate::name::AccountName;
use crate::recent::{Recent, network_of};

/// When failures lock, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockoutPolicy {
    /// Failures that lock nothing yet, of one account from one network.
    pub free_failures_max: u32,
    /// The first lock; each one after it is twice as long.
    pub lock_ms_min: u64,
    /// The longest lock.
    pub lock_ms_max: u64,
    /// After so long without a failure all are forgotten. Longer than the longest lock, or that would forgive them.
    pub forgotten_ms: u64,
    /// Failures at which a network that an account was last logged in from is as strange as any other.
    pub familiar_failures_max: u32,
    /// Failures of a network, whatever the account, before all its logins are slowed.
    pub network_failures_max: u32,
    /// Pairs of account and network, and networks, remembered at least; memory is bounded by twice as many.
    pub keys_max: usize,
}

impl Default for LockoutPolicy {
    /// Four mistakes are free; then a second, two, four … a quarter of an hour. So one network has some fifteen guesses in
    /// the first half hour and four an hour after that.
    fn default() -> Self {
        Self {
            free_failures_max: 4,
            lock_ms_min: 1_000,
            lock_ms_max: 15 * 60_000,
            forgotten_ms: 60 * 60_000,
            familiar_failures_max: 1_000,
            network_failures_max: 10,
            keys_max: 16_384,
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    /// Those that made the lock longer, or will.
    count: u32,
    /// Those while it was locked.
    while_locked: u32,
    last_ms: u64,
}

impl Failures {
    fn forget_old(&mut self, forgotten_ms: u64, now_ms: u64) {
        if now_ms.saturating_sub(self.last_ms) >= forgotten_ms {
            *self = Self::default();
        }
    }
}

/// A login that is being tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How long this account is still locked for this network; 0: it is not.
    pub locked_ms: u64,
    /// Whether so much was guessed that it matters no more where the account was last logged in from.
    is_worn_out: bool,
}

impl Attempt {
    /// Whether the right password opens the account now. `is_familiar`: it was last logged in from this network. Whether it
    /// was shows only to anyone who has the right password: to all others a locked account says that it is locked.
    #[must_use]
    pub const fn opens(self, is_familiar: bool) -> bool {
        self.locked_ms == 0 || (is_familiar && !self.is_worn_out)
    }
}

/// Who failed to log in lately. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug)]
pub struct Lockout {
    policy: LockoutPolicy,
    pairs: Recent<(String, IpAddr), Failures>,
    networks: Recent<IpAddr, Failures>,
}

impl Lockout {
    /// Nobody has failed yet.
    #[must_use]
    pub fn new(policy: LockoutPolicy) -> Self {
        Self { policy, pairs: Recent::new(policy.keys_max), networks: Recent::new(policy.keys_max) }
    }

    /// A login under this name from this address is about to be tried. It counts as failed at once, until it turns out to be
    /// right: so guesses sent all at the same time do not outrun the lock. What is tried while it is locked does not make
    /// the lock longer.
    pub fn begin(&mut self, name: &AccountName, address: IpAddr, now_ms: u64) -> Attempt {
        let policy = self.policy;
        let key = (name.canonical().to_owned(), network_of(address));
        let failures = self.pairs.touch(key, Failures::default);
        failures.forget_old(policy.forgotten_ms, now_ms);
        let locked_ms = policy.lock_ms(failures.count).saturating_add(failures.last_ms).saturating_sub(now_ms);
        let is_locked = failures.count > policy.free_failures_max && locked_ms > 0;
        let attempts = failures.count.saturating_add(failures.while_locked);
        if is_locked {
            failures.while_locked = failures.while_locked.saturating_add(1);
        } else {
            failures.count = failures.count.saturating_add(1);
            failures.last_ms = now_ms;
        }
        Attempt {
            locked_ms: if is_locked { locked_ms } else { 0 },
            is_worn_out: attempts >= policy.familiar_failures_max,
        }
    }

    /// A login from `address` was wrong, whether its name exists or not. Whether all logins of its network should be slowed.
    pub fn failed(&mut self, address: IpAddr, now_ms: u64) -> bool {
        let failures = self.networks.touch(network_of(address), Failures::default);
        failures.forget_old(self.policy.lock_ms_max, now_ms);
        failures.count = failures.count.saturating_add(1);
        failures.last_ms = now_ms;
        failures.count > self.policy.network_failures_max
    }

    /// A login was right: nothing more is held against its account there. Against its network it is, for anyone who
    /// guesses has an account, too.
    pub fn succeeded(&mut self, name: &AccountName, address: IpAddr) {
        self.pairs.forget(&(name.canonical().to_owned(), network_of(address)));
    }
}

impl LockoutPolicy {
    /// How long the lock is that so many failures make.
    fn lock_ms(&self, failures: u32) -> u64 {
        let doublings = failures.saturating_sub(self.free_failures_max).saturating_sub(1).min(32);
        self.lock_ms_min.saturating_mul(1 << doublings).min(self.lock_ms_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));

    fn name(text: &str) -> AccountName {
        AccountName::parse(text).unwrap()
    }

    fn lockout() -> Lockout {
        Lockout::new(LockoutPolicy::default())
    }

    /// How long it is locked when it is tried.
    fn guess(lockout: &mut Lockout, text: &str, address: IpAddr, now_ms: u64) -> u64 {
        lockout.begin(&name(text), address, now_ms).locked_ms
    }

    #[test]
    fn each_failure_beyond_the_free_ones_locks_twice_as_long() {
        let (mut lockout, mut now_ms, mut locks) = (lockout(), 0, Vec::new());
        for _ in 0..4 {
            assert_eq!(guess(&mut lockout, "Ada", HOME, now_ms), 0, "mistakes are free");
        }
        for _ in 0..16 {
            assert_eq!(guess(&mut lockout, "ADA", HOME, now_ms), 0, "it may be tried when the lock is over");
            let lock_ms = guess(&mut lockout, "ada", HOME, now_ms);
            locks.push(lock_ms / 1_000);
            assert_eq!(guess(&mut lockout, "Ada", HOME, now_ms), lock_ms, "trying while it is locked changes nothing");
            now_ms += lock_ms;
        }
        assert_eq!(locks[..11], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900], "longer each time");
        assert_eq!(locks[15], 900, "up to a quarter of an hour");
        now_ms += LockoutPolicy::default().forgotten_ms;
        assert_eq!(guess(&mut lockout, "Ada", HOME, now_ms), 0, "in the end it is forgotten");
        assert_eq!(guess(&mut lockout, "Ada", HOME, now_ms), 0, "all of it");
    }

    #[test]
    fn a_lock_is_for_one_account_and_one_network() {
        let mut lockout = lockout();
        for number in 0..100 {
            guess(&mut lockout, "Ada", ELSEWHERE, 0);
            guess(&mut lockout, &format!("guess{number}"), ELSEWHERE, 0);
            lockout.failed(ELSEWHERE, 0);
        }
        assert!(guess(&mut lockout, "Ada", ELSEWHERE, 0) > 0, "who has guessed is locked out");
        assert_eq!(guess(&mut lockout, "Ada", HOME, 0), 0, "Ada at home is not");
        assert_eq!(guess(&mut lockout, "Bob", ELSEWHERE, 0), 0, "nor is Bob, who sits beside the one who guessed");
        let neighbour = "2001:db8::1".parse().unwrap();
        for _ in 0..9 {
            guess(&mut lockout, "Ada", neighbour, 0);
        }
        assert!(guess(&mut lockout, "Ada", "2001:db8::2".parse().unwrap(), 0) > 0, "a /64 is one network");
    }

    #[test]
    fn the_right_password_opens_a_locked_account_where_it_was_last() {
        let mut lockout = lockout();
        for _ in 0..20 {
            guess(&mut lockout, "Ada", HOME, 0);
        }
        let attempt = lockout.begin(&name("Ada"), HOME, 0);
        assert!(attempt.locked_ms > 0 && attempt.opens(true), "at home it opens in spite of the lock");
        assert!(!attempt.opens(false), "elsewhere it does not");
        for _ in 0..1_000 {
            guess(&mut lockout, "Ada", HOME, 0);
        }
        assert!(!lockout.begin(&name("Ada"), HOME, 0).opens(true), "guessing there without end does not pay either");
    }

    #[test]
    fn attempts_at_the_same_time_count_before_they_fail() {
        let mut lockout = lockout();
        let tried = (0..12).filter(|_| guess(&mut lockout, "Ada", HOME, 0) == 0).count();
        assert_eq!(tried, 5, "four are free, the fifth locks");
    }

    #[test]
    fn many_may_log_in_from_one_address_at_the_same_time() {
        let mut lockout = lockout();
        for bot in 0..100 {
            assert_eq!(guess(&mut lockout, &format!("bot{bot}"), HOME, 0), 0, "bot {bot} may log in");
        }
    }

    #[test]
    fn a_success_forgives_the_account_there() {
        let mut lockout = lockout();
        for _ in 0..20 {
            guess(&mut lockout, "Ada", HOME, 0);
        }
        lockout.succeeded(&name("Ada"), HOME);
        for _ in 0..5 {
            assert_eq!(guess(&mut lockout, "Ada", HOME, 0), 0, "the next mistakes are free again");
        }
    }

    #[test]
    fn a_network_of_many_failures_is_slowed() {
        let mut lockout = lockout();
        let slowed = (0..15).filter(|_| lockout.failed(HOME, 0)).count();
        assert_eq!(slowed, 5, "ten failures are anybody's");
        assert!(!lockout.failed(ELSEWHERE, 0), "others are not slowed");
        assert!(!lockout.failed(HOME, 15 * 60_000), "and after a while it is forgotten");
    }

    #[test]
    fn memory_is_bounded_however_many_names_are_tried() {
        let mut lockout = Lockout::new(LockoutPolicy { keys_max: 100, ..LockoutPolicy::default() });
        for number in 0..1_000 {
            guess(&mut lockout, &format!("guess{number}"), HOME, 0);
            lockout.failed(IpAddr::from([10, 0, (number / 256) as u8, (number % 256) as u8]), 0);
        }
        assert!(lockout.pairs.len() <= 200 && lockout.networks.len() <= 200, "two generations at most");
    }
}
