//! What an operator sets: `config/server.toml`, typed, with the environment over it. One file for each table of it.
//!
//! `HYPOGEUM_UDP__LISTEN=0.0.0.0:27500` overrides `listen` of `[udp]`: upper case, two underscores between levels.

mod auth;
mod chat;
mod database;
mod environment;
mod http;
mod journal;
mod log;
mod party;
mod place;
mod proxies;
mod public;
mod rates;
mod server;
mod telnet;
mod tls;
mod udp;
mod websocket;
mod world;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use place::{key_offset, located, position};

pub(crate) use auth::AuthConfig;
pub(crate) use chat::ChatTable;
pub(crate) use database::DatabaseConfig;
pub(crate) use http::HttpConfig;
pub(crate) use journal::JournalTable;
pub(crate) use log::LogConfig;
pub(crate) use party::PartyTable;
pub(crate) use proxies::TrustedProxiesConfig;
pub(crate) use public::PublicAddresses;
pub(crate) use rates::RatesTable;
pub(crate) use server::ServerConfig;
pub(crate) use telnet::TelnetTable;
pub(crate) use tls::TlsTable;
pub(crate) use udp::UdpConfig;
pub(crate) use websocket::WebSocketTable;
pub(crate) use world::WorldConfig;

/// Everything that can be configured; each table and key may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: ServerConfig,
    pub(crate) database: DatabaseConfig,
    pub(crate) journal: JournalTable,
    pub(crate) udp: UdpConfig,
    pub(crate) http: HttpConfig,
    pub(crate) tls: TlsTable,
    pub(crate) websocket: WebSocketTable,
    pub(crate) telnet: TelnetTable,
    pub(crate) rates: RatesTable,
    pub(crate) auth: AuthConfig,
    pub(crate) log: LogConfig,
    pub(crate) world: WorldConfig,
    pub(crate) chat: ChatTable,
    pub(crate) party: PartyTable,
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
    /// Each says something good, and not together.
    #[error("{name}: {problem}")]
    Together { name: String, problem: String },
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
        let variables = environment::variables();
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
            return alone.together(name);
        }
        let mut table: toml::Table = toml::from_str(text).map_err(|error| ConfigError::File(error.to_string()))?;
        for (variable, value) in variables {
            environment::overlay(&mut table, variable, value);
        }
        let config = Self::deserialize(toml::Value::Table(table))
            .map_err(|error| ConfigError::Environment(environment::wrong_variable(text, variables, error.message())))?;
        config.validate().map_err(|(key, problem)| ConfigError::Environment(format!("{key}: {problem}")))?;
        config.together(name)
    }

    /// Checks what a file and the environment may say between them, whatever each of them says alone.
    fn together(self, name: &str) -> Result<Self, ConfigError> {
        let checked = self.tls.validate_with(self.http.listen, self.http.plaintext);
        let checked = checked.and_then(|()| self.telnet.validate_with(self.tls.is_on()));
        checked.map_err(|problem| ConfigError::Together { name: name.to_owned(), problem })?;
        Ok(self)
    }

    /// Checks what types cannot. An error is a key and what is wrong with its value.
    fn validate(&self) -> Result<(), (&'static str, String)> {
        self.server.validate()?;
        self.journal.validate()?;
        self.rates.validate()?;
        self.chat.validate()?;
        self.party.validate()?;
        self.http.validate()?;
        self.tls.validate()?;
        self.websocket.validate()?;
        self.telnet.validate()?;
        self.database.validate()?;
        self.udp.validate()?;
        self.log.validate()?;
        self.auth.validate()
    }
}
