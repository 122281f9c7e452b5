//! `[rates]`: how often what may be asked over HTTP.

use std::collections::BTreeMap;

use hypogeum_gateway::{RATED_ROUTES, RateLimit, RateLimits, Route, RouteRates};
use serde::Deserialize;

/// Most of either number: beyond it nothing is limited.
const RATE_MAX: u32 = 1_000_000;
/// Most that an address may be let ask in a minute, if it is limited at all.
const PER_MINUTE_MAX: u16 = 60_000;

/// Routes whose rate has a name of its own: who waits in those lines keeps a place.
const OWN_LINES: [(&str, &str); 5] = [
    ("post_accounts", "register"),
    ("post_login", "login"),
    ("post_refresh", "refresh"),
    ("post_guests", "guests"),
    ("post_connect", "connect"),
];

/// `{ per_s, burst }`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateConfig {
    per_s: u32,
    burst: u32,
}

/// Rates that belong together, by name. What is set beside them counts more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RatesPreset {
    /// Enough for forty players behind one address to come at once.
    #[default]
    Usual,
    /// Those, and sixty requests of one address in any sixty seconds, whatever they ask for.
    SixtyAMinute,
}

/// `[rates]`: what is left out is as the preset has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RatesTable {
    preset: RatesPreset,
    address_per_minute: Option<u16>,
    requests: Option<RateConfig>,
    register: Option<RateConfig>,
    login: Option<RateConfig>,
    refresh: Option<RateConfig>,
    guests: Option<RateConfig>,
    guests_together: Option<RateConfig>,
    connect: Option<RateConfig>,
    reads: Option<RateConfig>,
    account: Option<RateConfig>,
    loopback: Option<RateConfig>,
    loopback_guests: Option<RateConfig>,
    /// By the keys of routes: `get_trades`.
    routes: BTreeMap<String, RateConfig>,
}

impl RateConfig {
    pub(super) fn validate(self) -> Result<(), String> {
        let Self { per_s, burst } = self;
        if (1..=RATE_MAX).contains(&per_s) && (1..=RATE_MAX).contains(&burst) {
            return Ok(());
        }
        Err(format!("found {{ per_s = {per_s}, burst = {burst} }}, expected per_s and burst of 1 to {RATE_MAX}"))
    }

    pub(super) const fn to_limit(self) -> RateLimit {
        RateLimit { per_s: self.per_s, burst: self.burst }
    }
}

impl RatesTable {
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        for (key, rate) in self.rates() {
            rate.map_or(Ok(()), RateConfig::validate).map_err(|problem| (key, problem))?;
        }
        if let Some(most) = self.address_per_minute.filter(|most| *most > PER_MINUTE_MAX) {
            return Err(("address_per_minute", format!("found {most}, expected 0 to {PER_MINUTE_MAX}")));
        }
        for (key, rate) in &self.routes {
            if let Some((_, own)) = OWN_LINES.iter().find(|(route, _)| route == key) {
                return Err(("routes", format!("{key} has a line of its own: set `[rates] {own}` instead")));
            }
            if Route::of_key(key).is_none() {
                let known: Vec<String> = RATED_ROUTES.iter().map(|route| route.key()).collect();
                let near = hypogeum_content::nearest(key, known.iter().map(String::as_str));
                let meant = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
                return Err((
                    "routes",
                    format!("no route has the key {key:?}{meant}, expected one such as get_trades"),
                ));
            }
            rate.validate().map_err(|problem| ("routes", format!("{key}: {problem}")))?;
        }
        Ok(())
    }

    const fn rates(&self) -> [(&'static str, Option<RateConfig>); 11] {
        [
            ("requests", self.requests),
            ("register", self.register),
            ("login", self.login),
            ("refresh", self.refresh),
            ("guests", self.guests),
            ("guests_together", self.guests_together),
            ("connect", self.connect),
            ("reads", self.reads),
            ("account", self.account),
            ("loopback", self.loopback),
            ("loopback_guests", self.loopback_guests),
        ]
    }

    pub(crate) fn to_limits(&self) -> RateLimits {
        let or = |rate: Option<RateConfig>, default: RateLimit| rate.map_or(default, RateConfig::to_limit);
        let default = RateLimits::default();
        let address_per_minute = self.address_per_minute.or(match self.preset {
            RatesPreset::Usual => None,
            RatesPreset::SixtyAMinute => Some(60),
        });
        let routes = self.routes.iter().filter_map(|(key, rate)| Some((Route::of_key(key)?, rate.to_limit())));
        RateLimits {
            // 0 says that it is not limited, also where the preset would.
            address_per_minute: address_per_minute.filter(|most| *most > 0),
            requests: or(self.requests, default.requests),
            register: or(self.register, default.register),
            login: or(self.login, default.login),
            refresh: or(self.refresh, default.refresh),
            guests: or(self.guests, default.guests),
            guests_together: or(self.guests_together, default.guests_together),
            connect: or(self.connect, default.connect),
            reads: or(self.reads, default.reads),
            account: or(self.account, default.account),
            loopback: or(self.loopback, default.loopback),
            loopback_guests: or(self.loopback_guests, default.loopback_guests),
            routes: RouteRates::new(routes.collect()),
        }
    }
}
