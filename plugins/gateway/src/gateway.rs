//! What every request shares.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hypogeum_accounts::{Lockout, TokenKeys};

use crate::admission::Admission;
use crate::config::GatewayConfig;
use crate::connect::ConnectTokens;
use crate::error::ApiError;
use crate::hashing::Hashing;
use crate::rate::{GuestRates, Rates};
use crate::store::GatewayStore;

/// The HTTP edge, ready to serve: see [`Gateway::serve`].
pub struct Gateway<S> {
    pub(crate) config: GatewayConfig,
    pub(crate) store: S,
    pub(crate) keys: TokenKeys,
    pub(crate) tokens: Arc<dyn ConnectTokens>,
    pub(crate) admission: Admission,
    pub(crate) hashing: Hashing,
    lockout: Mutex<Lockout>,
    rates: Mutex<Rates>,
    guest_rates: Mutex<GuestRates>,
    began: Instant,
}

impl<S: GatewayStore> Gateway<S> {
    /// A gateway that keeps everything in `store`, signs with `keys`, hands out `tokens`, and lets nobody in before
    /// `admission` opens.
    pub fn new(
        config: GatewayConfig,
        store: S,
        keys: TokenKeys,
        tokens: Arc<dyn ConnectTokens>,
        admission: Admission,
    ) -> Self {
        Self {
            hashing: Hashing::new(config.hashing_at_once, config.hashing_queue_max),
            lockout: Mutex::new(Lockout::new(config.lockout)),
            rates: Mutex::new(Rates::new(config.rate, config.loopback_rate)),
            guest_rates: Mutex::new(GuestRates::new(
                config.guest_rate,
                config.loopback_guest_rate,
                config.stranger_guest_rate,
            )),
            began: Instant::now(),
            config,
            store,
            keys,
            tokens,
            admission,
        }
    }

    /// Milliseconds since this gateway began: the clock of lockout and rates.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970, for what outlives this process.
    pub(crate) fn now_s() -> Result<u64, ApiError> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| ApiError::Unavailable)?;
        Ok(since.as_secs())
    }

    /// Whether anything may be granted now.
    pub(crate) fn check_grants(&self) -> Result<(), ApiError> {
        if self.admission.is_refusing() { Err(ApiError::TryLater) } else { Ok(()) }
    }

    // A poisoned lock still guards whole counters: a panic elsewhere is no reason to stop counting.
    pub(crate) fn lockout(&self) -> MutexGuard<'_, Lockout> {
        self.lockout.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn check_rate(&self, address: IpAddr) -> Result<(), ApiError> {
        let now_ms = self.now_ms();
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        rates.take(address, now_ms).map_err(|retry_after_ms| ApiError::TooManyRequests { retry_after_ms })
    }

    pub(crate) fn check_guest_rate(&self, address: IpAddr) -> Result<(), ApiError> {
        let now_ms = self.now_ms();
        let mut rates = self.guest_rates.lock().unwrap_or_else(PoisonError::into_inner);
        rates.take(address, now_ms).map_err(|retry_after_ms| ApiError::TooManyRequests { retry_after_ms })
    }
}

impl<S> fmt::Debug for Gateway<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gateway").field("config", &self.config).finish_non_exhaustive()
    }
}
