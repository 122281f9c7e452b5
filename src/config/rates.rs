//! `[rates]`: how often what may be asked over HTTP.

use hypogeum_gateway::{RateLimit, RateLimits};
use serde::Deserialize;

/// Most of either number: beyond it nothing is limited.
const RATE_MAX: u32 = 1_000_000;

/// `{ per_s, burst }`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateConfig {
    per_s: u32,
    burst: u32,
}

/// `[rates]`: what is left out is as it is by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RatesTable {
    requests: Option<RateConfig>,
    register: Option<RateConfig>,
    login: Option<RateConfig>,
    refresh: Option<RateConfig>,
    guests: Option<RateConfig>,
    guests_together: Option<RateConfig>,
    connect: Option<RateConfig>,
    account: Option<RateConfig>,
}

impl RatesTable {
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        for (key, rate) in self.rates() {
            if let Some(RateConfig { per_s, burst }) = rate
                && !((1..=RATE_MAX).contains(per_s) && (1..=RATE_MAX).contains(burst))
            {
                let expected = format!("expected per_s and burst of 1 to {RATE_MAX}");
                return Err((key, format!("found {{ per_s = {per_s}, burst = {burst} }}, {expected}")));
            }
        }
        Ok(())
    }

    const fn rates(&self) -> [(&'static str, &Option<RateConfig>); 8] {
        [
            ("requests", &self.requests),
            ("register", &self.register),
            ("login", &self.login),
            ("refresh", &self.refresh),
            ("guests", &self.guests),
            ("guests_together", &self.guests_together),
            ("connect", &self.connect),
            ("account", &self.account),
        ]
    }

    pub(crate) fn to_limits(&self) -> RateLimits {
        let or = |rate: Option<RateConfig>, default: RateLimit| {
            rate.map_or(default, |RateConfig { per_s, burst }| RateLimit { per_s, burst })
        };
        let default = RateLimits::default();
        RateLimits {
            requests: or(self.requests, default.requests),
            register: or(self.register, default.register),
            login: or(self.login, default.login),
            refresh: or(self.refresh, default.refresh),
            guests: or(self.guests, default.guests),
            guests_together: or(self.guests_together, default.guests_together),
            connect: or(self.connect, default.connect),
            account: or(self.account, default.account),
            ..default
        }
    }
}
