//! `[database]`

use serde::Deserialize;

/// Where accounts and what they own are kept.
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

impl DatabaseConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        let waiting_max = self.settlements_waiting_max;
        if !(1..=65_536).contains(&waiting_max) {
            return Err(("settlements_waiting_max", format!("found {waiting_max}, expected 1 to 65536")));
        }
        if let Some(url) = &self.url
            && !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
        {
            // What was found is not said: it may hold a password.
            return Err(("url", "expected a URL that begins with postgres:// or postgresql://".to_owned()));
        }
        Ok(())
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
