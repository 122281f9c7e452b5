//! What an operator sets: `config/server.toml`, typed, with the environment over it.
//!
//! `HYPOGEUM_UDP__LISTEN=0.0.0.0:27500` overrides `listen` of `[udp]`: upper case, two underscores between levels.

mod journal;
mod proxies;
mod public;
mod rates;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use hypogeum_gateway::Guests;
use hypogeum_matches::OnDrain;
use hypogeum_protocol::limits;
use hypogeum_sessions::SecondDevice;
use hypogeum_udp::NetConfig;
use serde::Deserialize;

pub(crate) use journal::JournalTable;
pub(crate) use proxies::TrustedProxiesConfig;
pub(crate) use public::PublicAddresses;
pub(crate) use rates::RatesTable;

/// Prefix of the variables that override the file.
const ENVIRONMENT_PREFIX: &str = "HYPOGEUM_";
/// Variables that tests and what they start tell each other: no settings.
fn is_of_tests(name: &str) -> bool {
    name.starts_with("HYPOGEUM_TEST_") || cfg!(debug_assertions) && name == hypogeum_crash::CRASH_AT
}

/// Secrets that stand in documentation or examples: anyone could forge tokens with them.
const SAMPLE_SECRETS: [&str; 2] = ["change-me-change-me-change-me-change-me", "0123456789abcdef0123456789abcdef"];
/// Shortest secret accepted, in bytes: as long as the MAC it keys.
const SECRET_BYTES_MIN: usize = 32;

/// Everything that can be configured; each table and key may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: ServerConfig,
    pub(crate) database: DatabaseConfig,
    pub(crate) journal: JournalTable,
    pub(crate) udp: UdpConfig,
    pub(crate) http: HttpConfig,
    pub(crate) rates: RatesTable,
    pub(crate) auth: AuthConfig,
    pub(crate) log: LogConfig,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    /// Where a server's own files live, and the database where no other is named; made if missing.
    pub(crate) data_dir: PathBuf,
    /// Where the content lives.
    pub(crate) assets_dir: PathBuf,
    /// Steps a second, 10–60.
    pub(crate) tick_hz: u16,
    /// Which server this is: its matches, and the items found in them, carry it in their names.
    pub(crate) number: u16,
    /// Threads that step matches; 0: one for each core.
    pub(crate) step_threads: usize,
    /// How long a match keeps the seat of a lost client.
    pub(crate) linger_s: u32,
    /// How long a place in a queue waits for its lost client.
    pub(crate) queue_linger_s: u32,
    /// How long running matches may go on after a signal to stop.
    pub(crate) drain_s: u32,
    /// What becomes of them then.
    pub(crate) on_stop: OnStopConfig,
    /// How long a match that a crash or a stop has interrupted waits for its players at the next start.
    pub(crate) resume_s: u32,
    /// What becomes of a connection when its account connects a second time.
    pub(crate) second_device: SecondDeviceConfig,
    /// Matches that run at once.
    pub(crate) matches_max: usize,
    /// The seed of every match; without it each draws its own.
    pub(crate) match_seed: Option<u64>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            assets_dir: "assets".into(),
            tick_hz: 30,
            step_threads: 0,
            linger_s: 60,
            queue_linger_s: 10,
            drain_s: 0,
            on_stop: OnStopConfig::Undo,
            resume_s: 10,
            second_device: SecondDeviceConfig::TakesOver,
            number: 0,
            matches_max: 2_500,
            match_seed: None,
        }
    }
}

/// `on_stop` of `[server]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnStopConfig {
    /// They are undone: what was brought into them goes home.
    Undo,
    /// They go on at the next start.
    Suspend,
}

impl From<OnStopConfig> for OnDrain {
    fn from(on_stop: OnStopConfig) -> Self {
        match on_stop {
            OnStopConfig::Undo => Self::Undo,
            OnStopConfig::Suspend => Self::Suspend,
        }
    }
}

/// `second_device` of `[server]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecondDeviceConfig {
    /// The first one ends.
    TakesOver,
    /// The second one is refused while the first one lives.
    IsRefused,
}

impl From<SecondDeviceConfig> for SecondDevice {
    fn from(second: SecondDeviceConfig) -> Self {
        match second {
            SecondDeviceConfig::TakesOver => Self::TakesOver,
            SecondDeviceConfig::IsRefused => Self::IsRefused,
        }
    }
}

/// `[database]`
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DatabaseConfig {
    /// A PostgreSQL database, `postgres://user:password@host:port/name`; without it an SQLite file in `data_dir`.
    pub(crate) url: Option<String>,
    /// Settlements that may wait for a database that is away before no match begins any more.
    pub(crate) settlements_waiting_max: usize,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: None, settlements_waiting_max: 256 }
    }
}

impl std::fmt::Debug for DatabaseConfig {
    /// The URL may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DatabaseConfig")
            .field("url", &self.url.as_ref().map(|_| "…"))
            .field("settlements_waiting_max", &self.settlements_waiting_max)
            .finish()
    }
}

/// `[udp]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UdpConfig {
    /// Where the game listens.
    pub(crate) listen: SocketAddr,
    /// The addresses clients are told; without them the one listened on, or loopback where that is "any".
    pub(crate) public: PublicAddresses,
    /// Most clients at once.
    pub(crate) connections_max: usize,
    /// Threads that share the port, each with a socket of its own; 0: one for every four cores.
    pub(crate) workers: usize,
}

impl Default for UdpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), limits::UDP_PORT_DEFAULT),
            public: PublicAddresses::default(),
            connections_max: 16_384,
            workers: 0,
        }
    }
}

/// `[http]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HttpConfig {
    /// Where accounts and logins are served. TLS belongs to the proxy before it.
    pub(crate) listen: SocketAddr,
    /// Proxies that say who asks, in `X-Forwarded-For` or a PROXY header; what others say counts for nothing.
    pub(crate) trusted_proxies: TrustedProxiesConfig,
    /// Whether they begin each connection with a PROXY header; then nobody else may connect.
    pub(crate) proxy_protocol: bool,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), limits::HTTP_PORT_DEFAULT),
            trusted_proxies: TrustedProxiesConfig::default(),
            proxy_protocol: false,
        }
    }
}

/// `[auth]`
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuthConfig {
    /// Key of access tokens and connect tokens, at least 32 bytes. Without it the first start draws one and keeps it in
    /// `secret.key` of the data directory.
    pub(crate) secret: Option<String>,
    /// Who gets an account without a password.
    pub(crate) guests: GuestsConfig,
}

/// `guests` of `[auth]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GuestsConfig {
    /// Nobody: a guest's account is anybody's who knows its name.
    #[default]
    Nobody,
    /// Whoever asks from this machine.
    Loopback,
    /// Everyone.
    Anyone,
}

impl From<GuestsConfig> for Guests {
    fn from(guests: GuestsConfig) -> Self {
        match guests {
            GuestsConfig::Nobody => Self::Nobody,
            GuestsConfig::Loopback => Self::Loopback,
            GuestsConfig::Anyone => Self::Anyone,
        }
    }
}

impl std::fmt::Debug for AuthConfig {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secret = self.secret.as_ref().map(|_| "…");
        formatter.debug_struct("AuthConfig").field("secret", &secret).field("guests", &self.guests).finish()
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogConfig {
    /// What is logged: a level such as `info`, or targets with a level each (`info,hypogeum_udp=debug`).
    pub(crate) filter: String,
    /// One JSON object a line instead of text.
    pub(crate) json: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Unreadable { path: String, source: std::io::Error },
    /// The file says something wrong; already in the form `file:line:column: …`.
    #[error("{0}")]
    File(String),
    /// A variable says something wrong.
    #[error("environment: {0}")]
    Environment(String),
}

impl Config {
    /// Reads a file, or takes the defaults where there is none, and lays the environment over it.
    ///
    /// # Errors
    /// [`ConfigError`] naming file, line and column, or the variable.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let is_setting = |name: &str| name.starts_with(ENVIRONMENT_PREFIX) && !is_of_tests(name);
        let variables = std::env::vars().filter(|(name, _)| is_setting(name)).collect();
        let Some(path) = path else { return Self::parse("defaults", "", &variables) };
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: name.clone(), source })?;
        Self::parse(&name, &text, &variables)
    }

    fn parse(name: &str, text: &str, variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        // The file alone first: only then do errors know their line.
        let alone: Self = toml::from_str(text).map_err(|error| ConfigError::File(located(name, text, &error)))?;
        alone.validate().map_err(|(key, problem)| {
            let (line, column) = position(text, key_offset(text, key));
            ConfigError::File(format!("{name}:{line}:{column}: {key}: {problem}"))
        })?;
        if variables.is_empty() {
            return Ok(alone);
        }
        let mut table: toml::Table = toml::from_str(text).map_err(|error| ConfigError::File(error.to_string()))?;
        for (variable, value) in variables {
            overlay(&mut table, variable, value);
        }
        let config = Self::deserialize(toml::Value::Table(table))
            .map_err(|error| ConfigError::Environment(wrong_variable(text, variables, error.message())))?;
        config.validate().map_err(|(key, problem)| ConfigError::Environment(format!("{key}: {problem}")))?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), (&'static str, String)> {
        let server = &self.server;
        if !(10..=60).contains(&server.tick_hz) {
            return Err(("tick_hz", format!("found {}, expected 10 to 60", server.tick_hz)));
        }
        if server.step_threads > 64 {
            return Err(("step_threads", format!("found {}, expected 0 to 64", server.step_threads)));
        }
        if server.linger_s > 3_600 {
            return Err(("linger_s", format!("found {}, expected 0 to 3600", server.linger_s)));
        }
        if server.queue_linger_s > 600 {
            return Err(("queue_linger_s", format!("found {}, expected 0 to 600", server.queue_linger_s)));
        }
        if !(1..=100_000).contains(&server.matches_max) {
            return Err(("matches_max", format!("found {}, expected 1 to 100000", server.matches_max)));
        }
        if server.drain_s > 3_600 {
            return Err(("drain_s", format!("found {}, expected 0 to 3600", server.drain_s)));
        }
        if server.resume_s > 3_600 {
            return Err(("resume_s", format!("found {}, expected 0 to 3600", server.resume_s)));
        }
        self.journal.validate()?;
        self.rates.validate()?;
        if self.http.proxy_protocol && !self.http.trusted_proxies.names_any() {
            return Err(("proxy_protocol", "found no trusted_proxies, and nobody else may connect then".to_owned()));
        }
        let waiting_max = self.database.settlements_waiting_max;
        if !(1..=65_536).contains(&waiting_max) {
            return Err(("settlements_waiting_max", format!("found {waiting_max}, expected 1 to 65536")));
        }
        if let Some(url) = &self.database.url
            && !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
        {
            // What was found is not said: it may hold a password.
            return Err(("url", "expected a URL that begins with postgres:// or postgresql://".to_owned()));
        }
        if !(1..=65_536).contains(&self.udp.connections_max) {
            return Err(("connections_max", format!("found {}, expected 1 to 65536", self.udp.connections_max)));
        }
        if self.udp.workers > NetConfig::WORKERS_MAX {
            return Err(("workers", format!("found {}, expected 0 to {}", self.udp.workers, NetConfig::WORKERS_MAX)));
        }
        crate::log::check_filter(&self.log.filter).map_err(|problem| ("filter", problem))?;
        if let Some(secret) = &self.auth.secret {
            if secret.len() < SECRET_BYTES_MIN {
                return Err((
                    "secret",
                    format!(
                        "found {} bytes, expected at least {SECRET_BYTES_MIN}: `openssl rand -hex 32` makes one",
                        secret.len()
                    ),
                ));
            }
            if SAMPLE_SECRETS.contains(&secret.as_str()) {
                return Err(("secret", "found the one of the examples, expected one of your own".to_owned()));
            }
        }
        Ok(())
    }
}

fn located(name: &str, text: &str, error: &toml::de::Error) -> String {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let message = error.message().replace('\n', ", ").replace("unknown variant", "unknown value");
    let hint = meant(&message).map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    format!("{name}:{line}:{column}: {message}{hint}")
}

/// The words in backticks of a message about an unknown one, the unknown one first.
fn words_of(message: &str) -> Vec<&str> {
    if !message.contains("unknown") { Vec::new() } else { message.split('`').skip(1).step_by(2).collect() }
}

/// What was probably meant by a word that is not known.
fn meant(message: &str) -> Option<&str> {
    let words = words_of(message);
    let (found, expected) = words.split_first()?;
    hypogeum_content::nearest(found, expected.iter().copied())
}

/// The variable that was probably meant by one that is not known.
fn meant_variable(variable: &str, message: &str) -> Option<String> {
    let name = variable[ENVIRONMENT_PREFIX.len()..].to_lowercase();
    let is_of = |section: &&&str| name.strip_prefix(**section).is_some_and(|rest| rest.starts_with('_'));
    if !name.contains("__")
        && let Some(section) = words_of(message).iter().find(is_of)
    {
        let (section, key) = (section.to_uppercase(), name[section.len() + 1..].to_uppercase());
        return Some(format!("{ENVIRONMENT_PREFIX}{section}__{key} (two underscores)"));
    }
    let near = meant(message)?.to_uppercase();
    let sections =
        variable.rsplit_once("__").map_or(ENVIRONMENT_PREFIX.to_owned(), |(before, _)| format!("{before}__"));
    Some(format!("{sections}{near}"))
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}

fn key_offset(text: &str, key: &str) -> usize {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return offset + line.len() - trimmed.len();
        }
        offset += line.len();
    }
    0
}

fn overlay(table: &mut toml::Table, variable: &str, value: &str) {
    let path = variable[ENVIRONMENT_PREFIX.len()..].to_lowercase();
    let mut steps: Vec<&str> = path.split("__").collect();
    let Some(last) = steps.pop() else { return };
    let mut place = table;
    for step in steps {
        let next = place.entry(step).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let toml::Value::Table(inner) = next else { return };
        place = inner;
    }
    // A number or a truth value is one; anything else is text, quotes or not.
    let parsed = toml::from_str::<toml::Table>(&format!("value = {value}"));
    let value = match parsed.ok().and_then(|mut table| table.remove("value")) {
        Some(
            value
            @ (toml::Value::Integer(_) | toml::Value::Boolean(_) | toml::Value::String(_) | toml::Value::Array(_)),
        ) => value,
        _ => toml::Value::String(value.to_owned()),
    };
    place.insert(last.to_owned(), value);
}

/// Which variable does not fit, and why: the first that is refused when it is laid over the file alone.
fn wrong_variable(text: &str, variables: &BTreeMap<String, String>, all: &str) -> String {
    for (variable, value) in variables {
        let mut table: toml::Table = toml::from_str(text).unwrap_or_default();
        overlay(&mut table, variable, value);
        if let Err(error) = Config::deserialize(toml::Value::Table(table)) {
            // Secrets and passwords are not repeated.
            let is_secret = variable.contains("AUTH") || variable.contains("DATABASE");
            let value = if is_secret { "…" } else { value };
            let message = error.message().replace("unknown variant", "unknown value");
            return match meant_variable(variable, &message) {
                Some(near) => format!("{variable}={value}: unknown, did you mean {near}?"),
                None => format!("{variable}={value}: {message}"),
            };
        }
    }
    all.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, variables: &[(&str, &str)]) -> String {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::parse("server.toml", text, &variables).expect_err("this configuration is wrong").to_string()
    }

    #[test]
    fn nothing_configured_means_the_defaults() {
        let config = Config::parse("server.toml", "", &BTreeMap::new()).expect("an empty file is a good one");
        assert_eq!(config.udp.listen.port(), 27_500, "the game's port");
        assert_eq!(config.http.listen.port(), 27_580, "the port of HTTP");
        assert_eq!(config.auth.guests, GuestsConfig::Nobody, "nobody comes in without a password");
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let variables = [("HYPOGEUM_UDP__LISTEN", "127.0.0.1:9"), ("HYPOGEUM_SERVER__TICK_HZ", "20")];
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = Config::parse("server.toml", "[server]\ntick_hz = 60", &variables).expect("both are good");
        assert_eq!((config.udp.listen.port(), config.server.tick_hz), (9, 20), "the environment wins");
    }

    #[test]
    fn mistakes_name_their_place() {
        assert!(refused("[udp]\nlisen = 1", &[]).starts_with("server.toml:2:1: unknown field `lisen`"));
        assert_eq!(
            refused("[server]\n  tick_hz = 90", &[]),
            "server.toml:2:3: tick_hz: found 90, expected 10 to 60",
            "a range error names field, value and range"
        );
        assert!(refused("[server]\ntick_hz = \"x\"", &[]).starts_with("server.toml:2:11: invalid type"));
        assert!(refused("[server", &[]).starts_with("server.toml:1:8:"), "a syntax error has a place too");
        assert!(refused("[auth]\nsecret = \"short\"", &[]).contains("expected at least 32"));
        let guests = refused("[auth]\nguests = \"all\"", &[]);
        assert!(guests.starts_with("server.toml:2:10: unknown value `all`"), "and what is possible: {guests}");
        let filter = refused("[log]\n filter = \"inof\"", &[]);
        assert!(filter.starts_with("server.toml:2:2: filter: found \"inof\"") && filter.ends_with("mean `info`?"));
        assert!(refused("", &[("HYPOGEUM_UDP__PORT", "1")]).contains("HYPOGEUM_UDP__PORT"));
        let near = refused("[udp]\nlisen = 1", &[]);
        assert!(near.ends_with("(did you mean `listen`?)"), "and what was probably meant: {near}");
        let one_underscore = refused("", &[("HYPOGEUM_SERVER_TICK_HZ", "20"), ("HYPOGEUM_UDP__WORKERS", "1")]);
        let expected = "environment: HYPOGEUM_SERVER_TICK_HZ=20: unknown, did you mean HYPOGEUM_SERVER__TICK_HZ (two underscores)?";
        assert_eq!(one_underscore, expected, "the wrong variable alone is named");
        let slip = refused("", &[("HYPOGEUM_SERVER__TIK_HZ", "20")]);
        assert!(slip.ends_with("did you mean HYPOGEUM_SERVER__TICK_HZ?"), "{slip}");
    }

    #[test]
    fn a_database_is_a_postgres_url_and_its_password_is_never_printed() {
        let mistake = refused("[database]\n url = \"mysql://ada:sesame@host/db\"", &[]);
        assert_eq!(mistake, "server.toml:2:2: url: expected a URL that begins with postgres:// or postgresql://");
        let config =
            Config::parse("server.toml", "[database]\nurl = \"postgres://ada:sesame@host/db\"", &BTreeMap::new())
                .expect("a URL of PostgreSQL is a good one");
        assert!(!format!("{config:?}").contains("sesame"), "debug output shows the password");
    }

    #[test]
    fn proxies_and_rates_are_checked_at_the_start() {
        let wrong = refused("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"nginx\"]", &[]);
        assert!(wrong.starts_with("server.toml:2:19: `nginx` is neither an address nor a network"), "{wrong}");
        let alone = refused("[http]\nproxy_protocol = true", &[]);
        assert!(alone.starts_with("server.toml:2:1: proxy_protocol: found no trusted_proxies"), "{alone}");
        let none = refused("[rates]\nlogin = { per_s = 0, burst = 5 }", &[]);
        assert!(none.starts_with("server.toml:2:1: login: found { per_s = 0, burst = 5 }, expected"), "{none}");
        let half = refused("[rates]\nlogin = { per_s = 1 }", &[]);
        assert!(half.contains("missing field `burst`"), "half a rate is none: {half}");
        let text = "[http]\ntrusted_proxies = [\"127.0.0.1\", \"2001:db8::/32\"]\nproxy_protocol = true\n\
                    [rates]\nlogin = { per_s = 7, burst = 9 }";
        let config = Config::parse("server.toml", text, &BTreeMap::new()).expect("all of it is good");
        assert!(config.http.trusted_proxies.to_proxies().include("2001:db8::9".parse().expect("an address")), "in it");
        let limits = config.rates.to_limits();
        assert_eq!((limits.login.per_s, limits.login.burst), (7, 9), "what is set is set");
        assert_eq!(limits.register, hypogeum_gateway::RateLimits::default().register, "the rest is as ever");
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Some("a secret that nobody should ever see in a log".to_owned());
        let config = AuthConfig { secret, ..AuthConfig::default() };
        assert!(!format!("{config:?}").contains("should ever see"), "debug output shows the secret");
    }
}
